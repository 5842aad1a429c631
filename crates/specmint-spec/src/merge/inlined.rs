//! References into a component that no page ships, because the pages that show it show it inlined.
//!
//! A page of the older form writes the schema of a body out, without its name. Where a reference
//! leads below that name (`…/schemas/Order/properties/lines/items`), its target stands in such a
//! body, with the compositions at its top flattened. Bundled documents are full of them.

use std::collections::{BTreeMap, BTreeSet};

use super::reference::{self, find};
use crate::{
    diag::{Diagnostics, codes::merge as codes},
    node::{Node, escape_pointer},
    walk::{self, Kind, Path},
};

/// One reference can become findable by another's being found; this deep it may go.
const ROUNDS: usize = 4;

/// Leads references that lead nowhere to where their target is inlined, if that is beyond doubt.
pub(super) fn lead(root: &mut Node, diags: &mut Diagnostics) {
    for _ in 0..ROUNDS {
        let lost = lost(root);
        if lost.is_empty() {
            return;
        }
        let bodies = bodies(root);
        let found: BTreeMap<String, Found> = lost
            .iter()
            .filter_map(|(reference, users)| {
                let found = target(root, reference, users, &lost, &bodies)?;
                Some((reference.clone(), found))
            })
            .collect();
        if found.is_empty() {
            return;
        }
        walk::each_mut(
            root,
            Kind::Document,
            &Path::start(""),
            &mut |node, _, path| {
                let Some((reference, found)) = node
                    .get_str("$ref")
                    .and_then(|reference| found.get_key_value(reference))
                else {
                    return;
                };
                let message = format!(
                    "no page has the component of `{reference}`; what stands at `{}` is taken",
                    found.pointer
                );
                let span = node.span;
                if found.own {
                    diags.note(codes::INLINED, span, message)
                } else {
                    diags.warning(codes::INLINED, span, message)
                }
                .at(path.to_string());
                node.insert("$ref", Node::new(span, format!("#{}", found.pointer)));
            },
        );
    }
}

/// Where the target of a reference stands.
struct Found {
    pointer: String,
    /// Whether it is in the body that refers to it.
    own: bool,
}

/// The references to schemas that lead nowhere, each with the places that have it.
fn lost(root: &Node) -> BTreeMap<String, Vec<String>> {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    walk::each(
        root,
        Kind::Document,
        &Path::start(""),
        &mut |node, kind, path| {
            if let Some(reference) = node.get_str("$ref").filter(|_| kind == Kind::Schema)
                && tail(reference).is_some()
            {
                let known = places.entry(reference.to_owned()).or_default();
                known.push(path.to_string());
            }
        },
    );
    places.retain(|reference, _| !reference::leads_somewhere(root, reference));
    places
}

/// Pointers to the schemas of all bodies, and to the alternatives at their top.
fn bodies(root: &Node) -> Vec<String> {
    let mut found = Vec::new();
    for (section, path, method, operation) in walk::operations(root) {
        let base = format!("/{section}/{}/{method}", escape_pointer(path));
        let responses = operation.get("responses").and_then(Node::as_object);
        let answers = responses.into_iter().flatten().map(|(status, answer)| {
            let at = format!("{base}/responses/{}", escape_pointer(status));
            (at, answer)
        });
        let body = operation.get("requestBody");
        let body = body.map(|body| (format!("{base}/requestBody"), body));
        for (at, holder) in body.into_iter().chain(answers) {
            let content = holder.get("content").and_then(Node::as_object);
            for (media_type, content) in content.into_iter().flatten() {
                let Some(schema) = content.get("schema") else {
                    continue;
                };
                let at = format!("{at}/content/{}/schema", escape_pointer(media_type));
                let branches = schema.get("anyOf").and_then(Node::as_array);
                for branch in 0..branches.map_or(0, <[Node]>::len) {
                    found.push(format!("{at}/anyOf/{branch}"));
                }
                found.push(at);
            }
        }
    }
    found
}

