//! Answers that arrive item by item: `stream`, beside `send`.

use quote::{format_ident, quote};
use syn::{Item, parse_quote};

use super::rust_type;
use crate::{
    finish::doc_attributes,
    model::{Api, Framing},
    preflight::schemas::Types,
};

/// The methods, for the module `builder`.
pub(super) fn items(api: &Api, types: &Types) -> Vec<Item> {
    let mut out = Vec::new();
    for operation in &api.operations {
        let mut answers = operation.outcome.answers.iter();
        let Some(items) = answers.find_map(|answer| answer.items.as_ref()) else {
            continue;
        };
        let builder = format_ident!("{}", operation.builder);
        let item = rust_type::at(&items.at, types, &quote!(super::types::));
        let (stream, method, what) = match items.framing {
            Framing::Lines => ("JsonLines", "json_lines", "items, one per line"),
            Framing::Events => ("JsonEvents", "json_events", "events' data"),
            Framing::WholeEvents => ("JsonEvents", "whole_events", "events"),
        };
        let (stream, method) = (format_ident!("{stream}"), format_ident!("{method}"));
        let docs = doc_attributes(&format!(
            "Sends the request, and reads the answer's {what}, as they arrive."
        ));
        out.push(parse_quote! {
            impl #builder<'_> {
                #(#docs)*
                pub async fn stream(
                    self,
                ) -> super::Answer<::specmint_client::#stream<#item>> {
                    let answer = self.0.stream().await?;
                    Ok(answer.map(::specmint_client::ByteStream::#method))
                }
            }
        });
    }
    out
}
