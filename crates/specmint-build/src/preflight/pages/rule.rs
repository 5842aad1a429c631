//! Pagination as the names say it.

mod after;
mod request;

use specmint_spec::{diag::Diagnostics, node::Node};

use super::{List, step};
use crate::{
    codes,
    model::{Operation, PageSize, PageTo, PageWay, Pagination},
    preflight::properties,
};
use request::Request;

/// How deep a field may be wrapped: `meta.pagination.next`.
const MAX_DEPTH: usize = 3;

/// A field of the page that may lead on.
struct Field<'a> {
    pointer: String,
    /// Its name, and that of the object it is in: lower case, letters and digits only.
    name: String,
    parent: String,
    schema: &'a Node,
    depth: usize,
}

/// How an operation's pages follow one another; `None` where that isn't certain.
pub(super) fn find(
    operation: &Operation,
    list: &List<'_>,
    diags: &mut Diagnostics,
) -> Option<Pagination> {
    let posted = operation.method == "POST" && request::reads(operation);
    if !posted && (operation.method != "GET" || request::has_body(operation, list)) {
        return None;
    }
    let items = items(list)?;
    let fields = fields(list);
    let requests = if posted {
        request::members(operation, list)
    } else {
        request::parameters(operation, list)
    };
    let size = one(requests
        .iter()
        .filter(|r| r.integer && SIZES.contains(&&*r.name)));
    let more = nearest(
        fields
            .iter()
            .filter(|f| MORE.contains(&&*f.name) && f.is("boolean")),
    );
    let total = nearest(
        fields
            .iter()
            .filter(|f| TOTALS.contains(&&*f.name) && f.is_number()),
    );
    let pages = nearest(
        fields
            .iter()
            .filter(|f| PAGES.contains(&&*f.name) && f.is_number()),
    );
    let counted = size.is_some() || more.is_some() || total.is_some() || pages.is_some();
    let pagination = |way: PageWay| {
        let numbered = matches!(way, PageWay::Page { .. } | PageWay::Offset { .. });
        let pointer = |field: Option<&Field<'_>>| field.map(|field| field.pointer.clone());
        Pagination {
            items: items.clone(),
            item: String::new(),
            more: pointer(more).filter(|_| {
                numbered || matches!(way, PageWay::Cursor { .. } | PageWay::After { .. })
            }),
            total: pointer(total).filter(|_| numbered),
            pages: pointer(pages).filter(|_| matches!(way, PageWay::Page { .. })),
            size: size.filter(|_| numbered).and_then(|r| match r.to {
                PageTo::Parameter(index) => Some(self::size(Some(r.schema), index)),
                PageTo::Body(_) => None,
            }),
            way,
        }
    };

    if let Some(next) = nearest(fields.iter().filter(|f| is_address(f))) {
        return Some(pagination(PageWay::Url {
            next: next.pointer.clone(),
        }));
    }
    if let Some((request, field)) = token(&requests, &fields) {
        return Some(pagination(PageWay::Cursor {
            to: request.to.clone(),
            next: field.pointer.clone(),
        }));
    }
    if posted {
        return None;
    }
    let paged = size.is_some()
        || requests
            .iter()
            .any(|r| TOKENS.iter().any(|token| r.name.contains(token)));
    if paged && list.headers.iter().any(|h| h.eq_ignore_ascii_case("link")) {
        return Some(pagination(PageWay::Link));
    }
    if let Some(way) = after::find(&requests, &fields, list, &items) {
        return Some(pagination(way));
    }
    if !counted {
        return None;
    }
    let numbers = |names: &[&str]| {
        one(requests
            .iter()
            .filter(|r| r.integer && names.contains(&&*r.name)))
    };
    match (numbers(PAGE_NUMBERS), numbers(OFFSETS)) {
        (Some(page), None) => {
            let Some(first) = first_page(page.schema, page.description) else {
                diags
                    .note(
                        codes::FIRST_PAGE_UNKNOWN,
                        operation.span,
                        "it looks paginated, and nothing says what the number of the first page is",
                    )
                    .help(format!(
                        "in `api.toml`: `[pagination.{}]`, `style = \"page\"`, `first = 1`",
                        operation.rust
                    ))
                    .at(operation.pointer.clone());
                return None;
            };
            Some(pagination(PageWay::Page {
                to: page.to.clone(),
                first,
            }))
        }
        (None, Some(offset)) => Some(pagination(PageWay::Offset {
            to: offset.to.clone(),
            first: default_number(offset.schema).unwrap_or(0),
        })),
        _ => None,
    }
}

