//! `api.toml`: what a person decided about one API. Unknown keys are errors.

use serde::Deserialize;

use crate::{
    diag::{Diagnostics, codes::source as codes},
    page::{Page, PageIndex, Span},
};

/// The decisions about one API; all have defaults.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Api {
    /// The name in code and on the command line: `[a-z][a-z0-9_]*`. Not in the file: the folder's.
    #[serde(skip)]
    pub name: String,
    /// What the API calls itself, where the pages don't say.
    pub title: Option<String>,
    /// Where its documentation index is, an absolute URL.
    pub docs: Option<String>,
    /// The server, where the pages don't say, an absolute URL.
    pub base_url: Option<String>,
    /// Hosts that pages may be fetched from beside that of `docs`: `host` or `host:port`.
    pub hosts: Vec<String>,
    /// Which listed pages belong to the API: globs over the path of the address, `!` excludes.
    pub select: Vec<String>,
    /// The whole document, an absolute URL, in place of pages.
    pub spec: Option<String>,
    /// Pages (below `pages/`) that are never replaced.
    pub pinned: Vec<String>,
    /// Whether pages may come from loopback and private addresses: tests, local mirrors.
    #[serde(alias = "allow_private")]
    pub allow_private: bool,
    /// Whether each breaking change has to be accepted by its fingerprint.
    #[serde(alias = "refuse_breaking")]
    pub refuse_breaking: bool,
    /// Names of operations, by `METHOD /path`, where the derived one is not wanted.
    pub operations: std::collections::BTreeMap<String, String>,
    /// Where the file stands among the sources, for its spans.
    #[serde(skip)]
    pub page: Option<PageIndex>,
    /// The text of `fixups.yaml`, read beside it.
    #[serde(skip)]
    pub fixups: Option<Page>,
    /// Where `fixups.yaml` stands among the sources, for its spans.
    #[serde(skip)]
    pub fixups_page: Option<PageIndex>,
}

/// Reads `api.toml`; where that fails, the defaults and an error.
pub fn parse(page: &Page, index: PageIndex, diags: &mut Diagnostics) -> Api {
    let api: Api = match toml::from_str(&page.text) {
        Ok(api) => Api {
            page: Some(index),
            ..api
        },
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            diags.error(
                codes::SETTINGS,
                position(page, index, at),
                one_line(error.message()),
            );
            return Api::default();
        }
    };
    for (key, url) in [
        ("docs", &api.docs),
        ("base-url", &api.base_url),
        ("spec", &api.spec),
    ] {
        if let Some(url) = url
            && !(url.starts_with("https://") || url.starts_with("http://"))
        {
            let span = key_position(page, index, key);
            diags
                .error(
                    codes::SETTINGS,
                    span,
                    format!("`{key}` is no absolute URL: `{url}`"),
                )
                .help("an absolute URL begins with `https://`");
        }
    }
    for key in api.operations.keys() {
        let good = key.split_once(' ').is_some_and(|(method, path)| {
            !method.is_empty()
                && method.chars().all(|c| c.is_ascii_uppercase())
                && path.starts_with('/')
        });
        if !good {
            diags
                .error(
                    codes::SETTINGS,
                    key_position(page, index, key),
                    format!("`{key}` names no operation"),
                )
                .help("an operation is named by `METHOD /path`, as in `\"GET /v1/things\"`");
        }
    }
    api
}

/// A name for code and command line, made of a folder's or file's: `[a-z][a-z0-9_]*`.
pub fn name(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    let name = name.trim_end_matches('_');
    match name.chars().next() {
        Some('a'..='z') => name.to_owned(),
        Some(_) => format!("api_{name}"),
        None => "api".to_owned(),
    }
}

/// The position of a byte.
fn position(page: &Page, index: PageIndex, at: usize) -> Span {
    let before = page.text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    Span {
        page: index,
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
    }
}

/// The position of the first line that begins with a key, quoted or not.
pub(crate) fn key_position(page: &Page, index: PageIndex, key: &str) -> Span {
    let line = (1..).zip(page.text.lines()).find(|(_, line)| {
        let line = line.trim_start().trim_start_matches(['"', '\'']);
        line.strip_prefix(key)
            .is_some_and(|rest| rest.starts_with(['"', '\'', ' ', '\t', '=', '.']))
    });
    Span {
        page: index,
        line: line.map_or(1, |(number, _)| number),
        column: 1,
    }
}

fn one_line(message: &str) -> String {
    message.lines().collect::<Vec<_>>().join(", ")
}
