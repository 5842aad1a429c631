//! The report for people: what cargo's look would be. Colours are in the text and are taken out by
//! whoever prints it where they don't belong.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use specmint_spec::diag::Severity;

use super::{ApiReport, Bump, Counts, Note, Reported, Status, subject};
use crate::{codes, guard, problem::Problem, run::Exit};

const GREEN: Style = AnsiColor::Green.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default().bold();
const BOLD: Style = Style::new().bold();

/// Everything of all APIs: results for standard output, problems for standard error.
pub struct Printed {
    /// For standard output.
    pub results: String,
    /// For standard error.
    pub problems: String,
}

/// All reports, for a terminal of so many columns. `verbose` shows every note and every change.
pub fn terminal(reports: &[ApiReport], exit: Exit, columns: usize, verbose: bool) -> Printed {
    let mut results = String::new();
    let mut problems = String::new();
    let width = reports
        .iter()
        .map(|report| report.api.len())
        .max()
        .unwrap_or(0);
    for report in reports {
        if matches!(report.status, Status::Failed | Status::Misconfigured) {
            let why = report
                .problems
                .iter()
                .rfind(|problem| problem.severity == Severity::Error)
                .map_or_else(String::new, |problem| {
                    format!("see error[{}]", problem.code)
                });
            let _ = writeln!(
                results,
                "{RED}{:>11}{RED:#} {:width$}  {why}",
                "Failed", report.api
            );
            continue;
        }
        let took = format!("{:.1}s", report.took.as_secs_f64());
        let counts = counted(report.counts);
        word(
            &mut results,
            "Checked",
            &format!("{:width$}  {counts}  {took}", report.api),
        );
    }
    for report in reports {
        changes(&mut results, report, columns, verbose);
        for problem in &report.problems {
            // That a site has more to offer is news once, when its pages are.
            let known = problem.code == codes::SPEC && report.status == Status::UpToDate;
            if !known || verbose {
                let whose = (reports.len() > 1).then_some(report.api.as_str());
                say(&mut problems, problem, whose, columns);
            }
        }
        wrote(&mut results, report);
    }
    next(&mut results, reports);
    let drifting: Vec<String> = reports.iter().map(drift).collect();
    if exit == Exit::Drift {
        let line = drifting.join(", ");
        hanging(&mut results, "drift: ", Indent(7, 7), &line, columns);
        let problem = Problem::error(codes::DRIFT, "committed specs are behind upstream")
            .help("run the same command without `--check`");
        say(&mut problems, &problem, None, columns);
    } else if exit == Exit::Done
        && reports
            .iter()
            .all(|report| report.status == Status::UpToDate)
    {
        word(&mut results, "Up to date.", "Upstream matches specs.lock.");
    }
    Printed { results, problems }
}

/// A line with a word in front, as cargo prints them.
fn word(text: &mut String, word: &str, rest: &str) {
    let _ = writeln!(text, "{GREEN}{word:>11}{GREEN:#} {rest}");
}

fn counted(counts: Counts) -> String {
    let mut parts = Vec::new();
    for (count, words) in [
        (counts.same, "not modified"),
        (counts.prose, "prose only"),
        (counts.changed, "changed"),
        (counts.added, "added"),
        (counts.removed, "removed"),
        (counts.kept, "kept"),
        (counts.pinned, "pinned"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {words}"));
        }
    }
    let others = if counts.others > 0 {
        format!(", {} without API", counts.others)
    } else {
        String::new()
    };
    let pages = if counts.pages == 1 { "page" } else { "pages" };
    format!("{} {pages} ({}{others})", counts.pages, parts.join(", "))
}

fn changes(text: &mut String, report: &ApiReport, columns: usize, verbose: bool) {
    // Without a change there is no news in what reading lost, unless somebody asks.
    let nothing = report.changes.is_empty() && report.descriptions == 0;
    let unread = report.versions.1.is_none() && report.operations.1 == 0;
    let known = report.versions.0.is_some() || report.operations.0 > 0;
    if report.status == Status::UpToDate || nothing && (unread || known && !verbose) {
        return;
    }
    let _ = write!(text, "\n{BOLD}{}{BOLD:#}", report.api);
    match &report.versions {
        (Some(old), Some(new)) if old == new => {
            let _ = write!(
                text,
                "  {old} → {new} (upstream did not change its version)"
            );
        }
        (Some(old), Some(new)) => {
            let _ = write!(text, "  {old} → {new}");
        }
        (None, Some(new)) => {
            let noun = if report.operations.1 == 1 {
                "operation"
            } else {
                "operations"
            };
            let _ = write!(text, "  {new}, {} {noun}", report.operations.1);
        }
        _ => {}
    }
    text.push('\n');
    let subjects = report
        .changes
        .iter()
        .map(|r| subject(&r.change).chars().count());
    let width = subjects
        .filter(|width| *width <= SUBJECT)
        .max()
        .unwrap_or(0);
    let mut first = "\n";
    for ((title, changes), style) in report
        .groups()
        .into_iter()
        .zip([RED, YELLOW, YELLOW, GREEN])
    {
        if changes.is_empty() && !(title == "COMPATIBLE" && report.descriptions > 0) {
            continue;
        }
        let _ = writeln!(text, "{first} {style}{title}{style:#}");
        first = "";
        let most = if verbose { usize::MAX } else { 40 };
        for reported in changes.iter().take(most) {
            change(text, reported, width, columns);
        }
        if changes.len() > most {
            let _ = writeln!(text, "  and {} more (-v shows all)", changes.len() - most);
        }
        if title == "COMPATIBLE" && report.descriptions > 0 {
            let noun = if report.descriptions == 1 {
                "description"
            } else {
                "descriptions"
            };
            let _ = writeln!(text, "  {} {noun} changed", report.descriptions);
        }
    }
    notes(text, report, columns, verbose);
}

