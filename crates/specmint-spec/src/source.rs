//! Reads what the user named into [`Sources`]: the only file of this crate allowed `std::fs`.
