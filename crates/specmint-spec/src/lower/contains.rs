//! `contains`, `minContains`, `maxContains`.
//!
//! 3.1: some elements must match a schema.
//! 3.0: can't say so.
//! Here: removed.
//! Lost: a check the server makes anyway; the type of the elements is the same.

use crate::{
    diag::codes::lower as codes,
    lower::context::{Context, take},
    node::Map,
};

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    take(schema, "minContains");
    take(schema, "maxContains");
    if let Some(node) = take(schema, "contains") {
        cx.note(
            codes::CONTAINS,
            node.span,
            "`contains` is left to the server to check",
        );
    }
}
