//! Pages → fragments: which blocks are specifications, which are prose.

use crate::{diag::Diagnostics, fragment::Fragment, page::Sources};

/// Finds every specification block of every page.
pub fn fragments(_sources: &Sources, _diags: &mut Diagnostics) -> Vec<Fragment> {
    Vec::new()
}
