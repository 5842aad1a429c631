//! `type`, `format` and `enum` of values that have no parts.
//!
//! Only formats that a client can't get wrong become types of their own: the others stay text, and
//! their names go into the documentation.

use indexmap::IndexSet;
use specmint_spec::node::{Map, Node, Value};

use super::shape::{Schema, Shape, Text, Union};

/// Formats of integers that typify knows.
const INTEGERS: [&str; 8] = [
    "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64",
];

/// How many values a sentence about them names.
const NAMED_VALUES: usize = 24;

/// The shape of a `type` that has no parts.
pub(super) fn shape(name: &str, format: Option<&str>) -> Shape {
    match name {
        "string" => Shape::Text(match format {
            Some("date-time") => Text::DateTime,
            Some("date") => Text::Date,
            Some("uuid") => Text::Uuid,
            Some("binary") => Text::Binary,
            _ => Text::Plain,
        }),
        "integer" => Shape::Integer(integer(format)),
        "number" => match integer(format) {
            Some(format) => Shape::Integer(Some(format)),
            None => Shape::Number,
        },
        "boolean" => Shape::Boolean,
        "null" => Shape::Null,
        "file" => Shape::Text(Text::Binary),
        _ => Shape::Any,
    }
}

fn integer(format: Option<&str>) -> Option<&'static str> {
    match format? {
        "int" => Some("int32"),
        "long" => Some("int64"),
        "uint" => Some("uint32"),
        format => INTEGERS.into_iter().find(|known| *known == format),
    }
}

/// The type that a format belongs to, for schemas without a type.
pub(super) fn type_of_format(format: &str) -> Option<&'static str> {
    match format {
        "date-time" | "date" | "uuid" | "binary" | "byte" | "email" | "uri" | "url"
        | "password" => Some("string"),
        "float" | "double" => Some("number"),
        format => integer(Some(format)).map(|_| "integer"),
    }
}

/// A sentence about a format that the shape doesn't say.
pub(super) fn unsaid_format(name: &str, map: &Map) -> Option<String> {
    let format = map
        .get("format")
        .and_then(Node::as_str)
        .filter(|format| !format.is_empty())?;
    match (name, shape(name, Some(format))) {
        ("string", Shape::Text(Text::Plain)) if format == "byte" => {
            Some("Format: base64.".to_owned())
        }
        ("string", Shape::Text(Text::Plain)) | ("integer", Shape::Integer(None)) => {
            Some(format!("Format: `{}`.", format.replace('`', "'")))
        }
        ("number", Shape::Number) if !matches!(format, "float" | "double") => {
            Some(format!("Format: `{}`.", format.replace('`', "'")))
        }
        _ => None,
    }
}

/// What an `enum` says.
pub(super) struct Enumeration {
    pub(super) shape: Shape,
    pub(super) nullable: bool,
    /// A sentence with the values, where the shape doesn't have them.
    pub(super) note: Option<String>,
}

/// Reads an `enum` beside these types.
pub(super) fn enumeration(values: &[Node], types: &[&str]) -> Enumeration {
    let nullable = values.iter().any(Node::is_null);
    let values: Vec<&Node> = values.iter().filter(|value| !value.is_null()).collect();
    if values.is_empty() {
        return Enumeration {
            shape: Shape::Null,
            nullable: true,
            note: None,
        };
    }
    let only = |name: &str| types == [name];
    let texts = || {
        values
            .iter()
            .map(|value| text(value))
            .collect::<Option<IndexSet<_>>>()
    };
    let is_text = |value: &&Node| value.as_str().is_some();
    // `enum: [yes, 1]` under `type: string` was meant as texts by whoever wrote it.
    if (only("string") || types.is_empty() && values.iter().all(is_text))
        && let Some(texts) = texts()
    {
        return Enumeration {
            shape: Shape::Enum(texts),
            nullable,
            note: None,
        };
    }
    let mut kinds: Vec<Shape> = Vec::new();
    for value in &values {
        let kind = kind(value, types);
        match kinds.iter_mut().find(|known| same_kind(known, &kind)) {
            Some(Shape::Integer(format)) => {
                if let Shape::Integer(wider @ Some(_)) = kind {
                    *format = wider;
                }
            }
            Some(_) => {}
            None => kinds.push(kind),
        }
    }
    // Whole numbers under `type: number` are integers, for a client's purposes.
    if kinds.iter().any(|kind| matches!(kind, Shape::Number)) {
        kinds.retain(|kind| !matches!(kind, Shape::Integer(_)));
    }
    let texts_of_mixed: IndexSet<_> = values
        .iter()
        .filter_map(|value| value.as_str())
        .map(str::to_owned)
        .collect();
    for kind in &mut kinds {
        if matches!(kind, Shape::Text(_)) {
            *kind = Shape::Enum(texts_of_mixed.clone());
        }
    }
    let shape = if kinds.iter().any(|kind| matches!(kind, Shape::Any)) {
        Shape::Any
    } else if kinds.len() == 1 {
        kinds.pop().unwrap_or(Shape::Any)
    } else {
        let Some(span) = values.first().map(|value| value.span) else {
            return Enumeration {
                shape: Shape::Any,
                nullable,
                note: None,
            };
        };
        let branches = kinds
            .into_iter()
            .map(|shape| Schema {
                span,
                pointer: "".into(),
                prose: super::shape::Prose::default(),
                nullable: false,
                shape,
            })
            .collect();
        Shape::Union(Union {
            branches,
            discriminator: None,
            tag: None,
        })
    };
    let note = (!matches!(shape, Shape::Enum(_))).then(|| sentence(&values));
    Enumeration {
        shape,
        nullable,
        note,
    }
}

/// A scalar as text.
fn text(value: &Node) -> Option<String> {
    match &value.value {
        Value::String(text) => Some(text.to_string()),
        Value::Number(number) => Some(number.text().to_owned()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

fn kind(value: &Node, types: &[&str]) -> Shape {
    match &value.value {
        Value::Bool(_) => Shape::Boolean,
        Value::Number(number) => {
            let value = number.value();
            if value.is_u64() && !value.is_i64() {
                return Shape::Integer(Some("uint64"));
            }
            if value.is_i64()
                || value
                    .as_f64()
                    .is_some_and(|v| v.fract() == 0.0 && v.abs() < 9e15)
            {
                Shape::Integer(None)
            } else {
                Shape::Number
            }
        }
        Value::String(text) => {
            let number = text.parse::<f64>().ok().filter(|value| value.is_finite());
            match types {
                ["integer"] if text.parse::<i64>().is_ok() => Shape::Integer(None),
                ["number"] if number.is_some() => Shape::Number,
                ["boolean"] if matches!(text.as_str(), "true" | "false") => Shape::Boolean,
                _ => Shape::Text(Text::Plain),
            }
        }
        Value::Null | Value::Array(_) | Value::Object(_) => Shape::Any,
    }
}

fn same_kind(a: &Shape, b: &Shape) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

fn sentence(values: &[&Node]) -> String {
    let mut named: Vec<String> = values
        .iter()
        .take(NAMED_VALUES)
        .filter_map(|value| text(value))
        .map(|text| format!("`{}`", text.replace('`', "'")))
        .collect();
    if values.len() > NAMED_VALUES {
        named.push("…".to_owned());
    }
    if named.len() == 1 {
        format!("Always {}.", named.join(", "))
    } else {
        format!("One of {}.", named.join(", "))
    }
}
