//! `L`: lowering 3.1 to 3.0.

use crate::diag::CodeInfo;

/// The codes of this room.
pub const TABLE: &[CodeInfo] = &[];
