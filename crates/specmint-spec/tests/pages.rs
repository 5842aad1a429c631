//! Pages → document: one fixture for each behaviour of reading the forms and of merging.
//!
//! A fixture says why in its prose; behind each `<!-- page: NAME -->` stands a page. The snapshot
//! is what was said, and the document.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use specmint_spec::{
    api::Api,
    diag::{Diagnostics, render},
    document::Document,
    extract, merge, normalize,
    page::{Page, PageId, Sources},
};

/// The pages of a fixture.
fn pages(text: &str) -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    for line in text.lines() {
        let marker = line
            .strip_prefix("<!-- page: ")
            .and_then(|rest| rest.strip_suffix(" -->"));
        if let Some(name) = marker {
            pages.push(Page {
                id: PageId(name.to_owned()),
                text: String::new(),
            });
        } else if let Some(page) = pages.last_mut() {
            page.text.push_str(line);
            page.text.push('\n');
        }
    }
    assert!(!pages.is_empty(), "the fixture has no `<!-- page: … -->`");
    pages
}

fn api() -> Api {
    Api {
        name: "acme".to_owned(),
        ..Api::default()
    }
}

/// The stages up to the document, with the fragments in the order that the caller wants.
fn read(sources: &Sources, reversed: bool, diags: &mut Diagnostics) -> Option<Document> {
    let mut fragments = extract::fragments(sources, diags);
    if reversed {
        fragments.reverse();
    }
    diags.gate().ok()?;
    let mut fragments = normalize::fragments(fragments, sources, diags);
    if reversed {
        fragments.reverse();
    }
    diags.gate().ok()?;
    let document = merge::document(fragments, sources, &api(), diags);
    diags.gate().ok()?;
    Some(document)
}

fn shown(sources: &Sources, reversed: bool) -> String {
    let mut diags = Diagnostics::default();
    let document = read(sources, reversed, &mut diags);
    let mut text = render::plain(&diags, sources);
    if let Some(document) = document {
        text.push_str("---\n");
        text.push_str(&serde_yaml::to_string(&document.root).unwrap());
        for (key, origin) in &document.operations {
            let place = sources.locate(origin.span).unwrap_or_default();
            writeln!(text, "# {} {} at {place}", key.method, key.path).unwrap();
        }
    }
    text
}

#[expect(clippy::disallowed_methods, reason = "tests read their fixtures")]
fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "tests read their fixtures")]
fn fixtures() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(!paths.is_empty(), "there are fixtures");
    paths
}

#[test]
fn every_page_reads_as_its_snapshot_says() {
    insta::glob!("pages/*.md", |path| {
        let sources = Sources::new(pages(&text(path)));
        insta::assert_snapshot!(shown(&sources, false));
    });
}

/// Neither the order of pages nor that of fragments shows in the result.
#[test]
fn no_order_shows() {
    for path in &fixtures() {
        let mut pages = pages(&text(path));
        let expected = shown(&Sources::new(pages.clone()), false);
        pages.reverse();
        assert_eq!(
            expected,
            shown(&Sources::new(pages), true),
            "{}",
            path.display()
        );
    }
}

/// Every `$ref` of a document leads somewhere within it, whatever the pages were.
#[test]
fn no_reference_dangles() {
    for path in &fixtures() {
        let sources = Sources::new(pages(&text(path)));
        let Some(document) = read(&sources, false, &mut Diagnostics::default()) else {
            continue;
        };
        let yaml = serde_yaml::to_string(&document.root).unwrap();
        for line in yaml.lines() {
            let Some((_, reference)) = line.split_once("$ref: '#") else {
                continue;
            };
            let pointer = reference.trim_end_matches('\'');
            // The one example that holds `$ref` as data.
            if pointer != "/nowhere" {
                assert!(
                    document.root.pointer(pointer).is_some(),
                    "{}: {pointer}",
                    path.display()
                );
            }
        }
    }
}

/// The embedded APIs' pages amount to the documents that people wrote by hand.
#[test]
fn seeds_amount_to_their_originals() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let originals = root.join("tests/originals");
    let mut count = 0;
    #[expect(clippy::disallowed_methods, reason = "tests read their fixtures")]
    for entry in fs::read_dir(originals).unwrap() {
        let original = entry.unwrap().path();
        let name = original.file_stem().unwrap().to_string_lossy().into_owned();
        let mut found = Vec::new();
        collect(&root.join("specs").join(&name).join("pages"), &mut found);
        let sources = Sources::new(found);
        let mut diags = Diagnostics::default();
        let document = read(&sources, false, &mut diags).expect("the seed pages read");
        let expected: serde_json::Value = serde_yaml::from_str(&text(&original)).unwrap();
        let shown = document.root.to_json();
        for (path, item) in expected["paths"].as_object().unwrap() {
            assert_eq!(&shown["paths"][path], item, "{name}: {path}");
        }
        assert_eq!(shown["components"], expected["components"], "{name}");
        count += 1;
    }
    assert!(count >= 2, "there are originals");
}

#[expect(clippy::disallowed_methods, reason = "tests read their fixtures")]
fn collect(folder: &Path, pages: &mut Vec<Page>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, pages);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            let id = PageId(path.file_name().unwrap().to_string_lossy().into_owned());
            pages.push(Page {
                id,
                text: text(&path),
            });
        }
    }
}
