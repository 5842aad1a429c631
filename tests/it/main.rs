//! The promises of this crate, one binary: generated code, its behaviour, and the
//! tidiness of the tree.

mod determinism;
mod generated;
mod quickstart;
mod specs;
mod tidy;
