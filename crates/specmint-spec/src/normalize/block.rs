//! A page's block in the `OpenAPI` form holds one operation, and its schemas are schemas.
//!
//! Pages are written by a converter: a block that breaks these rules was cut or edited, and reading
//! on would make a client of something nobody published. Whole documents are written by people and
//! have their slips told one by one later; they never come here.

use crate::{
    diag::{Diagnostics, codes::normalize as codes},
    fragment::Fragment,
    node::{Node, Value},
    walk::{self, Kind, Path},
};

/// Says what is wrong with the block of a page; whole documents have no words behind a fence.
pub(super) fn check(fragment: &Fragment, diags: &mut Diagnostics) {
    if fragment.info.method.is_none() {
        return;
    }
    let mut operations = walk::operations(&fragment.root);
    if let (Some((_, _, method, first)), Some((_, _, other, second))) =
        (operations.next(), operations.next())
    {
        diags
            .error(
                codes::TWO_OPERATIONS,
                second.span,
                format!("the block holds two operations, `{method}` and `{other}`"),
            )
            .label(first.span, "the first")
            .help(
                "a page describes one operation; fetch the page again, or read the whole document",
            );
    }
    damaged(&fragment.root, &mut |schema, path| {
        diags
            .error(
                codes::NO_SCHEMA,
                schema.span,
                "a schema has to stand here, which is a mapping",
            )
            .at(path.to_string())
            .help("the page is damaged; fetch it again");
    });
}

/// Finds what stands where a schema has to and is none.
pub(super) fn damaged(root: &Node, say: &mut dyn FnMut(&Node, &Path<'_>)) {
    walk::each(
        root,
        Kind::Document,
        &Path::start(""),
        &mut |node, kind, path| {
            let schema = match kind {
                Kind::Schema => Some(node),
                Kind::Parameter | Kind::Header | Kind::MediaType => node.get("schema"),
                _ => None,
            };
            if let Some(schema) = schema
                && !matches!(schema.value, Value::Object(_) | Value::Bool(_))
            {
                say(schema, path);
            }
        },
    );
}
