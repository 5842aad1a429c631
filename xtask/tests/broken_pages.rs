//! A broken page is a located diagnostic and exit code 1, with nothing half-written: proved on the
//! commands themselves.

use std::{
    fs,
    process::{Command, Output},
};

/// A page with a good block, to break.
const GOOD: &str = "# Get a pet\n\n## OpenAPI\n\n````yaml get /pets/{id}\nopenapi: 3.1.0\ninfo:\n  title: Pets\n  version: '1'\npaths:\n  /pets/{id}:\n    get:\n      operationId: getPet\n      parameters:\n        - name: id\n          in: path\n          required: true\n          schema:\n            type: string\n      responses:\n        '204':\n          description: done\n````\n";

/// Exports a folder of one page and returns what happened.
fn export(page: &[u8]) -> (Output, bool) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let pages = dir.path().join("pets");
    fs::create_dir(&pages).expect("it is empty");
    fs::write(pages.join("get-pet.md"), page).expect("it can be written");
    let out = dir.path().join("out");
    let output = xtask()
        .args(["export", "--name", "pets-client", "--quiet", "--input"])
        .arg(&pages)
        .arg("--out")
        .arg(&out)
        .output()
        .expect("xtask runs");
    let written = out.exists() && fs::read_dir(&out).is_ok_and(|mut files| files.next().is_some());
    (output, written)
}

/// The command, without colour.
fn xtask() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.env("NO_COLOR", "1");
    command
}

#[track_caller]
fn refused(name: &str, page: impl AsRef<[u8]>, at: &str, words: &str) {
    let (output, written) = export(page.as_ref());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{name}: {said}");
    assert!(said.contains(at), "{name} says no `{at}`: {said}");
    assert!(said.contains(words), "{name} says no `{words}`: {said}");
    assert!(!written, "{name} left something behind");
}

#[test]
fn a_good_page_is_exported() {
    let (output, written) = export(GOOD.as_bytes());
    assert!(
        output.status.success() && written,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let (output, written) = export(GOOD.replace('\n', "\r\n").as_bytes());
    assert!(
        output.status.success() && written,
        "CRLF: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let (output, written) = export(format!("\u{feff}{GOOD}").as_bytes());
    assert!(
        output.status.success() && written,
        "BOM: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_broken_page_is_refused_with_its_place() {
    refused(
        "bad YAML",
        GOOD.replace("title: Pets", "title: [Pets"),
        "pets/get-pet.md:",
        "error[Y",
    );
    refused(
        "unclosed fence",
        GOOD.trim_end().trim_end_matches('`'),
        "pets/get-pet.md:5",
        "error[E",
    );
    refused(
        "unknown form",
        GOOD.replace("openapi: 3.1.0", "asked: 1"),
        "pets/get-pet.md:",
        "error[",
    );
    refused(
        "impossible schema",
        GOOD.replace("type: string", "- type: string"),
        "pets/get-pet.md:",
        "error[",
    );
    refused(
        "two methods",
        GOOD.replace(
            "    get:\n",
            "    put: {responses: {'204': {description: x}}}\n    get:\n",
        ),
        "pets/get-pet.md:",
        "error[",
    );
    let bomb = (1..12).fold(
        "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(),
        |text, n| {
            let aliases = vec![format!("*a{}", n - 1); 9].join(", ");
            format!("{text}a{n}: &a{n} [{aliases}]\n")
        },
    );
    refused(
        "alias bomb",
        GOOD.replace("openapi: 3.1.0\n", &bomb),
        "pets/get-pet.md:",
        "error[Y",
    );
    let mut latin = GOOD.as_bytes().to_vec();
    latin.extend(b"\ncaf\xe9\n");
    refused("invalid UTF-8", latin, "pets/get-pet.md:", "UTF-8");
    let big = format!("{GOOD}{}", "x".repeat(50 << 20));
    refused("50 MB", big, "pets/get-pet.md", "error[S");
}
