//! The report for people: what cargo's look would be. Colours are in the text and are taken out by
//! whoever prints it where they don't belong.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use specmint_spec::diag::Severity;

use super::{ApiReport, Bump, Counts, Reported, Status, subject};
use crate::{guard, problem::Problem, run::Exit};

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
        if !matches!(report.status, Status::Failed | Status::Misconfigured) {
            let took = format!("{:.1}s", report.took.as_secs_f64());
            let counts = counted(report.counts);
            word(
                &mut results,
                "Checked",
                &format!("{:width$}  {counts}  {took}", report.api),
            );
        }
    }
    for report in reports {
        changes(&mut results, report, columns, verbose);
        for problem in &report.problems {
            // Without `-v`, notes of one kind and place are enough once.
            say(&mut problems, problem);
        }
        wrote(&mut results, report);
    }
    let drifting: Vec<String> = reports.iter().map(drift).collect();
    if exit == Exit::Drift {
        let _ = writeln!(results, "drift: {}", drifting.join(", "));
        say(
            &mut problems,
            &Problem::error(crate::codes::DRIFT, "committed specs are behind upstream")
                .help("run the same command without `--check`"),
        );
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
    if report.status == Status::UpToDate || nothing && report.versions.0.is_some() && !verbose {
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
            let _ = write!(text, "  {new}, {} operations", report.operations.1);
        }
        _ => {}
    }
    text.push_str("\n\n");
    for ((title, changes), style) in report
        .groups()
        .into_iter()
        .zip([RED, YELLOW, YELLOW, GREEN])
    {
        if changes.is_empty() && !(title == "COMPATIBLE" && report.descriptions > 0) {
            continue;
        }
        let _ = writeln!(text, " {style}{title}{style:#}");
        let most = if verbose { usize::MAX } else { 40 };
        for reported in changes.iter().take(most) {
            change(text, reported, columns);
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
    notes(text, report, verbose);
}

/// One change: fingerprint, operation, place and what; what else there is to say below.
fn change(text: &mut String, reported: &Reported, columns: usize) {
    let change = &reported.change;
    let place = if change.place.is_empty() {
        String::new()
    } else {
        format!("{}: ", change.place)
    };
    let mut body = format!("{:22} {place}{}", subject(change), change.what);
    let mut below = Vec::new();
    if let Some(types) = &change.rust_types {
        if 16 + body.chars().count() + types.chars().count() + 4 <= columns {
            let _ = write!(body, "    {types}");
        } else {
            below.push(types.clone());
        }
    }
    let rust = change.rule.rust.as_str();
    let symbol = change.symbol.as_deref().unwrap_or("the API");
    let page = reported.at.as_deref().unwrap_or_default();
    below.push(format!("rust: {rust}, {symbol}    {page}"));
    for (number, line) in wrapped(&body, columns.saturating_sub(16))
        .into_iter()
        .enumerate()
    {
        if number == 0 {
            let _ = writeln!(text, "  {CYAN}{}{CYAN:#}  {line}", change.id);
        } else {
            let _ = writeln!(text, "                {line}");
        }
    }
    if guard::is_breaking(change) {
        for line in below
            .iter()
            .flat_map(|line| wrapped(line, columns.saturating_sub(16)))
        {
            let _ = writeln!(text, "                {line}");
        }
    }
}

/// Lines of so many columns, broken at blanks where that can be.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(24);
    let mut lines = Vec::new();
    let mut rest = text.trim_end();
    while rest.chars().count() > columns {
        let end = rest
            .char_indices()
            .nth(columns)
            .map_or(rest.len(), |(at, _)| at);
        let at = rest[..end]
            .rfind(' ')
            .filter(|at| *at > end / 2)
            .unwrap_or(end);
        lines.push(rest[..at].trim_end().to_owned());
        rest = rest[at..].trim_start();
    }
    lines.push(rest.to_owned());
    lines
}

fn notes(text: &mut String, report: &ApiReport, verbose: bool) {
    if report.notes.is_empty() {
        return;
    }
    let noun = if report.notes.len() == 1 {
        "note"
    } else {
        "notes"
    };
    let _ = writeln!(text, "\n Read with {} {noun}", report.notes.len());
    if verbose {
        for note in &report.notes {
            let _ = writeln!(
                text,
                "  {}[{}]: {} ({})",
                note.severity.as_str(),
                note.code,
                note.message,
                note.at.as_deref().unwrap_or("-")
            );
        }
        return;
    }
    for (code, (count, note)) in report.counted_notes() {
        let times = if count > 1 {
            format!(", {count} times")
        } else {
            String::new()
        };
        let _ = writeln!(
            text,
            "  {}[{code}]: {} ({}{times})",
            note.severity.as_str(),
            note.message,
            note.at.as_deref().unwrap_or("-")
        );
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
    if report.status == Status::Wrote {
        word(text, "Next", "cargo insta test --review");
        if !report.changes.is_empty() {
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

/// A problem in rustc's look.
fn say(text: &mut String, problem: &Problem) {
    let (style, word) = match problem.severity {
        Severity::Error => (RED, "error"),
        Severity::Warning => (YELLOW, "warning"),
        Severity::Note => (GREEN, "note"),
    };
    let _ = writeln!(
        text,
        "{style}{word}[{}]{style:#}{BOLD}: {}{BOLD:#}",
        problem.code, problem.message
    );
    if let Some(at) = &problem.at {
        let _ = writeln!(text, "  {CYAN}-->{CYAN:#} {at}");
    }
    for line in &problem.lines {
        let _ = writeln!(text, "   {CYAN}|{CYAN:#}  {line}");
    }
    if let Some(note) = &problem.note {
        let _ = writeln!(text, "   {CYAN}={CYAN:#} note: {note}");
    }
    if let Some(help) = &problem.help {
        for (number, line) in help.lines().enumerate() {
            if number == 0 {
                let _ = writeln!(text, "   {CYAN}={CYAN:#} help: {line}");
            } else {
                let _ = writeln!(text, "           {line}");
            }
        }
    }
}

/// A problem alone, for those that come before any report.
pub fn problem(problem: &Problem) -> String {
    let mut text = String::new();
    say(&mut text, problem);
    text
}
