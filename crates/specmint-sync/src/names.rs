//! `names.lock`: what operations and types are called in Rust, once published. Append-only: a name
//! never changes because something was added.

use std::{collections::BTreeMap, fmt::Write as _};

use serde::Deserialize;

use crate::lock::quoted;

/// The names of one API.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Names {
    /// The format's version.
    pub version: u32,
    /// `METHOD /path` to method name.
    pub operations: BTreeMap<String, String>,
    /// Schema pointer to type name.
    pub types: BTreeMap<String, String>,
    /// A former method name to the `METHOD /path` it still stands for, deprecated.
    pub aliases: BTreeMap<String, String>,
}

impl Names {
    /// Reads the file.
    pub fn parse(text: &str) -> Result<Self, String> {
        let names: Self = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        if names.version != 1 {
            return Err(format!(
                "it has version {}, and this tool reads version 1",
                names.version
            ));
        }
        Ok(names)
    }

    /// Adds what has no name yet. What has one keeps it, whatever `found` says; and a name that
    /// stands for something else, published or former, is given to nobody new.
    pub fn append(&mut self, found: &Self) {
        add(&mut self.operations, &found.operations, &self.aliases);
        add(&mut self.types, &found.types, &BTreeMap::new());
        self.version = 1;
    }

    /// Renames an operation, on purpose; the former name stays as a deprecated alias.
    pub fn rename(&mut self, operation: &str, name: &str) -> Result<(), String> {
        let Some(former) = self.operations.get(operation).cloned() else {
            return Err(format!("no operation `{operation}`"));
        };
        if former == name {
            return Ok(());
        }
        let taken = self.operations.values().any(|n| n == name)
            || self.aliases.get(name).is_some_and(|of| of != operation);
        if taken {
            return Err(format!("`{name}` is taken"));
        }
        self.aliases.remove(name);
        self.aliases.insert(former, operation.to_owned());
        self.operations
            .insert(operation.to_owned(), name.to_owned());
        Ok(())
    }

    /// The file's text: sorted, one form for one content.
    pub fn write(&self) -> String {
        let mut text = String::from(
            "# names.lock, written by `cargo xtask sync-specs`; names are only ever added\nversion = 1\n",
        );
        for (title, table) in [
            ("operations", &self.operations),
            ("types", &self.types),
            ("aliases", &self.aliases),
        ] {
            if table.is_empty() {
                continue;
            }
            let _ = writeln!(text, "\n[{title}]");
            for (key, value) in table {
                let _ = writeln!(text, "{} = {}", quoted(key), quoted(value));
            }
        }
        text
    }
}

fn add(
    known: &mut BTreeMap<String, String>,
    found: &BTreeMap<String, String>,
    aliases: &BTreeMap<String, String>,
) {
    for (key, name) in found {
        if known.contains_key(key) {
            continue;
        }
        let taken = |name: &str| {
            known.values().any(|n| n == name) || aliases.get(name).is_some_and(|of| of != key)
        };
        let mut free = name.clone();
        let mut number = 2;
        while taken(&free) {
            free = format!("{name}_{number}");
            number += 1;
        }
        known.insert(key.clone(), free);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(operations: &[(&str, &str)]) -> Names {
        Names {
            version: 1,
            operations: operations
                .iter()
                .map(|(key, name)| ((*key).to_owned(), (*name).to_owned()))
                .collect(),
            ..Names::default()
        }
    }

    #[test]
    fn a_published_name_never_changes_because_something_was_added() {
        let mut names = of(&[("GET /a", "get_a")]);
        // A newcomer whose better claim would have pushed the old one aside.
        names.append(&of(&[("GET /a", "get_a_by_id"), ("GET /b", "get_a")]));
        assert_eq!(names, of(&[("GET /a", "get_a"), ("GET /b", "get_a_2")]));
        let before = names.clone();
        names.append(&of(&[]));
        assert_eq!(names, before, "what disappeared keeps its name");
    }

    #[test]
    fn a_rename_is_explicit_and_leaves_an_alias() {
        let mut names = of(&[("GET /a", "get_a"), ("GET /b", "get_b")]);
        names.rename("GET /a", "fetch_a").expect("the name is free");
        assert_eq!(
            names.aliases.get("get_a").map(String::as_str),
            Some("GET /a")
        );
        assert!(
            names.rename("GET /b", "get_a").is_err(),
            "a former name is not given away"
        );
        assert!(names.rename("GET /b", "fetch_a").is_err());
        assert!(names.rename("GET /c", "c").is_err());
        names.append(&of(&[("GET /c", "get_a")]));
        assert_eq!(names.operations["GET /c"], "get_a_2");
        names
            .rename("GET /a", "get_a")
            .expect("going back is a rename like any other");
        assert_eq!(names.aliases.keys().collect::<Vec<_>>(), ["fetch_a"]);
        assert_eq!(
            Names::parse(&names.write()).expect("it was just written"),
            names
        );
    }
}
