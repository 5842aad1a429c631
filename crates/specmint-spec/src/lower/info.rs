//! `info.summary`, `license.identifier`, `jsonSchemaDialect`.
//!
//! 3.1: a short title beside the description; a licence by its SPDX name; the dialect of all schemas.
//! 3.0: none of them.
//! Here: `x-specmint-summary`, `x-specmint-identifier`; the dialect is removed.
//! Lost: nothing.

use crate::{
    diag::{Diagnostics, codes::lower as codes},
    node::Node,
};

pub(super) fn apply(root: &mut Node, diags: &mut Diagnostics) {
    if let Some(dialect) = root.remove("jsonSchemaDialect")
        && let Some(name) = dialect.as_str()
        && !super::dialect::is_known(name)
    {
        diags
            .note(
                codes::DIALECT,
                dialect.span,
                format!(
                    "`{name}` is an unknown dialect; its schemas are read as those of OpenAPI 3.1"
                ),
            )
            .at("");
    }
    root.remove("$self");
    let Some(info) = root.get_mut("info") else {
        return;
    };
    if let Some(node) = info.remove("summary") {
        info.insert("x-specmint-summary", node);
    }
    if let Some(license) = info.get_mut("license")
        && let Some(node) = license.remove("identifier")
    {
        license.insert("x-specmint-identifier", node);
    }
}
