//! What is never done silently: removals, another server, other credentials, many operations at
//! once. Pure: changes and what was accepted in, refusals out.

use std::collections::BTreeSet;

use crate::{
    codes,
    compare::{Change, Comparison, Guard, Level, Rust, fingerprint},
    lock::Accepted,
    problem::Problem,
};

/// What the person at the command line agreed to.
#[derive(Clone, Debug, Default)]
pub struct Agreed {
    /// Fingerprints.
    pub accept: BTreeSet<String>,
    /// Whether operations may go.
    pub removals: bool,
    /// Whether `api.toml` asks for each breaking change to be accepted.
    pub refuse_breaking: bool,
}

/// What is refused, and what was accepted.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// Why nothing may be written; each with the command that would accept it.
    pub refusals: Vec<Problem>,
    /// What was accepted by its fingerprint, for the lock.
    pub accepted: Vec<Accepted>,
    /// Accepted fingerprints that name nothing.
    pub unused: Vec<String>,
}

/// Judges what changed.
pub fn check(api: &str, comparison: &Comparison, agreed: &Agreed) -> Judgement {
    let mut judgement = Judgement::default();
    let mut unused = agreed.accept.clone();
    let mut accepted = |id: &str, change: &str| {
        let given = agreed.accept.iter().find(|given| names(given, id));
        if let Some(given) = given {
            unused.remove(given);
            judgement.accepted.push(Accepted {
                id: id.to_owned(),
                change: change.to_owned(),
            });
        }
        given.is_some()
    };
    for change in &comparison.changes {
        let says = sentence(change);
        let taken = accepted(&change.id, &says);
        let (code, message, note) = match change.rule.guard {
            Some(Guard::Server) => (
                codes::SERVER,
                "the API server changed; refusing to write",
                "clients send their credentials to this host",
            ),
            Some(Guard::Credentials) => (
                codes::CREDENTIALS,
                "the credentials changed; refusing to write",
                "callers authenticate otherwise than before",
            ),
            None if agreed.refuse_breaking && is_breaking(change) => (
                codes::BREAKING,
                "a breaking change was not accepted",
                "`refuse-breaking = true` in api.toml asks for it",
            ),
            Some(Guard::Removal) | None => continue,
        };
        if !taken {
            judgement.refusals.push(
                Problem::error(code, message)
                    .line(says)
                    .with_note(note)
                    .help(format!("confirm with the vendor, then run\ncargo xtask sync-specs {api} --accept {}", change.id)),
            );
        }
    }
    let removed: Vec<&Change> = comparison.removed().collect();
    if !removed.is_empty() && !agreed.removals {
        let all_accepted = removed
            .iter()
            .all(|change| agreed.accept.iter().any(|given| names(given, &change.id)));
        if !all_accepted {
            let mut problem = Problem::error(
                codes::REMOVED,
                format!(
                    "{} of {} operations would disappear; refusing to write",
                    removed.len(),
                    comparison.before
                ),
            );
            for change in removed.iter().take(20) {
                problem = problem.line(sentence(change));
            }
            judgement.refusals.push(problem.help(format!(
                "if they were withdrawn, run\ncargo xtask sync-specs {api} --allow-removals"
            )));
        }
    }
    // More than a fifth, in whole numbers.
    if removed.len() * 5 > comparison.before {
        let id = shrinking(&removed);
        let what = format!(
            "{} of {} operations removed",
            removed.len(),
            comparison.before
        );
        let given = agreed.accept.iter().find(|given| names(given, &id));
        if let Some(given) = given {
            unused.remove(given);
            judgement.accepted.push(Accepted { id, change: what });
        } else {
            judgement.refusals.push(
                Problem::error(
                    codes::SHRUNK,
                    format!("more than a fifth of the operations would disappear at once: {what}"),
                )
                .with_note("that is rarely a decision and often an outage")
                .help(format!(
                    "if it is a decision, run\ncargo xtask sync-specs {api} --allow-removals --accept {id}"
                )),
            );
        }
    }
    judgement.unused = unused.into_iter().collect();
    judgement
}

/// The fingerprint of many removals at once: of which operations, whatever else changes.
fn shrinking(removed: &[&Change]) -> String {
    let mut operations: Vec<&str> = removed
        .iter()
        .flat_map(|change| &change.operations)
        .map(String::as_str)
        .collect();
    operations.sort_unstable();
    fingerprint("shrunk", "", &operations.join("\n"))
}

/// Whether what a person typed names a fingerprint: itself, or eight digits of it at least.
fn names(given: &str, id: &str) -> bool {
    given.len() >= 8 && id.starts_with(given)
}

/// Whether a change breaks callers, on the wire or in Rust.
pub fn is_breaking(change: &Change) -> bool {
    change.rule.level == Level::Err || matches!(change.rule.rust, Rust::Breaking | Rust::RunTime)
}

/// A change on one line.
pub fn sentence(change: &Change) -> String {
    let operation = match change.operations.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [one, rest @ ..] => format!("{one} and {} more,", rest.len()),
    };
    let place = if change.place.is_empty() {
        String::new()
    } else {
        format!(" {}:", change.place)
    };
    format!("{operation}{place} {}", change.what)
        .trim()
        .to_owned()
}
