//! What is to be written: pages, names, the draft of the changelog, and last the lock.

use std::path::Path;

use super::reading::Reading;
use crate::{
    apply,
    config::Site,
    lock::{Lock, Source},
    names::{self, Names},
    plan::State,
    problem::Problem,
    report::{ApiReport, changes_file},
    upstream::View,
};

/// What is to be written: pages, names, the draft of the changelog, and last the lock.
pub(super) fn writing(
    site: &Site,
    view: &View,
    reading: &Reading,
    names: &Names,
    report: &mut ApiReport,
) -> Result<apply::Writing, Problem> {
    let mut writing = apply::Writing {
        files: pages(reading),
        removed: Vec::new(),
    };
    for (file, page) in &reading.plan.pages {
        if page.state == State::Removed {
            writing.removed.push(format!("pages/{file}"));
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

/// The pages that come or change.
fn pages(reading: &Reading) -> Vec<(String, Vec<u8>)> {
    let pages = reading.plan.pages.iter();
    pages
        .filter(|(_, page)| match page.state {
            State::Changed | State::Added | State::Prose => true,
            State::Removed | State::Same | State::Kept | State::Pinned => false,
        })
        .map(|(file, page)| (format!("pages/{file}"), page.bytes.clone()))
        .collect()
}

/// Begins to write the pages, while names are looked for and changes are judged.
pub(super) fn prepare(dir: &Path, reading: &Reading) -> Option<apply::Prepared> {
    apply::prepare(dir, pages(reading))
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
