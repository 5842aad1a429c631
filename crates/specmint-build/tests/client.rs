//! What the user of a generated client gets: a crate is exported from `client/parcels.yaml`, and
//! the tests under `client/rows/`, one file per promise, are compiled and run inside it. They are
//! compiled once more with a crate of a document that has more of everything.
//!
//! `docs/CLIENT.md` has the table of promises and their tests.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use specmint_build::{Settings, export, generate};
use specmint_spec::{diag::Diagnostics, source};

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/client")
}

/// The document.
fn parcels() -> String {
    fs::read_to_string(here().join("parcels.yaml")).expect("the document can be read")
}

#[test]
fn every_row_holds() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("client-rows");
    exported(&dir, &parcels(), "0.1.0");

    let output = cargo(
        &dir,
        &[
            "test",
            "--quiet",
            "--no-fail-fast",
            "--features",
            "mock,cli",
            "--test",
            "rows",
        ],
    );

    let said = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{err}");
    assert!(said.contains("passed"), "{said}\n{err}");

    // What a further member would break doesn't compile in the first place.
    let output = cargo(
        &dir,
        &["check", "--features", "mock,cli", "--test", "closed"],
    );
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{err}");
    for (code, count) in [("error[E0638]", 2), ("error[E0639]", 2), ("error[", 4)] {
        assert_eq!(err.matches(code).count(), count, "{code}: {err}");
    }
}

/// Links lead somewhere, from one file of the crate to another too.
#[test]
fn documentation_has_no_warning() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("client-docs");
    exported(&dir, &parcels(), "0.1.0");

    let output = cargo(&dir, &["doc", "--quiet", "--no-deps", "--all-features"]);

    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{err}");
}

/// What is added to the document: members of answers, of bodies and of parameters, an operation, a
/// value, an error.
const ADDED: &[(&str, &str)] = &[
    (
        "required: [id, state, weight, createdAt, note]\n      properties:\n",
        "required: [id, state, weight, createdAt, note, lane]\n      properties:\n        \
         lane: { type: string }\n        surprise: { type: object, properties: { a: { type: string } } }\n",
    ),
    (
        "required: [weight]\n      properties:\n",
        "required: [weight]\n      properties:\n        insured: { type: boolean }\n        \
         labels: { type: array, items: { type: string } }\n",
    ),
    (
        "required: [code, message]\n      properties:\n",
        "required: [code, message]\n      properties:\n        hint: { type: string }\n",
    ),
    (
        "        city: { type: string, maxLength: 5 }\n",
        "        city: { type: string, maxLength: 5 }\n        new: { type: boolean }\n",
    ),
    (
        "enum: [waiting, on-the-way, delivered]",
        "enum: [waiting, on-the-way, delivered, lost]",
    ),
    (
        "        - { name: pageToken, in: query, schema: { type: string } }\n",
        "        - { name: pageToken, in: query, schema: { type: string } }\n        \
         - { name: lane, in: query, schema: { type: string } }\n",
    ),
    (
        "paths:\n",
        "paths:\n  /lanes:\n    get:\n      operationId: listLanes\n      responses:\n        \
         \"200\": { description: Lanes., content: { application/json: { schema: { type: array, items: { type: string } } } } }\n",
    ),
];

#[test]
fn additions_break_nobody() {
    let mut document = parcels();
    for (old, new) in ADDED {
        assert_eq!(document.matches(old).count(), 1, "{old}");
        document = document.replace(old, new);
    }
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("client-grown");
    let grown = exported(&dir, &document, "0.1.1");
    for added in [
        "pub lane: String",
        "insured{bool}",
        "pub fn list_lanes",
        "Lost = ",
    ] {
        assert!(grown.contains(added), "{added}");
    }

    let output = cargo(&dir, &["check", "--features", "mock,cli", "--test", "rows"]);

    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{err}");
}

/// Writes the crate of a document, with its tests and what they need; what the generator wrote.
/// By the version the crates are told apart in the folder that they share.
fn exported(dir: &Path, document: &str, version: &str) -> String {
    fs::create_dir_all(dir.join("tests")).expect("the target directory can be written");
    let path = dir.join("parcels.yaml");
    write(&path, document);
    let mut diags = Diagnostics::default();
    let input = source::read(&path, &mut diags).expect("the document");
    let document = specmint_spec::read(&input.sources, &input.api, &mut diags).expect("OpenAPI");
    let lowered = specmint_spec::lower(&document, &mut diags).expect("OpenAPI");
    let settings = Settings {
        mock: true,
        cli: true,
        ..Settings::for_api(&input.api)
    };
    let generated = generate(&lowered, &settings, &mut diags).expect("a client");
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specmint-client");
    let runtime = export::Runtime::Path(runtime);
    export::write(dir, "parcels", &generated, "openapi: 3.1.0\n", &runtime).expect("a crate");
    let manifest = dir.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("a manifest");
    let needs = "\n[dev-dependencies]\n\
        futures-util = { version = \"0.3\", default-features = false, features = [\"std\"] }\n\
        serde_json = \"1\"\n\
        tokio = { version = \"1\", features = [\"macros\", \"rt\", \"time\"] }\n\
        \n[[test]]\nname = \"rows\"\npath = \"tests/rows.rs\"\n\
        \n[[test]]\nname = \"closed\"\npath = \"tests/closed.rs\"\n";
    fs::write(
        &manifest,
        text.replace("[package]\n", "[package]\nautotests = false\n")
            .replacen(
                "\nversion = \"0.1.0\"\n",
                &format!("\nversion = \"{version}\"\n"),
                1,
            )
            + needs,
    )
    .expect("the manifest can be written");
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    if let Ok(text) = fs::read_to_string(lock) {
        write(&dir.join("Cargo.lock"), &text);
    }
    let rows = fs::read_dir(here().join("rows")).expect("the rows are there");
    let rows = rows.map(|file| file.expect("the folder can be read").path());
    for file in rows.chain([here().join("closed.rs")]) {
        let name = file.file_name().expect("a row has a name");
        let text = fs::read_to_string(&file).expect("a row can be read");
        write(&dir.join("tests").join(name), &text);
    }
    generated.file.text()
}

fn cargo(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--target-dir"])
        // Shared with the other crates that are compiled here.
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled"))
        .current_dir(dir)
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("RUSTDOCFLAGS", "-D warnings")
        .env("CARGO_PROFILE_TEST_DEBUG", "0")
        .output()
        .expect("cargo can be run")
}

fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::write(path, text).expect("the target directory can be written");
}
