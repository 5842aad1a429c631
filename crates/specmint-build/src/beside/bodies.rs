//! Types beside typify's: enums of answers, the enum of error bodies, open enums.

use std::collections::BTreeSet;

use quote::{format_ident, quote};
use specmint_spec::node::Node;
use syn::{Item, parse_quote};

use super::rust_type;
use crate::{
    finish::doc_attributes,
    model::{AnswerKind, Api, Operation},
    preflight::schemas::Types,
    render::doc,
};

/// The items, for the module `types`.
pub(super) fn items(api: &Api, types: &Types) -> Vec<Item> {
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    for operation in &api.operations {
        if let Some(name) = &operation.outcome.several
            && seen.insert(name)
        {
            out.extend(answers(operation, name, types));
        }
    }
    if let Some(name) = &api.error_enum {
        out.push(error_enum(api, name, types));
    }
    for (name, values) in &types.enums {
        let docs = types
            .schemas
            .get(name)
            .and_then(|schema| schema.get_str("description"))
            .map(doc::sanitize)
            .filter(|text| !text.is_empty())
            .unwrap_or_else(|| format!("{}.", doc::code_span(name)));
        let docs = doc_attributes(&docs);
        let name = format_ident!("{name}");
        let variants = values.values.iter().map(|value| {
            let variant = format_ident!("{}", value.variant);
            let wire = &value.value;
            let docs = (!doc::is_plain_code(wire)).then(|| doc_attributes(&doc::code_span(wire)));
            let docs = docs.unwrap_or_default();
            quote!(#(#docs)* #variant = #wire)
        });
        out.push(parse_quote! {
            ::specmint_client::open_enum! {
                #(#docs)*
                pub enum #name {
                    #(#variants,)*
                }
            }
        });
    }
    out
}

fn answers(operation: &Operation, name: &str, types: &Types) -> Vec<Item> {
    let name = format_ident!("{name}");
    let docs = doc_attributes(&format!(
        "What [`Client::{0}`](super::Client::{0}) gives back, by status and media type.",
        operation.rust
    ));
    let mut variants: Vec<(String, &AnswerKind, String)> = Vec::new();
    let mut arms = Vec::new();
    for (row, answer) in operation.outcome.answers.iter().enumerate() {
        let Some(variant) = &answer.variant else {
            continue;
        };
        if !variants.iter().any(|(v, ..)| v == variant) {
            let text = answer
                .description
                .as_deref()
                .map(doc::line)
                .filter(|text| !text.is_empty())
                .unwrap_or_else(|| doc::code_span(&answer.media_type));
            variants.push((variant.clone(), &answer.kind, text));
        }
        let variant = format_ident!("{variant}");
        let read = match &answer.kind {
            AnswerKind::Json(_) => quote!(answer.json().map(Self::#variant)),
            AnswerKind::Empty => quote!(Ok(Self::#variant)),
            AnswerKind::Text => quote!(Ok(Self::#variant(answer.text()))),
            AnswerKind::Bytes => quote!(Ok(Self::#variant(answer.bytes()))),
        };
        let row = proc_macro2::Literal::usize_unsuffixed(row);
        arms.push(quote!(Some(#row) => #read));
    }
    let variants = variants.iter().map(|(variant, kind, text)| {
        let variant = format_ident!("{variant}");
        let docs = doc_attributes(text);
        let content = match kind {
            AnswerKind::Json(at) => {
                let type_ = rust_type::at(at, types, &quote!());
                Some(quote!((#type_)))
            }
            AnswerKind::Empty => None,
            AnswerKind::Text => Some(quote!((::std::string::String))),
            AnswerKind::Bytes => Some(quote!((::specmint_client::Bytes))),
        };
        quote!(#(#docs)* #variant #content)
    });
    vec![
        parse_quote! {
            #(#docs)*
            #[derive(Clone, Debug)]
            #[non_exhaustive]
            pub enum #name {
                #(#variants),*
            }
        },
        parse_quote! {
            impl ::specmint_client::Answers for #name {
                fn decode(
                    answer: &::specmint_client::Received,
                ) -> ::std::result::Result<Self, ::specmint_client::DecodeError> {
                    match answer.row() {
                        #(#arms,)*
                        _ => Err(::specmint_client::DecodeError::new(
                            "no documented answer has this status and media type",
                        )),
                    }
                }
            }
        },
    ]
}

fn error_enum(api: &Api, name: &str, types: &Types) -> Item {
    let name = format_ident!("{name}");
    let variants = api.errors.iter().map(|error| {
        let variant = format_ident!("{}", error.variant);
        let type_ = if let AnswerKind::Json(at) = &error.kind {
            rust_type::at(at, types, &quote!())
        } else {
            quote!(::std::string::String)
        };
        let docs = error_docs(&error.kind, types);
        quote!(#(#docs)* #variant(#type_))
    });
    parse_quote! {
        /// What the API sends along with an error status; which of these is decided by the
        /// operation and the status.
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants),*
        }
    }
}

fn error_docs(kind: &AnswerKind, types: &Types) -> Vec<syn::Attribute> {
    let text = match kind {
        AnswerKind::Json(at) => types.at.get(at),
        _ => None,
    }
    .and_then(crate::preflight::document::reference)
    .and_then(|name| types.schemas.get(name))
    .and_then(|schema: &Node| schema.get_str("description"))
    .map(doc::line)
    .filter(|text| !text.is_empty());
    doc_attributes(&text.unwrap_or_else(|| "An error body.".to_owned()))
}
