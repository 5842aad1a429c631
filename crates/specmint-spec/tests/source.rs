//! What is read from disk, under which names, and what is said about files that can't be used.
#![expect(
    clippy::disallowed_methods,
    reason = "the tests write the inputs they read"
)]

use std::{
    fs::{self, File},
    path::Path,
};

use specmint_spec::{
    diag::{Diagnostics, render},
    page::{PageId, Sources},
    source::{self, Input},
};
use tempfile::TempDir;

const DOCUMENT: &str = "openapi: 3.1.0\ninfo: {title: Acme, version: '1'}\npaths: {}\n";

/// A folder `acme` with these files in a folder of its own.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("acme")).unwrap();
    for (name, bytes) in files {
        let path = folder.path().join("acme").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// What reading gives, and what is said, without the folder's accidental name.
fn read(path: &Path) -> (Option<Input>, String) {
    let mut diags = Diagnostics::default();
    let input = source::read(path, &mut diags).ok();
    let sources = input
        .as_ref()
        .map_or_else(Sources::default, |input| input.sources.clone());
    assert_eq!(
        diags.gate().is_err(),
        render::plain(&diags, &sources).contains("error[")
    );
    let said = render::plain(&diags, &sources);
    let parent = path.parent().unwrap().to_string_lossy().into_owned();
    (input, said.replace(&format!("{parent}/"), ""))
}

/// The names of the pages, after checking that nothing was said.
fn names(folder: &TempDir, path: &str) -> Vec<String> {
    let (input, said) = read(&folder.path().join(path));
    assert_eq!(said, "");
    input
        .unwrap()
        .sources
        .iter()
        .map(|(_, page)| page.id.0.clone())
        .collect()
}

fn said(folder: &TempDir, path: &str) -> String {
    read(&folder.path().join(path)).1
}

#[test]
fn a_folder_of_an_api() {
    let folder = folder(&[
        ("api.toml", b"title = \"Acme\"\n"),
        ("fixups.yaml", b"- name: x\n"),
        ("pages/b.md", b"# B"),
        ("pages/a/z.md", b"# Z"),
        ("pages/.c.md", b"# C"),
        ("pages/.git/d.md", b"# D"),
        ("pages/picture.png", b"\x89PNG"),
        ("README.md", b"# not a page"),
    ]);
    assert_eq!(
        names(&folder, "acme"),
        ["acme/.c.md", "acme/a/z.md", "acme/b.md"]
    );
    let (input, _) = read(&folder.path().join("acme"));
    let Input { sources, api } = input.unwrap();
    assert_eq!(
        (api.name.as_str(), api.title.as_deref()),
        ("acme", Some("Acme"))
    );
    let fixups = api.fixups_page.unwrap();
    assert_eq!(sources.get(fixups).unwrap().id.0, "acme/fixups.yaml");
    assert_eq!(sources.get(fixups).unwrap().text, api.fixups.unwrap().text);
}

#[test]
fn a_plain_folder_one_page_and_an_index() {
    let folder = folder(&[
        ("llms.txt", b"# Acme"),
        ("api/get.mdx", b"# Get"),
        ("api/package.json", b"{\"name\": \"acme\"}"),
        ("whole.yaml", DOCUMENT.as_bytes()),
    ]);
    let all = ["acme/api/get.mdx", "acme/llms.txt", "acme/whole.yaml"];
    assert_eq!(names(&folder, "acme"), all);
    assert_eq!(names(&folder, "acme/llms.txt"), all);
    assert_eq!(names(&folder, "acme/api/get.mdx"), ["get.mdx"]);
    let (input, _) = read(&folder.path().join("acme/whole.yaml"));
    assert_eq!(input.unwrap().api.name, "whole");
}

#[test]
fn line_endings_and_byte_order_marks() {
    let folder = folder(&[("a.md", b"\xEF\xBB\xBF# A\r\n\r\ntext\r\n")]);
    let (input, said) = read(&folder.path().join("acme"));
    assert_eq!(said, "");
    assert_eq!(
        input.unwrap().sources.iter().next().unwrap().1.text,
        "# A\n\ntext\n"
    );
}

#[test]
fn files_that_a_document_refers_to() {
    let folder = folder(&[
        (
            "openapi.yaml",
            b"openapi: 3.1.0\npaths:\n  /a: {$ref: './paths/a.yaml#/a'}\n  /b:\n    $ref: \"paths/b%20b.json\"\n  \
              /c: {$ref: ../secret.yaml}\n  /d: {$ref: https://acme.test/d.yaml}\n  /e: {$ref: '#/x'}\n  \
              /f: {$ref: missing.yaml}\n  /g: {$ref: /etc/passwd}\n",
        ),
        ("paths/a.yaml", b"a: {get: {$ref: ../schemas.yaml#/x}}\n"),
        ("paths/b b.json", b"{\"$ref\": \"a.yaml\"}"),
        ("schemas.yaml", b"x: {$ref: openapi.yaml}\n"),
        ("../secret.yaml", b"s: 1\n"),
    ]);
    assert_eq!(names(&folder, "acme/openapi.yaml"), ["openapi.yaml"]);
    let (input, _) = read(&folder.path().join("acme/openapi.yaml"));
    let sources = input.unwrap().sources;
    let entry = sources.find(&PageId("openapi.yaml".to_owned())).unwrap();
    let a = sources.resolve(entry, "./paths/a.yaml").unwrap();
    assert_eq!(sources.get(a).unwrap().id.0, "paths/a.yaml");
    let schemas = sources.resolve(a, "../schemas.yaml").unwrap();
    assert_eq!(sources.resolve(schemas, "openapi.yaml"), Some(entry));
    assert!(sources.resolve(entry, "paths/b%20b.json").is_some());
    for outside in [
        "../secret.yaml",
        "missing.yaml",
        "/etc/passwd",
        "https://acme.test/d.yaml",
        "",
    ] {
        assert_eq!(sources.resolve(entry, outside), None, "{outside}");
    }
    // In a folder, the names begin with the folder's.
    let (input, _) = read(&folder.path().join("acme"));
    let sources = input.unwrap().sources;
    let entry = sources
        .find(&PageId("acme/openapi.yaml".to_owned()))
        .unwrap();
    assert!(sources.resolve(entry, "paths/a.yaml").is_some());
}

#[test]
fn not_utf8() {
    let folder = folder(&[
        ("a.md", b"# A\n\nna\xC3\xAFve \xFF\n"),
        ("b.md", b"\xFF\xFEa\0"),
    ]);
    insta::assert_snapshot!(said(&folder, "acme"));
}

#[test]
fn too_large_and_not_read() {
    let folder = folder(&[]);
    for (name, size) in [("a.md", 50 << 20), ("b.json", 1 << 40)] {
        let file = File::create(folder.path().join("acme").join(name)).unwrap();
        file.set_len(size).unwrap();
    }
    insta::assert_snapshot!(said(&folder, "acme"));
}

#[test]
fn nothing_there() {
    let folder = folder(&[("empty/x.png", b""), ("api/api.toml", b"")]);
    // How the message ends is the system's.
    assert!(said(&folder, "acme/missing").starts_with("error[S0001]: `missing` can't be read: "));
    insta::assert_snapshot!(
        ["acme/empty", "acme/api"]
            .map(|path| said(&folder, path))
            .join("\n")
    );
}

#[test]
fn mistakes_in_settings() {
    let folder = folder(&[
        ("unknown/api.toml", b"title = \"A\"\ncolour = \"red\"\n"),
        ("unknown/pages/a.md", b"# A"),
        ("syntax/api.toml", b"title = \n"),
        ("syntax/pages/a.md", b"# A"),
        (
            "url/api.toml",
            b"docs = \"docs.acme.test\"\n[operations]\n\"get /a\" = \"x\"\n",
        ),
        ("url/pages/a.md", b"# A"),
    ]);
    let unknown = said(&folder, "acme/unknown");
    assert!(unknown.starts_with("error[S0006]: unknown field `colour`, expected one of `title`"));
    assert!(unknown.contains("unknown/api.toml:2:1"), "{unknown}");
    insta::assert_snapshot!(
        ["acme/syntax", "acme/url"]
            .map(|path| said(&folder, path))
            .join("\n")
    );
}

#[cfg(unix)]
#[test]
fn links() {
    let folder = folder(&[
        ("a.md", b"# A"),
        ("sub/c.md", b"# C"),
        ("../out/b.md", b"# B"),
    ]);
    let acme = folder.path().join("acme");
    let link = |to: &Path, from: &str| std::os::unix::fs::symlink(to, acme.join(from)).unwrap();
    link(&folder.path().join("out"), "out");
    link(&folder.path().join("out/b.md"), "b.md");
    link(&acme, "sub/loop");
    link(&acme.join("a.md"), "inside.md");
    let (input, said) = read(&acme);
    let sources = input.unwrap().sources;
    let names: Vec<_> = sources.iter().map(|(_, page)| page.id.0.as_str()).collect();
    assert_eq!(names, ["acme/a.md", "acme/inside.md", "acme/sub/c.md"]);
    insta::assert_snapshot!(said);
}

/// Reading stops before a page that can't be used is taken for one without an operation.
#[test]
fn a_bad_page_fails_the_whole_input() {
    let folder = folder(&[("a.md", b"\xFF"), ("whole.yaml", DOCUMENT.as_bytes())]);
    let mut diags = Diagnostics::default();
    let input = source::read(&folder.path().join("acme"), &mut diags).unwrap();
    assert!(specmint_spec::read(&input.sources, &input.api, &mut diags).is_err());
    assert_eq!(diags.iter().count(), 1);
}

#[test]
fn a_specification_beside_pages() {
    let page = "# Get\n\n## OpenAPI\n\n````yaml get /a\nopenapi: 3.1.0\n````\n";
    let site = folder(&[
        ("get.md", page.as_bytes()),
        ("openapi.yaml", DOCUMENT.as_bytes()),
    ]);
    let (input, said) = read(&site.path().join("acme"));
    let pages = input.unwrap().sources;
    assert_eq!(
        pages
            .iter()
            .map(|(_, page)| page.id.0.as_str())
            .collect::<Vec<_>>(),
        ["acme/get.md"]
    );
    assert!(
        said.contains("note[S0008]") && said.contains("`acme/openapi.yaml`"),
        "{said}"
    );

    let alone = folder(&[
        ("guide.md", b"# Guide\n"),
        ("openapi.yaml", DOCUMENT.as_bytes()),
    ]);
    assert_eq!(
        names(&alone, "acme"),
        ["acme/guide.md", "acme/openapi.yaml"]
    );
}
