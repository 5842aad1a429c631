//! Tolerant reading: what servers send in place of what they promise never fails a call.
//!
//! Integers written `1.0` are integers, moments without an offset are moments, and `null` is
//! nothing, also where the document forgot to say so. Writing stays strict.

use quote::ToTokens;
use syn::{Field, Type, parse_quote};

use super::argument;

const INTEGERS: &[&str] = &["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"];

/// What serde's attributes of a field say.
#[derive(Default)]
struct Said {
    default: bool,
    custom_default: bool,
    other: bool,
}

/// Makes a field of an answer read what servers send.
pub(super) fn field(field: &mut Field) {
    absent_is_null(field);
    let said = said(field);
    if said.other {
        return;
    }
    let integer = |type_: &Type| INTEGERS.contains(&type_.to_token_stream().to_string().as_str());
    let type_ = &field.ty;
    if let Some(function) = scalar(type_) {
        field.attrs.push(with(function));
    } else if let Some(inner) = argument(type_, "Option") {
        if let Some(function) = scalar(inner) {
            let path = format!("::specmint_client::lenient::optional_{function}");
            field.attrs.push(if said.default || said.custom_default {
                parse_quote!(#[serde(deserialize_with = #path)])
            } else {
                parse_quote!(#[serde(default, deserialize_with = #path)])
            });
        }
    } else if argument(type_, "Vec").is_some_and(integer) {
        field.attrs.push(with("integers"));
    } else if said.default
        || !said.custom_default
            && (argument(type_, "Vec").is_some() || argument(type_, "BTreeMap").is_some())
    {
        field.attrs.push(with("default"));
    }
}

/// What reads a scalar leniently, where its own reading is stricter than servers are.
fn scalar(type_: &Type) -> Option<&'static str> {
    let Type::Path(path) = type_ else { return None };
    let name = path.path.segments.last()?.ident.to_string();
    match name.as_str() {
        "DateTime" => Some("date_time"),
        "NaiveDate" => Some("date"),
        name => INTEGERS.contains(&name).then_some("integer"),
    }
}

/// typify insists on a required member that may be `null`; servers leave it out.
fn absent_is_null(field: &mut Field) {
    for attribute in &mut field.attrs {
        if !attribute.path().is_ident("serde") {
            continue;
        }
        let Ok(metas) = attribute.parse_args_with(
            syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated,
        ) else {
            continue;
        };
        let kept: Vec<syn::Meta> = metas
            .into_iter()
            .filter(|meta| {
                let text = meta.to_token_stream().to_string();
                !(meta.path().is_ident("deserialize_with") && text.contains("Option::deserialize"))
            })
            .collect();
        *attribute = parse_quote!(#[serde(#(#kept),*)]);
    }
    let empty: syn::Attribute = parse_quote!(#[serde()]);
    field.attrs.retain(|attribute| *attribute != empty);
}

fn with(function: &str) -> syn::Attribute {
    let path = format!("::specmint_client::lenient::{function}");
    parse_quote!(#[serde(deserialize_with = #path)])
}

fn said(field: &Field) -> Said {
    let mut said = Said::default();
    for attribute in field.attrs.iter().filter(|a| a.path().is_ident("serde")) {
        let _ = attribute.parse_nested_meta(|meta| {
            let valued = meta.input.peek(syn::Token![=]);
            if valued {
                let _: syn::Expr = meta.value()?.parse()?;
            }
            if meta.path.is_ident("default") {
                if valued {
                    said.custom_default = true;
                } else {
                    said.default = true;
                }
            } else if !meta.path.is_ident("rename") && !meta.path.is_ident("skip_serializing_if") {
                said.other = true;
            }
            Ok(())
        });
    }
    said
}
