//! How a struct of a table is made: `new` with what is required, and a setter for everything else.
//!
//! Generated structs are `#[non_exhaustive]`, so that a member that the API adds breaks nobody's
//! code; this is what callers have in place of literals.

/// What a field is before it is set. `S` is what its setter takes, and decides nothing.
pub fn unset<S: ?Sized, T: Default>() -> T {
    T::default()
}

/// The items that a setter is given, made into what the field's list has.
pub fn each<T, V: Into<T>>(values: impl IntoIterator<Item = V>) -> Vec<T> {
    values.into_iter().map(Into::into).collect()
}

/// What a table says of making: see [`record!`](crate::record).
#[doc(hidden)]
#[macro_export]
macro_rules! __made {
    ($type:ident :: new { $($rows:tt)* }) => {
        $crate::__new!($type { $($rows)* });
        $crate::__setters!($type { $($rows)* });
    };
    ($type:ident :: default { $($rows:tt)* }) => {
        $crate::__default!($type { $($rows)* });
        $crate::__setters!($type { $($rows)* });
    };
    ($type:ident { $($rows:tt)* }) => {
        $crate::__setters!($type { $($rows)* });
    };
}

/// `new`, with an argument for each row that is given.
#[doc(hidden)]
#[macro_export]
macro_rules! __new {
    ($type:ident {
        $($field:ident $(= $wire:literal)? $(: $kind:ident)?
            $(($given:ty))? $((= $text:literal))? $({$set:ty})? $({= $name:ident: $named:ty})?
            $([$item:ty])?
        ),* $(, ..$others:ident {$rest:ty})? $(,)?
    }) => {
        impl $type {
            /// One of these with what is required; everything else is not set.
            pub fn new($($($field: impl ::std::convert::Into<$given>,)?)*) -> Self {
                Self {
                    $(
                        $($field: ::std::convert::Into::<$given>::into($field),)?
                        $($field: ::std::string::ToString::to_string($text),)?
                        $($field: $crate::__private::record::unset::<$set, _>(),)?
                        $($field: $crate::__private::record::unset::<$named, _>(),)?
                        $($field: $crate::__private::record::unset::<$item, _>(),)?
                    )*
                    $($others: $crate::__private::record::unset::<$rest, _>(),)?
                }
            }
        }
    };
}

/// `Default`, where nothing is given.
#[doc(hidden)]
#[macro_export]
macro_rules! __default {
    ($type:ident {
        $($field:ident $(= $wire:literal)? $(: $kind:ident)?
            $({$set:ty})? $({= $name:ident: $named:ty})? $([$item:ty])?
        ),* $(, ..$others:ident {$rest:ty})? $(,)?
    }) => {
        impl ::std::default::Default for $type {
            fn default() -> Self {
                Self {
                    $(
                        $($field: $crate::__private::record::unset::<$set, _>(),)?
                        $($field: $crate::__private::record::unset::<$named, _>(),)?
                        $($field: $crate::__private::record::unset::<$item, _>(),)?
                    )*
                    $($others: $crate::__private::record::unset::<$rest, _>(),)?
                }
            }
        }
    };
}

/// A setter for each row that is set.
#[doc(hidden)]
#[macro_export]
macro_rules! __setters {
    ($type:ident {
        $($field:ident $(= $wire:literal)? $(: $kind:ident)?
            $(($given:ty))? $((= $text:literal))? $({$set:ty})? $({= $name:ident: $named:ty})?
            $([$item:ty])?
        ),* $(, ..$others:ident $({$rest:ty})?)? $(,)?
    }) => {
        impl $type {
            $(
                $(
                    #[doc = concat!("Sets `", stringify!($field), "`.")]
                    #[must_use]
                    pub fn $field(mut self, value: impl ::std::convert::Into<$set>) -> Self {
                        let value = ::std::convert::Into::<$set>::into(value);
                        self.$field = ::std::convert::Into::into(value);
                        self
                    }
                )?
                $(
                    #[doc = concat!("Sets `", stringify!($field), "`.")]
                    #[must_use]
                    pub fn $name(mut self, value: impl ::std::convert::Into<$named>) -> Self {
                        let value = ::std::convert::Into::<$named>::into(value);
                        self.$field = ::std::convert::Into::into(value);
                        self
                    }
                )?
                $(
                    #[doc = concat!("Sets `", stringify!($field), "`, item by item.")]
                    #[must_use]
                    pub fn $field(
                        mut self,
                        values: impl ::std::iter::IntoIterator<
                            Item = impl ::std::convert::Into<$item>,
                        >,
                    ) -> Self {
                        let values = $crate::__private::record::each::<$item, _>(values);
                        self.$field = ::std::convert::Into::into(values);
                        self
                    }
                )?
            )*
            $($(
                #[doc = concat!("Sets `", stringify!($others), "`: members without a field.")]
                #[must_use]
                pub fn $others(mut self, value: impl ::std::convert::Into<$rest>) -> Self {
                    self.$others = ::std::convert::Into::into(value);
                    self
                }
            )?)?
        }
    };
}

