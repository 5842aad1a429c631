//! `type` with a word that is none of the seven.
//!
//! 3.1 and 3.0: an error; documents say `any`, `int`, `String`, `date` and `file` all the same.
//! Here: the word that was meant; an unknown one is removed.
//! Lost: the type, for a word nobody knows.

use crate::{
    diag::codes::lower as codes,
    lower::context::{Context, take},
    node::{Map, Node, Value},
};

/// What the specification knows.
pub(super) const TYPES: [&str; 7] = [
    "null", "boolean", "object", "array", "number", "integer", "string",
];

pub(super) fn apply(schema: &mut Map, cx: &mut Context<'_>) {
    let Some(node) = schema.get("type") else {
        return;
    };
    let is_fine = match &node.value {
        Value::String(name) => TYPES.contains(&name.as_str()),
        Value::Array(nodes) => nodes
            .iter()
            .all(|node| node.as_str().is_some_and(|name| TYPES.contains(&name))),
        _ => false,
    };
    if is_fine {
        return;
    }
    let Some(node) = take(schema, "type") else {
        return;
    };
    let span = node.span;
    let words = match node.value {
        Value::Array(nodes) => nodes,
        value => vec![Node { span, value }],
    };
    let mut names: Vec<&'static str> = Vec::new();
    let mut format = None;
    let mut is_any = false;
    for word in words {
        let text = match &word.value {
            Value::String(text) => text.as_str(),
            // YAML's `type: null`.
            Value::Null => "null",
            // `type: [{type: string}, …]` and worse.
            other => {
                let known = matches!(other, Value::Object(_));
                let message = if known {
                    "`type` holds an object, not the name of a type; the value is untyped"
                } else {
                    "`type` holds no name of a type; the value is untyped"
                };
                cx.warning(codes::TYPE_NAME, word.span, message);
                is_any = true;
                continue;
            }
        };
        match meaning(text) {
            Some((name, of)) => {
                names.push(name);
                format = format.or(of);
            }
            None if matches!(
                text.to_ascii_lowercase().as_str(),
                "any" | "mixed" | "unknown"
            ) =>
            {
                is_any = true;
            }
            None => {
                cx.warning(
                    codes::TYPE_NAME,
                    word.span,
                    format!("`{text}` is no type; the value is untyped"),
                );
                is_any = true;
            }
        }
    }
    if is_any || names.is_empty() {
        return;
    }
    if let Some(format) = format {
        schema
            .entry("format".to_owned())
            .or_insert_with(|| Node::new(span, format));
    }
    let value: Value = match names.as_slice() {
        [one] => (*one).into(),
        several => several
            .iter()
            .map(|name| Node::new(span, *name))
            .collect::<Vec<_>>()
            .into(),
    };
    schema.insert("type".to_owned(), Node { span, value });
}

/// A type, and the format that belongs to the word.
fn meaning(word: &str) -> Option<(&'static str, Option<&'static str>)> {
    let word = word.trim().to_ascii_lowercase();
    if let Some(name) = TYPES.into_iter().find(|name| *name == word) {
        return Some((name, None));
    }
    Some(match word.as_str() {
        "int" | "integers" => ("integer", None),
        "int32" => ("integer", Some("int32")),
        "int64" | "long" => ("integer", Some("int64")),
        "float" => ("number", Some("float")),
        "double" => ("number", Some("double")),
        "decimal" | "numeric" | "numbers" => ("number", None),
        "str" | "text" | "enum" | "strings" => ("string", None),
        "bool" | "booleans" => ("boolean", None),
        "dict" | "map" | "hash" | "record" | "objects" => ("object", None),
        "list" | "arrays" => ("array", None),
        "nil" | "none" => ("null", None),
        "file" | "binary" => ("string", Some("binary")),
        "date" => ("string", Some("date")),
        "datetime" | "date-time" | "timestamp" => ("string", Some("date-time")),
        "uuid" => ("string", Some("uuid")),
        "uri" | "url" => ("string", Some("uri")),
        "email" => ("string", Some("email")),
        _ => return None,
    })
}
