//! What reading costs beside its parser: pages → lowered document, against the YAML parser alone
//! over the same fenced bytes.
//!
//! The pages are written here: a site in the form that is served today, whose every page carries
//! its own copy of the components it refers to. Where `SPECMINT_CORPUS` names a corpus, the largest
//! folder of its pages is measured as well.
#![expect(missing_docs, reason = "`criterion_group!` writes a function without")]

#[path = "reading/site.rs"]
mod site;

use std::{env, path::PathBuf};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use specmint_spec::page::Sources;

#[expect(
    clippy::disallowed_methods,
    reason = "the corpus is named by the environment"
)]
fn corpus() -> Option<Sources> {
    let pages = PathBuf::from(env::var_os("SPECMINT_CORPUS")?).join("pages");
    let folders = std::fs::read_dir(pages).ok()?.flatten();
    site::largest(folders.map(|folder| folder.path()))
}

fn reading(criterion: &mut Criterion) {
    let sites = [("written", Some(site::written(320))), ("corpus", corpus())];
    for (name, sources) in sites {
        let Some(sources) = sources else { continue };
        let bytes: usize = site::blocks(&sources).map(str::len).sum();
        let mut group = criterion.benchmark_group(name);
        group
            .throughput(Throughput::Bytes(bytes as u64))
            .sample_size(20);
        group.bench_function("parser alone", |bencher| {
            bencher.iter(|| site::parse(&sources));
        });
        group.bench_function("pages to lowered", |bencher| {
            // Giving the result back is not part of reading.
            bencher.iter_with_large_drop(|| site::read(&sources));
        });
        group.finish();
    }
}

criterion_group!(benches, reading);
criterion_main!(benches);
