//! The tables of codes, one file per room, and a look-up over all of them.
//!
//! A code is never reused for something else.

pub mod extract;
pub mod fixups;
pub mod lower;
pub mod merge;
pub mod normalize;
pub mod source;
pub mod yaml;

use super::CodeInfo;

/// Every code of this crate.
pub fn all() -> impl Iterator<Item = &'static CodeInfo> {
    [
        source::TABLE,
        yaml::TABLE,
        extract::TABLE,
        normalize::TABLE,
        merge::TABLE,
        fixups::TABLE,
        lower::TABLE,
    ]
    .into_iter()
    .flatten()
}
