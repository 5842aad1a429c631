//! Optional members of recursive types: typify boxes the option, and then writes `null` for a
//! member that is absent, and refuses an answer without one that may be `null`.

use quote::ToTokens;
use syn::{Fields, Item, Type, parse_quote, visit_mut::VisitMut};

use super::argument;

/// Makes `Box<Option<T>>` an `Option<Box<T>>` everywhere.
pub(super) fn inside_out(items: &mut [Item]) {
    for item in items {
        if let Item::Struct(item) = item
            && let Fields::Named(fields) = &mut item.fields
        {
            for field in &mut fields.named {
                if boxed(&field.ty).is_some() {
                    absent_is_none(field);
                }
            }
        }
        Swap.visit_item_mut(item);
    }
}

/// The `T` of `Box<Option<T>>`.
fn boxed(type_: &Type) -> Option<&Type> {
    argument(argument(type_, "Box")?, "Option")
}

/// What serde is told of an optional member, where it was told that the member has a default.
fn absent_is_none(field: &mut syn::Field) {
    let mut rest: Vec<syn::Meta> = Vec::new();
    let mut optional = false;
    field.attrs.retain(|attribute| {
        if !attribute.path().is_ident("serde") {
            return true;
        }
        if let Ok(metas) = attribute.parse_args_with(
            syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated,
        ) {
            for meta in metas {
                let name = meta.path().to_token_stream().to_string();
                match name.as_str() {
                    "default" => optional = true,
                    "deserialize_with" | "skip_serializing_if" => {}
                    _ => rest.push(meta),
                }
            }
        }
        false
    });
    if optional {
        rest.push(parse_quote!(default));
        rest.push(parse_quote!(
            skip_serializing_if = "::std::option::Option::is_none"
        ));
    }
    if !rest.is_empty() {
        field.attrs.push(parse_quote!(#[serde(#(#rest),*)]));
    }
}

struct Swap;

impl VisitMut for Swap {
    fn visit_type_mut(&mut self, type_: &mut Type) {
        if let Some(inner) = boxed(type_) {
            *type_ = parse_quote!(::std::option::Option<::std::boxed::Box<#inner>>);
        }
        syn::visit_mut::visit_type_mut(self, type_);
    }
}
