//! Base URLs and their variables: what stands in the tables, and what callers choose by name.

use std::collections::BTreeSet;

use specmint_spec::node::Node;

use super::{ident, words};
use crate::model::{Api, NamedServer, Server, ServerVariable};

/// The servers of a document, path item or operation.
pub(super) fn servers(owner: &Node) -> Vec<Server> {
    owner
        .get("servers")
        .and_then(Node::as_array)
        .unwrap_or_default()
        .iter()
        .filter_map(server)
        .collect()
}

/// Leaves out what is relative to a server that isn't known; the runtime resolves the others
/// against the server in use.
pub(super) fn resolve(own: &mut Vec<Server>, root: &Node) {
    let absolute = |server: &Server| server.url.contains("://");
    let any = servers(root).iter().any(absolute);
    own.retain(|server| any || absolute(server));
}

fn server(node: &Node) -> Option<Server> {
    let template = node.get_str("url")?.trim();
    let declared = node.get("variables").and_then(Node::as_object);
    // What is declared and stands nowhere is of no use; what stands there and isn't declared has
    // to be given by callers.
    let variables: Vec<ServerVariable> = braces(template)
        .into_iter()
        .map(|name| {
            let node = declared.and_then(|declared| declared.get(name));
            variable(name, node)
        })
        .collect();
    let mut url = template.to_owned();
    for variable in &variables {
        if let Some(default) = &variable.default {
            url = url.replace(&format!("{{{}}}", variable.name), default);
        }
    }
    Some(Server {
        template: (!variables.is_empty()).then(|| template.to_owned()),
        url,
        description: node.get_str("description").map(str::to_owned),
        variables,
    })
}

fn variable(name: &str, node: Option<&Node>) -> ServerVariable {
    let mut values: Vec<String> = node
        .and_then(|node| node.get("enum")?.as_array())
        .unwrap_or_default()
        .iter()
        .filter_map(|n| text(Some(n)))
        .collect();
    let mut seen = BTreeSet::new();
    values.retain(|value| seen.insert(value.clone()));
    let default =
        text(node.and_then(|node| node.get("default"))).or_else(|| values.first().cloned());
    if let Some(default) = &default
        && !values.is_empty()
        && !values.contains(default)
    {
        values.insert(0, default.clone());
    }
    ServerVariable {
        name: name.to_owned(),
        rust: String::new(),
        type_name: String::new(),
        default,
        values: values
            .into_iter()
            .map(|value| (value, String::new()))
            .collect(),
        description: node
            .and_then(|node| node.get_str("description"))
            .map(str::to_owned),
    }
}

/// The names in braces, each once.
fn braces(template: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        if !names.contains(&name) {
            names.push(name);
        }
        rest = after;
    }
    names
}

/// A scalar as text: ports are often written as numbers.
fn text(node: Option<&Node>) -> Option<String> {
    let node = node?;
    node.as_str()
        .map(str::to_owned)
        .or_else(|| node.as_number().map(|n| n.text().to_owned()))
        .or_else(|| node.as_bool().map(|b| b.to_string()))
}

/// Methods that builders of clients have already.
const BUILDER: &[&str] = &[
    "allow_http",
    "base_url",
    "before",
    "after",
    "build",
    "connect_timeout",
    "credentials",
    "environment",
    "environment_from",
    "header",
    "hook",
    "http_client",
    "new",
    "no_timeout",
    "read_timeout",
    "response_limit",
    "retries",
    "server",
    "server_variable",
    "timeout",
    "user_agent",
];

/// What else stands in the module of the servers.
const TYPES: &[&str] = &[
    "Server", "Self", "Self_", "Default", "Clone", "Copy", "Debug", "Hash",
];

/// Names the variables and the servers. Variables of one name that are not alike are told apart,
/// in the templates too.
pub(super) fn settle(api: &mut Api) {
    // With the name that the document gives each.
    let mut found: Vec<(String, ServerVariable)> = Vec::new();
    let own = api.operations.iter_mut().flat_map(|o| &mut o.servers);
    for server in api.servers.iter_mut().chain(own) {
        for variable in &mut server.variables {
            let alike = |(wire, known): &&(String, ServerVariable)| {
                *wire == variable.name
                    && known.default == variable.default
                    && known.values == variable.values
            };
            let name = if let Some((_, known)) = found.iter().find(alike) {
                known.name.clone()
            } else {
                let name = ident::unique(&variable.name, None, |n| {
                    found.iter().any(|(_, known)| known.name == n)
                });
                let mut known = variable.clone();
                known.name.clone_from(&name);
                found.push((variable.name.clone(), known));
                name
            };
            if name != variable.name {
                if let Some(template) = &mut server.template {
                    *template =
                        template.replace(&format!("{{{}}}", variable.name), &format!("{{{name}}}"));
                }
                variable.name = name;
            }
        }
    }
    let mut variables: Vec<ServerVariable> = found.into_iter().map(|(_, known)| known).collect();
    let mut methods: BTreeSet<String> = BUILDER.iter().map(|&name| name.to_owned()).collect();
    let mut types: BTreeSet<String> = TYPES.iter().map(|&name| name.to_owned()).collect();
    for variable in &mut variables {
        let name = ident::snake(&variable.name);
        let alternative = format!("server_{name}");
        variable.rust = ident::unique(&name, Some(&alternative), |n| methods.contains(n));
        methods.insert(variable.rust.clone());
        if variable.values.is_empty() {
            continue;
        }
        variable.type_name =
            ident::unique_pascal(&ident::pascal(&variable.name), |n| types.contains(n));
        types.insert(variable.type_name.clone());
        let mut taken: BTreeSet<String> = BTreeSet::from(["Self_".to_owned()]);
        for (value, variant) in &mut variable.values {
            let mut wanted = words::pascal(value);
            if !wanted.starts_with(|c: char| c.is_ascii_alphabetic()) {
                wanted.insert_str(0, &variable.type_name);
            }
            *variant = ident::unique_pascal(&ident::pascal(&wanted), |n| taken.contains(n));
            taken.insert(variant.clone());
        }
    }
    api.variables = variables;
    api.named_servers = named(&api.servers);
}

