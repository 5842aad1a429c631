//! The README's first command, run as a stranger would.

use std::{path::PathBuf, process::Command};

#[test]
fn the_quickstart_succeeds_and_says_what_happened() {
    let output = Command::new(example("quickstart"))
        .output()
        .expect("the example runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    insta::assert_snapshot!("quickstart", said);
}

/// Cargo builds the examples before the tests run, beside the tests' own folder.
fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test is a file");
    let profile = test
        .parent()
        .and_then(|deps| deps.parent())
        .expect("target/<profile>/deps");
    profile
        .join("examples")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
