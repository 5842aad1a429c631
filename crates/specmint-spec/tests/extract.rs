//! Which blocks of which pages are specifications, and what is said about the others.
#![expect(
    clippy::print_stdout,
    reason = "what was measured on the corpus is for people"
)]

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};
use specmint_spec::{
    diag::{Diagnostics, Severity, render},
    extract::{
        self,
        fence::{self, Piece},
    },
    page::{Page, PageId, Sources},
};

/// Files below a folder, sorted.
#[expect(clippy::disallowed_methods, reason = "tests read their fixtures")]
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[expect(clippy::disallowed_methods, reason = "tests read their fixtures")]
fn page(path: &Path, id: &str) -> Page {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    Page {
        id: PageId(id.to_owned()),
        text,
    }
}

/// The corpus, where one is at hand.
#[expect(
    clippy::disallowed_methods,
    reason = "the corpus is named by the environment"
)]
fn corpus() -> Option<PathBuf> {
    let corpus = std::env::var_os("SPECMINT_CORPUS").map(PathBuf::from);
    if corpus.is_none() {
        println!("skipped: SPECMINT_CORPUS is not set");
    }
    corpus
}

/// Everything there is to see of a page: its fragments, then what is said.
fn seen(sources: &Sources) -> String {
    let mut diags = Diagnostics::default();
    let mut text = String::new();
    for mut fragment in extract::fragments(sources, &mut diags) {
        let at = sources.locate(fragment.span).unwrap();
        let root = serde_json::to_string(fragment.whole()).unwrap();
        writeln!(
            text,
            "{at} {:?}\n{:?}\n{:?}\n{root}\n",
            fragment.form, fragment.info, fragment.prose
        )
        .unwrap();
    }
    text + &render::plain(&diags, sources)
}

#[test]
fn fixtures() {
    insta::glob!("extract/*", |path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        insta::assert_snapshot!(seen(&Sources::new(vec![page(path, name)])));
    });
}

/// A look-alike costs a good page nothing, and is not passed over in silence.
#[test]
fn look_alikes_beside_a_good_page_are_warnings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/extract");
    for name in [
        "async_api.md",
        "apidog.md",
        "swagger_block.md",
        "openapi_3_2.md",
        "html.md",
        "llms-full.txt",
    ] {
        let good = page(&folder.join("three_backticks.md"), "good.md");
        let sources = Sources::new(vec![good, page(&folder.join(name), name)]);
        let mut diags = Diagnostics::default();
        assert_eq!(extract::fragments(&sources, &mut diags).len(), 1, "{name}");
        let severities: Vec<_> = diags.iter().map(|d| d.severity).collect();
        assert_eq!(severities, [Severity::Warning], "{name}");
    }
}

/// A page cut anywhere is an error, a guide (nothing is left of the block), or whole: never a
/// smaller specification.
#[test]
fn a_page_cut_short_is_never_a_smaller_specification() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/extract");
    for name in ["openapi_form.md", "endpoint_form.md", "json_block.md"] {
        let whole = page(&folder.join(name), name);
        let sources = Sources::new(vec![whole.clone()]);
        let mut all = extract::fragments(&sources, &mut Diagnostics::default());
        for at in (0..whole.text.len()).filter(|at| whole.text.is_char_boundary(*at)) {
            let cut = Page {
                text: whole.text[..at].to_owned(),
                ..whole.clone()
            };
            let mut diags = Diagnostics::default();
            let mut found = extract::fragments(&Sources::new(vec![cut]), &mut diags);
            if found.is_empty() {
                assert!(
                    diags.gate().is_err(),
                    "{name} cut at {at} is lost in silence"
                );
            } else {
                assert_eq!(found[0].whole(), all[0].whole(), "{name} cut at {at}");
            }
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test measures time")]
fn pathological_pages_take_no_time() {
    let size = 4 << 20;
    for text in [
        "[",
        "`",
        "```\n",
        "> ",
        "# ",
        "~~~",
        "<div>",
        "## OpenAPI\n",
        "---\n",
        "$ref",
    ] {
        let sources = Sources::new(vec![Page {
            id: PageId("page.md".to_owned()),
            text: text.repeat(size / text.len()),
        }]);
        let start = Instant::now();
        let mut diags = Diagnostics::default();
        extract::fragments(&sources, &mut diags);
        let took = start.elapsed();
        assert!(diags.gate().is_err());
        // 200 ms are promised for an optimized build.
        assert!(took < Duration::from_secs(4), "{text:?} took {took:?}");
    }
}

/// Fenced blocks at column 0 that a Markdown parser finds: opening line, info, body.
fn by_parser(text: &str) -> Vec<(usize, String, String)> {
    let mut blocks = Vec::new();
    let mut open = None;
    for (event, range) in pulldown_cmark::Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let closed = text[range.clone()].trim_end().lines().count() > 1;
                let column = range.start - text[..range.start].rfind('\n').map_or(0, |at| at + 1);
                let line = text[..range.start].matches('\n').count() + 1;
                open =
                    (column == 0 && closed).then(|| (line, info.trim().to_owned(), String::new()));
            }
            Event::Text(text) => {
                if let Some((.., body)) = &mut open {
                    body.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            _ => {}
        }
    }
    blocks
}

/// The same by our scanner.
fn by_scanner(text: &str) -> Vec<(usize, String, String)> {
    fence::pieces(text)
        .filter_map(|piece| match piece {
            Piece::Fence(fence) if fence.closed => Some((
                fence.line as usize,
                fence.info.to_owned(),
                fence.body.to_owned(),
            )),
            _ => None,
        })
        .collect()
}

/// The scanner and a Markdown parser agree on ordinary pages. `jsx.md` is none: there the parser
/// misses the block, which is why there is a scanner.
#[test]
fn the_scanner_agrees_with_a_markdown_parser() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/extract");
    let mut blocks = 0;
    for path in files(&folder) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.extension().unwrap() != "md" || name == "jsx.md" || name.starts_with("unclosed") {
            continue;
        }
        let text = page(&path, &name).text;
        assert_eq!(by_scanner(&text), by_parser(&text), "{name}");
        blocks += by_scanner(&text).len();
    }
    assert!(blocks > 20, "{blocks} blocks compared");
    let text = page(&folder.join("jsx.md"), "jsx.md").text;
    assert_eq!(by_scanner(&text).len(), 1);
}