/// Variables whose values are servers of their own in all but name.
const ENVIRONMENTS: &[&str] = &["environment", "env", "stage"];

/// Every server that callers can choose, under a name of its own.
fn named(servers: &[Server]) -> Vec<NamedServer> {
    let absolute: Vec<&Server> = servers.iter().filter(|s| s.url.contains("://")).collect();
    let mut out: Vec<NamedServer> = Vec::new();
    let mut add = |wanted: &str, url: String, description: Option<&String>| {
        let wanted = ident::shouty(wanted);
        let name = ident::unique(&wanted, None, |n| out.iter().any(|known| known.name == n));
        if out.iter().all(|known| known.url != url) {
            out.push(NamedServer {
                name,
                url,
                description: description.cloned(),
            });
        }
    };
    for (index, server) in absolute.iter().enumerate() {
        let url = server.template.as_ref().unwrap_or(&server.url);
        let environment = server.variables.iter().find(|variable| {
            ENVIRONMENTS.contains(&&*variable.name.to_ascii_lowercase())
                && !variable.values.is_empty()
        });
        if let Some(variable) = environment.filter(|_| absolute.len() == 1) {
            for (value, _) in &variable.values {
                let url = url.replace(&format!("{{{}}}", variable.name), value);
                add(value, url, server.description.as_ref());
            }
            continue;
        }
        let by_description = server.description.as_deref().and_then(short_name);
        let wanted = by_description.unwrap_or_else(|| match absolute.len() {
            1 => "default".to_owned(),
            _ => by_address(index, &absolute),
        });
        add(&wanted, url.clone(), server.description.as_ref());
    }
    out
}

/// The words of a description that name a server: `Production server` is `Production`.
fn short_name(description: &str) -> Option<String> {
    const FILLERS: &[&str] = &[
        "a",
        "an",
        "api",
        "base",
        "endpoint",
        "environment",
        "host",
        "main",
        "our",
        "server",
        "servers",
        "the",
        "url",
    ];
    let line = description.trim().lines().next()?;
    let sentence = line.split(['.', ':', '(', '–', '—', ',']).next()?;
    let words: Vec<&str> = sentence
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !FILLERS.contains(&&*word.to_lowercase()))
        .collect();
    (1..=3).contains(&words.len()).then(|| words.join("_"))
}

/// The pieces of an address: labels of its host, and those of its path with the scheme.
struct Pieces {
    host: Vec<String>,
    path: Vec<String>,
}

impl Pieces {
    fn of(server: &Server) -> Self {
        // A variable is a piece like any other: its name says more than its default.
        let template = server.template.as_ref().filter(|url| url.contains("://"));
        let url = template.unwrap_or(&server.url);
        let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let split = |text: &str| -> Vec<String> {
            text.split(['.', '/'])
                .filter(|piece| !piece.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let mut path = split(path);
        path.push(scheme.to_owned());
        Self {
            host: split(host.split(':').next().unwrap_or(host)),
            path,
        }
    }
}

/// What an address has and the others have not: labels of the host, else of the path.
fn by_address(index: usize, all: &[&Server]) -> String {
    let split: Vec<Pieces> = all.iter().map(|server| Pieces::of(server)).collect();
    let own = |of: fn(&Pieces) -> &Vec<String>| -> Option<String> {
        let mine: Vec<&str> = of(split.get(index)?)
            .iter()
            .filter(|piece| !split.iter().all(|other| of(other).contains(piece)))
            .map(String::as_str)
            .collect();
        (!mine.is_empty()).then(|| mine.join("_"))
    };
    own(|pieces| &pieces.host)
        .or_else(|| own(|pieces| &pieces.path))
        .unwrap_or_else(|| "default".to_owned())
}
