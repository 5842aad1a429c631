#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "quo")]
pub mod quo;

#[cfg(feature = "minimo")]
pub mod minimo;
