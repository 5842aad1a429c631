//! Places in JSON documents (RFC 6901), read without reading what is around them.

use std::collections::BTreeMap;

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
