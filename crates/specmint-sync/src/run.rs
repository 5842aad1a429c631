//! The whole of it, in order. Each step is one room; this one only hands things on.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::PathBuf,
    sync::Arc,
    time::Instant,
};

use specmint_spec::{
    api::Api,
    diag::{Diagnostic, Diagnostics, Reported, Severity},
    document::Document,
    fixups, merge, normalize,
    page::{Page, PageId, Sources},
};

use crate::{
    apply, classify, codes,
    compare::{self, Comparison},
    config::{self, Site},
    fetch::{Fetcher, Limits},
    guard::{self, Agreed},
    lock::{Lock, Source},
    names::{self, Names},
    net,
    plan::{self, Plan, State},
    problem::Problem,
    report::{ApiReport, Counts, Note, Status, changes_file},
    surface::{Difference, Surface},
    upstream::{self, How, Progress, View},
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
    recover(&dir, writes, report)?;
    let site = config::site(&options.specs, name)?;
    verify(&site)?;
    let view = look(&site, options, progress)?;
    report.bytes = view.bytes;
    report.problems.extend(view.problems.iter().cloned());
    let plan = plan::plan(&site, &view);
    report.counts = Counts::of(&plan);
    complete(&plan, name)?;
    pinned(&site, &plan, report);
    let unlocked = site.lock.is_none() || site.pages.values().any(|page| !page.locked);
    if !plan.changes_fragments() && !unlocked {
        // Prose alone is not worth a commit; it comes along with the next change.
        report.status = Status::UpToDate;
        tool_note(&site, report);
        unused(&options.accept, &[], report);
        return Ok(());
    }
    let reading = read(&site, plan, report)?;
    deny(&options.deny, report)?;
    let names = names(&site, &reading, surface, report);
    judge(&site, &reading, &names, options, surface, report)?;
    if report.status == Status::Refused {
        return Ok(());
    }
    let writing = writing(&site, &view, &reading, &names, report)?;
    if options.check {
        report.status = Status::Drift;
    } else if options.dry_run {
        report.status = Status::WouldWrite;
    } else {
        apply::write(&dir, &writing, &mut |_| Ok(()))?;
        report.status = Status::Wrote;
    }
    Ok(())
}

fn recover(dir: &std::path::Path, writes: bool, report: &mut ApiReport) -> Result<(), Problem> {
    if !writes {
        if apply::is_interrupted(dir) {
            return Err(Problem::error(
                codes::INTERRUPTED,
                "an interrupted sync has to be finished first",
            )
            .help("run the same command without `--check` and `--dry-run`"));
        }
        return Ok(());
    }
    let said = match apply::recover(dir)? {
        apply::Recovered::Clean => return Ok(()),
        apply::Recovered::Forward => "an interrupted sync was finished: the pages are its new ones",
        apply::Recovered::Back => {
            "what an interrupted sync left was dropped: it had written nothing, or everything"
        }
    };
    report
        .problems
        .push(Problem::note(codes::INTERRUPTED, said));
    Ok(())
}

/// The committed pages must be those of the lock.
fn verify(site: &Site) -> Result<(), Problem> {
    let mut wrong: Vec<String> = site
        .pages
        .iter()
        .filter(|(_, page)| !page.intact)
        .map(|(file, _)| format!("{file}  differs from its hash in the lock"))
        .collect();
    let locked = site.lock.iter().flat_map(|lock| &lock.pages);
    wrong.extend(
        locked
            .filter(|entry| !site.pages.contains_key(&entry.file))
            .map(|entry| format!("{}  is in the lock and not in pages/", entry.file)),
    );
    if wrong.is_empty() {
        return Ok(());
    }
    let problem = Problem::error(
        codes::EDITED,
        format!(
            "{} pages of `{}` are not what was synced",
            wrong.len(),
            site.name
        ),
    );
    let problem = wrong.into_iter().take(20).fold(problem, Problem::line);
    Err(problem.help("restore them from version control; corrections belong into fixups.yaml"))
}

/// The network, a folder, or what is committed.
fn look(site: &Site, options: &Options, progress: &dyn Progress) -> Result<View, Problem> {
    if options.offline {
        return Ok(upstream::offline(site));
    }
    if let Some(dir) = &options.from {
        return upstream::directory(site, dir);
    }
    let jobs = if options.jobs == 0 {
        options.limits.in_flight
    } else {
        options.jobs
    };
    let fetcher = Fetcher::new(site.policy.clone(), options.limits, jobs, net::system())
        .map_err(|why| Problem::error(codes::PAGES, format!("no HTTP client: {why}")))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::error(codes::PAGES, format!("no runtime: {error}")))?;
    let how = How {
        refresh: options.refresh,
        prefer_spec: options.prefer_spec,
    };
    runtime.block_on(upstream::network(site, Arc::new(fetcher), how, progress))
}

