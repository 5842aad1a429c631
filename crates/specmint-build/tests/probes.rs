//! Documents that progenitor panics on, refuses, or gets wrong: each generates, compiles and is
//! called. One file per behaviour under `probes/`; what is called, and what must go over the wire,
//! stands in `probes/calls/`.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use specmint_build::{Generated, Settings, export, generate};
use specmint_spec::{
    api,
    diag::{Diagnostics, Severity},
    names::{self, Names},
    page::{Page, PageId, PageIndex, Sources},
    source,
};

/// The documents in the order of their names.
fn probes() -> Vec<PathBuf> {
    files(&folder(), "yaml")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/probes")
}

fn files(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(dir)
        .expect("the probes are there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    paths.sort();
    paths
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .expect("a probe has a name")
        .to_string_lossy()
        .into_owned()
}

/// The whole way, from the file to the code.
fn run(path: &Path) -> (Option<Generated>, Sources, Diagnostics) {
    let mut diags = Diagnostics::default();
    let input = source::read(path, &mut diags).expect("the probe can be read");
    // What a person decided stands beside the document, under its name.
    let decided = path.with_extension("toml");
    let api = if decided.is_file() {
        let text = fs::read_to_string(&decided).expect("the settings can be read");
        let page = Page {
            id: PageId(format!("{}.toml", stem(path))),
            text,
        };
        api::parse(&page, PageIndex(0), &mut diags)
    } else {
        input.api.clone()
    };
    let settings = Settings {
        names: published(path),
        name: stem(path),
        source: format!("tests/probes/{}.yaml", stem(path)),
        mock: true,
        cli: true,
        ..Settings::for_api(&api)
    };
    let generated = specmint_spec::read(&input.sources, &input.api, &mut diags)
        .and_then(|document| specmint_spec::lower(&document, &mut diags))
        .and_then(|lowered| generate(&lowered, &settings, &mut diags))
        .ok();
    (generated, input.sources, diags)
}

/// The published names of a probe: `<probe>.lock` beside it.
fn published(path: &Path) -> Names {
    let Ok(text) = fs::read_to_string(path.with_extension("lock")) else {
        return Names::default();
    };
    let page = source::page("names.lock", &text);
    let mut diags = Diagnostics::default();
    let names = names::parse(&page, PageIndex(0), &mut diags);
    assert!(diags.is_empty(), "{}", path.display());
    names
}

fn said(sources: &Sources, diags: &Diagnostics) -> String {
    let mut out = String::new();
    for d in diags.iter() {
        let at = sources.locate(d.span).unwrap_or_default();
        let (severity, code) = (d.severity.as_str(), d.code);
        let _ = writeln!(out, "{severity}[{code}]: {} ({at})", d.message);
    }
    out
}

#[test]
fn nothing_is_left_out() {
    let mut wrong = String::new();
    for path in probes() {
        let name = stem(&path);
        let (generated, sources, diags) = run(&path);
        let said = said(&sources, &diags);
        let Some(generated) = generated else {
            let _ = writeln!(wrong, "{name}: not generated\n{said}");
            continue;
        };
        let report = generated.report(&sources, &diags);
        let gave_up = diags
            .iter()
            .any(|d| d.severity == Severity::Error || d.code.0.starts_with('G'));
        let found = report.totals.input_operations + report.webhooks.len();
        if gave_up || report.totals.skipped > 0 || found == 0 {
            let _ = writeln!(wrong, "{name}: {} skipped\n{said}", report.totals.skipped);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// One crate with a module per document, and a test that calls them: compiled once, without a
/// warning.
#[test]
fn all_compile_and_keep_their_word() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("probes");
    fs::create_dir_all(dir.join("src")).expect("the target directory can be written");
    fs::create_dir_all(dir.join("tests/it")).expect("the target directory can be written");
    write(&dir.join("Cargo.toml"), &manifest());
    lock(&dir);
    let mut lib = String::from("#![deny(warnings)]\n#![deny(unused)]\n");
    for path in probes() {
        let name = stem(&path);
        if let (Some(generated), ..) = run(&path) {
            let file = dir.join("src").join(format!("{name}.rs"));
            write(&file, &generated.file.text());
            let _ = writeln!(lib, "pub mod {name};");
        }
    }
    write(&dir.join("src/lib.rs"), &lib);
    fs::create_dir_all(dir.join("src/bin")).expect("the target directory can be written");
    write(
        &dir.join("src/bin/commands.rs"),
        "//! A program.\nfn main() -> std::process::ExitCode {\n    probes::commands::cli::main()\n}\n",
    );
    for path in files(&folder().join("calls"), "rs") {
        let text = fs::read_to_string(&path).expect("the calls can be read");
        write(
            &dir.join("tests/it").join(format!("{}.rs", stem(&path))),
            &text,
        );
    }
    let output = cargo(&dir, &["test", "--quiet", "--no-fail-fast"]);
    assert!(output.status.success(), "{}", everything(&output));
}

/// What descriptions contain is neither run nor linked, and rustdoc has nothing to say about it.
#[test]
fn prose_is_prose() {
    let (generated, ..) = run(&folder().join("hostile_text.yaml"));
    let generated = generated.expect("the probe generates");
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("prose");
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specmint-client");
    let runtime = export::Runtime::Path(runtime);
    export::write(&dir, "prose", &generated, "openapi: 3.0.3\n", &runtime)
        .expect("the crate can be written");
    let canary = dir.join("CANARY");
    let _ = fs::remove_file(&canary);
    lock(&dir);

    // Of the two locks, only the text's own is tested: doctests are switched on.
    let path = dir.join("Cargo.toml");
    let manifest = fs::read_to_string(&path).expect("the manifest can be read");
    assert!(manifest.contains("doctest = false"), "{manifest}");
    write(
        &path,
        &manifest.replace("doctest = false", "doctest = true"),
    );

    let tests = cargo(&dir, &["test", "--doc"]);
    assert!(tests.status.success(), "{}", everything(&tests));
    let text = String::from_utf8_lossy(&tests.stdout);
    assert!(text.contains("running 0 tests"), "{text}");
    assert!(!canary.exists());

    let docs = cargo(&dir, &["doc", "--no-deps", "--quiet"]);
    assert!(docs.status.success(), "{}", everything(&docs));
    let mut pages = Vec::new();
    html(&target().join("doc/prose"), &mut pages);
    assert!(!pages.is_empty());
    for page in pages {
        let text = fs::read_to_string(&page).expect("a page can be read");
        for bad in [
            "<script>alert",
            "<img src=x",
            "href=\"javascript:",
            "href=\"data:",
        ] {
            assert!(!text.contains(bad), "{bad} in {}", page.display());
        }
    }
}

fn html(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("there is documentation") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            html(&path, out);
        } else if path.extension().is_some_and(|found| found == "html") {
            out.push(path);
        }
    }
}

/// One folder for all crates that are compiled here, so that dependencies are compiled once.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled")
}

