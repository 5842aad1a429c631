//! Constructors: a struct that a caller has to fill in can be made from what is required.

use std::collections::BTreeSet;

use quote::{ToTokens, quote};
use syn::{Fields, Item, ItemImpl, ItemStruct, parse_quote};

use super::types::fitted_name;
use crate::preflight::schemas::Types;

/// Names of the types that have a `Default`.
pub(super) fn with_default(items: &[Item]) -> BTreeSet<String> {
    items
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => item
                .attrs
                .iter()
                .any(|a| {
                    a.path().is_ident("derive")
                        && a.to_token_stream().to_string().contains("Default")
                })
                .then(|| item.ident.to_string()),
            Item::Impl(item) => item
                .trait_
                .as_ref()
                .is_some_and(|(path, _)| path.segments.last().is_some_and(|s| s.ident == "Default"))
                .then(|| item.self_ty.to_token_stream().to_string()),
            _ => None,
        })
        .collect()
}

/// `new`, with an argument for each field that has no default.
pub(super) fn constructor(item: &ItemStruct, types: &Types) -> Option<ItemImpl> {
    let Fields::Named(fields) = &item.fields else {
        return None;
    };
    let name = &item.ident;
    let mut arguments = Vec::new();
    let mut values = Vec::new();
    for field in &fields.named {
        let ident = field.ident.as_ref()?;
        let type_ = &field.ty;
        let constant = fitted_name(field)
            .and_then(|fitted| types.constants.get(&(name.to_string(), fitted)))
            .filter(|_| type_.to_token_stream().to_string().ends_with("String"));
        if has_default(field) || is_option(type_) {
            values.push(quote!(#ident: ::std::default::Default::default()));
        } else if let Some(constant) = constant {
            values.push(quote!(#ident: #constant.to_string()));
        } else {
            arguments.push(quote!(#ident: impl ::std::convert::Into<#type_>));
            values.push(quote!(#ident: #ident.into()));
        }
    }
    Some(parse_quote! {
        impl #name {
            /// One of these with what is required; everything else is not set.
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values),* }
            }
        }
    })
}

/// Whether a field can be left out by its type.
fn is_option(type_: &syn::Type) -> bool {
    matches!(type_, syn::Type::Path(path)
        if path.path.segments.last().is_some_and(|segment| segment.ident == "Option"))
}

/// Whether serde fills a field in by `Default`; a default of the document's own isn't one.
fn has_default(field: &syn::Field) -> bool {
    field.attrs.iter().any(|attribute| {
        let mut found = false;
        if attribute.path().is_ident("serde") {
            let _ = attribute.parse_nested_meta(|meta| {
                found |= meta.path.is_ident("default") || meta.path.is_ident("flatten");
                if meta.input.peek(syn::Token![=]) {
                    let _: syn::Expr = meta.value()?.parse()?;
                }
                Ok(())
            });
        }
        found
    })
}
