//! Keywords beside a `$ref`.
//!
//! 3.1: they hold as well.
//! 3.0: they are ignored.
//! Here: prose stays where it is, ignored by the letter, read by those who write documentation, so
//! that no wrapper makes a type of its own; anything else moves the reference into an `allOf`.
//! Lost: nothing but examples.

use crate::{
    lower::context::{Context, take},
    node::{Map, Node},
};

/// Says nothing about the value.
fn is_prose(key: &str) -> bool {
    matches!(
        key,
        "description" | "title" | "summary" | "externalDocs" | "example" | "examples"
    ) || key.starts_with("x-")
}

pub(super) fn apply(schema: &mut Map, _cx: &mut Context<'_>) {
    let Some(reference) = schema.get("$ref") else {
        return;
    };
    if reference.as_str().is_none() {
        take(schema, "$ref");
        return;
    }
    if schema.len() < 2 {
        return;
    }
    if schema.keys().all(|key| key == "$ref" || is_prose(key)) {
        schema.retain(|key, _| key == "$ref" || key == "description" || key.starts_with("x-"));
        return;
    }
    let Some(reference) = take(schema, "$ref") else {
        return;
    };
    let span = reference.span;
    let branch = Node::object(span, [("$ref", reference)]);
    match schema.get_mut("allOf").and_then(Node::as_array_mut) {
        Some(branches) => branches.insert(0, branch),
        None => {
            schema.insert("allOf".to_owned(), Node::new(span, vec![branch]));
        }
    }
}