#[test]
fn the_scanner_agrees_on_the_corpus() {
    let Some(corpus) = corpus() else { return };
    let (mut agreed, mut differ) = (0, Vec::new());
    for path in files(&corpus.join("pages")) {
        let text = page(&path, "page.md").text;
        let is_specification = |(_, info, _): &(usize, String, String)| info.contains(" /");
        let ours: Vec<_> = by_scanner(&text)
            .into_iter()
            .filter(is_specification)
            .collect();
        let theirs: Vec<_> = by_parser(&text)
            .into_iter()
            .filter(is_specification)
            .collect();
        if ours == theirs {
            agreed += 1;
        } else {
            differ.push(path);
        }
    }
    println!("{agreed} pages agree");
    assert!(differ.is_empty(), "{differ:#?}");
}

#[test]
fn corpus_pages() {
    let Some(corpus) = corpus() else { return };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = |what: String| *counts.entry(what).or_default() += 1;
    for path in files(&corpus.join("pages")) {
        let id = path
            .strip_prefix(&corpus)
            .unwrap()
            .to_string_lossy()
            .into_owned();
        let sources = Sources::new(vec![page(&path, &id)]);
        let mut diags = Diagnostics::default();
        let fragments = extract::fragments(&sources, &mut diags);
        let read = diags.gate().is_ok();
        assert_eq!(
            read,
            !fragments.is_empty(),
            "{id}: {}",
            render::plain(&diags, &sources)
        );
        let headings = sources.iter().flat_map(|(_, page)| page.text.lines());
        let headings = headings.filter(|line| *line == "## OpenAPI").count();
        assert_eq!(fragments.len(), headings, "{id}");
        assert!(
            fragments.is_empty() || !id.starts_with("pages/negative/"),
            "{id}"
        );
        count(format!("page, {}", if read { "read" } else { "refused" }));
        for diagnostic in diags.iter() {
            count(format!(
                "{} {}",
                diagnostic.severity.as_str(),
                diagnostic.code
            ));
        }
        for fragment in fragments {
            count(format!("fragment {:?}", fragment.form));
            count(format!("titled {}", fragment.prose.title.is_some()));
            assert!(fragment.info.method.is_some(), "{id}");
        }
    }
    println!("{counts:#?}");
}

#[test]
fn corpus_documents() {
    let Some(corpus) = corpus() else { return };
    let (mut read, mut bytes) = (0, 0);
    for path in files(&corpus.join("specs")) {
        let id = path.file_name().unwrap().to_string_lossy().into_owned();
        let sources = Sources::new(vec![page(&path, &id)]);
        let mut diags = Diagnostics::default();
        let fragments = extract::fragments(&sources, &mut diags);
        let said = render::plain(&diags, &sources);
        assert_eq!(
            fragments.len(),
            usize::from(!id.ends_with("32.yaml")),
            "{id}: {said}"
        );
        read += fragments.len();
        bytes += sources
            .iter()
            .map(|(_, page)| page.text.len())
            .sum::<usize>();
    }
    println!("{read} documents of {bytes} bytes read");
}
