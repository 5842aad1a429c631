//! `sync-specs`: keeping step with the documentation sites. A thin caller of `specmint_sync`; what
//! it adds is the command line, the progress bar and the generator's view of the Rust surface.

#[cfg(test)]
mod verdicts;

use std::{
    fs,
    io::IsTerminal as _,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Mutex,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use specmint_build::{Settings, generate, outline, preflight::published};
use specmint_spec::{
    api::Api,
    diag::{Diagnostics, Reported},
    document::Document,
};
use specmint_sync::{
    Exit, Options, Outcome, Surface, names::Names, report, surface::qualified, upstream::Progress,
};

/// Fetch the documentation pages of the embedded APIs, compare them with `specs/`, report what
/// changed for callers, and write pages and lock in one step or not at all.
///
/// Each API's index (`docs` in `specs/<api>/api.toml`) says which pages there are; they are fetched
/// from that host only, over HTTPS, politely and within bounds. Whatever looks like an outage or a
/// different site is refused; nothing is deleted because it was not seen; another server or other
/// credentials are never accepted silently.
///
/// Ends with 0 (up to date, or written), 1 (could not fetch or read everything), 2 (wrong usage or
/// configuration), 3 (refused by policy; what would accept it is printed), 4 (`--check`: drift).
#[derive(clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is one flag")]
pub(crate) struct Args {
    /// The APIs; all embedded ones where none is named.
    #[arg(value_name = "API")]
    apis: Vec<String>,
    /// Show everything, write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Exit with 4 if upstream differs from what is committed; write nothing.
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,
    /// Read the committed pages and verify them against the lock; no network.
    #[arg(long, conflicts_with = "from")]
    offline: bool,
    /// Read the pages from a directory (a captured site, with its `llms.txt` or without).
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
    /// Ignore `ETag` and `Last-Modified`: ask for every page anew.
    #[arg(long)]
    refresh: bool,
    /// Read the whole document in place of pages, where the index names one.
    #[arg(long)]
    prefer_spec: bool,
    /// Accept refused changes by their fingerprints; they are recorded in the lock.
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    accept: Vec<String>,
    /// Let operations disappear that the site answers with 404 or 410.
    #[arg(long)]
    allow_removals: bool,
    /// Write the report; JSON or Markdown by the file's ending. Can be given several times.
    #[arg(long, value_name = "FILE")]
    report: Vec<PathBuf>,
    /// Requests at a time, per host: 4 at most.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=4))]
    jobs: u8,
    /// Turn a diagnostic into an error.
    #[arg(short = 'D', value_name = "CODE")]
    deny: Vec<String>,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
    /// Colours.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    color: Color,
    /// Print problems only.
    #[arg(short, long)]
    quiet: bool,
    /// Print every change and every note.
    #[arg(short, long)]
    verbose: bool,
    /// The folder of the APIs.
    #[arg(long, value_name = "DIR", default_value = "specs", hide = true)]
    specs: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

pub(crate) fn run(args: &Args) -> ExitCode {
    match args.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    let known = |path: &Path| {
        path.extension()
            .is_some_and(|ending| ending == "json" || ending == "md")
    };
    if let Some(unknown) = args.report.iter().find(|path| !known(path)) {
        anstream::eprintln!(
            "error: `{}`: a report is `.json` or `.md`",
            unknown.display()
        );
        return ExitCode::from(Exit::Usage.code());
    }
    let options = Options {
        specs: args.specs.clone(),
        apis: args.apis.clone(),
        dry_run: args.dry_run,
        check: args.check,
        offline: args.offline,
        from: args.from.clone(),
        refresh: args.refresh,
        prefer_spec: args.prefer_spec,
        accept: args.accept.clone(),
        allow_removals: args.allow_removals,
        deny: args.deny.clone(),
        jobs: args.jobs.into(),
        crate_version: published(&args.specs),
        ..Options::default()
    };
    let bar = Bar::new(args.quiet || args.json);
    let outcome = specmint_sync::run(&options, &Generator, &bar);
    let exit = outcome.exit();
    say(args, &outcome, exit);
    for path in &args.report {
        let markdown = path.extension().is_some_and(|ending| ending == "md");
        let text = if markdown {
            report::markdown(&outcome.reports)
        } else {
            report::json(&outcome.reports, exit)
        };
        if let Err(error) = write(path, &text) {
            anstream::eprintln!("error: `{}`: {error}", path.display());
            return ExitCode::from(Exit::Failed.code());
        }
    }
    ExitCode::from(exit.code())
}

fn say(args: &Args, outcome: &Outcome, exit: Exit) {
    if let Some(problem) = &outcome.usage {
        anstream::eprint!("{}", report::problem(problem, columns()));
    }
    let printed = report::terminal(&outcome.reports, exit, columns(), args.verbose);
    if args.json {
        anstream::print!("{}", report::json(&outcome.reports, exit));
    } else if !args.quiet {
        anstream::print!("{}", printed.results);
    }
    anstream::eprint!("{}", printed.problems);
    if std::env::var_os("GITHUB_ACTIONS").is_some() {
        // Workflow commands are read from either stream; standard output may be JSON.
        eprint!("{}", report::annotations(&outcome.reports));
    }
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir)?;
    }
    fs::write(path, text)
}

