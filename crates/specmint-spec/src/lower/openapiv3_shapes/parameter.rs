//! Parameters and headers: where they are, how they are written.

use super::{is_object, is_resolved, keep, list, object, one_example, texts, truths};
use crate::{
    diag::codes::lower as codes,
    lower::{
        context::{Context, take},
        walk::Kind,
    },
    node::{Map, Node, Value},
    page::Span,
};

pub(super) fn all(map: &mut Map, cx: &mut Context<'_>) {
    let Some(parameters) = list(map, "parameters") else {
        return;
    };
    parameters.retain(|node| is_object(node) && is_resolved(node, Kind::Parameter, cx));
    parameters.retain(|node| is_sendable(node, cx));
}

/// Whether a parameter says its name and a place that 3.0 knows.
pub(super) fn is_sendable(node: &Node, cx: &mut Context<'_>) -> bool {
    if node.get_str("$ref").is_some() {
        return true;
    }
    let name = node.get("name").map(|name| match &name.value {
        Value::String(text) => text.to_string(),
        Value::Number(number) => number.text().to_owned(),
        Value::Bool(value) => value.to_string(),
        _ => String::new(),
    });
    let place = node
        .get_str("in")
        .map(str::to_ascii_lowercase)
        .unwrap_or_default();
    match name {
        Some(name) if !name.is_empty() => {
            let known = matches!(place.as_str(), "query" | "header" | "path" | "cookie");
            if !known {
                cx.warning(
                    codes::PARAMETER,
                    node.span,
                    format!("the parameter `{name}` is `in: {place}`, which 3.0 doesn't know; it is left out"),
                );
            }
            known
        }
        _ => {
            cx.warning(
                codes::PARAMETER,
                node.span,
                "a parameter without a name is left out",
            );
            false
        }
    }
}

pub(super) fn apply(map: &mut Map, span: Span, cx: &mut Context<'_>) {
    let known = [
        "name",
        "in",
        "description",
        "required",
        "deprecated",
        "allowEmptyValue",
        "style",
        "explode",
        "allowReserved",
        "schema",
        "content",
        "example",
        "examples",
    ];
    // The type beside the name: the form of the version before 3.0.
    lift_schema(map, span);
    keep(map, &known, cx);
    texts(map, &["name", "description", "style"]);
    truths(
        map,
        &[
            "required",
            "deprecated",
            "allowEmptyValue",
            "explode",
            "allowReserved",
        ],
    );
    let place = map
        .get("in")
        .and_then(Node::as_str)
        .unwrap_or_default()
        .to_ascii_lowercase();
    if let Some(node) = map.get_mut("in") {
        node.value = place.as_str().into();
    }
    if place != "query" {
        take(map, "allowEmptyValue");
        take(map, "allowReserved");
    }
    if place == "path" {
        let at = map.get("required").map_or(span, |node| node.span);
        map.insert("required".to_owned(), Node::new(at, true));
    }
    let styles: &[&str] = match place.as_str() {
        "query" => &["form", "spaceDelimited", "pipeDelimited", "deepObject"],
        "path" => &["matrix", "label", "simple"],
        "cookie" => &["form"],
        _ => &["simple"],
    };
    style(map, styles, cx);
    schema_or_content(map, span);
    one_example(map);
}

pub(super) fn header(map: &mut Map, span: Span, cx: &mut Context<'_>) {
    take(map, "name");
    take(map, "in");
    lift_schema(map, span);
    let known = [
        "description",
        "required",
        "deprecated",
        "allowEmptyValue",
        "style",
        "explode",
        "allowReserved",
        "schema",
        "content",
        "example",
        "examples",
    ];
    keep(map, &known, cx);
    texts(map, &["description", "style"]);
    truths(
        map,
        &[
            "required",
            "deprecated",
            "allowEmptyValue",
            "explode",
            "allowReserved",
        ],
    );
    style(map, &["simple"], cx);
    schema_or_content(map, span);
    one_example(map);
}

/// Moves `type` and its like from a parameter into the schema it doesn't have.
pub(super) fn lift_schema(map: &mut Map, span: Span) {
    if map.contains_key("schema") || map.contains_key("content") || !map.contains_key("type") {
        return;
    }
    let mut schema = Map::new();
    for key in [
        "type", "format", "enum", "items", "default", "minimum", "maximum", "pattern",
    ] {
        if let Some(node) = take(map, key) {
            schema.insert(key.to_owned(), node);
        }
    }
    map.insert("schema".to_owned(), Node::new(span, schema));
}

pub(super) fn style(map: &mut Map, known: &[&str], cx: &mut Context<'_>) {
    let Some(node) = map.get("style") else { return };
    if node.as_str().is_some_and(|style| known.contains(&style)) {
        return;
    }
    let style = node.as_str().unwrap_or_default().to_owned();
    let span = node.span;
    take(map, "style");
    cx.warning(
        codes::STYLE,
        span,
        format!("the style `{style}` does not exist here; the default is used"),
    );
}

pub(super) fn schema_or_content(map: &mut Map, span: Span) {
    let has_content = map
        .get("content")
        .and_then(Node::as_object)
        .is_some_and(|content| !content.is_empty());
    if !has_content {
        take(map, "content");
        map.entry("schema".to_owned())
            .or_insert_with(|| Node::new(span, Map::new()));
        return;
    }
    if map.contains_key("schema") {
        take(map, "content");
    } else if let Some(content) = object(map, "content") {
        // These hold for a schema, and a parameter with content has exactly one.
        content.truncate(1);
        take(map, "style");
        take(map, "explode");
        take(map, "allowReserved");
        take(map, "example");
        take(map, "examples");
    }
}
