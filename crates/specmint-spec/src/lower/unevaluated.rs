//! `unevaluatedProperties`, `unevaluatedItems`.
//!
//! 3.1: what no keyword of the schema, or of those it is made of, has spoken about.
//! 3.0: `additionalProperties` knows the schema itself alone.
//! Here: the same as `additionalProperties` or `items` where the schema is made of nothing else;
//! otherwise removed.
//! Lost: in the second case, that further members are refused, which a reader need not know.

use crate::{
    diag::codes::lower as codes,
    lower::context::{Context, take},
    node::{Map, Value},
};

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    let is_composed = ["$ref", "allOf", "anyOf", "oneOf", "not"]
        .iter()
        .any(|key| schema.contains_key(key));
    if let Some(node) = take(schema, "unevaluatedProperties") {
        if is_composed {
            if let Value::Object(_) = node.value {
                cx.warning(
                    codes::UNEVALUATED,
                    node.span,
                    "the type of further members is lost",
                );
            } else if let Value::Bool(false) = node.value {
                schema.insert("x-specmint-unevaluated-properties".to_owned(), node);
            }
        } else {
            schema
                .entry("additionalProperties".to_owned())
                .or_insert(node);
        }
    }
    if let Some(node) = take(schema, "unevaluatedItems") {
        let is_tuple = schema.contains_key("x-specmint-prefix-items");
        match node.value {
            Value::Object(_) if !is_composed && !is_tuple => {
                schema.entry("items".to_owned()).or_insert(node);
            }
            Value::Object(_) => {
                cx.warning(
                    codes::UNEVALUATED,
                    node.span,
                    "the type of further elements is lost",
                );
            }
            _ => {}
        }
    }
}
