//! What the user of a generated client gets: a crate is exported from `client/parcels.yaml`, and
//! the tests under `client/rows/`, one file per promise, are compiled and run inside it.
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

#[test]
fn every_row_holds() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("client-rows");
    exported(&dir);
    let rows = dir.join("tests");
    fs::create_dir_all(&rows).expect("the target directory can be written");
    for file in fs::read_dir(here().join("rows")).expect("the rows are there") {
        let file = file.expect("the folder can be read").path();
        let name = file.file_name().expect("a row has a name");
        let text = fs::read_to_string(&file).expect("a row can be read");
        write(&rows.join(name), &text);
    }

    let output = cargo(
        &dir,
        &[
            "test",
            "--quiet",
            "--no-fail-fast",
            "--features",
            "mock,cli",
        ],
    );

    let said = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{err}");
    assert!(said.contains("passed"), "{said}\n{err}");
}

/// Links lead somewhere, from one file of the crate to another too.
#[test]
fn documentation_has_no_warning() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("client-docs");
    exported(&dir);

    let output = cargo(&dir, &["doc", "--quiet", "--no-deps", "--all-features"]);

    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{err}");
}

/// Writes the crate, with what its tests need.
fn exported(dir: &Path) {
    let mut diags = Diagnostics::default();
    let input = source::read(&here().join("parcels.yaml"), &mut diags).expect("the document");
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
        \n[[test]]\nname = \"rows\"\npath = \"tests/rows.rs\"\n";
    fs::write(
        &manifest,
        text.replace("[package]\n", "[package]\nautotests = false\n") + needs,
    )
    .expect("the manifest can be written");
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    if let Ok(text) = fs::read_to_string(lock) {
        write(&dir.join("Cargo.lock"), &text);
    }
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
