//! `security[]`: titles and what is sent → requirements and schemes.
//!
//! A title is the names of the schemes with `_` and `-` turned into spaces, joined by ` & `; which
//! parameter belongs to which name follows from their order, or from their likeness.

use std::collections::BTreeMap;

use crate::{
    diag::{Diagnostics, codes::normalize as codes},
    fragment::{Form, Fragment},
    node::{Map, Node, Value},
    page::Span,
};

/// The schemes that pages of the other form declare, by the name the endpoint form gives them.
#[derive(Default)]
pub(crate) struct Known(BTreeMap<String, (String, Node)>);

impl Known {
    /// Collects the declarations of all pages.
    pub(crate) fn of(fragments: &[Fragment]) -> Self {
        let mut known = BTreeMap::new();
        for fragment in fragments
            .iter()
            .filter(|fragment| fragment.form == Form::OpenApi)
        {
            let schemes = fragment.root.pointer("/components/securitySchemes");
            for (name, scheme) in schemes.and_then(Node::as_object).into_iter().flatten() {
                let entry = known.entry(mangle(name));
                entry.or_insert_with(|| (name.to_string(), scheme.clone()));
            }
        }
        Self(known)
    }
}

/// What the form makes of a scheme's name.
fn mangle(name: &str) -> String {
    name.replace(['_', '-'], " ")
}

/// What one requirement sends.
struct Sent {
    location: &'static str,
    name: String,
    node: Node,
}

/// The requirements, and the schemes they name.
pub(super) fn read(
    list: Node,
    known: &Known,
    pointer: &str,
    diags: &mut Diagnostics,
) -> (Node, Map) {
    let span = list.span;
    let mut schemes = Map::new();
    let mut requirements = Vec::new();
    let Value::Array(options) = list.value else {
        return (Node::new(span, requirements), schemes);
    };
    for mut option in options {
        let at = option.span;
        let title = option
            .get_str("title")
            .unwrap_or_default()
            .trim()
            .to_owned();
        let sent = sent(option.remove("parameters"));
        let mut requirement = Map::new();
        for (name, scheme) in pair(&title, sent, at, pointer, diags) {
            let name = declare(&mut schemes, &name, scheme, known);
            requirement.insert(name, Node::new(at, Vec::<Node>::new()));
        }
        requirements.push(Node::new(at, requirement));
    }
    (Node::new(span, requirements), schemes)
}

/// What is sent, in the form's order.
fn sent(parameters: Option<Node>) -> Vec<Sent> {
    let Some(mut parameters) = parameters else {
        return Vec::new();
    };
    let mut list = Vec::new();
    for location in ["query", "header", "cookie"] {
        if let Some(Node {
            value: Value::Object(members),
            ..
        }) = parameters.remove(location)
        {
            list.extend(members.into_iter().map(|(name, node)| Sent {
                location,
                name: name.into(),
                node,
            }));
        }
    }
    list
}

/// Gives every name of the title what it sends.
fn pair(
    title: &str,
    mut sent: Vec<Sent>,
    at: Span,
    pointer: &str,
    diags: &mut Diagnostics,
) -> Vec<(String, Node)> {
    if title.is_empty() && sent.is_empty() {
        // The requirement `{}`: a call without credentials is fine.
        return Vec::new();
    }
    let names: Vec<&str> = title
        .split(" & ")
        .map(str::trim)
        .filter(|n| !n.is_empty())
        .collect();
    let names = if names.is_empty() {
        vec!["auth"]
    } else {
        names
    };
    let in_order = sent.len() == names.len()
        && (names.len() == 1 || sent.iter().all(|s| s.location == sent[0].location));
    if names.len() > 1 && !in_order {
        let diagnostic = diags.warning(
            codes::SECURITY_PAIRED,
            at,
            format!("which of `{title}` is sent where is inferred from the names"),
        );
        diagnostic.at(pointer);
    }
    let mut pairs: Vec<(String, Option<Sent>)> = Vec::new();
    for name in &names {
        let best = if in_order {
            (!sent.is_empty()).then_some(0)
        } else {
            let scores = sent.iter().map(|s| likeness(name, s));
            let best = scores
                .enumerate()
                .max_by_key(|(at, score)| (*score, usize::MAX - at));
            best.filter(|(_, score)| *score > 0).map(|(at, _)| at)
        };
        pairs.push(((*name).to_owned(), best.map(|at| sent.remove(at))));
    }
    for (_, pair) in pairs.iter_mut().filter(|(_, pair)| pair.is_none()) {
        if !sent.is_empty() {
            *pair = Some(sent.remove(0));
        }
    }
    pairs
        .into_iter()
        .map(|(name, sent)| {
            let Some(sent) = sent else {
                let diagnostic = diags.warning(
                    codes::SECURITY_UNKNOWN,
                    at,
                    format!("the page does not say how `{name}` is sent; its name is the hint"),
                );
                diagnostic
                    .help("say it in a fixup of `/components/securitySchemes`")
                    .at(pointer);
                let scheme = guessed(&name, at);
                return (name, scheme);
            };
            (name, scheme(sent, at))
        })
        .collect()
}

