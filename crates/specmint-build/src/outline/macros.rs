//! What the macros of generated code declare for callers, one item for each thing they may use.
//!
//! As one piece, a list would be another one with every entry that is added, and an addition would
//! look like a removal.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;
use syn::{ImplItem, Item, ItemImpl, Macro, parse_quote};

use crate::render::{
    macros::{Union, Values},
    table::{Made, Table},
};

/// The items that a macro stands for; `None` where it is shown as it is.
pub(super) fn expanded(macro_: &Macro) -> Option<Vec<Item>> {
    let name = macro_.path.segments.last()?.ident.to_string();
    let tokens = macro_.tokens.clone();
    match name.as_str() {
        "record" => Some(vec![Item::Impl(made(&syn::parse2(tokens).ok()?))]),
        // Whoever reads answers has no use for it; made they are in tests alone.
        "received" => Some(Vec::new()),
        "open_enum" | "closed_enum" => {
            let Values { name, variants, .. } = syn::parse2(tokens).ok()?;
            let variants = variants.into_iter().map(|variant| variant.name);
            Some(vec![parse_quote! {
                #[non_exhaustive]
                pub enum #name { #(#variants),* }
            }])
        }
        "open_union" => {
            let Union { name, from, .. } = syn::parse2(tokens).ok()?;
            let from = from.iter().map(|(_, type_)| type_);
            Some(
                from.map(|type_| parse_quote!(impl From<#type_> for #name {}))
                    .collect(),
            )
        }
        _ => {
            let path = &macro_.path;
            let entries = entries(tokens).into_iter();
            Some(
                entries
                    .map(|entry| parse_quote!(#path! { #entry }))
                    .collect(),
            )
        }
    }
}

/// `new` and the setters of a struct.
fn made(table: &Table) -> ItemImpl {
    let name = &table.head.name;
    let mut item: ItemImpl = parse_quote!(impl #name {});
    if let Some(new) = &table.head.how {
        let given = table.rows.iter().filter_map(|row| match &row.made {
            Some(Made::Given(type_)) => {
                let field = &row.field;
                Some(quote!(#field: impl Into<#type_>))
            }
            _ => None,
        });
        item.items
            .push(parse_quote!(pub fn #new(#(#given),*) -> Self {}));
    }
    let setters = table.rows.iter().filter_map(|row| -> Option<ImplItem> {
        match row.made.as_ref()? {
            Made::Given(_) | Made::Constant(_) => None,
            Made::Set(name, type_) => {
                let name = name.as_ref().unwrap_or(&row.field);
                Some(parse_quote!(pub fn #name(self, value: impl Into<#type_>) -> Self {}))
            }
            Made::Each(type_) => {
                let name = &row.field;
                Some(parse_quote! {
                    pub fn #name(self, values: impl IntoIterator<Item = impl Into<#type_>>) -> Self {}
                })
            }
        }
    });
    item.items.extend(setters);
    item
}

/// The entries of a list: what ends with a semicolon or with braces, whose entries are told apart in
/// turn. Names without either are entries of their own behind what comes before them.
fn entries(tokens: TokenStream) -> Vec<TokenStream> {
    let mut out = Vec::new();
    let mut entry: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Punct(end) if end.as_char() == ';' => {
                out.push(entry.drain(..).collect());
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let head: TokenStream = entry.drain(..).collect();
                let inner = entries(group.stream());
                out.extend(inner.into_iter().map(|inner| quote!(#head { #inner })));
            }
            token => entry.push(token),
        }
    }
    if entry
        .iter()
        .all(|token| matches!(token, TokenTree::Ident(_)))
    {
        out.extend(entry.into_iter().map(Into::into));
    } else {
        out.push(entry.into_iter().collect());
    }
    out
}
