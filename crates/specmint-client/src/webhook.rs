//! Requests that an API sends by itself: their bodies, read as tolerantly as answers.
//!
//! Who sent a body is for the caller to find out: signatures are checked over its bytes, before
//! anything is read.

use serde::de::{DeserializeOwned, IgnoredAny};

use crate::answer::{DecodeError, decode_slice};
use crate::pages::find;

/// Reads the body of a webhook. The error names the place in the document.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    decode_slice(body)
}

/// The text at a place of a body (JSON Pointer, RFC 6901), by which an API's webhooks are told
/// apart.
pub fn tag(body: &[u8], pointer: &str) -> Result<String, DecodeError> {
    decode_slice::<IgnoredAny>(body)?;
    let raw = find(body, pointer).ok_or_else(|| {
        DecodeError::new(format!(
            "`{pointer}` is missing: no webhook is known by that"
        ))
    })?;
    serde_json::from_str(raw.get())
        .map_err(|_| DecodeError::new(format!("at `{pointer}`: expected a text")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_texts_at_their_place() {
        let body = br#"{"type":"a\u0062","data":{"kind":1},"none":null}"#;
        assert_eq!(tag(body, "/type").expect("a tag"), "ab");
        for (body, pointer, expected) in [
            (&body[..], "/data/kind", "expected a text"),
            (body, "/none", "is missing"),
            (body, "/type/x", "is missing"),
            (b"[]", "/type", "is missing"),
            (b"{", "/type", "ends too early"),
            (b"", "/type", "is missing"),
        ] {
            let message = tag(body, pointer).expect_err(pointer).to_string();
            assert!(message.contains(expected), "{pointer}: {message}");
        }
    }
}
