//! References into other files of the input → components.

use std::collections::{BTreeMap, BTreeSet};

use super::identity::section_kind;
use crate::{
    diag::Diagnostics,
    fragment::Fragment,
    node::{Key, Map, Node, Value, escape_pointer},
    normalize,
    page::{PageIndex, Sources},
    walk::{self, Kind, Path},
    yaml,
};

/// How many parts of other files are taken in for one document.
const MAX_PARTS: usize = 20_000;

/// A part of another file: the file and the pointer into it.
type Part = (PageIndex, String);

/// What was taken in, and what is still to be.
struct Bundle<'s> {
    sources: &'s Sources,
    /// Files as read; `None` for one that can't be read, which was said.
    files: BTreeMap<PageIndex, Option<Node>>,
    /// The component of every part.
    names: BTreeMap<Part, (&'static str, String)>,
    /// Parts whose content is not there yet.
    open: Vec<Part>,
    /// Names that are taken, by section.
    taken: BTreeMap<&'static str, BTreeSet<String>>,
}

/// Takes everything into a document that its `$ref`s find in other files of the input.
///
/// What is not part of the input stays as it is; it leads nowhere.
pub(super) fn external(fragment: &mut Fragment, sources: &Sources, diags: &mut Diagnostics) {
    if walk::is_self_contained(&fragment.root) {
        return; // what is shared leads to no other file
    }
    fragment.whole();
    let mut bundle = Bundle {
        sources,
        files: BTreeMap::new(),
        names: BTreeMap::new(),
        open: Vec::new(),
        taken: BTreeMap::new(),
    };
    let components = fragment.root.get("components").and_then(Node::as_object);
    for (section, members) in components.into_iter().flatten() {
        if let Some(section) = SECTIONS.iter().find(|known| *known == section) {
            let names = members
                .as_object()
                .into_iter()
                .flat_map(Map::keys)
                .map(Key::to_string)
                .collect();
            bundle.taken.insert(section, names);
        }
    }
    let home = fragment.page;
    bundle.redirect(&mut fragment.root, Kind::Document, home, home, diags);
    while let Some(part) = bundle.open.pop() {
        if bundle.names.len() > MAX_PARTS {
            break;
        }
        let Some((section, name)) = bundle.names.get(&part).cloned() else {
            continue;
        };
        let Some(mut node) = bundle.content(&part) else {
            continue;
        };
        let kind = section_kind(section);
        normalize::foreign(&mut node, kind, diags);
        bundle.redirect(&mut node, kind, part.0, home, diags);
        put(&mut fragment.root, section, name, node);
    }
}

const SECTIONS: [&str; 10] = [
    "schemas",
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "securitySchemes",
    "links",
    "callbacks",
    "pathItems",
];

/// Where a thing of a kind stands among components.
fn section(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Schema => "schemas",
        Kind::Response => "responses",
        Kind::Parameter => "parameters",
        Kind::Example => "examples",
        Kind::RequestBody => "requestBodies",
        Kind::Header => "headers",
        Kind::SecurityScheme => "securitySchemes",
        Kind::Link => "links",
        Kind::Callback => "callbacks",
        Kind::PathItem => "pathItems",
        _ => return None,
    })
}

impl Bundle<'_> {
    /// Points every reference of a tree that was written in `file` at components of the document.
    fn redirect(
        &mut self,
        node: &mut Node,
        kind: Kind,
        file: PageIndex,
        home: PageIndex,
        diags: &mut Diagnostics,
    ) {
        walk::each_mut(node, kind, &Path::start(""), &mut |node, kind, _| {
            let Some(reference) = node.get_str("$ref") else {
                return;
            };
            if reference.starts_with('#') && file == home {
                return;
            }
            let (name, pointer) = reference.split_once('#').unwrap_or((reference, ""));
            let target = if name.is_empty() {
                Some(file)
            } else {
                self.sources.resolve(file, name)
            };
            let (Some(target), Some(section)) = (target, section(kind)) else {
                return;
            };
            if target == home {
                let span = node.span;
                node.insert("$ref", Node::new(span, format!("#{pointer}")));
                return;
            }
            let part = (target, pointer.to_owned());
            if !self.read(target, diags) || self.content(&part).is_none() {
                return;
            }
            let (section, name) = self.component(part, section);
            let text = format!("#/components/{section}/{}", escape_pointer(&name));
            let span = node.span;
            node.insert("$ref", Node::new(span, text));
        });
    }

    /// Reads a file once; whether it can be read.
    fn read(&mut self, file: PageIndex, diags: &mut Diagnostics) -> bool {
        let sources = self.sources;
        self.files
            .entry(file)
            .or_insert_with(|| yaml::parse_document(sources.get(file)?, file, diags).ok())
            .is_some()
    }

    fn content(&self, (file, pointer): &Part) -> Option<Node> {
        self.files.get(file)?.as_ref()?.pointer(pointer).cloned()
    }

    /// The component of a part, under a free name made of the pointer's end or the file's name.
    fn component(&mut self, part: Part, section: &'static str) -> (&'static str, String) {
        if let Some(known) = self.names.get(&part) {
            return known.clone();
        }
        let last = part.1.rsplit('/').next().filter(|last| !last.is_empty());
        let stem = self
            .sources
            .get(part.0)
            .map(|page| page.id.0.as_str())
            .unwrap_or_default();
        let stem = stem.rsplit('/').next().unwrap_or_default();
        let stem = stem.split('.').next().unwrap_or_default();
        let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let base: String = last
            .unwrap_or(stem)
            .chars()
            .map(|c| if valid(c) { c } else { '_' })
            .collect();
        let taken = self.taken.entry(section).or_default();
        let mut name = base.clone();
        let mut number = 2_usize;
        while taken.contains(&name) {
            name = format!("{base}{number}");
            number += 1;
        }
        taken.insert(name.clone());
        self.names.insert(part.clone(), (section, name.clone()));
        self.open.push(part);
        (section, name)
    }
}

fn put(root: &mut Node, section: &str, name: String, node: Node) {
    let span = node.span;
    let empty = || Node {
        span,
        value: Value::Object(Map::new()),
    };
    let Some(map) = root.as_object_mut() else {
        return;
    };
    let components = map.entry("components".to_owned()).or_insert_with(empty);
    let Some(components) = components.as_object_mut() else {
        return;
    };
    let members = components.entry(section.to_owned()).or_insert_with(empty);
    members.insert(name, node);
}
