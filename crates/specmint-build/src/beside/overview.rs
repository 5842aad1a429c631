//! The page that a reader of the documentation sees first: what the API is, how to get in, and a
//! table of all operations with links to their documentation.

use indexmap::IndexMap;

use super::environment;
use crate::{
    model::{Api, Operation},
    render::doc,
};

/// What stands for the version in a document that has none.
pub(super) const UNKNOWN: &str = "unknown";

/// The page, as Markdown for rustdoc; links are relative to the module of the client.
pub(crate) fn page(api: &Api) -> String {
    let title = doc::line(&api.title);
    let mut parts = vec![format!("Client for {}.", title.trim_end_matches('.'))];
    let link = api.docs.as_deref();
    let mut about: Vec<String> = Vec::new();
    about.extend(link.and_then(|url| doc::link("Documentation", url)));
    if api.version != UNKNOWN {
        let version = doc::code_span(&api.version);
        let word = if about.is_empty() {
            "Version"
        } else {
            "version"
        };
        about.push(format!("{word} {version} of the API"));
    }
    if !about.is_empty() {
        parts.push(about.join(" · "));
    }
    parts.push(format!(
        "# Credentials\n\n[`Client::from_env`] reads, and [`Client::builder`] takes:\n\n{}",
        environment::list(api)
    ));
    if !api.operations.is_empty() {
        parts.push("# Operations".to_owned());
        let mut groups: IndexMap<&str, Vec<&Operation>> = IndexMap::new();
        for operation in &api.operations {
            let tag = operation.tags.first().map_or("", String::as_str);
            groups.entry(tag).or_default().push(operation);
        }
        // Without tags first: they have no heading to stand under.
        groups.sort_by(|a, _, b, _| b.is_empty().cmp(&a.is_empty()));
        for (tag, operations) in groups {
            let tag = doc::line(tag);
            if !tag.is_empty() {
                parts.push(format!("## {tag}"));
            }
            parts.push(table(&operations));
        }
    }
    parts.join("\n\n")
}

fn table(operations: &[&Operation]) -> String {
    let mut out = String::from("| method | request | what it does |\n|---|---|---|");
    for operation in operations {
        let request = doc::code_span(&format!("{} {}", operation.method, operation.path));
        let mut about: Vec<String> = Vec::new();
        let summary = operation.summary.as_deref().map(doc::line);
        about.extend(summary.filter(|summary| !summary.is_empty()));
        if let Some(body) = operation.body.as_ref().filter(|body| body.is_choice) {
            about.push(format!("as {}", doc::code_span(&body.media_type)));
        }
        if operation.deprecated {
            about.push("*deprecated*".to_owned());
        }
        let url = operation.url.as_deref();
        about.extend(url.and_then(|url| doc::link("documentation", url)));
        let name = operation.rust.trim_start_matches("r#");
        // What stands between two bars is a cell, whatever else it is.
        let about = doc::cell(&about.join(" · "));
        let request = doc::cell(&request);
        out.push_str(&format!(
            "\n| [`{name}`](Client::{name}) | {request} | {about} |"
        ));
    }
    out
}
