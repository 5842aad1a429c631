//! `webhooks`.
//!
//! 3.1: what the server calls, beside `paths`, which may then be missing.
//! 3.0: has no such section.
//! Here: `x-specmint-webhooks`, whose schemas are lowered like any other, so that the types of the
//! payloads survive; and an empty `paths`.
//! Lost: nothing.

use crate::{
    diag::{Diagnostics, codes::lower as codes},
    node::{Map, Node},
    page::Span,
};

pub(super) fn apply(root: &mut Node, diags: &mut Diagnostics) {
    if let Some(webhooks) = root.remove("webhooks") {
        if webhooks.as_object().is_some() {
            root.insert("x-specmint-webhooks", webhooks);
        } else {
            diags
                .note(
                    codes::MALFORMED,
                    webhooks.span,
                    "`webhooks` holds no object",
                )
                .at("");
        }
    }
    if root
        .get("paths")
        .is_none_or(|paths| paths.as_object().is_none())
    {
        root.insert("paths", Node::new(Span::NONE, Map::new()));
    }
}
