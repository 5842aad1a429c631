//! Keywords that 3.0 doesn't know and no rule has spoken for.
//!
//! 3.1: keywords nobody knows are annotations.
//! 3.0: only `x-` is free.
//! Here: removed.
//! Lost: whatever they meant to those who know them.

use crate::{diag::codes::lower as codes, lower::context::Context, node::Map};

const KNOWN: [&str; 36] = [
    "$ref",
    "title",
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "required",
    "enum",
    "type",
    "not",
    "allOf",
    "oneOf",
    "anyOf",
    "items",
    "properties",
    "additionalProperties",
    "description",
    "format",
    "default",
    "nullable",
    "discriminator",
    "readOnly",
    "writeOnly",
    "example",
    "externalDocs",
    "deprecated",
    "xml",
];

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    schema.retain(|key, node| {
        let known = KNOWN.contains(&key.as_str()) || key.starts_with("x-");
        if !known {
            cx.note(
                codes::UNKNOWN,
                node.span,
                format!("`{key}` is no keyword of a schema"),
            );
        }
        known
    });
}
