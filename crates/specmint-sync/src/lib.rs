//! Keeping step with documentation sites.
