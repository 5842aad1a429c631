//! `names.lock`: what operations and types are called in code, once published.
//!
//! A name never changes because something was added: what has one keeps it, and newcomers take
//! what is free. Tools only add to the file; a person renames by changing a name and listing the
//! former one, which stays as an alias. What the names look like is the generator's business.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use serde::Deserialize;
use toml::Spanned;

use crate::{
    diag::{Diagnostics, codes::source as codes},
    document::OperationKey,
    page::{Page, PageIndex, Span},
};

/// The file's name, beside `api.toml`.
pub const FILE: &str = "names.lock";

const VERSION: u32 = 1;
const HEADER: &str = "\
# names.lock: what is called how, once published. Written by `cargo xtask names` and `sync-specs`,
# which only add. To rename, change the name and list the former one, which stays as an alias:
#   \"GET /v1/things\" = { name = \"list_things\", was = [\"get_things\"] }
";

/// The names of one API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// By [`operation`], or [`choice`] where one operation takes several bodies.
    pub operations: BTreeMap<String, Entry>,
    /// By the place of the schema in the lowered document (RFC 6901).
    pub types: BTreeMap<String, Entry>,
}

/// One name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name.
    pub name: String,
    /// Former names, which are to be kept as aliases.
    pub was: Vec<String>,
    /// Where it stands in the file.
    pub span: Span,
}

/// Which table of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// `[operations]`.
    Operations,
    /// `[types]`.
    Types,
}

impl Entry {
    /// A name that was never another one.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            was: Vec::new(),
            span: Span::NONE,
        }
    }

    /// The name and those it had.
    fn all(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.name).chain(&self.was)
    }
}

/// The key of an operation: `GET /v1/things`.
pub fn operation(key: &OperationKey) -> String {
    format!("{} {}", key.method.to_ascii_uppercase(), key.path)
}

/// The key of one of several bodies of an operation: `POST /v1/things multipart/form-data`.
pub fn choice(key: &OperationKey, media_type: &str) -> String {
    format!("{} {media_type}", operation(key))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    #[serde(default)]
    operations: BTreeMap<String, Spanned<Value>>,
    #[serde(default)]
    types: BTreeMap<String, Spanned<Value>>,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a name, or `{ name = \"…\", was = [\"…\"] }` after a rename"
)]
enum Value {
    Name(String),
    Renamed(Renamed),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Renamed {
    name: String,
    was: Vec<String>,
}

/// Reads the file; where that fails, no names and an error.
pub fn parse(page: &Page, index: PageIndex, diags: &mut Diagnostics) -> Names {
    let file: File = match toml::from_str(&page.text) {
        Ok(file) => file,
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let message: Vec<&str> = error.message().lines().collect();
            diags.error(
                codes::NAMES,
                Lines::of(page, index).at(at),
                message.join(", "),
            );
            return Names::default();
        }
    };
    let lines = Lines::of(page, index);
    if file.version != VERSION {
        let message = format!("version {} is not known here, only {VERSION}", file.version);
        diags.error(codes::NAMES, lines.at(0), message);
        return Names::default();
    }
    let mut read = |table: BTreeMap<String, Spanned<Value>>, good: fn(&str) -> bool, help: &str| {
        table
            .into_iter()
            .map(|(key, value)| {
                let span = lines.at(value.span().start);
                if !good(&key) {
                    diags
                        .error(codes::NAMES, span, format!("`{key}` is no key"))
                        .help(help);
                }
                let (name, was) = match value.into_inner() {
                    Value::Name(name) => (name, Vec::new()),
                    Value::Renamed(renamed) => (renamed.name, renamed.was),
                };
                (key, Entry { name, was, span })
            })
            .collect()
    };
    Names {
        operations: read(
            file.operations,
            |key| {
                key.split_once(' ').is_some_and(|(method, path)| {
                    !method.is_empty()
                        && method.chars().all(|c| c.is_ascii_uppercase())
                        && path.starts_with('/')
                })
            },
            "an operation is named by `METHOD /path`, as in `\"GET /v1/things\"`",
        ),
        types: read(
            file.types,
            |key| key.starts_with('/'),
            "a type is named by the place of its schema, as in `\"/components/schemas/Thing\"`",
        ),
    }
}

/// Where the lines of a text begin.
struct Lines {
    page: PageIndex,
    begin: Vec<usize>,
}

impl Lines {
    fn of(page: &Page, index: PageIndex) -> Self {
        let ends = page.text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            page: index,
            begin: std::iter::once(0).chain(ends).collect(),
        }
    }

    /// The line of a byte; names begin their lines.
    fn at(&self, byte: usize) -> Span {
        let line = self.begin.partition_point(|begin| *begin <= byte);
        Span {
            page: self.page,
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: 1,
        }
    }
}

impl Names {
    /// Adds what has no name yet. What has one keeps it, whatever `found` says, and a name that
    /// stands for something else, now or formerly, is given to nobody new.
    ///
    /// An entry whose thing is gone stays, so that the thing has its name should it come back; only
    /// where something new is called so does the name go over to it.
    pub fn append(&mut self, found: &Self) {
        add(&mut self.operations, &found.operations, "_");
        add(&mut self.types, &found.types, "");
    }

