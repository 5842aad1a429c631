//! Pagination as `api.toml` states it.

use specmint_spec::api::{Pagination as Stated, PaginationStyle};

use super::{List, rule, step};
use crate::{
    model::{Operation, PageSize, PageWay, Pagination},
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
    let next = || {
        let name = stated.next.as_ref().ok_or("this style needs `next`")?;
        Ok::<_, String>(field(list, name))
    };
    let way = match stated.style {
        PaginationStyle::None => return Ok(None),
        PaginationStyle::Cursor => PageWay::Cursor {
            parameter: parameter(&stated.parameter, "parameter")?,
            next: next()?,
        },
        PaginationStyle::Page => {
            let parameter = parameter(&stated.parameter, "parameter")?;
            let documented = list
                .parameter(operation, parameter)
                .and_then(|schema| rule::first_page(schema, operation, parameter));
            PageWay::Page {
                parameter,
                first: stated
                    .first
                    .or(documented)
                    .ok_or("the document doesn't say where pages begin; say it with `first`")?,
            }
        }
        PaginationStyle::Offset => {
            let parameter = parameter(&stated.parameter, "parameter")?;
            let documented = list
                .parameter(operation, parameter)
                .and_then(rule::default_number);
            PageWay::Offset {
                parameter,
                first: stated.first.or(documented).unwrap_or(0),
            }
        }
        PaginationStyle::Link => PageWay::Link,
        PaginationStyle::Url => PageWay::Url { next: next()? },
    };
    let items = match &stated.items {
        Some(items) => field(list, items),
        None => rule::items(list).ok_or("`items` has to say which of its lists is meant")?,
    };
    let size = match &stated.size {
        Some(_) => Some(parameter(&stated.size, "size")?),
        None => None,
    };
    let optional = |name: &Option<String>| name.as_ref().map(|name| field(list, name));
    Ok(Some(Pagination {
        way,
        items,
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

/// A pointer as it is, a property's name, or names with dots between them.
fn field(list: &List<'_>, name: &str) -> String {
    if name.is_empty() || name.starts_with('/') {
        name.to_owned()
    } else if properties::of(list.root, list.schema).contains_key(name) {
        step(name)
    } else {
        name.split('.').map(step).collect()
    }
}
