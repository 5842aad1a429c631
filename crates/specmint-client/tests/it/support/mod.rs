//! What the tests share: a server that records raw bytes and misbehaves on demand, and an API.

pub(crate) mod acme;
pub(crate) mod server;
