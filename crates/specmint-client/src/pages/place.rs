//! Places in JSON documents (RFC 6901), read without reading what is around them.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::parameter::tree::Tree;

/// The value at a place of a JSON document (RFC 6901); `None` for nothing and `null`.
pub(crate) fn find<'b>(body: &'b [u8], pointer: &str) -> Option<&'b RawValue> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let mut at: &RawValue = serde_json::from_slice(text).ok()?;
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        let mut members: BTreeMap<String, &RawValue> = serde_json::from_str(at.get()).ok()?;
        at = members.remove(&token)?;
    }
    (at.get() != "null").then_some(at)
}

/// A token as a parameter takes it; `None` where it says that there is none.
pub(super) fn scalar(raw: &RawValue) -> Result<Option<Tree>, String> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'"') => {
            let text: String = serde_json::from_str(text).map_err(|error| error.to_string())?;
            Ok((!text.is_empty()).then_some(Tree::Text(text)))
        }
        Some(b'f') => Ok(None),
        Some(b'-' | b'0'..=b'9') => Ok(Some(Tree::Literal(text.to_owned()))),
        _ => Err("what names the next page is neither text nor number".to_owned()),
    }
}

/// A number of things.
pub(super) fn whole(raw: &RawValue) -> Option<u64> {
    serde_json::from_str::<u64>(raw.get()).ok()
}

/// The last item of the list at a place; `None` where it has none.
pub(super) fn last<'b>(body: &'b [u8], pointer: &str) -> Option<&'b RawValue> {
    let items: Vec<&RawValue> = serde_json::from_str(find(body, pointer)?.get()).ok()?;
    items.last().copied()
}

/// A document with another value at a place, everything else as it was. Objects on the way there
/// are made where nothing is.
pub(super) fn with(document: &[u8], pointer: &str, value: &str) -> Result<Vec<u8>, String> {
    let document = std::str::from_utf8(document).map_err(|error| error.to_string())?;
    let steps: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
        .collect();
    set(document, &steps, value).map(String::into_bytes)
}

fn set(document: &str, steps: &[String], value: &str) -> Result<String, String> {
    let Some((name, rest)) = steps.split_first() else {
        return Ok(value.to_owned());
    };
    let members = match document {
        "null" => Vec::new(),
        _ => {
            serde_json::from_str::<Members<'_>>(document)
                .map_err(|_| "the body has no place for what asks for the next page".to_owned())?
                .0
        }
    };
    let mut out = String::from("{");
    let mut found = false;
    for (key, old) in &members {
        let is_it = key == name;
        found |= is_it;
        let new = if is_it {
            set(old.get(), rest, value)?
        } else {
            old.get().to_owned()
        };
        push(&mut out, key, &new);
    }
    if !found {
        push(&mut out, name, &set("null", rest, value)?);
    }
    out.push('}');
    Ok(out)
}

fn push(out: &mut String, key: &str, value: &str) {
    if out.len() > 1 {
        out.push(',');
    }
    out.push_str(&serde_json::Value::from(key).to_string());
    out.push(':');
    out.push_str(value);
}

/// The members of an object in their order, unread.
struct Members<'b>(Vec<(String, &'b RawValue)>);

impl<'de: 'b, 'b> Deserialize<'de> for Members<'b> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Members<'de>, M::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::with;

    #[test]
    fn a_value_is_put_in_its_place_and_nothing_else_changes() {
        for (document, pointer, expected) in [
            ("{}", "/c", r#"{"c":"v"}"#),
            (
                r#"{"z":1.10,"c":null,"a":12345678901234567890123}"#,
                "/c",
                r#"{"z":1.10,"c":"v","a":12345678901234567890123}"#,
            ),
            (
                r#"{"a/b":{"x":1}}"#,
                "/a~1b/c",
                r#"{"a/b":{"x":1,"c":"v"}}"#,
            ),
            (r#"{"x\"y":1}"#, "/p/c", r#"{"x\"y":1,"p":{"c":"v"}}"#),
            ("null", "/c", r#"{"c":"v"}"#),
        ] {
            let found = with(document.as_bytes(), pointer, "\"v\"").expect("an object");
            assert_eq!(String::from_utf8(found).expect("text"), expected);
        }
        for (document, pointer) in [("[1]", "/c"), (r#"{"p":"text"}"#, "/p/c"), ("\"x", "/c")] {
            let error = with(document.as_bytes(), pointer, "1").expect_err(document);
            assert!(!error.contains("text"), "{error}");
        }
    }
}
