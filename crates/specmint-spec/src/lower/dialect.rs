//! `$schema`, `$vocabulary`, `$comment`, `$id`, `$anchor`, `$defs`, `definitions`.
//!
//! 3.1: a schema says its dialect, its names, and holds definitions for references.
//! 3.0: none of them.
//! Here: removed; whatever a reference led to is a component by now.
//! Lost: comments, and definitions nobody refers to. A dialect of somebody's own is said.

use crate::{
    diag::codes::lower as codes,
    lower::context::{Context, take},
    node::{Map, Node},
};

/// Dialects that read like the one of OpenAPI 3.1.
const KNOWN: [&str; 2] = [
    "https://spec.openapis.org/oas/3.1/",
    "://json-schema.org/draft",
];

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    if schema
        .keys()
        .all(|key| !key.starts_with('$') && key != "definitions" && key != "id")
    {
        return;
    }
    if let Some(dialect) = take(schema, "$schema") {
        foreign(&dialect, cx);
    }
    for key in [
        "$id",
        "$anchor",
        "$dynamicAnchor",
        "$recursiveAnchor",
        "$vocabulary",
        "$comment",
        "$defs",
        "definitions",
        "id",
    ] {
        take(schema, key);
    }
}

/// Whether schemas of a dialect read like those of OpenAPI 3.1.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.iter().any(|known| name.contains(known))
}

fn foreign(dialect: &Node, cx: &mut Context<'_>) {
    let Some(name) = dialect.as_str() else { return };
    if !is_known(name) {
        cx.note(
            codes::DIALECT,
            dialect.span,
            format!("`{name}` is an unknown dialect; its schemas are read as those of OpenAPI 3.1"),
        );
    }
}
