//! `prefixItems`, and `items` as an array.
//!
//! 3.1: the first elements have schemas of their own; `items` is for the rest.
//! 3.0: all elements have one schema.
//! Here: `items` is the union of them; the tuple stays in `x-specmint-prefix-items`, the number of
//! elements in `minItems` and `maxItems` as far as it was said.
//! Lost: which element has which type, unless the reader knows the extension.

use crate::{
    diag::codes::lower as codes,
    lower::context::{Context, take},
    node::{Map, Node, Value},
};

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    let (tuple, rest) = if let Some(node) = take(schema, "prefixItems") {
        take(schema, "additionalItems");
        (node, take(schema, "items"))
    } else if schema
        .get("items")
        .is_some_and(|items| items.as_array().is_some())
    {
        let Some(node) = take(schema, "items") else {
            return;
        };
        (node, take(schema, "additionalItems"))
    } else {
        take(schema, "additionalItems");
        return;
    };
    let span = tuple.span;
    let Value::Array(nodes) = tuple.value else {
        cx.note(codes::MALFORMED, span, "`prefixItems` holds no array");
        if let Some(rest) = rest {
            schema.insert("items".to_owned(), rest);
        }
        return;
    };
    let length = i64::try_from(nodes.len()).unwrap_or(i64::MAX);
    let mut union: Vec<Node> = Vec::new();
    let mut shared = Vec::new();
    for node in nodes {
        let node = cx.share(node, "Element");
        if !union.contains(&node) {
            union.push(node.clone());
        }
        shared.push(node);
    }
    // Without a word about them, further elements are allowed; nobody writes a tuple and means that.
    match rest {
        Some(Node {
            value: Value::Bool(false),
            ..
        }) => {
            schema
                .entry("maxItems".to_owned())
                .or_insert_with(|| Node::new(span, length));
        }
        Some(Node {
            value: Value::Bool(true),
            ..
        }) => union = vec![Node::new(span, Map::new())],
        Some(rest) if !union.contains(&rest) => union.push(rest),
        Some(_) | None => {}
    }
    let items = match union.len() {
        0 => Node::new(span, Map::new()),
        1 => union.swap_remove(0),
        _ => Node::object(span, [("anyOf", Node::new(span, union))]),
    };
    schema
        .entry("type".to_owned())
        .or_insert_with(|| Node::new(span, "array"));
    schema.insert("items".to_owned(), items);
    if shared.is_empty() {
        return;
    }
    let is_uniform = shared.iter().all(|node| *node == shared[0]);
    schema.insert(
        "x-specmint-prefix-items".to_owned(),
        Node::new(span, shared),
    );
    let counted = |key: &str| schema.get(key) == Some(&Node::new(span, length));
    if is_uniform {
        return;
    }
    if counted("minItems") && counted("maxItems") {
        cx.note(
            codes::PREFIX_ITEMS,
            span,
            "3.0 has no tuples; the types by place stand in `x-specmint-prefix-items`",
        );
    } else {
        cx.warning(
            codes::PREFIX_ITEMS,
            span,
            "a tuple becomes a list whose elements are of any of its types",
        );
    }
}
