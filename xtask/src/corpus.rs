//! `corpus`: every entry of a corpus of pages and documents through `openapi` and `export`.
//!
//! Each entry runs in a process of its own, so that a hang, an abort or a memory hog of one costs
//! nothing but that entry's row. The corpus is other people's text: it is read in place.

mod untyped;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow};
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};

use self::untyped::Untyped;
use crate::Failure;

/// Run every entry of the corpus through `openapi` and `export`, and print the figures.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The corpus; `SPECMINT_CORPUS` where it is not given.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Documentation sites made from documents, instead of a corpus: one folder each, holding `openapi.json` (what
    /// it was made from) and `manifest.json` (`form`, `failures`).
    #[arg(long, value_name = "DIR", conflicts_with = "dir")]
    sites: Option<PathBuf>,
    /// Only these entries: an id of INDEX.tsv, or a folder below `pages/`.
    #[arg(long, value_name = "ID")]
    only: Vec<String>,
    /// Run `cargo check` in every exported crate.
    #[arg(long)]
    check_crates: bool,
    /// Where to export to; kept for looking at.
    #[arg(long, value_name = "DIR", default_value = "target/corpus")]
    out: PathBuf,
    /// Write all figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the table as Markdown.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// No progress.
    #[arg(long)]
    quiet: bool,
}

/// What the page written by `--markdown` begins with.
const HEAD: &str = "\
# What goes in, and what comes out

Written by `cargo xtask corpus --markdown FILE`, with `--check-crates` for `docs/CORPUS.md` and with
`--sites DIR` for `docs/SITES.md`. The inputs are other people's documents and pages, read in place
and not part of this repository; the sites are made from the same documents, in each form of page and
by two converters. Fidelity is a scorer's judgement of the reconstructed document against the
original; *untyped values* are counted by walking the document and the public items of the crate side
by side. A crate checks if `cargo check` prints nothing at all.
";

/// An entry is given up after this long.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// One input of the corpus.
struct Entry {
    id: String,
    input: PathBuf,
    /// The document that the reconstruction is scored against, where there is one.
    original: Option<Original>,
    /// Not an API this tool takes: the right answer is a refusal.
    refusal: bool,
}

/// What a reconstruction is scored against.
struct Original {
    document: PathBuf,
    /// What the scorer should expect: the older form of pages loses some things by its nature.
    profile: &'static str,
}

/// What is read of a made site's `manifest.json`.
#[derive(Deserialize)]
struct Manifest {
    form: String,
    failures: Vec<NoPage>,
}

/// An operation for which the site has no page.
#[derive(Deserialize)]
struct NoPage {
    path: String,
    method: String,
}

/// The row of one entry.
#[derive(Serialize)]
struct Row {
    id: String,
    exported: bool,
    refusal_wanted: bool,
    operations: u64,
    generated: u64,
    approximated: u64,
    skipped: u64,
    seconds: f64,
    peak_mib: Option<u64>,
    lines: u64,
    fidelity: Option<Fidelity>,
    untyped: Option<Untyped>,
    checks: Option<bool>,
    check_seconds: Option<f64>,
    /// The first diagnostic of whatever failed.
    failure: Option<String>,
    /// Why operations are not simply generated: code, and where the first of each is.
    reasons: Vec<Reason>,
}

/// An operation that is approximated or skipped.
#[derive(Clone, Debug, Serialize)]
struct Reason {
    operation: String,
    status: String,
    code: String,
    at: String,
}

#[derive(Clone, Copy, Serialize)]
struct Fidelity {
    profile: &'static str,
    recall: f64,
    precision: f64,
}

impl Fidelity {
    /// Whether the reconstruction says what the original does, as far as pages of its form can.
    fn is_met(&self) -> bool {
        let (recall, precision) = if self.profile == ENDPOINT {
            (0.99, 0.98)
        } else {
            (0.999, 0.999)
        };
        self.recall >= recall && self.precision >= precision
    }
}

