//! `anyOf` and `oneOf` of one branch, and `allOf` of one where nothing stands beside it.
//!
//! 3.1 and 3.0: the same as the branch. Most are what is left once `null` is gone.
//! Here: the branch, with what stands beside it where both can stand in one schema.
//! Lost: nothing.

use crate::{
    lower::context::{Context, take},
    node::{Map, Node, Value},
};

/// Says nothing about the value; the union's word goes before the branch's.
fn is_prose(key: &str) -> bool {
    matches!(
        key,
        "title" | "description" | "example" | "externalDocs" | "deprecated"
    ) || key.starts_with("x-")
}

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    for key in ["anyOf", "oneOf", "allOf"] {
        let Some(node) = schema.get(key) else {
            continue;
        };
        let count = match &node.value {
            Value::Array(branches) => branches.len(),
            // One schema where a list of them belongs.
            Value::Object(_) => {
                let span = node.span;
                if let Some(only) = take(schema, key) {
                    schema.insert(key.to_owned(), Node::new(span, vec![only]));
                }
                1
            }
            _ => 0,
        };
        if count == 0 {
            take(schema, key);
        } else if count == 1 {
            collapse(schema, key, cx);
        }
    }
}

fn collapse(schema: &mut Map, key: &str, cx: &mut Context<'_>) {
    let mut branches = match schema.get_mut(key).map(|node| &mut node.value) {
        Some(Value::Array(branches)) => std::mem::take(branches),
        _ => return,
    };
    let Some(only) = branches.pop() else { return };
    let span = only.span;
    let Value::Object(branch) = only.value else {
        // `true` restricts nothing; `false` is rare enough to stay a list.
        if matches!(only.value, Value::Bool(true)) {
            take(schema, key);
        } else {
            schema.insert(key.to_owned(), Node::new(span, vec![only]));
        }
        return;
    };
    if key != "allOf" {
        // It says how to choose among branches.
        take(schema, "discriminator");
    }
    let is_ref = branch.contains_key("$ref");
    let differs = |name: &str, node: &Node| {
        name != key
            && !is_prose(name)
            && name != "nullable"
            && (is_ref || branch.get(name).is_some_and(|other| other != node))
    };
    let says_more =
        is_ref && (schema.contains_key("deprecated") || schema.contains_key("nullable"));
    if says_more || schema.iter().any(|(name, node)| differs(name, node)) {
        // The branch and what stands beside it both hold: 3.0's idiom for that is `allOf`.
        let branch = Node {
            span,
            value: branch.into(),
        };
        let at = take(schema, key).map_or(span, |node| node.span);
        match schema.get_mut("allOf").and_then(Node::as_array_mut) {
            Some(branches) => branches.push(branch),
            None => {
                schema.insert("allOf".to_owned(), Node::new(at, vec![branch]));
            }
        }
        return;
    }
    take(schema, key);
    let own = std::mem::replace(schema, branch);
    if is_ref {
        schema.retain(|key, _| key == "$ref" || key == "description" || key.starts_with("x-"));
        schema.extend(
            own.into_iter()
                .filter(|(key, _)| key == "description" || key.starts_with("x-")),
        );
        return;
    }
    schema.extend(own);
    // What moved up has seen no rule yet, and may be a union of one branch itself. Its depth is that
    // of the document, which is bounded.
    super::rules(schema, span, cx);
}
