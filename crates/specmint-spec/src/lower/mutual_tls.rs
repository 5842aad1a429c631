//! The security scheme `mutualTLS`.
//!
//! 3.1: the client shows a certificate.
//! 3.0: knows `apiKey`, `http`, `oauth2` and `openIdConnect`.
//! Here: an `http` scheme that nobody has, marked `x-specmint-type: mutualTLS`, so that requirements
//! keep something to refer to.
//! Lost: nothing for a reader who knows the mark.

use crate::node::{Map, Node};

pub(super) fn apply(scheme: &mut Map) {
    let Some(node) = scheme.get_mut("type") else {
        return;
    };
    if !node
        .as_str()
        .is_some_and(|name| name.eq_ignore_ascii_case("mutualTLS"))
    {
        return;
    }
    let span = node.span;
    node.value = "http".into();
    scheme.insert(
        "scheme".to_owned(),
        Node::new(span, "x-specmint-mutual-tls"),
    );
    scheme.insert("x-specmint-type".to_owned(), Node::new(span, "mutualTLS"));
}
