//! Names of components: equal things once, different things of one name kept apart.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    identity::{Unit, What},
    reference::Component,
};
use crate::{
    diag::{Diagnostics, codes::merge as codes},
    node::{Key, escape_pointer},
    page::Span,
};

/// What becomes of the components of one fragment.
#[derive(Default)]
pub(super) struct Names {
    /// Those that are called differently in the document.
    pub(super) renamed: BTreeMap<Component, Key>,
    /// Those that the document takes from this fragment.
    pub(super) kept: BTreeSet<Component>,
}

/// One meaning of a name.
struct Meaning {
    class: usize,
    uses: usize,
    first: usize,
}

/// Settles the names over all fragments that count; the result is by fragment.
///
/// The name belongs to the meaning that most fragments share, the others are numbered.
pub(super) fn settle(
    units: &[Unit<'_>],
    classes: &[usize],
    live: &BTreeSet<usize>,
    diags: &mut Diagnostics,
) -> BTreeMap<usize, Names> {
    let mut meanings: BTreeMap<&Component, Vec<Meaning>> = BTreeMap::new();
    for (at, unit) in units.iter().enumerate() {
        let What::Component(component) = &unit.what else {
            continue;
        };
        if !live.contains(&unit.fragment) {
            continue;
        }
        let list = meanings.entry(component).or_default();
        match list.iter_mut().find(|meaning| meaning.class == classes[at]) {
            Some(meaning) => meaning.uses += 1,
            None => list.push(Meaning {
                class: classes[at],
                uses: 1,
                first: at,
            }),
        }
    }
    let mut taken: BTreeSet<Component> = meanings.keys().map(|key| (*key).clone()).collect();
    let mut names: BTreeMap<usize, Names> = BTreeMap::new();
    let mut renamed: BTreeMap<(&Component, usize), Key> = BTreeMap::new();
    for (component, list) in &mut meanings {
        list.sort_by_key(|meaning| (std::cmp::Reverse(meaning.uses), meaning.first));
        let mut owner: Option<Span> = None;
        for meaning in list.iter() {
            let unit = &units[meaning.first];
            let first = names.entry(unit.fragment).or_default();
            first.kept.insert((*component).clone());
            let Some(owner) = owner else {
                owner = Some(unit.span);
                continue;
            };
            let name = free_name(component, &mut taken);
            diags
                .note(
                    codes::NAME_TAKEN,
                    unit.span,
                    format!(
                        "`{}` means something else on other pages; here it is called `{name}`",
                        component.1
                    ),
                )
                .label(owner, "the one that keeps the name")
                .at(format!(
                    "/components/{}/{}",
                    component.0,
                    escape_pointer(&name)
                ));
            renamed.insert((component, meaning.class), name);
        }
    }
    for (at, unit) in units.iter().enumerate() {
        let What::Component(component) = &unit.what else {
            continue;
        };
        if let Some(name) = renamed.get(&(component, classes[at])) {
            let names = names.entry(unit.fragment).or_default();
            names.renamed.insert(component.clone(), name.clone());
        }
    }
    names
}

/// `Name2`, or the next number that is free.
fn free_name(component: &Component, taken: &mut BTreeSet<Component>) -> Key {
    let mut number = 2_usize;
    loop {
        let name = Key::from(format!("{}{number}", component.1));
        if taken.insert((component.0.clone(), name.clone())) {
            return name;
        }
        number += 1;
    }
}