/// A set of pages with holes reads like a smaller API, so one failure fails all.
fn complete(plan: &Plan, name: &str) -> Result<(), Problem> {
    if plan.failures.is_empty() {
        return Ok(());
    }
    // A committed page that failed is kept, and is one page all the same.
    let failed: BTreeSet<&str> = plan.failures.iter().map(|(url, _)| url.as_str()).collect();
    let shown = |url: &str| url::Url::parse(url).map(|url| crate::urls::shown(&url));
    let others = plan.pages.values().filter(|page| {
        let url = page.entry.url.as_deref().map(shown);
        !matches!(url, Some(Ok(url)) if failed.contains(url.as_str()))
    });
    let all = others.count() + plan.failures.len() + plan.others.len();
    let message = format!(
        "{} of {all} pages could not be used; nothing was written",
        plan.failures.len()
    );
    let mut problem = Problem::error(codes::PAGES, message);
    let width = plan
        .failures
        .iter()
        .map(|(url, _)| url.len())
        .max()
        .unwrap_or(0)
        .min(90);
    for (url, why) in plan.failures.iter().take(20) {
        problem = problem.line(format!("{url:width$}    {why}"));
    }
    if plan.failures.len() > 20 {
        problem = problem.line(format!("and {} more", plan.failures.len() - 20));
    }
    Err(problem
        .with_note(format!("specs/{name} is unchanged"))
        .help("run again, or `--from` a saved copy"))
}

/// Says how pinned pages differ from what is served, and what is kept although it isn't listed.
fn pinned(site: &Site, plan: &Plan, report: &mut ApiReport) {
    for (file, page) in &plan.pages {
        let url = page.entry.url.clone().unwrap_or_else(|| file.clone());
        if page.state == State::Kept && page.entry.url.is_some() {
            report.problems.push(
                Problem::warning(
                    codes::UNLISTED,
                    format!("`{file}` is no longer listed; it is kept"),
                )
                .at(url),
            );
            continue;
        }
        let Some(served) = &page.differs else {
            continue;
        };
        let mut problem = Problem::note(
            codes::PINNED,
            format!("`{file}` is pinned and differs from what the site serves"),
        )
        .at(url);
        let read = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            let sources = Sources::new(vec![classify::page(&site.name, file, &text)]);
            let api = Api {
                fixups: None,
                ..site.api.clone()
            };
            specmint_spec::read(&sources, &api, &mut Diagnostics::default())
        };
        match (read(&page.bytes), read(served)) {
            (Ok(old), Ok(new)) => {
                let comparison = compare::documents(&old, &new);
                for change in comparison.changes.iter().take(10) {
                    problem = problem.line(format!("{}  {}", change.id, guard::sentence(change)));
                }
                if comparison.changes.len() > 10 {
                    problem = problem.line(format!("and {} more", comparison.changes.len() - 10));
                }
                if comparison.changes.is_empty() {
                    problem = problem.line("nothing changed for callers");
                }
            }
            _ => problem = problem.line("what the site serves can't be read as a page of this API"),
        }
        report
            .problems
            .push(problem.help("remove it from `pinned` in api.toml to take the site's"));
    }
}

fn tool_note(site: &Site, report: &mut ApiReport) {
    if let Some(lock) = site.lock.as_ref().filter(|lock| lock.tool != crate::TOOL) {
        report.problems.push(
            Problem::note(
                codes::TOOL,
                format!(
                    "specs.lock was written by {}, and this is {}",
                    lock.tool,
                    crate::TOOL
                ),
            )
            .help("regenerate and look at the snapshots: `cargo test`"),
        );
    }
}

/// The API before and after.
struct Reading {
    plan: Plan,
    old: Option<Document>,
    old_sources: Sources,
    new: Document,
    new_sources: Sources,
    /// The new state without corrections, where one of the two states doesn't take them.
    plain: Option<Document>,
}