fn cargo(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--target-dir"])
        .arg(target())
        .current_dir(dir)
        .env("RUSTDOCFLAGS", "-D warnings")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_PROFILE_TEST_DEBUG", "0")
        .output()
        .expect("cargo can be run")
}

fn everything(output: &Output) -> String {
    format!(
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn manifest() -> String {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specmint-client");
    format!(
        "[package]\nname = \"probes\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [lib]\ntest = false\ndoctest = false\n\n\
         [[test]]\nname = \"it\"\npath = \"tests/it/calls.rs\"\n\n\
         [features]\ndefault = [\"cli\", \"mock\"]\ncli = [\"specmint-client/cli\"]\n\
         mock = [\"specmint-client/mock\"]\n\n[[bin]]\nname = \"commands\"\ntest = false\n\n\
         [dependencies]\nchrono = {{ version = \"0.4\", default-features = false, features = [\"serde\", \"std\"] }}\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\
         specmint-client = {{ path = \"{}\" }}\nuuid = {{ version = \"1\", features = [\"serde\"] }}\n\n\
         [dev-dependencies]\nfutures-util = {{ version = \"0.3\", default-features = false }}\ntokio = {{ version = \"1\", features = [\"macros\", \"net\", \"rt\", \"io-util\"] }}\n",
        runtime.display().to_string().replace('\\', "/"),
    )
}

/// The workspace's own versions, which are there offline.
fn lock(dir: &Path) {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    if let Ok(text) = fs::read_to_string(lock) {
        write(&dir.join("Cargo.lock"), &text);
    }
}

fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::write(path, text).expect("the target directory can be written");
}

/// Which operations have pages, by what is said about them.
#[test]
fn pages_are_found_where_they_are_and_nowhere_else() {
    let (generated, _, diags) = run(&folder().join("pagination.yaml"));
    let generated = generated.expect("the probe generates");
    let found: Vec<String> = generated
        .api
        .operations
        .iter()
        .filter(|operation| operation.pages.is_some())
        .map(|operation| {
            let note = diags
                .iter()
                .find(|d| d.code.0 == "P0231" && d.pointer.as_ref() == Some(&operation.pointer));
            let note = note.expect("the report says how");
            format!("{}: {}", operation.id, note.message)
        })
        .collect();
    assert_eq!(
        found,
        [
            "listCalls: paginated: `pageToken` from `nextPageToken`, items in `data`",
            "listWrapped: paginated: `cursor` from `meta.pagination.next_cursor`, items in `result.calls`",
            "listByNumber: paginated: `page` counts pages from 1",
            "listByOffset: paginated: `offset` counts items, items in `list-of-calls`",
            "listByLink: paginated: header `Link`, `rel=\"next\"`",
            "listByAddress: paginated: address in `next`, items in `results`",
            "listByNextPage: paginated: `page` from `nextPage`, items in `results`",
            "listAfter: paginated: `starting_after` from `id` of the last item, items in `data`",
            "listAfterId: paginated: `after_id` from `last_id`, items in `data`",
            "searchCalls: paginated: `start_cursor` of the body from `next_cursor`, items in `results`",
            "bookLines: paginated: `start_cursor` of the body from `next_cursor`, items in `results`",
        ]
    );
    let uncertain: Vec<_> = diags.iter().filter(|d| d.code.0 == "P0232").collect();
    assert_eq!(uncertain.len(), 1, "{uncertain:?}");
    assert!(generated.file.text().contains(
        "/// A list that `stream()` follows from page to page: `pageToken` from `nextPageToken`"
    ));
}

/// What `api.toml` says of pages is either followed or refused, at its line.
#[test]
fn mistakes_about_pages_are_refused() {
    let document = folder().join("pagination_stated.yaml");
    for (stated, line, expected) in [
        (
            "[pagination.nobody]\nstyle = \"link\"",
            1,
            "no such operation",
        ),
        (
            "\n[pagination.search]\nstyle = \"cursor\"\nitems = \"found.things\"",
            2,
            "needs `parameter`",
        ),
        (
            "[pagination.search]\nstyle = \"cursor\"\nparameter = \"x\"\nnext = \"n\"",
            1,
            "no parameter `x`",
        ),
        (
            "[pagination.search]\nstyle = \"link\"",
            1,
            "`items` has to say",
        ),
        (
            "[pagination.search]\nstyle = \"link\"\nitems = \"found\"",
            1,
            "no list at `/found`",
        ),
        (
            "[pagination]\nnumbers = { style = \"page\", parameter = \"page\" }",
            2,
            "say it with `first`",
        ),
        (
            "[pagination.since]\nstyle = \"cursor\"\nparameter = \"since_id\"\nlast-item = \"x\"",
            1,
            "items have no `x`",
        ),
        (
            "[pagination.since]\nstyle = \"cursor\"\nparameter = \"since_id\"\nlast-item = \"meta\"\nnext = \"n\"",
            1,
            "either `next` or `last-item`",
        ),
        (
            "[pagination.since]\nstyle = \"link\"\nlast-item = \"meta\"",
            1,
            "has no `last-item`",
        ),
        (
            "[pagination.since]\nstyle = \"cursor\"\nbody = \"x\"\nlast-item = \"meta\"",
            1,
            "no body in JSON",
        ),
        (
            "[pagination.takeBatches]\nstyle = \"cursor\"\nbody = \"page.to\"\nnext = \"next\"",
            1,
            "the body has no `page.to`",
        ),
        (
            "[pagination.takeBatches]\nstyle = \"cursor\"\nbody = \"page.from\"\nparameter = \"x\"\nnext = \"next\"",
            1,
            "either `parameter` or `body`",
        ),
        (
            "[pagination.takeBatches]\nstyle = \"url\"\nbody = \"kind\"\nnext = \"next\"",
            1,
            "has no `body`",
        ),
        (
            "[pagination.numbers]\nstyle = \"spiral\"",
            2,
            "unknown variant",
        ),
        (
            "[pagination.numbers]\nstyle = \"link\"\nextra = 1",
            3,
            "unknown field",
        ),
    ] {
        let mut diags = Diagnostics::default();
        let page = Page {
            id: PageId("api.toml".to_owned()),
            text: stated.to_owned(),
        };
        let decided = api::parse(&page, PageIndex(7), &mut diags);
        let input = source::read(&document, &mut diags).expect("the probe can be read");
        let _ = specmint_spec::read(&input.sources, &input.api, &mut diags)
            .and_then(|document| specmint_spec::lower(&document, &mut diags))
            .and_then(|lowered| generate(&lowered, &Settings::for_api(&decided), &mut diags));
        let said: Vec<_> = diags.iter().filter(|d| d.fatal).collect();
        let [only] = said.as_slice() else {
            panic!("{stated}: {said:?}");
        };
        assert!(
            only.message.contains(expected),
            "{stated}: {}",
            only.message
        );
        assert_eq!(
            (only.span.page, only.span.line),
            (PageIndex(7), line),
            "{stated}"
        );
    }
}

/// What is said of a path item before it is written in the place of a reference concerns the copy.
#[test]
fn a_path_item_behind_a_reference_is_reported_like_its_target() {
    let (generated, sources, diags) = run(&folder().join("path_items.yaml"));
    let report = generated
        .expect("the probe generates")
        .report(&sources, &diags);
    let found: Vec<String> = report
        .operations
        .iter()
        .map(|it| {
            let weaker = it.notes.iter().filter(|note| note.severity == "warning");
            format!(
                "{} {} {:?} {}",
                it.method,
                it.path,
                it.status,
                weaker.count()
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            "GET /a Approximated 1",
            "POST /a Generated 0",
            "GET /b Approximated 1",
            "POST /b Generated 0",
            "GET /c Approximated 1",
            "POST /c Generated 0",
            "GET /d Approximated 1",
            "POST /d Generated 0",
            "GET /e Approximated 1",
            "POST /e Generated 0",
        ]
    );
}

/// Webhooks are in the report beside the operations, and in nobody's totals.
#[test]
fn webhooks_are_reported() {
    let (generated, sources, diags) = run(&folder().join("webhooks.yaml"));
    let report = generated
        .expect("the probe generates")
        .report(&sources, &diags);
    assert_eq!(report.totals.input_operations, 1);
    assert_eq!(report.operations.len(), 1);
    let found: Vec<String> = report
        .webhooks
        .iter()
        .map(|webhook| format!("{} {:?}", webhook.name, webhook.status))
        .collect();
    assert_eq!(
        found,
        [
            "order.created Generated",
            "order.gone Generated",
            "batch Generated",
            "pet/born Generated",
            "form Skipped",
            "ping Skipped",
        ]
    );
    let said: Vec<&str> = diags
        .iter()
        .filter(|d| d.code.0 == "P0234")
        .map(|d| d.message.as_str())
        .collect();
    assert_eq!(
        said,
        [
            "the webhook `form` has no type: its body is not documented as JSON",
            "the webhook `ping` has no type: it documents no body",
        ]
    );
}
