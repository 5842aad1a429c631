//! The table of changes: how bad each is on the wire and in Rust, and what it asks of a version.

use super::Guard;

/// The verdict on the wire, worst first; the words are oasdiff's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Definitely breaks some callers.
    Err,
    /// Can't be decided from the document.
    Warn,
    /// Compatible.
    Info,
}

impl Level {
    /// `ERR`, `WARN` or `INFO`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Err => "ERR",
            Self::Warn => "WARN",
            Self::Info => "INFO",
        }
    }
}

/// The verdict on our Rust surface, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rust {
    /// Code that compiled may not any more.
    Breaking,
    /// It compiles, and fails when it runs.
    RunTime,
    /// There is more to use.
    Additive,
    /// Documentation only, or nothing.
    Unchanged,
}

impl Rust {
    /// As reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::RunTime => "run time",
            Self::Additive => "additive",
            Self::Unchanged => "unchanged",
        }
    }
}

/// A kind of change.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub id: &'static str,
    /// On the wire.
    pub level: Level,
    /// In Rust.
    pub rust: Rust,
    /// Whether it needs more than being seen.
    pub guard: Option<Guard>,
}

const fn row(id: &'static str, level: Level, rust: Rust) -> Rule {
    Rule {
        id,
        level,
        rust,
        guard: None,
    }
}

const fn guarded(id: &'static str, level: Level, rust: Rust, guard: Guard) -> Rule {
    Rule {
        id,
        level,
        rust,
        guard: Some(guard),
    }
}

use Level::{Err, Info, Warn};
use Rust::{Additive, Breaking, RunTime, Unchanged};

/// Every kind of change.
pub const RULES: &[Rule] = &[
    row("operation-added", Info, Additive),
    guarded("operation-removed", Err, Breaking, Guard::Removal),
    guarded(
        "deprecated-operation-removed",
        Info,
        Breaking,
        Guard::Removal,
    ),
    row("operation-deprecated", Info, Unchanged),
    row("operation-undeprecated", Info, Unchanged),
    row("operation-id-changed", Info, Unchanged),
    row("tags-changed", Info, Unchanged),
    guarded("server-changed", Err, Unchanged, Guard::Server),
    guarded("credentials-changed", Err, Breaking, Guard::Credentials),
    row("parameter-added-required", Err, RunTime),
    row("parameter-added", Info, Additive),
    row("parameter-removed", Warn, Breaking),
    row("parameter-became-required", Err, RunTime),
    row("parameter-became-optional", Info, Unchanged),
    row("parameter-deprecated", Info, Unchanged),
    row("parameter-serialization-changed", Err, Unchanged),
    row("request-body-added-required", Err, RunTime),
    row("request-body-added", Info, Additive),
    row("request-body-removed", Err, Breaking),
    row("request-body-became-required", Err, RunTime),
    row("request-body-became-optional", Info, Unchanged),
    row("request-media-type-added", Info, Additive),
    row("request-media-type-removed", Err, Breaking),
    row("success-status-added", Info, Breaking),
    row("success-status-removed", Err, Breaking),
    row("error-status-added", Info, Additive),
    row("error-status-removed", Info, Unchanged),
    row("response-body-added", Info, Breaking),
    row("response-body-removed", Err, Breaking),
    row("response-media-type-added", Info, Breaking),
    row("response-media-type-removed", Err, Breaking),
    row("response-header-added", Info, Unchanged),
    row("response-header-removed", Warn, Unchanged),
    row("required-response-header-removed", Err, Unchanged),
    row("request-property-added-required", Err, Breaking),
    row("request-property-added", Info, Additive),
    row("request-property-removed", Warn, Breaking),
    row("request-property-became-required", Err, Breaking),
    row("request-property-became-optional", Info, Breaking),
    row("response-property-added", Info, Additive),
    row("response-required-property-removed", Err, Breaking),
    row("response-optional-property-removed", Warn, Breaking),
    row("response-property-became-optional", Err, Breaking),
    row("response-property-became-required", Info, Breaking),
    row("request-became-nullable", Info, Breaking),
    row("request-became-not-nullable", Err, Breaking),
    row("response-became-nullable", Err, Breaking),
    row("response-became-not-nullable", Info, Breaking),
    row("request-type-changed", Err, Breaking),
    row("request-type-generalized", Info, Breaking),
    row("response-type-changed", Err, Breaking),
    row("response-type-specialized", Info, Breaking),
    row("request-format-changed", Err, Breaking),
    row("response-format-changed", Err, Breaking),
    row("format-changed-same-type", Warn, Unchanged),
    row("request-enum-value-added", Info, Additive),
    row("request-enum-value-removed", Err, Breaking),
    row("response-enum-value-added", Warn, Additive),
    row("response-enum-value-removed", Info, Breaking),
    row("request-became-enum", Err, Breaking),
    row("request-became-not-enum", Info, Breaking),
    row("response-became-enum", Info, Breaking),
    row("response-became-not-enum", Warn, Breaking),
    row("request-bound-tightened", Err, Unchanged),
    row("request-bound-relaxed", Info, Unchanged),
    row("response-bound-relaxed", Warn, Unchanged),
    row("response-bound-tightened", Info, Unchanged),
    row("request-pattern-changed", Warn, Unchanged),
    row("response-pattern-changed", Info, Unchanged),
    row("request-alternative-added", Info, Additive),
    row("request-alternative-removed", Err, Breaking),
    row("response-alternative-added", Err, Additive),
    row("response-alternative-removed", Info, Breaking),
    row("discriminator-changed", Warn, Breaking),
    row("additional-properties-changed", Warn, Breaking),
    row("request-default-changed", Warn, Unchanged),
    row("response-default-changed", Info, Unchanged),
    row("access-changed", Warn, Breaking),
    row("property-deprecated", Info, Unchanged),
    row("schema-changed", Warn, Breaking),
];

/// A rule by its name.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}
