//! Which entries are components, judged over all pages of a specification.
//!
//! `refIdentifier: '#/components/schemas/X'` says that a `$ref` to X went into an entry, not that
//! the entry is X. It is X where the component is shipped with some page and says the same, or
//! where it is shipped with none and everything that names it is alike. Everything else stays
//! where it is.

use std::collections::BTreeMap;

use super::{
    Endpoint,
    entry::{Direction, Entry},
};
use crate::{
    diag::{Diagnostics, codes::normalize as codes},
    node::{Map, Node, Value},
    page::Span,
    walk::{self, Kind, Path},
};

/// What describes a value and not its shape.
const ANNOTATIONS: [&str; 7] = [
    "title",
    "description",
    "default",
    "deprecated",
    "examples",
    "readOnly",
    "writeOnly",
];

/// What the form does not carry at the first level, so that a component may have it and an entry
/// may not.
const NOT_CARRIED: [&str; 20] = [
    "pattern",
    "uniqueItems",
    "discriminator",
    "externalDocs",
    "xml",
    "not",
    "if",
    "then",
    "else",
    "patternProperties",
    "propertyNames",
    "prefixItems",
    "contains",
    "minContains",
    "maxContains",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedProperties",
    "$schema",
    "$comment",
];

type Group = Option<String>;

/// Where the components of a specification's pages are: name → pages that ship it.
type Shipped = BTreeMap<Group, BTreeMap<String, Vec<usize>>>;

/// Settles every `refIdentifier` of every page.
pub(crate) fn settle(endpoints: &mut [Endpoint], diags: &mut Diagnostics) {
    let shipped = shipped(endpoints);
    let mut plans = restored(endpoints, &shipped);
    apply(endpoints, &mut plans);
    let mut plans = identified(endpoints, &shipped);
    apply(endpoints, &mut plans);
    let mut plans = invented(endpoints, &shipped, diags);
    apply(endpoints, &mut plans);
}

/// What becomes of one entry.
enum Plan {
    /// It is the component; these are to be shipped with its page.
    Is {
        name: String,
        annotations: Map,
        components: Vec<(String, Node)>,
    },
    /// These properties went the other way and come back.
    Restore(Map),
}

/// A plan for the entry at (page, slot, entry).
type Plans = BTreeMap<(usize, usize, usize), Plan>;

fn apply(endpoints: &mut [Endpoint], plans: &mut Plans) {
    for ((page, slot, entry), plan) in std::mem::take(plans) {
        let Some(endpoint) = endpoints.get_mut(page) else {
            continue;
        };
        let found = endpoint
            .slots_mut()
            .nth(slot)
            .and_then(|slot| slot.entries.get_mut(entry));
        let Some(found) = found else { continue };
        match plan {
            Plan::Restore(properties) => {
                let span = found.schema.span;
                let Some(schema) = found.schema.as_object_mut() else {
                    continue;
                };
                let known = schema
                    .entry("properties".to_owned())
                    .or_insert_with(|| Node::new(span, Map::new()));
                if let Some(known) = known.as_object_mut() {
                    known.extend(properties);
                }
            }
            Plan::Is {
                name,
                annotations,
                components,
            } => {
                let span = found.schema.span;
                let reference = format!("#/components/schemas/{name}");
                let mut schema = Map::new();
                schema.insert("$ref".to_owned(), Node::new(span, reference));
                schema.extend(annotations);
                found.schema = Node::new(span, schema);
                found.name = None;
                for (name, node) in components {
                    endpoint.schemas.entry(name).or_insert(node);
                }
            }
        }
    }
}

fn group(endpoint: &Endpoint) -> Group {
    endpoint.group().map(str::to_owned)
}

fn shipped(endpoints: &[Endpoint]) -> Shipped {
    let mut shipped = Shipped::new();
    for (page, endpoint) in endpoints.iter().enumerate() {
        let names = shipped.entry(group(endpoint)).or_default();
        for name in endpoint.schemas.keys() {
            names.entry(name.to_string()).or_default().push(page);
        }
    }
    shipped
}

