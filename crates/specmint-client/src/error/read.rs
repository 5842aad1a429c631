//! What can go wrong while an answer is read piece by piece.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

/// Why a body that was being read piece by piece can't be read further.
#[derive(Debug)]
pub struct ReadError {
    operation: Cow<'static, str>,
    received: u64,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    Broken(reqwest::Error),
    TooLarge(u64),
    Malformed(String),
}

impl ReadError {
    pub(crate) fn broken(
        operation: Cow<'static, str>,
        received: u64,
        source: reqwest::Error,
    ) -> Self {
        Self {
            operation,
            received,
            cause: Cause::Broken(source.without_url()),
        }
    }

    pub(crate) fn too_large(operation: Cow<'static, str>, received: u64, limit: u64) -> Self {
        Self {
            operation,
            received,
            cause: Cause::TooLarge(limit),
        }
    }

    pub(crate) fn malformed(operation: Cow<'static, str>, received: u64, message: String) -> Self {
        Self {
            operation,
            received,
            cause: Cause::Malformed(message),
        }
    }

    /// How many bytes had arrived.
    pub fn received(&self) -> u64 {
        self.received
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the answer to `{}` ", self.operation)?;
        match &self.cause {
            Cause::Broken(_) => write!(f, "broke off after {} bytes", self.received),
            Cause::TooLarge(limit) => write!(f, "is longer than {limit} bytes"),
            Cause::Malformed(message) => write!(f, "can't be read: {message}"),
        }
    }
}

impl StdError for ReadError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.cause {
            Cause::Broken(error) => Some(error),
            Cause::TooLarge(_) | Cause::Malformed(_) => None,
        }
    }
}
