//! `if`, `then`, `else`.
//!
//! 3.1: one schema or the other, by a third.
//! 3.0: can't say so.
//! Here: members that only a branch names become optional members; the rest is removed.
//! Lost: the condition, and whatever else the branches say.

use crate::{
    diag::codes::lower as codes,
    lower::context::{Context, take},
    node::{Map, Node, Value},
};

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    let condition = take(schema, "if");
    let branches = [take(schema, "then"), take(schema, "else")];
    let Some(span) = condition.as_ref().map(|node| node.span) else {
        return;
    };
    if branches.iter().all(Option::is_none) {
        return;
    }
    let adds = branches.iter().flatten().any(|branch| {
        branch.as_object().is_some_and(|map| {
            map.keys()
                .any(|key| !matches!(key.as_str(), "required" | "not"))
        })
    });
    if adds {
        cx.warning(
            codes::IF_THEN_ELSE,
            span,
            "the condition is lost; the members its branches name are optional",
        );
    } else {
        cx.note(
            codes::IF_THEN_ELSE,
            span,
            "the condition is left to the server to check",
        );
    }
    for branch in branches.into_iter().flatten() {
        adopt(schema, branch);
    }
}

/// Takes over the members that a branch names and the schema doesn't.
pub(super) fn adopt(schema: &mut Map, mut branch: Node) {
    let span = branch.span;
    let Some(Value::Object(own)) = branch.remove("properties").map(|node| node.value) else {
        return;
    };
    let empty = || Node::new(span, Map::new());
    let properties = schema.entry("properties".to_owned()).or_insert_with(empty);
    let Some(properties) = properties.as_object_mut() else {
        return;
    };
    for (name, node) in own {
        properties.entry(name).or_insert(node);
    }
}
