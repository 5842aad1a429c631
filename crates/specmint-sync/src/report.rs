//! What is said at the end, in four forms: terminal, JSON, Markdown, annotations.
//!
//! The rooms below only print; everything they print is collected here.

pub mod changes_file;
mod github;
mod json;
mod markdown;
mod terminal;

use std::{collections::BTreeMap, time::Duration};

use specmint_spec::{diag::Severity, document::Document, node::escape_pointer};

use crate::{
    compare::{Change, Comparison, Level, Rust},
    config::Site,
    lock::Accepted,
    names::Names,
    plan::{Plan, State},
    problem::Problem,
    surface::Difference,
};

pub use github::annotations;
pub use json::{SCHEMA, json};
pub use markdown::markdown;
pub use terminal::{Printed, problem, terminal};

/// How it ended for one API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing to do.
    UpToDate,
    /// Written.
    Wrote,
    /// `--dry-run`: would be written.
    WouldWrite,
    /// `--check`: would be written.
    Drift,
    /// A policy says no.
    Refused,
    /// Something could not be fetched, read or written.
    Failed,
    /// The configuration can't be used.
    Misconfigured,
}

impl Status {
    /// As JSON writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UpToDate => "up-to-date",
            Self::Wrote => "written",
            Self::WouldWrite => "would-write",
            Self::Drift => "drift",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Misconfigured => "misconfigured",
        }
    }
}

/// How many pages became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Pages of the API.
    pub pages: usize,
    /// As committed.
    pub same: usize,
    /// Other prose, the same specification.
    pub prose: usize,
    /// Another specification.
    pub changed: usize,
    /// New.
    pub added: usize,
    /// Gone.
    pub removed: usize,
    /// Not listed, and kept.
    pub kept: usize,
    /// Pinned.
    pub pinned: usize,
    /// Listed, and no specification.
    pub others: usize,
}

impl Counts {
    /// Counts a plan.
    pub fn of(plan: &Plan) -> Self {
        Self {
            pages: plan.pages.len(),
            same: plan.count(State::Same),
            prose: plan.count(State::Prose),
            changed: plan.count(State::Changed),
            added: plan.count(State::Added),
            removed: plan.count(State::Removed),
            kept: plan.count(State::Kept),
            pinned: plan.count(State::Pinned),
            others: plan.others.len(),
        }
    }
}

/// A change, and where to read about it.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The change.
    pub change: Change,
    /// `page:line`.
    pub at: Option<String>,
    /// The page's address.
    pub url: Option<String>,
}

/// Something that reading the pages lost or noted.
#[derive(Clone, Debug)]
pub struct Note {
    /// Its code.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// What happened.
    pub message: String,
    /// `page:line`.
    pub at: Option<String>,
    /// The page's address.
    pub url: Option<String>,
}

/// What a release of the crate has to say about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    /// Nothing that a program sees.
    None,
    /// Documentation and bounds.
    Patch,
    /// More to use.
    Additive,
    /// Something to change.
    Breaking,
}

/// Everything about one API.
#[derive(Clone, Debug)]
pub struct ApiReport {
    /// The API.
    pub api: String,
    /// How it ended.
    pub status: Status,
    /// Its pages.
    pub counts: Counts,
    /// What was fetched, decompressed.
    pub bytes: u64,
    /// How long it took.
    pub took: Duration,
    /// `info.version` before and after.
    pub versions: (Option<String>, Option<String>),
    /// Operations before and after.
    pub operations: (usize, usize),
    /// What changed, worst first.
    pub changes: Vec<Reported>,
    /// How many descriptions, titles and examples changed.
    pub descriptions: usize,
    /// What reading the pages lost or noted.
    pub notes: Vec<Note>,
    /// What went wrong, or is worth saying.
    pub problems: Vec<Problem>,
    /// What became of the Rust surface, where somebody could tell.
    pub surface: Option<Difference>,
    /// The suggested bump.
    pub bump: Bump,
    /// The crate's version, and the next one.
    pub release: Option<(String, String)>,
    /// Which change asks for it.
    pub because: Option<String>,
    /// What was accepted.
    pub accepted: Vec<Accepted>,
    /// Pages written or removed.
    pub wrote_pages: usize,
    /// Whether names were added.
    pub wrote_names: bool,
    /// The text of what changed, page by page.
    pub diffs: BTreeMap<String, String>,
}