/// What follows the component's name, or the schema of a body, without the compositions at its
/// top; `None` where too little would be left to recognize the target by.
fn tail(reference: &str) -> Option<&str> {
    let mut tail = if let Some(rest) = reference.strip_prefix("#/components/schemas/") {
        rest.find('/').map(|at| &rest[at..])?
    } else {
        let rest = reference.strip_prefix("#/")?;
        rest.find("/schema/")
            .map(|at| &rest[at + "/schema".len()..])?
    };
    while let Some(rest) = ["/allOf/", "/anyOf/", "/oneOf/"]
        .iter()
        .find_map(|keyword| tail.strip_prefix(keyword))
    {
        tail = rest.find('/').map(|at| &rest[at..])?;
    }
    (tail.matches("/properties/").count() > 1).then_some(tail)
}

/// What comes before the tail: all references with the same one go below the same schema.
fn owner(reference: &str) -> &str {
    let tail = tail(reference).unwrap_or_default();
    let head = reference.strip_suffix(tail).unwrap_or(reference);
    let end = ["/allOf/", "/anyOf/", "/oneOf/"]
        .iter()
        .filter_map(|keyword| head.find(keyword))
        .min();
    &head[..end.unwrap_or(head.len())]
}

/// The one place where a target can be.
fn target(
    root: &Node,
    reference: &str,
    users: &[String],
    lost: &BTreeMap<String, Vec<String>>,
    bodies: &[String],
) -> Option<Found> {
    let wanted = tail(reference)?;
    let candidates: Vec<(&String, String)> = bodies
        .iter()
        .filter(|body| can_be(root, body, owner(reference), lost))
        .flat_map(|body| at(root, body, wanted).into_iter().map(move |at| (body, at)))
        .filter(|(_, pointer)| next(root, pointer).is_none_or(|next| !lost.contains_key(next)))
        .collect();
    let own: Vec<&String> = candidates
        .iter()
        .filter(|(body, _)| users.iter().any(|user| is_below(user, body)))
        .map(|(_, pointer)| pointer)
        .collect();
    let is_own = !own.is_empty();
    let places = if is_own {
        own
    } else {
        candidates.iter().map(|(_, pointer)| pointer).collect()
    };
    let kinds: BTreeSet<String> = places
        .iter()
        .filter_map(|pointer| find(root, pointer))
        .map(|node| node.to_json().to_string())
        .collect();
    let pointer = places.first().filter(|_| kinds.len() == 1)?;
    Some(Found {
        pointer: (*pointer).clone(),
        own: is_own,
    })
}

/// Whether a body can be of a component: it has all that is looked for in the component, and what
/// it has there doesn't refer to the component itself.
fn can_be(root: &Node, body: &str, component: &str, lost: &BTreeMap<String, Vec<String>>) -> bool {
    let wanted = lost
        .iter()
        .filter(|(reference, _)| owner(reference) == component);
    wanted.into_iter().all(|(reference, users)| {
        let pointers = at(root, body, tail(reference).unwrap_or_default());
        !pointers.is_empty()
            && pointers.iter().all(|pointer| {
                next(root, pointer).is_none_or(|next| owner(next) != component)
                    && !users.iter().any(|user| is_below(user, pointer))
            })
    })
}

/// The reference that stands at a place, where there is one.
fn next<'n>(root: &'n Node, pointer: &str) -> Option<&'n str> {
    find(root, pointer)?.get_str("$ref")
}

/// Whether a pointer leads to something inside of what another leads to.
fn is_below(pointer: &str, above: &str) -> bool {
    pointer
        .strip_prefix(above)
        .is_some_and(|rest| rest.starts_with('/'))
}

/// The pointers to what a tail leads to below a body: several where several schemas speak of the
/// member that it begins with.
fn at(root: &Node, body: &str, tail: &str) -> Vec<String> {
    let direct = format!("{body}{tail}");
    if find(root, &direct).is_some() {
        return vec![direct];
    }
    let name = tail.strip_prefix("/properties/").unwrap_or_default();
    let (name, below) = name.split_at(name.find('/').unwrap_or(name.len()));
    let member = format!("{body}/properties/{name}");
    let parts = find(root, &member).and_then(|node| node.get("allOf")?.as_array());
    (0..parts.map_or(0, <[Node]>::len))
        .map(|part| format!("{member}/allOf/{part}{below}"))
        .filter(|pointer| find(root, pointer).is_some())
        .collect()
}
