//! The table of operations: one static per operation, everything the wire needs.
//!
//! Rows are written as text, one table call per line: as tokens they would be parsed and laid out
//! at some cost, and over twice as many lines.

use std::{collections::BTreeSet, fmt::Write as _};

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Item, parse_quote};

use super::{api::error_body, rust_type};
use crate::{
    model::{
        AnswerKind, Api, BodyKind, Bound, Check, Encoding, ErrorAnswer, Location, Operation,
        PageTo, PageWay, Pagination, Parameter, StatusMatch, Style,
    },
    preflight::{ident, schemas::Types},
};

/// Where the rows go, in the module's text.
pub(crate) const ROWS: &str = "rows!();";

/// The widest line of a row.
const WIDTH: usize = 100;

/// The module `operations`, its rows left out; `None` where there are none.
pub(super) fn module(api: &Api, types: &Types) -> Option<Item> {
    if api.operations.is_empty() {
        return None;
    }
    let error = error_body(api, types);
    let in_types = error.to_string().contains("types ::");
    let uses_types = in_types.then(|| {
        quote!(
            use super::types;
        )
    });
    let errors = errors(api, types, &error_names(api));
    Some(parse_quote! {
        /// What goes over the wire, operation by operation.
        mod operations {
            #uses_types
            use ::specmint_client as c;

            type Operation = c::Operation<#error>;

            #errors
            rows!();
        }
    })
}

/// All rows, as they are printed.
pub(crate) fn rows(api: &Api) -> String {
    let names = error_names(api);
    let mut out = String::new();
    for operation in &api.operations {
        row(&mut out, operation, &names);
    }
    out
}

/// What the rows call the kinds of error bodies; `None` for those that have no body to read.
fn error_names(api: &Api) -> Vec<Option<Ident>> {
    let mut taken = BTreeSet::new();
    api.errors
        .iter()
        .map(|body| {
            matches!(body.kind, AnswerKind::Json(_)).then(|| {
                let name = ident::shouty(&body.variant);
                let name = ident::unique(&name, None, |n| taken.contains(n)).to_uppercase();
                taken.insert(name.clone());
                format_ident!("{name}")
            })
        })
        .collect()
}

