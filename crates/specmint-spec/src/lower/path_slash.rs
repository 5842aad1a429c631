//! Paths that don't begin with `/`.
//!
//! 3.1 and 3.0: a path is appended to the server's URL and begins with `/`.
//! Here: the `/` is added, unless the path with it is there too.
//! Lost: nothing; in the second case, the operations of the path without it.

use std::collections::BTreeMap;

use crate::{
    diag::{Diagnostics, codes::lower as codes},
    document::{OperationKey, Origin},
    node::{Node, escape_pointer},
};

pub(super) fn apply(
    root: &mut Node,
    operations: &mut BTreeMap<OperationKey, Origin>,
    copies: &mut BTreeMap<String, Vec<String>>,
    diags: &mut Diagnostics,
) {
    let Some(paths) = root.get_mut("paths").and_then(Node::as_object_mut) else {
        return;
    };
    let is_fine = |path: &str| path.starts_with('/') || path.starts_with("x-");
    if paths.keys().all(|path| is_fine(path)) {
        return;
    }
    let old = std::mem::take(paths);
    let known: Vec<_> = old.keys().filter(|path| is_fine(path)).cloned().collect();
    for (path, item) in old {
        if is_fine(&path) {
            paths.insert(path, item);
            continue;
        }
        let with_slash = format!("/{path}");
        let at = format!("/paths/{}", escape_pointer(&with_slash));
        if known.iter().any(|path| *path == with_slash) {
            diags
                .skip(
                    codes::PATH,
                    item.span,
                    format!("the path `{path}` does not begin with `/`; it is left out"),
                )
                .at(at);
            continue;
        }
        diags
            .note(
                codes::PATH,
                item.span,
                format!("the path `{path}` is read as `{with_slash}`"),
            )
            .at(at);
        let moved: Vec<OperationKey> = operations
            .keys()
            .filter(|key| key.path == path && key.method != "webhook")
            .cloned()
            .collect();
        for key in moved {
            if let Some(origin) = operations.remove(&key) {
                operations.insert(
                    OperationKey {
                        path: with_slash.clone(),
                        ..key
                    },
                    origin,
                );
            }
        }
        if let Some(from) = copies.remove(path.as_str()) {
            copies.insert(with_slash.clone(), from);
        }
        paths.insert(with_slash, item);
    }
}
