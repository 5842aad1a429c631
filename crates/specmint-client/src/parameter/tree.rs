//! Any serializable value as scalars, lists and objects.
//!
//! `serde_json::Value` would nearly do, but it sorts keys or not depending on the features of the
//! caller's build, prints `0.1f32` with seventeen digits, and turns `NaN` into `null` in silence.

use std::fmt;

use serde::ser::{self, Serialize};

/// How deep a value may be nested. Deeper ones are an error rather than a stack overflow.
const DEPTH: usize = 64;

/// A value on its way into a parameter or a form.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree {
    /// `None`, `()` and `null`: nothing is sent.
    Null,
    /// Text.
    Text(String),
    /// A number or a boolean, as JSON writes it.
    Literal(String),
    /// Items in order.
    List(Vec<Tree>),
    /// Properties in the order in which they were serialized.
    Object(Vec<(String, Tree)>),
    /// A file, by its index among the files of the form.
    Upload(usize),
}

/// What the numbers of `serde_json` are called if they keep all their digits, which is a feature that
/// anybody in the same build can turn on.
const NUMBER: &str = "$serde_json::private::Number";

/// Name by which [`Upload`](crate::Upload) makes itself known to [`Writer`].
pub(crate) const UPLOAD: &str = "$specmint_client::Upload";

impl Tree {
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, String> {
        value
            .serialize(Writer { depth: DEPTH })
            .map_err(|error| error.0)
    }

    pub(crate) fn is_upload(&self) -> bool {
        matches!(self, Self::Upload(_))
    }

    /// As JSON text, for the places where OpenAPI says nothing better.
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Text(text) | Self::Literal(text) => text.clone(),
            Self::Null | Self::Upload(_) => String::new(),
            Self::List(_) | Self::Object(_) => self.to_json(),
        }
    }

    /// As JSON, whatever it is.
    pub(crate) fn to_json(&self) -> String {
        let mut text = String::new();
        self.write_json(&mut text);
        text
    }

    fn write_json(&self, text: &mut String) {
        match self {
            Self::Null | Self::Upload(_) => text.push_str("null"),
            Self::Text(scalar) => text.push_str(&quoted(scalar)),
            Self::Literal(scalar) => text.push_str(scalar),
            Self::List(items) => {
                text.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    item.write_json(text);
                }
                text.push(']');
            }
            Self::Object(properties) => {
                text.push('{');
                for (index, (key, value)) in properties.iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    text.push_str(&quoted(key));
                    text.push(':');
                    value.write_json(text);
                }
                text.push('}');
            }
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[derive(Debug)]
pub(crate) struct TreeError(String);

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TreeError {}

impl ser::Error for TreeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Serializes into a [`Tree`].
#[derive(Clone, Copy)]
pub(crate) struct Writer {
    depth: usize,
}

impl Writer {
    fn deeper(self) -> Result<Self, TreeError> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth }),
            None => Err(TreeError(format!(
                "the value is nested more than {DEPTH} levels deep"
            ))),
        }
    }

    fn list(self, length: Option<usize>, variant: Option<&'static str>) -> Result<List, TreeError> {
        // The length is a hint of the value's own code; it must not be able to reserve memory.
        let items = Vec::with_capacity(length.unwrap_or_default().min(64));
        Ok(List {
            writer: self.deeper()?,
            items,
            variant,
        })
    }

    fn object(self, variant: Option<&'static str>) -> Result<Object, TreeError> {
        Ok(Object {
            writer: self.deeper()?,
            properties: Vec::new(),
            key: None,
            variant,
        })
    }
}

macro_rules! scalars {
    ($kind:ident: $($method:ident: $type:ty),* $(,)?) => {
        $(fn $method(self, value: $type) -> Result<Tree, TreeError> {
            Ok(Tree::$kind(value.to_string()))
        })*
    };
}

macro_rules! floats {
    ($($method:ident: $type:ty),* $(,)?) => {
        $(fn $method(self, value: $type) -> Result<Tree, TreeError> {
            if value.is_finite() {
                Ok(Tree::Literal(value.to_string()))
            } else {
                Err(TreeError(format!("{value} can't be sent")))
            }
        })*
    };
}

impl ser::Serializer for Writer {
    type Ok = Tree;
    type Error = TreeError;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = List;
    type SerializeMap = Object;
    type SerializeStruct = Object;
    type SerializeStructVariant = Object;

    scalars! {
        Literal:
        serialize_bool: bool,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_u128: u128,
    }

    scalars! { Text: serialize_char: char, serialize_str: &str }

    floats! { serialize_f32: f32, serialize_f64: f64 }

    fn serialize_bytes(self, value: &[u8]) -> Result<Tree, TreeError> {
        match std::str::from_utf8(value) {
            Ok(text) => Ok(Tree::Text(text.to_owned())),
            Err(_) => Err(TreeError(
                "bytes that are not UTF-8 can't be sent here".to_owned(),
            )),
        }
    }

