//! Which operations and components of different fragments are the same thing.
//!
//! Two things are the same when they read the same and everything they refer to is the same. That
//! is found as compilers find equal states: everything that reads the same begins in one class,
//! and classes are split until all members of each refer to the same classes.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
};

use rustc_hash::{FxBuildHasher, FxHasher};

use super::reference::{self, Component};
use crate::{
    fragment::Fragment,
    node::{Node, Value},
    page::Span,
    parallel,
    walk::{self, Kind},
};

/// What is compared.
pub(super) struct Unit<'a> {
    pub(super) fragment: usize,
    pub(super) what: What,
    /// Where it stands.
    pub(super) span: Span,
    /// What it is; of what is shared, every unit has the same.
    pub(super) node: &'a Node,
    /// The first unit that has this very node.
    first: usize,
    /// The units it refers to; `None` where its fragment does not have them.
    refers_to: Vec<Option<usize>>,
}

/// An operation or a component.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    Operation(Place),
    Component(Component),
}

/// An operation's place in a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// `paths` or `webhooks`.
    pub(super) section: &'static str,
    /// Path template or webhook's name.
    pub(super) path: String,
    pub(super) method: String,
}

/// Every operation and component of every fragment.
pub(super) fn units<'f>(fragments: &'f [Fragment]) -> Vec<Unit<'f>> {
    let mut units = Vec::new();
    let mut places: HashMap<(usize, Component), usize, FxBuildHasher> = HashMap::default();
    let mut seen: HashMap<(*const Node, Kind), usize, FxBuildHasher> = HashMap::default();
    let mut kinds = Vec::new();
    for (at, fragment) in fragments.iter().enumerate() {
        let mut add = |what, span, node: &'f Node, kind| {
            let unit = units.len();
            let first = *seen.entry((std::ptr::from_ref(node), kind)).or_insert(unit);
            if first == unit {
                kinds.push((unit, node, kind));
            }
            units.push(Unit {
                fragment: at,
                what,
                span,
                node,
                first,
                refers_to: Vec::new(),
            });
        };
        for (section, path, method, node) in walk::operations(&fragment.root) {
            let place = Place {
                section,
                path: path.to_owned(),
                method: method.to_owned(),
            };
            add(What::Operation(place), node.span, node, Kind::Operation);
        }
        let components = fragment.root.get("components").and_then(Node::as_object);
        for (section, members) in components.into_iter().flatten() {
            for (name, node) in members.as_object().into_iter().flatten() {
                let component = (section.clone(), name.clone());
                let shared = fragment.copies.get(section, name);
                let tree = shared.map_or(node, |copy| &copy.tree);
                add(
                    What::Component(component),
                    node.span,
                    tree,
                    section_kind(section),
                );
            }
        }
    }
    for (at, unit) in units.iter().enumerate() {
        if let What::Component(component) = &unit.what {
            places.insert((unit.fragment, component.clone()), at);
        }
    }
    let bytes = kinds.len() * USUAL_BYTES;
    let found: HashMap<usize, Vec<Component>, FxBuildHasher> =
        parallel::map(kinds, bytes, |(unit, node, kind)| {
            (unit, reference::all(node, kind))
        })
        .into_iter()
        .collect();
    for unit in &mut units {
        let components = found.get(&unit.first).into_iter().flatten();
        unit.refers_to = components
            .map(|component| places.get(&(unit.fragment, component.clone())).copied())
            .collect();
    }
    units
}

/// How long an operation or a component is, more or less.
const USUAL_BYTES: usize = 1024;

/// What the members of a section of `components` are.
pub(super) fn section_kind(section: &str) -> Kind {
    match section {
        "responses" => Kind::Response,
        "parameters" => Kind::Parameter,
        "examples" => Kind::Example,
        "requestBodies" => Kind::RequestBody,
        "headers" => Kind::Header,
        "securitySchemes" => Kind::SecurityScheme,
        "links" => Kind::Link,
        "callbacks" => Kind::Callback,
        "pathItems" => Kind::PathItem,
        _ => Kind::Schema,
    }
}

