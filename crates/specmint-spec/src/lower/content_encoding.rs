//! `contentEncoding`, `contentMediaType`, `contentSchema`.
//!
//! 3.1: a string that holds bytes or a document: how it is encoded, and what it is.
//! 3.0: `format: byte` for Base64, `format: binary` for bytes as they are.
//! Here: these formats; the words themselves stay in `x-specmint-content-encoding` and
//! `x-specmint-content-media-type`.
//! Lost: the schema of a document inside a string.

use crate::{
    diag::codes::lower as codes,
    lower::context::{Context, take},
    node::{Map, Node},
};

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    if let Some(node) = take(schema, "contentSchema") {
        cx.note(
            codes::CONTENT_SCHEMA,
            node.span,
            "`contentSchema` is left out; the value is the text as it is",
        );
    }
    let encoding = take(schema, "contentEncoding");
    let media_type = take(schema, "contentMediaType");
    let Some(span) = encoding
        .as_ref()
        .or(media_type.as_ref())
        .map(|node| node.span)
    else {
        return;
    };
    let says_other = schema
        .get("type")
        .is_some_and(|name| name.as_str() != Some("string"));
    if says_other {
        // Both hold for strings only.
        return;
    }
    if ["$ref", "allOf", "anyOf", "oneOf"]
        .iter()
        .all(|key| !schema.contains_key(key))
    {
        schema
            .entry("type".to_owned())
            .or_insert_with(|| Node::new(span, "string"));
        let text = |node: &Option<Node>| {
            node.as_ref()
                .and_then(Node::as_str)
                .unwrap_or_default()
                .to_ascii_lowercase()
        };
        let format = match (text(&encoding).as_str(), text(&media_type).as_str()) {
            ("base64", _) => Some("byte"),
            ("" | "binary", "application/octet-stream") | ("binary", _) => Some("binary"),
            ("", media) if is_bytes(media) => Some("binary"),
            _ => None,
        };
        if let Some(format) = format {
            schema
                .entry("format".to_owned())
                .or_insert_with(|| Node::new(span, format));
        }
    }
    for (key, node) in [
        ("x-specmint-content-encoding", encoding),
        ("x-specmint-content-media-type", media_type),
    ] {
        if let Some(node) = node {
            schema.insert(key.to_owned(), node);
        }
    }
}

/// Media types that no JSON string can hold as they are.
fn is_bytes(media_type: &str) -> bool {
    let (main, sub) = media_type.split_once('/').unwrap_or_default();
    matches!(main, "image" | "audio" | "video" | "font") && !sub.starts_with("svg")
        || matches!(sub, "zip" | "gzip" | "pdf" | "x-tar")
}