/// The profile of the older form of pages.
const ENDPOINT: &str = "endpoint";
/// The profile of documents, and of pages that hold one.
const OPENAPI: &str = "openapi";

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let dir = match (&args.dir, std::env::var_os("SPECMINT_CORPUS")) {
        (Some(dir), _) => dir.clone(),
        (None, Some(dir)) => PathBuf::from(dir),
        (None, None) if args.sites.is_some() => PathBuf::new(),
        (None, None) => {
            return Err(Failure::Usage(anyhow!(
                "no corpus: set SPECMINT_CORPUS or give --dir; nothing was run"
            )));
        }
    };
    fs::create_dir_all(&args.out)?;
    let out = fs::canonicalize(&args.out)?;
    let mut entries = match &args.sites {
        Some(sites) => made_sites(sites, &out)?,
        None => corpus_entries(&dir)?,
    };
    if !args.only.is_empty() {
        entries.retain(|e| {
            args.only
                .iter()
                .any(|id| *id == e.id || format!("pages/{id}") == e.id)
        });
    }
    let scorer = scorer(&dir);

    let bar = ProgressBar::new(entries.len() as u64).with_style(ProgressStyle::with_template(
        "{bar:24} {pos}/{len} {msg} ({elapsed})",
    )?);
    let plain = args.quiet || bar.is_hidden();
    let mut rows = Vec::new();
    for entry in &entries {
        bar.set_message(entry.id.clone());
        let row = measure(entry, &out, scorer.as_deref(), args.check_crates)?;
        if plain && !args.quiet {
            anstream::eprintln!("{}", line(&row));
        }
        rows.push(row);
        bar.inc(1);
    }
    bar.finish_and_clear();

    let section = match args.sites {
        Some(_) => "Documentation sites made from documents",
        None => "The corpus",
    };
    let text = format!("## {section}\n\n{}", table(&rows));
    anstream::println!("{}", text.trim_end());
    if let Some(file) = &args.json {
        fs::write(file, serde_json::to_string_pretty(&rows)?)?;
    }
    if let Some(file) = &args.markdown {
        fs::write(file, format!("{HEAD}\n{}\n", text.trim_end()))?;
    }
    Ok(())
}

/// Every `spec` row of INDEX.tsv and every folder of `pages/`.
fn corpus_entries(dir: &Path) -> Result<Vec<Entry>, Failure> {
    let index = dir.join("INDEX.tsv");
    let text = fs::read_to_string(&index)
        .with_context(|| format!("`{}` is no corpus", dir.display()))
        .map_err(Failure::Usage)?;
    let mut entries = Vec::new();
    for row in text.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [id, "spec", path, _, _, version, ..] = cells[..] else {
            continue;
        };
        entries.push(Entry {
            id: id.to_owned(),
            input: dir.join(path),
            original: Some(Original {
                document: dir.join(path),
                profile: OPENAPI,
            }),
            refusal: !is_supported(version),
        });
    }
    let mut sites: Vec<PathBuf> = fs::read_dir(dir.join("pages"))?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    sites.sort();
    for input in sites.into_iter().filter(|path| path.is_dir()) {
        let name = input
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        entries.push(Entry {
            id: format!("pages/{name}"),
            refusal: name == "negative",
            original: None,
            input,
        });
    }
    Ok(entries)
}

/// Every made site of a folder. Operations without a page are taken out of what it is scored
/// against.
fn made_sites(dir: &Path, out: &Path) -> Result<Vec<Entry>, Failure> {
    let mut sites: Vec<PathBuf> = fs::read_dir(dir)
        .with_context(|| format!("no folder `{}`", dir.display()))
        .map_err(Failure::Usage)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    sites.retain(|site| site.join("manifest.json").is_file());
    sites.sort();
    let mut entries = Vec::new();
    for input in sites {
        let manifest: Manifest =
            serde_json::from_str(&fs::read_to_string(input.join("manifest.json"))?)?;
        let id = input
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let mut document = input.join("openapi.json");
        let endpoint = manifest.form == ENDPOINT;
        let mut whole: serde_json::Value = serde_json::from_str(&fs::read_to_string(&document)?)?;
        // A page of the older form doesn't say the version, and one of the other form does.
        let version = whole["openapi"].as_str().unwrap_or_default();
        let refusal = !endpoint && !is_supported(version);
        let mut changed = false;
        for NoPage { path, method } in &manifest.failures {
            for section in ["paths", "webhooks"] {
                let item = whole.get_mut(section).and_then(|items| items.get_mut(path));
                if let Some(item) = item.and_then(serde_json::Value::as_object_mut) {
                    changed |= item.remove(method).is_some();
                }
            }
        }
        // Pages of the other form say that there is a webhook, and nothing of it.
        if let Some(root) = whole.as_object_mut().filter(|_| !endpoint) {
            changed |= root.remove("webhooks").is_some();
        }
        if changed {
            document = out.join(format!("{id}.original.json"));
            fs::write(&document, serde_json::to_string(&whole)?)?;
        }
        let profile = if endpoint { ENDPOINT } else { OPENAPI };
        entries.push(Entry {
            id,
            input,
            original: Some(Original { document, profile }),
            refusal,
        });
    }
    Ok(entries)
}

