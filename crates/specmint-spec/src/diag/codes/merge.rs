//! `M`: making one document of many fragments.

use crate::diag::CodeInfo;

/// The codes of this room.
pub const TABLE: &[CodeInfo] = &[];
