//! What changed for callers, and whether anybody has to agree first.

use std::collections::BTreeSet;

use specmint_spec::diag::Severity;

use super::{
    Options,
    reading::{Reading, url_of},
};
use crate::{
    codes,
    compare::{self, Comparison},
    config::Site,
    guard::{self, Agreed},
    names::Names,
    problem::Problem,
    report::{ApiReport, Status},
    surface::{Difference, Surface},
};

/// The published names, and those of what is new.
pub(super) fn names(
    site: &Site,
    reading: &Reading,
    surface: &dyn Surface,
    report: &mut ApiReport,
) -> Names {
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
pub(super) fn judge(
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
        let outlines = std::thread::scope(|scope| {
            let before = scope.spawn(|| surface.outline(old, &site.api));
            let after = surface.outline(compared, &site.api);
            (before.join().ok().flatten(), after)
        });
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

pub(super) fn unused(given: &[String], unused: &[String], report: &mut ApiReport) {
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
