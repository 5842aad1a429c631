//! `$ref`, `$id`, `$anchor`, `$defs`: every reference leads to a component.
//!
//! 3.1: a `$ref` is a URI reference: it may lead to any place of the document, to a `$defs` of its
//! own schema, to an `$anchor`, or to a schema by its `$id`.
//! 3.0: the generator follows `#/components/<section>/<name>` and nothing else.
//! Here: what stands elsewhere moves to `components` under a name made of its place, and a `$ref`
//! is left where it was, so that both places keep sharing one type.
//! Lost: nothing, but for a `$ref` that leads nowhere or out of the document: it is marked here, and
//! [`super::unresolved`] says so once its final place is known.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{
    lower::{
        anchors::Anchors,
        names,
        pointer::Pointer,
        unresolved::{CIRCLE, UNRESOLVED},
        walk::{self, Kind, Place},
    },
    node::{Map, Node, Value, escape_pointer, unescape_pointer},
    page::Span,
};

/// A chain of references longer than this is taken for a circle.
const HOPS: usize = 64;

/// A reference as it stands in the document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Written {
    kind: Kind,
    /// The `$id` whose schema it stands in, as an index into [`Anchors`].
    base: Option<usize>,
    text: String,
}

/// Where a reference leads.
#[derive(Clone, Debug)]
enum Target {
    /// To a component of the right section.
    Component(String),
    /// To something of its kind elsewhere in the document.
    Deep(String),
    /// To something no position of the document: a section of somebody's own.
    Foreign(String),
}

/// Makes every reference lead to a component.
pub(super) fn settle(root: &mut Node) {
    names::legalize(root);
    let anchors = Anchors::find(root);
    super::dynamic_ref::settle(root, &anchors);
    let mut taken = names::taken(root);
    let mut settled: HashMap<Written, Option<String>> = HashMap::new();
    let mut moves: BTreeMap<(Kind, String), String> = BTreeMap::new();
    let mut copies: BTreeMap<(Kind, String), String> = BTreeMap::new();
    let mut fresh = collect(root, Kind::Root, &mut Pointer::default(), &anchors);
    while !fresh.is_empty() {
        let mut added = Vec::new();
        for written in fresh {
            if settled.contains_key(&written) {
                continue;
            }
            let reference = match resolve(root, &written, &anchors) {
                None => None,
                Some(Target::Component(name)) => Some(name),
                Some(Target::Deep(pointer)) => Some(
                    moves
                        .entry((written.kind, pointer.clone()))
                        .or_insert_with(|| {
                            names::from_place(root, written.kind, &pointer, &mut taken)
                        })
                        .clone(),
                ),
                Some(Target::Foreign(pointer)) => {
                    let key = (written.kind, pointer.clone());
                    if let Some(name) = copies.get(&key) {
                        Some(name.clone())
                    } else {
                        let name = names::from_place(root, written.kind, &pointer, &mut taken);
                        if let Some(copy) = root.pointer(&pointer).cloned() {
                            insert(root, written.kind, &name, copy);
                            added.push((written.kind, name.clone()));
                        }
                        copies.insert(key, name.clone());
                        Some(name)
                    }
                }
            };
            let reference = reference.and_then(|name| reference_to(written.kind, &name));
            settled.insert(written, reference);
        }
        fresh = Vec::new();
        for (kind, name) in added {
            let pointer = component_pointer(kind, &name);
            let Some(node) = root.pointer_mut(&pointer) else {
                continue;
            };
            fresh.extend(collect(node, kind, &mut Pointer::new(pointer), &anchors));
        }
    }
    rewrite(root, &settled, &anchors);
    hoist(root, moves);
    break_circles(root);
    cut_dead(root);
}

/// A component's reference.
pub(super) fn reference_to(kind: Kind, name: &str) -> Option<String> {
    Some(format!("#/components/{}/{name}", kind.section()?))
}

/// The fragment of a URI reference, percent-decoded.
pub(super) fn decode(fragment: &str) -> String {
    if !fragment.contains('%') {
        return fragment.to_owned();
    }
    let bytes = fragment.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = |i: usize| char::from(*bytes.get(i)?).to_digit(16);
        if byte == b'%'
            && let (Some(high), Some(low)) = (hex(at + 1), hex(at + 2))
            && let Ok(byte) = u8::try_from(high * 16 + low)
        {
            decoded.push(byte);
            at += 3;
        } else {
            decoded.push(byte);
            at += 1;
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| fragment.to_owned())
}

/// The reference a node is, where it stands where one may.
pub(super) fn text(node: &Node, kind: Kind) -> Option<&str> {
    if kind.may_be_ref() {
        node.get_str("$ref")
    } else {
        None
    }
}

fn component_pointer(kind: Kind, name: &str) -> String {
    format!(
        "/components/{}/{}",
        kind.section().unwrap_or_default(),
        escape_pointer(name)
    )
}

