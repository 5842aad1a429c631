//! Where things are in an OpenAPI document, known by position alone.
//!
//! A property may be called `$ref`, `type` or `allOf`, and an example may hold any of them as data,
//! so no rule ever looks for a key: it is told that it stands on a schema, and the table below says
//! where the next ones are.

use crate::{
    lower::pointer::Pointer,
    node::{Node, Value},
};

/// What stands at a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Root,
    Components,
    PathItem,
    Operation,
    Parameter,
    Header,
    RequestBody,
    Response,
    MediaType,
    Encoding,
    Callback,
    Example,
    Link,
    SecurityScheme,
    Schema,
}

/// How a member holds what stands below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// The member is it.
    One,
    /// An array of them.
    List,
    /// A map from any name to them.
    Map,
    /// A map from any name to them, but names that begin with `x-` are extensions.
    Fields,
    /// It, or an array of them (`items` before the dialect of 2020).
    OneOrList,
    /// The member is it, unless it is a plain truth value, which 3.0 takes as well.
    OneUnlessBool,
    /// A map in which only objects and booleans are of the kind (`dependencies`).
    SomeOfMap,
}

impl Kind {
    /// The section of `components` that holds these.
    pub(super) fn section(self) -> Option<&'static str> {
        Some(match self {
            Self::Schema => "schemas",
            Self::Parameter => "parameters",
            Self::Header => "headers",
            Self::RequestBody => "requestBodies",
            Self::Response => "responses",
            Self::Callback => "callbacks",
            Self::Example => "examples",
            Self::Link => "links",
            Self::SecurityScheme => "securitySchemes",
            Self::PathItem => "pathItems",
            _ => return None,
        })
    }

    /// All kinds that a `$ref` may stand for and `components` may hold under 3.0.
    pub(super) const SHARED: [Self; 9] = [
        Self::Schema,
        Self::Response,
        Self::Parameter,
        Self::Example,
        Self::RequestBody,
        Self::Header,
        Self::SecurityScheme,
        Self::Link,
        Self::Callback,
    ];

    /// Whether a `$ref` here means a reference. In a schema it does as well.
    pub(super) fn may_be_ref(self) -> bool {
        self.section().is_some()
    }

    fn member(self, key: &str) -> Option<(Shape, Self)> {
        use Shape::{Fields, List, Map, One, OneOrList, OneUnlessBool, SomeOfMap};
        Some(match (self, key) {
            (Self::Root, "paths" | "webhooks" | "x-specmint-webhooks") => (Fields, Self::PathItem),
            (Self::Root, "components") => (One, Self::Components),
            (Self::Components, section) => {
                let kind = Self::SHARED
                    .into_iter()
                    .chain([Self::PathItem])
                    .find(|kind| kind.section() == Some(section))?;
                (Map, kind)
            }
            (
                Self::PathItem,
                "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace",
            ) => (One, Self::Operation),
            (Self::PathItem | Self::Operation, "parameters") => (List, Self::Parameter),
            (Self::Operation, "requestBody") => (One, Self::RequestBody),
            (Self::Operation, "responses") => (Fields, Self::Response),
            (Self::Operation, "callbacks") => (Fields, Self::Callback),
            (Self::Callback, key) if !key.starts_with("x-") => (One, Self::PathItem),
            (Self::Parameter | Self::Header | Self::RequestBody | Self::Response, "content") => {
                (Fields, Self::MediaType)
            }
            (Self::Parameter | Self::Header | Self::MediaType, "examples") => (Map, Self::Example),
            (Self::Response | Self::Encoding, "headers") => (Map, Self::Header),
            (Self::Response, "links") => (Map, Self::Link),
            (Self::MediaType, "encoding") => (Map, Self::Encoding),
            (
                Self::Schema,
                "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas",
            ) => (Map, Self::Schema),
            (
                Self::Schema,
                "allOf" | "anyOf" | "oneOf" | "prefixItems" | "x-specmint-prefix-items",
            ) => (List, Self::Schema),
            (Self::Schema, "items") => (OneOrList, Self::Schema),
            (Self::Schema, "additionalProperties") => (OneUnlessBool, Self::Schema),
            (Self::Parameter | Self::Header | Self::MediaType, "schema")
            | (
                Self::Schema,
                "additionalItems"
                | "not"
                | "if"
                | "then"
                | "else"
                | "contains"
                | "propertyNames"
                | "unevaluatedProperties"
                | "unevaluatedItems"
                | "contentSchema",
            ) => (One, Self::Schema),
            (Self::Schema, "dependencies") => (SomeOfMap, Self::Schema),
            _ => return None,
        })
    }
}

/// Calls `f` with everything that stands directly below `node`, and its kind.
pub(super) fn each_child(
    node: &mut Node,
    kind: Kind,
    at: &mut Pointer,
    f: &mut dyn FnMut(&mut Node, Kind, &mut Pointer),
) {
    let Value::Object(map) = &mut node.value else {
        return;
    };
    for (key, member) in map.iter_mut() {
        let Some((shape, below)) = kind.member(key) else {
            continue;
        };
        at.within(key, |at| match (shape, &mut member.value) {
            (Shape::List | Shape::OneOrList, Value::Array(nodes)) => {
                for (index, node) in nodes.iter_mut().enumerate() {
                    at.within_index(index, |at| f(node, below, at));
                }
            }
            (Shape::Map | Shape::Fields | Shape::SomeOfMap, Value::Object(map)) => {
                for (name, node) in map
                    .iter_mut()
                    .filter(|(name, node)| is_one(shape, name, node))
                {
                    at.within(name, |at| f(node, below, at));
                }
            }
            (Shape::OneUnlessBool, Value::Bool(_)) => {}
            (Shape::One | Shape::OneOrList | Shape::OneUnlessBool, _) => f(member, below, at),
            _ => {}
        });
    }
}

/// Calls `f` with every position from `node` down, each before what stands below it.
pub(super) fn each(
    node: &mut Node,
    kind: Kind,
    at: &mut Pointer,
    f: &mut dyn FnMut(&mut Node, Kind, &Pointer),
) {
    f(node, kind, at);
    each_child(node, kind, at, &mut |node, kind, at| {
        each(node, kind, at, f);
    });
}

/// A step of a pointer through the document: what the next token leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// On something known.
    On(Kind),
    /// Between: in a map or list of them.
    In(Container),
    /// Somewhere no `$ref` is meant to reach.
    Elsewhere,
}

/// A map or list of positions; only [`Place::step`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Container(Shape, Kind);

impl Place {
    /// Where `token` leads from here, `node` being what stands here.
    pub(super) fn step(self, node: &Node, token: &str) -> Self {
        match self {
            Self::On(kind) => match kind.member(token) {
                Some((Shape::One | Shape::OneUnlessBool, below)) => Self::On(below),
                Some((Shape::OneOrList, below)) => match node.get(token).map(|n| &n.value) {
                    Some(Value::Array(_)) => Self::In(Container(Shape::List, below)),
                    _ => Self::On(below),
                },
                Some((shape, below)) => Self::In(Container(shape, below)),
                None => Self::Elsewhere,
            },
            Self::In(Container(shape, kind)) => match node.get(token) {
                Some(child) if !is_one(shape, token, child) => Self::Elsewhere,
                _ => Self::On(kind),
            },
            Self::Elsewhere => Self::Elsewhere,
        }
    }
}

fn is_one(shape: Shape, name: &str, node: &Node) -> bool {
    match shape {
        Shape::Fields => !name.starts_with("x-"),
        Shape::SomeOfMap => !matches!(node.value, Value::Array(_)),
        _ => true,
    }
}
