//! The Rust type of a fitted schema, the way typify prints it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use specmint_spec::node::Node;

use crate::preflight::{document::reference, schemas::Types};

/// How deep arrays of arrays may be nested before they are any JSON value.
const MAX_DEPTH: usize = 32;

/// The type of the schema at a place, as seen from the module `types` and its siblings under
/// `prefix`.
pub(super) fn at(pointer: &str, types: &Types, prefix: &TokenStream) -> TokenStream {
    types.at.get(pointer).map_or_else(
        || quote!(::serde_json::Value),
        |node| rust_type(node, prefix, 0),
    )
}

/// The same as text, as people write it, where `types` is in scope and nothing hides the prelude.
pub(super) fn text_at(pointer: &str, types: &Types) -> String {
    let mut text = at(pointer, types, &quote!(types::))
        .to_string()
        .replace(' ', "")
        .replace(',', ", ");
    for (long, short) in [
        ("::std::vec::Vec<", "Vec<"),
        ("::std::option::Option<", "Option<"),
        ("::std::string::String", "String"),
    ] {
        text = text.replace(long, short);
    }
    text
}

fn rust_type(node: &Node, prefix: &TokenStream, depth: usize) -> TokenStream {
    let type_ = plain(node, prefix, depth);
    if node.get("nullable").and_then(Node::as_bool) == Some(true) {
        quote!(::std::option::Option<#type_>)
    } else {
        type_
    }
}

fn plain(node: &Node, prefix: &TokenStream, depth: usize) -> TokenStream {
    if depth > MAX_DEPTH {
        return quote!(::serde_json::Value);
    }
    if let Some(name) = reference(node) {
        let name = format_ident!("{name}");
        return quote!(#prefix #name);
    }
    match (node.get_str("type"), node.get_str("format")) {
        (Some("string"), Some("uuid")) => quote!(::uuid::Uuid),
        (Some("string"), Some("date")) => quote!(::chrono::naive::NaiveDate),
        (Some("string"), Some("date-time")) => {
            quote!(::chrono::DateTime<::chrono::offset::Utc>)
        }
        (Some("string"), Some("ip")) => quote!(::std::net::IpAddr),
        (Some("string"), Some("ipv4")) => quote!(::std::net::Ipv4Addr),
        (Some("string"), Some("ipv6")) => quote!(::std::net::Ipv6Addr),
        (Some("string"), _) => quote!(::std::string::String),
        (Some("boolean"), _) => quote!(bool),
        (Some("number"), Some("float")) => quote!(f32),
        (Some("number"), _) => quote!(f64),
        (Some("integer"), Some("int8")) => quote!(i8),
        (Some("integer"), Some("int16")) => quote!(i16),
        (Some("integer"), Some("int" | "int32")) => quote!(i32),
        (Some("integer"), Some("uint8")) => quote!(u8),
        (Some("integer"), Some("uint16")) => quote!(u16),
        (Some("integer"), Some("uint" | "uint32")) => quote!(u32),
        (Some("integer"), Some("uint64")) => quote!(u64),
        (Some("integer"), _) => quote!(i64),
        (Some("array"), _) => {
            let item = node.get("items").map_or_else(
                || quote!(::serde_json::Value),
                |n| rust_type(n, prefix, depth + 1),
            );
            quote!(::std::vec::Vec<#item>)
        }
        (Some("object"), _) => match node.get("additionalProperties") {
            Some(inner) if inner.as_object().is_some_and(|map| !map.is_empty()) => {
                let inner = rust_type(inner, prefix, depth + 1);
                quote!(::std::collections::BTreeMap<::std::string::String, #inner>)
            }
            _ => quote!(::serde_json::Map<::std::string::String, ::serde_json::Value>),
        },
        _ => quote!(::serde_json::Value),
    }
}
