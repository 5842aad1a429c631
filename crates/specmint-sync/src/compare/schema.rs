//! One schema before and after, in one direction.
//!
//! A schema is looked at as what it means: `nullable` is the type `null`, `const` is an enum of one,
//! the members of `allOf` are one object. References are followed; where both sides name the same
//! shared schema, the place is that schema's, so that a change seen from fifty operations is one.

mod view;

use std::collections::{BTreeMap, BTreeSet};

use specmint_spec::node::{Node, Value};

use self::view::{View, rust_types};
use super::{Compare, Direction, Seen, below, operation::flag, resolve, shown};

/// Levels that schemas are followed into one another.
const MAX_DEPTH: usize = 48;

/// Pairs of schemas that were compared already, or are being compared.
type Walked = BTreeSet<(String, String, Direction)>;

impl<'d> Compare<'d> {
    pub(super) fn schema(
        &mut self,
        place: &str,
        direction: Direction,
        old: &'d Node,
        new: &'d Node,
    ) {
        self.pair(place, direction, old, new, &mut Walked::new(), 0);
    }

    fn pair(
        &mut self,
        place: &str,
        direction: Direction,
        old: &'d Node,
        new: &'d Node,
        walked: &mut Walked,
        depth: usize,
    ) {
        if depth > MAX_DEPTH {
            return;
        }
        let (old, old_name) = resolve(self.old, old);
        let (new, new_name) = resolve(self.new, new);
        let mut place = place.to_owned();
        if let (Some(a), Some(b)) = (old_name, new_name) {
            if a == b && !self.touched.contains(a) {
                return;
            }
            if !walked.insert((a.to_owned(), b.to_owned(), direction)) {
                return;
            }
            if a == b {
                let way = match direction {
                    Direction::Request => "in requests",
                    Direction::Response => "in answers",
                };
                place = format!("schema {a} ({way})");
            }
        }
        let before = View::of(self.old, old);
        let after = View::of(self.new, new);
        self.descriptions_of(old, new, &place);
        self.types(&place, direction, &before, &after);
        self.values(&place, direction, &before, &after);
        self.bounds(&place, direction, &before, &after);
        self.rest(&place, direction, &before, &after);
        self.properties(&place, direction, &before, &after, walked, depth);
        for (key, suffix) in [
            ("items", "[]"),
            ("additionalProperties", "{}"),
            ("not", "(not)"),
        ] {
            if let (Some(old), Some(new)) = (before.schema(key), after.schema(key)) {
                self.pair(
                    &format!("{place}{suffix}"),
                    direction,
                    old,
                    new,
                    walked,
                    depth + 1,
                );
            }
        }
        self.alternatives(&place, direction, &before, &after, walked, depth);
    }

    fn types(&mut self, place: &str, direction: Direction, old: &View<'d>, new: &View<'d>) {
        let request = direction == Direction::Request;
        if old.nullable != new.nullable && old.known() && new.known() {
            let rule = match (request, new.nullable) {
                (true, true) => "request-became-nullable",
                (true, false) => "request-became-not-nullable",
                (false, true) => "response-became-nullable",
                (false, false) => "response-became-not-nullable",
            };
            let what = if new.nullable {
                "became nullable"
            } else {
                "no longer nullable"
            };
            self.see(Seen::new(rule, place, what).spans(Some(old.node), Some(new.node)));
        }
        if old.types != new.types {
            let rule = if widens(&old.types, &new.types) {
                if request {
                    "request-type-generalized"
                } else {
                    "response-type-changed"
                }
            } else if widens(&new.types, &old.types) {
                if request {
                    "request-type-changed"
                } else {
                    "response-type-specialized"
                }
            } else if request {
                "request-type-changed"
            } else {
                "response-type-changed"
            };
            let (a, b) = (words(&old.types), words(&new.types));
            let mut seen = Seen::new(rule, place, format!("{a} → {b}"))
                .values(Some(&a), Some(&b))
                .spans(
                    old.node.get("type"),
                    new.node.get("type").or(Some(new.node)),
                );
            seen.rust_types = rust_types(old, new);
            self.see(seen);
        } else if old.format() != new.format() {
            let rust_types = rust_types(old, new);
            let rule = match (&rust_types, request) {
                (None, _) => "format-changed-same-type",
                (Some(_), true) => "request-format-changed",
                (Some(_), false) => "response-format-changed",
            };
            let (a, b) = (
                old.format().unwrap_or("none"),
                new.format().unwrap_or("none"),
            );
            let mut seen = Seen::new(rule, place, format!("format {a} → {b}"))
                .values(Some(a), Some(b))
                .spans(
                    old.node.get("format"),
                    new.node.get("format").or(Some(new.node)),
                );
            seen.rust_types = rust_types;
            self.see(seen);
        }
    }