/// Every entry with a name, and where it is.
fn named(
    endpoints: &[Endpoint],
) -> impl Iterator<Item = ((usize, usize, usize), &str, Direction, &Entry)> {
    endpoints.iter().enumerate().flat_map(|(page, endpoint)| {
        endpoint
            .slots()
            .enumerate()
            .flat_map(move |(slot_at, slot)| {
                slot.entries
                    .iter()
                    .enumerate()
                    .filter_map(move |(at, entry)| {
                        let name = entry.name.as_deref()?;
                        let is_null = entry.schema.get_str("type") == Some("null");
                        (!is_null).then_some(((page, slot_at, at), name, slot.direction, entry))
                    })
            })
    })
}

/// Rule 0: a required property that is not there went the other way; bring it back where some page
/// of the specification shows it.
fn restored(endpoints: &[Endpoint], shipped: &Shipped) -> Plans {
    let mut others: BTreeMap<(Group, &str, Direction), Vec<&Map>> = BTreeMap::new();
    for ((page, ..), name, direction, entry) in named(endpoints) {
        if let Some(properties) = properties(&entry.schema) {
            let key = (group(&endpoints[page]), name, direction);
            others.entry(key).or_default().push(properties);
        }
    }
    let mut plans = Plans::new();
    for (place, name, direction, entry) in named(endpoints) {
        let (flag, opposite) = match direction {
            Direction::Request => ("readOnly", Direction::Response),
            Direction::Response => ("writeOnly", Direction::Request),
            Direction::Parameter => continue,
        };
        let group = group(&endpoints[place.0]);
        let pages = shipped
            .get(&group)
            .and_then(|names| names.get(name))
            .into_iter()
            .flatten();
        let components =
            pages.filter_map(|page| properties(endpoints.get(*page)?.schemas.get(name)?));
        let sources: Vec<&Map> = components
            .chain(
                others
                    .get(&(group, name, opposite))
                    .into_iter()
                    .flatten()
                    .copied(),
            )
            .collect();
        let mut missing = Map::new();
        for required in required(&entry.schema) {
            if properties(&entry.schema).is_some_and(|known| known.contains_key(required)) {
                continue;
            }
            let shown = sources.iter().find_map(|properties| {
                properties
                    .get(required)
                    .filter(|p| p.get(flag).and_then(Node::as_bool) == Some(true))
            });
            if let Some(node) = shown {
                missing.insert(required.to_owned(), node.clone());
            }
        }
        if !missing.is_empty() {
            plans.insert(place, Plan::Restore(missing));
        }
    }
    plans
}

fn properties(schema: &Node) -> Option<&Map> {
    schema.get("properties")?.as_object()
}

fn required(schema: &Node) -> impl Iterator<Item = &str> {
    schema
        .get("required")
        .and_then(Node::as_array)
        .into_iter()
        .flatten()
        .filter_map(Node::as_str)
}

/// Rule 1: the component is shipped, plain, and says the same.
fn identified(endpoints: &[Endpoint], shipped: &Shipped) -> Plans {
    let mut plans = Plans::new();
    for (place, name, direction, entry) in named(endpoints) {
        let own = endpoints[place.0]
            .schemas
            .contains_key(name)
            .then_some(place.0);
        let others = shipped
            .get(&group(&endpoints[place.0]))
            .and_then(|names| names.get(name));
        let mut pages = own.into_iter().chain(others.into_iter().flatten().copied());
        let found = pages.find_map(|page| {
            let schemas = &endpoints[page].schemas;
            let component = schemas.get(name)?;
            is_same(&entry.schema, component, direction, schemas).then_some((page, component))
        });
        let Some((page, component)) = found else {
            continue;
        };
        let components = if Some(page) == own {
            Vec::new()
        } else {
            closure(name, &endpoints[page].schemas)
        };
        let annotations = annotations(&entry.schema, component);
        plans.insert(
            place,
            Plan::Is {
                name: name.to_owned(),
                annotations,
                components,
            },
        );
    }
    plans
}

