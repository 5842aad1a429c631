//! Reading what servers send rather than what they promise.
//!
//! Functions for `#[serde(deserialize_with = "…")]`. They change nothing about writing.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::Number;

/// An integer that may be written `1.0` or `1e3`.
pub fn integer<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: TryFrom<i128>,
    D: Deserializer<'de>,
{
    Lenient::<T>::deserialize(deserializer).map(|lenient| lenient.0)
}

/// An integer as in [`integer`]; `null` is `None`. For a field that may be absent, add `default`.
pub fn optional_integer<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: TryFrom<i128>,
    D: Deserializer<'de>,
{
    Ok(Option::<Lenient<T>>::deserialize(deserializer)?.map(|lenient| lenient.0))
}

/// A list of integers as in [`integer`]; `null` is an empty list.
pub fn integers<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: TryFrom<i128>,
    D: Deserializer<'de>,
{
    let list = Option::<Vec<Lenient<T>>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(list.into_iter().map(|lenient| lenient.0).collect())
}

/// `null` as the default: an empty list, an empty map, `None`. For a field that may be absent, add
/// `default`.
pub fn default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

struct Lenient<T>(T);

impl<'de, T: TryFrom<i128>> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A visitor of our own would not see numbers at all once somebody in the same build turns
        // on the feature `arbitrary_precision` of serde_json; its own type always does.
        let number = Number::deserialize(deserializer)?;
        let whole = (number.as_i64().map(i128::from))
            .or_else(|| number.as_u64().map(i128::from))
            .or_else(|| number.as_f64().and_then(whole));
        whole
            .and_then(|whole| T::try_from(whole).ok())
            .map(Self)
            .ok_or_else(|| {
                let expected = std::any::type_name::<T>();
                D::Error::custom(format_args!(
                    "invalid value: {number}, expected an integer that fits `{expected}`"
                ))
            })
    }
}

/// A float as the integer that it stands for. Beyond 2^53 it no longer says which one is meant.
fn whole(value: f64) -> Option<i128> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() != 0.0 || value.abs() > EXACT {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
    let whole = value as i128;
    Some(whole)
}
