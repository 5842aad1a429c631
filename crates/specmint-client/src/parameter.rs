//! Values of parameters, from whatever can be serialized to the characters on the wire.
//!
//! [`tree`] turns a value into scalars, lists and objects; [`style`] writes those by the rules of
//! OpenAPI's styles (RFC 6570). Neither knows what a request is.

pub(crate) mod path;
pub(crate) mod style;
pub(crate) mod tree;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{COOKIE, HeaderMap};

use crate::client::ascii_value;

/// Everything but the characters that RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What must be encoded in a query even where reserved characters are allowed: what would end the
/// query, or the pair, or be read as a space.
const HARMFUL: &AsciiSet = &RESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// Percent-encodes all but the unreserved characters.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Percent-encodes what would do harm; triplets that are encoded already stay as they are.
pub(crate) fn encode_allowing_reserved(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut pieces = text.split('%');
    if let Some(first) = pieces.next() {
        written.extend(utf8_percent_encode(first, HARMFUL));
    }
    for piece in pieces {
        let triplet = piece.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
        written.push_str(if triplet { "%" } else { "%25" });
        written.extend(utf8_percent_encode(piece, HARMFUL));
    }
    written
}

/// Adds pairs to the one `Cookie` header that a request may have.
pub(crate) fn append_cookie(headers: &mut HeaderMap, pairs: &str) -> Result<(), ()> {
    let joined = match headers.get(COOKIE) {
        Some(earlier) => format!("{}; {pairs}", earlier.to_str().map_err(|_| ())?),
        None => pairs.to_owned(),
    };
    let mut value = ascii_value(&joined).ok_or(())?;
    // A cookie is as good as a key, whoever it is from.
    value.set_sensitive(true);
    headers.insert(COOKIE, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::operation::Parameter;
    use tree::Tree;

    proptest! {
        /// What a server reads is what was given, whichever characters are in it.
        #[test]
        fn queries_are_read_back_as_they_were_written(values: Vec<String>, reserved: bool) {
            // Triplets would stay as they are, since that is what reserved characters are for.
            let reserved = reserved && !values.iter().any(|value| value.contains('%'));
            let parameter = Parameter::query("a&b").allow_reserved(reserved);
            let tree = Tree::of(&values).expect("a tree");
            let query = style::pairs(&parameter, &tree).expect("a query").join("&");
            let url: reqwest::Url = format!("http://acme.test/?{query}").parse().expect("a URL");
            let read: Vec<String> = url.query_pairs().map(|(_, value)| value.into_owned()).collect();
            prop_assert_eq!(read, values);
            prop_assert!(url.query_pairs().all(|(name, _)| name == "a&b"));
        }

        /// A cookie is one cookie.
        #[test]
        fn cookies_cannot_add_cookies(value: String) {
            let tree = Tree::of(&value).expect("a tree");
            let pairs = style::pairs(&Parameter::cookie("c"), &tree).expect("a cookie");
            let mut headers = HeaderMap::new();
            append_cookie(&mut headers, &pairs.join("; ")).expect("characters that can be sent");
            let header = headers.get(COOKIE).and_then(|value| value.to_str().ok()).expect("a header");
            prop_assert!(!header.contains([';', ' ', ',']));
        }
    }
}
