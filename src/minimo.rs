#![doc = include_str!(concat!(env!("OUT_DIR"), "/minimo.md"))]
//!
//! # Example
//!
//! Generated from the pages in `specs/minimo`; nothing in this module is written by hand.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use specmint::minimo;
//!
//! let client = minimo::Client::from_env()?; // MINIMO_TOKEN
//! client.delete_contact().id(42).send().await?;
//! # Ok(())
//! # }
//! ```

#![allow(
    clippy::all,
    clippy::pedantic,
    missing_docs,
    unreachable_pub,
    reason = "generated below; linted where the generator is"
)]

include!(concat!(env!("OUT_DIR"), "/minimo.rs"));
