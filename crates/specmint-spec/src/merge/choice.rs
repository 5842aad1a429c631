//! One operation on several pages: which page counts.
//!
//! Copies are common: the same page at several dates, in several languages, in both forms. Two
//! pages never mix; one is taken whole, and the rule is the same whatever the order of reading:
//! the `OpenAPI` form before the endpoint form (which says less), the newer version, the fuller
//! page, and then the shorter and alphabetically first page name, which is the default language's.

use std::{
    cell::LazyCell,
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::identity::{self, Depth, Place, Unit, What};
use crate::{
    diag::{Diagnostics, codes::merge as codes},
    fragment::{Form, Fragment},
    node::{Node, Value, escape_pointer},
    page::Sources,
};

/// What decides, the greater the better.
type Rank = (
    bool,
    Vec<Word>,
    Vec<Word>,
    usize,
    Reverse<(usize, String)>,
    Reverse<(u32, u32)>,
);

/// A piece of a version: numbers compare as numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Word {
    Text(String),
    Number(u64),
}

/// The fragment of every operation.
pub(super) fn winners(
    units: &[Unit<'_>],
    whole: &[usize],
    fragments: &[Fragment],
    sources: &Sources,
    diags: &mut Diagnostics,
) -> BTreeMap<Place, usize> {
    let mut candidates: BTreeMap<&Place, Vec<usize>> = BTreeMap::new();
    for (at, unit) in units.iter().enumerate() {
        if let What::Operation(place) = &unit.what {
            candidates.entry(place).or_default().push(at);
        }
    }
    // Only needed to tell how much copies differ, and most sites have none.
    let contract = LazyCell::new(|| identity::classes(units, Depth::Contract));
    let mut winners = BTreeMap::new();
    for (place, mut list) in candidates {
        list.sort_by_cached_key(|at| Reverse(rank(&units[*at], fragments, sources)));
        let Some((best, others)) = list.split_first() else {
            continue;
        };
        winners.insert(place.clone(), units[*best].fragment);
        say(
            place, *best, others, units, whole, &contract, fragments, diags,
        );
    }
    winners
}

fn rank(unit: &Unit<'_>, fragments: &[Fragment], sources: &Sources) -> Rank {
    let fragment = &fragments[unit.fragment];
    let version = fragment
        .root
        .pointer("/info/version")
        .and_then(Node::as_str)
        .unwrap_or_default();
    let spec = fragment.info.spec.as_deref().unwrap_or_default();
    let id = sources
        .get(fragment.page)
        .map(|page| page.id.0.clone())
        .unwrap_or_default();
    (
        fragment.form == Form::OpenApi,
        words(version),
        words(spec),
        size(unit.node),
        Reverse((id.len(), id)),
        Reverse((fragment.span.line, fragment.span.column)),
    )
}

/// `2026-10.v3` → 2026, 10, v, 3.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest
            .find(|c: char| c.is_ascii_digit() != digits)
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        match word.parse() {
            Ok(number) if digits => words.push(Word::Number(number)),
            _ if word.chars().any(char::is_alphanumeric) => {
                words.push(Word::Text(word.to_owned()));
            }
            _ => {}
        }
    }
    words
}

/// How many nodes there are.
fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::Array(nodes) => nodes.iter().map(size).sum(),
        Value::Object(map) => map.values().map(size).sum::<usize>(),
        _ => 0,
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "the caller's tables, each of them once"
)]
fn say(
    place: &Place,
    best: usize,
    others: &[usize],
    units: &[Unit<'_>],
    whole: &[usize],
    contract: &LazyCell<Vec<usize>, impl FnOnce() -> Vec<usize>>,
    fragments: &[Fragment],
    diags: &mut Diagnostics,
) {
    let form = |at: usize| fragments[units[at].fragment].form;
    let mut said = BTreeSet::from([whole[best]]);
    let different: Vec<usize> = others
        .iter()
        .copied()
        .filter(|at| said.insert(whole[*at]))
        .collect();
    if different.is_empty() {
        return;
    }
    let name = format!("{} {}", place.method.to_ascii_uppercase(), place.path);
    let differ_in_substance = different
        .iter()
        .any(|at| form(*at) == form(best) && contract[*at] != contract[best]);
    let diagnostic = if differ_in_substance {
        let message = format!("pages describe `{name}` differently; this one is used");
        diags.warning(codes::OPERATION_DIFFERS, units[best].node.span, message)
    } else {
        let message = format!("several pages describe `{name}`; this one is used");
        diags.note(codes::OPERATION_REPEATED, units[best].node.span, message)
    };
    for at in &different {
        diagnostic.label(units[*at].node.span, "another");
    }
    diagnostic.at(format!(
        "/{}/{}/{}",
        place.section,
        escape_pointer(&place.path),
        place.method
    ));
}