    /// Renames something, on purpose; the former name stays as an alias.
    pub fn rename(&mut self, table: Table, key: &str, name: &str) -> Result<(), String> {
        let table = match table {
            Table::Operations => &mut self.operations,
            Table::Types => &mut self.types,
        };
        let is_other = |(other, entry): (&String, &Entry)| {
            other != key && entry.all().any(|taken| taken == name)
        };
        if table.iter().any(is_other) {
            return Err(format!("`{name}` is taken"));
        }
        let Some(entry) = table.get_mut(key) else {
            return Err(format!("nothing is called `{key}` here"));
        };
        if entry.name != name {
            let former = std::mem::replace(&mut entry.name, name.to_owned());
            // Going back is a rename like any other.
            entry.was.retain(|was| was != name);
            entry.was.push(former);
        }
        Ok(())
    }

    /// The file's text: sorted, one form for one content.
    pub fn write(&self) -> String {
        let mut text = format!("{HEADER}version = {VERSION}\n");
        for (title, table) in [("operations", &self.operations), ("types", &self.types)] {
            if table.is_empty() {
                continue;
            }
            let _ = writeln!(text, "\n[{title}]");
            for (key, entry) in table {
                let (key, name) = (quoted(key), quoted(&entry.name));
                let _ = if entry.was.is_empty() {
                    writeln!(text, "{key} = {name}")
                } else {
                    let was: Vec<String> = entry.was.iter().map(|was| quoted(was)).collect();
                    let was = was.join(", ");
                    writeln!(text, "{key} = {{ name = {name}, was = [{was}] }}")
                };
            }
        }
        text
    }
}

fn add(known: &mut BTreeMap<String, Entry>, found: &BTreeMap<String, Entry>, before_number: &str) {
    // Names of what is still there, and who has the name of something that isn't.
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut left: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, entry) in &*known {
        if found.contains_key(key) {
            taken.extend(entry.all().cloned());
        } else {
            let keys = left.entry(entry.name.clone()).or_default();
            keys.push(key.clone());
        }
    }
    for (key, entry) in found {
        if known.contains_key(key) {
            continue;
        }
        let mut name = entry.name.clone();
        let mut number = 2;
        while taken.contains(&name) {
            name = format!("{}{before_number}{number}", entry.name);
            number += 1;
        }
        for gone in left.remove(&name).unwrap_or_default() {
            known.remove(&gone);
        }
        taken.insert(name.clone());
        known.insert(key.clone(), Entry::new(name));
    }
}

/// A string as TOML writes it.
fn quoted(text: &str) -> String {
    // JSON's escapes are among TOML's, which has one more character that can't stand as it is.
    let json = serde_json::Value::from(text).to_string();
    json.replace('\u{7f}', "\\u007F")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(operations: &[(&str, &str)]) -> Names {
        Names {
            operations: operations
                .iter()
                .map(|(key, name)| ((*key).to_owned(), Entry::new(*name)))
                .collect(),
            ..Names::default()
        }
    }

    fn read(text: &str) -> (Names, Vec<String>) {
        let page = crate::source::page("acme/names.lock", text);
        let mut diags = Diagnostics::default();
        let names = parse(&page, PageIndex(0), &mut diags);
        let said = diags
            .iter()
            .map(|d| format!("{}: {}", d.span.line, d.message));
        (names, said.collect())
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
    fn a_name_goes_over_when_its_operation_is_gone_and_another_one_is_called_so() {
        let mut names = of(&[("GET /v1/a", "get_a"), ("GET /v1/b", "get_b")]);
        names.append(&of(&[("GET /v2/a", "get_a")]));
        assert_eq!(
            names,
            of(&[("GET /v1/b", "get_b"), ("GET /v2/a", "get_a")]),
            "a moved operation is not numbered for ever"
        );
    }

    #[test]
    fn a_rename_is_explicit_and_leaves_an_alias() {
        let mut names = of(&[("GET /a", "get_a"), ("GET /b", "get_b")]);
        let rename =
            |names: &mut Names, key: &str, name: &str| names.rename(Table::Operations, key, name);
        rename(&mut names, "GET /a", "fetch_a").expect("the name is free");
        assert_eq!(names.operations["GET /a"].was, ["get_a"]);
        assert!(
            rename(&mut names, "GET /b", "get_a").is_err(),
            "a former name is not given away"
        );
        assert!(rename(&mut names, "GET /b", "fetch_a").is_err());
        assert!(rename(&mut names, "GET /c", "c").is_err());
        names.append(&of(&[
            ("GET /a", "fetch_a"),
            ("GET /b", "get_b"),
            ("GET /c", "get_a"),
        ]));
        assert_eq!(names.operations["GET /c"].name, "get_a_2");
        rename(&mut names, "GET /a", "get_a").expect("going back is a rename like any other");
        assert_eq!(names.operations["GET /a"].was, ["fetch_a"]);
        let (again, said) = read(&names.write());
        assert!(said.is_empty(), "{said:?}");
        assert_eq!(again.write(), names.write());
        assert_eq!(again.operations["GET /a"].was, ["fetch_a"]);
    }

    #[test]
    fn what_is_wrong_has_a_line() {
        for (text, line, word) in [
            ("version = 2\n", "1: ", "version 2"),
            (
                "version = 1\n[operations]\n\"a\" = \"b\"\n",
                "3: ",
                "`a` is no key",
            ),
            (
                "version = 1\n\n[types]\nThing = \"Thing\"\n",
                "4: ",
                "no key",
            ),
            (
                "version = 1\n[operations]\n\"GET /\" = 1\n",
                "3: ",
                "a name, or",
            ),
            ("version = 1\n[others]\n", "2: ", "others"),
            ("", "1: ", "version"),
        ] {
            let (_, said) = read(text);
            let good = said
                .first()
                .is_some_and(|s| s.starts_with(line) && s.contains(word));
            assert!(good, "{text:?}: {said:?}");
        }
    }
}
