//! The report for programs: versioned, with a published schema, and without time in it.

use serde_json::{Value, json as object};

use super::{ApiReport, Bump, Reported};
use crate::run::Exit;

/// The JSON Schema of the report.
pub const SCHEMA: &str = include_str!("../../report.schema.json");

/// All reports as one JSON text.
pub fn json(reports: &[ApiReport], exit: Exit) -> String {
    let value = object!({
        "version": 1,
        "tool": crate::TOOL,
        "exit": exit.code(),
        "apis": reports.iter().map(api).collect::<Vec<_>>(),
    });
    // A tree of texts and numbers can always be written.
    serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
}

fn api(report: &ApiReport) -> Value {
    let counts = &report.counts;
    object!({
        "api": report.api,
        "status": report.status.as_str(),
        "pages": {
            "all": counts.pages, "same": counts.same, "prose": counts.prose, "changed": counts.changed,
            "added": counts.added, "removed": counts.removed, "kept": counts.kept,
            "pinned": counts.pinned, "others": counts.others,
        },
        "api_version": { "old": report.versions.0, "new": report.versions.1 },
        "operations": { "old": report.operations.0, "new": report.operations.1 },
        "changes": report.changes.iter().map(change).collect::<Vec<_>>(),
        "descriptions": report.descriptions,
        "notes": report.notes.iter().map(|note| object!({
            "code": note.code, "severity": note.severity.as_str(), "message": note.message,
            "at": note.at, "url": note.url,
        })).collect::<Vec<_>>(),
        "problems": report.problems.iter().map(|problem| object!({
            "code": problem.code.0, "severity": problem.severity.as_str(), "message": problem.message,
            "at": problem.at, "lines": problem.lines, "note": problem.note, "help": problem.help,
        })).collect::<Vec<_>>(),
        "rust": report.surface.as_ref().map(|surface| object!({
            "breaking": surface.is_breaking(), "removed": surface.removed, "added": surface.added,
        })),
        "bump": {
            "kind": match report.bump {
                Bump::None => "none",
                Bump::Patch => "patch",
                Bump::Additive => "additive",
                Bump::Breaking => "breaking",
            },
            "from": report.release.as_ref().map(|(from, _)| from),
            "to": report.release.as_ref().map(|(_, to)| to),
            "because": report.because,
        },
        "accepted": report.accepted.iter().map(|a| object!({ "id": a.id, "change": a.change })).collect::<Vec<_>>(),
    })
}

fn change(reported: &Reported) -> Value {
    let change = &reported.change;
    object!({
        "id": change.id,
        "rule": change.rule.id,
        "wire": change.rule.level.as_str(),
        "rust": change.rule.rust.as_str(),
        "guarded": change.rule.guard.is_some(),
        "operations": change.operations,
        "place": change.place,
        "what": change.what,
        "old": change.old,
        "new": change.new,
        "rust_types": change.rust_types,
        "symbol": change.symbol,
        "at": reported.at,
        "url": reported.url,
    })
}
