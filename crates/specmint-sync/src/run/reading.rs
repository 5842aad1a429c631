//! The API before and after, each as one document.

use std::fmt::Write as _;

use specmint_spec::{
    api::Api,
    diag::{Diagnostic, Diagnostics, Reported, Severity},
    document::Document,
    fixups,
    fragment::Fragment,
    merge, normalize,
    page::{Page, PageId, Sources, Span},
};

use crate::{
    classify, codes,
    config::Site,
    plan::Plan,
    problem::{self, Problem},
    report::{ApiReport, Note},
};

/// The API before and after.
pub(super) struct Reading {
    pub(super) plan: Plan,
    pub(super) old: Option<Document>,
    pub(super) old_sources: Sources,
    pub(super) new: Document,
    pub(super) new_sources: Sources,
    /// The new state without corrections, where one of the two states doesn't take them.
    pub(super) plain: Option<Document>,
}

/// Reads both states; the old one at the same time, on another thread.
pub(super) fn read(
    site: &Site,
    mut plan: Plan,
    report: &mut ApiReport,
) -> Result<Reading, Problem> {
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
            message: problem::plain(&(d.message.clone() + &labelled(d, &new_sources))),
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
    fragments: Option<Vec<Fragment>>,
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

pub(super) fn url_of(plan: &Plan, sources: &Sources, span: Span) -> Option<String> {
    let id = &sources.get(span.page)?.id.0;
    let file = id.split_once('/')?.1;
    plan.pages.get(file)?.entry.url.clone()
}

pub(super) fn deny(codes: &[String], report: &mut ApiReport) -> Result<(), Problem> {
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
