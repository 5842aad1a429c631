//! A crate of somebody else's that talks to two documented APIs.

/// Pets, from documentation pages.
pub mod petshop {
    include!(concat!(env!("OUT_DIR"), "/petshop.rs"));
}

/// Planets, from an OpenAPI document.
pub mod planets {
    include!(concat!(env!("OUT_DIR"), "/planets.rs"));
}
