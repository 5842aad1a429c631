//! Pagination: which operations give a list page by page, and how one page leads to the next.
//!
//! No version of OpenAPI can say it, so it is found by rule: a request parameter and a field of
//! the answer whose names belong together, and exactly one list of items. `api.toml` states it
//! where the rule finds nothing, or corrects it. A list that the rule misses is called page by page
//! by hand; one that it sees in error would be a promise that fails, so in doubt it finds nothing.

mod rule;
mod stated;

use specmint_spec::{
    diag::Diagnostics,
    node::{Key, Node, escape_pointer},
};

use super::{document::reference, properties, schemas::Types};
use crate::{
    Settings, codes,
    model::{AnswerKind, Api, BodyKind, Operation, PageTo, PageWay, Pagination},
};

/// How many names of one type may follow one another.
const MAX_NAMES: usize = 16;

/// Finds out which operations are paginated, by `api.toml` and by rule.
pub(super) fn settle(
    api: &mut Api,
    root: &Node,
    settings: &Settings,
    types: &mut Types,
    diags: &mut Diagnostics,
) {
    let mut unused: Vec<&String> = settings.pagination.keys().collect();
    for operation in &mut api.operations {
        let stated = settings
            .pagination
            .iter()
            .find(|(key, _)| names(operation, key));
        let Some(list) = List::of(operation, root) else {
            if let Some((key, stated)) = stated {
                unused.retain(|unused| unused != &key);
                if !stated.is_none() {
                    diags
                        .error(
                            codes::PAGINATION_STATED,
                            stated.span,
                            format!("`{key}` has no JSON answer of one type that could be a page"),
                        )
                        .at(operation.pointer.clone());
                }
            }
            continue;
        };
        let found = if let Some((key, stated)) = stated {
            unused.retain(|unused| unused != &key);
            match stated::read(operation, &list, stated) {
                Ok(found) => found,
                Err(message) => {
                    diags
                        .error(
                            codes::PAGINATION_STATED,
                            stated.span,
                            format!("pagination of `{key}`: {message}"),
                        )
                        .at(operation.pointer.clone());
                    continue;
                }
            }
        } else {
            rule::find(operation, &list, diags)
        };
        let Some(mut pagination) = found else {
            continue;
        };
        let Some(item) = item(&list.at, &pagination.items, types) else {
            if let Some((key, stated)) = stated {
                let items = &pagination.items;
                diags
                    .error(
                        codes::PAGINATION_STATED,
                        stated.span,
                        format!("pagination of `{key}`: there is no list at `{items}`"),
                    )
                    .at(operation.pointer.clone());
            }
            continue;
        };
        pagination.item = format!("{}#item", list.at);
        types.at.insert(pagination.item.clone(), item);
        diags
            .note(
                codes::PAGINATED,
                operation.span,
                format!("paginated: {}", describe(operation, &pagination)),
            )
            .at(operation.pointer.clone());
        operation.pages = Some(pagination);
    }
    if settings.only.is_empty() {
        for key in unused {
            if let Some(stated) = settings.pagination.get(key) {
                diags
                    .error(
                        codes::PAGINATION_STATED,
                        stated.span,
                        format!("pagination of `{key}`: there is no such operation"),
                    )
                    .help("operations are named by id, Rust name, or `METHOD /path`");
            }
        }
    }
}

/// Whether a key of `api.toml` means an operation.
fn names(operation: &Operation, key: &str) -> bool {
    key == operation.id
        || key == operation.rust
        || key
            .split_once(' ')
            .is_some_and(|(method, path)| method == operation.method && path == operation.key.path)
}

