//! `names.lock`: what operations and types are called in Rust, once published. Read by whoever reads
//! an API's folder, written here and by `cargo xtask names`.

pub use specmint_spec::names::{Entry, FILE, Names, Table, choice, operation, parse};
