//! `nullable: true` → `null` among the types, or among the alternatives.

use super::Dialect;
use crate::{
    diag::codes::normalize as codes,
    node::{Map, Node, Value},
    normalize::tally::Tally,
    page::Span,
    walk::Path,
};

/// What describes a value and not its shape: it stays outside of an alternative.
const ANNOTATIONS: [&str; 9] = [
    "title",
    "description",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "example",
    "examples",
    "externalDocs",
];

/// What gives a schema a shape; without any of these, `nullable: true` speaks of its neighbours.
const SHAPE: [&str; 10] = [
    "type",
    "$ref",
    "enum",
    "const",
    "properties",
    "additionalProperties",
    "items",
    "allOf",
    "anyOf",
    "oneOf",
];

/// Says in 3.1 what `nullable` says in 3.0.
pub(super) fn to_type(node: &mut Node, dialect: Dialect, path: &Path<'_>, tally: &mut Tally) {
    let span = node.span;
    let Some(map) = node.as_object_mut() else {
        return;
    };
    if take_from_members(map) {
        allow_null(map, span);
    }
    let Some(nullable) = map.get("nullable") else {
        return;
    };
    let nullable = match &nullable.value {
        Value::Bool(value) => *value,
        // `nullable: 'true'` is a common slip.
        Value::String(text) if text == "true" || text == "false" => text == "true",
        _ => return,
    };
    if dialect == Dialect::V3_1 {
        tally.count(codes::NULLABLE_IN_3_1, span, path);
    }
    // `anyOf: [X, {nullable: true}]` is how some generators write an optional X. By the letter the
    // member admits anything, so it stays: lowering knows the idiom.
    // `allOf: [X, {nullable: true}]`: the parent, visited next, takes it away.
    let is_member = matches!(path.list_keyword(), Some("anyOf" | "oneOf" | "allOf"));
    if nullable && is_member && is_shapeless(map) {
        return;
    }
    map.shift_remove("nullable");
    if nullable {
        allow_null(map, span);
    }
}

fn is_shapeless(map: &Map) -> bool {
    !SHAPE.iter().any(|key| map.contains_key(key))
}

/// Takes `nullable: true` away from members of an `allOf` that say nothing else about the shape.
fn take_from_members(map: &mut Map) -> bool {
    let Some(members) = map.get_mut("allOf").and_then(Node::as_array_mut) else {
        return false;
    };
    let mut found = false;
    for member in members.iter_mut().filter_map(Node::as_object_mut) {
        if member.get("nullable").and_then(Node::as_bool) == Some(true) && is_shapeless(member) {
            member.shift_remove("nullable");
            found = true;
        }
    }
    if found {
        members.retain(|member| member.as_object().is_none_or(|map| !map.is_empty()));
    }
    found
}

/// Lets a schema take `null` too.
fn allow_null(map: &mut Map, span: Span) {
    if let Some(values) = map.get_mut("enum").and_then(Node::as_array_mut)
        && !values.iter().any(Node::is_null)
    {
        values.push(Node::new(span, Value::Null));
    }
    let only_null = map.get("const").is_some_and(Node::is_null);
    if map.contains_key("const") && !only_null {
        return wrap(map, span);
    }
    if let Some(node) = map.get_mut("type") {
        add_null_type(node);
    } else if map.contains_key("$ref") || map.contains_key("allOf") {
        // Without a type everything is allowed that no other keyword forbids.
        return wrap(map, span);
    } else if !map.contains_key("enum")
        && let Some(implied) = implied_type(map)
    {
        let types = vec![Node::new(span, implied), Node::new(span, "null")];
        map.insert("type".to_owned(), Node::new(span, types));
    }
    for union in ["anyOf", "oneOf"] {
        if let Some(members) = map.get_mut(union).and_then(Node::as_array_mut)
            && !members.is_empty()
            && !members.iter().any(takes_null)
        {
            members.push(null(span));
        }
    }
    if map.get("allOf").is_some() {
        // The members of an `allOf` have the last word: `null` must pass around them.
        untype_and_wrap(map, span);
    }
}

/// `T` → `[T, 'null']`.
fn add_null_type(node: &mut Node) {
    let span = node.span;
    match &mut node.value {
        Value::String(name) if name != "null" => {
            let name = Node::new(span, std::mem::take(name));
            node.value = vec![name, Node::new(span, "null")].into();
        }
        Value::Array(names) if !names.iter().any(|name| name.as_str() == Some("null")) => {
            names.push(Node::new(span, "null"));
        }
        _ => {}
    }
}

/// `{type: [object, 'null'], allOf: […]}` → the original type beside its `allOf`, `null` outside.
fn untype_and_wrap(map: &mut Map, span: Span) {
    if let Some(node) = map.get_mut("type")
        && let Value::Array(names) = &mut node.value
    {
        names.retain(|name| name.as_str() != Some("null"));
        if names.len() == 1
            && let Some(only) = names.pop()
        {
            node.value = only.value;
        }
    }
    wrap(map, span);
}

/// `S` → `anyOf: [S, {type: 'null'}]`, what describes the value staying outside.
fn wrap(map: &mut Map, span: Span) {
    let mut inner = std::mem::take(map);
    for key in ANNOTATIONS {
        if let Some(node) = inner.shift_remove(key) {
            map.insert(key.to_owned(), node);
        }
    }
    let extensions: Vec<_> = inner
        .keys()
        .filter(|key| key.starts_with("x-"))
        .cloned()
        .collect();
    for key in extensions {
        if let Some(node) = inner.shift_remove(&key) {
            map.insert(key, node);
        }
    }
    // `allOf: [X]` was only there to hold a `$ref` beside `nullable`.
    let alone = inner.len() == 1;
    let only = inner
        .get_mut("allOf")
        .and_then(Node::as_array_mut)
        .filter(|members| alone && members.len() == 1)
        .and_then(Vec::pop);
    let inner = only.unwrap_or_else(|| Node::new(span, inner));
    map.insert("anyOf".to_owned(), Node::new(span, vec![inner, null(span)]));
}

fn null(span: Span) -> Node {
    Node::object(span, [("type", Node::new(span, "null"))])
}

fn takes_null(node: &Node) -> bool {
    match node.get("type").map(|node| &node.value) {
        Some(Value::String(name)) => name == "null",
        Some(Value::Array(names)) => names.iter().any(|name| name.as_str() == Some("null")),
        _ => false,
    }
}

/// The type that properties or items imply where none is written.
fn implied_type(map: &Map) -> Option<&'static str> {
    if map.contains_key("properties") || map.contains_key("additionalProperties") {
        Some("object")
    } else if map.contains_key("items") {
        Some("array")
    } else {
        None
    }
}
