//! Pages that begin after the last item of the one before: its id is a parameter, and a flag says
//! whether there is more.

use specmint_spec::node::Node;

use super::{Field, Request, one};
use crate::{
    model::PageWay,
    preflight::{pages::List, properties},
};

/// Whether the page itself says whether there is another one.
pub(super) fn says_more(fields: &[Field<'_>]) -> bool {
    let mut own = fields.iter().filter(|field| field.depth == 0);
    own.any(|field| field.name == "hasmore" && field.is("boolean"))
}

/// The way, where nothing about it is in doubt.
pub(super) fn find(
    requests: &[Request<'_>],
    fields: &[Field<'_>],
    list: &List<'_>,
    items: &str,
) -> Option<PageWay> {
    let request = one(requests.iter().filter(|r| r.name == "startingafter"))?;
    let item = list.item(items)?;
    let id = *properties::of(list.root, item).get("id")?;
    let kind = id.get_str("type")?;
    let always = properties::is_required(list.root, item, "id")
        && id.get("nullable").and_then(Node::as_bool) != Some(true);
    let fits = kind == "integer" || kind == "string" && !request.integer;
    (always && fits && says_more(fields)).then(|| PageWay::After {
        to: request.to.clone(),
        key: "/id".to_owned(),
    })
}
