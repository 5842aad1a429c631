//! `E`: finding specification blocks in pages.

use crate::diag::CodeInfo;

/// The codes of this room.
pub const TABLE: &[CodeInfo] = &[];
