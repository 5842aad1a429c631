//! A lowered OpenAPI document in, one Rust file out.
//!
//! ```text
//! Lowered                          OpenAPI 3.0, every node has a Span
//!   │ preflight::fit               nothing is left to guess; what the wire needs stands in model::Api
//!   ▼
//! Fitted { openapi, api, types }
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

pub mod codes;
pub mod model;
pub mod preflight;
