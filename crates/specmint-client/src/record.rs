//! Structs that are read from objects and written as such, by a table of their members.
//!
//! serde's derive writes some nine functions for each struct; two do, if what they have in common
//! is here. A large client is checked in half the time and half the memory, and its structs need no
//! attributes: a member is optional unless the table says `required`, and what is not there is
//! not written.
//!
//! This room knows serde and nothing of HTTP or of any API.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess};
use serde::ser::{Serialize, SerializeMap, Serializer};

pub mod kind;
pub(crate) mod making;

/// A struct with a table; [`record!`](crate::record) implements it.
pub trait Record: Sized {
    /// Name of the struct, for messages.
    const NAME: &'static str;

    /// Reads all members.
    fn read<'de, A: MapAccess<'de>>(members: &mut Reader<A, A::Error>) -> Result<Self, A::Error>;

    /// Writes all members.
    fn write<W: Write>(&self, members: &mut W);
}

/// The members of an object, one after the other.
///
/// The first failure is kept, and ends the object: the code of a table need not look after each
/// member.
pub struct Reader<A, E> {
    members: A,
    failure: Option<E>,
}

impl<'de, A: MapAccess<'de>> Reader<A, A::Error> {
    /// The next member that is in the table; others are passed over.
    pub fn next<F>(&mut self, fields: &'static [(&'static str, F)]) -> Option<&'static F> {
        loop {
            match self.key(fields)? {
                Ok(field) => return Some(field),
                Err(_) => {
                    self.value(PhantomData::<IgnoredAny>);
                }
            }
        }
    }

    /// The next member that is in the table; others are kept.
    pub fn next_or<F, T: Deserialize<'de>>(
        &mut self,
        fields: &'static [(&'static str, F)],
        others: &mut BTreeMap<String, T>,
    ) -> Option<&'static F> {
        loop {
            match self.key(fields)? {
                Ok(field) => return Some(field),
                Err(name) => {
                    if let Some(value) = self.value(PhantomData::<T>) {
                        others.insert(name, value);
                    }
                }
            }
        }
    }

    /// A member that the table has, or the name of one that it hasn't.
    fn key<F>(
        &mut self,
        fields: &'static [(&'static str, F)],
    ) -> Option<Result<&'static F, String>> {
        if self.failure.is_some() {
            return None;
        }
        match self.members.next_key_seed(Key(fields)) {
            Ok(key) => key,
            Err(error) => {
                self.failure = Some(error);
                None
            }
        }
    }

    /// The value of the member that was named last.
    fn value<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Option<S::Value> {
        match self.members.next_value_seed(seed) {
            Ok(value) => Some(value),
            Err(error) => {
                self.failure = Some(error);
                None
            }
        }
    }

    /// What went wrong, if anything did.
    pub fn end(&mut self) -> Result<(), A::Error> {
        self.failure.take().map_or(Ok(()), Err)
    }
}

/// The name of a member, looked up.
struct Key<F: 'static>(&'static [(&'static str, F)]);

impl<'de, F> DeserializeSeed<'de> for Key<F> {
    type Value = Result<&'static F, String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<F> serde::de::Visitor<'_> for Key<F> {
    type Value = Result<&'static F, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        let known = self.0.iter().find(|(known, _)| *known == name);
        Ok(known.map(|(_, field)| field).ok_or_else(|| name.to_owned()))
    }
}

/// Where the members of an object are written to.
pub trait Write {
    /// Writes one member.
    fn member<T: Serialize + ?Sized>(&mut self, name: &str, value: &T);
}

/// Counts members: some formats want to know their number before the first.
struct Count(usize);

impl Write for Count {
    fn member<T: Serialize + ?Sized>(&mut self, _: &str, _: &T) {
        self.0 += 1;
    }
}

/// Writes members; keeps the first failure.
struct Writer<S: SerializeMap> {
    map: S,
    failure: Option<S::Error>,
}

impl<S: SerializeMap> Write for Writer<S> {
    fn member<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        if self.failure.is_none()
            && let Err(error) = self.map.serialize_entry(name, value)
        {
            self.failure = Some(error);
        }
    }
}

/// Writes a struct as an object.
pub fn write<T: Record, S: Serializer>(record: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut count = Count(0);
    record.write(&mut count);
    let mut writer = Writer {
        map: serializer.serialize_map(Some(count.0))?,
        failure: None,
    };
    record.write(&mut writer);
    match writer.failure {
        Some(error) => Err(error),
        None => writer.map.end(),
    }
}

/// Reads a struct from an object.
pub fn read<'de, T: Record, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Object(PhantomData))
}

struct Object<T>(PhantomData<T>);

impl<'de, T: Record> serde::de::Visitor<'de> for Object<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object (`{}`)", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        T::read(&mut Reader {
            members,
            failure: None,
        })
    }
}

