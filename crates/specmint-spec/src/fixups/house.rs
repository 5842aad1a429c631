//! The list of our own: `name`, `upstream`, `why`, `at`, and one thing to do.

use crate::{
    diag::{Diagnostics, codes::fixups as codes},
    fixups::{Action, Change, check_keys, target::Target, text},
    node::{Node, Value},
};

const KNOWN: [&str; 8] = [
    "name", "upstream", "why", "at", "remove", "update", "set", "rename",
];
const CHANGES: [&str; 4] = ["remove", "update", "set", "rename"];

/// Every entry that says what to do.
pub(super) fn actions(entries: &[Node], diags: &mut Diagnostics) -> Vec<Action> {
    let mut names = std::collections::BTreeMap::new();
    let mut actions = Vec::new();
    for entry in entries {
        if entry.as_object().is_none() {
            diags.error(codes::FORM, entry.span, "a fixup is an object");
            continue;
        }
        check_keys(entry, &KNOWN, diags);
        let name = text(entry, "name", entry.span, diags);
        // A correction without a source can't be checked by the next reader.
        text(entry, "upstream", entry.span, diags);
        let Some(at) = text(entry, "at", entry.span, diags) else {
            continue;
        };
        let at_span = entry.get("at").map_or(entry.span, |node| node.span);
        let Some(target) = Target::parse(&at, at_span, diags) else {
            continue;
        };
        let Some(name) = name else { continue };
        if let Some(first) = names.insert(name.clone(), entry.span) {
            diags
                .error(
                    codes::FIELD,
                    entry.span,
                    format!("two fixups are called `{name}`"),
                )
                .label(first, "the other one");
        }
        let mut found = CHANGES
            .iter()
            .filter_map(|key| Some((*key, entry.get(key)?)));
        let (Some((key, node)), None) = (found.next(), found.next()) else {
            diags
                .error(
                    codes::CHANGE,
                    entry.span,
                    format!("the fixup `{name}` must say one thing to do"),
                )
                .help(format!("one of `{}`", CHANGES.join("`, `")));
            continue;
        };
        let change = match key {
            "remove" => remove(node, diags),
            "rename" => rename(node, diags),
            "update" => Some(Change::Update(node.clone())),
            _ => Some(Change::Set(node.clone())),
        };
        if let Some(change) = change {
            let title = format!("fixup `{name}`");
            actions.push(Action {
                title,
                span: entry.span,
                target,
                change,
            });
        }
    }
    actions
}

fn remove(node: &Node, diags: &mut Diagnostics) -> Option<Change> {
    match &node.value {
        Value::Bool(true) => Some(Change::Remove),
        Value::String(_) | Value::Number(_) => Some(Change::RemoveMembers(vec![node.clone()])),
        Value::Array(nodes) => Some(Change::RemoveMembers(nodes.clone())),
        _ => {
            diags.error(
                codes::FIELD,
                node.span,
                "`remove` must be `true`, a name or a list of names",
            );
            None
        }
    }
}

fn rename(node: &Node, diags: &mut Diagnostics) -> Option<Change> {
    match &node.value {
        Value::String(name) => Some(Change::Rename(name.to_string())),
        Value::Object(map) if map.values().all(|node| node.as_str().is_some()) => {
            let names = map
                .iter()
                .filter_map(|(k, n)| Some((k.to_string(), n.as_str()?.to_owned())));
            Some(Change::RenameMembers(names.collect()))
        }
        _ => {
            diags.error(
                codes::FIELD,
                node.span,
                "`rename` must be the new name, or an object of old and new names",
            );
            None
        }
    }
}
