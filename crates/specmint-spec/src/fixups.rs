//! Corrections of one API's mistakes, as data beside its pages; one that changes nothing is an
//! error.
//!
//! Two forms of `fixups.yaml`: a list of our own, each entry named and sourced, and a standard
//! Overlay document. Both become [`Action`]s, which are all this room applies. It must never know
//! what an `OpenAPI` document means, but for the table of operations it has to keep true.

mod action;
mod house;
mod operations;
mod overlay;
mod target;

use crate::{
    api::Api,
    diag::{Diagnostics, codes::fixups as codes},
    document::Document,
    node::{Node, Value},
    page::{PageIndex, Span},
    yaml,
};

use action::{Action, Change};

/// Applies the API's corrections in their order.
pub fn apply(document: &mut Document, api: &Api, diags: &mut Diagnostics) {
    let Some(page) = &api.fixups else { return };
    let index = api.fixups_page.unwrap_or(PageIndex(u32::MAX));
    let Ok(root) = yaml::parse_document(page, index, diags) else {
        return;
    };
    let actions = match &root.value {
        Value::Null => return,
        Value::Array(entries) => house::actions(entries, diags),
        Value::Object(_) if root.get("overlay").is_some() => overlay::actions(&root, diags),
        _ => {
            diags
                .error(
                    codes::FORM,
                    root.span,
                    "neither a list of fixups nor an Overlay document",
                )
                .help("begin with `- name: …`, or with `overlay: 1.0.0`");
            return;
        }
    };
    for action in actions {
        action.apply(&mut document.root, diags);
    }
    operations::update(document);
}

/// The members of an entry, all of them known.
fn check_keys(entry: &Node, known: &[&str], diags: &mut Diagnostics) {
    for (key, node) in entry.as_object().into_iter().flatten() {
        if !known.contains(&key.as_str()) && !key.starts_with("x-") {
            diags
                .error(
                    codes::KEY,
                    node.span,
                    format!("the key `{key}` is not known here"),
                )
                .help(format!("known are `{}`", known.join("`, `")));
        }
    }
}

/// A member that must be there and be a text.
fn text(entry: &Node, key: &str, span: Span, diags: &mut Diagnostics) -> Option<String> {
    match entry.get(key).map(|node| (node.span, &node.value)) {
        Some((_, Value::String(text))) if !text.is_empty() => Some(text.to_string()),
        Some((_, Value::Number(number))) => Some(number.text().to_owned()),
        Some((span, _)) => {
            diags.error(codes::FIELD, span, format!("`{key}` must be a text"));
            None
        }
        None => {
            diags.error(codes::FIELD, span, format!("`{key}` is missing"));
            None
        }
    }
}
