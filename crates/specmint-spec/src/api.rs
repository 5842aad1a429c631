//! `api.toml`: what a person decided about one API. Unknown keys are errors.

use serde::Deserialize;

use crate::{
    diag::{Diagnostics, codes::source as codes},
    names::Names,
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
    /// How lists are paginated, by the operation's id, Rust name or `METHOD /path`, where the rule
    /// finds nothing or is wrong.
    pub pagination: std::collections::BTreeMap<String, Pagination>,
    /// Where the file stands among the sources, for its spans.
    #[serde(skip)]
    pub page: Option<PageIndex>,
    /// The published names, of `names.lock` beside it.
    #[serde(skip)]
    pub names: Names,
    /// The text of `fixups.yaml`, read beside it.
    #[serde(skip)]
    pub fixups: Option<Page>,
    /// Where `fixups.yaml` stands among the sources, for its spans.
    #[serde(skip)]
    pub fixups_page: Option<PageIndex>,
}

/// How the pages of one list follow one another. Fields of the answer are named with dots, or by
/// JSON Pointer (RFC 6901).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Pagination {
    /// What leads from a page to the next.
    pub style: PaginationStyle,
    /// The parameter that asks for a page.
    pub parameter: Option<String>,
    /// The member of the body in JSON that asks for a page, in place of `parameter`.
    pub body: Option<String>,
    /// The field with the token, or with the address, of the next page.
    pub next: Option<String>,
    /// The field of the last item that the next page begins after, in place of `next`.
    pub last_item: Option<String>,
    /// The field with the items; the only list of the answer where it isn't said.
    pub items: Option<String>,
    /// The field that says whether there is another page.
    pub more: Option<String>,
    /// The field that counts the items of all pages.
    pub total: Option<String>,
    /// The field that counts the pages.
    pub pages: Option<String>,
    /// The parameter that says how many items a page has.
    pub size: Option<String>,
    /// The number of the first page, or the first offset.
    pub first: Option<u64>,
    /// Where it is stated.
    #[serde(skip, default = "nowhere")]
    pub span: Span,
}

fn nowhere() -> Span {
    Span::NONE
}

impl Pagination {
    /// Whether it says that there are no pages.
    pub fn is_none(&self) -> bool {
        self.style == PaginationStyle::None
    }
}

/// What leads from a page to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaginationStyle {
    /// A token of the answer, or the name of its last item, is a parameter of the next request.
    Cursor,
    /// A parameter numbers the pages.
    Page,
    /// A parameter is the number of items to pass over.
    Offset,
    /// The header `Link` (RFC 8288).
    Link,
    /// A field of the answer is the address of the next page.
    Url,
    /// Nothing: it is no list in pages.
    None,
}

/// Reads `api.toml`; where that fails, the defaults and an error.
pub fn parse(page: &Page, index: PageIndex, diags: &mut Diagnostics) -> Api {
    let mut api: Api = match toml::from_str(&page.text) {
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
    for (key, pagination) in &mut api.pagination {
        pagination.span = table_position(page, index, "pagination", key);
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

/// The position of a table's heading: `[name.key]`, or of the key within `[name]`.
fn table_position(page: &Page, index: PageIndex, name: &str, key: &str) -> Span {
    let heading = (1..).zip(page.text.lines()).find(|(_, line)| {
        line.trim_start()
            .strip_prefix('[')
            .and_then(|line| line.trim_start().strip_prefix(name))
            .is_some_and(|line| line.contains(key))
    });
    match heading {
        Some((line, _)) => Span {
            page: index,
            line,
            column: 1,
        },
        None => key_position(page, index, key),
    }
}

fn one_line(message: &str) -> String {
    message.lines().collect::<Vec<_>>().join(", ")
}
