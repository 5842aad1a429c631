//! The Overlay Specification, 1.0 and 1.1: `actions` of `target` and `update`, `remove` or `copy`.

use crate::{
    diag::{Diagnostics, codes::fixups as codes},
    fixups::{Action, Change, check_keys, target::Target, text},
    node::{Node, Value},
};

/// Every action that says what to do.
pub(super) fn actions(root: &Node, diags: &mut Diagnostics) -> Vec<Action> {
    check_keys(root, &["overlay", "info", "extends", "actions"], diags);
    let version = text(root, "overlay", root.span, diags).unwrap_or_default();
    let span = root.get("overlay").map_or(root.span, |node| node.span);
    if !["1.0", "1.1"]
        .iter()
        .any(|v| version == *v || version.starts_with(&format!("{v}.")))
    {
        diags.error(
            codes::VERSION,
            span,
            format!("Overlay `{version}` is not supported; 1.0 and 1.1 are"),
        );
        return Vec::new();
    }
    match root.get("info") {
        Some(info) => {
            check_keys(info, &["title", "version", "description"], diags);
            text(info, "title", info.span, diags);
            text(info, "version", info.span, diags);
        }
        None => {
            diags.error(codes::FIELD, span, "`info` is missing");
        }
    }
    let Some(entries) = root.get("actions").and_then(Node::as_array) else {
        diags.error(codes::FIELD, span, "`actions` must be a list");
        return Vec::new();
    };
    entries
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| action(index, entry, diags))
        .collect()
}

fn action(index: usize, entry: &Node, diags: &mut Diagnostics) -> Option<Action> {
    if entry.as_object().is_none() {
        diags.error(codes::FORM, entry.span, "an action is an object");
        return None;
    }
    check_keys(
        entry,
        &["target", "description", "update", "remove", "copy"],
        diags,
    );
    let at = text(entry, "target", entry.span, diags)?;
    let span = entry.get("target").map_or(entry.span, |node| node.span);
    if !at.starts_with('$') {
        diags.error(
            codes::TARGET,
            span,
            format!("`{at}` is no JSONPath; it begins with `$`"),
        );
        return None;
    }
    let target = Target::parse(&at, span, diags)?;
    let change = match entry.get("remove").map(|node| (node.span, &node.value)) {
        // It goes before the others, says the specification.
        Some((_, Value::Bool(true))) => Change::Remove,
        Some((_, Value::Bool(false))) | None => other(entry, diags)?,
        Some((span, _)) => {
            diags.error(codes::FIELD, span, "`remove` must be `true` or `false`");
            return None;
        }
    };
    let title = format!("action {} on `{at}`", index + 1);
    Some(Action {
        title,
        span: entry.span,
        target,
        change,
    })
}

fn other(entry: &Node, diags: &mut Diagnostics) -> Option<Change> {
    match (entry.get("update"), entry.get("copy")) {
        (Some(node), None) => Some(Change::Update(node.clone())),
        (None, Some(node)) => {
            let source = text(entry, "copy", entry.span, diags)?;
            Some(Change::Copy(Target::parse(&source, node.span, diags)?))
        }
        _ => {
            diags.error(
                codes::CHANGE,
                entry.span,
                "an action must say one of `update`, `remove` and `copy`",
            );
            None
        }
    }
}
