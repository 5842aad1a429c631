//! One entry of a `schemaArray` → one schema.
//!
//! An entry is one level deep: its own keywords are the form's, what stands below `properties.*`,
//! `items` and `additionalProperties` is the author's schema in a wrapper `{allOf: [schema]}`.
//! Deeper, an `allOf` is the author's own.

use super::{marks::Idioms, union};
use crate::{
    diag::{Diagnostics, codes::normalize as codes},
    node::{Map, Node, Value},
    page::Span,
};

/// Which way the value goes: the form leaves out what does not go that way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    Parameter,
    Request,
    Response,
}

/// The alternatives of one parameter, body or response.
pub(crate) struct Slot {
    pub(crate) direction: Direction,
    pub(crate) span: Span,
    pub(crate) entries: Vec<Entry>,
}

/// One alternative.
pub(crate) struct Entry {
    /// The schema, without what stands in the other fields.
    pub(crate) schema: Node,
    /// The component that `refIdentifier` names; a hint, see [`super::names`].
    pub(crate) name: Option<String>,
    /// `required` of the parameter or body that the entry belongs to.
    pub(crate) required: Option<bool>,
}

/// Where entries are read.
pub(crate) struct Place<'a> {
    pub(crate) pointer: &'a str,
    pub(crate) idioms: &'a mut Idioms,
    pub(crate) diags: &'a mut Diagnostics,
    /// Whether it was said that examples are left out; once for a page is enough.
    pub(crate) has_dropped_example: bool,
}

impl Place<'_> {
    /// Something is weaker than the author's document was.
    pub(super) fn warning(&mut self, code: crate::diag::Code, span: Span, message: String) {
        self.diags.warning(code, span, message).at(self.pointer);
    }

    /// Something was inferred, or is worth knowing.
    pub(super) fn note(&mut self, code: crate::diag::Code, span: Span, message: String) {
        self.diags.note(code, span, message).at(self.pointer);
    }
}

/// Reads the list of alternatives.
pub(crate) fn read_all(list: Node, direction: Direction, place: &mut Place<'_>) -> Slot {
    let span = list.span;
    let nodes = match list.value {
        Value::Array(nodes) => nodes,
        // A lone entry instead of a list of one.
        value @ Value::Object(_) => vec![Node { span, value }],
        _ => Vec::new(),
    };
    let entries = nodes.into_iter().map(|node| read(node, place)).collect();
    Slot {
        direction,
        span,
        entries,
    }
}

fn read(node: Node, place: &mut Place<'_>) -> Entry {
    let span = node.span;
    let Value::Object(map) = node.value else {
        return Entry {
            schema: Node::new(span, Map::new()),
            name: None,
            required: None,
        };
    };
    let mut entry = Entry {
        schema: Node::new(span, Map::new()),
        name: None,
        required: None,
    };
    let mut schema = Map::with_capacity(map.len());
    let file = map.get("type").and_then(Node::as_str) == Some("file");
    let mut required_properties = Vec::new();
    for (key, node) in map {
        match key.as_str() {
            "type" => read_type(node, &mut schema, place),
            "required" if node.as_bool().is_some() => entry.required = node.as_bool(),
            "requiredProperties" => {
                if node.as_array().is_some_and(|names| !names.is_empty()) {
                    schema.insert("required".to_owned(), node);
                }
            }
            "refIdentifier" => entry.name = component_name(&node),
            "properties" => {
                let properties = read_properties(node, &mut required_properties, place);
                if properties.as_object().is_some_and(|map| !map.is_empty()) {
                    schema.insert(key, properties);
                }
            }
            "items" | "additionalProperties" => {
                let node = unwrap(node, place);
                schema.insert(key, node);
            }
            "contentEncoding" if file => {
                schema.insert("format".to_owned(), node);
            }
            "enum" if node.as_array().is_some_and(<[Node]>::is_empty) => {
                place.warning(
                    codes::ENUM_LOST,
                    node.span,
                    "the members of the `enum` do not fit its type and were lost".to_owned(),
                );
            }
            "deprecated" | "readOnly" | "writeOnly" if node.as_bool() == Some(false) => {}
            _ => {
                schema.insert(key, node);
            }
        }
    }
    if file && !schema.contains_key("format") && !schema.contains_key("contentMediaType") {
        schema.insert("format".to_owned(), Node::new(span, "binary"));
    }
    if !required_properties.is_empty() && !schema.contains_key("required") {
        schema.insert("required".to_owned(), Node::new(span, required_properties));
    }
    entry.schema = Node::new(span, schema);
    entry
}

