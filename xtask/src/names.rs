//! `names`: what operations and types are called, once published: `specs/<api>/names.lock`.
//!
//! Build scripts read the file and never write it; this command and `sync-specs` add to it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{anyhow, bail};
use specmint_build::{Settings, preflight::published};
use specmint_spec::names::{self, Names, Table};
use specmint_sync::{Exit, apply, report};

use crate::{Failure, input::Reading};

/// Write down what the operations and types of the embedded APIs are called, so that no name ever
/// changes because something was added. Only adds to `specs/<api>/names.lock`.
///
/// Ends with 0 (nothing to add, or written), 1 (pages that can't be read, a name that can't be
/// used), 2 (wrong usage), 4 (`--check`: there is something to add).
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The APIs; all embedded ones where none is named.
    #[arg(value_name = "API")]
    apis: Vec<String>,
    /// Exit with 4 if there is something to add; write nothing.
    #[arg(long)]
    check: bool,
    /// Rename the operation (`METHOD /path`) or type (its schema's place) of one API; the former
    /// name stays as a deprecated alias.
    #[arg(long, num_args = 2, value_names = ["AT", "NAME"], conflicts_with = "check")]
    rename: Vec<String>,
    /// The folder of the APIs.
    #[arg(long, value_name = "DIR", default_value = "specs", hide = true)]
    specs: PathBuf,
}

pub(crate) fn run(args: &Args) -> ExitCode {
    let exit = all(args).unwrap_or_else(|failure| match failure {
        Failure::Reported => Exit::Failed,
        Failure::Usage(error) => {
            anstream::eprintln!("error: {error:#}");
            Exit::Usage
        }
        Failure::Other(error) => {
            anstream::eprintln!("error: {error:#}");
            Exit::Failed
        }
    });
    ExitCode::from(exit.code())
}

fn all(args: &Args) -> Result<Exit, Failure> {
    let apis = chosen(args).map_err(Failure::Usage)?;
    let mut exit = Exit::Done;
    for api in &apis {
        exit = exit.max(one(args, api)?);
    }
    Ok(exit)
}

fn chosen(args: &Args) -> anyhow::Result<Vec<String>> {
    let mut known: Vec<String> = fs::read_dir(&args.specs)?
        .flatten()
        .filter(|entry| entry.path().join("api.toml").is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    known.sort();
    if let Some(unknown) = args.apis.iter().find(|api| !known.contains(api)) {
        bail!(
            "no `{}`; there are: {}",
            args.specs.join(unknown).display(),
            known.join(", ")
        );
    }
    if !args.rename.is_empty() && args.apis.len() != 1 {
        bail!("`--rename` needs one API");
    }
    Ok(if args.apis.is_empty() {
        known
    } else {
        args.apis.clone()
    })
}

/// Adds to the file of one API.
fn one(args: &Args, api: &str) -> Result<Exit, Failure> {
    let dir = args.specs.join(api);
    let file = dir.join(names::FILE);
    let mut reading = Reading::of(&dir)?;
    let document = reading.document()?;
    let Ok(lowered) = specmint_spec::lower_owned(document, &mut reading.diags) else {
        return Err(reading.failed());
    };
    let before = reading.input.api.names.clone();
    let mut settings = Settings::for_api(&reading.input.api);
    if let [at, name] = args.rename.as_slice() {
        let table = if at.starts_with('/') {
            Table::Types
        } else {
            Table::Operations
        };
        let renamed = settings.names.rename(table, at, name);
        renamed.map_err(|why| Failure::Usage(anyhow!("`{}`: {why}", file.display())))?;
    }
    let Ok(names) = published::names(&lowered, &settings, &mut reading.diags) else {
        return Err(reading.failed());
    };
    for said in reading.diags.iter().filter(|d| d.code == published::UNUSED) {
        let at = reading.input.sources.locate(said.span).unwrap_or_default();
        anstream::eprintln!("note[{}]: {} ({at})", said.code, said.message);
    }
    let mut after = settings.names;
    after.append(&names);
    let added = count(&after).saturating_sub(count(&before));
    if after == before {
        anstream::println!("    Checked {api}  {} names", count(&after));
        return Ok(Exit::Done);
    }
    if args.check {
        anstream::eprintln!(
            "error: {} lacks {added} names; run `cargo xtask names {api}`",
            shown(&file)
        );
        return Ok(Exit::Drift);
    }
    write(&dir, &after)?;
    anstream::println!(
        "      Wrote {}  {} names, {added} of them new",
        shown(&file),
        count(&after)
    );
    Ok(Exit::Done)
}

fn count(names: &Names) -> usize {
    names.operations.len() + names.types.len()
}

/// A path with `/` on every system.
fn shown(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

/// Replaces the file, whole or not at all, while no sync is at work.
fn write(dir: &Path, names: &Names) -> Result<(), Failure> {
    let writing = apply::Writing {
        files: vec![(names::FILE.to_owned(), names.write().into_bytes())],
        removed: Vec::new(),
    };
    let written =
        apply::hold(dir).and_then(|_held| apply::write(dir, &writing, None, &mut |_| Ok(())));
    written.map_err(|problem| {
        anstream::eprint!("{}", report::problem(&problem, 100));
        Failure::Reported
    })
}
