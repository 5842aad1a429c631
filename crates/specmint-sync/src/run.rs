//! The whole of it, in order. Each step is one room; this one only hands things on.

mod begin;
mod judgement;
mod reading;
mod seen;
mod writing;

use std::{path::PathBuf, time::Instant};

use crate::{
    apply, codes, config,
    fetch::Limits,
    plan,
    problem::Problem,
    report::{ApiReport, Counts, Status},
    surface::Surface,
    upstream::Progress,
};

/// What is asked for.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one flag of the command line"
)]
pub struct Options {
    /// The folder of all APIs.
    pub specs: PathBuf,
    /// Which of them; all where none is named.
    pub apis: Vec<String>,
    /// Show everything, write nothing.
    pub dry_run: bool,
    /// Say whether something would be written; write nothing.
    pub check: bool,
    /// Look at the committed pages only.
    pub offline: bool,
    /// Look at a folder in place of the network.
    pub from: Option<PathBuf>,
    /// Ask for every page anew.
    pub refresh: bool,
    /// Take the whole document where an index names one.
    pub prefer_spec: bool,
    /// Accepted fingerprints.
    pub accept: Vec<String>,
    /// Whether operations may go.
    pub allow_removals: bool,
    /// Codes of diagnostics that are errors.
    pub deny: Vec<String>,
    /// Requests at a time, per host.
    pub jobs: usize,
    /// The version of the crate that the APIs are published in.
    pub crate_version: Option<String>,
    /// The bounds; the defaults are those of the promise.
    pub limits: Limits,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Up to date, or written.
    Done,
    /// Something could not be fetched, read or written.
    Failed,
    /// Wrong usage or configuration.
    Usage,
    /// A policy says no; what would accept it was printed.
    Refused,
    /// `--check`: there is something to write.
    Drift,
}

impl Exit {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Refused => 3,
            Self::Drift => 4,
        }
    }
}

/// What happened to every API.
#[derive(Debug)]
pub struct Outcome {
    /// One report per API, in the order asked for.
    pub reports: Vec<ApiReport>,
    /// What is wrong with the question itself.
    pub usage: Option<Problem>,
}

impl Outcome {
    /// The exit code of all: wrong usage, then failure, then refusal, then drift.
    pub fn exit(&self) -> Exit {
        if self.usage.is_some() {
            return Exit::Usage;
        }
        let has = |status| self.reports.iter().any(|report| report.status == status);
        if has(Status::Misconfigured) {
            Exit::Usage
        } else if has(Status::Failed) {
            Exit::Failed
        } else if has(Status::Refused) {
            Exit::Refused
        } else if has(Status::Drift) {
            Exit::Drift
        } else {
            Exit::Done
        }
    }
}

/// Keeps APIs in step.
pub fn run(options: &Options, surface: &dyn Surface, progress: &dyn Progress) -> Outcome {
    let apis = match chosen(options) {
        Ok(apis) => apis,
        Err(problem) => {
            return Outcome {
                reports: Vec::new(),
                usage: Some(problem),
            };
        }
    };
    let reports = apis
        .iter()
        .map(|api| one(api, options, surface, progress))
        .collect();
    Outcome {
        reports,
        usage: None,
    }
}

/// Which APIs are meant, and whether the question makes sense.
fn chosen(options: &Options) -> Result<Vec<String>, Problem> {
    let usage = |message: &str| Err(Problem::error(codes::CONFIG, message));
    if options.offline && options.from.is_some() {
        return usage("`--offline` and `--from` exclude each other");
    }
    if options.offline && options.prefer_spec {
        return usage("`--offline` and `--prefer-spec` exclude each other");
    }
    for given in &options.accept {
        let hexadecimal = given
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if !hexadecimal || !(8..=12).contains(&given.len()) {
            return Err(
                Problem::error(codes::CONFIG, format!("`{given}` is no fingerprint"))
                    .help("a fingerprint is 12 hexadecimal digits, of which 8 suffice"),
            );
        }
    }
    let mut known: Vec<String> = std::fs::read_dir(&options.specs)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().join("api.toml").is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    known.sort();
    if let Some(unknown) = options.apis.iter().find(|api| !known.contains(api)) {
        return Err(Problem::error(
            codes::CONFIG,
            format!(
                "no `{}`; there are: {}",
                options.specs.join(unknown).display(),
                known.join(", ")
            ),
        ));
    }
    let apis = if options.apis.is_empty() {
        known
    } else {
        options.apis.clone()
    };
    if options.from.is_some() && apis.len() != 1 {
        return usage("`--from` needs one API, because the folder holds one");
    }
    if apis.is_empty() {
        return Err(Problem::error(
            codes::CONFIG,
            format!("`{}` holds no API", options.specs.display()),
        ));
    }
    Ok(apis)
}

/// Keeps one API in step: the table of contents.
fn one(name: &str, options: &Options, surface: &dyn Surface, progress: &dyn Progress) -> ApiReport {
    let begun = Instant::now();
    let mut report = ApiReport::new(name);
    let outcome = steps(name, options, surface, progress, &mut report);
    if let Err(problem) = outcome {
        report.status = if problem.code == codes::CONFIG {
            Status::Misconfigured
        } else {
            Status::Failed
        };
        report.problems.push(problem);
    }
    report.took = begun.elapsed();
    report
}

fn steps(
    name: &str,
    options: &Options,
    surface: &dyn Surface,
    progress: &dyn Progress,
    report: &mut ApiReport,
) -> Result<(), Problem> {
    let dir = options.specs.join(name);
    let writes = !(options.dry_run || options.check);
    let _held = if writes {
        Some(apply::hold(&dir)?)
    } else {
        None
    };
    begin::recover(&dir, writes, report)?;
    let site = config::site(&options.specs, name)?;
    begin::verify(&site)?;
    let (view, early) = begin::look(&site, options, progress)?;
    report.bytes = view.bytes;
    report.problems.extend(view.problems.iter().cloned());
    let plan = plan::plan(&site, &view, early);
    report.counts = Counts::of(&plan);
    seen::complete(&plan, name)?;
    seen::pinned(&site, &plan, report);
    let unlocked = site.lock.is_none() || site.pages.values().any(|page| !page.locked);
    if !plan.changes_fragments() && !unlocked {
        // Prose alone is not worth a commit; it comes along with the next change.
        report.status = Status::UpToDate;
        seen::tool_note(&site, report);
        judgement::unused(&options.accept, &[], report);
        return Ok(());
    }
    let reading = reading::read(&site, plan, report)?;
    reading::deny(&options.deny, report)?;
    let prepared = if writes {
        writing::prepare(&dir, &reading)
    } else {
        None
    };
    let names = judgement::names(&site, &reading, surface, report);
    judgement::judge(&site, &reading, &names, options, surface, report)?;
    if report.status == Status::Refused {
        return Ok(());
    }
    let writing = writing::writing(&site, &view, &reading, &names, report)?;
    if options.check {
        report.status = Status::Drift;
    } else if options.dry_run {
        report.status = Status::WouldWrite;
    } else {
        apply::write(&dir, &writing, prepared, &mut |_| Ok(()))?;
        report.status = Status::Wrote;
    }
    Ok(())
}