/// What an entry says beside its component.
fn annotations(entry: &Node, component: &Node) -> Map {
    let mut map = Map::new();
    for key in ANNOTATIONS {
        if let Some(node) = entry.get(key)
            && component.get(key) != Some(node)
        {
            map.insert(key.to_owned(), node.clone());
        }
    }
    map
}

/// Whether an entry says what a component says, as far as the form carries it that way.
fn is_same(entry: &Node, component: &Node, direction: Direction, schemas: &Map) -> bool {
    let (Some(shown), Some(whole)) = (entry.as_object(), component.as_object()) else {
        return false;
    };
    let is_plain = whole.get("type").and_then(Node::as_str).is_some()
        && !["allOf", "anyOf", "oneOf", "$ref"]
            .iter()
            .any(|key| whole.contains_key(key));
    if !is_plain {
        return false;
    }
    let is_enum = whole.contains_key("enum");
    let kind = whole.get("type").and_then(Node::as_str).unwrap_or_default();
    let counts = |key: &str| {
        !(ANNOTATIONS.contains(&key)
            || NOT_CARRIED.contains(&key)
            || key.starts_with("x-")
            || key == "format" && (kind != "string" || is_enum)
            || matches!(key, "properties" | "required" | "additionalProperties"))
    };
    let keywords = shown.keys().chain(whole.keys()).filter(|key| counts(key));
    for key in keywords {
        let bound_beside_enum = is_enum && !matches!(key.as_str(), "enum" | "type" | "const");
        let is_lost = bound_beside_enum && !shown.contains_key(key);
        if !is_lost && shown.get(key) != whole.get(key) {
            return false;
        }
    }
    let open = |map: &Map| match map.get("additionalProperties") {
        Some(node) if node.as_bool() == Some(true) => None,
        other => other.cloned(),
    };
    if open(shown) != open(whole) {
        return false;
    }
    let mut names: Vec<&str> = required(entry).collect();
    let mut whole_names: Vec<&str> = required(component).collect();
    names.sort_unstable();
    whole_names.sort_unstable();
    if names != whole_names {
        return false;
    }
    let flag = match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
        Direction::Parameter => "",
    };
    let none = Map::new();
    let shown = properties(entry).unwrap_or(&none);
    let whole = properties(component).unwrap_or(&none);
    shown.keys().all(|name| whole.contains_key(name))
        && whole.iter().all(|(name, node)| match shown.get(name) {
            Some(other) => other == node,
            None => is_flagged(node, flag, schemas),
        })
}

/// Whether a property, or what it directly refers to, goes one way only.
fn is_flagged(property: &Node, flag: &str, schemas: &Map) -> bool {
    let has = |node: &Node| node.get(flag).and_then(Node::as_bool) == Some(true);
    has(property)
        || property
            .get_str("$ref")
            .and_then(|reference| reference.strip_prefix("#/components/schemas/"))
            .and_then(|name| schemas.get(name))
            .is_some_and(has)
}

/// A component and everything it refers to.
fn closure(name: &str, schemas: &Map) -> Vec<(String, Node)> {
    let mut found: Vec<(String, Node)> = Vec::new();
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        if found.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let Some(node) = schemas.get(&name) else {
            continue;
        };
        walk::each(node, Kind::Schema, &Path::start(""), &mut |node, _, _| {
            let reference = node.get_str("$ref").unwrap_or_default();
            if let Some(name) = reference.strip_prefix("#/components/schemas/") {
                open.push(name.to_owned());
            }
        });
        found.push((name, node.clone()));
    }
    found
}

/// How one name is used by entries.
#[derive(Default)]
struct Uses {
    /// The distinct shapes, by direction, each with its first place.
    shapes: BTreeMap<Direction, Vec<(Node, Span)>>,
    places: Vec<(usize, usize, usize)>,
}

