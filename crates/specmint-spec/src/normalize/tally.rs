//! Says once per fragment what happened at many places of it.

use std::collections::BTreeMap;

use crate::{
    diag::{Code, Diagnostics, Severity, codes::normalize as codes},
    page::Span,
    walk::Path,
};

/// How often each thing happened, and where first.
#[derive(Default)]
pub(crate) struct Tally {
    seen: BTreeMap<Code, Seen>,
}

struct Seen {
    first: Span,
    pointer: String,
    times: usize,
}

impl Tally {
    /// Counts one occurrence.
    pub(crate) fn count(&mut self, code: Code, span: Span, path: &Path<'_>) {
        self.seen
            .entry(code)
            .and_modify(|seen| seen.times += 1)
            .or_insert_with(|| Seen {
                first: span,
                pointer: path.to_string(),
                times: 1,
            });
    }

    /// Whether nothing was counted.
    pub(crate) fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// Says what was counted, one diagnostic for each code.
    pub(crate) fn say(self, diags: &mut Diagnostics) {
        for (code, seen) in self.seen {
            let (severity, what) = codes::tallied(code);
            let message = match seen.times {
                1 => what.to_owned(),
                times => format!("{what}; here and at {} other places", times - 1),
            };
            let diagnostic = match severity {
                Severity::Note => diags.note(code, seen.first, message),
                Severity::Warning | Severity::Error => diags.warning(code, seen.first, message),
            };
            diagnostic.at(seen.pointer);
        }
    }
}
