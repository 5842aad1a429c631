//! The figures as a page.

use std::{fmt::Write as _, time::Duration};

use super::{
    Row, calling,
    growth::Point,
    process::{Measured, version},
    reading,
    sync::{AWAY, PAGES, RUNS_AWAY, Took},
};

/// Writes the page.
pub(crate) fn write(
    runs: usize,
    checks: usize,
    rows: &[Row],
    growth: &[Point],
    unchanged: Option<bool>,
) -> String {
    let mut out = String::from(
        "# Benchmarks\n\n\
         Written by `cargo xtask bench`. A ratio is ours divided by theirs, in one run on one \
         machine: below one is better. Times are wall time of whole processes; start, reading and \
         writing count. Memory is the largest resident set.\n\n",
    );
    let _ = writeln!(
        out,
        "Medians of {runs} runs, of `cargo check` {checks}.\n\n{}\n",
        machine()
    );
    out.push_str("## Writing\n\n");
    out.push_str(
        "`progenitor` is `cargo progenitor` on the document that our own stages give it (in its \
         usual, positional style, which is the shorter one); `openapi-to-rust` reads the same \
         document as we do.\n\n\
         | document | operations | export | busy | ÷ progenitor (≤ 1.2) | ÷ openapi-to-rust (≤ 1.0) | \
         memory | ÷ input (≤ 60) | lines | ÷ openapi-to-rust (≤ 0.5) |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for row in rows {
        let alone = ratio(row.progenitor.map(|it| seconds(row.export) / seconds(it)));
        let mark = if row.without_enums { "\\*" } else { "" };
        let other = row.other.as_ref();
        let _ = writeln!(
            out,
            "| {} | {} | {:.2} s | {:.2} s | {alone}{mark} | {} | {} | {:.0}× | {} | {} |",
            row.name,
            row.operations,
            seconds(row.export),
            row.export.busy.as_secs_f64(),
            ratio(other.map(|(it, _)| seconds(row.export) / seconds(*it))),
            mebibytes(row.export.memory),
            float(row.export.memory) / float(row.bytes),
            row.lines,
            ratio(other.map(|(_, lines)| count(row.lines) / count(*lines))),
        );
    }
    if rows.iter().any(|row| row.without_enums) {
        out.push_str(
            "\n\\* Without the document's lists of values: progenitor alone panics where two of them \
             become one Rust name. We print those types ourselves.\n",
        );
    }
    out.push_str("\n## Checking\n\n");
    out.push_str(
        "`cargo check` of the exported crate, dependencies built, without incremental \
         compilation.\n\n\
         | document | wall | openapi-to-rust | ratio (≤ 0.5) | memory | openapi-to-rust | ratio (≤ 0.3) |\n\
         |---|--:|--:|--:|--:|--:|--:|\n",
    );
    for row in rows {
        let (Some(ours), theirs) = (row.check, row.other_check) else {
            let _ = writeln!(out, "| {} | – | – | – | – | – | – |", row.name);
            continue;
        };
        let _ = writeln!(
            out,
            "| {} | {:.1} s | {} | {} | {} | {} | {} |",
            row.name,
            seconds(ours),
            theirs.map_or_else(|| "fails".to_owned(), |it| format!("{:.1} s", seconds(it))),
            ratio(theirs.map(|it| seconds(ours) / seconds(it))),
            mebibytes(ours.memory),
            theirs.map_or_else(|| "–".to_owned(), |it| mebibytes(it.memory)),
            ratio(theirs.map(|it| float(ours.memory) / float(it.memory))),
        );
    }
    if let Some(unchanged) = unchanged {
        let _ = writeln!(
            out,
            "\nWith nothing changed, the build script of this crate {}.",
            if unchanged {
                "does not run"
            } else {
                "runs: a defect"
            }
        );
    }
    out.push_str(
        "\n## Growth\n\n\
         Documents written for this, each operation with parameters, a body or none, an answer and \
         an error; every second one with types of its own.\n\n\
         | operations | document | export | per operation | memory | ÷ document | lines |\n\
         |--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for point in growth {
        let _ = writeln!(
            out,
            "| {} | {} KiB | {:.3} s | {:.2} ms | {} | {:.0}× | {} |",
            point.operations,
            point.bytes / 1024,
            seconds(point.export),
            seconds(point.export) * 1000.0 / count(point.operations),
            mebibytes(point.export.memory),
            float(point.export.memory) / count(point.bytes),
            point.lines,
        );
    }
    out
}

/// The section about calls.
pub(crate) fn calling(took: &calling::Took) -> String {
    let us = |it: Duration| it.as_secs_f64() * 1e6;
    let ratio = |to: Duration| took.generated.as_secs_f64() / to.as_secs_f64();
    format!(
        "{CALLING}\n\nOne call over loopback: a path and a query parameter, a JSON body, a JSON answer \
         read into the same type. `cargo bench --package specmint-client --bench call`, medians.\n\n\
         | call | time | generated ÷ it (≤ 1.05) |\n|---|--:|--:|\n\
         | generated | {:.1} µs | |\n\
         | by hand over reqwest | {:.1} µs | {:.2} |\n\
         | by hand, with the time limit and the headers of every generated call | {:.1} µs | {:.2} |\n",
        us(took.generated),
        us(took.by_hand),
        ratio(took.by_hand),
        us(took.alike),
        ratio(took.alike),
    )
}