    fn values(&mut self, place: &str, direction: Direction, old: &View<'d>, new: &View<'d>) {
        let request = direction == Direction::Request;
        let at = new
            .node
            .get("enum")
            .or_else(|| new.node.get("const"))
            .or(Some(new.node));
        match (&old.values, &new.values) {
            (Some(before), Some(after)) => {
                for (value, node) in after {
                    if !before.contains_key(value) {
                        let rule = if request {
                            "request-enum-value-added"
                        } else {
                            "response-enum-value-added"
                        };
                        let seen = Seen::new(rule, place, format!("enum + {value}"))
                            .values(None, Some(value))
                            .spans(None, Some(node));
                        self.see(seen);
                    }
                }
                for value in before.keys().filter(|value| !after.contains_key(*value)) {
                    let rule = if request {
                        "request-enum-value-removed"
                    } else {
                        "response-enum-value-removed"
                    };
                    let seen = Seen::new(rule, place, format!("enum - {value}"))
                        .values(Some(value), None)
                        .spans(None, at);
                    self.see(seen);
                }
            }
            (None, Some(after)) => {
                let rule = if request {
                    "request-became-enum"
                } else {
                    "response-became-enum"
                };
                let values: Vec<&str> = after.keys().map(String::as_str).collect();
                let what = format!("any value → one of {}", values.join(", "));
                self.see(Seen::new(rule, place, what).spans(None, at));
            }
            (Some(_), None) => {
                let rule = if request {
                    "request-became-not-enum"
                } else {
                    "response-became-not-enum"
                };
                self.see(Seen::new(rule, place, "listed values → any value").spans(None, at));
            }
            (None, None) => {}
        }
    }

    fn bounds(&mut self, place: &str, direction: Direction, old: &View<'d>, new: &View<'d>) {
        let request = direction == Direction::Request;
        // The key, and whether more of it allows more.
        for (key, upper) in [
            ("maxLength", true),
            ("minLength", false),
            ("maximum", true),
            ("minimum", false),
            ("exclusiveMaximum", true),
            ("exclusiveMinimum", false),
            ("maxItems", true),
            ("minItems", false),
            ("maxProperties", true),
            ("minProperties", false),
            ("multipleOf", false),
            ("uniqueItems", false),
        ] {
            let (before, after) = (old.own(key), new.own(key));
            if before == after {
                continue;
            }
            let number = |node: Option<&Node>| match node.map(|node| &node.value) {
                Some(Value::Number(number)) => number.value().as_f64(),
                Some(Value::Bool(true)) => Some(1.0),
                _ => None,
            };
            let (a, b) = (number(before), number(after));
            let nothing = if upper {
                f64::INFINITY
            } else {
                f64::NEG_INFINITY
            };
            let (a, b) = (a.unwrap_or(nothing), b.unwrap_or(nothing));
            let tightened = if upper { b < a } else { b > a };
            let rule = match (request, tightened) {
                (true, true) => "request-bound-tightened",
                (true, false) => "request-bound-relaxed",
                (false, true) => "response-bound-tightened",
                (false, false) => "response-bound-relaxed",
            };
            let (a, b) = (
                before.map_or("none".to_owned(), shown),
                after.map_or("none".to_owned(), shown),
            );
            if a == b {
                continue;
            }
            let seen = Seen::new(rule, place, format!("{key} {a} → {b}"))
                .values(Some(&a), Some(&b))
                .spans(before, after.or(Some(new.node)));
            self.see(seen);
        }
        let (before, after) = (old.own("pattern"), new.own("pattern"));
        if before != after {
            let rule = if request {
                "request-pattern-changed"
            } else {
                "response-pattern-changed"
            };
            let (a, b) = (
                before.map_or("none".to_owned(), shown),
                after.map_or("none".to_owned(), shown),
            );
            let seen = Seen::new(rule, place, format!("pattern {a} → {b}"))
                .values(Some(&a), Some(&b))
                .spans(before, after.or(Some(new.node)));
            self.see(seen);
        }
    }

