//! `$id`, `$anchor`, `$dynamicAnchor`: other names of places.
//!
//! 3.1: a schema with `$id` is a resource of its own, and references inside it are relative to it.
//! 3.0: knows none of them.
//! Here: a table of all of them, by which references are settled; [`super::dialect`] removes them.
//! Lost: nothing.

use std::collections::HashMap;

use crate::{
    lower::{
        pointer::Pointer,
        references::decode,
        walk::{self, Kind},
    },
    node::Node,
};

/// Every name found, with the pointer it stands for.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    /// Schemas with `$id`: pointer and identifier, in the order of the document.
    resources: Vec<(String, String)>,
    by_place: HashMap<String, usize>,
    by_id: HashMap<String, usize>,
    named: HashMap<String, Vec<String>>,
    dynamic: HashMap<String, Vec<String>>,
}

impl Anchors {
    /// Looks through the whole document.
    pub(super) fn find(root: &mut Node) -> Self {
        let mut found = Self::default();
        walk::each(
            root,
            Kind::Root,
            &mut Pointer::default(),
            &mut |node, kind, at| {
                if kind != Kind::Schema {
                    return;
                }
                if let Some(id) = node
                    .get_str("$id")
                    .or_else(|| node.get_str("id").filter(is_uri))
                {
                    if let Some(anchor) = id.strip_prefix('#') {
                        found
                            .named
                            .entry(anchor.to_owned())
                            .or_default()
                            .push(at.to_string());
                    } else {
                        let index = found.resources.len();
                        let id = id.trim_end_matches('#').to_owned();
                        found.by_place.insert(at.to_string(), index);
                        found.by_id.entry(id.clone()).or_insert(index);
                        found.resources.push((at.to_string(), id));
                    }
                }
                if let Some(anchor) = node.get_str("$anchor") {
                    found
                        .named
                        .entry(anchor.to_owned())
                        .or_default()
                        .push(at.to_string());
                }
                if let Some(anchor) = node.get_str("$dynamicAnchor") {
                    found
                        .dynamic
                        .entry(anchor.to_owned())
                        .or_default()
                        .push(at.to_string());
                }
            },
        );
        found
    }

    /// The resource a place belongs to: the nearest schema above it with an `$id`.
    pub(super) fn base(&self, pointer: &str) -> Option<usize> {
        if self.resources.is_empty() {
            return None;
        }
        let mut place = pointer;
        loop {
            if let Some(&index) = self.by_place.get(place) {
                return Some(index);
            }
            place = &place[..place.rfind('/')?];
        }
    }

    /// The pointer a reference stands for; not checked to lead anywhere but where it had a choice.
    pub(super) fn locate(&self, root: &Node, base: Option<usize>, text: &str) -> Option<String> {
        let (uri, fragment) = text.split_once('#').unwrap_or((text, ""));
        let resource = if uri.is_empty() {
            base
        } else {
            Some(self.resource(base, uri)?)
        };
        let place = resource
            .and_then(|index| self.resources.get(index))
            .map(|(place, _)| place);
        let fragment = decode(fragment);
        if fragment.is_empty() {
            return place.cloned();
        }
        if fragment.starts_with('/') {
            // Strictly relative to the resource, in practice often to the document.
            let below = place.map(|place| format!("{place}{fragment}"));
            return below
                .filter(|pointer| root.pointer(pointer).is_some())
                .or(Some(fragment));
        }
        let inside = |places: &&Vec<String>| {
            let near = place.and_then(|place| places.iter().find(|p| is_below(p, place)));
            near.or_else(|| places.first()).cloned()
        };
        self.named
            .get(&fragment)
            .as_ref()
            .and_then(inside)
            .or_else(|| self.dynamic.get(&fragment).as_ref().and_then(inside))
    }

    /// Every place a `$dynamicAnchor` of this name stands at.
    pub(super) fn dynamic(&self, name: &str) -> &[String] {
        self.dynamic.get(name).map_or(&[], Vec::as_slice)
    }

    /// The resource that a URI names: by its whole identifier, or by the same relative to a base.
    fn resource(&self, base: Option<usize>, uri: &str) -> Option<usize> {
        let by_id = |uri: &str| self.by_id.get(uri).copied();
        by_id(uri)
            .or_else(|| {
                let (_, id) = self.resources.get(base?)?;
                let folder = id.rfind('/').map_or("", |at| &id[..=at]);
                by_id(&format!("{folder}{uri}"))
            })
            .or_else(|| {
                // `$id: https://acme.test/pet` referred to as `pet` or `/pet`, or the other way round.
                let last = |uri: &str| uri.rsplit('/').next().unwrap_or_default().to_owned();
                let name = last(uri);
                let mut same = self
                    .resources
                    .iter()
                    .enumerate()
                    .filter(|(_, (_, id))| last(id) == name);
                let (index, _) = same.next()?;
                same.next().is_none().then_some(index)
            })
    }
}

/// `id` is how older dialects write `$id`; anything else of that name is no business of ours.
fn is_uri(text: &&str) -> bool {
    text.contains("://") || text.starts_with('#')
}

fn is_below(pointer: &str, place: &str) -> bool {
    pointer
        .strip_prefix(place)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
