//! The types: typify's structs and unions without its builders; wire names and order as documented.

use std::collections::BTreeSet;

use quote::{ToTokens, format_ident};
use syn::{Fields, Item, ItemImpl, ItemStruct, Type, parse_quote, visit_mut::VisitMut};

use super::{
    closed, conversions, excerpt, lenient, records, sanitize_docs, structs::Making, unions,
};
use crate::{
    model::{AnswerKind, Api},
    preflight::{reached, schemas::Types},
};

/// The items of the module `types`.
pub(super) fn items(items: Vec<Item>, api: &Api, types: &Types) -> Result<Vec<Item>, String> {
    let aliases: BTreeSet<&str> = types
        .aliases
        .iter()
        .filter(|(_, alias)| alias.transparent)
        .map(|(name, _)| name.as_str())
        .collect();
    let requests = api.operations.iter().flat_map(|operation| {
        let bodies = operation
            .body
            .iter()
            .filter_map(|body| body.schema.as_ref());
        operation.parameters.iter().map(|p| &p.schema).chain(bodies)
    });
    let sent = reached(requests, types);
    let errors = api.errors.iter().map(|error| &error.kind);
    let answers = api
        .operations
        .iter()
        .flat_map(|operation| operation.outcome.answers.iter().map(|answer| &answer.kind))
        .chain(errors)
        .filter_map(|kind| {
            if let AnswerKind::Json(at) = kind {
                Some(at)
            } else {
                None
            }
        });
    let streamed = api
        .operations
        .iter()
        .flat_map(|operation| &operation.outcome.answers)
        .filter_map(|answer| answer.items.as_ref().map(|items| &items.at));
    let read = reached(answers.chain(streamed), types);
    let mut out = Vec::new();
    let mut support = Vec::new();
    for item in items {
        match item {
            Item::Mod(module) if module.ident == "builder" => {}
            Item::Mod(module) if module.ident == "error" || module.ident == "defaults" => {
                support.push(module);
            }
            Item::Struct(item) => {
                let name = item.ident.to_string();
                if aliases.contains(name.as_str()) {
                    out.push(alias(&item)?);
                    continue;
                }
                let mut item = structure(item, types);
                if types.tuples.contains(&name) {
                    out.push(Item::Struct(tuple(item)));
                    continue;
                }
                if read.contains(&name) {
                    item.fields.iter_mut().for_each(lenient::field);
                }
                out.push(Item::Struct(item));
            }
            Item::Enum(mut item) => {
                sanitize_docs(&mut item.attrs);
                for variant in &mut item.variants {
                    sanitize_docs(&mut variant.attrs);
                    for field in &mut variant.fields {
                        sanitize_docs(&mut field.attrs);
                    }
                }
                let tagged = match types.unions.get(&item.ident.to_string()) {
                    Some(union) => unions::by_tag(&mut item, union)?,
                    None => None,
                };
                out.push(Item::Enum(item));
                out.extend(tagged);
            }
            Item::Impl(item) => {
                let name = self_name(&item).unwrap_or_default();
                if !aliases.contains(name.as_str()) {
                    out.push(Item::Impl(item));
                }
            }
            Item::Use(_) => {}
            other => return Err(format!("unexpected type: {}", excerpt(&other))),
        }
    }
    let mut out = closed::enums(conversions::prune(out));
    for module in support {
        let name = module.ident.to_string();
        if out.iter().any(|item| uses(item, &name)) {
            out.insert(0, Item::Mod(module));
        }
    }
    for item in &mut out {
        Local {
            prefix: &["super", "types"],
        }
        .visit_item_mut(item);
    }
    let making = Making::new(&out, types, &sent);
    Ok(records::structs(out, &making))
}

