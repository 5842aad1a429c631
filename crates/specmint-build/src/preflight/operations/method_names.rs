//! What each method, builder and row of the table is called, settled for all operations at once.

use std::collections::{BTreeMap, BTreeSet};

use specmint_spec::document::OperationKey;

use super::PRELUDE;
use crate::{
    model::Operation,
    preflight::{ident, names::OperationName, path, published::Methods},
};

/// Settles the names of all methods, builders and table rows.
pub(super) fn name_all(
    drafts: Vec<(Operation, Option<String>)>,
    names: &BTreeMap<OperationKey, OperationName>,
    methods: &Methods,
) -> Vec<Operation> {
    let mut taken: BTreeSet<String> = names.values().map(|name| name.rust.clone()).collect();
    let mut builders = BTreeSet::new();
    let mut out = Vec::new();
    for (mut operation, suffix) in drafts {
        let free = |name: &str, builders: &BTreeSet<String>| {
            let builder = ident::builder(name);
            ident::snake(name) == name
                && !builders.contains(&builder)
                && !methods.has_builder(&builder)
                && !PRELUDE.contains(&builder.as_str())
        };
        let is_published = names
            .get(&operation.key)
            .is_some_and(|name| name.is_published);
        let choice = match (&suffix, &operation.body) {
            (Some(_), Some(body)) => methods.choice(&operation.key, &body.media_type),
            _ => None,
        };
        let alternative = format!("{}_operation", operation.rust);
        let rust = match suffix {
            None if is_published || free(&operation.rust, &builders) => operation.rust.clone(),
            None => ident::unique(&ident::snake(&operation.rust), Some(&alternative), |n| {
                taken.contains(n) && n != operation.rust || !free(n, &builders)
            }),
            Some(suffix) => {
                operation.was = choice.map(|entry| entry.was.clone()).unwrap_or_default();
                choice.map_or_else(
                    || {
                        let name = ident::snake(&format!("{}_{suffix}", operation.rust));
                        ident::unique(&name, None, |n| taken.contains(n) || !free(n, &builders))
                    },
                    |entry| entry.name.clone(),
                )
            }
        };
        operation.builder = ident::builder(&rust);
        operation.constant = ident::shouty(&rust);
        taken.insert(rust.clone());
        builders.insert(operation.builder.clone());
        operation.rust = rust;
        out.push(operation);
    }
    // Shouty names can still meet: `a_1` and `a1` are different methods.
    let mut constants = BTreeSet::new();
    for operation in &mut out {
        operation.constant =
            ident::unique(&operation.constant, None, |n| constants.contains(n)).to_uppercase();
        constants.insert(operation.constant.clone());
    }
    out
}

/// Makes the paths of the fitted document unique by method, whatever the parameters are called.
pub(super) fn fitted_paths(operations: &mut [Operation]) {
    let mut taken = BTreeSet::new();
    for operation in operations {
        let shape: Vec<path::Piece> = path::parse(&operation.fitted_path)
            .path
            .into_iter()
            .map(|piece| match piece {
                path::Piece::Parameter(_) => path::Piece::Parameter(String::new()),
                text @ path::Piece::Text(_) => text,
            })
            .collect();
        let shape = path::write(&shape, str::to_owned);
        if !taken.insert((operation.method.clone(), shape)) {
            operation.fitted_path = format!("{}#{}", operation.fitted_path, operation.rust);
        }
    }
}
