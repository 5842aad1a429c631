//! `examples` of a schema.
//!
//! 3.1: an array of examples; `example` is deprecated.
//! 3.0: `example`, one.
//! Here: the first becomes `example`, unless there is one.
//! Lost: the others, which no type depends on.

use crate::{
    diag::codes::lower as codes,
    lower::context::{Context, take},
    node::{Map, Value},
};

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    let Some(examples) = take(schema, "examples") else {
        return;
    };
    let span = examples.span;
    let mut nodes = match examples.value {
        Value::Array(nodes) => nodes.into_iter(),
        // A map of Example Objects, as parameters have it.
        Value::Object(map) => map
            .into_values()
            .map(|mut node| node.remove("value").unwrap_or(node))
            .collect::<Vec<_>>()
            .into_iter(),
        _ => return,
    };
    if let (Some(first), false) = (nodes.next(), schema.contains_key("example")) {
        schema.insert("example".to_owned(), first);
    }
    let left = nodes.len();
    if left > 0 {
        cx.note(
            codes::EXAMPLES,
            span,
            format!("{left} more examples are left out"),
        );
    }
}
