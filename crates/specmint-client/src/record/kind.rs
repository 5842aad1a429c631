//! How members are read, missed and written; one module per word of a table, and the functions
//! of this module for members without a word: an `Option` that is left out when it is `None`.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess};
use serde::ser::Serialize;

use super::{Reader, Write};
use crate::lenient;

/// Reads an optional member; `null` is `None`.
pub fn read<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    reader: &mut Reader<A, A::Error>,
    slot: &mut Option<Option<T>>,
) {
    *slot = reader.value(PhantomData::<Option<T>>);
}

/// What was read, or nothing.
pub fn take<T, E>(slot: Option<Option<T>>, _: &'static str) -> Result<Option<T>, E> {
    Ok(slot.flatten())
}

/// Writes an optional member, if it is there.
pub fn write<T: Serialize, W: Write>(writer: &mut W, name: &str, value: &Option<T>) {
    if let Some(value) = value {
        writer.member(name, value);
    }
}

/// Writes the members that the table hasn't.
pub fn others<T: Serialize, W: Write>(writer: &mut W, others: &BTreeMap<String, T>) {
    for (name, value) in others {
        writer.member(name, value);
    }
}

/// What was read, or the failure that it is missing.
fn required<T, E: serde::de::Error>(slot: Option<T>, name: &'static str) -> Result<T, E> {
    slot.ok_or_else(|| E::missing_field(name))
}

/// What was read, or what stands for nothing.
#[expect(clippy::unnecessary_wraps, reason = "of the shape of `required`")]
fn or_default<T: Default, E>(slot: Option<T>, _: &'static str) -> Result<T, E> {
    Ok(slot.unwrap_or_default())
}

/// Writes a member, whatever it is.
fn always<T: Serialize, W: Write>(writer: &mut W, name: &str, value: &T) {
    writer.member(name, value);
}

/// Writes a list or a map that isn't empty.
fn unless_empty<T: Serialize + Collection, W: Write>(writer: &mut W, name: &str, value: &T) {
    if !value.is_empty() {
        writer.member(name, value);
    }
}

/// What may be left out when it is empty.
pub trait Collection {
    /// Whether there is nothing in it.
    fn is_empty(&self) -> bool;
}

impl<T> Collection for Vec<T> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl<K, V> Collection for BTreeMap<K, V> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl Collection for serde_json::Map<String, serde_json::Value> {
    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

fn plain<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize(deserializer)
}

/// Declares a module for each word: the type of its fields, what reads one, what stands for one
/// that is missing, and what writes one.
macro_rules! words {
    ($(
        $(#[$meta:meta])*
        $word:ident: $type:ty [$($bound:tt)*], $read:path, $take:ident $([$($default:tt)*])?,
        $write:ident $([$($collection:tt)*])?;
    )*) => {$(
        $(#[$meta])*
        pub mod $word {
            #[allow(clippy::wildcard_imports, reason = "each word needs some of it")]
            use super::*;

            struct Seed<T>(PhantomData<T>);

            impl<'de, T: $($bound)*> DeserializeSeed<'de> for Seed<T> {
                type Value = $type;

                fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<$type, D::Error> {
                    $read(d)
                }
            }

            /// Reads a member.
            pub fn read<'de, T: $($bound)*, A: MapAccess<'de>>(
                reader: &mut Reader<A, A::Error>,
                slot: &mut Option<$type>,
            ) {
                *slot = reader.value(Seed(PhantomData::<T>));
            }

            /// What was read, or what it means that the member is missing.
            pub fn take<T $(: $($default)*)?, E: serde::de::Error>(
                slot: Option<$type>,
                name: &'static str,
            ) -> Result<$type, E> {
                super::$take(slot, name)
            }

            /// Writes the member, unless there is nothing to write.
            pub fn write<T: Serialize $(+ $($collection)*)?, W: Write>(
                writer: &mut W,
                name: &str,
                value: &$type,
            ) {
                super::$write(writer, name, value);
            }
        }
    )*};
}

words! {
    /// Must be there.
    required: T [Deserialize<'de>], plain, required, always;
    /// An integer that must be there, and may be written `1.0`.
    required_integer: T [TryFrom<i128>], lenient::integer, required, always;
    /// A moment that must be there.
    required_date_time: T [FromStr<Err: Display>], lenient::date_time, required, always;
    /// A day that must be there.
    required_date: T [FromStr<Err: Display>], lenient::date, required, always;
    /// A list or a map that must be there; `null` is an empty one.
    required_list: T [Default + Deserialize<'de>], lenient::default, required, always;
    /// A list of integers that must be there; `null` is an empty one.
    required_integers: Vec<T> [TryFrom<i128>], lenient::integers, required, always;
    /// An `Option` that is written as `null`.
    nullable: Option<T> [Deserialize<'de>], plain, or_default, always;
    /// An integer that may be `null`, and is written so.
    nullable_integer: Option<T> [TryFrom<i128>], lenient::optional_integer, or_default, always;
    /// A moment that may be `null`, and is written so.
    nullable_date_time: Option<T> [FromStr<Err: Display>], lenient::optional_date_time, or_default,
    always;
    /// A day that may be `null`, and is written so.
    nullable_date: Option<T> [FromStr<Err: Display>], lenient::optional_date, or_default, always;
    /// An optional integer.
    integer: Option<T> [TryFrom<i128>], lenient::optional_integer, or_default, write;
    /// An optional moment.
    date_time: Option<T> [FromStr<Err: Display>], lenient::optional_date_time, or_default, write;
    /// An optional day.
    date: Option<T> [FromStr<Err: Display>], lenient::optional_date, or_default, write;
    /// A list or a map, left out when it is empty; `null` is an empty one.
    list: T [Default + Deserialize<'de>], lenient::default, or_default [Default],
    unless_empty [Collection];
    /// A list of integers, left out when it is empty.
    integers: Vec<T> [TryFrom<i128>], lenient::integers, or_default, unless_empty;
}
