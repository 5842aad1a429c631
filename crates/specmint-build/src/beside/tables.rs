//! The table of operations: one static per operation, everything the wire needs.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::{Item, parse_quote};

use super::{api::error_body, rust_type};
use crate::{
    model::{
        AnswerKind, Api, BodyKind, Encoding, Location, Operation, Parameter, StatusMatch, Style,
    },
    preflight::schemas::Types,
};

/// The module `operations`; `None` where there are none.
pub(super) fn module(api: &Api, types: &Types) -> Option<Item> {
    if api.operations.is_empty() {
        return None;
    }
    let error = error_body(api, types);
    let in_types = !error.to_string().starts_with("::") && error.to_string().contains("types ::");
    let uses_types = in_types.then(|| {
        quote!(
            use super::types;
        )
    });
    let rows = api
        .operations
        .iter()
        .map(|operation| row(operation, api, types));
    Some(parse_quote! {
        mod operations {
            #uses_types
            use ::specmint_client as c;

            type Operation = c::Operation<#error>;

            #(#rows)*
        }
    })
}

fn row(operation: &Operation, api: &Api, types: &Types) -> Item {
    let constant = format_ident!("{}", operation.constant);
    let (name, method, path) = (&operation.rust, &operation.method, &operation.path);
    let mut calls = TokenStream::new();
    if !operation.parameters.is_empty() {
        let parameters = operation.parameters.iter().map(parameter);
        calls.extend(quote!(.parameters(&[#(#parameters),*])));
    }
    if let Some(body) = &operation.body {
        let (usual, fields): (&str, &[Encoding]) = match &body.kind {
            BodyKind::Json => ("application/json", &[]),
            BodyKind::Form(fields) => ("application/x-www-form-urlencoded", fields),
            BodyKind::Multipart(fields) => ("multipart/form-data", fields),
            BodyKind::Text => ("text/plain", &[]),
            BodyKind::Bytes => ("application/octet-stream", &[]),
        };
        if body.media_type != usual {
            let media_type = &body.media_type;
            calls.extend(quote!(.body(#media_type)));
        }
        if !fields.is_empty() {
            let fields = fields.iter().map(field);
            calls.extend(quote!(.fields(&[#(#fields),*])));
        }
    }
    if !operation.security.is_empty() {
        let alternatives = operation.security.iter().map(|combination| {
            let indices = combination
                .iter()
                .map(|index| Literal::usize_unsuffixed(*index));
            quote!(&[#(#indices),*])
        });
        calls.extend(quote!(.security(&[#(#alternatives),*])));
    }
    let servers: Vec<&String> = operation.servers.iter().map(|server| &server.url).collect();
    if !servers.is_empty() {
        calls.extend(quote!(.servers(&[#(#servers),*])));
    }
    let answers = operation.outcome.answers.iter().map(|answer| {
        let (status, media_type) = (status(answer.status), &answer.media_type);
        quote!(c::Answer::new(#status, #media_type))
    });
    calls.extend(quote!(.answers(&[#(#answers),*])));
    let errors: Vec<TokenStream> = operation
        .errors
        .iter()
        .filter_map(|answer| error_row(answer, api, types))
        .collect();
    if !errors.is_empty() {
        calls.extend(quote!(.errors(&[#(#errors),*])));
    }
    parse_quote! {
        pub(super) static #constant: Operation = Operation::new(#name, #method, #path) #calls;
    }
}

fn error_row(answer: &crate::model::ErrorAnswer, api: &Api, types: &Types) -> Option<TokenStream> {
    let body = api.errors.get(answer.body?)?;
    let AnswerKind::Json(at) = &body.kind else {
        return None;
    };
    let (status, media_type) = (status(answer.status), &answer.media_type);
    let type_ = rust_type::at(at, types, &quote!(types::));
    let decode = if let Some(name) = &api.error_enum {
        let (name, variant) = (format_ident!("{name}"), format_ident!("{}", body.variant));
        quote!(|body| c::decode::<#type_>(body).map(types::#name::#variant))
    } else {
        quote!(c::decode::<#type_>)
    };
    Some(quote!(c::ErrorAnswer::json(#status, #media_type, #decode)))
}

fn status(status: StatusMatch) -> TokenStream {
    match status {
        StatusMatch::Code(code) => {
            let code = Literal::u16_unsuffixed(code);
            quote!(c::StatusMatch::Code(#code))
        }
        StatusMatch::Range(digit) => {
            let digit = Literal::u8_unsuffixed(digit);
            quote!(c::StatusMatch::Range(#digit))
        }
        StatusMatch::Default => quote!(c::StatusMatch::Default),
    }
}

fn parameter(parameter: &Parameter) -> TokenStream {
    let name = &parameter.name;
    let (constructor, usual) = match parameter.location {
        Location::Path => (quote!(path), Style::Simple),
        Location::Query => (quote!(query), Style::Form),
        Location::Header => (quote!(header), Style::Simple),
        Location::Cookie => (quote!(cookie), Style::Form),
    };
    let mut out = quote!(c::Parameter::#constructor(#name));
    if parameter.style != usual {
        let style = style(parameter.style);
        out.extend(quote!(.style(#style)));
    }
    if parameter.explode != explodes(parameter.style) {
        let explode = parameter.explode;
        out.extend(quote!(.explode(#explode)));
    }
    if parameter.required && parameter.location != Location::Path {
        out.extend(quote!(.required(true)));
    }
    if parameter.allow_reserved {
        out.extend(quote!(.allow_reserved(true)));
    }
    if let Some(media_type) = &parameter.content {
        out.extend(quote!(.content(#media_type)));
    }
    out
}

fn field(field: &Encoding) -> TokenStream {
    let name = &field.name;
    let mut out = quote!(c::Parameter::field(#name));
    if let Some(value) = field.style {
        let value = style(value);
        out.extend(quote!(.style(#value)));
    }
    if let Some(explode) = field.explode {
        out.extend(quote!(.explode(#explode)));
    }
    if let Some(content_type) = &field.content_type {
        out.extend(quote!(.content(#content_type)));
    }
    out
}

const fn explodes(style: Style) -> bool {
    matches!(style, Style::Form | Style::DeepObject)
}

fn style(style: Style) -> TokenStream {
    match style {
        Style::Simple => quote!(c::Style::Simple),
        Style::Form => quote!(c::Style::Form),
        Style::SpaceDelimited => quote!(c::Style::SpaceDelimited),
        Style::PipeDelimited => quote!(c::Style::PipeDelimited),
        Style::DeepObject => quote!(c::Style::DeepObject),
        Style::Label => quote!(c::Style::Label),
        Style::Matrix => quote!(c::Style::Matrix),
    }
}
