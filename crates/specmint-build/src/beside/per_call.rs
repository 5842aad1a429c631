//! What can be said of a single call, for all builders at once.

use syn::{Item, parse_quote};

use crate::model::Api;

/// Where the list goes, in the module `builder`.
pub(crate) const PLACE: &str = "per_call!();";

/// The widest line of the list.
const WIDTH: usize = 100;

/// The place, for the module `builder`.
pub(super) fn items(api: &Api) -> Vec<Item> {
    if api.operations.is_empty() {
        return Vec::new();
    }
    vec![parse_quote!(per_call!();)]
}

/// The list, as it is printed.
pub(crate) fn list(api: &Api) -> String {
    const START: &str = "    ";
    let mut out = String::from("::specmint_client::per_call! {\n    super::Credentials;\n");
    let mut line = String::from(START);
    for operation in &api.operations {
        if line.len() + operation.builder.len() + 1 > WIDTH && line != START {
            out.push_str(line.trim_end());
            out.push('\n');
            line.truncate(START.len());
        }
        line.push_str(&operation.builder);
        line.push(' ');
    }
    out.push_str(line.trim_end());
    out.push_str("\n}\n");
    out
}
