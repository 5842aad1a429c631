//! The styles of OpenAPI, which are those of RFC 6570 and three more.
//!
//! A missing value, a null item and an empty list are what RFC 6570 calls undefined: nothing is
//! written for them. An empty text is a value.

use super::tree::Tree;
use super::{encode, encode_allowing_reserved};
use crate::api::In;
use crate::operation::{Parameter, Style};

/// The value of a path parameter, as it stands in its segment.
pub(crate) fn path(parameter: &Parameter, value: &Tree) -> Result<String, String> {
    let name = encode(parameter.name);
    let written = match parameter.style {
        Some(Style::Label) => {
            let items = flat(parameter, value, encode)?;
            let separator = if parameter.explode { "." } else { "," };
            format!(".{}", items.join(separator))
        }
        Some(Style::Matrix) => match value {
            Tree::List(_) if parameter.explode => flat(parameter, value, encode)?
                .into_iter()
                .flat_map(|item| [";", &name, "=", &item].map(str::to_owned))
                .collect(),
            Tree::Object(_) if parameter.explode => flat(parameter, value, encode)?
                .into_iter()
                .flat_map(|pair| [";".to_owned(), pair])
                .collect(),
            _ => format!(";{name}={}", flat(parameter, value, encode)?.join(",")),
        },
        _ => flat(parameter, value, encode)?.join(","),
    };
    Ok(written)
}

/// The value of a header: style simple, without any percent-encoding, as servers expect it.
pub(crate) fn header(parameter: &Parameter, value: &Tree) -> Result<Option<String>, String> {
    match value {
        Tree::List(items) if items.is_empty() => Ok(None),
        Tree::Object(properties) if properties.is_empty() => Ok(None),
        _ => Ok(Some(flat(parameter, value, str::to_owned)?.join(","))),
    }
}

/// The pairs of a query, a form or a cookie, each written as `name=value`.
pub(crate) fn pairs(parameter: &Parameter, value: &Tree) -> Result<Vec<String>, String> {
    named_pairs(parameter.name, parameter, value)
}

/// The pairs of something that is written like `parameter`, but has another name.
pub(crate) fn named_pairs(
    name: &str,
    parameter: &Parameter,
    value: &Tree,
) -> Result<Vec<String>, String> {
    let encode_value: fn(&str) -> String = if parameter.reserved {
        encode_allowing_reserved
    } else {
        encode
    };
    let name = encode(name);
    let pair = |name: &str, value: &str| format!("{name}={}", encode_value(value));
    let joined = |separator: &str, value: &Tree| -> Result<Vec<String>, String> {
        let items = flat(parameter, value, encode_value)?;
        if items.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![format!("{name}={}", items.join(separator))])
    };
    match (parameter.style, value) {
        (_, Tree::Null) => Ok(Vec::new()),
        (_, Tree::Upload(_)) => Err("a file can't be sent here".to_owned()),
        (_, Tree::Text(text) | Tree::Literal(text)) => Ok(vec![pair(&name, text)]),
        (Some(Style::DeepObject), _) => {
            let mut written = Vec::new();
            deep(&name, value, encode_value, &mut written);
            Ok(written)
        }
        // A field of a form, where the document states no style.
        (None, Tree::Object(_)) => Ok(vec![pair(&name, &value.to_text())]),
        (_, Tree::List(items)) if parameter.explode => Ok(items
            .iter()
            .filter(|item| !matches!(item, Tree::Null))
            .map(|item| pair(&name, &item.to_text()))
            .collect()),
        (Some(Style::Form), Tree::Object(properties)) if parameter.explode => Ok(properties
            .iter()
            .filter(|(_, value)| !matches!(value, Tree::Null))
            .map(|(key, value)| pair(&encode(key), &value.to_text()))
            .collect()),
        (Some(Style::SpaceDelimited), _) => joined("%20", value),
        (Some(Style::PipeDelimited), _) => joined("%7C", value),
        _ => joined(",", value),
    }
}

/// A list as one text, as a part of a multipart form has it: nothing is encoded there.
pub(crate) fn joined(parameter: &Parameter, value: &Tree) -> Result<String, String> {
    let separator = match parameter.style {
        Some(Style::SpaceDelimited) => " ",
        Some(Style::PipeDelimited) => "|",
        _ => ",",
    };
    Ok(flat(parameter, value, str::to_owned)?.join(separator))
}

/// `name[key]=value`, all the way down.
///
/// OpenAPI defines one level of objects. Lists of scalars get `name[key][]=value`, which PHP,
/// Rails and qs all read as a list; lists of anything bigger need indices to stay apart.
fn deep(name: &str, value: &Tree, encode_value: fn(&str) -> String, written: &mut Vec<String>) {
    match value {
        Tree::Null | Tree::Upload(_) => {}
        Tree::Text(text) | Tree::Literal(text) => {
            written.push(format!("{name}={}", encode_value(text)));
        }
        Tree::List(items) => {
            let scalars = !items
                .iter()
                .any(|item| matches!(item, Tree::List(_) | Tree::Object(_)));
            for (index, item) in items.iter().enumerate() {
                let name = if scalars {
                    format!("{name}%5B%5D")
                } else {
                    format!("{name}%5B{index}%5D")
                };
                deep(&name, item, encode_value, written);
            }
        }
        Tree::Object(properties) => {
            for (key, value) in properties {
                deep(
                    &format!("{name}%5B{}%5D", encode(key)),
                    value,
                    encode_value,
                    written,
                );
            }
        }
    }
}

/// The items of a value, before they are joined: `a`, `b` of a list; `key`, `a` or `key=a` of an
/// object.
fn flat(
    parameter: &Parameter,
    value: &Tree,
    encode_value: fn(&str) -> String,
) -> Result<Vec<String>, String> {
    // Keys need the encoding of their place; headers have none.
    let encode_key: fn(&str) -> String = if matches!(parameter.place, In::Header) {
        str::to_owned
    } else {
        encode
    };
    match value {
        Tree::Null => Ok(Vec::new()),
        Tree::Upload(_) => Err("a file can't be sent here".to_owned()),
        Tree::Text(text) | Tree::Literal(text) => Ok(vec![encode_value(text)]),
        Tree::List(items) => Ok(items
            .iter()
            .filter(|item| !matches!(item, Tree::Null))
            .map(|item| encode_value(&item.to_text()))
            .collect()),
        Tree::Object(properties) => {
            let mut written = Vec::new();
            for (key, value) in properties {
                if matches!(value, Tree::Null) {
                    continue;
                }
                let (key, value) = (encode_key(key), encode_value(&value.to_text()));
                if parameter.explode {
                    written.push(format!("{key}={value}"));
                } else {
                    written.push(key);
                    written.push(value);
                }
            }
            Ok(written)
        }
    }
}