/// The section about `sync-specs`.
pub(crate) fn sync(runs: usize, took: &Took) -> String {
    let away = AWAY.as_millis();
    let mut out = format!(
        "{SYNC}\n\n`cargo xtask sync-specs` on a site of {PAGES} pages, 4 requests at a time, beside \
         `curl --parallel --parallel-max 4` of the same addresses, taking turns, each run into a folder \
         of its own. Over loopback a site answers at once, so that only work is measured (medians of \
         {runs} runs); a real one is some {away} ms away, and so is the second one here (medians of \
         {RUNS_AWAY}).\n\n\
         | site | what | time | busy | ratio |\n|---|---|--:|--:|--:|\n"
    );
    let away = format!("{away} ms away");
    // Asking whether a page changed takes as long as having it, where the way is what takes time.
    for (site, took, [of_first, of_again]) in [
        ("at once", &took.near, [" (≤ 1.3)", " (≤ 0.5)"]),
        (&away, &took.away, ["", ""]),
    ] {
        let mut row = |what: &str, it: Measured, ratio: String| {
            let (wall, busy) = (it.wall.as_millis(), it.busy.as_millis());
            let _ = writeln!(out, "| {site} | {what} | {wall} ms | {busy} ms | {ratio} |");
        };
        let of_curl = |it: Measured| ratio(took.curl.map(|curl| seconds(it) / seconds(curl)));
        if let Some(curl) = took.curl {
            row("curl", curl, "–".to_owned());
        }
        if let Some(durable) = took.durable {
            let what = "curl, then `sync --data` of its files";
            row(what, durable, format!("{} of curl", of_curl(durable)));
        }
        let first = format!("{} of curl{of_first}", of_curl(took.first));
        row("first sync", took.first, first);
        let again = seconds(took.again) / seconds(took.first);
        let again = format!("{again:.2} of the first{of_again}");
        row("again, nothing changed", took.again, again);
    }
    out
}

/// The section about reading.
pub(crate) fn reading(rows: &[reading::Took]) -> String {
    let mut out = format!(
        "{READING}\n\nPages to lowered document, beside the YAML parser's events alone over the same \
         fenced bytes on one thread. Medians of {} runs within one process, taking turns. The first site is \
         written for this: each page carries its own copy of the components it refers to.\n\n\
         | site | pages | fenced | parser | reading | ÷ parser (≤ 1.5) | one page changed | ÷ reading (≤ 0.5) | behind the pages |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        reading::RUNS
    );
    let ms = |it: std::time::Duration| it.as_secs_f64() * 1000.0;
    for row in rows {
        let _ = writeln!(
            out,
            "| {} | {} | {} KiB | {:.1} ms | {:.1} ms | {:.2} | {:.1} ms | {:.2} | {:.2} |",
            row.name,
            row.pages,
            row.bytes / 1024,
            ms(row.parser),
            ms(row.cold),
            ms(row.cold) / ms(row.parser),
            ms(row.changed),
            ms(row.changed) / ms(row.cold),
            (ms(row.cold) - ms(row.extract)) / ms(row.cold),
        );
    }
    out.push_str(
        "\nNothing is kept from one run to the next. The last column is the share of reading that \
         begins when all pages are read and parsed: what is left even where keeping them costs nothing.\n",
    );
    out
}

/// A page with one section replaced, or added at its end.
pub(crate) fn replaced(page: &str, section: &str) -> String {
    let heading = section.lines().next().unwrap_or_default();
    let Some(begin) = page.find(heading) else {
        return format!("{}\n\n{section}", page.trim_end());
    };
    let rest = &page[begin + heading.len()..];
    let end = rest.find("\n## ").map_or("", |end| &rest[end..]);
    format!("{}{section}{end}", &page[..begin])
}

const CALLING: &str = "## Calling";
const READING: &str = "## Reading";
const SYNC: &str = "## Keeping step";

/// The machine and the versions.
fn machine() -> String {
    let mut lines = Vec::new();
    let file = |path| std::fs::read_to_string(path).unwrap_or_default();
    let after = |text: &str, key: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(key))
            .map(|line| line.trim_start_matches([' ', '\t', ':']).to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let processor = after(&file("/proc/cpuinfo"), "model name");
    lines.push(format!(
        "- {}, {cores} cores{}",
        processor.unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
        after(&file("/proc/meminfo"), "MemTotal")
            .map(|memory| format!(", {memory} of memory"))
            .unwrap_or_default()
    ));
    for program in ["rustc", "openapi-to-rust"] {
        if let Some(version) = version(program) {
            lines.push(format!("- {version}"));
        }
    }
    lines.push("- progenitor 0.15.1".to_owned());
    lines.join("\n")
}

fn seconds(measured: Measured) -> f64 {
    measured.wall.as_secs_f64()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sizes of files and memory are far below 2^52"
)]
fn float(bytes: u64) -> f64 {
    bytes as f64
}

fn count(things: usize) -> f64 {
    float(things as u64)
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

fn ratio(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"))
}
