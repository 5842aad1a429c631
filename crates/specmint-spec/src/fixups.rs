//! Corrections of one API's mistakes, as data beside its pages; one that changes nothing is an
//! error.

use crate::{api::Api, diag::Diagnostics, document::Document};

/// Applies the API's corrections in their order.
pub fn apply(_document: &mut Document, _api: &Api, _diags: &mut Diagnostics) {}
