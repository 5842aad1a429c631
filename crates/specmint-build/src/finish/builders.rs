//! The builders: progenitor's setters and answers by their types; everything else is the runtime's.
//!
//! A builder is a call that isn't sent yet. Its setters put values into their place in the
//! operation's table, so that one generic function does for all of them.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{ImplItem, ImplItemFn, Item, ItemImpl, Type, parse_quote, visit_mut::VisitMut};

use super::{doc_attributes, documented, excerpt};
use crate::{
    model::{AnswerKind, Body, BodyKind, Operation, Parameter},
    render::doc,
};

/// The items of the module `builder`.
pub(super) fn items(
    items: Vec<Item>,
    operations: &BTreeMap<&str, &Operation>,
) -> Result<Vec<Item>, String> {
    let mut out = Vec::new();
    for item in items {
        match item {
            Item::Use(_) => {}
            Item::Struct(item) => {
                let name = item.ident.to_string();
                operations
                    .get(name.as_str())
                    .ok_or_else(|| format!("builder `{name}` belongs to no operation"))?;
            }
            Item::Impl(item) => {
                let name = self_name(&item).unwrap_or_default();
                let operation = operations
                    .get(name.as_str())
                    .ok_or_else(|| format!("`impl` for `{name}` belongs to no operation"))?;
                out.push(structure(operation));
                let item = implementation(&item, operation)
                    .map_err(|err| format!("`{}`: {err}", operation.rust))?;
                out.push(Item::Impl(item));
            }
            other => return Err(format!("unexpected beside builders: {}", excerpt(&other))),
        }
    }
    let uses_types = out
        .iter()
        .any(|item| mentions(item.to_token_stream(), "types"));
    if uses_types {
        out.insert(
            0,
            parse_quote!(
                use super::types;
            ),
        );
    }
    Ok(out)
}

/// Whether a path begins with a name (what stands behind `::` doesn't count).
fn mentions(tokens: TokenStream, name: &str) -> bool {
    let mut colon = false;
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Group(group) => {
                if mentions(group.stream(), name) {
                    return true;
                }
                colon = false;
            }
            proc_macro2::TokenTree::Ident(ident) => {
                if !colon && ident == name {
                    return true;
                }
                colon = false;
            }
            proc_macro2::TokenTree::Punct(punct) => colon = punct.as_char() == ':',
            proc_macro2::TokenTree::Literal(_) => colon = false,
        }
    }
    false
}

fn self_name(item: &ItemImpl) -> Option<String> {
    let Type::Path(path) = &*item.self_ty else {
        return None;
    };
    path.path
        .segments
        .last()
        .map(|segment| segment.ident.to_string())
}

/// The type a setter takes, as its bound `TryInto<…>` has it.
fn setter_type(setter: &ImplItemFn) -> Result<&syn::GenericArgument, String> {
    let name = &setter.sig.ident;
    let bound = setter
        .sig
        .generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates)
        .find_map(|predicate| match predicate {
            syn::WherePredicate::Type(predicate) => predicate.bounds.first(),
            _ => None,
        });
    let Some(syn::TypeParamBound::Trait(bound)) = bound else {
        return Err(format!("the setter `{name}` has no bound"));
    };
    let arguments = bound.path.segments.last().map(|segment| &segment.arguments);
    let Some(syn::PathArguments::AngleBracketed(arguments)) = arguments else {
        return Err(format!("the bound of the setter `{name}` has no type"));
    };
    arguments
        .args
        .first()
        .ok_or_else(|| format!("the bound of the setter `{name}` has no type"))
}

fn structure(operation: &Operation) -> Item {
    let name = format_ident!("{}", operation.builder);
    let docs = doc_attributes(&format!(
        "Builder of [`Client::{0}`](super::Client::{0}).",
        operation.rust
    ));
    parse_quote! {
        #(#docs)*
        #[derive(Clone, Debug)]
        pub struct #name<'a>(pub(super) super::Call<'a>);
    }
}

fn implementation(item: &ItemImpl, operation: &Operation) -> Result<ItemImpl, String> {
    let mut setters = BTreeMap::new();
    let mut body = None;
    let mut sending = None;
    for member in &item.items {
        let ImplItem::Fn(method) = member else {
            return Err(format!("unexpected in a builder: {}", excerpt(member)));
        };
        let name = method.sig.ident.to_string();
        let position = operation.parameters.iter().position(|p| p.rust == name);
        match (name.as_str(), position) {
            ("new" | "body_map", None) => {}
            ("send", None) => sending = Some(send(method, operation)?),
            ("body", None) => {
                let documented = operation
                    .body
                    .as_ref()
                    .ok_or("a setter for a body that is not documented")?;
                body = Some(body_setter(method, documented)?);
            }
            (_, Some(position)) => {
                setters.insert(position, method);
            }
            _ => return Err(format!("unexpected method `{name}`")),
        }
    }
    if setters.len() != operation.parameters.len() {
        return Err(format!(
            "{} setters for {} parameters",
            setters.len(),
            operation.parameters.len()
        ));
    }
    if operation.body.is_some() != body.is_some() {
        return Err("no setter for the body".to_owned());
    }
    let setters = operation
        .parameters
        .iter()
        .zip(setters)
        .map(|(parameter, (position, method))| setter(parameter, position, method))
        .collect::<Result<Vec<_>, String>>()?;
    let sending = sending.ok_or("no `send`")?;
    let name = format_ident!("{}", operation.builder);
    let functions = setters.into_iter().chain(body).chain([sending]);
    let mut item: ItemImpl = parse_quote!(impl #name<'_> {});
    item.items = functions.map(ImplItem::Fn).collect();
    Ok(item)
}

/// The type of a setter, with the names that are imported.
fn imported(method: &ImplItemFn) -> Result<TokenStream, String> {
    let mut type_ = setter_type(method)?.clone();
    Imported.visit_generic_argument_mut(&mut type_);
    Ok(type_.to_token_stream())
}

/// Shortens `super::types::Pet` to `types::Pet`: the module is imported.
struct Imported;

impl VisitMut for Imported {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let mut names = path.segments.iter().map(|segment| &segment.ident);
        if path.leading_colon.is_none()
            && names.next().is_some_and(|first| first == "super")
            && names.next().is_some_and(|second| second == "types")
        {
            path.segments = std::mem::take(&mut path.segments)
                .into_iter()
                .skip(1)
                .collect();
        }
        syn::visit_mut::visit_path_mut(self, path);
    }
}