/// Reads both states; the old one at the same time, on another thread.
fn read(site: &Site, mut plan: Plan, report: &mut ApiReport) -> Result<Reading, Problem> {
    let all = plan.all.take();
    let (old, new) = std::thread::scope(|scope| {
        let old = scope.spawn(|| read_old(site));
        let new = read_new(site, &plan, all);
        (old.join(), new)
    });
    let (new_sources, new, mut diags) = new;
    let Ok((old_sources, old, old_diags)) = old else {
        return Err(Problem::error(
            codes::READING,
            "reading the committed pages broke off; nothing was written",
        ));
    };
    let uncorrected = |sources: &Sources, diags: &mut Diagnostics| {
        let api = Api {
            fixups: None,
            ..site.api.clone()
        };
        document(sources, &api, None, diags)
    };
    let new_is_stale = new.is_err() && only_fixups(&diags);
    let old_is_stale = matches!(old, Some(Err(Reported))) && only_fixups(&old_diags);
    let mut plain = None;
    if new_is_stale || old_is_stale {
        // Corrections fit one state only, and a comparison has to see upstream's words in both.
        let stale = if new_is_stale {
            std::mem::take(&mut diags)
        } else {
            Diagnostics::default()
        };
        let mut said = Diagnostics::default();
        plain = Some(
            uncorrected(&new_sources, &mut said)
                .map_err(|Reported| unreadable(&said, &new_sources))?,
        );
        if new_is_stale {
            diags = said;
        }
        for said in stale.iter().filter(|d| d.severity == Severity::Error) {
            let at = new_sources.locate(said.span).unwrap_or_default();
            report.problems.push(Problem::error(codes::FIXUP, said.message.clone()).at(at).help(
                "upstream changed what this correction is about; edit fixups.yaml, then run again",
            ));
        }
    }
    let old = match old {
        None => None,
        Some(Ok(document)) if plain.is_none() => Some(document),
        Some(Err(Reported)) if !old_is_stale => {
            uncompared(site, &old_diags, &old_sources, report)?;
            None
        }
        Some(_) => {
            let mut said = Diagnostics::default();
            let document = uncorrected(&old_sources, &mut said).ok();
            if document.is_none() {
                uncompared(site, &said, &old_sources, report)?;
            }
            document
        }
    };
    let new = match (new, &plain) {
        (Ok(document), _) => document,
        // The comparison still tells what happened; writing has to wait for a person.
        (Err(Reported), Some(plain)) => plain.clone(),
        (Err(Reported), None) => return Err(unreadable(&diags, &new_sources)),
    };
    report.notes = diags
        .iter()
        .map(|d| Note {
            code: d.code.0.to_owned(),
            severity: d.severity,
            message: crate::problem::plain(&(d.message.clone() + &labelled(d, &new_sources))),
            at: new_sources.locate(d.span),
            url: url_of(&plan, &new_sources, d.span),
        })
        .collect();
    Ok(Reading {
        plan,
        old,
        old_sources,
        new,
        new_sources,
        plain,
    })
}

/// Committed pages that can't be read. What was synced before could be read then, so everything
/// that is refused unless accepted would pass unseen; pages that never were synced promise nothing.
fn uncompared(
    site: &Site,
    diags: &Diagnostics,
    sources: &Sources,
    report: &mut ApiReport,
) -> Result<(), Problem> {
    let said = unreadable(diags, sources);
    let mut problem = if site.lock.is_some() {
        Problem::error(
            codes::READING,
            "the committed pages can't be read, so nothing can be compared; nothing was written",
        )
        .help("restore them; or delete `pages` and `specs.lock`, sync anew, and review the difference")
    } else {
        Problem::warning(
            codes::READING,
            "the pages that lie here can't be read, so everything counts as new",
        )
    };
    problem.lines = said.lines;
    if problem.severity == Severity::Error {
        return Err(problem);
    }
    report.problems.push(problem);
    Ok(())
}

/// What was found of the committed pages; `None` where there are none.
type Old = (Sources, Option<Result<Document, Reported>>, Diagnostics);

fn read_old(site: &Site) -> Old {
    let pages: Vec<Page> = site
        .pages
        .iter()
        .map(|(file, page)| classify::page(&site.name, file, &String::from_utf8_lossy(&page.bytes)))
        .collect();
    let none = pages.is_empty();
    let sources = Sources::with_beside(pages, site.beside.clone());
    let mut diags = Diagnostics::default();
    let read = (!none).then(|| document(&sources, &site.api, None, &mut diags));
    (sources, read, diags)
}

type New = (Sources, Result<Document, Reported>, Diagnostics);

