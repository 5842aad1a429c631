//! `N`: reading the Mintlify forms.

use crate::diag::CodeInfo;

/// The codes of this room.
pub const TABLE: &[CodeInfo] = &[];
