//! What a client weighs: a crate brings what its features say, and nothing else.

use std::process::Command;

/// Names of the crates that a choice of features brings.
fn brought(choice: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal", "--prefix", "none"])
        .args(["--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")])
        .args(choice)
        .output()
        .expect("cargo can be started");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    text.lines()
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn weight_is_what_the_features_say() {
    let usual = brought(&[]);
    let least = brought(&["--no-default-features"]);
    let has = |list: &[String], name: &str| list.iter().any(|it| it == name);
    for (name, feature) in [
        ("clap", "cli"),
        ("clap_complete", "cli"),
        ("native-tls", "native-tls"),
    ] {
        assert!(!has(&usual, name), "{name} is for `{feature}` alone");
        assert!(has(&brought(&["--features", feature]), name), "{name} is for `{feature}`");
    }
    for (name, feature) in [("rustls", "rustls"), ("flate2", "gzip")] {
        assert!(has(&usual, name), "{name}");
        assert!(!has(&least, name), "{name} is for `{feature}` alone");
    }
    // What generates is no part of what is generated.
    for name in ["progenitor", "progenitor-impl", "openapiv3", "typify", "yaml_serde"] {
        assert!(!has(&usual, name), "{name}");
    }
}
