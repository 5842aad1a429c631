//! A schema without `type`.
//!
//! 3.1: keywords hold for the types they know, and say nothing about others.
//! 3.0: the same, and `items` and `nullable` ask for a type.
//! Here: the type that all keywords are about, where they agree. Whoever writes `properties` means
//! an object.
//! Lost: nothing that anybody means.

use crate::{
    lower::{context::take, contradictions::family, type_list::is_of},
    node::{Map, Node},
};

/// Keywords that make types of other schemas.
const COMPOSED: [&str; 5] = ["$ref", "allOf", "anyOf", "oneOf", "not"];

pub(super) fn apply(schema: &mut Map) {
    if schema.contains_key("type") {
        return;
    }
    let is_composed = COMPOSED.iter().any(|key| schema.contains_key(key));
    if !is_composed && let Some(name) = guess(schema) {
        let span = schema
            .values()
            .next()
            .map_or(crate::page::Span::NONE, |node| node.span);
        schema.shift_insert(0, "type".to_owned(), Node::new(span, name));
    } else if !is_composed && !schema.contains_key("enum") {
        // What admits everything admits `null`.
        take(schema, "nullable");
    }
}

fn guess(schema: &Map) -> Option<&'static str> {
    if let Some(values) = schema.get("enum").and_then(Node::as_array) {
        let mut values = values.iter().filter(|value| !value.is_null()).peekable();
        values.peek()?;
        let values: Vec<_> = values.collect();
        return ["string", "integer", "number", "boolean"]
            .into_iter()
            .find(|name| values.iter().all(|value| is_of(value, name)));
    }
    let mut found = schema.keys().filter_map(|key| family(key));
    let by_keywords = found.next();
    if found.any(|other| Some(other) != by_keywords) {
        return None;
    }
    let by_format = match schema.get("format").and_then(Node::as_str) {
        Some("int32" | "int64") => Some("integer"),
        Some("float" | "double") => Some("number"),
        Some(
            "date" | "date-time" | "password" | "byte" | "binary" | "uuid" | "email" | "uri"
            | "url" | "hostname" | "ipv4" | "ipv6",
        ) => Some("string"),
        _ => None,
    };
    match (by_keywords, by_format) {
        (Some("number"), Some("integer")) => Some("integer"),
        (Some(one), Some(other)) if one != other => None,
        (one, other) => one.or(other),
    }
}
