//! What reading pages costs beside its parser, and what when one of them has changed.

use std::{
    env, fs,
    hint::black_box,
    path::PathBuf,
    time::{Duration, Instant},
};

use specmint_spec::{diag::Diagnostics, extract, page::Sources};

#[path = "../../../crates/specmint-spec/benches/reading/site.rs"]
mod site;

/// Pages of the site that is written for this.
const PAGES: usize = 300;
/// How often each thing is done, taking turns; the median counts.
pub(crate) const RUNS: usize = 25;

/// What a site took.
pub(crate) struct Took {
    pub(crate) name: &'static str,
    pub(crate) pages: usize,
    /// Bytes between the fences of specifications.
    pub(crate) bytes: usize,
    /// The YAML parser's events alone, over those bytes, on one thread.
    pub(crate) parser: Duration,
    /// Pages to lowered document.
    pub(crate) cold: Duration,
    /// The same, when the same pages but one were read just before.
    pub(crate) changed: Duration,
    /// Finding and parsing the blocks, a part of `cold`.
    pub(crate) extract: Duration,
}

/// Measures a site written here and the largest folder of a corpus (`SPECMINT_CORPUS`).
pub(crate) fn measure() -> Vec<Took> {
    let sites = [
        ("written", Some(site::written(PAGES))),
        ("largest of the corpus", corpus()),
    ];
    sites
        .into_iter()
        .filter_map(|(name, sources)| Some(took(name, &sources?)))
        .collect()
}

fn corpus() -> Option<Sources> {
    let pages = PathBuf::from(env::var_os("SPECMINT_CORPUS")?).join("pages");
    let folders = fs::read_dir(pages).ok()?.flatten();
    site::largest(folders.map(|folder| folder.path()))
}

fn took(name: &'static str, sources: &Sources) -> Took {
    let other = changed(sources);
    let mut times: [Vec<Duration>; 4] = Default::default();
    for _ in 0..RUNS {
        let [parser, cold, changed, extract] = &mut times;
        parser.push(time(|| site::parse(sources)));
        cold.push(time(|| site::read(sources)));
        changed.push(time(|| site::read(&other)));
        extract.push(time(|| {
            extract::fragments(sources, &mut Diagnostics::default())
        }));
    }
    let [parser, cold, changed, extract] = times.map(|mut times| {
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    });
    Took {
        name,
        pages: sources.len(),
        bytes: site::blocks(sources).map(str::len).sum(),
        parser,
        cold,
        changed,
        extract,
    }
}

/// How long something takes; giving its result back does not count.
fn time<T>(run: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let result = black_box(run());
    let time = start.elapsed();
    drop(result);
    time
}

/// The same pages, one of them with other words in front.
fn changed(sources: &Sources) -> Sources {
    let mut pages: Vec<_> = sources.iter().map(|(_, page)| page.clone()).collect();
    let middle = pages.len() / 2;
    if let Some(page) = pages.get_mut(middle) {
        page.text.push_str("\nMore words.\n");
    }
    Sources::new(pages)
}
