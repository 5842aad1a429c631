//! What a body is: a page with specifications, one without, or one that can't be used.
//!
//! A broken page must never read like a smaller API, so whatever looks cut, foreign or like a
//! login page is a failure with its reason.

use std::collections::BTreeMap;

use specmint_spec::{
    diag::{Diagnostics, Severity, codes::extract as extract_codes},
    extract::{self, OfPage, fence::Piece},
    fragment::{Form, Fragment},
    node::Node,
    page::{Page, Sources},
};

use crate::fetch::Body;

/// What a page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It holds specifications, of these operations (`METHOD /path`).
    Endpoint(Vec<String>),
    /// It describes webhooks only.
    Webhook(Vec<String>),
    /// It holds no specification: prose, or a look-alike with its name.
    Guide(&'static str),
    /// It can't be used: why, and the line.
    Unusable(String, Option<u32>),
}

/// The text of a body, or why it can't be one.
pub fn text(body: &Body) -> Result<String, String> {
    let start: Vec<u8> = body
        .bytes
        .iter()
        .copied()
        .skip_while(u8::is_ascii_whitespace)
        .take(15)
        .collect();
    let start = String::from_utf8_lossy(&start).to_ascii_lowercase();
    let html = body
        .content_type
        .as_deref()
        .is_some_and(|t| t.starts_with("text/html"));
    if start.starts_with("<!doctype html")
        || start.starts_with("<html")
        || start.starts_with("<head")
        || html
    {
        return Err("not Markdown but HTML: probably a login or bot page".to_owned());
    }
    if let Some(other) = body.content_type.as_deref().filter(|t| {
        [
            "image/",
            "video/",
            "audio/",
            "font/",
            "application/pdf",
            "application/zip",
        ]
        .iter()
        .any(|kind| t.starts_with(kind))
    }) {
        return Err(format!("not Markdown but `{other}`"));
    }
    let Ok(text) = std::str::from_utf8(&body.bytes) else {
        return Err("it is not UTF-8".to_owned());
    };
    if text.trim().is_empty() {
        return Err("it is empty".to_owned());
    }
    Ok(text.to_owned())
}

/// The hash of a page's specification blocks: words behind the fence and everything between the
/// fences. Prose around them doesn't count. A document counts as a whole.
pub fn blocks_sha256(text: &str) -> String {
    let page = specmint_spec::source::page("page", text);
    if extract::is_specification(&page.text) {
        return crate::sha256(page.text.as_bytes());
    }
    let mut blocks = String::new();
    for piece in extract::fence::pieces(&page.text) {
        if let Piece::Fence(fence) = piece {
            let info = fence.info.to_ascii_lowercase();
            if info.starts_with("yaml") || info.starts_with("yml") || info.starts_with("json") {
                blocks.push_str(fence.info);
                blocks.push('\n');
                blocks.push_str(fence.body);
                // A page that was cut inside its fence holds another block than the whole one.
                blocks.push_str(if fence.closed { "\0" } else { "\0cut" });
            }
        }
    }
    crate::sha256(blocks.as_bytes())
}

/// What was found in a set of pages.
pub struct Found {
    /// The kind of each page, by its id.
    pub kinds: BTreeMap<String, Kind>,
    /// The specification blocks, for whoever goes on with the same set.
    pub fragments: Vec<Fragment>,
    /// What was said while finding them, without what `kinds` says better.
    pub diags: Diagnostics,
}

/// Looks at pages.
pub fn pages(sources: &Sources) -> Found {
    let mut said = Diagnostics::default();
    let fragments = extract::fragments(sources, &mut said);
    found(sources, fragments, said)
}

/// As [`pages`], of pages that were read already.
pub fn read(sources: &Sources, read: Vec<OfPage>) -> Found {
    let mut said = Diagnostics::default();
    let fragments = extract::together(read, sources, &mut said);
    found(sources, fragments, said)
}

fn found(sources: &Sources, fragments: Vec<Fragment>, said: Diagnostics) -> Found {
    let mut kinds = BTreeMap::new();
    for (index, page) in sources.iter() {
        let own: Vec<&Fragment> = fragments.iter().filter(|f| f.page == index).collect();
        let of_page = || said.iter().filter(|d| d.span.page == index);
        let broken =
            of_page().find(|d| d.severity == Severity::Error && d.fatal && !is_refusal(d.code));
        let kind = match broken {
            Some(d) => Kind::Unusable(d.message.clone(), Some(d.span.line)),
            None if !own.is_empty() => described(&own),
            None => match of_page().find(|d| is_refusal(d.code)) {
                Some(d) if d.code == extract_codes::ASYNC_API => Kind::Guide("asyncapi"),
                Some(d) if d.code == extract_codes::APIDOG => Kind::Guide("apidog"),
                Some(d) if d.code == extract_codes::NOTHING => Kind::Guide("guide"),
                Some(d) => Kind::Unusable(d.message.clone(), Some(d.span.line)),
                None => Kind::Guide("guide"),
            },
        };
        kinds.insert(page.id.0.clone(), kind);
    }
    Found {
        kinds,
        fragments,
        diags: said,
    }
}

/// Codes that speak of pages of another kind, rather than of broken ones.
fn is_refusal(code: specmint_spec::diag::Code) -> bool {
    [
        extract_codes::ASYNC_API,
        extract_codes::APIDOG,
        extract_codes::NOTHING,
        extract_codes::SWAGGER,
        extract_codes::VERSION,
        extract_codes::LLMS_FULL,
        extract_codes::HTML,
        extract_codes::SOURCE_PAGE,
        extract_codes::UNKNOWN_DOCUMENT,
    ]
    .contains(&code)
}

