//! Which node of an `OpenAPI` tree is what: by position, never by the look of a key.
//!
//! A property may be called `$ref`, `type` or `example`, and examples hold anything; so whoever
//! changes schemas walks the positions where schemas can stand and looks nowhere else. It must
//! never know what is done at those positions.

use std::fmt;

use crate::node::{Node, Value, escape_pointer};

/// What stands at a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Document,
    Components,
    PathItem,
    Operation,
    Parameter,
    Header,
    RequestBody,
    Response,
    MediaType,
    Encoding,
    Example,
    Link,
    Callback,
    SecurityScheme,
    Schema,
}

/// How positions of one kind hang below a key.
#[derive(Clone, Copy)]
enum Below {
    One(Kind),
    List(Kind),
    Map(Kind),
}

/// The HTTP methods a path item can have, in the order of the specification.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// What hangs below `key` of an object of this kind.
fn below(kind: Kind, key: &str) -> Option<Below> {
    use Below::{List, Map, One};
    Some(match (kind, key) {
        (Kind::Document, "paths" | "webhooks") | (Kind::Components, "pathItems") => {
            Map(Kind::PathItem)
        }
        (Kind::Document, "components") => One(Kind::Components),
        (Kind::Components, "schemas") => Map(Kind::Schema),
        (Kind::Components | Kind::Operation, "responses") => Map(Kind::Response),
        (Kind::Components, "parameters") => Map(Kind::Parameter),
        (Kind::Components | Kind::Parameter | Kind::Header | Kind::MediaType, "examples") => {
            Map(Kind::Example)
        }
        (Kind::Components, "requestBodies") => Map(Kind::RequestBody),
        (Kind::Components | Kind::Response | Kind::Encoding, "headers") => Map(Kind::Header),
        (Kind::Components, "securitySchemes") => Map(Kind::SecurityScheme),
        (Kind::Components | Kind::Response, "links") => Map(Kind::Link),
        (Kind::Components | Kind::Operation, "callbacks") => Map(Kind::Callback),
        (Kind::PathItem | Kind::Operation, "parameters") => List(Kind::Parameter),
        (Kind::PathItem, method) if METHODS.contains(&method) => One(Kind::Operation),
        (Kind::Operation, "requestBody") => One(Kind::RequestBody),
        (Kind::Callback, key) if key != "$ref" && !key.starts_with("x-") => One(Kind::PathItem),
        (Kind::Parameter | Kind::Header | Kind::MediaType, "schema") => One(Kind::Schema),
        (Kind::Parameter | Kind::Header | Kind::RequestBody | Kind::Response, "content") => {
            Map(Kind::MediaType)
        }
        (Kind::MediaType, "encoding") => Map(Kind::Encoding),
        (Kind::Schema, key) => match key {
            "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
                Map(Kind::Schema)
            }
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => List(Kind::Schema),
            "items"
            | "additionalProperties"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "additionalItems"
            | "contentSchema" => One(Kind::Schema),
            _ => return None,
        },
        _ => return None,
    })
}

/// The way from the root to a node, for diagnostics; written out only when something is said.
#[derive(Clone, Copy)]
pub(crate) struct Path<'a> {
    up: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
    /// A pointer as it is: where a walk begins somewhere inside a document.
    Start(&'a str),
}

impl<'a> Path<'a> {
    /// A walk that begins at this pointer.
    pub(crate) fn start(pointer: &'a str) -> Self {
        Self {
            up: None,
            step: Step::Start(pointer),
        }
    }

    /// The keyword in whose list the node stands: `anyOf` at `…/anyOf/0`.
    pub(crate) fn list_keyword(&self) -> Option<&'a str> {
        match (self.step, self.up?.step) {
            (Step::Index(_), Step::Key(key)) => Some(key),
            _ => None,
        }
    }

    fn key(&'a self, key: &'a str) -> Path<'a> {
        Path {
            up: Some(self),
            step: Step::Key(key),
        }
    }

    fn index(&'a self, index: usize) -> Path<'a> {
        Path {
            up: Some(self),
            step: Step::Index(index),
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(up) = self.up {
            up.fmt(f)?;
        }
        match self.step {
            Step::Key(key) => write!(f, "/{}", escape_pointer(key)),
            Step::Index(index) => write!(f, "/{index}"),
            Step::Start(pointer) => f.write_str(pointer),
        }
    }
}

/// Visits a node and everything below it that has a kind, children before their parent, so that
/// what a visitor wraps around a node is not visited again.
pub(crate) fn each_mut(
    node: &mut Node,
    kind: Kind,
    path: &Path<'_>,
    visit: &mut dyn FnMut(&mut Node, Kind, &Path<'_>),
) {
    if let Value::Object(map) = &mut node.value {
        for (key, child) in map.iter_mut() {
            let Some(shape) = below(kind, key) else {
                continue;
            };
            let path = path.key(key);
            match (shape, &mut child.value) {
                (Below::One(kind), Value::Object(_)) => each_mut(child, kind, &path, visit),
                (Below::One(kind) | Below::List(kind), Value::Array(list)) => {
                    for (index, item) in list.iter_mut().enumerate() {
                        each_mut(item, kind, &path.index(index), visit);
                    }
                }
                (Below::Map(kind), Value::Object(members)) => {
                    for (name, member) in members.iter_mut() {
                        each_mut(member, kind, &path.key(name), visit);
                    }
                }
                _ => {}
            }
        }
    }
    visit(node, kind, path);
}

/// As [`each_mut`], changing nothing; a parent comes before its children.
pub(crate) fn each<'n>(
    node: &'n Node,
    kind: Kind,
    path: &Path<'_>,
    visit: &mut dyn FnMut(&'n Node, Kind, &Path<'_>),
) {
    visit(node, kind, path);
    let Some(map) = node.as_object() else { return };
    for (key, child) in map {
        let Some(shape) = below(kind, key) else {
            continue;
        };
        let path = path.key(key);
        match (shape, &child.value) {
            (Below::One(kind), Value::Object(_)) => each(child, kind, &path, visit),
            (Below::One(kind) | Below::List(kind), Value::Array(list)) => {
                for (index, item) in list.iter().enumerate() {
                    each(item, kind, &path.index(index), visit);
                }
            }
            (Below::Map(kind), Value::Object(members)) => {
                for (name, member) in members {
                    each(member, kind, &path.key(name), visit);
                }
            }
            _ => {}
        }
    }
}

/// Every operation of a document: section (`paths` or `webhooks`), path or name, method.
pub(crate) fn operations(root: &Node) -> impl Iterator<Item = (&'static str, &str, &str, &Node)> {
    ["paths", "webhooks"].into_iter().flat_map(move |section| {
        let items = root.get(section).and_then(Node::as_object);
        items.into_iter().flatten().flat_map(move |(path, item)| {
            let members = item.as_object().into_iter().flatten();
            members
                .filter(|(key, node)| METHODS.contains(&key.as_str()) && node.as_object().is_some())
                .map(move |(method, node)| (section, path.as_str(), method.as_str(), node))
        })
    })
}

/// Whether all `$ref`s of a document lead to places of its own.
pub(crate) fn is_self_contained(document: &Node) -> bool {
    let mut is_own = true;
    each(
        document,
        Kind::Document,
        &Path::start(""),
        &mut |node, _, _| {
            is_own &= node
                .get_str("$ref")
                .is_none_or(|reference| reference.starts_with('#'));
        },
    );
    is_own
}