fn read_new(site: &Site, plan: &Plan, all: Option<(Sources, classify::Found)>) -> New {
    if let Some((sources, found)) = all {
        let mut diags = found.diags;
        let document = document(&sources, &site.api, Some(found.fragments), &mut diags);
        return (sources, document, diags);
    }
    let pages = plan
        .kept()
        .map(|(file, page)| classify::page(&site.name, file, &String::from_utf8_lossy(&page.bytes)))
        .collect();
    let sources = Sources::with_beside(pages, site.beside.clone());
    let mut diags = Diagnostics::default();
    let document = document(&sources, &site.api, None, &mut diags);
    (sources, document, diags)
}

/// The pipeline up to the faithful document, beginning at the blocks where they are known.
fn document(
    sources: &Sources,
    api: &Api,
    fragments: Option<Vec<specmint_spec::fragment::Fragment>>,
    diags: &mut Diagnostics,
) -> Result<Document, Reported> {
    let mut api = api.clone();
    api.fixups_page = sources.find(&PageId(format!("{}/fixups.yaml", api.name)));
    let Some(fragments) = fragments else {
        return specmint_spec::read(sources, &api, diags);
    };
    diags.gate()?;
    let fragments = normalize::fragments(fragments, sources, diags);
    diags.gate()?;
    let mut document = merge::document(fragments, sources, &api, diags);
    diags.gate()?;
    fixups::apply(&mut document, &api, diags);
    diags.gate()?;
    Ok(document)
}

fn only_fixups(diags: &Diagnostics) -> bool {
    let mut fatal = diags.iter().filter(|d| d.fatal).peekable();
    fatal.peek().is_some() && fatal.all(|d| d.code.0.starts_with('F'))
}

fn unreadable(diags: &Diagnostics, sources: &Sources) -> Problem {
    let mut problem = Problem::error(
        codes::READING,
        "the pages don't make one API; nothing was written",
    );
    for said in diags
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .take(20)
    {
        let at = sources.locate(said.span).unwrap_or_default();
        let labels = labelled(said, sources);
        problem = problem.line(format!(
            "{at}  error[{}]: {}{labels}",
            said.code, said.message
        ));
    }
    problem.help("`cargo xtask explain --code CODE` says what each means")
}

/// The other places that a diagnostic is about.
fn labelled(said: &Diagnostic, sources: &Sources) -> String {
    said.labels
        .iter()
        .fold(String::new(), |mut text, (span, words)| {
            let at = sources.locate(*span).unwrap_or_default();
            let _ = write!(text, "; {at} ({words})");
            text
        })
}

fn url_of(plan: &Plan, sources: &Sources, span: specmint_spec::page::Span) -> Option<String> {
    let id = &sources.get(span.page)?.id.0;
    let file = id.split_once('/')?.1;
    plan.pages.get(file)?.entry.url.clone()
}

fn deny(codes: &[String], report: &mut ApiReport) -> Result<(), Problem> {
    let denied: Vec<String> = report
        .notes
        .iter()
        .filter(|note| {
            codes
                .iter()
                .any(|code| code.eq_ignore_ascii_case(&note.code))
        })
        .map(|note| {
            format!(
                "{}  {}: {}",
                note.at.clone().unwrap_or_default(),
                note.code,
                note.message
            )
        })
        .chain(
            report
                .problems
                .iter()
                .filter(|problem| {
                    codes
                        .iter()
                        .any(|code| code.eq_ignore_ascii_case(problem.code.0))
                })
                .map(|problem| format!("{}: {}", problem.code, problem.message)),
        )
        .collect();
    if denied.is_empty() {
        return Ok(());
    }
    let problem = Problem::error(
        self::codes::DENIED,
        format!(
            "{} diagnostics are errors by `-D`; nothing was written",
            denied.len()
        ),
    );
    Err(denied.into_iter().take(20).fold(problem, Problem::line))
}

/// The published names, and those of what is new.
fn names(site: &Site, reading: &Reading, surface: &dyn Surface, report: &mut ApiReport) -> Names {
    let mut names = site.api.names.clone();
    match surface.names(&reading.new, &site.api) {
        Ok(Some(found)) => names.append(&found),
        Ok(None) => {}
        Err(why) => report.problems.push(
            Problem::warning(codes::NAMES, "no names were added to names.lock")
                .line(why)
                .help("make the client generate, then run `cargo xtask names`"),
        ),
    }
    names
}

