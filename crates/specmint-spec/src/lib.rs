//! Pages and documents in, one OpenAPI document out.
//!
//! ```text
//! directory, page or document
//!   │ source::read                 disk ends here
//!   ▼
//! Sources { pages }
//!   │ extract::fragments           which blocks of a page are specifications
//!   ▼
//! Vec<Fragment>                    still the author's shape
//!   │ normalize::fragments         every accepted form becomes one OpenAPI 3.1 shape
//!   ▼
//! Vec<Fragment>
//!   │ merge::document              many → one
//!   ▼
//! Document                         OpenAPI 3.1, every node has a Span
//!   │ fixups::apply                particular corrections, data beside the pages
//!   │ lower::to_openapi_3_0        general rules
//!   ▼
//! Lowered                          OpenAPI 3.0, what was lost is in the diagnostics
//! ```
//!
//! This crate knows Markdown, YAML and OpenAPI. It has never heard of Rust code, and nothing in
//! it but [`source`] touches the disk.

pub mod api;
pub mod diag;
pub mod document;
pub mod extract;
pub mod fixups;
pub mod fragment;
pub mod lower;
pub mod merge;
pub mod names;
pub mod node;
pub mod normalize;
pub mod page;
mod parallel;
mod shared;
pub mod source;
mod walk;
pub mod yaml;

use api::Api;
use diag::{Diagnostics, Reported};
use document::{Document, Lowered};
use page::Sources;

/// Reads the pages (or the one document) of an API into one OpenAPI 3.1 document.
///
/// Never touches the disk. Everything worth saying is in `diags`.
pub fn read(sources: &Sources, api: &Api, diags: &mut Diagnostics) -> Result<Document, Reported> {
    diags.gate()?; // a file that could not be read must not surface as a missing operation
    let fragments = extract::fragments(sources, diags);
    diags.gate()?; // a broken block must not surface as a missing operation
    let fragments = normalize::fragments(fragments, sources, diags);
    diags.gate()?;
    let mut document = merge::document(fragments, sources, api, diags);
    diags.gate()?;
    fixups::apply(&mut document, api, diags);
    diags.gate()?;
    Ok(document)
}

/// Lowers a document of the 3.1 dialect to 3.0, the dialect the generator takes.
pub fn lower(document: &Document, diags: &mut Diagnostics) -> Result<Lowered, Reported> {
    lower_owned(document.clone(), diags)
}

/// As [`lower`], for callers that don't need the document any more.
pub fn lower_owned(document: Document, diags: &mut Diagnostics) -> Result<Lowered, Reported> {
    let lowered = lower::to_openapi_3_0(document, diags);
    diags.gate()?;
    Ok(lowered)
}