/// One change: fingerprint, operation, place and what; what else there is to say below.
fn change(text: &mut String, reported: &Reported, width: usize, columns: usize) {
    let change = &reported.change;
    let place = if change.place.is_empty() {
        String::new()
    } else {
        format!("{}: ", change.place)
    };
    let subject = subject(change);
    let mut body = format!("{place}{}", change.what);
    let breaking = guard::is_breaking(change);
    if let Some(types) = change.rust_types.as_ref().filter(|_| breaking) {
        let _ = write!(body, "    {types}");
    }
    let id = format!("  {CYAN}{}{CYAN:#}  ", change.id);
    if subject.chars().count() <= width {
        let column = BELOW + width + 2;
        let before = format!("{id}{subject:width$}  ");
        hanging(text, &before, Indent(column, column), &body, columns);
    } else {
        hanging(text, &id, Indent(BELOW, BELOW), &subject, columns);
        hanging(
            text,
            &blanks(BELOW + 2),
            Indent(BELOW + 2, BELOW + 2),
            &body,
            columns,
        );
    }
    if breaking {
        let symbol = change
            .symbol
            .as_deref()
            .map_or_else(String::new, |s| format!(", {s}"));
        let page = reported.at.as_deref().unwrap_or_default();
        let line = format!("rust: {}{symbol}    {page}", change.rule.rust.as_str());
        hanging(text, &blanks(BELOW), Indent(BELOW, BELOW), &line, columns);
    }
}

/// Columns of what comes before a change's words, and below them.
const BELOW: usize = 16;
/// Columns of the longest operation that others are aligned with.
const SUBJECT: usize = 28;

/// Columns before the first line, and before those that continue it.
#[derive(Clone, Copy)]
struct Indent(usize, usize);

fn blanks(columns: usize) -> String {
    " ".repeat(columns)
}

/// Writes `before` and then words that go on below themselves.
fn hanging(text: &mut String, before: &str, indent: Indent, words: &str, columns: usize) {
    let Indent(first, rest) = indent;
    // On a screen too narrow for that, what continues begins further left.
    let rest = if rest + 24 > columns {
        first.min(8)
    } else {
        rest
    };
    let lines = wrapped(
        words,
        columns.saturating_sub(first),
        columns.saturating_sub(rest),
    );
    for (number, line) in lines.iter().enumerate() {
        let before = if number == 0 {
            before.to_owned()
        } else {
            blanks(rest)
        };
        let _ = writeln!(text, "{before}{line}");
    }
}

/// Lines of so many columns: the first, and the others. Words stay whole, because addresses and
/// paths are copied; where columns of words are apart, they part first.
fn wrapped(words: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut left = words.trim_end();
    let mut columns = first.max(16);
    while left.chars().count() > columns {
        let end = left
            .char_indices()
            .nth(columns)
            .map_or(left.len(), |(at, _)| at);
        let indent = left.len() - left.trim_start().len();
        let apart = left[indent..end].rfind("    ").map(|at| at + indent);
        let blank = apart
            .or_else(|| left[indent..end].rfind(' ').map(|at| at + indent))
            .or_else(|| left[end..].find(' ').map(|at| at + end));
        let Some(at) = blank else { break };
        lines.push(left[..at].trim_end().to_owned());
        left = left[at..].trim_start();
        columns = rest.max(16);
    }
    lines.push(left.to_owned());
    lines
}

fn notes(text: &mut String, report: &ApiReport, columns: usize, verbose: bool) {
    if report.notes.is_empty() {
        return;
    }
    let noun = if report.notes.len() == 1 {
        "note"
    } else {
        "notes"
    };
    let _ = writeln!(text, "\n Read with {} {noun}", report.notes.len());
    let mut note = |note: &Note, more: usize| {
        let word = format!("{}[{}]: ", note.severity.as_str(), note.code);
        let width = word.len() + 2;
        hanging(
            text,
            &format!("  {word}"),
            Indent(width, 8),
            &note.message,
            columns,
        );
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        if let Some(at) = &note.at {
            let _ = writeln!(text, "    {CYAN}-->{CYAN:#} {at}{more}");
        }
    };
    if verbose {
        report.notes.iter().for_each(|one| note(one, 0));
    } else {
        for (count, first) in report.counted_notes().into_values() {
            note(first, count - 1);
        }
    }
}

