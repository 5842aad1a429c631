//! `patternProperties`.
//!
//! 3.1: members whose names match a pattern have this schema.
//! 3.0: members not named have the schema `additionalProperties`.
//! Here: `additionalProperties` with the schema, or the union of them.
//! Lost: which names go with which schema.

use crate::{
    diag::codes::lower as codes,
    lower::context::{Context, take},
    node::{Map, Node, Value},
};

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    let Some(patterns) = take(schema, "patternProperties") else {
        return;
    };
    let span = patterns.span;
    let Value::Object(map) = patterns.value else {
        cx.note(
            codes::MALFORMED,
            span,
            "`patternProperties` holds no object",
        );
        return;
    };
    let is_everything = |pattern: &str| matches!(pattern, "" | "^.*$" | ".*" | "^.+$" | ".+" | "^");
    let is_exact = map.len() == 1 && map.keys().all(|pattern| is_everything(pattern));
    let mut union: Vec<Node> = Vec::new();
    let mut names = Vec::new();
    for (pattern, node) in map {
        // Names of extensions: nothing a caller sends or reads.
        if pattern.starts_with("^x-") || matches!(node.value, Value::Bool(false)) {
            continue;
        }
        names.push(format!("`{pattern}`"));
        if !union.contains(&node) {
            union.push(node);
        }
    }
    match take(schema, "additionalProperties") {
        // The patterns say which members there are.
        Some(Node {
            value: Value::Bool(false),
            ..
        })
        | None => {}
        Some(Node {
            value: Value::Bool(true),
            ..
        }) => union = vec![Node::new(span, Map::new())],
        Some(other) => {
            if !union.contains(&other) {
                union.push(other);
            }
        }
    }
    let is_one = union.len() == 1;
    let additional = match union.len() {
        0 => Node::new(span, false),
        1 => union.swap_remove(0),
        _ => Node::object(span, [("anyOf", Node::new(span, union))]),
    };
    schema.insert("additionalProperties".to_owned(), additional);
    if is_exact || names.is_empty() {
        return;
    }
    let names = names.join(", ");
    if is_one {
        cx.note(
            codes::PATTERN_PROPERTIES,
            span,
            format!("any name is taken where the document says {names}"),
        );
    } else {
        cx.warning(
            codes::PATTERN_PROPERTIES,
            span,
            format!("members named like {names} become members of any name and any of the types"),
        );
    }
}
