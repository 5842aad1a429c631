//! The bodies of webhooks: a function to read each, and one for all where they can be told apart.

use quote::{format_ident, quote};
use specmint_spec::node::escape_pointer;
use syn::{Item, parse_quote};

use super::rust_type;
use crate::{
    finish::doc_attributes,
    model::{Api, Webhook},
    preflight::schemas::Types,
    render::doc,
};

/// The items of the module `webhooks`.
pub(super) fn items(api: &Api, types: &Types) -> Vec<Item> {
    let typed: Vec<(&Webhook, proc_macro2::TokenStream)> = api
        .webhooks
        .iter()
        .filter_map(|webhook| {
            let at = webhook.payload.as_ref()?;
            Some((webhook, rust_type::at(at, types, &quote!(types::))))
        })
        .collect();
    if typed.is_empty() {
        return Vec::new();
    }
    let mut out: Vec<Item> = Vec::new();
    if typed
        .iter()
        .any(|(_, type_)| type_.to_string().contains("types ::"))
    {
        out.push(parse_quote!(
            use super::types;
        ));
    }
    out.push(parse_quote!(
        pub use ::specmint_client::DecodeError as ParseError;
    ));
    for (webhook, type_) in &typed {
        let docs = doc_attributes(&documentation(webhook));
        let deprecated = webhook.deprecated.then(|| quote!(#[deprecated]));
        let name = format_ident!("parse_{}", webhook.rust);
        out.push(parse_quote! {
            #(#docs)*
            #deprecated
            pub fn #name(body: &[u8]) -> ::std::result::Result<#type_, ParseError> {
                ::specmint_client::parse(body)
            }
        });
    }
    if let Some(tag) = &api.webhook_tag {
        out.extend(all(tag, &typed));
    }
    out
}

fn all(tag: &str, typed: &[(&Webhook, proc_macro2::TokenStream)]) -> [Item; 2] {
    let docs = doc_attributes(&format!(
        "Any of the webhooks, told apart by {}.",
        doc::code_span(tag)
    ));
    let variants = typed.iter().map(|(webhook, type_)| {
        let variant = format_ident!("{}", webhook.variant);
        let values: Vec<String> = values(webhook, tag).map(|v| doc::code_span(v)).collect();
        let docs = doc_attributes(&format!("{}.", values.join(", ")));
        quote!(#(#docs)* #variant(#type_))
    });
    let arms = typed.iter().map(|(webhook, _)| {
        let variant = format_ident!("{}", webhook.variant);
        let values = values(webhook, tag);
        quote!(#(#values)|* => Self::#variant(::specmint_client::parse(body)?))
    });
    let unknown = doc_attributes(&format!(
        "One that is not documented: its {}.",
        doc::code_span(tag)
    ));
    let pointer = format!("/{}", escape_pointer(tag));
    [
        parse_quote! {
            #(#docs)*
            #[derive(Clone, Debug)]
            #[non_exhaustive]
            #[allow(clippy::large_enum_variant)]
            pub enum Webhook {
                #(#variants,)*
                #(#unknown)*
                Unknown(::std::string::String),
            }
        },
        parse_quote! {
            impl Webhook {
                /// Reads the body of any of them.
                pub fn parse(body: &[u8]) -> ::std::result::Result<Self, ParseError> {
                    let tag = ::specmint_client::tag(body, #pointer)?;
                    Ok(match tag.as_str() {
                        #(#arms,)*
                        _ => Self::Unknown(tag),
                    })
                }
            }
        },
    ]
}

fn values<'a>(webhook: &'a Webhook, tag: &str) -> impl Iterator<Item = &'a String> {
    let mut seen = std::collections::BTreeSet::new();
    webhook
        .tags
        .get(tag)
        .into_iter()
        .flatten()
        .filter(move |value| seen.insert(value.as_str()))
}

/// What a receiver wants to know of a webhook.
fn documentation(webhook: &Webhook) -> String {
    let mut parts = Vec::new();
    let summary = webhook
        .summary
        .as_deref()
        .map(doc::line)
        .unwrap_or_default();
    if !summary.is_empty() {
        parts.push(format!("{}.", summary.trim_end_matches(['.', ' '])));
    }
    if let Some(description) = &webhook.description
        && Some(description) != webhook.summary.as_ref()
    {
        parts.push(doc::sanitize(description));
    }
    let what = format!(
        "Reads the body of {}, sent by {}",
        doc::code_span(&webhook.name),
        doc::code_span(&webhook.method)
    );
    let link = webhook
        .url
        .as_deref()
        .and_then(|url| doc::link("documentation", url));
    parts.push(match link {
        Some(link) => format!("{what} · {link}"),
        None => format!("{what}."),
    });
    if !webhook.headers.is_empty() {
        let headers = webhook.headers.iter().map(|header| {
            let name = doc::code_span(&header.name);
            let always = if header.required { ", always" } else { "" };
            let text = header.description.as_deref().map(doc::line);
            match text.filter(|text| !text.is_empty()) {
                Some(text) => format!("- {name}{always}: {text}"),
                None => format!("- {name}{always}"),
            }
        });
        parts.push("Headers that come along:".to_owned());
        parts.push(headers.collect::<Vec<_>>().join("\n"));
    }
    parts.join("\n\n")
}
