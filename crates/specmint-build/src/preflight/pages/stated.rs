//! Pagination as `api.toml` states it.

use specmint_spec::{
    api::{Pagination as Stated, PaginationStyle},
    node::Node,
};

use super::{List, rule, step};
use crate::{
    model::{Operation, PageSize, PageTo, PageWay, Pagination},
    preflight::properties,
};

/// What is stated about an operation; `None` where it is said to have no pages.
pub(super) fn read(
    operation: &Operation,
    list: &List<'_>,
    stated: &Stated,
) -> Result<Option<Pagination>, String> {
    let parameter = |name: &Option<String>, key: &str| {
        let name = name
            .as_ref()
            .ok_or_else(|| format!("this style needs `{key}`"))?;
        operation
            .parameters
            .iter()
            .position(|p| p.name == *name)
            .or_else(|| operation.parameters.iter().position(|p| p.rust == *name))
            .ok_or_else(|| format!("there is no parameter `{name}`"))
    };
    let to = || match (&stated.parameter, &stated.body) {
        (Some(_), Some(_)) => Err("it is either `parameter` or `body`".to_owned()),
        (None, Some(member)) => member_of_body(operation, list, member).map(PageTo::Body),
        (None, None) => Err("this style needs `parameter`, or `body`".to_owned()),
        (name, None) => parameter(name, "parameter").map(PageTo::Parameter),
    };
    let next = || {
        let name = stated.next.as_ref().ok_or("this style needs `next`")?;
        Ok::<_, String>(field(list, name))
    };
    let items = || match &stated.items {
        Some(items) => Ok(field(list, items)),
        None => rule::items(list).ok_or("`items` has to say which of its lists is meant"),
    };
    let asks = matches!(
        stated.style,
        PaginationStyle::Cursor | PaginationStyle::Page | PaginationStyle::Offset
    );
    if stated.body.is_some() && !asks {
        return Err("this style has no `body`".to_owned());
    }
    if stated.last_item.is_some() && stated.style != PaginationStyle::Cursor {
        return Err("this style has no `last-item`".to_owned());
    }
    let way = match stated.style {
        PaginationStyle::None => return Ok(None),
        PaginationStyle::Cursor => match &stated.last_item {
            Some(_) if stated.next.is_some() => {
                return Err("it is either `next` or `last-item`".to_owned());
            }
            Some(key) => PageWay::After {
                to: to()?,
                key: field_of_item(list, &items()?, key)?,
            },
            None => PageWay::Cursor {
                to: to()?,
                next: next()?,
            },
        },
        PaginationStyle::Page => {
            let to = to()?;
            let (schema, description) = about(operation, list, &to);
            let documented = schema.and_then(|schema| rule::first_page(schema, description));
            PageWay::Page {
                to,
                first: stated
                    .first
                    .or(documented)
                    .ok_or("the document doesn't say where pages begin; say it with `first`")?,
            }
        }
        PaginationStyle::Offset => {
            let to = to()?;
            let documented = about(operation, list, &to).0.and_then(rule::default_number);
            PageWay::Offset {
                to,
                first: stated.first.or(documented).unwrap_or(0),
            }
        }
        PaginationStyle::Link => PageWay::Link,
        PaginationStyle::Url => PageWay::Url { next: next()? },
    };
    let size = match &stated.size {
        Some(_) => Some(parameter(&stated.size, "size")?),
        None => None,
    };
    let optional = |name: &Option<String>| name.as_ref().map(|name| field(list, name));
    Ok(Some(Pagination {
        way,
        items: items()?,
        item: String::new(),
        more: optional(&stated.more),
        total: optional(&stated.total),
        pages: optional(&stated.pages),
        size: size.map(|parameter| size_of(operation, list, parameter)),
    }))
}

fn size_of(operation: &Operation, list: &List<'_>, parameter: usize) -> PageSize {
    rule::size(list.parameter(operation, parameter), parameter)
}

/// What is documented about what asks for a page: its schema and its description.
fn about<'a>(
    operation: &'a Operation,
    list: &List<'a>,
    to: &PageTo,
) -> (Option<&'a Node>, Option<&'a str>) {
    match to {
        PageTo::Parameter(index) => (
            list.parameter(operation, *index),
            (operation.parameters.get(*index)).and_then(|it| it.description.as_deref()),
        ),
        PageTo::Body(member) => {
            let body = list.body(operation);
            let schema = body.and_then(|body| properties::at(list.root, body, member));
            (
                schema,
                schema.and_then(|schema| schema.get_str("description")),
            )
        }
    }
}

/// A field of the page.
fn field(list: &List<'_>, name: &str) -> String {
    pointer(list.root, list.schema, name)
}

/// A field of the items, which have to have it.
fn field_of_item(list: &List<'_>, items: &str, name: &str) -> Result<String, String> {
    let item = list
        .item(items)
        .ok_or_else(|| format!("there is no list at `{items}`"))?;
    documented(list.root, item, name).ok_or_else(|| format!("the items have no `{name}`"))
}

/// A member of the body, which has to have it.
fn member_of_body(operation: &Operation, list: &List<'_>, name: &str) -> Result<String, String> {
    let body = list
        .body(operation)
        .ok_or("the operation has no body in JSON")?;
    documented(list.root, body, name).ok_or_else(|| format!("the body has no `{name}`"))
}

/// A place in an object that has it, or that is documented to have anything.
fn documented(root: &Node, schema: &Node, name: &str) -> Option<String> {
    let at = pointer(root, schema, name);
    let known = properties::at(root, schema, &at).is_some();
    (known || properties::of(root, schema).is_empty()).then_some(at)
}

/// A pointer as it is, a property's name, or names with dots between them.
fn pointer(root: &Node, schema: &Node, name: &str) -> String {
    if name.is_empty() || name.starts_with('/') {
        name.to_owned()
    } else if properties::of(root, schema).contains_key(name) {
        step(name)
    } else {
        name.split('.').map(step).collect()
    }
}
