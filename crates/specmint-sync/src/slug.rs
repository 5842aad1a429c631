//! Addresses to file names. The names are ours: segments of `[a-z0-9-]`, never the site's.

use std::collections::BTreeSet;

use url::Url;

/// Characters a segment may have.
const MAX_SEGMENT: usize = 64;
/// Segments a name may have.
const MAX_SEGMENTS: usize = 6;

/// Names that Windows keeps for devices.
const DEVICES: &[&str] = &[
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// The file for a page at an address, below `pages/`, `/`-joined, ending in `.md`.
///
/// What stands before a segment `api-reference` is the site's plumbing; without that segment, what
/// the page has in common with the index's own folder is.
pub fn file(url: &Url, index: Option<&Url>) -> String {
    let segments: Vec<&str> = url.path_segments().into_iter().flatten().collect();
    let known = segments
        .iter()
        .rposition(|s| s.eq_ignore_ascii_case("api-reference"));
    let from = known.map_or_else(
        || {
            let folder: Vec<&str> = index
                .filter(|index| index.origin() == url.origin())
                .and_then(Url::path_segments)
                .into_iter()
                .flatten()
                .collect();
            let folder = &folder[..folder.len().saturating_sub(1)];
            folder
                .iter()
                .zip(&segments)
                .take_while(|(a, b)| a == b)
                .count()
        },
        |at| at + 1,
    );
    let mut path = segments.get(from..).unwrap_or_default().join("/");
    if path.is_empty() {
        segments
            .last()
            .copied()
            .unwrap_or_default()
            .clone_into(&mut path);
    }
    if let Some(query) = url.query() {
        path = format!("{}-{query}", path.trim_end_matches(".md"));
    }
    of_path(&path)
}

/// The file for a path that somebody else chose.
pub fn of_path(path: &str) -> String {
    let path = ["md", "mdx", "txt"]
        .iter()
        .find_map(|ending| path.strip_suffix(ending)?.strip_suffix('.'))
        .unwrap_or(path);
    let mut segments: Vec<String> = path
        .split(['/', '\\'])
        .map(segment)
        .filter(|s| !s.is_empty())
        .collect();
    if segments.len() > MAX_SEGMENTS {
        let cut = segments.split_off(MAX_SEGMENTS - 1);
        segments.push(segment(&cut.join("-")));
    }
    if segments.is_empty() {
        segments.push("page".to_owned());
    }
    segments.join("/") + ".md"
}

/// One segment: lower case letters, digits and single hyphens; what it can't say is hashed.
fn segment(text: &str) -> String {
    let decoded = percent_decoded(text);
    let mut slug = String::new();
    let mut lost = false;
    for c in decoded.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else {
            lost |= !matches!(c, '-' | '_' | '.' | ' ' | '{' | '}' | '~');
            if !slug.ends_with('-') {
                slug.push('-');
            }
        }
    }
    let slug = slug.trim_matches('-');
    if slug.is_empty() {
        // `..`, `.`, nothing: no name. Letters of another script: a name, but not a readable one.
        return if lost {
            format!("page-{}", short_hash(&decoded))
        } else {
            String::new()
        };
    }
    let long = slug.len() > MAX_SEGMENT;
    let device = DEVICES.contains(&slug);
    if !(lost || long || device) {
        return slug.to_owned();
    }
    let cut = &slug[..slug.len().min(MAX_SEGMENT - 9)];
    format!("{}-{}", cut.trim_matches('-'), short_hash(&decoded))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|d| std::str::from_utf8(d).ok());
        if let Some(byte) = digits.and_then(|d| u8::from_str_radix(d, 16).ok()) {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn short_hash(text: &str) -> String {
    crate::sha256(text.as_bytes())[..8].to_owned()
}

/// Names for addresses that have none yet. `taken` are the names in the lock, which never change.
///
/// The result does not depend on the order of the addresses: they are sorted first, and whoever
/// comes second to a name gets a hash of its own address.
pub fn assign(urls: &[Url], index: Option<&Url>, taken: &BTreeSet<String>) -> Vec<(Url, String)> {
    let mut taken = taken.clone();
    let mut sorted: Vec<&Url> = urls.iter().collect();
    sorted.sort();
    sorted.dedup();
    sorted
        .into_iter()
        .map(|url| {
            let mut name = file(url, index);
            if taken.contains(&name) {
                name = format!(
                    "{}-{}.md",
                    name.trim_end_matches(".md"),
                    short_hash(url.as_str())
                );
            }
            taken.insert(name.clone());
            (url.clone(), name)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("it is an address")
    }

    #[test]
    fn readable_names_for_plain_addresses() {
        let index = url("https://docs.acme.test/docs/llms.txt");
        for (address, expected) in [
            (
                "https://docs.acme.test/docs/mdx/api-reference/messages/send-a-message.md",
                "messages/send-a-message.md",
            ),
            (
                "https://docs.acme.test/docs/users/Get_User.md",
                "users/get-user.md",
            ),
            ("https://docs.acme.test/v2/users/get.md", "v2/users/get.md"),
            (
                "https://docs.acme.test/docs/users/get.md?v=2",
                "users/get-v-2-4b85edbb.md",
            ),
        ] {
            assert_eq!(file(&url(address), Some(&index)), expected, "{address}");
        }
    }

    #[test]
    fn hostile_paths_become_harmless_names() {
        for (path, expected) in [
            ("../../.cargo/config.toml", "cargo/config-toml.md"),
            ("%2e%2e/%2e%2e/etc/passwd", "etc/passwd.md"),
            ("..%2f..%2fetc", "etc"),
            ("C:\\windows\\system32", "c"),
            ("con.md", "con-"),
            ("aux", "aux-"),
            ("a\u{0}b", "a-b-"),
            ("", "page.md"),
            ("...", "page.md"),
            ("b\u{fc}cher.md", "b-cher-"),
            ("\u{0430}\u{0441}me", "me-"),
        ] {
            let name = of_path(path);
            assert!(name.starts_with(expected), "{path:?} became {name}");
        }
        assert!(of_path(&"a".repeat(300)).len() < 80);
    }

    #[test]
    fn names_that_differ_in_case_only_are_told_apart() {
        let urls = [
            url("https://docs.acme.test/Get.md"),
            url("https://docs.acme.test/get.md"),
        ];
        let names = assign(&urls, None, &BTreeSet::new());
        let lower: BTreeSet<String> = names.iter().map(|(_, n)| n.to_lowercase()).collect();
        assert_eq!(lower.len(), 2, "{names:?}");
        let mut reversed = urls.to_vec();
        reversed.reverse();
        assert_eq!(assign(&reversed, None, &BTreeSet::new()), names);
    }

    proptest! {
        #[test]
        fn every_name_stays_below_its_folder(path in "\\PC{0,400}") {
            let name = of_path(&path);
            prop_assert!(name.len() <= 6 * 75);
            let segments = name.strip_suffix(".md").expect("names end in .md");
            for segment in segments.split('/') {
                prop_assert!(!segment.is_empty() && segment.len() <= 75);
                prop_assert!(segment.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
                prop_assert!(!DEVICES.contains(&segment));
            }
            prop_assert!(Path::new(&name).components().all(|c| matches!(c, Component::Normal(_))));
        }
    }
}
