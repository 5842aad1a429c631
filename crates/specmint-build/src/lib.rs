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
//! RustFile { name, text }
//!   │ emit::settle                 disk begins here
//!   ▼
//! $OUT_DIR/acme.rs
//! ```
//!
//! This crate knows Rust code and Cargo; it has never heard of Markdown.

mod beside;
pub mod codes;
mod finish;
mod generate;
pub mod model;
pub mod preflight;
pub mod render;
mod tokens;

pub use generate::{Generated, generate};
use specmint_spec::node::Node;

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
    /// Which operations; empty means all.
    pub only: Vec<Only>,
}

/// A selection of operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Only {
    /// Those with this tag.
    Tag(String),
    /// The one of this id or Rust name.
    Operation(String),
}

impl std::str::FromStr for Only {
    type Err = std::convert::Infallible;

    /// `tag:…`, or an operation.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.strip_prefix("tag:") {
            Some(tag) => Self::Tag(tag.to_owned()),
            None => Self::Operation(text.to_owned()),
        })
    }
}

impl Settings {
    /// Whether an operation is selected.
    pub(crate) fn wants(&self, operation: &Node, id: &str, rust: &str) -> bool {
        self.only.is_empty()
            || self.only.iter().any(|only| match only {
                Only::Operation(name) => name == id || name == rust,
                Only::Tag(tag) => operation
                    .get("tags")
                    .and_then(Node::as_array)
                    .unwrap_or_default()
                    .iter()
                    .any(|t| t.as_str() == Some(tag)),
            })
    }
}
