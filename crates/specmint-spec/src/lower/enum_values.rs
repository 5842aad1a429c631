//! `enum` values that are not of the schema's type.
//!
//! 3.1 and 3.0: they never match. YAML makes numbers and truth values of words, so what stands there
//! is often a string that lost its quotes.
//! Here: written as the type asks for where that is possible, otherwise removed.
//! Lost: values that can't be sent.

use crate::{
    diag::codes::lower as codes,
    lower::{
        context::{Context, take},
        type_list::is_of,
    },
    node::{Map, Node, Number, Value},
};

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    let Some(node) = schema.get_mut("enum") else {
        return;
    };
    let span = node.span;
    let values = match &mut node.value {
        Value::Array(values) if !values.is_empty() => std::mem::take(values),
        Value::Array(_) => {
            take(schema, "enum");
            cx.note(
                codes::ENUM_VALUES,
                span,
                "an `enum` without values is left out",
            );
            return;
        }
        _ => {
            take(schema, "enum");
            cx.note(codes::MALFORMED, span, "`enum` holds no array");
            return;
        }
    };
    let name = schema.get("type").and_then(Node::as_str).map(str::to_owned);
    let nullable = schema.get("nullable").and_then(Node::as_bool) == Some(true);
    let mut kept: Vec<Node> = Vec::with_capacity(values.len());
    let mut seen = std::collections::HashSet::new();
    for mut value in values {
        let fits = match &name {
            Some(name) if !is_of(&value, name) => {
                value.is_null() && nullable || convert(&mut value, name, cx)
            }
            _ => true,
        };
        if !fits {
            let name = name.as_deref().unwrap_or_default();
            cx.note(
                codes::ENUM_VALUES,
                value.span,
                format!("a value that is no `{name}` is left out of the `enum`"),
            );
        } else if seen.insert(value.to_json().to_string()) {
            kept.push(value);
        }
    }
    if kept.iter().all(Node::is_null) && name.is_some() {
        take(schema, "enum");
        cx.warning(
            codes::ENUM_VALUES,
            span,
            "no value of the `enum` is of the type; any value of the type is taken",
        );
    } else if let Some(node) = schema.get_mut("enum") {
        node.value = Value::Array(kept);
    }
}

/// Writes a value as another type, if it can be.
fn convert(value: &mut Node, name: &str, cx: &mut Context<'_>) -> bool {
    let span = value.span;
    let converted: Value = match (name, &value.value) {
        ("string", Value::Number(number)) => number.text().into(),
        ("string", Value::Bool(value)) => {
            // YAML 1.1 reads `yes`, `on` and `n` like this, but the text is gone by now.
            if *value { "true" } else { "false" }.into()
        }
        ("integer", Value::String(text)) => match text.trim().parse::<i64>() {
            Ok(number) => number.into(),
            Err(_) => return false,
        },
        ("number", Value::String(text)) => {
            match serde_json::from_str::<serde_json::Number>(text.trim()) {
                Ok(number) => Number::new(text.trim(), number).into(),
                Err(_) => return false,
            }
        }
        ("boolean", Value::String(text)) => match text.as_str() {
            "true" => true.into(),
            "false" => false.into(),
            _ => return false,
        },
        _ => return false,
    };
    value.value = converted;
    cx.note(
        codes::ENUM_VALUES,
        span,
        format!("a value of the `enum` is taken as a `{name}`"),
    );
    true
}