/// Compares and judges.
fn judge(
    site: &Site,
    reading: &Reading,
    names: &Names,
    options: &Options,
    surface: &dyn Surface,
    report: &mut ApiReport,
) -> Result<(), Problem> {
    let compared = reading.plain.as_ref().unwrap_or(&reading.new);
    let comparison = match &reading.old {
        Some(old) => compare::documents(old, compared),
        None => Comparison {
            after: compare::count(&reading.new),
            ..Comparison::default()
        },
    };
    if let Some(old) = &reading.old {
        let outlines = (
            surface.outline(old, &site.api),
            surface.outline(compared, &site.api),
        );
        if let (Some(before), Some(after)) = outlines {
            report.surface = Some(Difference::between(&before, &after));
        }
    }
    report.compared(
        &comparison,
        reading.old.as_ref(),
        &reading.new,
        names,
        |change| {
            let sources = if change.in_new {
                &reading.new_sources
            } else {
                &reading.old_sources
            };
            (
                sources.locate(change.span),
                url_of(&reading.plan, sources, change.span),
            )
        },
    );
    report.bump(options.crate_version.as_deref());
    report.diffs(site, &reading.plan);
    let agreed = Agreed {
        accept: options.accept.iter().cloned().collect::<BTreeSet<_>>(),
        removals: options.allow_removals,
        refuse_breaking: site.api.refuse_breaking,
    };
    let mut judgement = guard::check(&site.name, &comparison, &agreed);
    for refusal in &mut judgement.refusals {
        let guarded = report.changes.iter().find(|change| {
            refusal
                .help
                .as_deref()
                .is_some_and(|help| help.ends_with(&change.change.id))
        });
        if let Some(at) = guarded.and_then(|change| change.at.clone()) {
            refusal.at = Some(at.into());
        }
    }
    unused(&options.accept, &judgement.unused, report);
    report.accepted = judgement.accepted;
    if report
        .problems
        .iter()
        .any(|problem| problem.severity == Severity::Error)
    {
        report.problems.extend(judgement.refusals);
        return Err(Problem::error(
            codes::FIXUP,
            "corrections have to be looked at first; nothing was written",
        ));
    }
    if !judgement.refusals.is_empty() {
        report.problems.extend(judgement.refusals);
        report.status = Status::Refused;
    }
    Ok(())
}

fn unused(given: &[String], unused: &[String], report: &mut ApiReport) {
    let nothing_changed = report.changes.is_empty();
    for id in given
        .iter()
        .filter(|id| nothing_changed || unused.contains(id))
    {
        report.problems.push(Problem::warning(
            codes::UNUSED,
            format!("`{id}` names no change"),
        ));
    }
}

/// What is to be written: pages, names, the draft of the changelog, and last the lock.
fn writing(
    site: &Site,
    view: &View,
    reading: &Reading,
    names: &Names,
    report: &mut ApiReport,
) -> Result<apply::Writing, Problem> {
    let mut writing = apply::Writing::default();
    for (file, page) in &reading.plan.pages {
        match page.state {
            State::Changed | State::Added | State::Prose => {
                writing
                    .files
                    .push((format!("pages/{file}"), page.bytes.clone()));
            }
            State::Removed => writing.removed.push(format!("pages/{file}")),
            State::Same | State::Kept | State::Pinned => {}
        }
    }
    report.wrote_pages = writing.files.len() + writing.removed.len();
    if *names != site.api.names {
        let text = names.write().into_bytes();
        writing.files.push((names::FILE.to_owned(), text));
        report.wrote_names = true;
    }
    if let Some(draft) = changes_file::draft(&site.dir, report)? {
        let file = changes_file::FILE.to_owned();
        writing.files.push((file, draft.into_bytes()));
    }
    let lock = Lock {
        version: 1,
        tool: crate::TOOL.to_owned(),
        index: settled(
            site.lock.as_ref().and_then(|lock| lock.index.as_ref()),
            view.index.as_ref(),
        ),
        pages: reading
            .plan
            .kept()
            .map(|(_, page)| page.entry.clone())
            .collect(),
        others: reading.plan.others.clone(),
        accepted: report.accepted.clone(),
    };
    let text = lock.write().into_bytes();
    writing.files.push(("specs.lock".to_owned(), text));
    Ok(writing)
}

/// The index's entry: its validators change only with its hash.
fn settled(old: Option<&Source>, new: Option<&Source>) -> Option<Source> {
    match (old, new) {
        (Some(old), Some(new)) if old.url == new.url && old.sha256 == new.sha256 => {
            Some(old.clone())
        }
        (_, new) => new.cloned(),
    }
}

/// Pages by file, for callers that read an API's state without syncing it.
pub fn committed(site: &Site) -> BTreeMap<&str, &[u8]> {
    site.pages
        .iter()
        .map(|(file, page)| (file.as_str(), page.bytes.as_slice()))
        .collect()
}
