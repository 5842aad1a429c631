//! An RFC 6901 pointer that grows and shrinks with a walk.

use std::fmt::{self, Write};

/// Where a walk is.
#[derive(Clone, Debug, Default)]
pub(super) struct Pointer(String);

impl Pointer {
    /// A pointer as written.
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Calls `f` one member below.
    pub(super) fn within<T>(&mut self, token: &str, f: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.0.len();
        self.0.push('/');
        for c in token.chars() {
            match c {
                '~' => self.0.push_str("~0"),
                '/' => self.0.push_str("~1"),
                c => self.0.push(c),
            }
        }
        let value = f(self);
        self.0.truncate(length);
        value
    }

    /// Calls `f` one element below.
    pub(super) fn within_index<T>(&mut self, index: usize, f: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.0.len();
        // Writing to a string never fails.
        let _ = write!(self.0, "/{index}");
        let value = f(self);
        self.0.truncate(length);
        value
    }

    /// The text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