impl ApiReport {
    /// A report without anything in it.
    pub fn new(api: &str) -> Self {
        Self {
            api: api.to_owned(),
            status: Status::UpToDate,
            counts: Counts::default(),
            bytes: 0,
            took: Duration::ZERO,
            versions: (None, None),
            operations: (0, 0),
            changes: Vec::new(),
            descriptions: 0,
            notes: Vec::new(),
            problems: Vec::new(),
            surface: None,
            bump: Bump::None,
            release: None,
            because: None,
            accepted: Vec::new(),
            wrote_pages: 0,
            wrote_names: false,
            diffs: BTreeMap::new(),
        }
    }

    /// Takes over a comparison.
    pub fn compared(
        &mut self,
        comparison: &Comparison,
        old: Option<&Document>,
        new: &Document,
        names: &Names,
        place: impl Fn(&Change) -> (Option<String>, Option<String>),
    ) {
        let version = |document: &Document| {
            let version = document.root.get("info")?.get("version")?;
            let text = version.as_str().map(str::to_owned);
            text.or_else(|| version.as_number().map(|n| n.text().to_owned()))
                .map(|v| crate::problem::plain(&v))
        };
        self.versions = (old.and_then(version), version(new));
        self.operations = (comparison.before, comparison.after);
        self.descriptions = comparison.descriptions;
        self.changes = comparison
            .changes
            .iter()
            .map(|change| {
                let (at, url) = place(change);
                let mut change = change.clone();
                change.symbol = symbol(&change, names, new, old);
                Reported { change, at, url }
            })
            .collect();
    }

    /// Suggests a bump.
    pub fn bump(&mut self, crate_version: Option<&str>) {
        let wanted =
            |reported: &Reported| match (reported.change.rule.rust, reported.change.rule.guard) {
                (_, Some(_)) | (Rust::Breaking | Rust::RunTime, _) => Bump::Breaking,
                (Rust::Additive, _) => Bump::Additive,
                (Rust::Unchanged, _) => Bump::Patch,
            };
        let worst = self
            .changes
            .iter()
            .max_by_key(|r| (wanted(r), std::cmp::Reverse(r.change.rule.level)));
        self.bump = worst.map_or(
            if self.descriptions > 0 {
                Bump::Patch
            } else {
                Bump::None
            },
            wanted,
        );
        self.because = worst.map(|r| r.change.id.clone());
        if self.surface.as_ref().is_some_and(Difference::is_breaking) && self.bump < Bump::Breaking
        {
            self.bump = Bump::Breaking;
            self.because = Some("the public outline".to_owned());
        }
        self.release =
            crate_version.and_then(|version| Some((version.to_owned(), next(version, self.bump)?)));
    }

    /// The text of what changed, page by page.
    pub fn diffs(&mut self, site: &Site, plan: &Plan) {
        for (file, page) in &plan.pages {
            if !matches!(
                page.state,
                State::Changed | State::Prose | State::Removed | State::Added
            ) {
                continue;
            }
            let old = site
                .pages
                .get(file)
                .map(|page| String::from_utf8_lossy(&page.bytes));
            let new = String::from_utf8_lossy(&page.bytes);
            let (old, new) = match page.state {
                State::Removed => (new.clone(), "".into()),
                _ => (old.unwrap_or_default(), new),
            };
            // A new API's pages are read as pages; a diff would be all of them.
            if old.is_empty() || old.len() + new.len() > 1 << 20 {
                continue;
            }
            let diff = similar::TextDiff::from_lines(&*old, &*new);
            let text = diff
                .unified_diff()
                .context_radius(2)
                .header(file, file)
                .to_string();
            self.diffs.insert(file.clone(), text);
        }
    }

    /// Notes by code, with how often and where first.
    pub fn counted_notes(&self) -> BTreeMap<&str, (usize, &Note)> {
        let mut counted: BTreeMap<&str, (usize, &Note)> = BTreeMap::new();
        for note in &self.notes {
            counted
                .entry(&note.code)
                .and_modify(|(count, _)| *count += 1)
                .or_insert((1, note));
        }
        counted
    }

