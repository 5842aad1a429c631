//! The module `mock`: a server that plays the API in tests, behind the feature of that name.
//!
//! What it can do stands in `specmint-client`; here is a list of the operations and of what each
//! can be answered with, as text.

use std::{collections::BTreeSet, fmt::Write as _};

use syn::{Item, parse_quote};

use super::rust_type;
use crate::{
    finish::doc_attributes,
    model::{Answer, AnswerKind, Api, ErrorAnswer, Framing, Operation, StatusMatch},
    preflight::{
        ident,
        media_type::{self, Kind},
        operations::status_name,
        schemas::Types,
    },
    render::doc,
};

/// Where the list goes, in the module's text.
pub(crate) const PLACE: &str = "mocks!();";

/// The widest line of the list.
const WIDTH: usize = 100;

/// Methods of the server that are not about an operation.
const OF_SERVER: &[&str] = &["builder", "client", "start"];

/// Methods that every operation has.
const OF_OPERATION: &[&str] = &["matching", "other", "when"];

/// The module, its list left out; `None` where there are no operations.
pub(super) fn module(api: &Api) -> Option<Item> {
    if api.operations.is_empty() {
        return None;
    }
    let docs = doc_attributes(&format!(
        "A server on loopback that plays {} in tests.\n\n\
         Each operation has a method, where `when` says which calls are waited for, and a method\n\
         per documented status what is answered. Dropping the server fails the test if a mock\n\
         was not called as often as expected.",
        doc::line(&api.title)
    ));
    Some(parse_quote! {
        #(#docs)*
        #[cfg(feature = "mock")]
        pub mod mock {
            use super::{Api, Client, ClientBuilder};

            /// A server on a free port of this machine.
            #[derive(Debug)]
            pub struct Server {
                inner: ::specmint_client::mock::Server<Api>,
                client: Client,
            }

            impl Server {
                /// Starts a server, on the runtime of the caller.
                pub async fn start() -> ::std::io::Result<Self> {
                    let inner = ::specmint_client::mock::Server::start().await?;
                    let client = inner.client().clone().into();
                    Ok(Self { inner, client })
                }

                /// A client that calls this server, with made-up credentials and without
                /// retries.
                pub fn client(&self) -> &Client {
                    &self.client
                }

                /// The settings of [`client`](Self::client), for one that has others as well.
                pub fn builder(&self) -> ClientBuilder {
                    self.inner.builder()
                }
            }

            impl ::std::ops::Deref for Server {
                type Target = ::specmint_client::mock::Server<Api>;

                fn deref(&self) -> &Self::Target {
                    &self.inner
                }
            }

            mocks!();
        }
    })
}

/// The list, as it is printed.
pub(crate) fn list(api: &Api, types: &Types) -> String {
    let mut out = String::from("::specmint_client::mock_operations! {\n");
    let mut methods: BTreeSet<String> = OF_SERVER.iter().map(|&name| name.to_owned()).collect();
    methods.extend(
        api.operations
            .iter()
            .map(|operation| operation.rust.clone())
            .filter(|name| !OF_SERVER.contains(&name.as_str())),
    );
    for operation in &api.operations {
        let method = if OF_SERVER.contains(&operation.rust.as_str()) {
            ident::unique(&operation.rust, None, |name| methods.contains(name))
        } else {
            operation.rust.clone()
        };
        methods.insert(method.clone());
        let mut entry = method.clone();
        if method != operation.rust {
            let _ = write!(entry, " = {}", operation.rust);
        }
        let _ = write!(entry, " {} {{", operation.builder);
        let answers: Vec<String> = answers(api, operation, types)
            .into_iter()
            .map(|(name, row)| format!("{name}({row});"))
            .collect();
        write_entry(&mut out, &entry, &answers);
    }
    out.push_str("}\n");
    out
}

/// An operation on one line, or with as many of its answers to a line as fit.
fn write_entry(out: &mut String, entry: &str, answers: &[String]) {
    let line = format!("    {entry} {} }}", answers.join(" "));
    if line.len() <= WIDTH {
        out.push_str(&line);
        out.push('\n');
        return;
    }
    let _ = write!(out, "    {entry}");
    let mut column = WIDTH;
    for answer in answers {
        if column + " ".len() + answer.len() > WIDTH {
            out.push_str("\n       ");
            column = 7;
        }
        out.push(' ');
        out.push_str(answer);
        column += " ".len() + answer.len();
    }
    out.push_str("\n    }\n");
}

