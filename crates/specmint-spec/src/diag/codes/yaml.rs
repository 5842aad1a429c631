//! `Y`: reading YAML and JSON.

use crate::diag::CodeInfo;

/// The codes of this room.
pub const TABLE: &[CodeInfo] = &[];
