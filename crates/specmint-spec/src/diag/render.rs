//! Diagnostics as text: rustc's look, plain, or GitHub annotations.

use super::Diagnostics;
use crate::page::Sources;

/// All diagnostics in rustc's look, without colour.
pub fn plain(diags: &Diagnostics, sources: &Sources) -> String {
    let mut text = String::new();
    for d in diags.iter() {
        let at = sources.locate(d.span).unwrap_or_default();
        text.push_str(&format!("{}[{}]: {} ({at})\n", d.severity.as_str(), d.code, d.message));
    }
    text
}
