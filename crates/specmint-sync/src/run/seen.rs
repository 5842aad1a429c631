//! What there is to say of the pages that came, before anything is read from them.

use std::collections::BTreeSet;

use specmint_spec::{api::Api, diag::Diagnostics, page::Sources};

use crate::{
    classify, codes, compare,
    config::Site,
    guard,
    plan::{Plan, State},
    problem::Problem,
    report::ApiReport,
    urls,
};

/// A set of pages with holes reads like a smaller API, so one failure fails all.
pub(super) fn complete(plan: &Plan, name: &str) -> Result<(), Problem> {
    if plan.failures.is_empty() {
        return Ok(());
    }
    // A committed page that failed is kept, and is one page all the same.
    let failed: BTreeSet<&str> = plan.failures.iter().map(|(url, _)| url.as_str()).collect();
    let shown = |url: &str| url::Url::parse(url).map(|url| urls::shown(&url));
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

/// Says how pinned pages differ from what is served, what is kept although it isn't listed, and what
/// answers although it goes.
pub(super) fn pinned(site: &Site, plan: &Plan, report: &mut ApiReport) {
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
        if page.gone == Some(200) {
            let message = format!("`{file}` answers and holds no specification any more");
            report
                .problems
                .push(Problem::warning(codes::BARE, message).at(url));
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

pub(super) fn tool_note(site: &Site, report: &mut ApiReport) {
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
