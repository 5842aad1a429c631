//! Components that many pages show in the same words: read once, kept once.
//!
//! A documentation site repeats its components on every page that uses them, and a page is mostly
//! such copies. A copy is known by its text alone, before it is read. Where it stands matters only
//! when something is said about it: its tree counts lines from its own beginning, and is put into
//! its page ([`Copies::put`]) where a stage has to see it there.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use foldhash::fast::RandomState;

use crate::{
    node::{Key, Map, Node, Value},
    page::{PageIndex, Span},
    yaml::{self, Origin, cut},
};

/// The key that pages repeat things below.
const KEY: &str = "components";
/// Read for every page by itself: small, and other pages are read by what stands there.
const NOT_SHARED: &str = "securitySchemes";
/// Of what every tree of a part says its place, until it is put into a page.
const NOWHERE: Origin = Origin {
    page: PageIndex(0),
    first_line: 1,
    indent: 0,
};

/// The components of one fragment that other fragments may have as well, by section and name.
///
/// In the fragment's own tree an empty object stands for each of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Copies(BTreeMap<Key, BTreeMap<Key, Copy>>);

/// One component of one fragment.
#[derive(Clone, Debug)]
pub(crate) struct Copy {
    /// Its tree, with places counted from its own first line.
    pub(crate) tree: Arc<Node>,
    /// How many lines of its page stand before it.
    lines: u32,
}

impl Copies {
    /// The component of this name, where it is shared.
    pub(crate) fn get(&self, section: &str, name: &str) -> Option<&Copy> {
        self.0.get(section)?.get(name)
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Key, &Key, &Copy)> {
        (self.0.iter()).flat_map(|(section, names)| {
            names.iter().map(move |(name, copy)| (section, name, copy))
        })
    }

    /// Puts trees into the fragment's own: those that `chosen` names. The others stay shared, with
    /// the tree that it gives back.
    pub(crate) fn put(
        &mut self,
        root: &mut Node,
        mut chosen: impl FnMut(&Key, &Key, Arc<Node>) -> Fate,
    ) {
        for (section, names) in &mut self.0 {
            let mut into = root
                .get_mut(KEY)
                .and_then(|components| components.get_mut(section));
            *names = std::mem::take(names)
                .into_iter()
                .filter_map(|(name, copy)| match chosen(section, &name, copy.tree) {
                    Fate::Stays(tree) => Some((name, Copy { tree, ..copy })),
                    Fate::Put(tree) => {
                        if let Some(place) = into.as_mut().and_then(|node| node.get_mut(&name)) {
                            let mut node = Arc::unwrap_or_clone(tree);
                            settle(&mut node, place.span.page, copy.lines);
                            place.value = node.value;
                        }
                        None
                    }
                })
                .collect();
        }
    }

    fn insert(&mut self, section: &str, name: Key, copy: Copy) {
        let names = self.0.entry(section.into()).or_default();
        names.insert(name, copy);
    }
}

/// What becomes of a copy.
pub(crate) enum Fate {
    /// It stays shared.
    Stays(Arc<Node>),
    /// It becomes the fragment's own.
    Put(Arc<Node>),
}

/// A document of this one component.
pub(crate) fn document(section: &str, name: &str, tree: Node) -> Node {
    let span = tree.span;
    let names = Node::object(span, [(name, tree)]);
    let sections = Node::object(span, [(section, names)]);
    Node::object(span, [(KEY, sections)])
}

/// The component of such a document.
pub(crate) fn taken(mut document: Node, section: &str, name: &str) -> Option<Node> {
    document.get_mut(KEY)?.get_mut(section)?.remove(name)
}

/// Gives a tree its place in a page.
fn settle(node: &mut Node, page: PageIndex, lines: u32) {
    if !node.span.is_none() {
        node.span = Span {
            page,
            line: node.span.line.saturating_add(lines),
            ..node.span
        };
    }
    match &mut node.value {
        Value::Array(nodes) => {
            for node in nodes {
                settle(node, page, lines);
            }
        }
        Value::Object(map) => {
            for node in map.values_mut() {
                settle(node, page, lines);
            }
        }
        _ => {}
    }
}

/// The parts that were read so far, by their text. Threads may meet at one: one of them reads it.
#[derive(Default)]
pub(crate) struct Parts<'t> {
    known: Mutex<HashMap<&'t str, Reading, RandomState>>,
}

/// A part that is read, or about to be; `None` where its text alone does not tell what it says.
type Reading = Arc<OnceLock<Option<Part>>>;

