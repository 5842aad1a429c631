//! Keeps committed documentation pages in step with the sites they came from.
//!
//! ```text
//! specs/acme/api.toml, specs.lock, pages/
//!   │ config::site                 what a person decided; disk is read here
//!   ▼
//! Site, Lock
//!   │ upstream::look               index, fetch, robots: the network begins and ends here
//!   ▼
//! Seen                             every page's answer: same, body, gone
//!   │ early::while_coming          of a first sync, pages are read while others are on their way
//!   │ classify::pages              which of them are specifications; broken ones fail the API
//!   │ plan::plan                   add, change, remove, keep, pinned: pure
//!   ▼
//! Plan
//!   │ compare::documents           what changed for callers, each with a fingerprint
//!   │ guard::check                 what is never done silently
//!   ▼
//! Report
//!   │ apply::write                 journal, pages, names.lock, specs.lock; whole or not at all
//!   │ report::{terminal, json, markdown, github}
//!   ▼
//! disk, standard output, exit code
//! ```
//!
//! This crate knows HTTP, locks and what a change means to a caller. It has never heard of the code
//! that is generated: what became of the Rust surface is asked of the [`Surface`] that the caller
//! brings.

pub mod apply;
pub mod classify;
pub mod codes;
pub mod compare;
pub mod config;
pub mod early;
pub mod fetch;
pub mod guard;
pub mod index;
pub mod lock;
pub mod names;
pub mod net;
pub mod plan;
pub mod problem;
pub mod report;
pub mod retry;
pub mod robots;
pub mod run;
pub mod slug;
pub mod surface;
pub mod upstream;
pub mod urls;

pub use run::{Exit, Options, Outcome, run};
pub use surface::Surface;

/// How this crate introduces itself to servers.
pub const USER_AGENT: &str = concat!(
    "specmint-sync/",
    env!("CARGO_PKG_VERSION"),
    " (+",
    env!("CARGO_PKG_REPOSITORY"),
    ")"
);

/// The version that `specs.lock` names: pages read by another one ask for regeneration.
pub const TOOL: &str = env!("CARGO_PKG_VERSION");

/// Lower-case hexadecimal SHA-256.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex(&sha2::Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
