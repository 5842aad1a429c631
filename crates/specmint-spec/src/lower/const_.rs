//! `const`.
//!
//! 3.1: the value is this one.
//! 3.0: has no such keyword.
//! Here: an `enum` of one value; `const: null` is left to [`super::null`].
//! Lost: nothing.

use crate::{
    lower::context::{Context, take},
    node::{Map, Node},
};

pub(super) fn apply(schema: &mut Map, _cx: &mut Context<'_>) {
    let Some(value) = take(schema, "const") else {
        return;
    };
    let span = value.span;
    schema.insert("enum".to_owned(), Node::new(span, vec![value]));
}
