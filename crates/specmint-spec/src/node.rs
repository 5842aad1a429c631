//! A tree of values in which every node knows where it was written.
//!
//! The same tree holds YAML and JSON, pages and documents. It must never know OpenAPI.

pub mod map;

use std::fmt;

pub use map::Map;

use crate::page::Span;

/// The name of a member; short ones, which are nearly all, stand in the map itself.
pub type Key = Text;

/// A text; a short one, which nearly all are, takes no memory of its own.
pub type Text = smol_str::SmolStr;

/// A value and its position.
///
/// Equality and hashing look at the value alone: two schemas are equal wherever they were written.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where the value was written; for an object's member, where its key was.
    pub span: Span,
    /// What was written.
    pub value: Value,
}

/// What a node holds; the JSON data model, with numbers as written.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer or a finite number.
    Number(Number),
    /// Anything else that is a scalar.
    String(Text),
    /// A sequence.
    Array(Vec<Node>),
    /// A mapping, in the order of the text; keys are strings whatever they look like.
    Object(Map),
}

/// A number with the text it was written as.
///
/// The text matters: `1.10` under `type: string` is a version, `+15555550123` a telephone number,
/// and integers beyond 64 bits stand in real documents.
#[derive(Clone)]
pub struct Number {
    text: Text,
    value: serde_json::Number,
}

impl Number {
    /// A number and its source text.
    pub fn new(text: &str, value: serde_json::Number) -> Self {
        Self {
            text: text.into(),
            value,
        }
    }

    /// The source text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The value; integers beyond 64 bits are floating-point here.
    pub fn value(&self) -> &serde_json::Number {
        &self.value
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
            || self.value.as_f64().is_some() && self.value.as_f64() == other.value.as_f64()
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Node {
    /// A node at a place.
    pub fn new(span: Span, value: impl Into<Value>) -> Self {
        Self {
            span,
            value: value.into(),
        }
    }

    /// An object of these members, at a place.
    pub fn object<K: Into<Key>>(span: Span, members: impl IntoIterator<Item = (K, Node)>) -> Self {
        Self::new(
            span,
            members
                .into_iter()
                .map(|(k, v)| (k.into(), v))
                .collect::<Map>(),
        )
    }

    /// The member of an object; `None` also where the node is no object.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_object()?.get(key)
    }

    /// The member of an object, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.as_object_mut()?.get_mut(key)
    }

    /// The string member of an object.
    pub fn get_str(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// Sets a member of an object; does nothing where the node is no object.
    pub fn insert(&mut self, key: impl Into<Key>, node: Node) -> Option<Node> {
        self.as_object_mut()?.insert(key, node)
    }

    /// Takes a member out of an object, keeping the order of the others.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        self.as_object_mut()?.shift_remove(key)
    }

    /// The members, where this is an object.
    pub fn as_object(&self) -> Option<&Map> {
        if let Value::Object(map) = &self.value {
            Some(map)
        } else {
            None
        }
    }

    /// The members, to change them, where this is an object.
    pub fn as_object_mut(&mut self) -> Option<&mut Map> {
        if let Value::Object(map) = &mut self.value {
            Some(map)
        } else {
            None
        }
    }

    /// The elements, where this is an array.
    pub fn as_array(&self) -> Option<&[Node]> {
        if let Value::Array(nodes) = &self.value {
            Some(nodes)
        } else {
            None
        }
    }

    /// The elements, to change them, where this is an array.
    pub fn as_array_mut(&mut self) -> Option<&mut Vec<Node>> {
        if let Value::Array(nodes) = &mut self.value {
            Some(nodes)
        } else {
            None
        }
    }

    /// The text, where this is a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = &self.value {
            Some(text)
        } else {
            None
        }
    }

    /// The truth value, where this is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(value) = self.value {
            Some(value)
        } else {
            None
        }
    }

    /// The number, where this is one.
    pub fn as_number(&self) -> Option<&Number> {
        if let Value::Number(number) = &self.value {
            Some(number)
        } else {
            None
        }
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The node at an RFC 6901 pointer below this one.
    pub fn pointer(&self, pointer: &str) -> Option<&Node> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer
            .strip_prefix('/')?
            .split('/')
            .try_fold(self, |node, token| {
                let token = unescape_pointer(token);
                match &node.value {
                    Value::Object(map) => map.get(&token),
                    Value::Array(nodes) => nodes.get(token.parse::<usize>().ok()?),
                    _ => None,
                }
            })
    }

    /// The node at an RFC 6901 pointer below this one, to change it.
    pub fn pointer_mut(&mut self, pointer: &str) -> Option<&mut Node> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer
            .strip_prefix('/')?
            .split('/')
            .try_fold(self, |node, token| {
                let token = unescape_pointer(token);
                match &mut node.value {
                    Value::Object(map) => map.get_mut(&token),
                    Value::Array(nodes) => nodes.get_mut(token.parse::<usize>().ok()?),
                    _ => None,
                }
            })
    }

    /// The value without positions.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(number) => number.value.clone().into(),
            Value::String(text) => text.as_str().into(),
            Value::Array(nodes) => nodes.iter().map(Node::to_json).collect(),
            Value::Object(map) => map
                .iter()
                .map(|(key, node)| (key.to_string(), node.to_json()))
                .collect(),
        }
    }

    /// A tree from plain JSON, every node at the same place.
    pub fn from_json(span: Span, json: serde_json::Value) -> Self {
        let value = match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(value) => Value::Bool(value),
            serde_json::Value::Number(number) => {
                Value::Number(Number::new(&number.to_string(), number))
            }
            serde_json::Value::String(text) => Value::String(text.into()),
            serde_json::Value::Array(values) => Value::Array(
                values
                    .into_iter()
                    .map(|v| Self::from_json(span, v))
                    .collect(),
            ),
            serde_json::Value::Object(map) => Value::Object(
                map.into_iter()
                    .map(|(k, v)| (k, Self::from_json(span, v)))
                    .collect(),
            ),
        };
        Self { span, value }
    }
}

impl serde::Serialize for Node {
    /// Writes the value without positions, in the order of the text.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Number(number) => number.value.serialize(serializer),
            Value::String(text) => serializer.serialize_str(text),
            Value::Array(nodes) => serializer.collect_seq(nodes),
            Value::Object(map) => serializer.collect_map(map.iter()),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(Number::new(&value.to_string(), value.into()))
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<Vec<Node>> for Value {
    fn from(nodes: Vec<Node>) -> Self {
        Self::Array(nodes)
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Object(map)
    }
}

/// One reference token of an RFC 6901 pointer, escaped.
pub fn escape_pointer(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// One reference token of an RFC 6901 pointer, unescaped.
pub fn unescape_pointer(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}
