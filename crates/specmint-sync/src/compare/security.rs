//! Where requests go and how callers authenticate. The same change of many operations is one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use specmint_spec::{document::OperationKey, node::Node};

use super::{Compare, Operation, Seen};

impl<'d> Compare<'d> {
    pub(super) fn servers(&mut self, old: &Operation<'d>, new: &Operation<'d>) {
        let before = servers(self.old, old);
        let after = servers(self.new, new);
        if before == after {
            return;
        }
        let words = |list: &[String]| {
            if list.is_empty() {
                "none".to_owned()
            } else {
                list.join(", ")
            }
        };
        let (old_words, new_words) = (words(&before), words(&after));
        let what = format!("{old_words} → {new_words}");
        let at = [
            new.node.get("servers"),
            new.item.get("servers"),
            self.new.get("servers"),
            Some(new.node),
        ];
        let seen = Seen::new("server-changed", "servers", what)
            .values(Some(&old_words), Some(&new_words))
            .spans(None, at.into_iter().flatten().next());
        self.see(seen);
    }

    /// A new operation on a server that no operation had: its calls carry the same credentials.
    pub(super) fn servers_of_added(
        &mut self,
        before: &BTreeMap<OperationKey, Operation<'d>>,
        new: &Operation<'d>,
    ) {
        let known: BTreeSet<String> = before
            .values()
            .flat_map(|operation| servers(self.old, operation))
            .collect();
        let strange: Vec<String> = servers(self.new, new)
            .into_iter()
            .filter(|server| !known.contains(server))
            .collect();
        if strange.is_empty() {
            return;
        }
        let words = strange.join(", ");
        let at = new.node.get("servers").or(new.item.get("servers"));
        let seen = Seen::new("server-changed", "servers", format!("{words} added"))
            .values(None, Some(&words))
            .spans(None, at.or(self.new.get("servers")).or(Some(new.node)));
        self.see(seen);
    }

    pub(super) fn credentials(&mut self, old: &Operation<'d>, new: &Operation<'d>) {
        let before = requirements(self.old, old);
        let after = requirements(self.new, new);
        if before == after {
            return;
        }
        let words = |set: &BTreeSet<String>| -> String {
            if set.is_empty() {
                "none".to_owned()
            } else {
                set.iter().cloned().collect::<Vec<_>>().join(" or ")
            }
        };
        let (old_words, new_words) = (words(&before), words(&after));
        let what = format!("{old_words} → {new_words}");
        let at = [
            new.node.get("security"),
            self.new.get("security"),
            Some(new.node),
        ];
        let seen = Seen::new("credentials-changed", "security", what)
            .values(Some(&old_words), Some(&new_words))
            .spans(None, at.into_iter().flatten().next());
        self.see(seen);
    }
}

/// The addresses an operation can be sent to, the default first; variables by their values.
fn servers(root: &Node, operation: &Operation<'_>) -> Vec<String> {
    let own = |node: &Node| {
        node.get("servers")
            .and_then(Node::as_array)
            .filter(|list| !list.is_empty())
            .map(<[Node]>::to_vec)
    };
    let list = own(operation.node)
        .or_else(|| own(operation.item))
        .or_else(|| own(root));
    list.into_iter()
        .flatten()
        .filter_map(|server| {
            let mut url = server.get_str("url")?.trim_end_matches('/').to_owned();
            for (name, variable) in server
                .get("variables")
                .and_then(Node::as_object)
                .into_iter()
                .flatten()
            {
                let default = variable.get_str("default").unwrap_or_default();
                let values: Vec<&str> = variable
                    .get("enum")
                    .and_then(Node::as_array)
                    .unwrap_or_default()
                    .iter()
                    .filter_map(Node::as_str)
                    .collect();
                let _ = write!(url, " ({name}: {default} of [{}])", values.join(", "));
            }
            Some(url)
        })
        .collect()
}

/// The alternatives of an operation, each written out: what is sent, where, under which name.
/// A scheme's own name is nothing a server sees.
fn requirements(root: &Node, operation: &Operation<'_>) -> BTreeSet<String> {
    let list = operation
        .node
        .get("security")
        .or_else(|| root.get("security"));
    list.and_then(Node::as_array)
        .unwrap_or_default()
        .iter()
        .filter_map(Node::as_object)
        .map(|requirement| {
            if requirement.is_empty() {
                return "nothing".to_owned();
            }
            let mut parts: Vec<String> = requirement
                .iter()
                .map(|(name, scopes)| scheme(root, name, scopes))
                .collect();
            parts.sort();
            parts.join(" and ")
        })
        .collect()
}

fn scheme(root: &Node, name: &str, scopes: &Node) -> String {
    let schemes = root
        .get("components")
        .and_then(|c| c.get("securitySchemes"));
    let Some(scheme) = schemes.and_then(|schemes| schemes.get(name)) else {
        return format!("`{name}`");
    };
    let scheme = super::resolve(root, scheme).0;
    let said = |key| scheme.get_str(key).unwrap_or_default();
    match said("type") {
        "apiKey" => format!("{} `{}`", said("in"), said("name")),
        "http" => format!("http {}", said("scheme").to_ascii_lowercase()),
        kind => {
            let mut scopes: Vec<&str> = scopes
                .as_array()
                .unwrap_or_default()
                .iter()
                .filter_map(Node::as_str)
                .collect();
            scopes.sort_unstable();
            let mut words = kind.to_owned();
            for address in authorities(scheme) {
                let _ = write!(words, " at {address}");
            }
            if !scopes.is_empty() {
                let _ = write!(words, " ({})", scopes.join(" "));
            }
            words
        }
    }
}

/// Where a scheme sends callers for their tokens: secrets go there.
fn authorities(scheme: &Node) -> BTreeSet<&str> {
    let flows = scheme
        .get("flows")
        .and_then(Node::as_object)
        .into_iter()
        .flatten();
    flows
        .flat_map(|(_, flow)| {
            ["authorizationUrl", "tokenUrl", "refreshUrl"]
                .into_iter()
                .filter_map(|key| flow.get_str(key))
        })
        .chain(scheme.get_str("openIdConnectUrl"))
        .collect()
}
