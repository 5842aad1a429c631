//! Annotations of a pull request: one workflow command per line.

use specmint_spec::diag::Severity;

use super::{ApiReport, subject};
use crate::compare::Level;

/// Problems and breaking changes as workflow commands; everything else is in the report.
pub fn annotations(reports: &[ApiReport]) -> String {
    let mut text = String::new();
    for report in reports {
        for problem in &report.problems {
            let command = match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let body = std::iter::once(&problem.message)
                .chain(&problem.lines)
                .cloned()
                .collect::<Vec<_>>();
            text.push_str(&line(
                command,
                &report.api,
                problem.at.as_deref(),
                problem.code.0,
                &body.join("\n"),
            ));
        }
        for reported in &report.changes {
            let change = &reported.change;
            if change.rule.level == Level::Err {
                let body = format!("{} {} {}", subject(change), change.place, change.what);
                text.push_str(&line(
                    "warning",
                    &report.api,
                    reported.at.as_deref(),
                    &change.id,
                    &body,
                ));
            }
        }
    }
    text
}

fn line(command: &str, api: &str, at: Option<&str>, title: &str, body: &str) -> String {
    // Only a place in a page is one that a pull request can show.
    let place = at
        .filter(|at| !at.contains("://"))
        .and_then(|at| at.rsplit_once(':'))
        .filter(|(_, line)| line.bytes().all(|b| b.is_ascii_digit()))
        .map(|(page, line)| {
            let file = page.split_once('/').map_or(page, |(_, file)| file);
            format!(
                "file={},line={line},",
                property(&format!("specs/{api}/pages/{file}"))
            )
        })
        .unwrap_or_default();
    format!(
        "::{command} {place}title={}::{}\n",
        property(title),
        data(body)
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
