//! The body of a pull request: verdicts first, then a row per change, then what else is worth
//! saying, and the pages' raw differences folded away.

use std::fmt::Write as _;

/// Characters that a pull request's body can hold, less what a workflow may add.
const BODY: usize = 60_000;
/// Bytes of it after which changes are only counted.
const ROWS: usize = 40_000;
/// Characters of one page's difference.
const DIFF: usize = 20_000;

use specmint_spec::diag::Severity;

use super::{ApiReport, Status, changes_file::escaped, subject};

/// All reports as one Markdown text.
pub fn markdown(reports: &[ApiReport]) -> String {
    let mut text = String::from("# Documentation sync\n\n");
    text.push_str(
        "| API | status | pages | wire | Rust | suggested version |\n|---|---|---|---|---|---|\n",
    );
    for report in reports {
        let [(_, wire), (_, rust), ..] = report.groups();
        let rust = match &report.surface {
            Some(surface) if surface.is_breaking() => {
                format!("{} breaking (outline)", surface.removed.len())
            }
            Some(_) => "compatible (outline)".to_owned(),
            None if wire.iter().any(|r| crate::guard::is_breaking(&r.change))
                || !rust.is_empty() =>
            {
                "breaking".to_owned()
            }
            None => "compatible".to_owned(),
        };
        let wire = if wire.is_empty() {
            "compatible".to_owned()
        } else {
            format!("{} breaking", wire.len())
        };
        let version = report
            .release
            .as_ref()
            .map_or_else(String::new, |(from, to)| format!("{from} → {to}"));
        let counts = report.counts;
        let _ = writeln!(
            text,
            "| {} | {} | {} ({} changed, {} added, {} removed) | {wire} | {rust} | {version} |",
            escaped(&report.api),
            report.status.as_str(),
            counts.pages,
            counts.changed,
            counts.added,
            counts.removed,
        );
    }
    for report in reports {
        section(&mut text, report);
    }
    // Words first, then as many differences as there is room for.
    let mut left = BODY.saturating_sub(text.chars().count());
    let mut others = 0;
    for (api, file, diff) in reports.iter().flat_map(|report| {
        let diffs = report.diffs.iter();
        diffs.map(|(file, diff)| (report.api.as_str(), file, diff))
    }) {
        let folded = folded(api, file, diff);
        let length = folded.chars().count();
        if length <= left {
            text.push_str(&folded);
            left -= length;
        } else {
            others += 1;
        }
    }
    if others > 0 {
        let _ = write!(
            text,
            "\nThe differences of {others} pages more are in the commit itself.\n"
        );
    }
    text
}

fn section(text: &mut String, report: &ApiReport) {
    if report.status == Status::UpToDate && report.problems.is_empty() {
        return;
    }
    let _ = write!(text, "\n## {}\n\n", escaped(&report.api));
    if let (Some(old), Some(new)) = &report.versions {
        let same = if old == new {
            " (upstream did not change its version)"
        } else {
            ""
        };
        let _ = write!(text, "{} → {}{same}\n\n", escaped(old), escaped(new));
    }
    let failed: Vec<_> = report
        .problems
        .iter()
        .filter(|p| p.severity == Severity::Error)
        .collect();
    for problem in failed {
        let _ = writeln!(
            text,
            "> **{}: {}**",
            problem.code,
            escaped(&problem.message)
        );
        for line in &problem.lines {
            let _ = writeln!(text, "> - {}", escaped(line));
        }
        if let Some(help) = &problem.help {
            for line in help.lines() {
                let _ = writeln!(text, "> {}", escaped(line));
            }
        }
        text.push('\n');
    }
    for (title, changes) in report.groups() {
        if changes.is_empty() {
            continue;
        }
        let _ = write!(
            text,
            "### {title}\n\n| fingerprint | operation | change | wire | Rust | page |\n|---|---|---|---|---|---|\n"
        );
        let all = changes.len();
        for (number, reported) in changes.into_iter().enumerate() {
            if text.len() > ROWS {
                let left = all - number;
                let _ = write!(text, "\n{left} more are in the JSON report.\n");
                break;
            }
            let change = &reported.change;
            let place = if change.place.is_empty() {
                String::new()
            } else {
                format!("{}: ", change.place)
            };
            let rust = match (&change.rust_types, &change.symbol) {
                (Some(types), Some(symbol)) => format!(
                    "{} `{}`: {}",
                    change.rule.rust.as_str(),
                    code(symbol),
                    escaped(types)
                ),
                (None, Some(symbol)) => format!("{} `{}`", change.rule.rust.as_str(), code(symbol)),
                (Some(types), None) => format!("{}: {}", change.rule.rust.as_str(), escaped(types)),
                (None, None) => change.rule.rust.as_str().to_owned(),
            };
            let page = match (&reported.url, &reported.at) {
                (Some(url), at) => format!(
                    "[{}](<{}>)",
                    escaped(at.as_deref().unwrap_or("page")),
                    url.replace(['<', '>', '\n'], "")
                ),
                (None, Some(at)) => escaped(at),
                (None, None) => String::new(),
            };
            let _ = writeln!(
                text,
                "| `{}` | {} | {} | {} | {rust} | {page} |",
                change.id,
                escaped(&subject(change)),
                escaped(&format!("{place}{}", change.what)),
                change.rule.level.as_str(),
            );
        }
        text.push('\n');
    }
    if report.descriptions > 0 {
        let _ = write!(
            text,
            "{} descriptions or examples changed.\n\n",
            report.descriptions
        );
    }
    let rest: Vec<_> = report
        .problems
        .iter()
        .filter(|p| p.severity != Severity::Error)
        .collect();
    if !rest.is_empty() || !report.notes.is_empty() {
        text.push_str("### Notes\n\n");
        for problem in rest {
            let at = problem
                .at
                .as_ref()
                .map(|at| format!(" ({})", escaped(at)))
                .unwrap_or_default();
            let _ = writeln!(
                text,
                "- {}: {}{at}",
                problem.code,
                escaped(&problem.message)
            );
            for line in &problem.lines {
                let _ = writeln!(text, "  - {}", escaped(line));
            }
        }
        for (code, (count, note)) in report.counted_notes() {
            let at = note
                .at
                .as_ref()
                .map(|at| format!(", first at {}", escaped(at)))
                .unwrap_or_default();
            let _ = writeln!(text, "- {code} ×{count}: {}{at}", escaped(&note.message));
        }
        text.push('\n');
    }
    if !report.accepted.is_empty() {
        text.push_str("### Accepted\n\n");
        for accepted in &report.accepted {
            let _ = writeln!(text, "- `{}` {}", accepted.id, escaped(&accepted.change));
        }
        text.push('\n');
    }
}

/// A page's difference, folded away.
fn folded(api: &str, file: &str, diff: &str) -> String {
    let cut: String = diff.chars().take(DIFF).collect();
    let more = if cut.len() < diff.len() {
        "\n(cut)"
    } else {
        ""
    };
    let longest = diff
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or(0)
        .max(2)
        + 1;
    let fence = "`".repeat(longest);
    format!(
        "<details><summary>{}</summary>\n\n{fence}diff\n{}{more}\n{fence}\n\n</details>\n",
        html(&format!("{api}/{file}")),
        cut.trim_end()
    )
}

/// A name between backticks.
fn code(text: &str) -> String {
    text.replace(['`', '|', '\n'], "")
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
