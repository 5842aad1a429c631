//! Reading what servers send rather than what they promise.
//!
//! Functions for `#[serde(deserialize_with = "…")]`. They change nothing about writing.

use std::fmt::Display;
use std::str::FromStr;

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

/// A moment as in RFC 3339, section 5.6, where servers forget the offset, the time or the `T`:
/// without an offset it is UTC, without a time it is midnight.
pub fn date_time<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err: Display>,
    D: Deserializer<'de>,
{
    moment(&String::deserialize(deserializer)?)
}

/// A moment as in [`date_time`]; `null` and an empty text are `None`. For a field that may be
/// absent, add `default`.
pub fn optional_date_time<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: FromStr<Err: Display>,
    D: Deserializer<'de>,
{
    let text = Option::<String>::deserialize(deserializer)?;
    (text.filter(|text| !text.is_empty()).as_deref())
        .map(moment)
        .transpose()
}

/// A day as in RFC 3339, section 5.6 (`full-date`), of which servers may say the time, too.
pub fn date<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err: Display>,
    D: Deserializer<'de>,
{
    day(&String::deserialize(deserializer)?)
}

/// A day as in [`date`]; `null` and an empty text are `None`. For a field that may be absent, add
/// `default`.
pub fn optional_date<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: FromStr<Err: Display>,
    D: Deserializer<'de>,
{
    let text = Option::<String>::deserialize(deserializer)?;
    (text.filter(|text| !text.is_empty()).as_deref())
        .map(day)
        .transpose()
}

fn moment<T: FromStr<Err: Display>, E: serde::de::Error>(text: &str) -> Result<T, E> {
    let text = text.trim();
    let first = match text.parse() {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    [format!("{text}Z"), format!("{text}T00:00:00Z")]
        .iter()
        .find_map(|whole| whole.parse().ok())
        .ok_or_else(|| E::custom(first))
}

fn day<T: FromStr<Err: Display>, E: serde::de::Error>(text: &str) -> Result<T, E> {
    let text = text.trim();
    // `2026-03-01`, whatever follows.
    let day = text.get(..10).unwrap_or(text);
    text.parse().or_else(|error| {
        let followed = text
            .get(10..)
            .is_some_and(|rest| rest.starts_with(['T', ' ']));
        (followed.then(|| day.parse().ok()).flatten()).ok_or_else(|| E::custom(error))
    })
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
