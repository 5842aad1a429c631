//! What a plain scalar means.
//!
//! The reading is that of YAML 1.2's core schema and of js-yaml where both agree. Where a writer
//! could have left a string plain, it stays a string: `no`, `y`, `1_000`, `0b1`, dates,
//! `123e4567` (beyond every float, so js-yaml reads it as text), `Infinity`, `NaN`.

use crate::node::{Number, Value};

/// What reading a plain scalar gave.
pub(super) enum Plain {
    /// Anything but a string.
    Typed(Value),
    /// A string.
    Text,
    /// `.inf` or `.nan`: numbers that no JSON can hold, kept as text.
    NonFinite,
}

/// Reads a plain scalar.
pub(super) fn plain(text: &str) -> Plain {
    let typed = match text.as_bytes() {
        [] => Value::Null,
        [first, ..] => match first {
            b'~' if text.len() == 1 => Value::Null,
            b'n' | b'N' if matches!(text, "null" | "Null" | "NULL") => Value::Null,
            b't' | b'T' if matches!(text, "true" | "True" | "TRUE") => Value::Bool(true),
            b'f' | b'F' if matches!(text, "false" | "False" | "FALSE") => Value::Bool(false),
            b'0'..=b'9' | b'+' | b'-' | b'.' => {
                return match number(text) {
                    Some(number) => Plain::Typed(Value::Number(number)),
                    None if non_finite(text) => Plain::NonFinite,
                    None => Plain::Text,
                };
            }
            _ => return Plain::Text,
        },
    };
    Plain::Typed(typed)
}

/// `-.inf` and its like.
fn non_finite(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// A finite number of the core schema; `None` for everything else.
pub(super) fn number(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x") {
        return based(text, digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return based(text, digits, 8);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let integer_digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &unsigned[integer_digits..];
    if rest.is_empty() && integer_digits > 0 {
        return Some(Number::new(text, integer(text)?));
    }
    let (fraction_digits, exponent) = match rest.strip_prefix('.') {
        Some(fraction) => {
            let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
            (digits, &fraction[digits..])
        }
        None => (0, rest),
    };
    if integer_digits + fraction_digits == 0 || !is_exponent(exponent) {
        return None;
    }
    finite(text, text)
}

/// Nothing, or `e`, an optional sign and digits.
fn is_exponent(text: &str) -> bool {
    let Some(digits) = text.strip_prefix(['e', 'E']) else {
        return text.is_empty();
    };
    let digits = digits.strip_prefix(['+', '-']).unwrap_or(digits);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// An integer; one beyond 64 bits is a float, as JavaScript has it, unless that is infinite.
fn integer(text: &str) -> Option<serde_json::Number> {
    if let Ok(value) = text.parse::<u64>() {
        return Some(value.into());
    }
    if let Ok(value) = text.parse::<i64>() {
        return Some(value.into());
    }
    serde_json::Number::from_f64(text.parse().ok()?)
}

/// A hexadecimal or octal integer.
fn based(text: &str, digits: &str, radix: u32) -> Option<Number> {
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let value = u64::from_str_radix(digits, radix).ok()?;
    Some(Number::new(text, value.into()))
}

/// A float, where it is finite.
fn finite(text: &str, float: &str) -> Option<Number> {
    let value = serde_json::Number::from_f64(float.parse().ok()?)?;
    Some(Number::new(text, value))
}