/// A component and its name.
#[derive(Clone)]
struct Part {
    name: Key,
    tree: Arc<Node>,
}

impl<'t> Parts<'t> {
    /// Reads a page's text, and what other pages show as well only once. `None` where it must be
    /// read as a whole to know what it says.
    pub(crate) fn read(&self, text: &'t str, origin: Origin) -> Option<(Node, Copies)> {
        let is_openapi = text.starts_with("openapi:") || text.contains("\nopenapi:");
        if origin.indent > 0 || !is_openapi {
            return None;
        }
        let cut = cut::below(text, KEY)?;
        let mut root = yaml::parse_part(cut.head, origin, 0)?;
        let mut copies = Copies::default();
        let mut components = Map::new();
        let place = |line: u32, column: u32| Span {
            page: origin.page,
            line: origin.first_line.saturating_add(line).saturating_sub(1),
            column,
        };
        for section in &cut.sections {
            let mut names = Map::with_capacity(section.parts.len());
            for part in &section.parts {
                let lines = origin
                    .first_line
                    .saturating_add(part.line)
                    .saturating_sub(2);
                let Part { name, tree } = self.part(part.text)?;
                let span = place(part.line, tree.span.column);
                let known = if section.name == NOT_SHARED {
                    let mut node = Node::clone(&tree);
                    settle(&mut node, origin.page, lines);
                    names.insert(name, node)
                } else {
                    copies.insert(section.name, name.clone(), Copy { tree, lines });
                    names.insert(name, Node::new(span, Map::new()))
                };
                if known.is_some() {
                    return None;
                }
            }
            let span = place(section.line, section.column);
            let node = Node::new(span, names);
            if components.insert(section.name, node).is_some() {
                return None;
            }
        }
        let components = Node::new(place(cut.line, 1), components);
        let map = root
            .as_object_mut()
            .filter(|map| map.contains_key("openapi"))?;
        map.insert(KEY, components)
            .is_none()
            .then_some((root, copies))
    }

    fn part(&self, text: &'t str) -> Option<Part> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let part = Arc::clone(known.entry(text).or_default());
        drop(known);
        part.get_or_init(|| {
            let Value::Object(map) = yaml::parse_part(text, NOWHERE, 2)?.value else {
                return None;
            };
            let mut members = map.into_iter();
            let (Some((name, node)), None) = (members.next(), members.next()) else {
                return None;
            };
            let tree = Arc::new(node);
            Some(Part { name, tree })
        })
        .clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(page: u32, first_line: u32) -> Origin {
        Origin {
            page: PageIndex(page),
            first_line,
            indent: 0,
        }
    }

    const PAGE: &str = "openapi: 3.1.0\npaths: {}\ncomponents:\n  schemas:\n    A:\n      type: \
                        string\n    B:\n      type: integer\n  securitySchemes:\n    key:\n      \
                        type: apiKey\n";

    #[test]
    fn what_two_pages_show_is_one_tree() {
        let parts = Parts::default();
        let (mut root, mut copies) = parts.read(PAGE, origin(0, 10)).unwrap();
        let other = PAGE.replace("paths: {}", "info: {}\npaths: {}");
        let (_, others) = parts.read(&other, origin(1, 20)).unwrap();
        for name in ["A", "B"] {
            let one = &copies.get("schemas", name).unwrap().tree;
            let two = &others.get("schemas", name).unwrap().tree;
            assert!(Arc::ptr_eq(one, two), "{name}");
        }
        assert!(copies.get("securitySchemes", "key").is_none());
        copies.put(&mut root, |_, _, tree| Fate::Put(tree));
        let kind = root.pointer("/components/schemas/B/type").unwrap();
        assert_eq!((kind.as_str(), kind.span.line), (Some("integer"), 17));
    }

    #[test]
    fn what_reaches_beyond_a_part_is_read_as_a_whole() {
        for odd in [
            "    A: &a\n      type: string\n",
            "    A:\n      type: !a string\n",
            "    A:\n      type: string\n    A:\n      type: string\n",
            "    A:\n      type: string\n# comment\n",
            "    A:\n      type: string\n---\n",
            "    A: [a\n",
            "    A: {}\r    B: {}\n",
        ] {
            let text = format!("openapi: 3.1.0\ncomponents:\n  schemas:\n{odd}");
            assert!(
                Parts::default().read(&text, origin(0, 1)).is_none(),
                "{odd}"
            );
        }
    }
}
