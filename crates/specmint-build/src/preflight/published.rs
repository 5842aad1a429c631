//! Published names: those of `names.lock`, which nothing takes away.
//!
//! What has a name there keeps it, under whatever id or heading it appears now; everything else is
//! named by rule around these. A former name becomes a deprecated alias, and so does the second
//! name of two types that have become one.

use std::collections::{BTreeMap, BTreeSet};

use specmint_spec::{
    diag::{Code, Diagnostics, Reported},
    document::{Lowered, OperationKey},
    names::{self, Entry, Names},
    page::Span,
};

use crate::{Settings, model::Api};

use super::{ident, names::RESERVED, operations::PRELUDE};

/// A published name that can't be used.
pub const UNUSABLE: Code = Code("P0111");
/// A published name that fits nothing any more.
pub const UNUSED: Code = Code("P0112");

/// The place of the type of all error bodies.
pub(super) const ERRORS: &str = "/components/responses";

/// The place of the type of all answers of an operation.
pub(super) fn answers(operation: &str) -> String {
    format!("{operation}/responses")
}

/// Whether a place is that of answers rather than of a schema.
pub(super) fn is_answers(place: &str) -> bool {
    place.ends_with("/responses")
        && !place.starts_with("/components/schemas/")
        && !place.contains("/properties/")
}

/// The published names of the operations that are there.
#[derive(Clone, Debug, Default)]
pub(super) struct Methods {
    entries: BTreeMap<String, Entry>,
    /// Names and former names.
    names: BTreeSet<String>,
    /// Their builders.
    builders: BTreeSet<String>,
}

impl Methods {
    /// Takes what fits the operations, and says what doesn't.
    pub(super) fn of<'a>(
        published: &Names,
        operations: impl Iterator<Item = &'a OperationKey>,
        diags: &mut Diagnostics,
    ) -> Self {
        let here: BTreeSet<String> = operations.map(names::operation).collect();
        let mut out = Self::default();
        let mut builders: BTreeMap<String, Span> = BTreeMap::new();
        for (key, entry) in &published.operations {
            let of_choice = || {
                let (operation, _) = key.rsplit_once(' ')?;
                here.contains(operation).then_some(())
            };
            if !here.contains(key) && of_choice().is_none() {
                unused(key, entry, diags);
                continue;
            }
            for name in std::iter::once(&entry.name).chain(&entry.was) {
                let builder = ident::builder(name);
                let good = ident::snake(name) == *name
                    && !RESERVED.contains(&name.as_str())
                    && !PRELUDE.contains(&builder.as_str());
                if !good {
                    unusable(name, "can't be the name of a method", entry.span, diags);
                } else if let Some(other) = builders.insert(builder.clone(), entry.span) {
                    unusable(name, "names two operations", entry.span, diags)
                        .label(other, "the other one");
                }
                out.names.insert(name.clone());
                out.builders.insert(builder);
            }
            out.entries.insert(key.clone(), entry.clone());
        }
        out
    }

    /// The entry of an operation.
    pub(super) fn get(&self, key: &OperationKey) -> Option<&Entry> {
        self.entries.get(&names::operation(key))
    }

    /// The entry of one of an operation's bodies.
    pub(super) fn choice(&self, key: &OperationKey, media_type: &str) -> Option<&Entry> {
        self.entries.get(&names::choice(key, media_type))
    }

    /// Whether a name is, or was, that of something published.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Whether a builder is, or was, that of something published.
    pub(super) fn has_builder(&self, builder: &str) -> bool {
        self.builders.contains(builder)
    }
}

/// Says that a published name can't be used: nothing is generated under another one instead.
pub(super) fn unusable<'a>(
    name: &str,
    why: &str,
    span: Span,
    diags: &'a mut Diagnostics,
) -> &'a mut specmint_spec::diag::Diagnostic {
    diags
        .error(UNUSABLE, span, format!("`{name}` {why}"))
        .help("correct `names.lock`, or restore it from version control")
}

/// Says that a published name fits nothing.
pub(super) fn unused(key: &str, entry: &Entry, diags: &mut Diagnostics) {
    let message = format!(
        "nothing stands at `{key}` any more; `{}` is kept",
        entry.name
    );
    diags.note(UNUSED, entry.span, message);
}

/// What everything that callers can name is called: what `names.lock` is to hold.
pub fn names(
    lowered: &Lowered,
    settings: &Settings,
    diags: &mut Diagnostics,
) -> Result<Names, Reported> {
    let (api, types, _) = super::model(lowered, settings, diags)?;
    Ok(of(&api, types.published))
}

fn of(api: &Api, mut types: BTreeMap<String, String>) -> Names {
    let mut out = Names::default();
    let mut seen = BTreeSet::new();
    for operation in &api.operations {
        let key = match &operation.body {
            // The first choice is the operation itself.
            Some(body) if !seen.insert(&operation.key) => {
                names::choice(&operation.key, &body.media_type)
            }
            _ => {
                seen.insert(&operation.key);
                names::operation(&operation.key)
            }
        };
        out.operations.insert(key, Entry::new(&operation.rust));
        if let Some(name) = &operation.outcome.several {
            types.insert(answers(&operation.pointer), name.clone());
        }
    }
    if let Some(name) = &api.error_enum {
        types.insert(ERRORS.to_owned(), name.clone());
    }
    out.types = types
        .into_iter()
        .map(|(at, name)| (at, Entry::new(name)))
        .collect();
    out
}
