//! `exclusiveMinimum`, `exclusiveMaximum`.
//!
//! 3.1: a bound of its own.
//! 3.0: a truth value that makes `minimum` or `maximum` exclusive.
//! Here: the tighter of both bounds, exclusive where that one was.
//! Lost: the looser bound, which says nothing.

use crate::{
    diag::codes::lower as codes,
    lower::context::{Context, take},
    node::{Map, Node, Value},
};

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    for (exclusive, bound, is_lower) in [
        ("exclusiveMinimum", "minimum", true),
        ("exclusiveMaximum", "maximum", false),
    ] {
        let Some(node) = schema.get(exclusive) else {
            continue;
        };
        let span = node.span;
        match &node.value {
            Value::Bool(_) => {
                if schema.get(bound).and_then(Node::as_number).is_none() {
                    take(schema, exclusive);
                }
            }
            Value::Number(number) => {
                let own = number.value().as_f64();
                let other = schema
                    .get(bound)
                    .and_then(Node::as_number)
                    .and_then(|n| n.value().as_f64());
                let other_is_tighter = match (own, other) {
                    (Some(own), Some(other)) => {
                        if is_lower {
                            other > own
                        } else {
                            other < own
                        }
                    }
                    _ => false,
                };
                let Some(node) = take(schema, exclusive) else {
                    continue;
                };
                if !other_is_tighter {
                    schema.insert(bound.to_owned(), node);
                    schema.insert(exclusive.to_owned(), Node::new(span, true));
                }
            }
            _ => {
                take(schema, exclusive);
                cx.note(
                    codes::MALFORMED,
                    span,
                    format!("`{exclusive}` holds no number"),
                );
            }
        }
    }
}