/// Rule 2: the component is shipped nowhere, and all that name it are alike.
fn invented(endpoints: &[Endpoint], shipped: &Shipped, diags: &mut Diagnostics) -> Plans {
    let mut uses: BTreeMap<(Group, &str), Uses> = BTreeMap::new();
    for (place, name, direction, entry) in named(endpoints) {
        let group = group(&endpoints[place.0]);
        let is_shipped = shipped
            .get(&group)
            .is_some_and(|names| names.contains_key(name));
        if is_shipped || direction == Direction::Parameter || !is_component_name(name) {
            continue;
        }
        let shape = shape(&entry.schema);
        let uses = uses.entry((group, name)).or_default();
        let shapes = uses.shapes.entry(direction).or_default();
        if !shapes.iter().any(|(known, _)| *known == shape) {
            shapes.push((shape, entry.schema.span));
        }
        uses.places.push(place);
    }
    let mut plans = Plans::new();
    for ((_, name), uses) in uses {
        let Some(component) = agreed(&uses.shapes) else {
            say_ambiguous(name, &uses, endpoints, diags);
            continue;
        };
        for place in uses.places {
            let entry = endpoints[place.0]
                .slots()
                .nth(place.1)
                .and_then(|slot| slot.entries.get(place.2));
            let Some(entry) = entry else { continue };
            let annotations = annotations(&entry.schema, &component);
            let components = vec![(name.to_owned(), component.clone())];
            plans.insert(
                place,
                Plan::Is {
                    name: name.to_owned(),
                    annotations,
                    components,
                },
            );
        }
    }
    plans
}

/// Component keys have no `/` and nothing escaped.
fn is_component_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

/// A schema without what describes its place.
fn shape(schema: &Node) -> Node {
    let mut shape = schema.clone();
    for key in ANNOTATIONS {
        shape.remove(key);
    }
    shape
}

/// The one shape behind all uses: the same both ways, apart from what goes one way only.
fn agreed(shapes: &BTreeMap<Direction, Vec<(Node, Span)>>) -> Option<Node> {
    let mut each = shapes.values().map(|shapes| match shapes.as_slice() {
        [(only, _)] => Some(only),
        _ => None,
    });
    let first = each.next()??;
    let Some(second) = each.next() else {
        return Some(first.clone());
    };
    let (request, response) = (first, second?);
    if request == response {
        // Nothing came back to it, so its properties are in the author's order.
        return Some(response.clone());
    }
    let without = |node: &Node| {
        let mut node = node.clone();
        node.remove("properties");
        node.remove("required");
        node
    };
    if without(request) != without(response) {
        return None;
    }
    let (sent, answered) = (properties(request)?, properties(response)?);
    let one_way = |from: &Map, other: &Map, flag: &str| {
        from.iter().all(|(name, node)| match other.get(name) {
            Some(shown) => shown == node,
            None => node.get(flag).and_then(Node::as_bool) == Some(true),
        })
    };
    if !one_way(answered, sent, "readOnly") || !one_way(sent, answered, "writeOnly") {
        return None;
    }
    let mut whole = response.clone();
    if let Some(Value::Object(map)) = whole.get_mut("properties").map(|node| &mut node.value) {
        for (name, node) in sent {
            if !map.contains_key(name) {
                map.insert(name.clone(), node.clone());
            }
        }
    }
    let mut names: Vec<&str> = required(response).collect();
    names.extend(required(request).filter(|name| !required(response).any(|other| other == *name)));
    if !names.is_empty() {
        let list: Vec<Node> = names
            .into_iter()
            .map(|name| Node::new(whole.span, name))
            .collect();
        let span = whole.span;
        whole.insert("required", Node::new(span, list));
    }
    Some(whole)
}

fn say_ambiguous(name: &str, uses: &Uses, endpoints: &[Endpoint], diags: &mut Diagnostics) {
    let mut places = uses.shapes.values().flatten().map(|(_, span)| *span);
    let Some(first) = places.next() else { return };
    let diagnostic = diags.note(
        codes::NAME_AMBIGUOUS,
        first,
        format!("`{name}` names schemas that differ; each stays where it is, without that name"),
    );
    for span in places.take(3) {
        diagnostic.label(span, "another");
    }
    if let Some(endpoint) = uses.places.first().and_then(|place| endpoints.get(place.0)) {
        diagnostic.at(endpoint.pointer());
    }
}
