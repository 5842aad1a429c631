//! Names of operations, resolved for all at once.

use std::collections::BTreeMap;

use specmint_spec::{
    diag::Diagnostics,
    document::{Lowered, OperationKey},
};

/// What an operation is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationName {
    /// As reports call it: the id as given, else derived.
    pub id: String,
    /// As Rust calls it: snake case, unique, no keyword, no method of the client.
    pub rust: String,
}

/// Names every operation of the document.
pub fn operations(
    _lowered: &Lowered,
    _diags: &mut Diagnostics,
) -> BTreeMap<OperationKey, OperationName> {
    BTreeMap::new()
}