fn described(fragments: &[&Fragment]) -> Kind {
    let mut operations = Vec::new();
    let mut webhooks = Vec::new();
    for fragment in fragments {
        let webhook = fragment.info.method.as_deref() == Some("webhook");
        let root = &fragment.root;
        if fragment.form == Form::Endpoint {
            let paths = root.get("paths");
            let said = |key| paths.and_then(|p| p.get_str(key)).unwrap_or_default();
            let list = if webhook || said("type") == "webhook" {
                &mut webhooks
            } else {
                &mut operations
            };
            list.push(format!(
                "{} {}",
                said("method").to_ascii_uppercase(),
                said("path")
            ));
            continue;
        }
        operations.extend(operations_of(root, "paths"));
        webhooks.extend(operations_of(root, "webhooks"));
        if webhook && let Some(target) = &fragment.info.target {
            webhooks.push(format!("WEBHOOK {target}"));
        }
    }
    operations.sort();
    operations.dedup();
    webhooks.sort();
    webhooks.dedup();
    if operations.is_empty() && !webhooks.is_empty() {
        return Kind::Webhook(webhooks);
    }
    operations.extend(webhooks);
    Kind::Endpoint(operations)
}

/// `METHOD /path` of everything below `paths` or `webhooks`.
fn operations_of(root: &Node, section: &str) -> Vec<String> {
    let items = root.get(section).and_then(Node::as_object);
    items
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| {
            crate::compare::METHODS
                .iter()
                .filter(|method| item.get(method).is_some())
                .map(move |method| format!("{} {path}", method.to_ascii_uppercase()))
        })
        .collect()
}

/// A page for the reading room: its id is the API's name and the file.
pub fn page(api: &str, file: &str, text: &str) -> Page {
    specmint_spec::source::page(&format!("{api}/{file}"), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(content_type: &str, text: &str) -> Body {
        Body {
            bytes: text.as_bytes().to_vec(),
            content_type: Some(content_type.to_owned()),
            ..Body::default()
        }
    }

    fn kind(text: &str) -> Kind {
        let sources = Sources::new(vec![page("acme", "a.md", text)]);
        pages(&sources)
            .kinds
            .remove("acme/a.md")
            .expect("every page has a kind")
    }

    const GET: &str = "# Get\n\n## OpenAPI\n\n````yaml get /v1/users/{id}\nopenapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths:\n  /v1/users/{id}:\n    get:\n      parameters:\n        - {name: id, in: path, required: true, schema: {type: string}}\n      responses:\n        '200': {description: ok, content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}\n````\n";

    #[test]
    fn login_and_bot_pages_are_recognised() {
        for (content_type, html) in [
            (
                "text/html; charset=utf-8",
                "<!DOCTYPE html><html><body>Sign in</body></html>",
            ),
            (
                "text/markdown",
                "  \n<html lang=en>Checking your browser</html>",
            ),
            ("text/markdown", "<!doctype HTML>\n<title>Sign in</title>"),
            ("text/plain", "<head><title>Just a moment</title></head>"),
            ("text/html", "# Looks like Markdown\n"),
        ] {
            let why = text(&body(content_type, html)).expect_err("it is HTML");
            assert!(why.contains("login or bot page"), "{why}");
        }
        assert!(text(&body("image/png", "x")).is_err());
        assert!(text(&body("text/markdown", " \n ")).is_err());
        assert!(text(&body("text/plain", "# A\n")).is_ok());
    }

    #[test]
    fn every_class_of_page() {
        assert_eq!(
            kind(GET),
            Kind::Endpoint(vec!["GET /v1/users/{id}".to_owned()])
        );
        assert_eq!(kind("# Guide\n\nProse.\n"), Kind::Guide("guide"));
        let webhook = "# Paid\n\n## OpenAPI\n\n````yaml webhook order.paid\nopenapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths: {}\n````\n";
        assert_eq!(
            kind(webhook),
            Kind::Webhook(vec!["WEBHOOK order.paid".to_owned()])
        );
        assert!(matches!(
            kind("# A\n\n## OpenAPI\n"),
            Kind::Unusable(_, Some(3))
        ));
        // An older format is no guide: dropping it would be a loss without a word.
        let swagger = GET.replace("openapi: 3.1.0", "swagger: '2.0'");
        assert!(
            matches!(kind(&swagger), Kind::Unusable(..)),
            "{:?}",
            kind(&swagger)
        );
        let asyncapi = "# A\n\n## AsyncAPI\n\n````yaml asyncapi.json events\nid: a\ntitle: b\nservers: []\naddress: x\noperations: []\n````\n";
        assert_eq!(kind(asyncapi), Kind::Guide("asyncapi"));
    }

    #[test]
    fn a_page_cut_anywhere_is_never_a_smaller_specification() {
        let whole = Kind::Endpoint(vec!["GET /v1/users/{id}".to_owned()]);
        let end = GET.trim_end().len();
        for cut in 0..GET.len() {
            let found = kind(&GET[..cut]);
            match found {
                Kind::Endpoint(_) => {
                    assert!(cut >= end, "cut at {cut}: {found:?}");
                    assert_eq!(found, whole);
                    assert_eq!(blocks_sha256(&GET[..cut]), blocks_sha256(GET));
                }
                Kind::Webhook(_) => panic!("cut at {cut}: {found:?}"),
                Kind::Guide(_) | Kind::Unusable(..) => {}
            }
        }
    }

    #[test]
    fn prose_is_not_part_of_the_hash() {
        let other = GET.replace("# Get\n", "# Get\n\n> Now with a description\n");
        assert_eq!(blocks_sha256(GET), blocks_sha256(&other));
        assert_ne!(
            blocks_sha256(GET),
            blocks_sha256(&GET.replace("type: string", "type: integer"))
        );
    }
}
