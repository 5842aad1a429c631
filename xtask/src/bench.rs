//! `bench`: what generating and checking cost, beside the tools that do the same.
//!
//! Every figure is a ratio of two numbers of one run on one machine. A reference that is not
//! installed is named as missing and skipped. Both sides run as processes of their own, so that
//! start, reading and writing count, and the peak of the memory can be taken; only reading, which
//! is over before a process has begun, is measured within this one.

mod calling;
mod growth;
mod page;
mod process;
mod reading;
mod sync;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, anyhow};

use crate::Failure;
use process::{Measured, installed, median};

/// Measure generating and checking against other generators.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Documents to measure; otherwise the largest of the corpus (`SPECMINT_CORPUS`).
    #[arg(long, value_name = "FILE")]
    input: Vec<PathBuf>,
    /// How many documents of the corpus.
    #[arg(long, default_value_t = 4)]
    documents: usize,
    /// How often each thing is done; the median counts.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// How often a crate is checked; the median counts.
    #[arg(long, default_value_t = 3)]
    checks: usize,
    /// Leave out `cargo check` of the crates.
    #[arg(long)]
    no_checks: bool,
    /// Measure this alone, and replace its section of the page.
    #[arg(long, value_enum)]
    only: Option<Only>,
    /// Where to work; crates and targets stay there.
    #[arg(long, value_name = "DIR", default_value = "target/bench")]
    dir: PathBuf,
    /// Where to write the figures.
    #[arg(long, value_name = "FILE", default_value = "docs/BENCHMARKS.md")]
    out: PathBuf,
}

/// What has a section of its own.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Only {
    /// One call.
    Calling,
    /// Pages to lowered document.
    Reading,
    /// `sync-specs`.
    Sync,
}

/// What one document cost.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) bytes: u64,
    pub(crate) operations: usize,
    pub(crate) export: Measured,
    pub(crate) lines: usize,
    /// `cargo progenitor` on the fitted document.
    pub(crate) progenitor: Option<Measured>,
    /// Whether that document had to lose its lists of values, for progenitor alone can't tell
    /// apart values that differ in case or in a sign.
    pub(crate) without_enums: bool,
    /// `openapi-to-rust`, and its lines.
    pub(crate) other: Option<(Measured, usize)>,
    pub(crate) check: Option<Measured>,
    pub(crate) other_check: Option<Measured>,
}

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    if args.runs == 0 || args.checks == 0 {
        return Err(Failure::Usage(anyhow!("nothing is measured in no runs")));
    }
    fs::create_dir_all(&args.dir)?;
    let dir = fs::canonicalize(&args.dir)?;
    if let Some(only) = args.only {
        let section = match only {
            Only::Calling => page::calling(&calling::measure(&dir)?),
            Only::Reading => page::reading(&reading::measure()),
            Only::Sync => page::sync(args.runs, &sync::measure(&dir, args.runs)?),
        };
        let text = fs::read_to_string(&args.out).unwrap_or_default();
        fs::write(&args.out, page::replaced(&text, &section))?;
        anstream::eprintln!("wrote {}", args.out.display());
        return Ok(());
    }
    let inputs = inputs(args)?;
    let progenitor = installed("cargo-progenitor");
    let other = installed("openapi-to-rust");
    for (tool, found) in [("cargo-progenitor", progenitor), ("openapi-to-rust", other)] {
        if !found {
            anstream::eprintln!("`{tool}` is not installed: its column is left out");
        }
    }
    let mut rows = Vec::new();
    for input in &inputs {
        anstream::eprintln!("{}", input.display());
        rows.push(document(args, &dir, input, progenitor, other)?);
    }
    anstream::eprintln!("growth");
    let growth = growth::curve(&dir, args.runs)?;
    anstream::eprintln!("calling");
    let calling = calling::measure(&dir)?;
    anstream::eprintln!("reading");
    let reading = reading::measure();
    anstream::eprintln!("sync");
    let sync = sync::measure(&dir, args.runs)?;
    let unchanged = (!args.no_checks).then(|| unchanged(&dir)).transpose()?;
    let text = page::write(args.runs, args.checks, &rows, &growth, unchanged);
    let text = page::replaced(&text, &page::calling(&calling));
    let text = page::replaced(&text, &page::reading(&reading));
    let text = page::replaced(&text, &page::sync(args.runs, &sync));
    fs::write(&args.out, text)?;
    anstream::eprintln!("wrote {}", args.out.display());
    Ok(())
}

/// The documents to measure.
fn inputs(args: &Args) -> Result<Vec<PathBuf>, Failure> {
    if !args.input.is_empty() {
        return Ok(args.input.clone());
    }
    let Some(corpus) = std::env::var_os("SPECMINT_CORPUS") else {
        anstream::eprintln!("`SPECMINT_CORPUS` is not set: only the growth is measured");
        return Ok(Vec::new());
    };
    let folder = Path::new(&corpus).join("specs");
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("`{}`", folder.display()))? {
        let entry = entry?;
        if entry.metadata()?.is_file() {
            found.push((entry.metadata()?.len(), entry.path()));
        }
    }
    found.sort();
    Ok(found
        .into_iter()
        .rev()
        .take(args.documents)
        .map(|(_, path)| path)
        .collect())
}

