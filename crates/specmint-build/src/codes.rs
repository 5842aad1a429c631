//! The tables of codes of this crate: `P` fitting the document, `G` generating code.
//!
//! A code is never reused for something else.

use specmint_spec::diag::CodeInfo;

/// Every code of this crate.
pub fn all() -> impl Iterator<Item = &'static CodeInfo> {
    [FIT, GENERATE]
        .into_iter()
        .flatten()
        .chain(crate::preflight::schemas::TABLE)
}

/// `P02xx`: fitting operations.
const FIT: &[CodeInfo] = &[];

/// `G`: generating code.
const GENERATE: &[CodeInfo] = &[];
