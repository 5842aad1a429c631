//! How structs are made: what is required is given to `new`, everything else has a setter.
//!
//! A member that the API adds must break nobody's code, so structs are `#[non_exhaustive]`, and this
//! is what callers have in place of literals. The code stands in the runtime; here is decided which
//! fields are given and which are set.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Item, ItemStruct, Type};

use super::{argument, derived, records::name_of, types::fitted_name};
use crate::preflight::schemas::Types;

/// What makes up the way a struct is made.
pub(super) struct Making<'a> {
    types: &'a Types,
    /// Those that a caller may have to make, to send them.
    sent: &'a BTreeSet<String>,
    /// Those that have a `Default`.
    with_default: BTreeSet<String>,
    /// Those whose `Default` a field of another one falls back to.
    fallback: BTreeSet<String>,
}

/// How one struct is made.
pub(super) struct Made {
    /// Whether a caller may have to make one to send it.
    pub(super) sent: bool,
    /// What stands behind the name in the table.
    pub(super) how: Option<TokenStream>,
    /// How each field gets its value.
    pub(super) fields: Vec<TokenStream>,
}

impl<'a> Making<'a> {
    pub(super) fn new(items: &[Item], types: &'a Types, sent: &'a BTreeSet<String>) -> Self {
        let fields = items.iter().filter_map(|item| match item {
            Item::Struct(item) => Some(item.fields.iter()),
            _ => None,
        });
        let fallback = fields
            .flatten()
            .filter(|field| has_default(field))
            .filter_map(|field| name_of(&field.ty))
            .collect();
        Self {
            types,
            sent,
            with_default: with_default(items),
            fallback,
        }
    }

    /// How a struct with named fields is made. `Default` of one that nobody sends is the table's.
    pub(super) fn of(&self, item: &mut ItemStruct) -> Made {
        let name = item.ident.to_string();
        let sent = self.sent.contains(&name);
        let default = self.with_default.contains(&name);
        let fields = self.fields(item, default);
        let how = if !default {
            Some(quote!(::new))
        } else if !sent
            && !self.fallback.contains(&name)
            && derived::without_default(&mut item.attrs)
        {
            Some(quote!(::default))
        } else {
            None
        };
        Made { sent, how, fields }
    }

    fn fields(&self, item: &ItemStruct, default: bool) -> Vec<TokenStream> {
        let name = item.ident.to_string();
        let taken: BTreeSet<String> = item
            .fields
            .iter()
            .filter_map(|field| Some(field.ident.as_ref()?.to_string()))
            .collect();
        let how = |field: &syn::Field| {
            let type_ = &field.ty;
            let constant = fitted_name(field)
                .and_then(|fitted| self.types.constants.get(&(name.clone(), fitted)))
                .filter(|_| type_.to_token_stream().to_string().ends_with("String"));
            let ident = field
                .ident
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            let inner = argument(type_, "Option");
            if default || has_default(field) || inner.is_some() {
                set(&ident, inner.unwrap_or(type_), &taken)
            } else if let Some(constant) = constant {
                quote!((= #constant))
            } else {
                quote!((#type_))
            }
        };
        item.fields.iter().map(how).collect()
    }
}

/// What every struct has already; a setter of this name would stand in front of it.
const INHERENT: &[&str] = &["clone", "default", "new"];

/// How a field is set.
fn set(name: &str, type_: &Type, taken: &BTreeSet<String>) -> TokenStream {
    if INHERENT.contains(&name) {
        let mut setter = format!("{name}_");
        while taken.contains(&setter) {
            setter.push('_');
        }
        let setter = format_ident!("{setter}");
        return quote!({= #setter: #type_});
    }
    argument(type_, "Vec").map_or_else(|| quote!({#type_}), |item| quote!([#item]))
}

/// Names of the types that have a `Default`.
fn with_default(items: &[Item]) -> BTreeSet<String> {
    items
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => {
                derived::derives(&item.attrs, "Default").then(|| item.ident.to_string())
            }
            Item::Impl(item) => item
                .trait_
                .as_ref()
                .is_some_and(|(path, _)| path.segments.last().is_some_and(|s| s.ident == "Default"))
                .then(|| name_of(&item.self_ty))
                .flatten(),
            _ => None,
        })
        .collect()
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