/// The table of a struct: how its members are called on the wire, how they are read, and how one is
/// made.
///
/// `field` is optional: an `Option`, left out when it is `None`. `field: required` must be there.
/// `field = "name"` has another name on the wire. `..field` is a `BTreeMap` of all members that
/// are not in the table. The other words are the modules of [`kind`](crate::__private::record::kind).
///
/// Behind them stands how the field gets its value: `(T)` is an argument of `new`, `{T}` has a
/// setter, `[T]` one that takes the items of a list; `{= name: T}` is a setter of another name, and
/// `(= "text")` is always the same. `Contact::new` in place of the name says that there is a `new`;
/// a struct that has `Default` needs none. `derived` in front says that serde's traits are derived.
///
/// ```
/// #[derive(Debug)]
/// struct Contact {
///     id: String,
///     first_name: Option<String>,
///     tags: Vec<String>,
/// }
///
/// specmint_client::record!(Contact::new {
///     id: required(String), first_name = "firstName"{String}, tags: list[String],
/// });
///
/// let contact: Contact = serde_json::from_str(r#"{"id": "7", "tags": null, "new": 1}"#)?;
/// assert!(contact.tags.is_empty());
/// assert_eq!(serde_json::to_string(&contact)?, r#"{"id":"7"}"#);
///
/// let contact = Contact::new("7").first_name("Ada").tags(["friend"]);
/// assert_eq!(serde_json::to_string(&contact)?, r#"{"id":"7","firstName":"Ada","tags":["friend"]}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! record {
    (derived $($table:tt)*) => {
        $crate::__made!($($table)*);
    };
    ($($table:tt)*) => {
        $crate::__table!($($table)*);
        $crate::__made!($($table)*);
    };
}

/// The table of a struct that only the API sends: as [`record!`](crate::record), but such a struct
/// can be made with the feature `mock` only.
///
/// An answer is made in tests alone, and a member that the API always sends from now on is another
/// argument there: that breaks nobody's program. `Contact::default` says that there is a `Default`.
#[cfg(feature = "mock")]
#[macro_export]
macro_rules! received {
    ($($table:tt)*) => {
        $crate::record!($($table)*);
    };
}

/// The table of a struct that only the API sends; with the feature `mock` it can be made as well.
#[cfg(not(feature = "mock"))]
#[macro_export]
macro_rules! received {
    (derived $($table:tt)*) => {};
    ($($table:tt)*) => {
        $crate::__table!($($table)*);
    };
}

/// How a struct is read and written.
#[doc(hidden)]
#[macro_export]
macro_rules! __table {
    ($type:ident $(:: $how:ident)? {
        $($field:ident $(= $wire:literal)? $(: $kind:ident)?
            $(($($given:tt)*))? $({$($set:tt)*})? $([$($item:tt)*])?
        ),* $(, ..$others:ident $({$rest:ty})?)? $(,)?
    }) => {
        const _: () = {
            use $crate::__private::{record, serde};

            // No API's type has a name that begins like this.
            #[allow(non_camel_case_types, reason = "the variants are named like the fields")]
            enum __Field { $($field),* }

            static FIELDS: &[(&str, __Field)] =
                &[$(($crate::__wire!($field $($wire)?), __Field::$field)),*];

            impl record::Record for $type {
                const NAME: &'static str = stringify!($type);

                fn read<'de, A: serde::de::MapAccess<'de>>(
                    reader: &mut record::Reader<A, A::Error>,
                ) -> ::std::result::Result<Self, A::Error> {
                    $(let mut $field = ::std::option::Option::None;)*
                    $(let mut $others = ::std::collections::BTreeMap::new();)?
                    while let ::std::option::Option::Some(__found) =
                        $crate::__next!(reader $($others)?)
                    {
                        match *__found {
                            $(__Field::$field => {
                                record::kind::$($kind::)?read(reader, &mut $field);
                            })*
                        }
                    }
                    reader.end()?;
                    ::std::result::Result::Ok(Self {
                        $($field: match record::kind::$($kind::)?take(
                            $field,
                            $crate::__wire!($field $($wire)?),
                        ) {
                            ::std::result::Result::Ok(value) => value,
                            ::std::result::Result::Err(error) => {
                                return ::std::result::Result::Err(error);
                            }
                        },)*
                        $($others,)?
                    })
                }

                fn write<W: record::Write>(&self, writer: &mut W) {
                    $(record::kind::$($kind::)?write(
                        writer,
                        $crate::__wire!($field $($wire)?),
                        &self.$field,
                    );)*
                    $(record::kind::others(writer, &self.$others);)?
                    // A struct without members writes none.
                    let _ = writer;
                }
            }

            impl<'de> serde::Deserialize<'de> for $type {
                fn deserialize<D: serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::std::result::Result<Self, D::Error> {
                    record::read(deserializer)
                }
            }

            impl serde::Serialize for $type {
                fn serialize<S: serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> ::std::result::Result<S::Ok, S::Error> {
                    record::write(self, serializer)
                }
            }
        };
    };
}

