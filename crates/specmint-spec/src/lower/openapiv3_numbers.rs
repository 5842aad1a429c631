//! Numbers that a reader of 3.0 can't hold.
//!
//! 3.1 and 3.0: lengths are integers, which may be written `1.0`; bounds are any numbers.
//! The `openapiv3` crate: lengths are `usize`, bounds of integers are `i64`.
//! Here: `1.0` becomes `1`; bounds of an integer are rounded inwards; what fits nowhere is removed,
//! and an upper bound beyond `i64` leaves `format: uint64`.
//! Lost: a bound no value of the type reaches.

use crate::{
    diag::codes::lower as codes,
    lower::context::{Context, take},
    node::{Map, Node, Value},
};

const LENGTHS: [&str; 6] = [
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
];

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    for key in LENGTHS {
        let Some(node) = schema.get_mut(key) else {
            continue;
        };
        if whole(node).is_some_and(|n| n >= 0) {
            if let Some(number) = whole(node)
                && !is_integer(node)
            {
                node.value = number.into();
            }
        } else if let Some(node) = take(schema, key) {
            cx.note(codes::NUMBER, node.span, format!("`{key}` holds no length"));
        }
    }
    let is_int = schema.get("type").and_then(Node::as_str) == Some("integer");
    for (key, exclusive) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
        ("multipleOf", ""),
    ] {
        let Some(node) = schema.get(key) else {
            continue;
        };
        let span = node.span;
        let Some(value) = number(node) else {
            take(schema, key);
            take(schema, exclusive);
            cx.note(codes::NUMBER, span, format!("`{key}` holds no number"));
            continue;
        };
        if key == "multipleOf" && value <= 0.0 {
            take(schema, key);
            cx.note(codes::NUMBER, span, "`multipleOf` must be above zero");
            continue;
        }
        if !is_int || is_integer(node) {
            if node.as_number().is_none() {
                set(schema, key, value);
            }
            continue;
        }
        if let Some(exact) = whole(node) {
            schema.insert(key.to_owned(), Node::new(span, exact));
            continue;
        }
        let inwards = match key {
            "minimum" => value.ceil(),
            "maximum" => value.floor(),
            _ => f64::INFINITY,
        };
        // `x > 1.5` is `x >= 2`.
        take(schema, exclusive);
        if let Some(exact) = to_i64(inwards) {
            schema.insert(key.to_owned(), Node::new(span, exact));
            continue;
        }
        take(schema, key);
        if key == "maximum" && value > 0.0 && value < 1.9e19 {
            schema
                .entry("format".to_owned())
                .or_insert_with(|| Node::new(span, "uint64"));
        } else {
            let message = format!("`{key}` is no integer of 64 bits");
            cx.note(codes::NUMBER, span, message);
        }
    }
}

/// Whether a node is an integer of 64 bits, written as one.
fn is_integer(node: &Node) -> bool {
    node.as_number().is_some_and(|n| n.value().is_i64())
}

/// A number, also one that is written as a string.
fn number(node: &Node) -> Option<f64> {
    match &node.value {
        Value::Number(number) => number.value().as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()),
        _ => None,
    }
}

fn whole(node: &Node) -> Option<i64> {
    if let Some(exact) = node.as_number().and_then(|n| n.value().as_i64()) {
        return Some(exact);
    }
    number(node).filter(|n| n.fract() == 0.0).and_then(to_i64)
}

/// The integer a whole number is, within 64 bits.
fn to_i64(number: f64) -> Option<i64> {
    // Beyond 2^53 a floating-point number may print its integer inexactly, but never lose its size.
    let text = format!("{number:.0}");
    if number.is_finite() {
        text.parse().ok()
    } else {
        None
    }
}

fn set(schema: &mut Map, key: &str, value: f64) {
    if let (Some(node), Some(number)) = (schema.get_mut(key), serde_json::Number::from_f64(value)) {
        node.value = crate::node::Number::new(&value.to_string(), number).into();
    }
}