/// What counts when two things are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Everything.
    Whole,
    /// What a caller is bound by: no prose, no examples, no extensions.
    Contract,
}

/// The class of every unit; equal numbers mean equal things.
pub(super) fn classes(units: &[Unit<'_>], depth: Depth) -> Vec<usize> {
    let firsts: Vec<&Unit<'_>> = (units.iter().enumerate())
        .filter(|(at, unit)| unit.first == *at)
        .map(|(_, unit)| unit)
        .collect();
    let bytes = firsts.len() * USUAL_BYTES;
    let mut hashes = parallel::map(firsts, bytes, |unit| {
        let mut hasher = FxHasher::default();
        hash(unit.node, depth, &mut hasher);
        hasher.finish()
    })
    .into_iter();
    let mut first_of: HashMap<u64, Vec<usize>, FxBuildHasher> = HashMap::default();
    let mut classes: Vec<usize> = Vec::with_capacity(units.len());
    for (at, unit) in units.iter().enumerate() {
        if unit.first < at {
            classes.push(classes[unit.first]);
            continue;
        }
        let alike = first_of
            .entry(hashes.next().unwrap_or_default())
            .or_default();
        // A hash is no proof; the node is. A contract's hash only decides how loud a message is.
        let known = alike
            .iter()
            .find(|other| depth == Depth::Contract || same(units[**other].node, unit.node))
            .copied();
        let class = known.unwrap_or_else(|| {
            alike.push(at);
            at
        });
        classes.push(class);
    }
    let mut count = 0;
    loop {
        let mut next: HashMap<(usize, Vec<Option<usize>>), usize, FxBuildHasher> =
            HashMap::default();
        let refined: Vec<usize> = units
            .iter()
            .zip(&classes)
            .map(|(unit, class)| {
                let targets = unit
                    .refers_to
                    .iter()
                    .map(|to| to.map(|to| classes[to]))
                    .collect();
                let new = next.len();
                *next.entry((*class, targets)).or_insert(new)
            })
            .collect();
        classes = refined;
        if next.len() == count {
            return classes;
        }
        count = next.len();
    }
}

/// Equality as of [`Node`], but quick where members stand in the same order, as copies have them.
fn same(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .zip(b)
                    .all(|((key, child), (other_key, other_child))| {
                        let other = if key == other_key {
                            Some(other_child)
                        } else {
                            b.get(key)
                        };
                        other.is_some_and(|other| same(child, other))
                    })
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (a, b) => a == b,
    }
}

/// Whether a key describes and binds nobody.
fn is_prose(key: &str) -> bool {
    matches!(
        key,
        "description"
            | "summary"
            | "title"
            | "example"
            | "examples"
            | "externalDocs"
            | "tags"
            | "operationId"
    ) || key.starts_with("x-")
}

/// A hash that does not depend on the order of members, as equality does not.
fn hash(node: &Node, depth: Depth, hasher: &mut FxHasher) {
    match &node.value {
        Value::Null => 0_u8.hash(hasher),
        Value::Bool(value) => (1_u8, value).hash(hasher),
        Value::Number(number) => match number.value().as_f64() {
            Some(value) => (2_u8, value.to_bits()).hash(hasher),
            None => 3_u8.hash(hasher),
        },
        Value::String(text) => (4_u8, text).hash(hasher),
        Value::Array(nodes) => {
            (5_u8, nodes.len()).hash(hasher);
            for node in nodes {
                hash(node, depth, hasher);
            }
        }
        Value::Object(map) => {
            let mut sum = 0_u64;
            for (key, child) in map {
                // A property called `description` is an object, prose is text or a list.
                let is_property = matches!(child.value, Value::Object(_)) && key != "examples";
                if depth == Depth::Contract && is_prose(key) && !is_property {
                    continue;
                }
                let mut member = FxHasher::default();
                key.hash(&mut member);
                hash(child, depth, &mut member);
                sum = sum.wrapping_add(member.finish());
            }
            (6_u8, sum).hash(hasher);
        }
    }
}