fn wrote(text: &mut String, report: &ApiReport) {
    if !matches!(
        report.status,
        Status::Wrote | Status::WouldWrite | Status::Drift | Status::Refused
    ) {
        return;
    }
    text.push('\n');
    if let (Some((from, to)), Some(because)) = (&report.release, &report.because) {
        let why = match report.bump {
            Bump::Breaking if from.starts_with("0.") => "   (0.x: breaking = minor)",
            _ => "",
        };
        word(
            text,
            "Semver",
            &format!("{from} → {to}   because {because}{why}"),
        );
    }
    if matches!(report.status, Status::Wrote | Status::WouldWrite) {
        let files = if report.wrote_pages == 1 {
            "file"
        } else {
            "files"
        };
        let names = if report.wrote_names {
            ", names.lock"
        } else {
            ""
        };
        let verb = if report.status == Status::Wrote {
            "Wrote"
        } else {
            "Would write"
        };
        word(
            text,
            verb,
            &format!(
                "specs/{}/pages ({} {files}){names}, specs.lock",
                report.api, report.wrote_pages
            ),
        );
    }
}

/// What is to be done now, once for all that was written.
fn next(text: &mut String, reports: &[ApiReport]) {
    if !reports.iter().any(|report| report.status == Status::Wrote) {
        return;
    }
    if reports.len() > 1 {
        text.push('\n');
    }
    word(text, "Next", "cargo insta test --review");
    for report in reports {
        if report.status == Status::Wrote && !report.changes.is_empty() {
            let _ = writeln!(
                text,
                "            changelog draft: specs/{}/CHANGES.md",
                report.api
            );
        }
    }
}

fn drift(report: &ApiReport) -> String {
    let breaking = report
        .changes
        .iter()
        .filter(|r| guard::is_breaking(&r.change))
        .count();
    match (report.status, report.changes.len()) {
        (Status::UpToDate, _) => format!("{} up to date", report.api),
        (_, 0) => format!("{} has a lock to write", report.api),
        (_, 1) => format!("{} 1 change ({breaking} breaking)", report.api),
        (_, changes) => format!("{} {changes} changes ({breaking} breaking)", report.api),
    }
}

/// A problem in rustc's look; `whose` where there is more than one API.
fn say(text: &mut String, problem: &Problem, whose: Option<&str>, columns: usize) {
    let (style, word) = match problem.severity {
        Severity::Error => (RED, "error"),
        Severity::Warning => (YELLOW, "warning"),
        Severity::Note => (GREEN, "note"),
    };
    let code = problem.code;
    let whose = whose.map_or_else(String::new, |api| format!("{api}: "));
    hanging(
        text,
        &format!("{style}{word}[{code}]{style:#}{BOLD}: "),
        Indent(word.len() + code.0.len() + 4, 11),
        &format!("{whose}{}", problem.message),
        columns,
    );
    let _ = text.pop();
    let _ = writeln!(text, "{BOLD:#}");
    if let Some(at) = &problem.at {
        let _ = writeln!(text, "  {CYAN}-->{CYAN:#} {at}");
    }
    for line in &problem.lines {
        hanging(
            text,
            &format!("   {CYAN}|{CYAN:#}  "),
            Indent(6, 10),
            line,
            columns,
        );
    }
    let label = |label: &str| format!("   {CYAN}={CYAN:#} {label}: ");
    if let Some(note) = &problem.note {
        hanging(text, &label("note"), Indent(11, 11), note, columns);
    }
    if let Some(help) = &problem.help {
        for (number, line) in help.lines().enumerate() {
            let before = if number == 0 {
                label("help")
            } else {
                blanks(11)
            };
            // Commands are copied.
            let columns = if line.starts_with("cargo ") {
                usize::MAX
            } else {
                columns
            };
            hanging(text, &before, Indent(11, 11), line, columns);
        }
    }
}

/// A problem alone, for those that come before any report.
pub fn problem(problem: &Problem, columns: usize) -> String {
    let mut text = String::new();
    say(&mut text, problem, None, columns);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_columns_part_first() {
        let cases: &[(&str, usize, &[&str])] = &[
            ("short", 20, &["short"]),
            (
                "one two three four five six",
                20,
                &["one two three four", "five six"],
            ),
            (
                "https://docs.acme.test/a/long/address.md    timed out",
                30,
                &["https://docs.acme.test/a/long/address.md", "timed out"],
            ),
            (
                "schema Pet.status: enum    i64 → f64",
                32,
                &["schema Pet.status: enum", "i64 → f64"],
            ),
            (
                "äöü äöü äöü äöü äöü äöü",
                16,
                &["äöü äöü äöü äöü", "äöü äöü"],
            ),
            ("", 16, &[""]),
        ];
        for (words, columns, lines) in cases {
            assert_eq!(wrapped(words, *columns, *columns), *lines, "{words}");
        }
    }
}
