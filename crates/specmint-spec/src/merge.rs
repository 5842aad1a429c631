//! Fragments → one document: equal things once, conflicts reported with both places.

use crate::{
    api::Api, diag::Diagnostics, document::Document, fragment::Fragment, node::Node, page::Sources,
    page::Span,
};

/// Makes one document.
pub fn document(
    _fragments: Vec<Fragment>,
    _sources: &Sources,
    _api: &Api,
    _diags: &mut Diagnostics,
) -> Document {
    Document {
        root: Node::new(Span::NONE, crate::node::Map::new()),
        operations: Default::default(),
        forms: Default::default(),
    }
}
