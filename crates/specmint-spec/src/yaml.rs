//! YAML and JSON text → [`Node`]: the only room naming the parsers.
//!
//! Scalars are read as js-yaml reads them, because js-yaml wrote the pages: what it leaves plain
//! and reads as a string must stay a string here (`yaml/scalar.rs`). The text is hostile: depth,
//! aliases and what they expand to are counted, and nothing recurses before it was counted.
//!
//! It must never know `OpenAPI`; what a number or a key means is decided by later stages.

pub(crate) mod cut;
mod json;
mod scalar;
mod tree;

use crate::{
    diag::{Diagnostics, Reported, codes::yaml as codes},
    node::Node,
    page::{Page, PageIndex, Span},
};

/// Levels a document may be deep; later stages recurse over trees and rely on it.
pub const MAX_DEPTH: usize = 128;

/// Where a text stands in its page, so that every position is one of the page.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// The page.
    pub page: PageIndex,
    /// The page's line (one-based) that is the text's first.
    pub first_line: u32,
    /// How many characters were cut from the left of every line.
    pub indent: u32,
}

impl Origin {
    /// A text that is the whole page.
    pub fn whole(page: PageIndex) -> Self {
        Self {
            page,
            first_line: 1,
            indent: 0,
        }
    }

    /// The page position of a one-based line and column of the text.
    fn span(self, line: u32, column: u32) -> Span {
        Span {
            page: self.page,
            line: self.first_line.saturating_add(line.saturating_sub(1)),
            column: self.indent.saturating_add(column),
        }
    }
}

/// Reads YAML.
pub fn parse(text: &str, origin: Origin, diags: &mut Diagnostics) -> Result<Node, Reported> {
    refuse_nul(text, origin, diags)?;
    tree::parse(text, origin, diags)
}

/// Reads a part of a text that was [cut], which stands below this many mappings.
///
/// `None` where there is anything to say, or an anchor, tag or alias: then only the whole text
/// tells what it means.
pub(crate) fn parse_part(text: &str, origin: Origin, above: usize) -> Option<Node> {
    tree::parse_part(text, origin, above)
}

/// Reads JSON.
pub fn parse_json(text: &str, origin: Origin, diags: &mut Diagnostics) -> Result<Node, Reported> {
    refuse_nul(text, origin, diags)?;
    json::parse(text, origin, diags)
}

/// Reads YAML or JSON, whichever the text is.
///
/// JSON is nearly YAML, but not quite: `"\uD83D\uDE00"` and tabs at the start of a line are fine
/// in one and errors in the other.
pub fn parse_either(text: &str, origin: Origin, diags: &mut Diagnostics) -> Result<Node, Reported> {
    if looks_like_json(text) {
        parse_json(text, origin, diags)
    } else {
        parse(text, origin, diags)
    }
}

/// Reads a page that is a YAML or JSON document as a whole.
pub fn parse_document(
    page: &Page,
    index: PageIndex,
    diags: &mut Diagnostics,
) -> Result<Node, Reported> {
    parse_either(&page.text, Origin::whole(index), diags)
}

/// Whether the first character that isn't white space opens a JSON object or array of JSON's
/// notation. A YAML flow mapping such as `{a: b}` is told from it by what follows the brace.
fn looks_like_json(text: &str) -> bool {
    let mut characters = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '\t' | '\n' | '\r'));
    match characters.next() {
        Some('{') => matches!(characters.next(), Some('"' | '}') | None),
        Some('[') => matches!(
            characters.next(),
            Some('{' | '[' | ']' | '"' | '-' | '0'..='9' | 't' | 'f' | 'n') | None
        ),
        _ => false,
    }
}

/// The YAML parser takes NUL for the end of the text, so that what follows would be lost.
fn refuse_nul(text: &str, origin: Origin, diags: &mut Diagnostics) -> Result<(), Reported> {
    let Some(at) = text.find('\0') else {
        return Ok(());
    };
    let before = &text[..at];
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    diags.error(
        codes::NUL,
        origin.span(small(line), small(column)),
        "the text holds a NUL character",
    );
    Err(Reported)
}

/// Positions are 32-bit; texts are capped far below, and an overflow only blurs a message.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