/// How well a scheme's name fits what is sent.
fn likeness(name: &str, sent: &Sent) -> usize {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect()
    };
    let (name, parameter) = (plain(name), plain(&sent.name));
    let kind = sent.node.get_str("type").unwrap_or_default();
    let scheme = sent.node.get_str("scheme").unwrap_or_default();
    let contains =
        |a: &str, b: &str| a.len() > 2 && b.len() > 2 && (a.contains(b) || b.contains(a));
    usize::from(name == parameter) * 8
        + usize::from(contains(&name, &parameter)) * 4
        + usize::from(!scheme.is_empty() && name.contains(&plain(scheme))) * 4
        + usize::from(kind == "oauth2" && name.contains("oauth")) * 4
        + usize::from(kind == "apiKey" && name.contains("key")) * 2
        + usize::from(name.contains(sent.location)) * 2
        + usize::from(kind == "http" && (name.contains("auth") || name.contains("token")))
}

/// The scheme that sends this.
fn scheme(sent: Sent, at: Span) -> Node {
    let Sent {
        location,
        name,
        mut node,
    } = sent;
    let text = |text: &str| Node::new(at, text);
    let mut map = Map::new();
    match node.get_str("type") {
        Some("http") => {
            let scheme = node.get_str("scheme").unwrap_or("bearer").to_owned();
            map.insert("type".to_owned(), text("http"));
            map.insert("scheme".to_owned(), Node::new(at, scheme));
        }
        Some("oauth2") => {
            map.insert("type".to_owned(), text("oauth2"));
            map.insert("flows".to_owned(), Node::new(at, Map::new()));
        }
        _ => {
            map.insert("type".to_owned(), text("apiKey"));
            map.insert("in".to_owned(), text(location));
            map.insert("name".to_owned(), Node::new(at, name));
        }
    }
    for key in ["description", "x-default"] {
        if let Some(value) = node.remove(key) {
            map.insert(key.to_owned(), value);
        }
    }
    Node::new(at, map)
}

/// A scheme that leaves no trace in the form is `OpenID Connect`, mutual TLS or HTTP with a scheme in an
/// unusual spelling (`Bearer`); a bearer token is what most of them amount to.
fn guessed(name: &str, at: Span) -> Node {
    let lower = name.to_ascii_lowercase();
    if lower.contains("mutual") || lower.contains("mtls") {
        return Node::object(at, [("type", Node::new(at, "mutualTLS"))]);
    }
    let scheme = if lower.contains("basic") {
        "basic"
    } else {
        "bearer"
    };
    Node::object(
        at,
        [
            ("type", Node::new(at, "http")),
            ("scheme", Node::new(at, scheme)),
        ],
    )
}

/// Puts a scheme among the page's under a valid name that is its own.
fn declare(schemes: &mut Map, title: &str, scheme: Node, known: &Known) -> String {
    if let Some((name, declared)) = known.0.get(title)
        && same_scheme(declared, &scheme)
    {
        schemes
            .entry(name.clone())
            .or_insert_with(|| declared.clone());
        return name.clone();
    }
    let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let base: String = title
        .chars()
        .map(|c| if valid(c) { c } else { '_' })
        .collect();
    let mut name = base.clone();
    let mut number = 2;
    while schemes.get(&name).is_some_and(|other| *other != scheme) {
        name = format!("{base}{number}");
        number += 1;
    }
    schemes.insert(name.clone(), scheme);
    name
}

/// Whether both send the same thing; what the form can't say is not compared.
fn same_scheme(declared: &Node, shown: &Node) -> bool {
    let lower = |node: &Node, key: &str| node.get_str(key).map(str::to_ascii_lowercase);
    let same = |key: &str| lower(declared, key) == lower(shown, key);
    match shown.get_str("type") {
        Some("apiKey") => same("type") && same("in") && same("name"),
        Some("http") => {
            same("type") && same("scheme")
                || matches!(
                    declared.get_str("type"),
                    Some("openIdConnect" | "mutualTLS")
                )
        }
        _ => same("type"),
    }
}
