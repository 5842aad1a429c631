//! Unions: the tag decides, not the first branch that happens to fit; and what fits none is kept.

use std::collections::BTreeMap;

use quote::{ToTokens, format_ident, quote};
use syn::{Fields, Item, ItemEnum, parse_quote, visit_mut::VisitMut};

use crate::preflight::schemas::Union;

/// Makes a union read its tag first and keep what fits no branch: `Unknown`, the last variant.
///
/// A union that takes any JSON already, or whose variants are of another shape, stays as it is.
pub(super) fn by_tag(item: &mut ItemEnum, union: &Union) -> Result<Option<Item>, String> {
    let name = item.ident.clone();
    let tag = union.tag.as_deref().unwrap_or_default();
    let mut branches = Vec::new();
    for variant in &item.variants {
        let ident = &variant.ident;
        let Fields::Unnamed(fields) = &variant.fields else {
            return Ok(None);
        };
        let type_ = match fields.unnamed.first() {
            Some(field) if fields.unnamed.len() == 1 => field.ty.to_token_stream().to_string(),
            _ => return Ok(None),
        };
        if type_.ends_with("serde_json :: Value") {
            return Ok(None);
        }
        // A union that is one of its own branches says nothing by that, and would never end.
        if type_ == format!(":: std :: boxed :: Box < {name} >") {
            continue;
        }
        let tags = union
            .branches
            .iter()
            .find(|branch| variant.ident == branch.variant && union.tag.is_some())
            .map(|branch| branch.tags.as_slice())
            .unwrap_or_default();
        branches.push(quote!(#ident[#(#tags),*]));
    }
    if branches.is_empty() || !without_deserialize(item) {
        return Ok(None);
    }
    let unknown = ["Unknown", "UnknownValue", "AnythingElse"]
        .into_iter()
        .find(|name| !item.variants.iter().any(|variant| variant.ident == name))
        .ok_or_else(|| format!("`{name}` leaves no name for unknown values"))?;
    let unknown = format_ident!("{unknown}");
    item.variants.push(parse_quote! {
        /// A value that was not documented when this code was made.
        #unknown(::serde_json::Value)
    });
    item.attrs.push(parse_quote!(#[non_exhaustive]));
    Ok(Some(parse_quote! {
        ::specmint_client::open_union!(#name by #tag { #(#branches),* } or #unknown);
    }))
}

/// Writes the variants of unknown values where typify writes the others.
pub(super) fn complete_displays(items: &mut [Item]) {
    let open: BTreeMap<String, syn::Ident> = items
        .iter()
        .filter_map(|item| match item {
            Item::Enum(item) => {
                let last = item.variants.last()?;
                let is_any =
                    last.fields.to_token_stream().to_string() == "(:: serde_json :: Value)";
                is_any.then(|| (item.ident.to_string(), last.ident.clone()))
            }
            _ => None,
        })
        .collect();
    for item in items {
        let Item::Impl(item) = item else { continue };
        let is_display = item.trait_.as_ref().is_some_and(|(path, _)| {
            path.segments
                .last()
                .is_some_and(|last| last.ident == "Display")
        });
        if let Some(unknown) = open
            .get(&item.self_ty.to_token_stream().to_string())
            .filter(|_| is_display)
        {
            Complete(unknown).visit_item_impl_mut(item);
        }
    }
}

/// Adds the arm of unknown values to a `match self`.
struct Complete<'a>(&'a syn::Ident);

impl VisitMut for Complete<'_> {
    fn visit_expr_match_mut(&mut self, matching: &mut syn::ExprMatch) {
        let unknown = self.0;
        let written = format!("Self :: {unknown} ");
        let has = |arm: &syn::Arm| arm.pat.to_token_stream().to_string().starts_with(&written);
        if !matching.arms.iter().any(has) {
            matching
                .arms
                .push(parse_quote!(Self::#unknown(x) => x.fmt(f),));
        }
    }
}

/// Takes `Deserialize` out of the derived traits; `false` where it isn't there.
fn without_deserialize(item: &mut ItemEnum) -> bool {
    let mut found = false;
    for attribute in &mut item.attrs {
        if !attribute.path().is_ident("derive") {
            continue;
        }
        let Ok(traits) = attribute.parse_args_with(
            syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated,
        ) else {
            continue;
        };
        let kept: Vec<_> = traits
            .into_iter()
            .filter(|path| {
                let dropped = path
                    .segments
                    .last()
                    .is_some_and(|segment| segment.ident == "Deserialize");
                found |= dropped;
                !dropped
            })
            .map(|path| path.to_token_stream())
            .collect();
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
    found
}
