//! `specs.lock`: where each page came from and what it was. Written by this crate only.
//!
//! There is no clock in it: a sync without changes leaves a clean tree.

use std::fmt::Write as _;

use serde::Deserialize;

use crate::fetch::Validators;

/// The format's version.
const VERSION: u32 = 1;

/// The whole lock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The format.
    pub version: u32,
    /// The version of the tool that wrote it.
    pub tool: String,
    /// The index.
    pub index: Option<Source>,
    /// The pages, by file.
    #[serde(default, rename = "page")]
    pub pages: Vec<Entry>,
    /// What was listed and is no specification, so that it isn't read again while it stays as it is.
    #[serde(default, rename = "other")]
    pub others: Vec<Other>,
    /// Changes that somebody accepted by fingerprint, the last ones only.
    #[serde(default)]
    pub accepted: Vec<Accepted>,
}

/// An index or a document.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Where it is.
    pub url: String,
    /// Its hash as served.
    pub sha256: String,
    /// Its `ETag`.
    pub etag: Option<String>,
}

/// One committed page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Below `pages/`.
    pub file: String,
    /// Where it was fetched; pages given by hand may have none.
    pub url: Option<String>,
    /// `METHOD /path`, as far as the page says; one line per operation.
    #[serde(default, deserialize_with = "one_or_many", rename = "operation")]
    pub operations: Vec<String>,
    /// Of the page as served.
    pub sha256: String,
    /// Of its specification blocks: prose edits are not API changes.
    pub fragment_sha256: String,
    /// For conditional requests.
    pub etag: Option<String>,
    /// For conditional requests.
    pub last_modified: Option<String>,
}

impl Entry {
    /// For the next request.
    pub fn validators(&self) -> Validators {
        Validators {
            etag: self.etag.clone(),
            last_modified: self.last_modified.clone(),
        }
    }
}

/// A listed page that holds no specification.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Other {
    /// Where it is.
    pub url: String,
    /// What it is.
    pub kind: String,
    /// Of the page as served.
    pub sha256: String,
    /// For conditional requests.
    pub etag: Option<String>,
    /// For conditional requests.
    pub last_modified: Option<String>,
}

/// An acceptance.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The change's fingerprint.
    pub id: String,
    /// What it was.
    pub change: String,
}

/// `operation` is a text or a list of them.
fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}

impl Lock {
    /// Reads a lock.
    pub fn parse(text: &str) -> Result<Self, String> {
        let lock: Self = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        if lock.version != VERSION {
            return Err(format!(
                "it has version {}, and this tool reads version {VERSION}",
                lock.version
            ));
        }
        Ok(lock)
    }

    /// The entry of a file.
    pub fn file(&self, file: &str) -> Option<&Entry> {
        self.pages.iter().find(|entry| entry.file == file)
    }

    /// The lock as text: sorted, one form for one content.
    pub fn write(&self) -> String {
        let mut text =
            String::from("# specs.lock, written by `cargo xtask sync-specs`; do not edit\n");
        let _ = writeln!(text, "version = {VERSION}");
        let _ = writeln!(text, "tool = {}", quoted(&self.tool));
        if let Some(index) = &self.index {
            let _ = write!(
                text,
                "index = {{ url = {}, sha256 = {}",
                quoted(&index.url),
                quoted(&index.sha256)
            );
            if let Some(etag) = &index.etag {
                let _ = write!(text, ", etag = {}", quoted(etag));
            }
            text.push_str(" }\n");
        }
        let mut pages: Vec<&Entry> = self.pages.iter().collect();
        pages.sort_by(|a, b| a.file.cmp(&b.file));
        for page in pages {
            text.push_str("\n[[page]]\n");
            key(&mut text, "file", Some(&page.file));
            key(&mut text, "url", page.url.as_ref());
            match page.operations.as_slice() {
                [] => {}
                [one] => key(&mut text, "operation", Some(one)),
                many => {
                    text.push_str("operation = [\n");
                    for operation in many {
                        let _ = writeln!(text, "    {},", quoted(operation));
                    }
                    text.push_str("]\n");
                }
            }
            key(&mut text, "sha256", Some(&page.sha256));
            key(&mut text, "fragment_sha256", Some(&page.fragment_sha256));
            key(&mut text, "etag", page.etag.as_ref());
            key(&mut text, "last_modified", page.last_modified.as_ref());
        }
        let mut others: Vec<&Other> = self.others.iter().collect();
        others.sort_by(|a, b| a.url.cmp(&b.url));
        for other in others {
            text.push_str("\n[[other]]\n");
            key(&mut text, "url", Some(&other.url));
            key(&mut text, "kind", Some(&other.kind));
            key(&mut text, "sha256", Some(&other.sha256));
            key(&mut text, "etag", other.etag.as_ref());
            key(&mut text, "last_modified", other.last_modified.as_ref());
        }
        let mut accepted: Vec<&Accepted> = self.accepted.iter().collect();
        accepted.sort_by(|a, b| a.id.cmp(&b.id));
        for acceptance in accepted {
            text.push_str("\n[[accepted]]\n");
            key(&mut text, "id", Some(&acceptance.id));
            key(&mut text, "change", Some(&acceptance.change));
        }
        text
    }
}

fn key(text: &mut String, name: &str, value: Option<&String>) {
    if let Some(value) = value {
        let _ = writeln!(text, "{name} = {}", quoted(value));
    }
}

/// A TOML basic string, on one line.
pub(crate) fn quoted(value: &str) -> String {
    let mut text = String::from("\"");
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(text, "\\u{:04X}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Lock {
        Lock {
            version: VERSION,
            tool: "0.1.0".to_owned(),
            index: Some(Source {
                url: "https://docs.acme.test/llms.txt".to_owned(),
                sha256: "9c".to_owned(),
                etag: Some("\"66b\"".to_owned()),
            }),
            pages: vec![
                Entry {
                    file: "b.md".to_owned(),
                    operations: vec!["GET /b".to_owned(), "PUT /b".to_owned()],
                    sha256: "1".to_owned(),
                    fragment_sha256: "2".to_owned(),
                    ..Entry::default()
                },
                Entry {
                    file: "a.md".to_owned(),
                    url: Some("https://docs.acme.test/a.md".to_owned()),
                    operations: vec!["GET /a".to_owned()],
                    sha256: "3".to_owned(),
                    fragment_sha256: "4".to_owned(),
                    etag: Some("W/\"x\\y\"".to_owned()),
                    last_modified: Some("Sun, 06 Nov 1994 08:49:37 GMT".to_owned()),
                },
            ],
            others: vec![Other {
                url: "https://docs.acme.test/guide.md".to_owned(),
                kind: "guide".to_owned(),
                sha256: "5".to_owned(),
                etag: None,
                last_modified: None,
            }],
            accepted: vec![Accepted {
                id: "0123456789ab".to_owned(),
                change: "x \u{7} → y".to_owned(),
            }],
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = sample().write();
        let mut expected = sample();
        expected.pages.reverse(); // sorted by file
        assert_eq!(Lock::parse(&text).expect("it was just written"), expected);
        assert_eq!(
            Lock::parse(&text).expect("it was just written").write(),
            text
        );
        insta::assert_snapshot!(text);
    }

    #[test]
    fn another_version_is_refused() {
        let text = sample().write().replace("version = 1", "version = 2");
        assert!(Lock::parse(&text).is_err());
        assert!(Lock::parse("version = 1\ntool = \"x\"\nsurprise = 1\n").is_err());
        assert!(Lock::parse("not toml").is_err());
    }
}
