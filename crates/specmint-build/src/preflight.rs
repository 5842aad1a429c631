//! Lowered → fitted: a document in which progenitor has nothing left to guess, and beside it the
//! truth about the wire.

pub mod names;
pub mod schemas;