#[cfg(test)]
mod tests {
    #![allow(unreachable_pub, reason = "generated structs are public")]

    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    #[derive(Clone, Debug, PartialEq)]
    struct Pet {
        name: String,
        id: i64,
        kind: String,
        born: Option<f64>,
        tags: Vec<String>,
        aliases: Option<Vec<String>>,
        mother: Option<Box<Pet>>,
        #[expect(
            clippy::option_option,
            reason = "a setter takes what is inside of the first"
        )]
        food: Option<Option<String>>,
        default: bool,
        notes: BTreeMap<String, Value>,
    }

    crate::record!(Pet::new {
        name: required(String), id: required_integer(i64), kind: required(= "pet"), born{f64},
        tags: list[String], aliases[String], mother{Box<Pet>}, food = "eats"{Option<String>},
        default: required{= default_: bool}, ..notes{BTreeMap<String, Value>},
    });

    #[test]
    fn what_is_required_is_given_and_the_rest_is_set() {
        let pet = Pet::new("Rex", 7);
        let bare = json!({"name": "Rex", "id": 7, "kind": "pet", "default": false});
        assert_eq!(serde_json::to_value(&pet).ok(), Some(bare));
        let pet = pet
            .born(2.5)
            .tags(["a", "b"])
            .aliases(vec!["Wauzi".to_owned()])
            .mother(Pet::new("Lassie", 1))
            .food(None)
            .default_(true)
            .notes([("color".to_owned(), json!("red"))]);
        let expected = json!({
            "name": "Rex", "id": 7, "kind": "pet", "born": 2.5, "tags": ["a", "b"],
            "aliases": ["Wauzi"], "eats": null, "default": true, "color": "red",
            "mother": {"name": "Lassie", "id": 1, "kind": "pet", "default": false},
        });
        assert_eq!(serde_json::to_value(&pet).ok(), Some(expected));
        assert_eq!(
            Pet::new("", 0).food("bones".to_owned()).food,
            Some(Some("bones".to_owned()))
        );
    }

    /// Names that the macros might want to have.
    mod taken {
        #![allow(
            dead_code,
            unreachable_pub,
            reason = "all that counts is that they compile"
        )]

        pub(super) struct Into;
        pub(super) struct Option;
        pub(super) struct Vec;
        #[derive(Default)]
        pub(super) struct String {
            value: std::option::Option<i64>,
            values: std::vec::Vec<i64>,
        }

        crate::record!(String { value{i64}, values: list[i64] });

        #[test]
        fn any_name_will_do() {
            let string = String::default().value(1).values([2, 3]);
            assert_eq!((string.value, string.values), (Some(1), vec![2, 3]));
        }
    }

    #[derive(Debug, serde::Deserialize, serde::Serialize)]
    struct Custom {
        #[serde(rename = "ID")]
        id: String,
        size: Option<i64>,
    }

    crate::record!(derived Custom::new { id(String), size{i64} });

    #[test]
    fn derived_traits_stay() {
        let custom = Custom::new("7").size(3);
        let written = serde_json::to_string(&custom).ok();
        assert_eq!(written.as_deref(), Some(r#"{"ID":"7","size":3}"#));
    }

    #[derive(Debug, PartialEq)]
    struct Seen {
        at: Option<String>,
    }

    crate::received!(Seen::default { at{String} });

    #[cfg(feature = "mock")]
    #[test]
    fn answers_are_made_in_tests() {
        assert_eq!(Seen::default().at("x").at.as_deref(), Some("x"));
    }

    #[test]
    fn answers_are_read_and_written() {
        let seen: Seen = serde_json::from_str(r#"{"at":"x"}"#).expect("an object");
        assert_eq!(
            serde_json::to_string(&seen).ok().as_deref(),
            Some(r#"{"at":"x"}"#)
        );
    }
}
