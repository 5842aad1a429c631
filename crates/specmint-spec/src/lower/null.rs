//! `null`: as a type, a branch, a value.
//!
//! 3.1: a type like any other.
//! 3.0: `nullable: true` beside the rest; an `enum` must list `null` all the same.
//! Here: exactly that, so that `nullable` and `null` in an `enum` always go together; what is `null`
//! and nothing else is an `enum` of it.
//! Lost: nothing.

use crate::{
    lower::context::{Context, make_nullable, take},
    node::{Map, Node, Value},
    page::Span,
};

pub(super) fn apply(schema: &mut Map, span: Span, _cx: &mut Context<'_>) {
    let mut nullable = schema.get("nullable").and_then(Node::as_bool);
    if let Some(node) = schema.get_mut("type") {
        match &mut node.value {
            Value::String(name) if name == "null" => {
                only_null(schema, span);
                return;
            }
            Value::Array(names) => {
                let before = names.len();
                names.retain(|name| name.as_str() != Some("null"));
                if names.is_empty() {
                    only_null(schema, span);
                    return;
                }
                if names.len() < before {
                    nullable = Some(true);
                }
            }
            _ => {}
        }
    }
    for key in ["anyOf", "oneOf"] {
        let Some(branches) = schema.get_mut(key).and_then(Node::as_array_mut) else {
            continue;
        };
        let before = branches.len();
        branches.retain(|branch| !is_null(branch));
        if branches.len() == before {
            continue;
        }
        nullable = Some(true);
        if branches.is_empty() {
            only_null(schema, span);
            return;
        }
    }
    if let Some(values) = schema.get_mut("enum").and_then(Node::as_array_mut) {
        if values.iter().any(Node::is_null) {
            if values.iter().all(Node::is_null) {
                only_null(schema, span);
                return;
            }
            nullable = Some(true);
        } else if nullable == Some(true) {
            values.push(Node::new(span, Value::Null));
        }
    }
    if nullable == Some(true) {
        make_nullable(schema, span);
    }
}

/// Whether a branch says `null` and nothing else.
fn is_null(branch: &Node) -> bool {
    let says_null = |node: &Node| match &node.value {
        Value::Null => true,
        Value::String(name) => name == "null",
        Value::Array(names) => names.len() == 1 && names[0].as_str() == Some("null"),
        _ => false,
    };
    let only_value = |node: &Node| {
        node.as_array()
            .is_some_and(|v| v.len() == 1 && v[0].is_null())
    };
    is_bare_nullable(branch)
        || branch.get("type").is_some_and(says_null)
        || branch.get("const").is_some_and(Node::is_null)
        || branch.get("enum").is_some_and(only_value)
}

/// `{nullable: true}` and nothing about a shape: by the letter it admits anything, but whoever writes
/// it as a branch means `null`.
fn is_bare_nullable(branch: &Node) -> bool {
    branch.as_object().is_some_and(|map| {
        map.get("nullable").and_then(Node::as_bool) == Some(true)
            && map.keys().all(|key| {
                matches!(key.as_str(), "nullable" | "title" | "description")
                    || key.starts_with("x-")
            })
    })
}

fn only_null(schema: &mut Map, span: Span) {
    schema.retain(|key, _| {
        key.starts_with("x-") || matches!(key.as_str(), "title" | "description" | "deprecated")
    });
    take(schema, "nullable");
    make_nullable(schema, span);
    let values = vec![Node::new(span, Value::Null)];
    schema.insert("enum".to_owned(), Node::new(span, values));
}
