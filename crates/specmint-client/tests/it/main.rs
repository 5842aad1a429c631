//! Promises of the runtime, one file per room, kept over real connections.

mod answers;
mod bodies;
#[cfg(feature = "gzip")]
mod compressed;
mod credentials;
mod enums;
mod environment;
mod errors;
mod events;
mod hooks;
mod pages;
mod parameters;
mod paths;
mod requests;
mod retries;
mod sample;
mod servers;
mod sources;
mod support;
#[cfg(feature = "tracing")]
mod traces;
