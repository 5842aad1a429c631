//! `CHANGES.md` beside the pages: a draft for the changelog, edited by people. A line that stands
//! under `Unreleased` already is not added again, so drafting twice changes nothing.

use std::{fs, path::Path};

use super::ApiReport;
use crate::{codes, guard, problem::Problem};

/// The file, below an API's folder.
pub const FILE: &str = "CHANGES.md";
const HEADING: &str = "## Unreleased";

/// The draft with what is new under `## Unreleased`; `None` where nothing is.
pub fn draft(dir: &Path, report: &ApiReport) -> Result<Option<String>, Problem> {
    let path = dir.join(FILE);
    let old = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(
                Problem::error(codes::STORAGE, format!("`{}`: {error}", path.display()))
                    .with_note("nothing was written"),
            );
        }
    };
    let new = added(&old, report);
    Ok((new != old).then_some(new))
}

/// What stands under the heading, up to the next one.
fn unreleased(text: &str) -> &str {
    let section = text
        .find(HEADING)
        .map_or("", |at| &text[at + HEADING.len()..]);
    section.find("\n## ").map_or(section, |end| &section[..end])
}

fn added(old: &str, report: &ApiReport) -> String {
    let drafted = unreleased(old);
    let lines: Vec<String> = report
        .changes
        .iter()
        .filter(|reported| !drafted.contains(&reported.change.id))
        .map(|reported| {
            let breaking = if guard::is_breaking(&reported.change) {
                "**Breaking:** "
            } else {
                ""
            };
            format!(
                "- {breaking}{} <!-- {} -->",
                escaped(&guard::sentence(&reported.change)),
                reported.change.id
            )
        })
        .collect();
    if lines.is_empty() {
        return old.to_owned();
    }
    let lines = lines.join("\n");
    let title = "# Changes of the documented API\n";
    let old = if old.is_empty() { title } else { old };
    match old.find(HEADING) {
        Some(at) => {
            let (before, behind) = old.split_at(at + HEADING.len());
            format!("{before}\n\n{lines}\n{}", behind.trim_start_matches('\n'))
        }
        None => match old.find("\n## ") {
            Some(at) => format!("{}\n{HEADING}\n\n{lines}\n{}", &old[..=at], &old[at..]),
            None => format!("{}\n\n{HEADING}\n\n{lines}\n", old.trim_end()),
        },
    }
}

/// Upstream's words in Markdown, as words.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '@' | '!' | '~' | '&'
        ) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
