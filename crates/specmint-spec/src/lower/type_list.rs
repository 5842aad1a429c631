//! `type` as a list.
//!
//! 3.1: the value is of any of these types; keywords hold for the types they know.
//! 3.0: one type.
//! Here: an `anyOf` with a branch per type, each with the keywords and values of its own.
//! Lost: nothing, unless the schema is a union already, whose branches then say the types.

use crate::{
    diag::codes::lower as codes,
    lower::{
        context::{Context, take},
        contradictions::family,
    },
    node::{Map, Node, Value},
    page::Span,
};

/// Formats of numbers; every other format is one of strings.
const NUMERIC: [&str; 12] = [
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float", "double",
    "decimal", "int",
];

pub(super) fn apply(schema: &mut Map, span: Span, cx: &mut Context<'_>) {
    let Some(node) = schema.get("type") else {
        return;
    };
    let Some(list) = node.as_array() else { return };
    let at = node.span;
    let mut types: Vec<String> = Vec::new();
    for name in list.iter().filter_map(Node::as_str) {
        if !types.iter().any(|known| known == name) {
            types.push(name.to_owned());
        }
    }
    if types.iter().any(|name| name == "number") {
        types.retain(|name| name != "integer");
    }
    // A value of one type only needs no branch for the others.
    if let Some(values) = schema.get("enum").and_then(Node::as_array) {
        types.retain(|name| values.iter().any(|value| is_of(value, name)));
    }
    match types.as_slice() {
        [one] => {
            schema.insert("type".to_owned(), Node::new(at, one.as_str()));
            return;
        }
        _ => {
            take(schema, "type");
        }
    }
    if types.is_empty() {
        return;
    }
    if schema.contains_key("anyOf") || schema.contains_key("oneOf") {
        cx.note(
            codes::TYPE_LIST,
            at,
            "the types of a union are those of its branches",
        );
        return;
    }
    if types.len() == 5
        && schema
            .keys()
            .all(|key| family(key).is_none() && key != "format")
    {
        // Every type there is: no restriction.
        return;
    }
    let values = take(schema, "enum");
    let format = take(schema, "format");
    let is_numeric = format
        .as_ref()
        .and_then(Node::as_str)
        .is_some_and(|name| NUMERIC.contains(&name));
    let mut branches = Vec::new();
    for name in types {
        let mut branch = Map::new();
        branch.insert("type".to_owned(), Node::new(at, name.as_str()));
        for (key, member) in schema.iter() {
            if family(key) == Some(type_family(&name)) {
                branch.insert(key.clone(), member.clone());
            }
        }
        if let Some(format) = &format
            && (if is_numeric {
                type_family(&name) == "number"
            } else {
                name == "string"
            })
        {
            branch.insert("format".to_owned(), format.clone());
        }
        if let Some(values) = values.as_ref() {
            let own = values
                .as_array()
                .into_iter()
                .flatten()
                .filter(|v| is_of(v, &name))
                .cloned();
            branch.insert(
                "enum".to_owned(),
                Node::new(values.span, own.collect::<Vec<_>>()),
            );
        }
        branches.push(Node::new(at, branch));
    }
    schema.retain(|key, _| family(key).is_none());
    schema.insert("anyOf".to_owned(), Node::new(span, branches));
}

fn type_family(name: &str) -> &str {
    if name == "integer" { "number" } else { name }
}

/// Whether a value is of a type.
pub(super) fn is_of(value: &Node, name: &str) -> bool {
    match &value.value {
        Value::Null => false,
        Value::Bool(_) => name == "boolean",
        Value::Number(number) => {
            name == "number"
                || name == "integer" && number.value().as_f64().is_some_and(|n| n.fract() == 0.0)
        }
        Value::String(_) => name == "string",
        Value::Array(_) => name == "array",
        Value::Object(_) => name == "object",
    }
}