fn is_supported(version: &str) -> bool {
    version.starts_with("3.0") || version.starts_with("3.1")
}

/// The script that scores a reconstruction, where it stands beside the corpus.
fn scorer(dir: &Path) -> Option<PathBuf> {
    let script = dir.join("../tools/fidelity.py");
    script.is_file().then_some(script)
}

fn measure(entry: &Entry, out: &Path, scorer: Option<&Path>, check: bool) -> Result<Row, Failure> {
    let home = out.join(entry.id.replace('/', "-"));
    let crate_dir = home.join("crate");
    // A crate left over from another run must not pass for this one's.
    if home.exists() {
        fs::remove_dir_all(&home)?;
    }
    fs::create_dir_all(&home)?;
    let report = home.join("report.json");
    let document = home.join("openapi.json");
    let name = entry.id.replace(['/', '.'], "-").to_lowercase();
    let name = format!("{name}-client");

    let mut export = Command::new(std::env::current_exe()?);
    export
        .arg("export")
        .arg("--input")
        .arg(&entry.input)
        .arg("--out")
        .arg(&crate_dir);
    export
        .args(["--name", &name])
        .arg("--report")
        .arg(&report)
        .arg("--quiet");
    let run = limited(&mut export, &home.join("export.stderr"))?;

    let mut row = Row {
        id: entry.id.clone(),
        exported: run.success,
        refusal_wanted: entry.refusal,
        operations: 0,
        generated: 0,
        approximated: 0,
        skipped: 0,
        seconds: run.seconds,
        peak_mib: run.peak_mib,
        lines: count_lines(&crate_dir.join("src")),
        fidelity: None,
        untyped: None,
        checks: None,
        check_seconds: None,
        failure: (!run.success).then(|| run.first_line.clone()),
        reasons: Vec::new(),
    };
    if let Ok(text) = fs::read_to_string(&report) {
        let report: serde_json::Value = serde_json::from_str(&text)?;
        let total = |key: &str| report["totals"][key].as_u64().unwrap_or_default();
        row.operations = total("input_operations");
        row.generated = total("generated");
        row.approximated = total("approximated");
        row.skipped = total("skipped");
        row.reasons = reasons(&report);
    }
    if run.success {
        let mut openapi = Command::new(std::env::current_exe()?);
        openapi
            .arg("openapi")
            .arg("--input")
            .arg(&entry.input)
            .arg("--out")
            .arg(&document);
        openapi.arg("--quiet");
        limited(&mut openapi, &home.join("openapi.stderr"))?;
        row.fidelity = scorer
            .zip(entry.original.as_ref())
            .and_then(|(script, original)| score(script, original, &document, &home));
        let untyped = untyped::of(&crate_dir, &document)?;
        fs::write(home.join("untyped.txt"), untyped.weaker.join("\n"))?;
        row.untyped = Some(untyped);
    }
    if check && run.success {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .args(["check", "--quiet", "--offline", "--message-format", "short"])
            .current_dir(&crate_dir)
            .env("CARGO_TARGET_DIR", out.join("target"));
        let begun = Instant::now();
        let output = cargo.stdin(Stdio::null()).output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        fs::write(home.join("check.stderr"), &said)?;
        row.checks = Some(output.status.success() && said.trim().is_empty());
        row.check_seconds = Some(begun.elapsed().as_secs_f64());
        if row.checks == Some(false) {
            row.failure = said
                .lines()
                .find(|l| l.contains("error") || l.contains("warning"))
                .map(str::to_owned);
        }
    }
    Ok(row)
}

