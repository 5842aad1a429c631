//! `propertyNames`.
//!
//! 3.1: the names of all members match a schema.
//! 3.0: can't say so.
//! Here: removed.
//! Lost: a check the server makes anyway; where the names are listed, the list.

use crate::{
    diag::codes::lower as codes,
    lower::context::{Context, take},
    node::{Map, Value},
};

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    let Some(node) = take(schema, "propertyNames") else {
        return;
    };
    if let Value::Bool(_) = node.value {
        return;
    }
    if node
        .as_object()
        .is_some_and(|map| map.len() == 1 && node.get_str("type") == Some("string"))
    {
        return;
    }
    if node.get("enum").is_some() || node.get("$ref").is_some() {
        cx.warning(
            codes::PROPERTY_NAMES,
            node.span,
            "the names of the members are listed, but become plain strings",
        );
    } else {
        cx.note(
            codes::PROPERTY_NAMES,
            node.span,
            "`propertyNames` is left to the server to check",
        );
    }
}
