//! Enums of texts and numbers: those that survive what an API adds to them later, and those that
//! tell the branches of a union apart, which must not.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error as _, Unexpected, Visitor};

/// Declares an enum of texts in which an unknown text is a value too.
///
/// Besides the named variants there is `Unknown(String)`, so a named variant can't have that name.
///
/// ```
/// specmint_client::open_enum! {
///     /// State of an order.
///     pub enum State {
///         /// Not yet paid.
///         Open = "open",
///         Paid = "paid",
///     }
/// }
///
/// assert_eq!(State::from("paid"), State::Paid);
/// assert_eq!(State::from("lost"), State::Unknown("lost".to_owned()));
/// assert_eq!(State::Open.as_str(), "open");
/// ```
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $text:literal),* $(,)?
        }
    ) => {
        $(#[$meta])*
        ///
        /// Values that the API has added since are [`Unknown`](Self::Unknown).
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        $visibility enum $name {
            $($(#[$variant_meta])* #[doc = $crate::__variant_doc!([$($variant_meta),*] $text)] $variant,)*
            /// A value that wasn't documented when this code was made.
            Unknown(::std::string::String),
        }

        impl $name {
            /// The documented values.
            pub const VALUES: &'static [&'static str] = &[$($text),*];

            /// The value as it is sent.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(text) => text,
                }
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    _ => Self::Unknown(::std::string::String::from(text)),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                match text.as_str() {
                    $($text => Self::$variant,)*
                    _ => Self::Unknown(text),
                }
            }
        }

        impl ::std::convert::From<&::std::string::String> for $name {
            fn from(text: &::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl ::std::convert::From<&$name> for $name {
            fn from(value: &$name) -> Self {
                ::std::clone::Clone::clone(value)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            // Not `Self::Err`, which a variant may be called too.
            fn from_str(
                text: &str,
            ) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                ::std::result::Result::Ok(Self::from(text))
            }
        }

        $crate::__written!($name);

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
            where
                D: $crate::__private::serde::Deserializer<'de>,
            {
                $crate::__private::open(deserializer, &[$($text),*]).map(Self::from)
            }
        }
    };
}

/// How an enum of texts is written, which is the same whether it is open or closed.
#[doc(hidden)]
#[macro_export]
macro_rules! __written {
    ($name:ident) => {
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error>
            where
                S: $crate::__private::serde::Serializer,
            {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

/// What is said of a variant that nothing is said of: its value. A value that can't stand in
/// backticks is for the caller to describe.
#[doc(hidden)]
#[macro_export]
macro_rules! __variant_doc {
    ([] $text:literal) => {
        concat!("`", $text, "`")
    };
    ([$($meta:meta),+] $text:literal) => {
        ""
    };
}

/// Declares an enum of texts that has no other values: what tells the branches of a union apart.
///
/// ```
/// specmint_client::closed_enum! {
///     /// The kind of a circle.
///     pub enum Kind { Circle = "circle" }
/// }
///
/// assert_eq!("circle".parse(), Ok(Kind::Circle));
/// assert!("square".parse::<Kind>().is_err());
/// ```
#[macro_export]
macro_rules! closed_enum {
    (
        $(#[$meta:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $text:literal),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visibility enum $name {
            $($(#[$variant_meta])* #[doc = $crate::__variant_doc!([$($variant_meta),*] $text)] $variant,)*
        }

        impl $name {
            /// The documented values.
            pub const VALUES: &'static [&'static str] = &[$($text),*];

            /// The value as it is sent.
            pub const fn as_str(&self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::InvalidValue;

            // Not `Self::Err`, which a variant may be called too.
            fn from_str(text: &str) -> ::std::result::Result<Self, $crate::InvalidValue> {
                match text {
                    $($text => ::std::result::Result::Ok(Self::$variant),)*
                    _ => ::std::result::Result::Err($crate::InvalidValue::new(Self::VALUES)),
                }
            }
        }

        impl ::std::convert::TryFrom<&str> for $name {
            type Error = $crate::InvalidValue;

            fn try_from(text: &str) -> ::std::result::Result<Self, $crate::InvalidValue> {
                ::std::str::FromStr::from_str(text)
            }
        }

        impl ::std::convert::TryFrom<::std::string::String> for $name {
            type Error = $crate::InvalidValue;

            fn try_from(
                text: ::std::string::String,
            ) -> ::std::result::Result<Self, $crate::InvalidValue> {
                ::std::str::FromStr::from_str(&text)
            }
        }

        $crate::__written!($name);

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
            where
                D: $crate::__private::serde::Deserializer<'de>,
            {
                $crate::__private::closed(deserializer)
            }
        }
    };
}

/// A text that is none of the values of a [`closed_enum!`](crate::closed_enum).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidValue {
    values: &'static [&'static str],
}

impl InvalidValue {
    /// Says which values there are.
    #[doc(hidden)]
    pub const fn new(values: &'static [&'static str]) -> Self {
        Self { values }
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not one of the documented values: ")?;
        for (index, value) in self.values.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}`{value}`")?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidValue {}

/// Reads the text of an open enum; a number or truth value that spells a documented one is that.
///
/// Documents say `{type: string, enum: [10, 20]}` and mean either, and so do servers. Any other
/// number stays an error: among the alternatives of a union it belongs to another one.
#[doc(hidden)]
pub fn open<'de, D>(
    deserializer: D,
    documented: &'static [&'static str],
) -> Result<String, D::Error>
where
    D: Deserializer<'de>,
{
    deserializer.deserialize_any(Spelled { documented })
}

