//! `true` and `false` as schemas, and what is no schema at all.
//!
//! 3.1: `true` admits everything, `false` nothing.
//! 3.0: knows truth values for `additionalProperties` alone.
//! Here: `{}` and `{not: {}}`, the second marked `x-specmint-never`.
//! Lost: nothing. Anything but an object or a truth value is no schema; it becomes `{}`.

use crate::{
    diag::codes::lower as codes,
    lower::context::Context,
    node::{Map, Node, Value},
};

pub(super) fn apply(node: &mut Node, cx: &mut Context<'_>) {
    let span = node.span;
    node.value = match node.value {
        Value::Object(_) => return,
        Value::Bool(true) => Map::new().into(),
        Value::Bool(false) => {
            let members = [
                ("not", Node::new(span, Map::new())),
                ("x-specmint-never", Node::new(span, true)),
            ];
            Node::object(span, members).value
        }
        Value::Null => {
            // An empty value in YAML; whoever wrote it meant no restriction.
            cx.note(
                codes::NO_SCHEMA,
                span,
                "an empty schema is taken as one that admits everything",
            );
            Map::new().into()
        }
        _ => {
            cx.warning(
                codes::NO_SCHEMA,
                span,
                "this is no schema; the value is untyped",
            );
            Map::new().into()
        }
    };
}