/// What the report says of operations that are not simply generated.
fn reasons(report: &serde_json::Value) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let text = |node: &serde_json::Value| node.as_str().unwrap_or_default().to_owned();
    for operation in report["operations"].as_array().into_iter().flatten() {
        if operation["status"] == "generated" {
            continue;
        }
        let notes = operation["notes"].as_array().into_iter().flatten();
        for note in notes.filter(|note| note["severity"] != "note") {
            let (method, path) = (text(&operation["method"]), text(&operation["path"]));
            reasons.push(Reason {
                operation: format!("{method} {path}"),
                status: text(&operation["status"]),
                code: text(&note["code"]),
                at: text(&note["at"]),
            });
        }
    }
    reasons
}

/// How a process of ours went.
struct Run {
    success: bool,
    seconds: f64,
    peak_mib: Option<u64>,
    first_line: String,
}

/// Runs a process within [`TIME_LIMIT`], watching its memory where the system tells it.
fn limited(command: &mut Command, stderr: &Path) -> Result<Run, Failure> {
    let begun = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs::File::create(stderr)?)
        .spawn()?;
    let mut peak_mib = None;
    let status = loop {
        peak_mib = peak(child.id()).max(peak_mib);
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if begun.elapsed() > TIME_LIMIT {
            child.kill()?;
            child.wait()?;
            break None;
        }
        thread::sleep(Duration::from_millis(5));
    };
    let said = fs::read_to_string(stderr)?;
    let first_line = match status {
        None => format!("took over {} s", TIME_LIMIT.as_secs()),
        Some(status) => said
            .lines()
            .find(|line| line.starts_with("error"))
            .map_or_else(|| format!("{status}, and said nothing"), str::to_owned),
    };
    Ok(Run {
        success: status.is_some_and(|status| status.success()),
        seconds: begun.elapsed().as_secs_f64(),
        peak_mib,
        first_line,
    })
}

/// The most memory the process has used so far, where the system tells it.
fn peak(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? / 1024)
}

fn score(script: &Path, original: &Original, made: &Path, home: &Path) -> Option<Fidelity> {
    let json = home.join("fidelity.json");
    let done = Command::new("python3")
        .arg(script)
        .args([original.document.as_path(), made])
        .args(["--profile", original.profile])
        .arg("--json")
        .arg(&json)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    fs::write(home.join("fidelity.txt"), &done.stdout).ok()?;
    let value: serde_json::Value = serde_json::from_str(&fs::read_to_string(json).ok()?).ok()?;
    let headline = &value["headline"];
    Some(Fidelity {
        profile: original.profile,
        recall: headline["recall"].as_f64()?,
        precision: headline["precision"].as_f64()?,
    })
}

fn count_lines(dir: &Path) -> u64 {
    let Ok(files) = fs::read_dir(dir) else {
        return 0;
    };
    files
        .flatten()
        .map(|entry| {
            let path = entry.path();
            if path.is_dir() {
                count_lines(&path)
            } else {
                fs::read_to_string(path).map_or(0, |text| text.lines().count() as u64)
            }
        })
        .sum()
}

fn line(row: &Row) -> String {
    let fidelity = row.fidelity.map_or(String::new(), |f| {
        format!(
            " fidelity {:.2}/{:.2}",
            100.0 * f.recall,
            100.0 * f.precision
        )
    });
    let checks = match row.checks {
        Some(true) => " checks",
        Some(false) => " DOES NOT CHECK",
        None => "",
    };
    format!(
        "{}: {} {}+{}/{} in {:.1} s{fidelity}{checks}{}",
        row.id,
        if row.exported {
            "exported"
        } else {
            "not exported"
        },
        row.generated,
        row.approximated,
        row.operations,
        row.seconds,
        row.failure
            .as_ref()
            .map_or(String::new(), |f| format!(": {f}")),
    )
}