/// How it works, for people: `pageToken` from `nextPageToken`, items in `data`.
pub(crate) fn describe(operation: &Operation, pagination: &Pagination) -> String {
    let name = |to: &PageTo| match to {
        PageTo::Parameter(at) => {
            let parameter = operation.parameters.get(*at);
            format!("`{}`", parameter.map_or("?", |it| it.name.as_str()))
        }
        PageTo::Body(member) => {
            let member = member.trim_start_matches('/').replace('/', ".");
            format!("`{member}` of the body")
        }
    };
    let field = |pointer: &str| pointer.trim_start_matches('/').replace('/', ".");
    let way = match &pagination.way {
        PageWay::Cursor { to, next } => format!("{} from `{}`", name(to), field(next)),
        PageWay::After { to, key } => {
            format!("{} from `{}` of the last item", name(to), field(key))
        }
        PageWay::Page { to, first } => format!("{} counts pages from {first}", name(to)),
        PageWay::Offset { to, .. } => format!("{} counts items", name(to)),
        PageWay::Link => "header `Link`, `rel=\"next\"`".to_owned(),
        PageWay::Url { next } => format!("address in `{}`", field(next)),
    };
    if pagination.items.is_empty() {
        way
    } else {
        format!("{way}, items in `{}`", field(&pagination.items))
    }
}

/// An answer that may be a page, as the lowered document has it.
struct List<'a> {
    root: &'a Node,
    /// Where its schema stands.
    at: String,
    /// Its schema, resolved.
    schema: &'a Node,
    /// The headers that are documented beside it.
    headers: Vec<&'a str>,
}

impl<'a> List<'a> {
    fn of(operation: &Operation, root: &'a Node) -> Option<Self> {
        let [first, ..] = operation.outcome.answers.as_slice() else {
            return None;
        };
        let AnswerKind::Json(at) = &first.kind else {
            return None;
        };
        if operation.outcome.several.is_some() {
            return None;
        }
        let response = at.rsplit_once("/content/").map(|(response, _)| response);
        let headers = response
            .and_then(|response| root.pointer(response)?.get("headers")?.as_object())
            .map(|headers| headers.keys().map(Key::as_str).collect())
            .unwrap_or_default();
        let schema = properties::resolved(root, root.pointer(at)?)?;
        Some(Self {
            root,
            at: at.clone(),
            schema,
            headers,
        })
    }

    /// The schema of an operation's body, if it is sent as JSON.
    fn body(&self, operation: &Operation) -> Option<&'a Node> {
        let body = operation.body.as_ref()?;
        let at = body
            .schema
            .as_ref()
            .filter(|_| body.kind == BodyKind::Json)?;
        properties::resolved(self.root, self.root.pointer(at)?)
    }

    /// The schema of the items at a place of the page.
    fn item(&self, items: &str) -> Option<&'a Node> {
        let list = properties::at(self.root, self.schema, items)?;
        properties::resolved(self.root, list.get("items")?)
    }

    /// The schema of an operation's parameter.
    fn parameter(&self, operation: &Operation, index: usize) -> Option<&'a Node> {
        let at = &operation.parameters.get(index)?.schema;
        properties::resolved(self.root, self.root.pointer(at)?)
    }
}

/// A name as one step of a pointer.
fn step(name: &str) -> String {
    format!("/{}", escape_pointer(name))
}

/// The fitted schema of the items at a place of a page.
fn item(at: &str, items: &str, types: &Types) -> Option<Node> {
    let mut node = types.at.get(at)?;
    for wire in items.split('/').skip(1) {
        let wire = specmint_spec::node::unescape_pointer(wire);
        let (owner, schema) = named(node, types)?;
        let properties = schema.get("properties")?.as_object()?;
        node = properties.iter().find_map(|(field, property)| {
            let name = types.renames.get(&(owner.to_owned(), field.to_string()));
            (name.map_or(field.as_str(), String::as_str) == wire).then_some(property)
        })?;
    }
    if node.get_str("type") != Some("array") {
        node = named(node, types)?.1;
    }
    let is_list = node.get_str("type") == Some("array");
    node.get("items").filter(|_| is_list).cloned()
}

/// The type behind a reference, and behind other names of it.
fn named<'a>(node: &'a Node, types: &'a Types) -> Option<(&'a str, &'a Node)> {
    let mut name = reference(node)?;
    for _ in 0..MAX_NAMES {
        let schema = types.schemas.get(name)?;
        match reference(schema) {
            Some(next) => name = next,
            None => return Some((name, schema)),
        }
    }
    None
}
