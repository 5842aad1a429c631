//! Before pages are looked at: what an earlier run left, what lies here, and who is asked.

use std::{path::Path, sync::Arc};

use super::Options;
use crate::{
    apply, codes,
    config::Site,
    early::{self, Early},
    fetch::Fetcher,
    net,
    problem::Problem,
    report::ApiReport,
    upstream::{self, How, Progress, View},
};

pub(super) fn recover(dir: &Path, writes: bool, report: &mut ApiReport) -> Result<(), Problem> {
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
pub(super) fn verify(site: &Site) -> Result<(), Problem> {
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
pub(super) fn look(
    site: &Site,
    options: &Options,
    progress: &dyn Progress,
) -> Result<(View, Early), Problem> {
    if options.offline {
        return Ok((upstream::offline(site), Early::default()));
    }
    if let Some(dir) = &options.from {
        return Ok((upstream::directory(site, dir)?, Early::default()));
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
    let most = if site.pages.is_empty() {
        options.limits.pages
    } else {
        0
    };
    let fetcher = Arc::new(fetcher);
    let (view, early) = early::while_coming(most, |came| {
        runtime.block_on(upstream::network(site, fetcher, how, progress, came))
    });
    Ok((view?, early))
}
