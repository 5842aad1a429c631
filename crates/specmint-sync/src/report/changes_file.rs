//! `CHANGES.md` beside the pages: a draft for the changelog, edited by people. A line that stands
//! there already is never added again, so writing it twice changes nothing.

use std::{fs, path::Path};

use super::ApiReport;
use crate::{codes, guard, problem::Problem};

const HEADING: &str = "## Unreleased";

/// Adds what is new under `## Unreleased`.
pub fn append(dir: &Path, report: &ApiReport) -> Result<(), Problem> {
    let path = dir.join("CHANGES.md");
    let wrong = |error: std::io::Error| {
        Problem::error(codes::STORAGE, format!("`{}`: {error}", path.display()))
            .with_note("pages and lock are written; only this draft is missing")
    };
    let old = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(wrong(error)),
    };
    let new = added(&old, report);
    if new == old {
        return Ok(());
    }
    let staged = dir.join(".CHANGES.md.new");
    fs::write(&staged, new)
        .and_then(|()| fs::rename(&staged, &path))
        .map_err(wrong)
}

fn added(old: &str, report: &ApiReport) -> String {
    let lines: Vec<String> = report
        .changes
        .iter()
        .filter(|reported| !old.contains(&reported.change.id))
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
