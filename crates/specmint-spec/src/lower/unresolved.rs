//! A `$ref` that leads nowhere, in a circle, or out of the document.
//!
//! 3.1 and 3.0: an error, or another file. A file beside the document was read long before; a
//! document somewhere on the network is never fetched.
//! Here: a schema becomes one that admits everything, with its prose, so that the operations that
//! use it stay callable; a body or an answer becomes bytes; what has no use untyped is left out.
//! Lost: the type.

use crate::{
    diag::codes::lower as codes,
    lower::{
        context::{Context, take},
        walk::Kind,
    },
    node::{Map, Node},
};

/// Marks a node whose `$ref` led nowhere; holds the reference.
pub(super) const UNRESOLVED: &str = "x-specmint-unresolved";
/// Marks a node whose `$ref` led back to itself.
pub(super) const CIRCLE: &str = "x-specmint-circle";
/// Marks a schema whose `$dynamicRef` may lead to several.
pub(super) const DYNAMIC: &str = "x-specmint-dynamic";

/// Says what a marked schema lost.
pub(super) fn schema(schema: &mut Map, cx: &mut Context<'_>) {
    if let Some(text) = take(schema, DYNAMIC) {
        let name = text.as_str().unwrap_or_default();
        cx.warning(
            codes::DYNAMIC_REF,
            text.span,
            format!("`$dynamicRef: {name}` may be any of several schemas; the value is untyped"),
        );
        schema.insert(UNRESOLVED.to_owned(), text);
    } else if let Some(text) = schema.get(UNRESOLVED).or_else(|| schema.get(CIRCLE)) {
        let span = text.span;
        let message = message(schema, "the value is untyped");
        cx.warning(codes::UNRESOLVED, span, message);
    } else {
        return;
    }
    schema.retain(|key, _| {
        key.starts_with("x-")
            || matches!(
                key.as_str(),
                "title" | "description" | "deprecated" | "externalDocs"
            )
    });
}

/// Gives a marked body or answer the content it can have without its definition.
pub(super) fn untyped_content(node: &mut Node, kind: Kind, cx: &mut Context<'_>) {
    let span = node.span;
    let Some(map) = node.as_object_mut() else {
        return;
    };
    if !is_marked(map) {
        return;
    }
    let message = message(map, "its content is untyped");
    cx.warning(codes::UNRESOLVED, span, message);
    let media = Node::object(span, [("schema", Node::new(span, Map::new()))]);
    map.insert("content".to_owned(), Node::object(span, [("*/*", media)]));
    if kind == Kind::Response {
        map.entry("description".to_owned())
            .or_insert_with(|| Node::new(span, ""));
    }
}

/// Whether a node lost its `$ref`.
pub(super) fn is_marked(map: &Map) -> bool {
    map.contains_key(UNRESOLVED) || map.contains_key(CIRCLE)
}

/// What a marked node's reference was.
pub(super) fn message(map: &Map, consequence: &str) -> String {
    let text = |key: &str| map.get(key).and_then(Node::as_str).map(str::to_owned);
    if let Some(text) = text(CIRCLE) {
        return format!("`$ref: {text}` leads back to itself; {consequence}");
    }
    let text = text(UNRESOLVED).unwrap_or_default();
    if text.starts_with('#') {
        format!("`$ref: {text}` leads to nothing in the document; {consequence}")
    } else {
        format!("`$ref: {text}` leads out of the document; {consequence}")
    }
}
