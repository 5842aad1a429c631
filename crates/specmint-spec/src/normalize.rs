//! Fragment → fragment: every accepted form becomes one `OpenAPI` 3.1 shape.
//!
//! It knows what converters and older specifications do to a document and how to undo it; it must
//! never know what becomes of the fragments afterwards.

mod block;
mod mintlify;
mod shared;
mod tally;
mod upgrade;

use tally::Tally;
use upgrade::Dialect;

use crate::{
    diag::{Diagnostics, codes::normalize as codes},
    fragment::{Form, Fragment},
    node::{Node, Value},
    page::Sources,
    parallel,
    walk::{self, Kind, Path},
};

/// Brings every fragment into the `OpenAPI` 3.1 shape.
pub fn fragments(
    mut fragments: Vec<Fragment>,
    sources: &Sources,
    diags: &mut Diagnostics,
) -> Vec<Fragment> {
    // No result may depend on the order of reading.
    fragments.sort_by_key(|fragment| fragment.span);
    let known = mintlify::security::Known::of(&fragments);
    let mut documents = Vec::with_capacity(fragments.len());
    let mut endpoints = Vec::new();
    let bytes = sources.iter().map(|(_, page)| page.text.len()).sum();
    let upgraded = shared::Upgraded::of(&fragments);
    let read = parallel::map(fragments, bytes, |fragment| {
        let mut diags = Diagnostics::default();
        let (document, endpoint) = match fragment.form {
            Form::OpenApi => (document(fragment, &upgraded, &mut diags), None),
            Form::Endpoint => (None, mintlify::read(fragment, &known, &mut diags)),
        };
        (document, endpoint, diags)
    });
    for (document, endpoint, said) in read {
        documents.extend(document);
        endpoints.extend(endpoint);
        diags.append(said);
    }
    let mut endpoints = mintlify::upgrade(endpoints, bytes, diags);
    mintlify::names::settle(&mut endpoints, diags);
    documents.extend(parallel::map(endpoints, bytes, |endpoint| {
        mintlify::write(endpoint, sources)
    }));
    documents
}

/// A document of 3.0 or 3.1, in the idioms of 3.1.
fn document(
    mut fragment: Fragment,
    upgraded: &shared::Upgraded,
    diags: &mut Diagnostics,
) -> Option<Fragment> {
    let Some(dialect) = dialect(&fragment) else {
        refuse_version(&fragment, diags);
        return None;
    };
    upgraded.apply(&mut fragment, dialect);
    block::check(&fragment, diags);
    let mut tally = Tally::default();
    upgrade::tree(
        &mut fragment.root,
        Kind::Document,
        dialect,
        &Path::start(""),
        &mut tally,
    );
    if dialect == Dialect::V3_0
        && let Some(version) = fragment.root.get_mut("openapi")
    {
        version.value = "3.1.0".into();
    }
    tally.say(diags);
    say_hidden_webhook(&fragment, diags);
    Some(fragment)
}

fn version(fragment: &Fragment) -> &str {
    match fragment.root.get("openapi").map(|node| &node.value) {
        Some(Value::String(text)) => text,
        // `openapi: 3.0` without quotes.
        Some(Value::Number(number)) => number.text(),
        _ => "",
    }
}

fn dialect(fragment: &Fragment) -> Option<Dialect> {
    let is = |minor: &str| {
        version(fragment)
            .strip_prefix(minor)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    if is("3.0") {
        return Some(Dialect::V3_0);
    }
    is("3.1").then_some(Dialect::V3_1)
}

fn refuse_version(fragment: &Fragment, diags: &mut Diagnostics) {
    let node = fragment.root.get("openapi");
    let span = node.map_or(fragment.span, |node| node.span);
    let text = version(fragment);
    diags
        .error(
            codes::VERSION,
            span,
            format!("`{text}` is no version of OpenAPI that is read here"),
        )
        .help("3.0.x and 3.1.x are read");
}

/// A part of another file, which does not say its version.
pub(crate) fn foreign(node: &mut Node, kind: Kind, diags: &mut Diagnostics) {
    let mut tally = Tally::default();
    upgrade::tree(node, kind, Dialect::Unsaid, &Path::start(""), &mut tally);
    tally.say(diags);
}

/// A webhook's page of this form shows its name and nothing else.
fn say_hidden_webhook(fragment: &Fragment, diags: &mut Diagnostics) {
    if fragment.info.method.as_deref() == Some("webhook")
        && walk::operations(&fragment.root).next().is_none()
    {
        let name = fragment.info.target.as_deref().unwrap_or_default();
        diags.note(
            codes::WEBHOOK_HIDDEN,
            fragment.span,
            format!("the page does not show what the webhook `{name}` sends"),
        );
    }
}