/// The name of a member: that of the field, unless there is another.
#[doc(hidden)]
#[macro_export]
macro_rules! __wire {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $wire:literal) => {
        $wire
    };
}

/// How the next member is found, with and without a place for those that the table hasn't.
#[doc(hidden)]
#[macro_export]
macro_rules! __next {
    ($reader:ident) => {
        $reader.next(FIELDS)
    };
    ($reader:ident $others:ident) => {
        $reader.next_or(FIELDS, &mut $others)
    };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    #[derive(Debug, Default, PartialEq)]
    struct Parcel {
        id: String,
        weight: Option<i64>,
        r#type: Option<String>,
        carrier: Option<String>,
        stops: Vec<Stop>,
        sizes: Vec<i64>,
        anything: Value,
    }

    record!(Parcel {
        id: required,
        weight: integer,
        r#type = "type",
        carrier = "carrierName": nullable,
        stops: list,
        sizes: required_integers,
        anything: required,
    });

    #[derive(Debug, Default, PartialEq)]
    struct Stop {
        at: Option<String>,
        labels: BTreeMap<String, i64>,
    }

    record!(Stop { at, ..labels });

    #[derive(Debug, PartialEq)]
    struct Nothing {}

    record!(Nothing {});

    fn read(value: &Value) -> Result<Parcel, String> {
        let text = value.to_string();
        let mut json = serde_json::Deserializer::from_str(&text);
        serde_path_to_error::deserialize(&mut json).map_err(|error| error.to_string())
    }

    #[test]
    fn members_are_read_and_written_by_the_table() {
        let sent = json!({
            "new": {"deep": [1]}, "id": "7", "weight": 2.0, "type": "box", "carrierName": null,
            "stops": [{"at": "x", "a": 1}, {}], "sizes": [1.0, 2], "anything": null,
        });
        let parcel = read(&sent).expect("a parcel");
        let stop = Stop {
            at: Some("x".to_owned()),
            labels: BTreeMap::from([("a".to_owned(), 1)]),
        };
        assert_eq!(parcel.stops, [stop, Stop::default()]);
        assert_eq!((parcel.weight, &*parcel.sizes), (Some(2), &[1, 2][..]));
        let written = serde_json::to_string(&parcel).expect("JSON");
        assert_eq!(
            written,
            r#"{"id":"7","weight":2,"type":"box","carrierName":null,"stops":[{"at":"x","a":1},{}],"sizes":[1,2],"anything":null}"#
        );
    }

    #[test]
    fn what_is_missing_is_left_out_or_named() {
        let whole = json!({"id": "7", "sizes": null, "anything": 1});
        let parcel = read(&whole).expect("a parcel");
        assert_eq!((parcel.carrier, parcel.stops), (None, Vec::new()));
        for name in ["id", "sizes", "anything"] {
            let mut part = whole.clone();
            part.as_object_mut().expect("an object").remove(name);
            let error = read(&part).expect_err("a member is missing");
            assert!(
                error.starts_with(&format!("missing field `{name}`")),
                "{error}"
            );
        }
    }

    #[test]
    fn the_place_of_a_wrong_value_is_named() {
        let wrong = json!({"id": "7", "stops": [{}, {"b": "x"}], "sizes": [], "anything": 1});
        let error = read(&wrong).expect_err("a label is no text");
        assert!(
            error.starts_with("stops[1].b: invalid type: string"),
            "{error}"
        );
        let error = read(&json!([])).expect_err("a list is no parcel");
        assert!(error.contains("expected an object (`Parcel`)"), "{error}");
        let error = read(&json!({"id": null})).expect_err("an id is no null");
        assert!(error.starts_with("id: invalid type: null"), "{error}");
    }

    /// Names that the table itself might want to have.
    mod taken {
        #[derive(Debug, PartialEq)]
        pub(super) struct Field {
            pub(super) field: Record,
        }

        record!(Field { field: required });

        #[derive(Debug, PartialEq)]
        pub(super) struct Record {
            pub(super) reader: Option<String>,
            pub(super) writer: Option<String>,
        }

        record!(Record { reader, writer });
    }

    #[test]
    fn any_name_will_do() {
        let json = json!({"field": {"reader": "r", "writer": "w"}});
        let field: taken::Field = serde_json::from_value(json.clone()).expect("a field");
        assert_eq!(field.field.reader.as_deref(), Some("r"));
        assert_eq!(serde_json::to_value(&field).ok(), Some(json));
    }

    #[test]
    fn a_struct_without_members_takes_any_object() {
        let read: Nothing = serde_json::from_value(json!({"a": 1})).expect("an object");
        assert_eq!(serde_json::to_string(&read).ok().as_deref(), Some("{}"));
    }
}
