//! Base URLs, their variables filled in.

use specmint_spec::node::Node;

use crate::model::{Server, ServerVariable};

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

/// Makes relative URLs of a path or an operation absolute, by the document's first server that is.
/// What can't be made absolute is left out: the document's own servers are used.
pub(super) fn resolve(own: &mut Vec<Server>, root: &Node) {
    let base = servers(root)
        .into_iter()
        .map(|server| server.url)
        .find(|url| url.contains("://"));
    own.retain_mut(|server| {
        if server.url.contains("://") {
            return true;
        }
        let Some((scheme, rest)) = base.as_deref().and_then(|base| base.split_once("://")) else {
            return false;
        };
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        server.url = if let Some(rest) = server.url.strip_prefix("//") {
            format!("{scheme}://{rest}")
        } else if server.url.starts_with('/') {
            format!("{scheme}://{host}{}", server.url)
        } else {
            // Relative to the last slash, as a link on a page would be.
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let slash = if folder.is_empty() { "" } else { "/" };
            let relative = server.url.trim_start_matches("./");
            format!("{scheme}://{host}/{folder}{slash}{relative}")
        };
        true
    });
}

fn server(node: &Node) -> Option<Server> {
    let template = node.get_str("url")?.trim();
    let variables: Vec<ServerVariable> = node
        .get("variables")
        .and_then(Node::as_object)
        .into_iter()
        .flatten()
        .map(|(name, node)| ServerVariable {
            name: name.clone(),
            default: text(node.get("default")).unwrap_or_default(),
            values: node
                .get("enum")
                .and_then(Node::as_array)
                .unwrap_or_default()
                .iter()
                .filter_map(|n| text(Some(n)))
                .collect(),
            description: node.get_str("description").map(str::to_owned),
        })
        .collect();
    let mut url = template.to_owned();
    for variable in &variables {
        url = url.replace(&format!("{{{}}}", variable.name), &variable.default);
    }
    Some(Server {
        template: (url != template).then(|| template.to_owned()),
        url,
        description: node.get_str("description").map(str::to_owned),
        variables,
    })
}

/// A scalar as text: ports are often written as numbers.
fn text(node: Option<&Node>) -> Option<String> {
    let node = node?;
    node.as_str()
        .map(str::to_owned)
        .or_else(|| node.as_number().map(|n| n.text().to_owned()))
        .or_else(|| node.as_bool().map(|b| b.to_string()))
}