struct Spelled {
    documented: &'static [&'static str],
}

impl Spelled {
    fn value<E: serde::de::Error>(
        &self,
        value: &impl ToString,
        kind: Unexpected,
    ) -> Result<String, E> {
        let text = value.to_string();
        if self.documented.contains(&text.as_str()) {
            Ok(text)
        } else {
            Err(E::invalid_type(kind, self))
        }
    }
}

impl Visitor<'_> for Spelled {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_string<E: serde::de::Error>(self, text: String) -> Result<String, E> {
        Ok(text)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<String, E> {
        self.value(&value, Unexpected::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<String, E> {
        self.value(&value, Unexpected::Signed(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<String, E> {
        self.value(&value, Unexpected::Unsigned(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<String, E> {
        self.value(&value, Unexpected::Float(value))
    }
}

/// Reads a closed enum.
#[doc(hidden)]
pub fn closed<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err = InvalidValue>,
    D: Deserializer<'de>,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|error: InvalidValue| {
        D::Error::custom(format_args!("`{}` is {error}", text.escape_debug()))
    })
}

/// Declares an enum of integers in which an unknown integer is a value too.
///
/// Besides the named variants there is `Unknown(i64)`, so a named variant can't have that name.
///
/// ```
/// specmint_client::open_int_enum! {
///     /// Version of a protocol.
///     pub enum Version { First = 1, Second = 2 }
/// }
///
/// assert_eq!(Version::from(2), Version::Second);
/// assert_eq!(Version::from(7), Version::Unknown(7));
/// assert_eq!(Version::First.as_i64(), 1);
/// ```
#[macro_export]
macro_rules! open_int_enum {
    (
        $(#[$meta:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $value:literal),* $(,)?
        }
    ) => {
        $(#[$meta])*
        ///
        /// Values that the API has added since are [`Unknown`](Self::Unknown).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        $visibility enum $name {
            $($(#[$variant_meta])* #[doc = concat!("`", stringify!($value), "`")] $variant,)*
            /// A value that wasn't documented when this code was made.
            Unknown(i64),
        }

        impl $name {
            /// The documented values.
            pub const VALUES: &'static [i64] = &[$($value),*];

            /// The value as it is sent.
            pub const fn as_i64(&self) -> i64 {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unknown(value) => *value,
                }
            }
        }

        impl ::std::convert::From<i64> for $name {
            fn from(value: i64) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    _ => Self::Unknown(value),
                }
            }
        }

        impl ::std::convert::From<&$name> for $name {
            fn from(value: &$name) -> Self {
                *value
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::num::ParseIntError;

            fn from_str(
                text: &str,
            ) -> ::std::result::Result<Self, ::std::num::ParseIntError> {
                text.parse::<i64>().map(Self::from)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.as_i64(), f)
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error>
            where
                S: $crate::__private::serde::Serializer,
            {
                serializer.serialize_i64(self.as_i64())
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
            where
                D: $crate::__private::serde::Deserializer<'de>,
            {
                $crate::lenient::integer::<i64, D>(deserializer).map(Self::from)
            }
        }
    };
}