/// Every documented answer: the name of its method, and the rest of its row.
fn answers(api: &Api, operation: &Operation, types: &Types) -> Vec<(String, String)> {
    let success = operation
        .outcome
        .answers
        .iter()
        .map(|answer| row_of_success(answer, types));
    let errors = operation
        .errors
        .iter()
        .map(|answer| row_of_error(api, answer, types));
    let mut rows: Vec<(String, String, String)> = Vec::new();
    for row in success.chain(errors) {
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    let mut taken: BTreeSet<String> = OF_OPERATION.iter().map(|&name| name.to_owned()).collect();
    let mut out = Vec::new();
    for (name, suffix, row) in &rows {
        let alone = rows.iter().filter(|(other, ..)| other == name).count() == 1;
        let wanted = if alone {
            name.clone()
        } else {
            format!("{name}_{suffix}")
        };
        let name = ident::unique(&wanted, None, |name| taken.contains(name));
        taken.insert(name.clone());
        out.push((name, row.clone()));
    }
    out
}

fn row_of_success(answer: &Answer, types: &Types) -> (String, String, String) {
    let name = match answer.status {
        StatusMatch::Code(code) if code < 400 => ident::snake(&status_name(answer.status)),
        other => name_of(other),
    };
    let (status, media_type) = (answer.status, &answer.media_type);
    match &answer.items {
        Some(items) => {
            let kind = match items.framing {
                Framing::Lines => "lines",
                Framing::Events => "events",
                Framing::WholeEvents => "whole_events",
            };
            let type_ = Some(rust_type::text_at(&items.at, types));
            row(name, kind, type_, status, media_type)
        }
        None => row_of(name, &answer.kind, status, media_type, types),
    }
}

fn row_of_error(api: &Api, answer: &ErrorAnswer, types: &Types) -> (String, String, String) {
    let known = answer.body.and_then(|body| api.errors.get(body));
    let kind = match (known, answer.media_type.as_str()) {
        (Some(body), _) => body.kind.clone(),
        (None, "") => AnswerKind::Empty,
        (None, media_type) => match media_type::kind(media_type) {
            Kind::Json | Kind::Text => AnswerKind::Text,
            _ => AnswerKind::Bytes,
        },
    };
    let name = name_of(answer.status);
    row_of(name, &kind, answer.status, &answer.media_type, types)
}

fn name_of(status: StatusMatch) -> String {
    match status {
        StatusMatch::Code(code) => format!("status_{code}"),
        StatusMatch::Range(digit) => format!("status_{digit}xx"),
        StatusMatch::Default => "default".to_owned(),
    }
}

fn row_of(
    name: String,
    kind: &AnswerKind,
    status: StatusMatch,
    media_type: &str,
    types: &Types,
) -> (String, String, String) {
    match kind {
        AnswerKind::Json(at) => row(
            name,
            "json",
            Some(rust_type::text_at(at, types)),
            status,
            media_type,
        ),
        AnswerKind::Empty => row(name, "empty", None, status, media_type),
        AnswerKind::Text => {
            let text = "impl Into<String>".to_owned();
            row(name, "text", Some(text), status, media_type)
        }
        AnswerKind::Bytes => row(name, "bytes", None, status, media_type),
    }
}

fn row(
    name: String,
    kind: &str,
    type_: Option<String>,
    status: StatusMatch,
    media_type: &str,
) -> (String, String, String) {
    let mut out = kind.to_owned();
    if let Some(type_) = type_ {
        let _ = write!(out, " [{type_}]");
    }
    match status {
        StatusMatch::Code(code) => {
            let _ = write!(out, " {code}");
        }
        StatusMatch::Range(_) | StatusMatch::Default => out.push_str(" any"),
    }
    let mut suffix = kind.to_owned();
    if kind != "empty" {
        let media_type = media_type::concrete(media_type);
        let subtype = media_type::essence(&media_type);
        suffix = ident::snake(subtype.rsplit('/').next().unwrap_or_default());
        if (kind, &*media_type) != ("json", "application/json") {
            let _ = write!(out, " {}", proc_macro2::Literal::string(&media_type));
        }
    }
    (name, suffix, out)
}
