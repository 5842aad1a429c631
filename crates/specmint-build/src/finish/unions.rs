//! Unions: the tag decides, not the first branch that happens to fit; and what fits none is kept.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{Fields, Item, ItemEnum, parse_quote, visit_mut::VisitMut};

use super::derived;

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
    if branches.is_empty() || !is_untagged(item) || !derived::is_serde(&item.attrs) {
        return Ok(None);
    }
    item.attrs.retain(|a| !a.path().is_ident("serde"));
    derived::without_serde(&mut item.attrs);
    let own = format!(":: std :: boxed :: Box < {name} >");
    let variants = std::mem::take(&mut item.variants);
    item.variants = variants
        .into_iter()
        .filter(|variant| {
            variant
                .fields
                .iter()
                .all(|f| f.ty.to_token_stream().to_string() != own)
        })
        .collect();
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

/// Whether serde was told to write the value of a variant and nothing of the variant.
fn is_untagged(item: &ItemEnum) -> bool {
    item.attrs.iter().any(|attribute| {
        attribute.path().is_ident("serde")
            && attribute.to_token_stream().to_string().contains("untagged")
    })
}

/// Makes the conversions into a union a part of its macro.
pub(crate) fn conversions(items: Vec<Item>) -> Vec<Item> {
    let unions: BTreeSet<String> = items.iter().filter_map(union_name).collect();
    let variants: BTreeSet<(String, String)> = items
        .iter()
        .filter_map(|item| match item {
            Item::Enum(item) => Some(item),
            _ => None,
        })
        .flat_map(|item| {
            let variants = item.variants.iter();
            variants.map(|variant| (item.ident.to_string(), variant.ident.to_string()))
        })
        .collect();
    let mut from: BTreeMap<String, Vec<TokenStream>> = BTreeMap::new();
    let mut kept: Vec<Item> = items
        .into_iter()
        .filter(|item| {
            let Item::Impl(item) = item else { return true };
            let name = item.self_ty.to_token_stream().to_string();
            let Some((variant, type_)) = wraps(item).filter(|_| unions.contains(&name)) else {
                return true;
            };
            // A union in itself has lost its variant.
            if variants.contains(&(name.clone(), variant.to_string())) {
                from.entry(name).or_default().push(quote!(#variant(#type_)));
            }
            false
        })
        .collect();
    for item in &mut kept {
        if let Some(list) = union_name(item).and_then(|name| from.get(&name))
            && let Item::Macro(item) = item
        {
            item.mac.tokens.extend(quote!(; from #(#list),*));
        }
    }
    kept
}

/// The union that a macro is about.
fn union_name(item: &Item) -> Option<String> {
    let Item::Macro(item) = item else { return None };
    let last = item.mac.path.segments.last()?;
    match item.mac.tokens.clone().into_iter().next()? {
        TokenTree::Ident(name) if last.ident == "open_union" => Some(name.to_string()),
        _ => None,
    }
}

/// The variant that a conversion puts a value of a type into, if that is all it does.
fn wraps(item: &syn::ItemImpl) -> Option<(syn::Ident, syn::Type)> {
    let (path, _) = item.trait_.as_ref()?;
    let segment = path.segments.last().filter(|s| s.ident == "From")?;
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    let Some(syn::GenericArgument::Type(type_)) = arguments.args.first() else {
        return None;
    };
    let [syn::ImplItem::Fn(from)] = item.items.as_slice() else {
        return None;
    };
    let [syn::Stmt::Expr(syn::Expr::Call(call), None)] = from.block.stmts.as_slice() else {
        return None;
    };
    let (syn::Expr::Path(made), Some(syn::Expr::Path(value))) = (&*call.func, call.args.first())
    else {
        return None;
    };
    let mut made = made.path.segments.iter();
    let (of, variant) = (made.next()?, made.next()?);
    (of.ident == "Self" && made.next().is_none() && value.path.is_ident("value"))
        .then(|| (variant.ident.clone(), type_.clone()))
}
