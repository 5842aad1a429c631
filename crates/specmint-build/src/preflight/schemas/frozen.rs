//! Names of types that are published: what stands at a place keeps the name it has there.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use specmint_spec::{diag::Diagnostics, names::Entry, node::escape_pointer};

use super::{
    super::published,
    hoist::Lifted,
    print,
    shape::{Key, Named},
    type_names::{Taken, is_usable},
};

/// The published names that are found again.
#[derive(Default)]
pub(super) struct Frozen {
    /// What is called so.
    pub(super) names: BTreeMap<Key, String>,
    /// Former names, and the second names of what has become one type.
    aliases: Vec<(String, Key)>,
    /// The places of published names that were found.
    pub(super) used: BTreeSet<String>,
    /// The first place of every type, a published one where there is one.
    first: BTreeMap<Key, String>,
}

/// Takes the published names of everything that is still there.
pub(super) fn names(
    named: &Named,
    lifted: &Lifted,
    published: &BTreeMap<String, Entry>,
    taken: &mut Taken,
    diags: &mut Diagnostics,
) -> Frozen {
    let mut out = Frozen::default();
    let mut places: BTreeMap<String, Key> = BTreeMap::new();
    for (at, key) in lifted.places() {
        places.entry(at.to_owned()).or_insert(key);
    }
    // A schema's own place says more than one where an equal schema stands.
    for name in named.keys() {
        places.insert(place(name), Key::Named(name.clone()));
    }
    for (at, key) in &places {
        let decides = match key {
            Key::Named(_) => is_own(at, key),
            Key::Lifted(_) => published.contains_key(at),
        };
        if decides {
            out.first.insert(key.clone(), at.clone());
        } else if matches!(key, Key::Lifted(_)) {
            out.first.entry(key.clone()).or_insert_with(|| at.clone());
        }
    }
    // Own places first, so that a named schema is not called as an equal one elsewhere was.
    let mut found: Vec<(&String, &Entry, &Key)> = published
        .iter()
        .filter_map(|(at, entry)| Some((at, entry, places.get(at)?)))
        .collect();
    found.sort_by_key(|(at, _, key)| !is_own(at, key));
    let mut take = |name: &str, entry: &Entry, diags: &mut Diagnostics| {
        if !is_usable(name) {
            published::unusable(name, "can't be the name of a type", entry.span, diags);
        } else if !taken.exactly(name) {
            published::unusable(name, "names two types", entry.span, diags);
        }
    };
    for (at, entry) in published {
        if published::is_answers(at) {
            for name in std::iter::once(&entry.name).chain(&entry.was) {
                take(name, entry, diags);
            }
        }
    }
    for (at, entry, key) in found {
        out.used.insert(at.clone());
        for was in &entry.was {
            take(was, entry, diags);
            out.aliases.push((was.clone(), key.clone()));
        }
        if out.names.get(key) == Some(&entry.name) {
            continue;
        }
        take(&entry.name, entry, diags);
        match out.names.get(key) {
            // Two types have become one, which keeps both names.
            Some(_) => out.aliases.push((entry.name.clone(), key.clone())),
            None => _ = out.names.insert(key.clone(), entry.name.clone()),
        }
    }
    out
}

/// Whether a place is the one where the document names the schema.
fn is_own(at: &str, key: &Key) -> bool {
    matches!(key, Key::Named(name) if place(name) == at)
}

/// The place of a schema that the document names.
fn place(name: &Rc<str>) -> String {
    match name.strip_prefix('#') {
        Some(pointer) => pointer.to_owned(),
        None => format!("/components/schemas/{}", escape_pointer(name)),
    }
}

impl Frozen {
    /// What stands where.
    pub(super) fn places(&self, names: &print::Names) -> BTreeMap<String, String> {
        self.first
            .iter()
            .map(|(key, at)| (at.clone(), names.of(key).to_owned()))
            .collect()
    }

    /// Former names and what they name.
    pub(super) fn former(&self, names: &print::Names) -> BTreeMap<String, String> {
        self.aliases
            .iter()
            .map(|(alias, key)| (alias.clone(), names.of(key).to_owned()))
            .collect()
    }
}
