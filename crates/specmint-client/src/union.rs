//! Unions that survive what an API adds to them later.
//!
//! A value is read by its tag where there is one, else into the first branch that it fits; an object
//! into the one that keeps most of it, since structs whose members are all optional fit everything.
//! What fits none is a value too. A union inside a union makes that harder than it sounds: if the inner
//! one takes everything, the outer one's first branch fits always. So the outermost union first
//! tries its branches with all inner ones strict, and only then with lenient ones.

use std::cell::Cell;

use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};
use serde_json::Value;

/// How deep unions may be nested: those that contain each other without anything between them
/// would never end.
const MAX_DEPTH: u32 = 128;

#[derive(Clone, Copy, Default)]
struct State {
    depth: u32,
    strict: bool,
}

thread_local! {
    static STATE: Cell<State> = const { Cell::new(State { depth: 0, strict: false }) };
}

/// Sets the state for as long as it lives, panics included.
struct Scope(State);

impl Scope {
    fn enter(strict: bool) -> Self {
        let before = STATE.get();
        STATE.set(State {
            depth: before.depth.saturating_add(1),
            strict: before.strict || strict,
        });
        Self(before)
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        STATE.set(self.0);
    }
}

/// How to read one branch of a union.
type Branch<T> = fn(&Value) -> Option<T>;

/// One branch of a union: reads the value in it.
pub fn branch<V: DeserializeOwned, T>(value: &Value, make: fn(V) -> T) -> Option<T> {
    V::deserialize(value).ok().map(make)
}

/// Reads a union: `tagged` are the branches by the values of the property `tag`, `branches` all of
/// them in the order in which they are tried.
///
/// A tag that isn't documented means none of the branches that have one.
pub fn read<'de, D, T>(
    deserializer: D,
    tag: &str,
    tagged: &[(&str, Branch<T>)],
    branches: &[(bool, Branch<T>)],
    unknown: fn(Value) -> T,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Serialize,
{
    let value = Value::deserialize(deserializer)?;
    let State { depth, strict } = STATE.get();
    let none = || D::Error::custom("the value is none of the variants");
    if depth >= MAX_DEPTH {
        return Err(none());
    }
    let text = match tagged {
        [] => None,
        _ => value.get(tag).and_then(Value::as_str),
    };
    let named = text.and_then(|text| tagged.iter().find(|(tag, _)| *tag == text));
    let attempt = |strict: bool| {
        let _scope = Scope::enter(strict);
        if let Some((_, branch)) = named {
            return branch(&value);
        }
        let branches = branches
            .iter()
            .filter(|(has_tag, _)| text.is_none() || !has_tag)
            .map(|(_, branch)| *branch);
        fullest(&value, branches)
    };
    if let Some(found) = attempt(true) {
        return Ok(found);
    }
    if strict {
        return Err(none());
    }
    Ok(attempt(false).unwrap_or_else(|| unknown(value)))
}

/// The first branch that keeps everything, or else the one that keeps most.
///
/// Maps and the like keep what they know nothing about. They come last, and only count where no
/// other branch knows a thing: else the first member that an API adds would turn every struct into
/// a map.
fn fullest<T: Serialize>(value: &Value, branches: impl Iterator<Item = Branch<T>>) -> Option<T> {
    let mut fitting = branches.filter_map(|branch| Some((branch(value)?, branch)));
    let (first, _) = fitting.next()?;
    let Value::Object(members) = value else {
        return Some(first);
    };
    let mut least = lost(members, &first);
    let mut best = first;
    let mut open = None;
    while least > 0
        && let Some((found, branch)) = fitting.next()
    {
        let loses = lost(members, &found);
        if loses >= least {
            continue;
        }
        if keeps_anything(members, branch) {
            open = open.or(Some(found));
        } else {
            (least, best) = (loses, found);
        }
    }
    match open {
        Some(open) if least >= members.len() => Some(open),
        _ => Some(best),
    }
}

