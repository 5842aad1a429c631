#![doc = include_str!(concat!(env!("OUT_DIR"), "/quo.md"))]
//!
//! # Example
//!
//! Formerly called OpenPhone. Generated from the pages in `specs/quo`; nothing in this module is written by
//! hand.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use specmint::quo;
//!
//! let client = quo::Client::from_env()?; // QUO_API_KEY
//! client.delete_contact().id("66d0d87e8dc1211467372303").send().await?;
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

include!(concat!(env!("OUT_DIR"), "/quo.rs"));