/// Parts of the names of parameters that take tokens.
const TOKENS: &[&str] = &[
    "token", "cursor", "page", "marker", "continu", "after", "offset", "scroll", "bookmark", "skip",
];
/// Parameters that take tokens and nothing else, unlike `accessToken`.
const CURSORS: &[&str] = &[
    "after",
    "continuationtoken",
    "cursor",
    "marker",
    "nextcursor",
    "nextpagetoken",
    "nexttoken",
    "pagecursor",
    "pagetoken",
    "paginationtoken",
    "startcursor",
];
/// Parameters that number pages.
const PAGE_NUMBERS: &[&str] = &["page", "pagenumber", "pagenum", "pageno", "pageindex"];
/// Parameters that pass over items.
const OFFSETS: &[&str] = &["offset", "skip"];
/// Parameters that say how long a page is.
const SIZES: &[&str] = &[
    "limit",
    "perpage",
    "pagesize",
    "size",
    "maxresults",
    "maxitems",
    "pagelimit",
    "take",
    "top",
    "itemsperpage",
    "resultsperpage",
    "maxpagesize",
    "count",
    "first",
];
/// Fields that say whether there is more.
const MORE: &[&str] = &[
    "more",
    "hasmore",
    "hasnext",
    "hasnextpage",
    "hasmorepages",
    "hasmoreresults",
    "hasmoreitems",
];
/// Fields that count all items.
const TOTALS: &[&str] = &[
    "total",
    "totalcount",
    "totalitems",
    "totalresults",
    "totalrecords",
    "totalelements",
    "totalentries",
];
/// Fields that count all pages.
const PAGES: &[&str] = &[
    "totalpages",
    "pagecount",
    "numpages",
    "lastpage",
    "totalpagecount",
    "numberofpages",
];
/// Fields that hold the address of the next page, where they are texts of that format.
const ADDRESSES: &[&str] = &["next", "nextpage"];
/// Fields that hold it whatever their format is.
const CERTAIN_ADDRESSES: &[&str] = &[
    "nexturl",
    "nextpageurl",
    "nextlink",
    "nextpagelink",
    "nexthref",
    "nexturi",
    "nextpageuri",
    "odatanextlink",
];

/// Lower case, letters and digits only: `page[number]` and `pageNumber` are one name.
fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

impl Field<'_> {
    fn is(&self, kind: &str) -> bool {
        self.schema.get_str("type") == Some(kind)
    }

    fn is_number(&self) -> bool {
        self.is("integer") || self.is("number")
    }

    fn says(&self, word: &str) -> bool {
        let text = self.schema.get_str("description").unwrap_or_default();
        text.to_ascii_lowercase().contains(word)
    }
}

/// The one that is wrapped least, if there is only one of that depth.
fn nearest<'a, 'b>(found: impl Iterator<Item = &'b Field<'a>>) -> Option<&'b Field<'a>>
where
    'a: 'b,
{
    let found: Vec<&Field<'_>> = found.collect();
    let depth = found.iter().map(|field| field.depth).min()?;
    one(found.into_iter().filter(|field| field.depth == depth))
}

/// The only one.
fn one<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    let only = found.next()?;
    found.next().is_none().then_some(only)
}

/// The fields of a page that may lead on: of the page itself, and of objects about pages in it.
fn fields<'a>(list: &List<'a>) -> Vec<Field<'a>> {
    fn about_pages(name: &str) -> bool {
        ["pag", "meta", "link", "cursor", "resultinfo"]
            .iter()
            .any(|part| name.contains(part))
            || name == "next"
    }
    let mut out = Vec::new();
    let mut open = vec![(list.schema, String::new(), String::new(), 0)];
    while let Some((schema, pointer, parent, depth)) = open.pop() {
        for (name, schema) in properties::of(list.root, schema) {
            let pointer = format!("{pointer}{}", step(name));
            let name = plain(name);
            let deeper = depth < MAX_DEPTH && about_pages(&name);
            if deeper && matches!(schema.get_str("type"), Some("object") | None) {
                open.push((schema, pointer.clone(), name.clone(), depth + 1));
            }
            out.push(Field {
                pointer,
                name,
                parent: parent.clone(),
                schema,
                depth,
            });
        }
    }
    out
}

/// Where the one list of a page is; `None` where there is none, or more than one.
pub(super) fn items(list: &List<'_>) -> Option<String> {
    let is_list = |schema: &Node| schema.get_str("type") == Some("array");
    if is_list(list.schema) {
        return Some(String::new());
    }
    let top = properties::of(list.root, list.schema);
    let lists: Vec<&&str> = top
        .iter()
        .filter(|(_, schema)| is_list(schema))
        .map(|(name, _)| name)
        .collect();
    match lists.as_slice() {
        [only] => return Some(step(only)),
        [] => {}
        _ => return None,
    }
    let mut inner = top.iter().flat_map(|(outer, schema)| {
        let wraps = [
            "data", "result", "results", "response", "payload", "embedded",
        ];
        let wraps = wraps.contains(&&*plain(outer));
        properties::of(list.root, schema)
            .into_iter()
            .filter(move |(_, schema)| wraps && is_list(schema))
            .map(move |(inner, _)| format!("{}{}", step(outer), step(inner)))
    });
    let only = inner.next()?;
    inner.next().is_none().then_some(only)
}