/// How many members of an object are not in what was read.
///
/// Only its own: unions further down have chosen for themselves, and if what is lost there counted
/// here, every union above would try all of its branches again.
fn lost<T: Serialize>(members: &serde_json::Map<String, Value>, read: &T) -> usize {
    let Ok(kept) = serde_json::to_value(read) else {
        return usize::MAX;
    };
    members
        .iter()
        // To be absent and to be null is one for an optional member.
        .filter(|(name, member)| !member.is_null() && kept.get(name).is_none())
        .count()
}

/// Whether a branch keeps members that nobody has heard of.
fn keeps_anything<T: Serialize>(
    members: &serde_json::Map<String, Value>,
    branch: Branch<T>,
) -> bool {
    const UNHEARD: &str = "\u{0}unheard-of";
    let mut members = members.clone();
    // Maps may be of one type of member.
    let member = members.values().next().cloned().unwrap_or_default();
    members.insert(UNHEARD.to_owned(), member);
    branch(&Value::Object(members))
        .and_then(|read| serde_json::to_value(read).ok())
        .is_some_and(|kept| kept.get(UNHEARD).is_some())
}

/// Makes an enum readable and writable whose variants each hold one value, the last of them being
/// `(serde_json::Value)` for values that fit none of the others.
///
/// Where a property tells the variants apart, its values come with them; the others are tried in
/// their order. Behind `from` stand the variants that are made of their value by `From`.
///
/// ```
/// #[derive(Debug, PartialEq)]
/// enum Answer {
///     Number(i64),
///     Text(String),
///     Unknown(serde_json::Value),
/// }
///
/// specmint_client::open_union!(
///     Answer by "" { Number[], Text[] } or Unknown; from Number(i64), Text(String)
/// );
///
/// assert_eq!(Answer::from(1), Answer::Number(1));
/// let read = |json| serde_json::from_str::<Answer>(json).expect("JSON");
/// assert_eq!(read("1"), Answer::Number(1));
/// assert_eq!(read("true"), Answer::Unknown(true.into()));
/// ```
#[macro_export]
macro_rules! open_union {
    (
        $name:ident by $tag:literal { $($variant:ident[$($text:literal),*]),* $(,)? }
        or $unknown:ident
        $(; from $($from:ident($type:ty)),* $(,)?)?
    ) => {
        $($(impl ::std::convert::From<$type> for $name {
            fn from(value: $type) -> Self {
                Self::$from(value)
            }
        })*)?

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error>
            where
                S: $crate::__private::serde::Serializer,
            {
                match self {
                    $(Self::$variant(value) => {
                        $crate::__private::serde::Serialize::serialize(value, serializer)
                    })*
                    Self::$unknown(value) => {
                        $crate::__private::serde::Serialize::serialize(value, serializer)
                    }
                }
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
            where
                D: $crate::__private::serde::Deserializer<'de>,
            {
                $crate::__private::union::read(
                    deserializer,
                    $tag,
                    &[$($((
                        $text,
                        |value| $crate::__private::union::branch(value, Self::$variant),
                    ),)*)*],
                    &[$((
                        !<[&str]>::is_empty(&[$($text),*]),
                        |value| $crate::__private::union::branch(value, Self::$variant),
                    ),)*],
                    Self::$unknown,
                )
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Cat {
        kind: String,
        lives: Option<u8>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Dog {
        kind: String,
        toys: Vec<Toy>,
    }

    #[derive(Debug, PartialEq)]
    enum Pet {
        Cat(Cat),
        Dog(Dog),
        Unknown(Value),
    }

    open_union!(Pet by "kind" { Cat["cat"], Dog["dog", "puppy"] } or Unknown);

    #[derive(Debug, PartialEq)]
    enum Toy {
        Number(i64),
        Unknown(Value),
    }

    open_union!(Toy by "" { Number[] } or Unknown);

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct WithToy {
        toy: Toy,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct WithText {
        toy: String,
    }

    #[derive(Debug, PartialEq)]
    enum Either {
        Toy(WithToy),
        Text(WithText),
        Unknown(Value),
    }

    open_union!(Either by "" { Toy[], Text[] } or Unknown);

    #[derive(Debug, PartialEq)]
    enum Ping {
        Pong(Box<Pong>),
        Number(i64),
        Unknown(Value),
    }

    open_union!(Ping by "" { Pong[], Number[] } or Unknown);

    #[derive(Debug, PartialEq)]
    enum Pong {
        Ping(Box<Ping>),
        Text(String),
        Unknown(Value),
    }

    open_union!(Pong by "" { Ping[], Text[] } or Unknown);

    fn read<T: DeserializeOwned>(value: Value) -> T {
        serde_json::from_value(value).expect("every value is one of an open union")
    }

    #[test]
    fn the_tag_decides() {
        let puppy: Pet = read(json!({"kind": "puppy", "toys": [1, "ball"]}));
        let toys = vec![Toy::Number(1), Toy::Unknown(json!("ball"))];
        let kind = "puppy".to_owned();
        assert_eq!(puppy, Pet::Dog(Dog { kind, toys }));
        // A cat by its shape, but the tag says otherwise.
        let bird = json!({"kind": "bird"});
        assert_eq!(read::<Pet>(bird.clone()), Pet::Unknown(bird));
        let broken = json!({"kind": "cat", "lives": "nine"});
        assert_eq!(read::<Pet>(broken.clone()), Pet::Unknown(broken));
    }

    #[test]
    fn inner_unions_do_not_swallow_other_branches() {
        let text: Either = read(json!({"toy": "ball"}));
        assert_eq!(
            text,
            Either::Text(WithText {
                toy: "ball".to_owned()
            })
        );
        let toy: Either = read(json!({"toy": 1}));
        assert_eq!(
            toy,
            Either::Toy(WithToy {
                toy: Toy::Number(1)
            })
        );
        let new: Either = read(json!({"toy": true}));
        assert_eq!(
            new,
            Either::Toy(WithToy {
                toy: Toy::Unknown(json!(true))
            })
        );
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Key {
        #[serde(skip_serializing_if = "Option::is_none")]
        key: Option<String>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct File {
        #[serde(skip_serializing_if = "Option::is_none")]
        file: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        size: Option<u64>,
    }

    #[derive(Debug, PartialEq)]
    enum Grant {
        Key(Key),
        File(File),
        Map(serde_json::Map<String, Value>),
        Unknown(Value),
    }

    open_union!(Grant by "" { Key[], File[], Map[] } or Unknown);

    #[test]
    fn an_object_is_the_branch_that_keeps_most_of_it() {
        let file = File {
            file: Some("a".to_owned()),
            size: Some(1),
        };
        let sent = json!({"file": "a", "size": 1});
        assert_eq!(read::<Grant>(sent), Grant::File(file));
        let file = File {
            file: Some("a".to_owned()),
            size: None,
        };
        // What an API adds doesn't turn a struct into a map.
        let added = json!({"file": "a", "new": true});
        assert_eq!(read::<Grant>(added), Grant::File(file));
        assert_eq!(read::<Grant>(json!({})), Grant::Key(Key { key: None }));
        let other = json!({"other": 1, "more": [2]});
        let Grant::Map(map) = read(other.clone()) else {
            panic!("a map knows the members, nothing else does");
        };
        assert_eq!(Value::Object(map), other);
    }

    #[test]
    fn unions_of_nothing_but_each_other_end() {
        let text: Ping = read(json!("x"));
        assert_eq!(serde_json::to_value(&text).expect("JSON"), json!("x"));
        let unknown: Ping = read(json!(true));
        assert_eq!(serde_json::to_value(&unknown).expect("JSON"), json!(true));
    }
}
