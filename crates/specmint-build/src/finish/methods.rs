//! The client's methods: progenitor's signatures, our documentation.

use std::collections::BTreeMap;

use quote::{format_ident, quote};
use syn::{ImplItem, parse_quote};

use super::{doc_attributes, documented, excerpt};
use crate::{
    model::{Api, Operation, StatusMatch},
    preflight::pages,
    render::doc,
};

/// The methods with their documentation.
pub(super) fn methods(items: Vec<ImplItem>, api: &Api) -> Result<Vec<ImplItem>, String> {
    let operations: BTreeMap<&str, &Operation> = api
        .operations
        .iter()
        .map(|operation| (operation.rust.as_str(), operation))
        .collect();
    items
        .into_iter()
        .map(|item| {
            let ImplItem::Fn(method) = item else {
                return Err(format!("unexpected in the client: {}", excerpt(&item)));
            };
            let name = &method.sig.ident;
            let operation = operations
                .get(name.to_string().as_str())
                .ok_or_else(|| format!("method `{name}` belongs to no operation"))?;
            let docs = doc_attributes(&documentation(operation));
            let deprecated = operation.deprecated.then(|| quote!(#[deprecated]));
            let builder = format_ident!("{}", operation.builder);
            let constant = format_ident!("{}", operation.constant);
            let function = parse_quote! {
                #deprecated
                pub fn #name(&self) -> builder::#builder<'_> {
                    builder::#builder(self.call(&operations::#constant))
                }
            };
            Ok(ImplItem::Fn(documented(docs, function)))
        })
        .collect()
}

/// What a caller wants to know of an operation.
fn documentation(operation: &Operation) -> String {
    let mut parts = Vec::new();
    let summary = operation
        .summary
        .as_deref()
        .map(doc::line)
        .unwrap_or_default();
    if !summary.is_empty() {
        let summary = summary.trim_end_matches(['.', ' ']);
        parts.push(format!("{summary}."));
    }
    if let Some(description) = &operation.description
        && Some(description) != operation.summary.as_ref()
    {
        parts.push(doc::sanitize(description));
    }
    if let Some(body) = operation.body.as_ref().filter(|body| body.is_choice) {
        parts.push(format!(
            "Sends the body as {}.",
            doc::code_span(&body.media_type)
        ));
    }
    if let Some(pages) = &operation.pages {
        let how = doc::line(&pages::describe(operation, pages));
        parts.push(format!(
            "A list that `stream()` follows from page to page: {how}."
        ));
    }
    let request = doc::code_span(&format!("{} {}", operation.method, operation.path));
    let link = operation
        .url
        .as_deref()
        .and_then(|url| doc::link("documentation", url));
    parts.push(match link {
        Some(link) => format!("{request} · {link}"),
        None => request,
    });
    let errors: Vec<String> = operation
        .errors
        .iter()
        .map(|answer| (answer.status, answer.description.as_deref()))
        .collect::<indexmap::IndexMap<_, _>>()
        .into_iter()
        .map(|(status, description)| {
            let status = match status {
                StatusMatch::Code(code) => code.to_string(),
                StatusMatch::Range(digit) => format!("{digit}XX"),
                StatusMatch::Default => "default".to_owned(),
            };
            match description.map(doc::line).filter(|text| !text.is_empty()) {
                Some(text) => format!("- `{status}`: {text}"),
                None => format!("- `{status}`"),
            }
        })
        .collect();
    if !errors.is_empty() {
        parts.push("# Errors".to_owned());
        parts.push(errors.join("\n"));
    }
    parts.join("\n\n")
}