/// Whether a field is the address of the next page.
fn is_address(field: &Field<'_>) -> bool {
    if !field.is("string") {
        return false;
    }
    let name = field.name.as_str();
    let format = matches!(
        field.schema.get_str("format"),
        Some("uri" | "url" | "uri-reference" | "iri")
    );
    CERTAIN_ADDRESSES.contains(&name)
        || format && ADDRESSES.contains(&name)
        || name == "next" && field.parent == "links"
        || name == "href" && field.parent == "next"
}

/// The parameter and the field whose names belong together.
fn token<'a, 'b>(
    requests: &'b [Request<'a>],
    fields: &'b [Field<'a>],
) -> Option<(&'b Request<'a>, &'b Field<'a>)> {
    let more = after::says_more(fields);
    let mut pairs: Vec<(&Request<'_>, &Field<'_>)> = Vec::new();
    for request in requests
        .iter()
        .filter(|r| TOKENS.iter().any(|token| r.name.contains(token)))
    {
        let mine = fields.iter().filter(|f| belongs(request, f, more));
        pairs.extend(nearest(mine).map(|field| (request, field)));
    }
    let depth = pairs.iter().map(|(_, field)| field.depth).min()?;
    one(pairs.into_iter().filter(|(_, field)| field.depth == depth))
}

fn belongs(request: &Request<'_>, field: &Field<'_>, more: bool) -> bool {
    if SIZES.contains(&&*request.name) {
        return false;
    }
    if !field.is("string") && !field.is("integer") {
        return false;
    }
    let bare = |name: &str| name.strip_prefix("next").unwrap_or(name).to_owned();
    let name = field.name.as_str();
    if bare(name) == bare(&request.name) && !bare(name).is_empty() {
        // The same name alone may be an echo of what was asked for.
        return name != request.name
            || name.starts_with("next")
            || field.parent == "next"
            || ["next", "subsequent", "following"]
                .iter()
                .any(|word| field.says(word));
    }
    let cursor = CURSORS.contains(&&*request.name);
    match name {
        // The page's last item, named once more.
        "lastid" => more && matches!(&*request.name, "after" | "afterid"),
        "endcursor" => matches!(&*request.name, "after" | "cursor" | "aftercursor"),
        // Of `next` alone only its description can say that it is a token.
        "next" => {
            cursor
                && (field.parent.starts_with("cursor")
                    || (field.says("cursor") || field.says("token"))
                        && !field.says("url")
                        && !field.says("link"))
        }
        "nextcursor" | "nextpagetoken" | "nexttoken" | "nextpagecursor" => {
            cursor && field.is("string") && !request.integer
        }
        _ => false,
    }
}

/// The number of the first page, where the document says it.
pub(super) fn first_page(schema: &Node, description: Option<&str>) -> Option<u64> {
    let minimum = || {
        let minimum: u64 = schema.get("minimum")?.as_number()?.text().parse().ok()?;
        let open = schema.get("exclusiveMinimum").and_then(Node::as_bool) == Some(true);
        Some(minimum + u64::from(open)).filter(|first| *first <= 1)
    };
    let said = || {
        let text = description?.to_ascii_lowercase();
        let says = |number: u64| {
            let begins = [
                format!("default: {number}"),
                format!("default is {number}"),
                format!("defaults to {number}"),
                format!("default `{number}`"),
                format!("{number}-based"),
                format!("{number}-indexed"),
                format!("starts at {number}"),
                format!("starting at {number}"),
                format!("starting from {number}"),
                format!("starts from {number}"),
                format!("begins at {number}"),
            ];
            begins.iter().any(|phrase| {
                text.find(phrase.as_str()).is_some_and(|at| {
                    let rest = text.get(at + phrase.len()..).unwrap_or_default();
                    !rest.starts_with(|c: char| c.is_ascii_digit())
                })
            })
        };
        match (says(0), says(1)) {
            (true, false) => Some(0),
            (false, true) => Some(1),
            _ => None,
        }
    };
    default_number(schema).or_else(minimum).or_else(said)
}

/// The documented default, if it is a number of things.
pub(super) fn default_number(schema: &Node) -> Option<u64> {
    number(schema.get("default"))
}

fn number(node: Option<&Node>) -> Option<u64> {
    node?.as_number()?.text().parse().ok()
}

/// What is documented about the length of a page.
pub(super) fn size(schema: Option<&Node>, parameter: usize) -> PageSize {
    let get = |key: &str| number(schema.and_then(|schema| schema.get(key))).unwrap_or(0);
    PageSize {
        parameter,
        usual: get("default"),
        most: get("maximum"),
    }
}