/// `enum<string>` → `string`; `any` → no type; `file` → `string`.
fn read_type(node: Node, schema: &mut Map, place: &mut Place<'_>) {
    let span = node.span;
    let Some(name) = node.as_str() else {
        schema.insert("type".to_owned(), node);
        return;
    };
    let name = match name
        .strip_prefix("enum<")
        .and_then(|rest| rest.strip_suffix('>'))
    {
        Some(member) => member,
        None if name == "file" => "string",
        None => name,
    };
    match name {
        "any" => {}
        "string" | "number" | "integer" | "boolean" | "array" | "object" | "null" => {
            schema.insert("type".to_owned(), Node::new(span, name));
        }
        _ => place.warning(
            codes::UNKNOWN_TYPE,
            span,
            format!("`{name}` is no type of the endpoint form; any value is allowed here"),
        ),
    }
}

fn read_properties(node: Node, required: &mut Vec<Node>, place: &mut Place<'_>) -> Node {
    let span = node.span;
    let Value::Object(properties) = node.value else {
        return Node::new(span, Map::new());
    };
    let properties: Map = properties
        .into_iter()
        .map(|(name, node)| {
            if is_list_of_required(&node) {
                required.push(Node::new(node.span, name.as_str()));
            }
            let schema = unwrap(node, place);
            (name, schema)
        })
        .collect();
    Node::new(span, properties)
}

/// In the oldest pages a property is a list of entries, each of which says `required: true`.
fn is_list_of_required(node: &Node) -> bool {
    node.as_array().is_some_and(|entries| {
        !entries.is_empty()
            && entries
                .iter()
                .all(|entry| entry.get("required").and_then(Node::as_bool) == Some(true))
    })
}

/// The schema in its wrapper: `{allOf: [x]}` → `x`; several members are an intersection.
fn unwrap(node: Node, place: &mut Place<'_>) -> Node {
    let span = node.span;
    match node.value {
        Value::Array(_) => {
            let slot = read_all(
                Node {
                    span,
                    value: node.value,
                },
                Direction::Parameter,
                place,
            );
            union::write(slot)
        }
        Value::Object(mut map) if map.len() == 1 && map.contains_key("allOf") => {
            let Some(Node {
                value: Value::Array(members),
                span: list,
            }) = map.shift_remove("allOf")
            else {
                return Node::new(span, Map::new());
            };
            let mut distinct: Vec<Node> = Vec::with_capacity(members.len());
            for member in members {
                place.idioms.look(&member);
                if !distinct.contains(&member) {
                    distinct.push(member);
                }
            }
            match distinct.pop() {
                None => Node::new(span, Map::new()),
                // The key's own line says more than the line of its wrapper's member.
                Some(only) if distinct.is_empty() => Node {
                    span,
                    value: only.value,
                },
                Some(last) => {
                    distinct.push(last);
                    Node::object(span, [("allOf", Node::new(list, distinct))])
                }
            }
        }
        value => {
            let node = Node { span, value };
            place.idioms.look(&node);
            node
        }
    }
}

/// `#/components/schemas/X` → `X`.
fn component_name(node: &Node) -> Option<String> {
    node.as_str()?
        .strip_prefix("#/components/schemas/")
        .map(str::to_owned)
}