/// Every different reference from `node` down, in the order of the document.
fn collect(node: &mut Node, kind: Kind, at: &mut Pointer, anchors: &Anchors) -> Vec<Written> {
    let mut seen = HashSet::new();
    let mut list = Vec::new();
    walk::each(node, kind, at, &mut |node, kind, at| {
        let mut note = |kind, text: &str| {
            let written = Written {
                kind,
                base: anchors.base(at.as_str()),
                text: text.to_owned(),
            };
            if seen.insert(written.clone()) {
                list.push(written);
            }
        };
        if let Some(text) = text(node, kind) {
            note(kind, text);
        }
        if kind == Kind::Schema {
            for text in mapping(node)
                .into_iter()
                .flat_map(Map::values)
                .filter_map(Node::as_str)
            {
                if text.starts_with('#') {
                    note(kind, text);
                }
            }
        }
    });
    list
}

fn mapping(schema: &Node) -> Option<&Map> {
    schema.get("discriminator")?.get("mapping")?.as_object()
}

fn resolve(root: &Node, written: &Written, anchors: &Anchors) -> Option<Target> {
    let pointer = anchors.locate(root, written.base, &written.text)?;
    let tokens: Vec<String> = pointer.split('/').skip(1).map(unescape_pointer).collect();
    let (pointer, place) = land(root, tokens, written.kind)?;
    let section = written.kind.section()?;
    let mut tokens = pointer.split('/').skip(1);
    if tokens.next() == Some("components")
        && tokens.next() == Some(section)
        && let Some(name) = tokens.next()
        && tokens.next().is_none()
    {
        return Some(Target::Component(unescape_pointer(name)));
    }
    match place {
        Place::On(kind) if kind == written.kind => Some(Target::Deep(pointer)),
        // The wrong section, but what stands there reads the same.
        Place::On(kind) if reads_as(kind, written.kind) => Some(Target::Foreign(pointer)),
        Place::On(_) | Place::In(_) => None,
        Place::Elsewhere => match root.pointer(&pointer)?.value {
            Value::Object(_) => Some(Target::Foreign(pointer)),
            Value::Bool(_) if written.kind == Kind::Schema => Some(Target::Foreign(pointer)),
            _ => None,
        },
    }
}

/// Whether one kind has the members that another needs.
fn reads_as(kind: Kind, wanted: Kind) -> bool {
    matches!(
        (kind, wanted),
        (Kind::RequestBody, Kind::Response)
            | (Kind::Response, Kind::RequestBody)
            | (Kind::Parameter, Kind::Header)
    )
}

/// Walks a pointer through the references it crosses, to where it really leads.
///
/// A target that is a mere reference itself is followed too, unless it is a component: then it has a
/// name that somebody chose.
fn land(root: &Node, mut tokens: Vec<String>, kind: Kind) -> Option<(String, Place)> {
    'again: for _ in 0..HOPS {
        let mut node = root;
        let mut place = Place::On(Kind::Root);
        let mut pointer = String::new();
        for (index, token) in tokens.iter().enumerate() {
            let next = match &node.value {
                Value::Object(map) => map.get(token),
                Value::Array(nodes) => token.parse::<usize>().ok().and_then(|i| nodes.get(i)),
                _ => None,
            };
            let Some(next) = next else {
                let beyond = node.get_str("$ref")?.strip_prefix('#')?;
                let mut through: Vec<String> = decode(beyond)
                    .split('/')
                    .skip(1)
                    .map(unescape_pointer)
                    .collect();
                through.extend(tokens.drain(index..));
                tokens = through;
                continue 'again;
            };
            place = place.step(node, token);
            node = next;
            pointer.push('/');
            pointer.push_str(&escape_pointer(token));
        }
        let component = pointer.starts_with("/components/") && tokens.len() == 3;
        if !component
            && place == Place::On(kind)
            && let Some(map) = node.as_object()
            && map.len() == 1
            && let Some(beyond) = map.get("$ref").and_then(Node::as_str)
            && let Some(beyond) = beyond.strip_prefix("#/")
        {
            tokens = decode(beyond).split('/').map(unescape_pointer).collect();
            continue;
        }
        return Some((pointer, place));
    }
    None
}

/// Adds a component.
pub(super) fn insert(root: &mut Node, kind: Kind, name: &str, node: Node) {
    let Some(section) = kind.section() else {
        return;
    };
    let Some(map) = root.as_object_mut() else {
        return;
    };
    let empty = || Node::new(Span::NONE, Map::new());
    let components = map.entry("components".to_owned()).or_insert_with(empty);
    let Some(map) = components.as_object_mut() else {
        return;
    };
    let section = map.entry(section.to_owned()).or_insert_with(empty);
    section.insert(name, node);
}

