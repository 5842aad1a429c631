//! `specs/` holds what the sites served, byte for byte: every page is the one that its lock names.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use sha2::{Digest as _, Sha256};

/// The pages this repository was started with; nothing ever replaces them.
const SEEDS: [(&str, &str, &str); 2] = [
    (
        "quo",
        "contacts/delete-a-contact.md",
        "305100b00b2d0e1cfb8be4d1e4e192027b481ce31f173760e69877be98bacf72",
    ),
    (
        "minimo",
        "contacts/delete-contact.md",
        "9d75d3912eff2cf6b8318eedb5739c4b8bb3287ba5711b45907d3a7a428e888b",
    ),
];

/// SHA-256 of every file below a folder, by its `/`-joined path.
fn hashes(dir: &Path, prefix: &str, out: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(dir).expect("it can be listed").flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            hashes(&entry.path(), &format!("{name}/"), out);
            continue;
        }
        let bytes = fs::read(entry.path()).expect("it can be read");
        let mut hash = String::new();
        for byte in Sha256::digest(bytes) {
            let _ = write!(hash, "{byte:02x}");
        }
        out.insert(name, hash);
    }
}

fn table(path: &Path) -> toml::Table {
    fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .parse()
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What the lock of an API says of its pages.
fn locked(dir: &Path) -> BTreeMap<String, String> {
    let lock = table(&dir.join("specs.lock"));
    let pages = lock["page"].as_array().expect("a lock lists pages");
    let text = |page: &toml::Value, key: &str| page[key].as_str().expect("a text").to_owned();
    pages
        .iter()
        .map(|page| (text(page, "file"), text(page, "sha256")))
        .collect()
}

#[test]
fn pages_are_those_of_their_locks() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    let mut seen = 0;
    for api in crate::tidy::names("specs") {
        let dir = specs.join(api);
        let mut found = BTreeMap::new();
        hashes(&dir.join("pages"), "", &mut found);
        assert_eq!(found, locked(&dir), "{}", dir.display());
        seen += 1;
    }
    assert!(seen >= SEEDS.len());
}

#[test]
fn the_seeds_are_pinned_and_as_they_came() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    for (api, file, hash) in SEEDS {
        let dir = specs.join(api);
        let settings = table(&dir.join("api.toml"));
        let pinned: BTreeSet<&str> = settings["pinned"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(toml::Value::as_str)
            .collect();
        assert!(pinned.contains(file), "{api}: `{file}` is not pinned");
        assert_eq!(
            locked(&dir).get(file).map(String::as_str),
            Some(hash),
            "{api}"
        );
    }
}