/// Whether an item refers to one of typify's support modules; in attributes it is a string.
fn uses(item: &Item, module: &str) -> bool {
    let text = item.to_token_stream().to_string();
    match module {
        "error" => text.contains("error :: ConversionError"),
        module => text.contains(&format!("\"{module}::")) || text.contains(&format!("{module} ::")),
    }
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

/// A newtype that only gives a type a second name.
fn alias(item: &ItemStruct) -> Result<Item, String> {
    let name = &item.ident;
    let mut attributes = item.attrs.clone();
    attributes.retain(|attribute| attribute.path().is_ident("doc"));
    sanitize_docs(&mut attributes);
    let Fields::Unnamed(fields) = &item.fields else {
        return Err(format!("`{name}` is no newtype"));
    };
    let Some(type_) = fields.unnamed.first().map(|field| &field.ty) else {
        return Err(format!("`{name}` is empty"));
    };
    Ok(parse_quote! {
        #(#attributes)*
        pub type #name = #type_;
    })
}

/// A struct with its fields in the order of the document, under their wire names.
fn structure(mut item: ItemStruct, types: &Types) -> ItemStruct {
    sanitize_docs(&mut item.attrs);
    let name = item.ident.to_string();
    let Fields::Named(fields) = &mut item.fields else {
        return item;
    };
    let order = types.field_order.get(&name);
    let mut sorted: Vec<(usize, syn::Field)> = Vec::new();
    for mut field in std::mem::take(&mut fields.named) {
        sanitize_docs(&mut field.attrs);
        let fitted = fitted_name(&field);
        let position = order
            .and_then(|order| order.iter().position(|name| Some(name) == fitted.as_ref()))
            .unwrap_or(usize::MAX);
        if let Some(fitted) = &fitted
            && let Some(wire) = types.renames.get(&(name.clone(), fitted.clone()))
        {
            rename(&mut field, wire);
        }
        if fitted.is_some_and(|fitted| types.binary.contains(&(name.clone(), fitted))) {
            Upload.visit_type_mut(&mut field.ty);
        }
        sorted.push((position, field));
    }
    sorted.sort_by_key(|(position, _)| *position);
    fields.named = sorted.into_iter().map(|(_, field)| field).collect();
    item
}

/// A list whose elements are told apart by their place: serde reads and writes a struct without
/// names as such.
fn tuple(mut item: ItemStruct) -> ItemStruct {
    let Fields::Named(fields) = item.fields else {
        return item;
    };
    let mut unnamed = syn::punctuated::Punctuated::new();
    for mut field in fields.named {
        field.ident = None;
        field.colon_token = None;
        field
            .attrs
            .retain(|attribute| !attribute.path().is_ident("serde"));
        unnamed.push(field);
    }
    item.attrs
        .retain(|attribute| !attribute.path().is_ident("serde"));
    item.fields = Fields::Unnamed(syn::FieldsUnnamed {
        paren_token: syn::token::Paren::default(),
        unnamed,
    });
    item.semi_token = Some(syn::token::Semi::default());
    item
}

/// The name of a field in the fitted document; `None` for the one that holds all others.
pub(super) fn fitted_name(field: &syn::Field) -> Option<String> {
    let mut name = field.ident.as_ref()?.to_string();
    for attribute in &field.attrs {
        if !attribute.path().is_ident("serde") {
            continue;
        }
        let mut flattened = false;
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("flatten") {
                flattened = true;
            }
            if meta.input.peek(syn::Token![=]) {
                let value: syn::LitStr = meta.value()?.parse()?;
                if meta.path.is_ident("rename") {
                    name = value.value();
                }
            }
            Ok(())
        });
        if flattened {
            return None;
        }
    }
    Some(name)
}

/// Gives a field its wire name.
fn rename(field: &mut syn::Field, wire: &str) {
    let plain = field.ident.as_ref().is_some_and(|ident| ident == wire);
    let mut rest: Vec<syn::Meta> = Vec::new();
    field.attrs.retain(|attribute| {
        if !attribute.path().is_ident("serde") {
            return true;
        }
        if let Ok(metas) = attribute.parse_args_with(
            syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated,
        ) {
            rest.extend(
                metas
                    .into_iter()
                    .filter(|meta| !meta.path().is_ident("rename")),
            );
        }
        false
    });
    if plain && rest.is_empty() {
        return;
    }
    field.attrs.push(if plain {
        parse_quote!(#[serde(#(#rest),*)])
    } else {
        parse_quote!(#[serde(rename = #wire #(, #rest)*)])
    });
}

/// Shortens paths that begin with a prefix: `super::types::Pet` to `Pet`.
pub(super) struct Local<'a> {
    pub(super) prefix: &'a [&'a str],
}

impl VisitMut for Local<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let n = self.prefix.len();
        if path.segments.len() > n
            && self
                .prefix
                .iter()
                .zip(&path.segments)
                .all(|(a, b)| b.ident == a)
        {
            path.segments = std::mem::take(&mut path.segments)
                .into_iter()
                .skip(n)
                .collect();
        }
        syn::visit_mut::visit_path_mut(self, path);
    }
}

/// Makes the strings of a type files.
struct Upload;

impl VisitMut for Upload {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        if path
            .segments
            .last()
            .is_some_and(|segment| segment.ident == "String")
        {
            let upload = format_ident!("Upload");
            *path = parse_quote!(::specmint_client::#upload);
            return;
        }
        syn::visit_mut::visit_path_mut(self, path);
    }
}
