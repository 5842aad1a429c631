//! What became of the Rust surface: asked of whoever knows the generator.
//!
//! This crate must never know how code is generated. Without a generator at hand, [`Unknown`]
//! answers, and the report explains by its table alone.

use std::collections::BTreeMap;

use specmint_spec::{api::Api, document::Document};

use crate::names::Names;

/// Knows what a document becomes in Rust.
pub trait Surface: Sync {
    /// The public items of the client made of a document: path and signature, one line each.
    fn outline(&self, document: &Document, api: &Api) -> Option<Vec<String>>;

    /// What operations and types are called, published names included; `None` where nobody knows,
    /// and the reason where nothing can be made of the document.
    fn names(&self, document: &Document, api: &Api) -> Result<Option<Names>, String>;
}

/// Knows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unknown;

impl Surface for Unknown {
    fn outline(&self, _: &Document, _: &Api) -> Option<Vec<String>> {
        None
    }

    fn names(&self, _: &Document, _: &Api) -> Result<Option<Names>, String> {
        Ok(None)
    }
}

/// The lines of an outline that is indented like Rust code, each behind the lines that enclose it,
/// so that the same field of two types is two lines. What an item derives is a line for each trait.
pub fn qualified(outline: &str) -> Vec<String> {
    let mut open: Vec<(usize, &str)> = Vec::new();
    let mut attributes: Vec<String> = Vec::new();
    let mut lines = Vec::new();
    for line in outline.lines() {
        let text = line.trim();
        let indent = line.len() - line.trim_start().len();
        while open.last().is_some_and(|(at, _)| *at >= indent) {
            open.pop();
        }
        if text.is_empty() || text.chars().all(|c| "{}();,".contains(c)) {
            continue;
        }
        let derived = text
            .strip_prefix("#[derive(")
            .and_then(|rest| rest.strip_suffix(")]"));
        if let Some(traits) = derived {
            attributes.extend(traits.split(", ").map(|name| format!("derives {name}")));
            continue;
        }
        // That something is deprecated, or no longer is, breaks nobody.
        if text.starts_with("#[") && text.ends_with(']') {
            continue;
        }
        let mut path: Vec<&str> = open.iter().map(|(_, text)| *text).collect();
        path.push(text);
        let line = path.join(" ");
        let attributes = attributes.drain(..);
        lines.extend(attributes.map(|attribute| format!("{line} {attribute}")));
        lines.push(line);
        if text.ends_with(['{', '(']) {
            open.push((indent, text));
        }
    }
    lines
}

/// How two outlines differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Lines that are gone or changed: code that uses them no longer compiles.
    pub removed: Vec<String>,
    /// Lines that are new.
    pub added: Vec<String>,
}

impl Difference {
    /// Compares two outlines as sets of lines: their order is no promise.
    pub fn between(old: &[String], new: &[String]) -> Self {
        let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
        for line in old {
            *counts.entry(line.as_str()).or_default() -= 1;
        }
        for line in new {
            *counts.entry(line.as_str()).or_default() += 1;
        }
        let mut difference = Self::default();
        for (line, count) in counts {
            match count {
                ..=-1 => difference.removed.push(line.to_owned()),
                0 => {}
                1.. => difference.added.push(line.to_owned()),
            }
        }
        difference
    }

    /// Whether code that compiled may not any more.
    pub fn is_breaking(&self) -> bool {
        !self.removed.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_field_of_two_types_is_two_lines() {
        let outline = "#[derive(Clone, Debug)]\n#[non_exhaustive]\npub struct A {\n    pub id: String,\n}\npub mod m {\n    pub struct B {\n        pub id: String,\n    }\n}\n";
        assert_eq!(
            qualified(outline),
            [
                "pub struct A { derives Clone",
                "pub struct A { derives Debug",
                "pub struct A {",
                "pub struct A { pub id: String,",
                "pub mod m {",
                "pub mod m { pub struct B {",
                "pub mod m { pub struct B { pub id: String,",
            ]
        );
    }

    #[test]
    fn a_changed_signature_is_a_removed_one() {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let old = lines("fn a() -> i64\nfn b()");
        assert!(!Difference::between(&old, &lines("fn b()\nfn c()\nfn a() -> i64")).is_breaking());
        let difference = Difference::between(&old, &lines("fn a() -> f64\nfn b()"));
        assert_eq!(difference.removed, ["fn a() -> i64"]);
        assert_eq!(difference.added, ["fn a() -> f64"]);
    }
}
