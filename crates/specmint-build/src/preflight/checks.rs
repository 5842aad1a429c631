//! Bounds of parameters and request bodies, which the runtime holds every request against.
//!
//! They are read from the schema where it is used, not from types: equal types may have different
//! bounds in different places. Answers are never checked, so nothing of them is read here.

use std::collections::BTreeSet;

use specmint_spec::node::{Map, Node, escape_pointer};

use crate::model::{Bound, Check};

/// Levels of nesting below which bounds are documentation only.
const MAX_DEPTH: usize = 12;

/// The most checks of one value; what is beyond is documentation only.
const MAX_CHECKS: usize = 64;

/// Schemas looked at for one value.
const MAX_SCHEMAS: usize = 4096;

/// The bounds of a value of this schema.
pub(super) fn of(root: &Node, schema: &Node) -> Vec<Check> {
    let mut walk = Walk {
        root,
        seen: 0,
        within: BTreeSet::new(),
        checks: Vec::new(),
    };
    walk.schema(schema, "", 0);
    walk.checks.truncate(MAX_CHECKS);
    walk.checks
}

struct Walk<'a> {
    root: &'a Node,
    seen: usize,
    /// The references that lead here: a type in itself is looked at once.
    within: BTreeSet<&'a str>,
    checks: Vec<Check>,
}

impl<'a> Walk<'a> {
    fn schema(&mut self, node: &'a Node, at: &str, depth: usize) {
        self.seen += 1;
        if depth > MAX_DEPTH || self.seen > MAX_SCHEMAS || self.checks.len() >= MAX_CHECKS {
            return;
        }
        let Some(map) = node.as_object() else { return };
        if let Some(reference) = map.get("$ref").and_then(Node::as_str) {
            let target = reference
                .strip_prefix('#')
                .and_then(|target| self.root.pointer(target));
            if let Some(target) = target
                && self.within.insert(reference)
            {
                self.schema(target, at, depth + 1);
                self.within.remove(reference);
            }
            return;
        }
        if map.get("readOnly").and_then(Node::as_bool) == Some(true) {
            return;
        }
        self.bounds(map, at);
        for (name, property) in map
            .get("properties")
            .and_then(Node::as_object)
            .into_iter()
            .flatten()
        {
            self.schema(
                property,
                &format!("{at}/{}", escape_pointer(name)),
                depth + 1,
            );
        }
        // With properties beside it, `*` would be theirs, too.
        let values = ["items", "additionalProperties"];
        if !map.contains_key("properties") {
            for inner in values.iter().filter_map(|key| map.get(key)) {
                self.schema(inner, &format!("{at}/*"), depth + 1);
            }
        }
        for part in map
            .get("allOf")
            .and_then(Node::as_array)
            .into_iter()
            .flatten()
        {
            self.schema(part, at, depth + 1);
        }
        // What holds for one branch holds for no other.
        for keyword in ["oneOf", "anyOf"] {
            if let Some([only]) = map.get(keyword).and_then(Node::as_array) {
                self.schema(only, at, depth + 1);
            }
        }
    }

    fn bounds(&mut self, map: &Map, at: &str) {
        if map.contains_key("enum") {
            return;
        }
        let number = |key: &str| match map.get(key)?.as_number()?.value().as_f64() {
            // Beyond what 64 bits hold nothing is left to check.
            Some(limit) if limit.abs() < 9.2e18 => Some(limit),
            _ => None,
        };
        let count = |key: &str| usize::try_from(map.get(key)?.as_number()?.value().as_u64()?).ok();
        let exclusive = |key: &str| map.get(key).and_then(Node::as_bool) == Some(true);
        let kind = map.get("type").and_then(Node::as_str).unwrap_or_default();
        let mut found = Vec::new();
        match kind {
            "integer" | "number" => {
                let (least, most) = (number("minimum"), number("maximum"));
                if least.zip(most).is_some_and(|(least, most)| least > most) {
                    return;
                }
                found.extend(least.map(|limit| {
                    if exclusive("exclusiveMinimum") {
                        Bound::Above(limit)
                    } else {
                        Bound::AtLeast(limit)
                    }
                }));
                found.extend(most.map(|limit| {
                    if exclusive("exclusiveMaximum") {
                        Bound::Below(limit)
                    } else {
                        Bound::AtMost(limit)
                    }
                }));
            }
            // Moments, days and the like are printed by their types; files are no texts.
            "string" if !has_type(map) => {
                let (least, most) = (count("minLength"), count("maxLength"));
                if least.zip(most).is_some_and(|(least, most)| least > most) {
                    return;
                }
                found.extend(least.filter(|limit| *limit > 0).map(Bound::MinChars));
                found.extend(most.map(Bound::MaxChars));
            }
            "array" => {
                let (least, most) = (count("minItems"), count("maxItems"));
                if least.zip(most).is_some_and(|(least, most)| least > most) {
                    return;
                }
                found.extend(least.filter(|limit| *limit > 0).map(Bound::MinItems));
                found.extend(most.map(Bound::MaxItems));
            }
            _ => {}
        }
        for bound in found {
            let check = Check {
                at: at.to_owned(),
                bound,
            };
            if !self.checks.contains(&check) {
                self.checks.push(check);
            }
        }
    }
}

/// Whether the type of a text is more than `String`.
fn has_type(map: &Map) -> bool {
    matches!(
        map.get("format").and_then(Node::as_str),
        Some("date-time" | "date" | "uuid" | "binary")
    )
}
