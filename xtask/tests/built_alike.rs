//! What `cargo xtask` and the tests of the crate are both built of has the same features in both, so
//! that a cold clone compiles it once: most of the time that adding an API takes.
#![cfg(target_os = "linux")]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

/// The packages that a selection is built of, and the features of each; proc macros and build
/// scripts count, since they share what is alike with the rest.
fn features(package: &str, edges: &str) -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--prefix", "none"])
        .args([
            "--format",
            "{p}|{f}",
            "--package",
            package,
            "--edges",
            edges,
        ])
        .current_dir(root)
        .output()
        .expect("cargo can be started");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let mut features: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let line = line.trim_end_matches(" (*)");
        let (package, of_it) = line.split_once('|').expect("it is as was asked for");
        features
            .entry(package.to_owned())
            .or_default()
            .insert(of_it.to_owned());
    }
    features
}

#[test]
fn what_both_are_built_of_is_built_once() {
    let xtask = features("xtask", "normal,build");
    let tests = features("specmint", "normal,build,dev");
    assert!(xtask.len() > 100 && tests.len() > 100);
    let several: Vec<_> = xtask
        .keys()
        .filter(|package| tests.contains_key(*package))
        .map(|package| (package, &xtask[package] | &tests[package]))
        .filter(|(_, features)| features.len() > 1)
        .collect();
    assert!(several.is_empty(), "{several:#?}");
}