    /// The changes in groups: breaking on the wire, breaking in Rust, unclear, compatible.
    fn groups(&self) -> [(&'static str, Vec<&Reported>); 4] {
        let mut groups = [
            ("BREAKING for callers on the wire", Vec::new()),
            ("BREAKING for Rust code", Vec::new()),
            ("UNCLEAR", Vec::new()),
            ("COMPATIBLE", Vec::new()),
        ];
        for reported in &self.changes {
            let rule = reported.change.rule;
            let at = match (rule.level, rule.rust) {
                (Level::Err, _) => 0,
                (_, Rust::Breaking | Rust::RunTime) => 1,
                (Level::Warn, _) => 2,
                (Level::Info, _) => 3,
            };
            groups[at].1.push(reported);
        }
        groups
    }
}

/// The Rust item that a change is about: a method for what belongs to one operation, a type for
/// what belongs to a shared schema.
fn symbol(
    change: &Change,
    names: &Names,
    new: &Document,
    old: Option<&Document>,
) -> Option<String> {
    use heck::{ToPascalCase as _, ToSnakeCase as _};
    if let Some(rest) = change.place.strip_prefix("schema ") {
        let (name, rest) = rest.split_once(" (")?;
        let field = rest.split_once(')').map_or("", |(_, rest)| rest);
        let pointer = format!("/components/schemas/{}", escape_pointer(name));
        let name = names
            .types
            .get(&pointer)
            .map_or_else(|| name.to_pascal_case(), |entry| entry.name.clone());
        let field = field.split(['[', '{', '(']).next().unwrap_or_default();
        let field: Vec<String> = field
            .split('.')
            .filter(|s| !s.is_empty())
            .map(heck::ToSnakeCase::to_snake_case)
            .collect();
        return Some(match field.as_slice() {
            [one] => format!("types::{name}::{one}"),
            _ => format!("types::{name}"),
        });
    }
    let [operation] = change.operations.as_slice() else {
        return None;
    };
    let known = names
        .operations
        .get(operation)
        .map(|entry| entry.name.clone());
    let derived = || {
        let (method, path) = operation.split_once(' ')?;
        let find = |document: &Document| {
            let item = document.root.get("paths")?.get(path)?;
            Some(
                item.get(&method.to_ascii_lowercase())?
                    .get_str("operationId")?
                    .to_snake_case(),
            )
        };
        old.and_then(find).or_else(|| find(new))
    };
    known.or_else(derived).map(|name| format!("Client::{name}"))
}

/// The next version after a bump; before 1.0, what breaks is a minor and everything else a patch.
fn next(version: &str, bump: Bump) -> Option<String> {
    let core = version.split(['-', '+']).next()?;
    let mut numbers = core.split('.').map(str::parse::<u64>);
    let (major, minor, patch) = (
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
        numbers.next()?.ok()?,
    );
    Some(match (bump, major) {
        (Bump::None, _) => version.to_owned(),
        (Bump::Breaking, 0) | (Bump::Additive, 1..) => format!("{major}.{}.0", minor + 1),
        (Bump::Breaking, _) => format!("{}.0.0", major + 1),
        (Bump::Patch | Bump::Additive, _) => format!("{major}.{minor}.{}", patch + 1),
    })
}

/// `METHOD /path` and the place in it.
fn subject(change: &Change) -> String {
    match change.operations.as_slice() {
        [] => "the API".to_owned(),
        [one] => one.clone(),
        [one, rest @ ..] => format!("{one} and {} more", rest.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_version_follows_the_bump() {
        for (version, bump, expected) in [
            ("0.6.2", Bump::Breaking, Some("0.7.0")),
            ("0.6.2", Bump::Additive, Some("0.6.3")),
            ("0.6.2", Bump::Patch, Some("0.6.3")),
            ("0.6.2", Bump::None, Some("0.6.2")),
            ("1.6.2", Bump::Breaking, Some("2.0.0")),
            ("1.6.2", Bump::Additive, Some("1.7.0")),
            ("1.6.2", Bump::Patch, Some("1.6.3")),
            ("1.6.2-rc.1", Bump::Patch, Some("1.6.3")),
            ("one", Bump::Patch, None),
        ] {
            assert_eq!(
                next(version, bump).as_deref(),
                expected,
                "{version} {bump:?}"
            );
        }
    }
}
