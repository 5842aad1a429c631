//! Constraints and defaults as sentences.
//!
//! A type never enforces them: an answer that breaks its own documentation must still be read.
//! Requests are held against them by the runtime; see `preflight/checks.rs`.

use specmint_spec::node::{Map, Node, Value};

/// The longest default that is quoted.
const QUOTED: usize = 120;

/// Keywords, how a sentence names them.
const CONSTRAINTS: [(&str, &str); 13] = [
    ("minimum", "at least"),
    ("exclusiveMinimum", "more than"),
    ("maximum", "at most"),
    ("exclusiveMaximum", "less than"),
    ("multipleOf", "a multiple of"),
    ("minLength", "minimum length"),
    ("maxLength", "maximum length"),
    ("pattern", "pattern"),
    ("minItems", "minimum items"),
    ("maxItems", "maximum items"),
    ("uniqueItems", "unique items"),
    ("minProperties", "minimum properties"),
    ("maxProperties", "maximum properties"),
];

/// What the type won't say: `Default: …`, `Constraints: …`.
pub(super) fn notes(map: &Map) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(default) = map.get("default").and_then(quoted) {
        notes.push(format!("Default: {default}."));
    }
    let said: Vec<String> = CONSTRAINTS
        .into_iter()
        .filter_map(|(key, words)| constraint(map, key, words))
        .collect();
    if !said.is_empty() {
        notes.push(format!("Constraints: {}.", said.join(", ")));
    }
    notes
}

fn constraint(map: &Map, key: &str, words: &str) -> Option<String> {
    let exclusive = |key: &str| map.get(key).and_then(Node::as_bool) == Some(true);
    match (key, &map.get(key)?.value) {
        ("uniqueItems", Value::Bool(true)) => Some(words.to_owned()),
        ("minimum", Value::Number(n)) if exclusive("exclusiveMinimum") => {
            Some(format!("more than {}", n.text()))
        }
        ("maximum", Value::Number(n)) if exclusive("exclusiveMaximum") => {
            Some(format!("less than {}", n.text()))
        }
        (_, Value::Number(n)) => Some(format!("{words} {}", n.text())),
        (_, Value::String(text)) => Some(format!("{words} {}", code(text))),
        _ => None,
    }
}

/// A value as code; `None` for one too long to quote.
fn quoted(node: &Node) -> Option<String> {
    let text = match &node.value {
        Value::Null => return None,
        Value::String(text) if !text.is_empty() => text.to_string(),
        Value::Number(number) => number.text().to_owned(),
        _ => serde_json::to_string(node).ok()?,
    };
    (text.len() <= QUOTED && !text.contains('\n')).then(|| code(&text))
}

fn code(text: &str) -> String {
    if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}