fn setter(
    parameter: &Parameter,
    position: usize,
    method: &ImplItemFn,
) -> Result<ImplItemFn, String> {
    let name = &method.sig.ident;
    let type_ = if let Some(type_) = &parameter.structure {
        // progenitor was told of a string; it can't have structs as parameters.
        let type_ = format_ident!("{type_}");
        quote!(types::#type_)
    } else {
        imported(method)?
    };
    let position = Literal::usize_unsuffixed(position);
    let docs = documentation(
        parameter.description.as_deref(),
        || format!("Sets {}.", doc::code_span(&parameter.name)),
        parameter.required,
    );
    let deprecated = parameter.deprecated.then(|| quote!(#[deprecated]));
    let function = parse_quote! {
        #deprecated
        pub fn #name(self, value: impl TryInto<#type_>) -> Self {
            Self(self.0.set(#position, value))
        }
    };
    Ok(documented(docs, function))
}

/// What a setter is for, and whether it has to be called.
fn documentation(
    description: Option<&str>,
    otherwise: impl Fn() -> String,
    required: bool,
) -> Vec<syn::Attribute> {
    let mut text = description
        .map(doc::sanitize)
        .filter(|text| !text.is_empty())
        .unwrap_or_else(otherwise);
    if required {
        let ended = text.ends_with(['.', '!', '?']);
        text.push_str(match (ended, text.contains('\n')) {
            (_, true) => "\n\nRequired.",
            (true, false) => " Required.",
            (false, false) => ". Required.",
        });
    }
    doc_attributes(&text)
}

fn body_setter(method: &ImplItemFn, body: &Body) -> Result<ImplItemFn, String> {
    let docs = documentation(
        body.description.as_deref(),
        || "Sets the request body.".to_owned(),
        body.required,
    );
    let type_ = match body.kind {
        BodyKind::Text => quote!(::std::string::String),
        BodyKind::Bytes => quote!(::specmint_client::Upload),
        BodyKind::Json | BodyKind::Form(_) | BodyKind::Multipart(_) => imported(method)?,
    };
    let call = match body.kind {
        BodyKind::Json => quote!(json_body(Ok(body.into()))),
        BodyKind::Form(_) => quote!(form_body(Ok(body.into()))),
        BodyKind::Multipart(_) => quote!(multipart_body(Ok(body.into()))),
        BodyKind::Text => quote!(text_body(Ok(body.into()))),
        BodyKind::Bytes => quote!(raw_body(Ok(Some(body.into())))),
    };
    let function = parse_quote! {
        pub fn body(self, body: impl Into<#type_>) -> Self {
            Self(self.0.#call)
        }
    };
    Ok(documented(docs, function))
}

/// The one line that hands a call to the runtime.
fn send(method: &ImplItemFn, operation: &Operation) -> Result<ImplItemFn, String> {
    let kind = operation.outcome.answers.first().map(|answer| &answer.kind);
    let (answer, terminal) = match (&operation.outcome.several, kind) {
        (Some(name), _) => {
            let name = format_ident!("{name}");
            (quote!(types::#name), quote!(one_of))
        }
        (None, Some(AnswerKind::Json(_))) => (success_type(method)?, quote!(json)),
        (None, Some(AnswerKind::Text)) => (quote!(::std::string::String), quote!(text)),
        (None, Some(AnswerKind::Bytes)) => (quote!(super::ByteStream), quote!(stream)),
        (None, Some(AnswerKind::Empty) | None) => (quote!(()), quote!(empty)),
    };
    let docs = doc_attributes(&format!(
        "Sends the request: {}.",
        doc::code_span(&format!("{} {}", operation.method, operation.path))
    ));
    let function = parse_quote! {
        pub async fn send(self) -> super::Answer<#answer> {
            self.0.#terminal().await
        }
    };
    Ok(documented(docs, function))
}

/// The `T` of `Result<ResponseValue<T>, …>`.
fn success_type(method: &ImplItemFn) -> Result<TokenStream, String> {
    fn first_argument(type_: &Type) -> Option<&Type> {
        let Type::Path(path) = type_ else { return None };
        let segment = path.path.segments.last()?;
        let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else {
            return None;
        };
        match arguments.args.first()? {
            syn::GenericArgument::Type(type_) => Some(type_),
            _ => None,
        }
    }
    let syn::ReturnType::Type(_, type_) = &method.sig.output else {
        return Err("`send` returns nothing".to_owned());
    };
    first_argument(type_)
        .and_then(first_argument)
        .map(ToTokens::to_token_stream)
        .ok_or_else(|| "`send` doesn't return a `ResponseValue`".to_owned())
}
