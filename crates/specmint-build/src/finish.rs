//! progenitor's tokens → the items that are kept.
//!
//! Its types stay, and the signatures of its builders. Its transport goes: the client struct, the
//! hooks, and the bodies of all methods, which become one line each over `specmint-client` and the
//! operation's row in the table. A shape that this file doesn't expect is an error, never a guess.

mod boxes;
mod builders;
mod closed;
mod conversions;
mod derived;
mod lenient;
mod methods;
mod records;
pub(crate) mod short;
mod strip;
mod structs;
mod types;
pub(crate) mod unions;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::format_ident;
use syn::{Attribute, Item};

use crate::{
    model::{Api, Operation},
    preflight::schemas::Types,
    render::doc,
};

/// What is kept of progenitor's file.
pub(crate) struct Finished {
    /// Items of the module `types`.
    pub(crate) types: Vec<Item>,
    /// Items of the module `builder`.
    pub(crate) builders: Vec<Item>,
    /// Methods of the client.
    pub(crate) methods: Vec<syn::ImplItem>,
}

/// Takes progenitor's file apart.
pub(crate) fn client(tokens: TokenStream, api: &Api, types: &Types) -> Result<Finished, String> {
    let file: syn::File =
        syn::parse2(strip::file(tokens)).map_err(|err| format!("unreadable tokens: {err}"))?;
    let operations: BTreeMap<&str, &Operation> = api
        .operations
        .iter()
        .map(|operation| (operation.builder.as_str(), operation))
        .collect();
    let mut out = Finished {
        types: Vec::new(),
        builders: Vec::new(),
        methods: Vec::new(),
    };
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                out.types = types::items(contents(module), api, types)?;
            }
            Item::Mod(module) if module.ident == "builder" => {
                out.builders = builders::items(contents(module), &operations)?;
            }
            Item::Mod(module) if module.ident == "prelude" => {}
            Item::Use(_) => {}
            Item::Struct(item) if item.ident == "Client" => {}
            Item::Impl(item) if is_for_client(&item) => {
                if item.trait_.is_none() && !has_method(&item, "new_with_client") {
                    out.methods.extend(methods::methods(item.items, api)?);
                }
            }
            other => return Err(format!("unexpected item: {}", excerpt(&other))),
        }
    }
    if out.methods.len() != api.operations.len() {
        return Err(format!(
            "{} methods for {} operations",
            out.methods.len(),
            api.operations.len()
        ));
    }
    Ok(out)
}

fn contents(module: syn::ItemMod) -> Vec<Item> {
    module.content.map(|(_, items)| items).unwrap_or_default()
}

fn is_for_client(item: &syn::ItemImpl) -> bool {
    let path = match &*item.self_ty {
        syn::Type::Path(path) => Some(path),
        syn::Type::Reference(reference) => match &*reference.elem {
            syn::Type::Path(path) => Some(path),
            _ => None,
        },
        _ => None,
    };
    path.is_some_and(|path| path.path.is_ident("Client"))
}

fn has_method(item: &syn::ItemImpl, name: &str) -> bool {
    item.items
        .iter()
        .any(|item| matches!(item, syn::ImplItem::Fn(f) if f.sig.ident == name))
}

/// The first argument of a type of this name.
fn argument<'a>(type_: &'a syn::Type, name: &str) -> Option<&'a syn::Type> {
    let syn::Type::Path(path) = type_ else {
        return None;
    };
    let segment = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    match (segment.ident == name, arguments.args.first()?) {
        (true, syn::GenericArgument::Type(inner)) => Some(inner),
        _ => None,
    }
}

/// The beginning of an item, for messages.
pub(crate) fn excerpt(item: &impl quote::ToTokens) -> String {
    item.to_token_stream()
        .to_string()
        .chars()
        .take(120)
        .collect()
}

/// Documentation as attributes, one per line, so that it is printed with `///`.
pub(crate) fn doc_attributes(text: &str) -> Vec<Attribute> {
    text.lines()
        .map(|line| {
            let line = line.trim_end();
            let line = if line.is_empty() {
                String::new()
            } else {
                format!(" {line}")
            };
            doc_attribute(&line)
        })
        .collect()
}

/// Put together by hand: parsing so many of them is a good part of the work.
fn doc_attribute(line: &str) -> Attribute {
    let text = syn::LitStr::new(line, proc_macro2::Span::call_site());
    Attribute {
        pound_token: syn::token::Pound::default(),
        style: syn::AttrStyle::Outer,
        bracket_token: syn::token::Bracket::default(),
        meta: syn::Meta::NameValue(syn::MetaNameValue {
            path: format_ident!("doc").into(),
            eq_token: syn::token::Eq::default(),
            value: syn::Expr::Lit(syn::ExprLit {
                attrs: Vec::new(),
                lit: syn::Lit::Str(text),
            }),
        }),
    }
}

/// A function with its documentation.
pub(crate) fn documented(docs: Vec<Attribute>, mut function: syn::ImplItemFn) -> syn::ImplItemFn {
    function.attrs.splice(0..0, docs);
    function
}

/// Replaces upstream prose in an item's attributes by what is safe in a doc comment.
pub(crate) fn sanitize_docs(attributes: &mut Vec<Attribute>) {
    let mut prose = String::new();
    attributes.retain(|attribute| {
        let Some(text) = doc_text(attribute) else {
            return true;
        };
        prose.push_str(&text);
        prose.push('\n');
        false
    });
    if prose.is_empty() {
        return;
    }
    let mut docs = doc_attributes(&doc::sanitize(&prose));
    docs.append(attributes);
    *attributes = docs;
}

/// The text of a line of documentation.
pub(crate) fn doc_text(attribute: &Attribute) -> Option<String> {
    if !attribute.path().is_ident("doc") {
        return None;
    }
    let syn::Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    let syn::Expr::Lit(literal) = &meta.value else {
        return None;
    };
    let syn::Lit::Str(text) = &literal.lit else {
        return None;
    };
    Some(text.value())
}