fn document(
    args: &Args,
    dir: &Path,
    input: &Path,
    progenitor: bool,
    other: bool,
) -> Result<Row, Failure> {
    let name = input
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let dir = dir.join(&name);
    fs::create_dir_all(&dir)?;
    let ours = dir.join("specmint");
    let report = dir.join("report.json");
    let export = median(args.runs, || export(input, &ours, &report))?;
    let text = fs::read_to_string(&report)?;
    let report: serde_json::Value = serde_json::from_str(&text)?;
    let callable: u64 = ["generated", "approximated"]
        .iter()
        .filter_map(|key| report.pointer(&format!("/totals/{key}"))?.as_u64())
        .sum();
    let (progenitor, without_enums) = if progenitor {
        alone(args, &dir, input)?
    } else {
        (None, false)
    };
    let theirs = dir.join("openapi-to-rust");
    let other = if other {
        let folder = theirs.join("src/generated");
        let measured = median(args.runs, || {
            let mut command = Command::new("openapi-to-rust");
            command.arg("generate").arg(input);
            command.arg("--output-dir").arg(&folder);
            command
        });
        match measured {
            Ok(measured) => Some((measured, lines(&folder)?)),
            Err(_) => None,
        }
    } else {
        None
    };
    let (mut check, mut other_check) = (None, None);
    if !args.no_checks {
        check = checked(args, &dir, &ours);
        if other.is_some() {
            manifest(&theirs)?;
            other_check = checked(args, &dir, &theirs);
        }
    }
    Ok(Row {
        name,
        bytes: fs::metadata(input)?.len(),
        operations: usize::try_from(callable)?,
        export,
        lines: lines(&ours.join("src"))?,
        progenitor,
        without_enums,
        other,
        check,
        other_check,
    })
}

/// This program's own `export`.
fn export(input: &Path, out: &Path, report: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap_or_default());
    command.args(["export", "--quiet", "--name", "measured", "--input"]);
    command.arg(input).arg("--out").arg(out);
    command.arg("--report").arg(report);
    command
}

/// progenitor without us, on the document that it is given by us.
fn alone(args: &Args, dir: &Path, input: &Path) -> Result<(Option<Measured>, bool), Failure> {
    let fitted = dir.join("fitted.json");
    median(1, || {
        let mut command = Command::new(std::env::current_exe().unwrap_or_default());
        command.args(["openapi", "--quiet", "--dialect", "3.0", "--input"]);
        command.arg(input).arg("--out").arg(&fitted);
        command
    })?;
    let run = || {
        median(args.runs, || {
            let mut command = Command::new("cargo");
            command.args(["progenitor", "-n", "measured", "-v", "0.1.0", "-i"]);
            command.arg(&fitted).arg("-o").arg(dir.join("progenitor"));
            command
        })
    };
    if let Ok(measured) = run() {
        return Ok((Some(measured), false));
    }
    let text = fs::read_to_string(&fitted)?;
    let mut tree: serde_json::Value = serde_json::from_str(&text)?;
    forget_values(&mut tree);
    fs::write(&fitted, serde_json::to_string(&tree)?)?;
    Ok((run().ok(), true))
}

/// Takes every list of values away. Documents are no deeper than 128 levels.
fn forget_values(node: &mut serde_json::Value) {
    match node {
        serde_json::Value::Object(map) => {
            if map.get("enum").is_some_and(serde_json::Value::is_array) {
                map.remove("enum");
                map.remove("default");
            }
            map.values_mut().for_each(forget_values);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(forget_values),
        _ => {}
    }
}

/// Makes a crate of what `openapi-to-rust` wrote.
fn manifest(dir: &Path) -> Result<(), Failure> {
    let dependencies = fs::read_to_string(dir.join("src/generated/REQUIRED_DEPS.toml"))?;
    let text = format!(
        "[package]\nname = \"other\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         {dependencies}\n[workspace]\n"
    );
    fs::write(dir.join("Cargo.toml"), text)?;
    Ok(fs::write(dir.join("src/lib.rs"), "pub mod generated;\n")?)
}

/// `cargo check` of a crate whose dependencies are built; `None` where it fails.
fn checked(args: &Args, dir: &Path, crate_: &Path) -> Option<Measured> {
    let target = dir.parent()?.join("target");
    let check = || {
        let mut command = Command::new("cargo");
        command.args(["check", "--quiet", "--manifest-path"]);
        command.arg(crate_.join("Cargo.toml"));
        command.env("CARGO_TARGET_DIR", &target);
        command.env("CARGO_INCREMENTAL", "0");
        command
    };
    median(1, check).ok()?;
    let library = crate_.join("src/lib.rs");
    median(args.checks, || {
        // Cargo goes by the time of the file.
        if let Ok(text) = fs::read(&library) {
            let _ = fs::write(&library, text);
        }
        check()
    })
    .ok()
}

/// Whether a second build of this workspace's own crate leaves the build script alone.
fn unchanged(dir: &Path) -> Result<bool, Failure> {
    let check = || {
        let mut command = Command::new("cargo");
        command.args(["check", "--package", "specmint", "-v"]);
        command.env("CARGO_TARGET_DIR", dir.join("target"));
        command
    };
    median(1, check)?;
    let second = check().output()?;
    let said = String::from_utf8_lossy(&second.stderr);
    Ok(second.status.success() && !said.contains("Running "))
}

/// Lines of Rust below a folder.
fn lines(dir: &Path) -> Result<usize, Failure> {
    let mut count = 0;
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            count += fs::read_to_string(&path)?.lines().count();
        }
    }
    Ok(count)
}
