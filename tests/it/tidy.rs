//! Nothing is forgotten, nobody knows what their room must not know.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folders in a folder, without those that version control knows nothing of: what takes a
/// folder's files away may leave a folder with a hidden file behind.
pub(crate) fn names(dir: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join(dir)).expect("the folder is part of the tree");
    let is_hidden = |path: &Path| {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().starts_with('.')
    };
    entries
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.is_dir())
        .filter(|path| {
            let files = fs::read_dir(path).expect("it can be listed").flatten();
            files.into_iter().any(|file| !is_hidden(&file.path()))
        })
        .map(|path| {
            path.file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        })
        .collect()
}

/// Every Rust file below some folders, without build output.
fn rust_files(dirs: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut left: Vec<PathBuf> = dirs.iter().map(|dir| root().join(dir)).collect();
    while let Some(dir) = left.pop() {
        for entry in fs::read_dir(&dir)
            .expect("the folder is part of the tree")
            .flatten()
        {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("target") {
                left.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn every_api_has_a_folder_a_feature_and_a_module() {
    let folders = names("specs");
    let manifest: toml::Table = fs::read_to_string(root().join("Cargo.toml"))
        .expect("a package has a manifest")
        .parse()
        .expect("cargo has read it");
    let full: BTreeSet<String> = manifest["features"]["full"]
        .as_array()
        .expect("`full` lists the APIs")
        .iter()
        .map(|name| name.as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(folders, full, "specs/ and the feature `full` differ");
    let lib = fs::read_to_string(root().join("src/lib.rs")).expect("a library has a root");
    for api in &folders {
        assert!(
            lib.contains(&format!("#[cfg(feature = \"{api}\")]\npub mod {api};")),
            "src/lib.rs lacks the module `{api}` behind its feature"
        );
        assert!(
            manifest["features"].get(api).is_some(),
            "no feature `{api}`"
        );
        assert!(
            root().join(format!("src/{api}.rs")).is_file(),
            "no src/{api}.rs"
        );
        assert!(
            root().join(format!("specs/{api}/api.toml")).is_file(),
            "no specs/{api}/api.toml"
        );
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    for file in rust_files(&["src", "crates", "xtask", "examples", "tests/it"]) {
        let path = file.strip_prefix(root()).unwrap_or(&file);
        if path.components().any(|part| {
            ["fixtures", "probes", "snapshots", "target"]
                .contains(&&*part.as_os_str().to_string_lossy())
        }) {
            continue;
        }
        let text = fs::read_to_string(&file).expect("it was listed");
        assert!(
            text.starts_with("//!")
                || text.starts_with("#![doc")
                || text.starts_with("// @generated"),
            "{} does not begin with `//!`",
            path.display()
        );
    }
}

/// The vendors this repository was started with. Other vendors are found by their hosts alone,
/// because many are called by a word that code needs.
const VENDORS: [&str; 2] = ["quo", "minimo"];

/// The hosts that `api.toml` names, without those that nobody owns (RFC 6761).
fn hosts() -> BTreeSet<String> {
    let mut hosts = BTreeSet::new();
    for api in names("specs") {
        let settings: toml::Table =
            fs::read_to_string(root().join(format!("specs/{api}/api.toml")))
                .expect("an API has decisions")
                .parse()
                .expect("they are TOML");
        for key in ["docs", "spec", "base-url"] {
            let url = settings.get(key).and_then(toml::Value::as_str);
            let host = url
                .and_then(|url| url.split("://").nth(1))
                .and_then(|rest| rest.split(['/', ':', '?', '#']).next())
                .unwrap_or_default();
            let last = host.rsplit('.').next().unwrap_or_default();
            let is_real = host.contains('.')
                && !["test", "example", "localhost", "invalid"].contains(&last)
                && !last.chars().all(|c| c.is_ascii_digit())
                && !host.ends_with("example.com");
            if is_real {
                hosts.insert(host.trim_start_matches("www.").to_lowercase());
            }
        }
    }
    hosts
}

#[test]
fn no_library_names_an_api() {
    let hosts = hosts();
    assert!(hosts.len() >= VENDORS.len(), "{hosts:?}");
    for file in rust_files(&["crates", "xtask"]) {
        let text = fs::read_to_string(&file)
            .expect("it was listed")
            .to_lowercase();
        for vendor in VENDORS {
            let named = text
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| word == vendor);
            assert!(!named, "{} names the API `{vendor}`", file.display());
        }
        for host in &hosts {
            assert!(!text.contains(host), "{} names `{host}`", file.display());
        }
    }
}

#[test]
fn each_crate_knows_only_what_its_room_may_know() {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let dependencies = |package: &str| -> BTreeSet<String> {
        metadata["packages"]
            .as_array()
            .expect("a workspace has packages")
            .iter()
            .find(|p| p["name"] == package)
            .expect("the package is in the workspace")["dependencies"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|d| d["kind"].is_null())
            .map(|d| d["name"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let lacks = |package: &str, unknown: &[&str]| {
        let known = dependencies(package);
        for name in unknown {
            assert!(!known.contains(*name), "{package} must not know {name}");
        }
    };
    lacks(
        "specmint-spec",
        &[
            "progenitor",
            "progenitor-impl",
            "typify",
            "syn",
            "quote",
            "specmint-build",
            "specmint-client",
        ],
    );
    lacks(
        "specmint-build",
        &[
            "saphyr-parser",
            "pulldown-cmark",
            "serde_yaml",
            "yaml_serde",
            "specmint-client",
        ],
    );
    lacks(
        "specmint-client",
        &["progenitor-client", "specmint-spec", "specmint-build"],
    );
    lacks("xtask", &["specmint"]);
}

#[test]
fn the_minimum_rust_version_is_the_same_everywhere() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("a manifest");
    let stated = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "))
        .expect("the workspace states it")
        .trim_matches('"')
        .to_owned();
    for file in ["README.md", ".github/workflows/ci.yml"] {
        let text = fs::read_to_string(root().join(file)).expect("it is part of the tree");
        assert!(text.contains(&stated), "{file} does not say {stated}");
    }
}