    fn serialize_none(self) -> Result<Tree, TreeError> {
        Ok(Tree::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Tree, TreeError> {
        value.serialize(self.deeper()?)
    }

    fn serialize_unit(self) -> Result<Tree, TreeError> {
        Ok(Tree::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Tree, TreeError> {
        Ok(Tree::Null)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Tree, TreeError> {
        Ok(Tree::Text(variant.to_owned()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Tree, TreeError> {
        let value = value.serialize(self.deeper()?)?;
        match &value {
            Tree::Literal(index) if name == UPLOAD => {
                let index = index
                    .parse()
                    .map_err(|_| TreeError("not an upload".to_owned()))?;
                Ok(Tree::Upload(index))
            }
            _ => Ok(value),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Tree, TreeError> {
        Ok(Tree::Object(vec![(
            variant.to_owned(),
            value.serialize(self.deeper()?)?,
        )]))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<List, TreeError> {
        self.list(length, None)
    }

    fn serialize_tuple(self, length: usize) -> Result<List, TreeError> {
        self.list(Some(length), None)
    }

    fn serialize_tuple_struct(self, _name: &'static str, length: usize) -> Result<List, TreeError> {
        self.list(Some(length), None)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<List, TreeError> {
        self.list(Some(length), Some(variant))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Object, TreeError> {
        self.object(None)
    }

    fn serialize_struct(self, _name: &'static str, _length: usize) -> Result<Object, TreeError> {
        self.object(None)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Object, TreeError> {
        self.object(Some(variant))
    }
}

fn tagged(variant: Option<&'static str>, value: Tree) -> Tree {
    match variant {
        Some(variant) => Tree::Object(vec![(variant.to_owned(), value)]),
        None => value,
    }
}

pub(crate) struct List {
    writer: Writer,
    items: Vec<Tree>,
    variant: Option<&'static str>,
}

impl List {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TreeError> {
        self.items.push(value.serialize(self.writer)?);
        Ok(())
    }

    fn finish(self) -> Tree {
        tagged(self.variant, Tree::List(self.items))
    }
}

macro_rules! list_traits {
    ($($name:ident: $method:ident),* $(,)?) => {
        $(impl ser::$name for List {
            type Ok = Tree;
            type Error = TreeError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TreeError> {
                self.push(value)
            }

            fn end(self) -> Result<Tree, TreeError> {
                Ok(self.finish())
            }
        })*
    };
}

list_traits! {
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field,
}

pub(crate) struct Object {
    writer: Writer,
    properties: Vec<(String, Tree)>,
    key: Option<String>,
    variant: Option<&'static str>,
}

impl Object {
    fn push<T: Serialize + ?Sized>(&mut self, key: String, value: &T) -> Result<(), TreeError> {
        self.properties.push((key, value.serialize(self.writer)?));
        Ok(())
    }

    fn finish(mut self) -> Tree {
        match self.properties.pop() {
            Some((key, Tree::Text(number))) if key == NUMBER => Tree::Literal(number),
            last => {
                self.properties.extend(last);
                tagged(self.variant, Tree::Object(self.properties))
            }
        }
    }
}

impl ser::SerializeMap for Object {
    type Ok = Tree;
    type Error = TreeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), TreeError> {
        match key.serialize(self.writer)? {
            Tree::Text(key) | Tree::Literal(key) => {
                self.key = Some(key);
                Ok(())
            }
            _ => Err(TreeError("the keys of a map must be scalars".to_owned())),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TreeError> {
        match self.key.take() {
            Some(key) => self.push(key, value),
            None => Err(TreeError("a map has a value without a key".to_owned())),
        }
    }

    fn end(self) -> Result<Tree, TreeError> {
        Ok(self.finish())
    }
}

macro_rules! struct_traits {
    ($($name:ident),* $(,)?) => {
        $(impl ser::$name for Object {
            type Ok = Tree;
            type Error = TreeError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), TreeError> {
                self.push(key.to_owned(), value)
            }

            fn end(self) -> Result<Tree, TreeError> {
                Ok(self.finish())
            }
        })*
    };
}

struct_traits! { SerializeStruct, SerializeStructVariant }

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Serialize)]
    #[serde(rename_all = "lowercase")]
    enum Shapes {
        Unit,
        Newtype(u8),
        Tuple(u8, &'static str),
        Struct { b: bool, a: char },
    }

    #[derive(serde::Serialize)]
    struct Digits {
        #[serde(rename = "$serde_json::private::Number")]
        number: &'static str,
    }

    #[track_caller]
    fn check<T: Serialize>(value: T, json: &str) {
        assert_eq!(Tree::of(&value).expect("a tree").to_text(), json);
    }

    #[test]
    fn every_shape_is_written_as_serde_json_writes_it() {
        check(Shapes::Unit, "unit");
        check(Shapes::Newtype(1), r#"{"newtype":1}"#);
        check(Shapes::Tuple(1, "\"\n"), r#"{"tuple":[1,"\"\n"]}"#);
        check(
            Shapes::Struct { b: true, a: 'x' },
            r#"{"struct":{"b":true,"a":"x"}}"#,
        );
        check(((), None::<u8>, Some("x")), r#"[null,null,"x"]"#);
        check(
            [("k", 1.5_f32)]
                .into_iter()
                .collect::<std::collections::BTreeMap<_, _>>(),
            r#"{"k":1.5}"#,
        );
    }

    #[test]
    fn numbers_that_keep_their_digits_are_numbers() {
        let digits = || Digits {
            number: "1.2345678901234567890123",
        };
        check(digits(), "1.2345678901234567890123");
        check([digits()], "[1.2345678901234567890123]");
    }
}
