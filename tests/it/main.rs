//! The promises of this crate, one binary: generated code, its behaviour, the pipeline's
//! behaviour on broken input, and the tidiness of the tree.

mod broken_pages;
mod determinism;
mod generated;
mod quickstart;
mod tidy;