/// The kinds of error bodies and how each is read; the rows say for which statuses.
fn errors(api: &Api, types: &Types, names: &[Option<Ident>]) -> Option<TokenStream> {
    let error = error_body(api, types);
    let mut kinds = Vec::new();
    for (body, name) in api.errors.iter().zip(names) {
        let (AnswerKind::Json(at), Some(name)) = (&body.kind, name) else {
            continue;
        };
        let type_ = rust_type::at(at, types, &quote!(types::));
        let decode = if let Some(name) = &api.error_enum {
            let (name, variant) = (format_ident!("{name}"), format_ident!("{}", body.variant));
            quote!(|body| c::decode::<#type_>(body).map(types::#name::#variant))
        } else {
            quote!(c::decode::<#type_>)
        };
        kinds.push(quote! {
            pub(super) const #name: Error =
                Error::json(c::StatusMatch::Default, "application/json", #decode);
        });
    }
    let uses_types = (quote!(#error #(#kinds)*).to_string().contains("types ::")).then(|| {
        quote!(
            use super::types;
        )
    });
    (!kinds.is_empty()).then(|| {
        quote! {
            mod errors {
                #uses_types
                use ::specmint_client as c;

                type Error = c::ErrorAnswer<#error>;

                #(#kinds)*
            }
        }
    })
}

fn row(out: &mut String, operation: &Operation, names: &[Option<Ident>]) {
    let _ = write!(
        out,
        "\npub(super) static {}: Operation =\n    Operation::new({}, {}, {})",
        operation.constant,
        literal(&operation.rust),
        literal(&operation.method),
        literal(&operation.path)
    );
    let parameters = operation.parameters.iter().map(parameter);
    call(out, "parameters", parameters.collect());
    if let Some(body) = &operation.body {
        let (usual, fields): (&str, &[Encoding]) = match &body.kind {
            BodyKind::Json => ("application/json", &[]),
            BodyKind::Form(fields) => ("application/x-www-form-urlencoded", fields),
            BodyKind::Multipart(fields) => ("multipart/form-data", fields),
            BodyKind::Text => ("text/plain", &[]),
            BodyKind::Bytes => ("application/octet-stream", &[]),
        };
        if body.media_type != usual {
            let _ = write!(out, "{START}.body({})", literal(&body.media_type));
        }
        if body.required {
            let _ = write!(out, "{START}.requires_body()");
        }
        call(out, "fields", fields.iter().map(field).collect());
        call(out, "checks", body.checks.iter().map(check).collect());
    }
    let alternatives = operation.security.iter().map(|combination| {
        let indices: Vec<String> = combination.iter().map(ToString::to_string).collect();
        format!("&[{}]", indices.join(", "))
    });
    call(out, "security", alternatives.collect());
    let servers = operation
        .servers
        .iter()
        .map(|server| literal(server.template.as_ref().unwrap_or(&server.url)));
    call(out, "servers", servers.collect());
    if let Some(pages) = &operation.pages {
        let calls = pagination(pages);
        let line = calls.concat();
        let line = if START.len() + line.len() + 8 > WIDTH {
            calls.join(&format!("{START}        "))
        } else {
            line
        };
        let _ = write!(out, "{START}.pages({line})");
    }
    let answers = operation.outcome.answers.iter().map(|answer| {
        let media_type = answer.media_type.as_str();
        match (answer.status, media_type) {
            (StatusMatch::Code(code), "application/json") => format!("c::Answer::json({code})"),
            (StatusMatch::Code(code), "") => format!("c::Answer::empty({code})"),
            (other, _) => format!("c::Answer::new({}, {})", status(other), literal(media_type)),
        }
    });
    call(out, "answers", answers.collect());
    call(out, "errors", error_rows(&operation.errors, names));
    out.push_str(";\n");
}

/// Where the calls of a row begin.
const START: &str = "\n        ";

/// A call with a list, on one line or as many as it takes; none where the list is empty.
fn call(out: &mut String, name: &str, items: Vec<String>) {
    if items.is_empty() {
        return;
    }
    let line = items.join(", ");
    let _ = write!(out, "{START}.{name}(&[");
    if START.len() + name.len() + line.len() + 7 <= WIDTH {
        let _ = write!(out, "{line}])");
        return;
    }
    let mut column = WIDTH;
    for item in items {
        // A comma, and a space in front of all but the first of a line.
        if column + item.len() + 2 > WIDTH {
            let _ = write!(out, "{START}    {item},");
            column = START.len() + 4 + item.len();
        } else {
            let _ = write!(out, " {item},");
            column += item.len() + 2;
        }
    }
    let _ = write!(out, "{START}])");
}

/// A string as a Rust literal.
fn literal(text: &str) -> String {
    proc_macro2::Literal::string(text).to_string()
}

/// The rows of errors; one for all statuses that follow each other with the same body.
fn error_rows(answers: &[ErrorAnswer], names: &[Option<Ident>]) -> Vec<String> {
    let code = |answer: &ErrorAnswer| match answer.status {
        StatusMatch::Code(code) => Some(code.to_string()),
        _ => None,
    };
    let alike = |a: &ErrorAnswer, b: &ErrorAnswer| {
        code(a).is_some() && code(b).is_some() && (a.body, &a.media_type) == (b.body, &b.media_type)
    };
    let rows = answers.chunk_by(alike).filter_map(|answers| {
        let codes: Vec<String> = answers.iter().filter_map(code).collect();
        error_row(answers.first()?, &codes, names)
    });
    rows.collect()
}

fn error_row(answer: &ErrorAnswer, codes: &[String], names: &[Option<Ident>]) -> Option<String> {
    let name = names.get(answer.body?)?.as_ref()?;
    let mut out = format!("errors::{name}");
    match (answer.status, codes) {
        (StatusMatch::Code(code), [] | [_]) => {
            let _ = write!(out, ".at({code})");
        }
        (StatusMatch::Code(_), codes) => {
            let _ = write!(out, ".at_each(&[{}])", codes.join(", "));
        }
        (StatusMatch::Range(_), _) => {
            let _ = write!(out, ".on({})", status(answer.status));
        }
        (StatusMatch::Default, _) => {}
    }
    if answer.media_type != "application/json" {
        let _ = write!(out, ".of({})", literal(&answer.media_type));
    }
    Some(out)
}

fn status(status: StatusMatch) -> String {
    match status {
        StatusMatch::Code(code) => format!("c::StatusMatch::Code({code})"),
        StatusMatch::Range(digit) => format!("c::StatusMatch::Range({digit})"),
        StatusMatch::Default => "c::StatusMatch::Default".to_owned(),
    }
}

fn parameter(parameter: &Parameter) -> String {
    let (constructor, usual) = match parameter.location {
        Location::Path => ("path", Style::Simple),
        Location::Query => ("query", Style::Form),
        Location::Header => ("header", Style::Simple),
        Location::Cookie => ("cookie", Style::Form),
    };
    let mut out = format!("c::Parameter::{constructor}({})", literal(&parameter.name));
    if parameter.style != usual {
        let _ = write!(out, ".style({})", style(parameter.style));
    }
    if parameter.explode != explodes(parameter.style) {
        let _ = write!(out, ".explode({})", parameter.explode);
    }
    if parameter.required && parameter.location != Location::Path {
        out.push_str(".required(true)");
    }
    if parameter.allow_reserved {
        out.push_str(".allow_reserved(true)");
    }
    if let Some(media_type) = &parameter.content {
        let _ = write!(out, ".content({})", literal(media_type));
    }
    if !parameter.checks.is_empty() {
        let checks: Vec<String> = parameter.checks.iter().map(check).collect();
        let _ = write!(out, ".checks(&[{}])", checks.join(", "));
    }
    out
}

fn check(check: &Check) -> String {
    let (name, limit) = match check.bound {
        Bound::AtLeast(limit) => ("at_least", format!("{limit:?}")),
        Bound::Above(limit) => ("above", format!("{limit:?}")),
        Bound::AtMost(limit) => ("at_most", format!("{limit:?}")),
        Bound::Below(limit) => ("below", format!("{limit:?}")),
        Bound::MinChars(limit) => ("min_chars", limit.to_string()),
        Bound::MaxChars(limit) => ("max_chars", limit.to_string()),
        Bound::MinItems(limit) => ("min_items", limit.to_string()),
        Bound::MaxItems(limit) => ("max_items", limit.to_string()),
    };
    format!("c::Check::{name}({}, {limit})", literal(&check.at))
}

/// The calls of which a pagination consists.
fn pagination(pages: &Pagination) -> Vec<String> {
    let asked = |way: &str, to: &PageTo, by: &str| match to {
        PageTo::Parameter(index) => format!("{way}({index}, {by})"),
        PageTo::Body(member) => format!("{way}_in_body({}, {by})", literal(member)),
    };
    let way = match &pages.way {
        PageWay::Cursor { to, next } => asked("cursor", to, &literal(next)),
        PageWay::After { to, key } => asked("after", to, &literal(key)),
        PageWay::Page { to, first } => asked("page", to, &first.to_string()),
        PageWay::Offset { to, first } => asked("offset", to, &first.to_string()),
        PageWay::Link => "link()".to_owned(),
        PageWay::Url { next } => format!("url({})", literal(next)),
    };
    let mut out = vec![format!("c::Pagination::{way}")];
    let items = Some(&pages.items).filter(|items| !items.is_empty());
    for (name, field) in [
        ("items", items),
        ("more", pages.more.as_ref()),
        ("total", pages.total.as_ref()),
        ("pages", pages.pages.as_ref()),
    ] {
        out.extend(field.map(|field| format!(".{name}({})", literal(field))));
    }
    if let Some(size) = pages.size {
        out.push(format!(
            ".size({}, {}, {})",
            size.parameter, size.usual, size.most
        ));
    }
    out
}

fn field(field: &Encoding) -> String {
    let mut out = format!("c::Parameter::field({})", literal(&field.name));
    if let Some(value) = field.style {
        let _ = write!(out, ".style({})", style(value));
    }
    if let Some(explode) = field.explode {
        let _ = write!(out, ".explode({explode})");
    }
    if let Some(content_type) = &field.content_type {
        let _ = write!(out, ".content({})", literal(content_type));
    }
    if field.required {
        out.push_str(".required(true)");
    }
    out
}

const fn explodes(style: Style) -> bool {
    matches!(style, Style::Form | Style::DeepObject)
}

const fn style(style: Style) -> &'static str {
    match style {
        Style::Simple => "c::Style::Simple",
        Style::Form => "c::Style::Form",
        Style::SpaceDelimited => "c::Style::SpaceDelimited",
        Style::PipeDelimited => "c::Style::PipeDelimited",
        Style::DeepObject => "c::Style::DeepObject",
        Style::Label => "c::Style::Label",
        Style::Matrix => "c::Style::Matrix",
    }
}
