//! What many pages show, in the idioms of 3.1: once for all of them.
//!
//! A component about which there is something to say becomes every page's own, so that it is said
//! where it stands.

use std::{collections::HashMap, sync::Arc};

use rustc_hash::FxBuildHasher;

use super::{
    block, dialect,
    tally::Tally,
    upgrade::{self, Dialect},
};
use crate::{
    fragment::Fragment,
    node::{Key, Node},
    parallel,
    shared::{self, Fate},
    walk::{self, Kind, Path},
};

/// How long a component is, more or less.
const USUAL_BYTES: usize = 1024;

/// The trees that stay shared, by what they were: each in the section and dialect it stands in.
///
/// A tree is told from others by its address; the fragments hold it until it is replaced.
pub(super) struct Upgraded(HashMap<(usize, Dialect), Sections, FxBuildHasher>);

/// What became of a tree in each section; `None` where it is no longer shared.
type Sections = Vec<(Key, Option<Arc<Node>>)>;

impl Upgraded {
    /// Brings every shared tree into the idioms of 3.1.
    pub(super) fn of(fragments: &[Fragment]) -> Self {
        let mut known: HashMap<_, Sections, _> = HashMap::default();
        let mut all = Vec::new();
        for fragment in fragments {
            let Some(dialect) = dialect(fragment) else {
                continue;
            };
            for (section, name, copy) in fragment.copies.iter() {
                let key = (address(&copy.tree), dialect);
                let sections = known.entry(key).or_default();
                if sections.iter().all(|(known, _)| known != section) {
                    sections.push((section.clone(), None));
                    all.push((key, section, name, &copy.tree));
                }
            }
        }
        let bytes = all.len() * USUAL_BYTES;
        let upgraded = parallel::map(all, bytes, |(key, section, name, tree)| {
            (key, section, upgrade(tree, section, name, key.1))
        });
        for (key, section, tree) in upgraded {
            let sections = known.entry(key).or_default();
            if let Some(entry) = sections.iter_mut().find(|(known, _)| known == section) {
                entry.1 = tree;
            }
        }
        Self(known)
    }

    /// Gives a fragment the upgraded trees, and makes those its own that are to be looked at.
    pub(super) fn apply(&self, fragment: &mut Fragment, dialect: Dialect) {
        let Fragment { copies, root, .. } = fragment;
        copies.put(root, |section, _, tree| {
            let sections = self.0.get(&(address(&tree), dialect));
            let known = sections
                .into_iter()
                .flatten()
                .find(|(known, _)| known == section);
            match known.and_then(|(_, upgraded)| upgraded.clone()) {
                Some(upgraded) => Fate::Stays(upgraded),
                None => Fate::Put(tree),
            }
        });
    }
}

fn address(tree: &Arc<Node>) -> usize {
    Arc::as_ptr(tree).addr()
}

/// A tree in the idioms of 3.1; `None` where a stage would have to say something of it, or finds
/// in it what leads to other files.
fn upgrade(tree: &Node, section: &str, name: &str, dialect: Dialect) -> Option<Arc<Node>> {
    let mut document = shared::document(section, name, tree.clone());
    let mut is_plain = true;
    block::damaged(&document, &mut |_, _| is_plain = false);
    let mut tally = Tally::default();
    upgrade::tree(
        &mut document,
        Kind::Document,
        dialect,
        &Path::start(""),
        &mut tally,
    );
    if !is_plain || !tally.is_empty() || !walk::is_self_contained(&document) {
        return None;
    }
    shared::taken(document, section, name).map(Arc::new)
}