    fn rest(&mut self, place: &str, direction: Direction, old: &View<'d>, new: &View<'d>) {
        let request = direction == Direction::Request;
        if old.own("default") != new.own("default") {
            let rule = if request {
                "request-default-changed"
            } else {
                "response-default-changed"
            };
            let (a, b) = (
                old.own("default").map_or("none".to_owned(), shown),
                new.own("default").map_or("none".to_owned(), shown),
            );
            let seen = Seen::new(rule, place, format!("default {a} → {b}"))
                .values(Some(&a), Some(&b))
                .spans(old.own("default"), new.own("default").or(Some(new.node)));
            self.see(seen);
        }
        for key in ["readOnly", "writeOnly"] {
            if flag(old.node, key) != flag(new.node, key) {
                let what = format!("{key} {} → {}", flag(old.node, key), flag(new.node, key));
                self.see(
                    Seen::new("access-changed", place, what).spans(Some(old.node), Some(new.node)),
                );
            }
        }
        if !flag(old.node, "deprecated") && flag(new.node, "deprecated") {
            self.see(
                Seen::new("property-deprecated", place, "deprecated").spans(None, Some(new.node)),
            );
        }
        let key = |view: &View<'d>| {
            view.own("discriminator")
                .and_then(|d| d.get_str("propertyName"))
                .map(str::to_owned)
        };
        if key(old) != key(new) {
            let (a, b) = (key(old), key(new));
            let what = format!(
                "discriminator {} → {}",
                a.as_deref().unwrap_or("none"),
                b.as_deref().unwrap_or("none")
            );
            let seen = Seen::new("discriminator-changed", place, what)
                .values(a.as_deref(), b.as_deref())
                .spans(
                    old.own("discriminator"),
                    new.own("discriminator").or(Some(new.node)),
                );
            self.see(seen);
        }
        let extra = |view: &View<'d>| match view.own("additionalProperties").map(|node| &node.value)
        {
            None | Some(Value::Bool(true)) => "any",
            Some(Value::Bool(false)) => "none",
            Some(Value::Object(map)) if map.is_empty() => "any",
            Some(_) => "of a schema",
        };
        if extra(old) != extra(new) {
            let what = format!("further properties {} → {}", extra(old), extra(new));
            let seen = Seen::new("additional-properties-changed", place, what).spans(
                old.own("additionalProperties"),
                new.own("additionalProperties").or(Some(new.node)),
            );
            self.see(seen);
        }
        for key in [
            "patternProperties",
            "propertyNames",
            "prefixItems",
            "if",
            "then",
            "else",
            "contains",
            "dependentRequired",
            "dependentSchemas",
        ] {
            if old.own(key) != new.own(key) {
                let seen = Seen::new("schema-changed", place, format!("{key} changed"))
                    .spans(old.own(key), new.own(key).or(Some(new.node)));
                self.see(seen);
            }
        }
    }

    fn properties(
        &mut self,
        place: &str,
        direction: Direction,
        old: &View<'d>,
        new: &View<'d>,
        walked: &mut Walked,
        depth: usize,
    ) {
        let request = direction == Direction::Request;
        // What only the other direction has is no part of this one.
        let hidden = if request { "readOnly" } else { "writeOnly" };
        let visible = |root: &'d Node, view: &View<'d>| -> BTreeMap<&'d str, &'d Node> {
            view.properties
                .iter()
                .filter(|(_, node)| !flag(resolve(root, node).0, hidden))
                .map(|(name, node)| (*name, *node))
                .collect()
        };
        let (before, after) = (visible(self.old, old), visible(self.new, new));
        for (name, was) in &before {
            let at = below(place, name);
            let was_required = old.required.contains(name);
            let Some(is) = after.get(name) else {
                let rule = match (request, was_required) {
                    (true, _) => "request-property-removed",
                    (false, true) => "response-required-property-removed",
                    (false, false) => "response-optional-property-removed",
                };
                let what = if was_required {
                    "removed (it was required)"
                } else {
                    "removed"
                };
                self.see(Seen::new(rule, at, what).spans(Some(was), Some(new.node)));
                continue;
            };
            let rule = match (was_required, new.required.contains(name)) {
                (false, true) if request => {
                    Some(("request-property-became-required", "optional → required"))
                }
                (true, false) if request => {
                    Some(("request-property-became-optional", "required → optional"))
                }
                (false, true) => Some(("response-property-became-required", "optional → required")),
                (true, false) => Some(("response-property-became-optional", "required → optional")),
                _ => None,
            };
            if let Some((rule, what)) = rule {
                self.see(Seen::new(rule, at.as_str(), what).spans(None, Some(is)));
            }
            self.pair(&at, direction, was, is, walked, depth + 1);
        }
        for (name, is) in &after {
            if before.contains_key(name) {
                continue;
            }
            let required = new.required.contains(name);
            let (rule, what) = match (request, required) {
                (true, true) => ("request-property-added-required", "added, required"),
                (true, false) => ("request-property-added", "added"),
                (false, _) => ("response-property-added", "added"),
            };
            self.see(Seen::new(rule, below(place, name), what).spans(None, Some(is)));
        }
    }

    fn alternatives(
        &mut self,
        place: &str,
        direction: Direction,
        old: &View<'d>,
        new: &View<'d>,
        walked: &mut Walked,
        depth: usize,
    ) {
        let request = direction == Direction::Request;
        let mut before = old.alternatives.clone();
        let mut after = new.alternatives.clone();
        if before.is_empty() && after.is_empty() {
            return;
        }
        // The same shared schema, then the same content, then the same place.
        let mut pairs = Vec::new();
        before.retain(|was| {
            let name = resolve(self.old, was).1;
            let same = after.iter().position(|is| {
                let other = resolve(self.new, is).1;
                if name.is_some() || other.is_some() {
                    name == other
                } else {
                    was == is
                }
            });
            let Some(at) = same else { return true };
            pairs.push((*was, after.remove(at)));
            false
        });
        if before.len() == after.len() {
            pairs.extend(before.drain(..).zip(after.drain(..)));
        }
        for (at, (was, is)) in pairs.into_iter().enumerate() {
            let name = resolve(self.new, is)
                .1
                .map_or_else(|| format!("({})", at + 1), |n| format!("({n})"));
            self.pair(
                &format!("{place}{name}"),
                direction,
                was,
                is,
                walked,
                depth + 1,
            );
        }
        for was in before {
            let rule = if request {
                "request-alternative-removed"
            } else {
                "response-alternative-removed"
            };
            let what = format!("alternative {} removed", called(self.old, was));
            self.see(Seen::new(rule, place, what).spans(Some(was), Some(new.node)));
        }
        for is in after {
            let rule = if request {
                "request-alternative-added"
            } else {
                "response-alternative-added"
            };
            let what = format!("alternative {} added", called(self.new, is));
            self.see(Seen::new(rule, place, what).spans(None, Some(is)));
        }
    }
}

/// What an alternative is called.
fn called(root: &Node, node: &Node) -> String {
    let (schema, name) = resolve(root, node);
    name.or_else(|| schema.get_str("title"))
        .map_or_else(|| shown(schema), str::to_owned)
}

/// Whether every value of the one is a value of the other.
fn widens(from: &BTreeSet<&str>, to: &BTreeSet<&str>) -> bool {
    if to.is_empty() {
        return true;
    }
    !from.is_empty()
        && from
            .iter()
            .all(|name| to.contains(name) || *name == "integer" && to.contains("number"))
}

fn words(types: &BTreeSet<&str>) -> String {
    if types.is_empty() {
        "any".to_owned()
    } else {
        types.iter().copied().collect::<Vec<_>>().join(" or ")
    }
}
