//! Closed enums: what tells the branches of a union apart has a few values and no others.
//!
//! typify writes four conversions and ten derived traits for each; `closed_enum!` says the same in
//! as many lines as there are values.

use std::collections::BTreeMap;

use quote::{ToTokens, quote};
use syn::{Expr, ExprLit, Fields, Item, ItemEnum, ItemImpl, Lit, Meta, Token, parse_quote};

use super::{derived, doc_attributes, doc_text};
use crate::render::doc;

/// What the macro implements.
const IMPLEMENTED: &[&str] = &["Display", "FromStr", "TryFrom", "From"];

/// Puts macros in the place of enums of texts, and of what is implemented for them.
pub(super) fn enums(items: Vec<Item>) -> Vec<Item> {
    let macros: BTreeMap<String, Item> = items
        .iter()
        .filter_map(|item| match item {
            Item::Enum(item) => Some((item.ident.to_string(), closed(item)?)),
            _ => None,
        })
        .collect();
    items
        .into_iter()
        .filter_map(|item| match item {
            Item::Enum(item) => Some(match macros.get(&item.ident.to_string()) {
                Some(closed) => closed.clone(),
                None => Item::Enum(item),
            }),
            Item::Impl(item) if is_implemented(&item, &macros) => None,
            item => Some(item),
        })
        .collect()
}

fn is_implemented(item: &ItemImpl, macros: &BTreeMap<String, Item>) -> bool {
    macros.contains_key(&item.self_ty.to_token_stream().to_string())
        && item
            .trait_
            .as_ref()
            .is_some_and(|(path, _)| IMPLEMENTED.iter().any(|name| derived::ends(path, name)))
}

/// The macro for an enum, if all of its values are texts and it is read and written as such.
fn closed(item: &ItemEnum) -> Option<Item> {
    let own = item.attrs.iter().any(|a| a.path().is_ident("serde"));
    if own || !derived::is_serde(&item.attrs) || item.variants.is_empty() {
        return None;
    }
    let mut variants = Vec::new();
    for variant in &item.variants {
        if !matches!(variant.fields, Fields::Unit) || variant.discriminant.is_some() {
            return None;
        }
        let mut wire = variant.ident.to_string();
        for attribute in variant.attrs.iter().filter(|a| a.path().is_ident("serde")) {
            wire = renamed(attribute)?;
        }
        let mut docs: Vec<_> = (variant.attrs.iter())
            .filter(|attribute| doc_text(attribute).is_some())
            .cloned()
            .collect();
        if docs.is_empty() && !doc::is_plain_code(&wire) {
            docs = doc_attributes(&doc::code_span(&wire));
        }
        let ident = &variant.ident;
        variants.push(quote!(#(#docs)* #ident = #wire));
    }
    let docs = item.attrs.iter().filter(|a| doc_text(a).is_some());
    let name = &item.ident;
    Some(parse_quote! {
        ::specmint_client::closed_enum! {
            #(#docs)*
            pub enum #name {
                #(#variants,)*
            }
        }
    })
}

/// The one thing that serde may be told of a variant: its name.
fn renamed(attribute: &syn::Attribute) -> Option<String> {
    let metas = attribute
        .parse_args_with(syn::punctuated::Punctuated::<Meta, Token![,]>::parse_terminated)
        .ok()?;
    let mut metas = metas.into_iter();
    match (metas.next()?, metas.next()) {
        (Meta::NameValue(meta), None) if meta.path.is_ident("rename") => match meta.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