/// The terminal's columns; 100 where there is none.
fn columns() -> usize {
    let term = console::Term::stdout();
    if term.is_term() {
        term.size().1.into()
    } else {
        100
    }
}

/// The version of the crate that the APIs are published in: that of the workspace.
fn published(specs: &Path) -> Option<String> {
    let manifest = fs::read_to_string(specs.parent()?.join("Cargo.toml")).ok()?;
    let line = manifest
        .lines()
        .find(|line| line.starts_with("version = \""))?;
    Some(line.split('"').nth(1)?.to_owned())
}

/// What the generator makes of a document.
pub(crate) struct Generator;

impl Surface for Generator {
    fn outline(&self, document: &Document, api: &Api) -> Option<Vec<String>> {
        let mut diags = Diagnostics::default();
        let lowered = specmint_spec::lower(document, &mut diags).ok()?;
        let generated = generate(&lowered, &Settings::for_api(api), &mut diags).ok()?;
        Some(qualified(&outline::of(&generated.file.text()).ok()?))
    }

    fn names(&self, document: &Document, api: &Api) -> Result<Option<Names>, String> {
        let mut diags = Diagnostics::default();
        let names = specmint_spec::lower(document, &mut diags)
            .and_then(|lowered| published::names(&lowered, &Settings::for_api(api), &mut diags));
        match names {
            Ok(names) => Ok(Some(names)),
            Err(Reported) => Err(diags
                .iter()
                .find(|said| said.fatal)
                .map(|said| format!("error[{}]: {}", said.code, said.message))
                .unwrap_or_default()),
        }
    }
}

/// A progress bar on a terminal, one line per API elsewhere.
pub(crate) struct Bar {
    state: Mutex<Option<(ProgressBar, String)>>,
    drawn: bool,
}

impl Bar {
    pub(crate) fn new(quiet: bool) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let ci = std::env::var_os("CI").is_some();
        let drawn = !quiet && !dumb && !ci && std::io::stderr().is_terminal();
        Self {
            state: Mutex::new(None),
            drawn,
        }
    }
}

impl Progress for Bar {
    fn begin(&self, api: &str, host: &str) {
        let target = if self.drawn {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        let style =
            ProgressStyle::with_template("   {prefix:.green.bold} [{bar:24}] {pos}/{len}  {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_bar())
                .progress_chars("=> ");
        bar.set_style(style);
        bar.set_prefix(format!("Fetching {api}"));
        // Of the index's address only who is asked: the rest is in api.toml.
        let host: String = host.split_inclusive('/').take(3).collect();
        let host = host.trim_end_matches('/').to_owned();
        bar.set_message(host.clone());
        if let Ok(mut state) = self.state.lock() {
            *state = Some((bar, host));
        }
    }

    fn step(&self, done: usize, all: usize, bytes: u64) {
        if let Ok(state) = self.state.lock()
            && let Some((bar, host)) = &*state
        {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
            bar.set_message(format!("{host}  {}", indicatif::HumanBytes(bytes)));
        }
    }

    fn end(&self) {
        if let Ok(mut state) = self.state.lock()
            && let Some((bar, _)) = state.take()
        {
            bar.finish_and_clear();
        }
    }
}
