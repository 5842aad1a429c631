//! A lowered OpenAPI document in, one Rust file out.
//!
//! ```text
//! Lowered                          OpenAPI 3.0, every node has a Span
//!   │ preflight::fit               nothing is left to guess; what the wire needs stands in model::Api
//!   ▼
//! Fitted { document, api, types }
//!   │ tokens::client               progenitor, on a thread of its own
//!   ▼
//! TokenStream
//!   │ finish::client               its transport replaced by calls into specmint-client
//!   │ beside::items                what progenitor doesn't write
//!   ▼
//! Vec<syn::Item>
//!   │ render::file                 prettyplease, header, safe docs
//!   ▼
//! RustFile { root, modules }
//!   │ emit::settle                 disk begins here
//!   ▼
//! $OUT_DIR/acme.rs
//! ```
//!
//! This crate knows Rust code and Cargo; it has never heard of Markdown.

mod beside;
pub mod cargo;
pub mod codes;
pub mod emit;
pub mod export;
mod finish;
mod generate;
pub mod model;
pub mod outline;
pub mod preflight;
pub mod render;
pub mod report;
mod tokens;

pub use cargo::{Config, workspace};
pub use generate::{Generated, generate};
use std::collections::BTreeMap;

use specmint_spec::{names::Names, node::Node};

/// What a person decided about the generated code of one API.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The name of the module: `[a-z][a-z0-9_]*`.
    pub name: String,
    /// Where the API was read, for the header: `specs/acme`.
    pub source: String,
    /// What the API is called, where the document's title is not wanted.
    pub title: Option<String>,
    /// Where its documentation is.
    pub docs: Option<String>,
    /// The base URL, where the document doesn't say or isn't right.
    pub base_url: Option<String>,
    /// How lists are paginated, by operation, where the rule finds nothing or is wrong.
    pub pagination: BTreeMap<String, specmint_spec::api::Pagination>,
    /// Which operations: `tag:…`, or an id or Rust name; empty means all.
    pub only: Vec<String>,
    /// The published names, which nothing takes away: `names.lock`.
    pub names: Names,
    /// Whether there is a module `mock`, under the feature `mock` of the crate it stands in.
    pub mock: bool,
    /// Whether there is a module `cli`, under the feature `cli` of the crate it stands in.
    pub cli: bool,
}

impl Settings {
    /// What a person decided in `api.toml`.
    pub fn for_api(api: &specmint_spec::api::Api) -> Self {
        Self {
            name: api.name.clone(),
            source: format!("specs/{}", api.name),
            title: api.title.clone(),
            docs: api.docs.clone(),
            base_url: api.base_url.clone(),
            pagination: api.pagination.clone(),
            only: Vec::new(),
            names: api.names.clone(),
            mock: false,
            cli: false,
        }
    }

    /// Whether an operation is selected.
    pub(crate) fn wants(&self, operation: &Node, id: &str, rust: &str) -> bool {
        self.only.is_empty()
            || self
                .only
                .iter()
                .any(|only| match only.strip_prefix("tag:") {
                    None => only == id || only == rust,
                    Some(tag) => operation
                        .get("tags")
                        .and_then(Node::as_array)
                        .unwrap_or_default()
                        .iter()
                        .any(|t| t.as_str() == Some(tag)),
                })
    }
}
