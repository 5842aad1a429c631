//! Former names: deprecated aliases of methods, builders and types that were renamed.

use std::collections::BTreeSet;

use quote::format_ident;
use specmint_spec::node::Key;
use syn::{Attribute, ImplItem, Item, parse_quote};

use crate::{finish::doc_attributes, model::Api, preflight::ident, preflight::schemas::Types};

/// What is said beside an alias.
fn deprecated(name: &str) -> Vec<Attribute> {
    let note = format!("renamed to `{name}`");
    let mut attributes = doc_attributes(&format!("Former name of `{name}`."));
    attributes.push(parse_quote!(#[deprecated(note = #note)]));
    attributes
}

/// The methods, for the client.
pub(super) fn methods(api: &Api) -> Vec<ImplItem> {
    let mut out = Vec::new();
    for operation in &api.operations {
        let builder = format_ident!("{}", operation.builder);
        let constant = format_ident!("{}", operation.constant);
        for was in &operation.was {
            let attributes = deprecated(&operation.rust);
            let was = format_ident!("{was}");
            out.push(parse_quote! {
                #(#attributes)*
                pub fn #was(&self) -> builder::#builder<'_> {
                    builder::#builder(self.call(&operations::#constant))
                }
            });
        }
    }
    out
}

/// The builders, for their module.
pub(super) fn builders(api: &Api) -> Vec<Item> {
    let mut out = Vec::new();
    for operation in &api.operations {
        let builder = format_ident!("{}", operation.builder);
        for was in &operation.was {
            let attributes = deprecated(&operation.builder);
            let was = format_ident!("{}", ident::builder(was));
            out.push(parse_quote! {
                #(#attributes)*
                pub type #was<'a> = #builder<'a>;
            });
        }
    }
    out
}

/// The types, for their module.
pub(super) fn types(api: &Api, types: &Types) -> Vec<Item> {
    let several = api.operations.iter();
    let there: BTreeSet<&str> = several
        .filter_map(|operation| operation.outcome.several.as_deref())
        .chain(api.error_enum.as_deref())
        .chain(types.schemas.keys().map(Key::as_str))
        .chain(types.enums.keys().map(String::as_str))
        .collect();
    api.former_types
        .iter()
        .filter(|(_, name)| there.contains(name.as_str()))
        .map(|(was, name)| {
            let attributes = deprecated(name);
            let (was, name) = (format_ident!("{was}"), format_ident!("{name}"));
            parse_quote! {
                #(#attributes)*
                pub type #was = #name;
            }
        })
        .collect()
}
