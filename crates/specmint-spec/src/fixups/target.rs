//! Which nodes a correction is about: an RFC 6901 pointer or a `JSONPath`.
//!
//! The only file that names the library for `JSONPath`. It works on plain JSON, so paths are
//! looked up there and come back as pointers into our tree.

use serde_json_path::JsonPath;

use crate::{
    diag::{Diagnostics, codes::fixups as codes},
    node::Node,
    page::Span,
};

/// A place, or a description of several.
#[derive(Clone, Debug)]
pub(super) enum Target {
    Pointer(String),
    Path(JsonPath),
}

impl Target {
    /// Reads either form.
    pub(super) fn parse(text: &str, span: Span, diags: &mut Diagnostics) -> Option<Self> {
        if text.starts_with('/') {
            return Some(Self::Pointer(text.to_owned()));
        }
        if !text.starts_with('$') {
            diags
                .error(
                    codes::TARGET,
                    span,
                    format!("`{text}` is no place in a document"),
                )
                .help("a pointer begins with `/`, a JSONPath with `$`");
            return None;
        }
        match JsonPath::parse(text) {
            Ok(path) => Some(Self::Path(path)),
            Err(error) => {
                let column = error.position() + 1;
                diags.error(
                    codes::TARGET,
                    span,
                    format!(
                        "`{text}` is no JSONPath: {} at character {column}",
                        error.message()
                    ),
                );
                None
            }
        }
    }

    /// The pointers of all nodes meant, in the order of the document, none twice.
    pub(super) fn find(&self, root: &Node) -> Vec<String> {
        match self {
            Self::Pointer(pointer) => root
                .pointer(pointer)
                .map(|_| pointer.clone())
                .into_iter()
                .collect(),
            Self::Path(path) => {
                let json = root.to_json();
                let mut found = Vec::new();
                let mut seen = std::collections::HashSet::new();
                for location in path.query_located(&json).locations() {
                    let pointer = location.to_json_pointer();
                    if seen.insert(pointer.clone()) {
                        found.push(pointer);
                    }
                }
                found
            }
        }
    }
}