/// The figures, as Markdown.
fn table(rows: &[Row]) -> String {
    let (refused, wanted): (Vec<&Row>, Vec<&Row>) =
        rows.iter().partition(|row: &&Row| row.refusal_wanted);
    let sum = |pick: fn(&Row) -> u64| wanted.iter().map(|row| pick(row)).sum::<u64>();
    let operations = sum(|r| r.operations);
    let callable = sum(|r| r.generated) + sum(|r| r.approximated);
    let checked: Vec<bool> = wanted.iter().filter_map(|row| row.checks).collect();
    let scored: Vec<Fidelity> = wanted.iter().filter_map(|row| row.fidelity).collect();
    let share = |part: u64| {
        #[expect(clippy::cast_precision_loss, reason = "a percentage of some thousands")]
        let percent = if operations == 0 {
            0.0
        } else {
            100.0 * part as f64 / operations as f64
        };
        format!("{part} of {operations} ({percent:.2} %)")
    };
    let mut text = String::from("| figure | value |\n|---|---|\n");
    let mut add = |figure: &str, value: String| text.push_str(&format!("| {figure} | {value} |\n"));
    add(
        "inputs exported",
        format!(
            "{} of {}",
            wanted.iter().filter(|r| r.exported).count(),
            wanted.len()
        ),
    );
    add(
        "refused as they should be",
        format!(
            "{} of {}",
            refused.iter().filter(|r| !r.exported).count(),
            refused.len()
        ),
    );
    add("operations callable", share(callable));
    add("operations generated", share(sum(|r| r.generated)));
    if !checked.is_empty() {
        add(
            "crates that check",
            format!(
                "{} of {}",
                checked.iter().filter(|ok| **ok).count(),
                checked.len()
            ),
        );
    }
    for (profile, figure) in [
        (OPENAPI, "fidelity of documents and their pages ≥ 99.9 %"),
        (
            ENDPOINT,
            "fidelity of endpoint pages: recall ≥ 99 %, precision ≥ 98 %",
        ),
    ] {
        let of: Vec<&Fidelity> = scored.iter().filter(|f| f.profile == profile).collect();
        if !of.is_empty() {
            let met = of.iter().filter(|f| f.is_met()).count();
            add(figure, format!("{met} of {}", of.len()));
        }
    }

    let untyped: Vec<&Untyped> = wanted
        .iter()
        .filter_map(|row| row.untyped.as_ref())
        .collect();
    add(
        "untyped values: `Value`, bytes or `String` where the document says more",
        format!(
            "{} of {} places compared; {} more are texts of one documented value",
            untyped.iter().map(|u| u.weaker.len()).sum::<usize>(),
            untyped.iter().map(|u| u.compared).sum::<u64>(),
            untyped.iter().map(|u| u.constants).sum::<u64>(),
        ),
    );

    text.push_str("\n| input | operations | generated | approximated | skipped | untyped | recall | precision | lines | export s | peak MiB | check s |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for row in rows {
        let percent =
            |value: Option<f64>| value.map_or(String::new(), |v| format!("{:.2}", 100.0 * v));
        text.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {:.1} | {} | {} |\n",
            row.id,
            row.operations,
            row.generated,
            row.approximated,
            row.skipped,
            row.untyped
                .as_ref()
                .map_or(String::new(), |u| u.weaker.len().to_string()),
            percent(row.fidelity.map(|f| f.recall)),
            percent(row.fidelity.map(|f| f.precision)),
            row.lines,
            row.seconds,
            row.peak_mib.map_or(String::new(), |m| m.to_string()),
            row.check_seconds
                .map_or(String::new(), |s| format!("{s:.1}")),
        ));
    }

    let mut by_code: BTreeMap<(&str, &str), (usize, Vec<String>)> = BTreeMap::new();
    for (row, reason) in wanted
        .iter()
        .flat_map(|row| row.reasons.iter().map(move |reason| (row, reason)))
    {
        let (count, places) = by_code.entry((&reason.code, &reason.status)).or_default();
        *count += 1;
        let place = format!("`{}` ({})", reason.at, row.id);
        if places.len() < 3 && !places.contains(&place) {
            places.push(place);
        }
    }
    if !by_code.is_empty() {
        text.push_str("\nWhat the operations not simply generated have to say; `cargo xtask explain --code CODE` says what it means:\n\n");
        text.push_str("| code | operations are | times | for example at |\n|---|---|---|---|\n");
        for ((code, status), (count, places)) in by_code {
            let places = places.join(", ");
            text.push_str(&format!("| {code} | {status} | {count} | {places} |\n"));
        }
    }

    let mut failures: BTreeMap<&str, &str> = BTreeMap::new();
    for row in rows {
        if let Some(failure) = &row.failure {
            failures.insert(&row.id, failure);
        }
    }
    if !failures.is_empty() {
        text.push_str("\nWhat stopped the others:\n\n");
        for (id, failure) in failures {
            text.push_str(&format!("- `{id}`: {failure}\n"));
        }
    }
    text
}
