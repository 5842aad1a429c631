//! `llms.txt` and `llms-full.txt`: indexes of a site, not pages of it.

use memchr::memmem;

use super::{form::Refusal, place};
use crate::{
    diag::{Diagnostics, codes::extract as codes},
    page::{Page, PageIndex},
};

/// Notes every whole specification that an index names: a better source than the pages.
pub(super) fn note_whole_specifications(page: &Page, index: PageIndex, diags: &mut Diagnostics) {
    let mut inside = false;
    for (number, line) in (1..).zip(page.text.lines()) {
        if let Some(heading) = line.strip_prefix("## ") {
            inside = heading.trim().eq_ignore_ascii_case("openapi specs");
        } else if inside && let Some(link) = link(line) {
            diags
                .note(
                    codes::WHOLE_SPECIFICATION,
                    place(index, number),
                    format!("the site names a whole specification: `{link}`"),
                )
                .help("fetch it and name it as the input: nothing is lost in a whole document");
        }
    }
}

/// The address in `- [title](address)`.
fn link(line: &str) -> Option<&str> {
    let (_, rest) = line.strip_prefix("- [")?.split_once("](")?;
    rest.split_once(')')
        .map(|(address, _)| address.trim())
        .filter(|address| !address.is_empty())
}

/// Whether a text is the joined form of a site: headings each followed by `Source: URL`.
pub(super) fn is_llms_full(text: &str) -> bool {
    // Nearly every page is told from one by this alone.
    if memmem::find(text.as_bytes(), b"\nSource: http").is_none() {
        return false;
    }
    let mut lines = text.lines();
    let mut title = false;
    let joined = lines.by_ref().filter(|line| {
        let found = title && line.starts_with("Source: http");
        title = line.starts_with("# ");
        found
    });
    joined.take(2).count() == 2
}

/// Why it can't serve.
pub(super) fn llms_full() -> Refusal {
    Refusal {
        code: codes::LLMS_FULL,
        message: "`llms-full.txt` leaves out the specification blocks of the pages".to_owned(),
        help: "save the pages themselves: the addresses behind `Source:`, each with `.md` at its end",
    }
}