/// Writes the settled references, or marks what has none.
fn rewrite(root: &mut Node, settled: &HashMap<Written, Option<String>>, anchors: &Anchors) {
    walk::each(
        root,
        Kind::Root,
        &mut Pointer::default(),
        &mut |node, kind, at| {
            let base = anchors.base(at.as_str());
            let look_up = |text: &str| {
                settled
                    .get(&Written {
                        kind,
                        base,
                        text: text.to_owned(),
                    })
                    .cloned()
                    .flatten()
            };
            if let Some(text) = text(node, kind) {
                let reference = look_up(text);
                let text = text.to_owned();
                match (reference, node.get_mut("$ref")) {
                    (Some(reference), Some(node)) => node.value = reference.into(),
                    _ => mark(node, UNRESOLVED, text),
                }
            }
            if kind != Kind::Schema || mapping(node).is_none() {
                return;
            }
            let mapping = node
                .get_mut("discriminator")
                .and_then(|d| d.get_mut("mapping"));
            for value in mapping
                .and_then(Node::as_object_mut)
                .into_iter()
                .flat_map(Map::values_mut)
            {
                if let Some(reference) = value.as_str().and_then(look_up) {
                    value.value = reference.into();
                }
            }
        },
    );
}

fn mark(node: &mut Node, mark: &str, text: String) {
    let span = node.remove("$ref").map_or(node.span, |node| node.span);
    node.insert(mark, Node::new(span, text));
}

/// Moves what deep references lead to, deepest first, so that the pointers of the others hold.
fn hoist(root: &mut Node, moves: BTreeMap<(Kind, String), String>) {
    let mut moves: Vec<_> = moves.into_iter().collect();
    moves.sort_by_key(|((_, pointer), _)| std::cmp::Reverse(pointer.matches('/').count()));
    let mut homes = Vec::new();
    for ((kind, pointer), name) in moves {
        let Some(reference) = reference_to(kind, &name) else {
            continue;
        };
        let Some(node) = root.pointer_mut(&pointer) else {
            continue;
        };
        let left = Node::object(node.span, [("$ref", Node::new(node.span, reference))]);
        homes.push((kind, name, std::mem::replace(node, left)));
    }
    // Inserted last, in the order of the document, for the sake of whoever reads it.
    homes.reverse();
    for (kind, name, node) in homes {
        insert(root, kind, &name, node);
    }
}

/// Marks components that are references to each other and nothing else.
fn break_circles(root: &mut Node) {
    for kind in Kind::SHARED {
        let Some(section) = kind.section() else {
            continue;
        };
        let Some(map) = root
            .get("components")
            .and_then(|c| c.get(section)?.as_object())
        else {
            continue;
        };
        let prefix = format!("#/components/{section}/");
        let next = |name: &str| map.get(name)?.get_str("$ref")?.strip_prefix(&prefix);
        // Zero is unseen; otherwise the walk in which a name was seen first.
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let mut circles: Vec<String> = Vec::new();
        for (index, name) in map.keys().enumerate() {
            let mut name = name.as_str();
            loop {
                match seen.get(name) {
                    Some(&walk) if walk == index => {
                        circles.push(name.to_owned());
                        break;
                    }
                    Some(_) => break,
                    None => {
                        seen.insert(name, index);
                    }
                }
                match next(name) {
                    Some(beyond) => name = beyond,
                    None => break,
                }
            }
        }
        // One broken link opens the whole circle; the others then lead to it.
        for name in circles {
            let pointer = component_pointer(kind, &name);
            if let Some(node) = root.pointer_mut(&pointer) {
                let text = node.get_str("$ref").unwrap_or_default().to_owned();
                mark(node, CIRCLE, text);
            }
        }
    }
}

/// Removes components that no 3.0 document can hold, and marks the references to them.
///
/// Schemas, bodies and answers always become something; the others may not. Every round removes a
/// component, so the rounds end.
fn cut_dead(root: &mut Node) {
    loop {
        let mut dead: HashSet<(Kind, String)> = HashSet::new();
        for kind in [Kind::Parameter, Kind::Header, Kind::Link, Kind::Example] {
            let section = kind.section().unwrap_or_default();
            let Some(map) = root
                .get_mut("components")
                .and_then(|components| components.get_mut(section)?.as_object_mut())
            else {
                continue;
            };
            map.retain(|name, node| {
                let lives = is_alive(node, kind);
                if !lives && let Some(reference) = reference_to(kind, name) {
                    dead.insert((kind, reference));
                }
                lives
            });
        }
        if dead.is_empty() {
            return;
        }
        walk::each(
            root,
            Kind::Root,
            &mut Pointer::default(),
            &mut |node, kind, _| {
                let Some(text) = text(node, kind).map(str::to_owned) else {
                    return;
                };
                if dead.contains(&(kind, text.clone())) {
                    mark(node, UNRESOLVED, text);
                }
            },
        );
    }
}

fn is_alive(node: &Node, kind: Kind) -> bool {
    let Some(map) = node.as_object() else {
        return false;
    };
    if map.contains_key(UNRESOLVED) || map.contains_key(CIRCLE) {
        return false;
    }
    if node.get_str("$ref").is_some() {
        return true;
    }
    match kind {
        Kind::Parameter => {
            let place = node.get_str("in").unwrap_or_default().to_ascii_lowercase();
            map.contains_key("name")
                && matches!(place.as_str(), "query" | "header" | "path" | "cookie")
        }
        Kind::Link => {
            node.get_str("operationRef").is_some() || node.get_str("operationId").is_some()
        }
        _ => true,
    }
}
