//! What a hoisted schema is called.

use std::{collections::BTreeMap, rc::Rc};

use indexmap::IndexSet;

use super::{Lifted, Owner, Use, is_telling};
use crate::preflight::{
    schemas::shape::{Key, Schema, Shape, Text, Union},
    words,
};

pub(super) struct Names<'a> {
    pub(super) lifted: &'a Lifted,
    pub(super) named: &'a BTreeMap<Rc<str>, String>,
    pub(super) places: &'a [&'a str],
    pub(super) done: BTreeMap<usize, String>,
}

impl Names<'_> {
    pub(super) fn candidates(&self, at: usize, claims: &BTreeMap<usize, String>) -> Vec<String> {
        let Some(group) = self.lifted.groups.get(at) else {
            return Vec::new();
        };
        let mut candidates = Vec::new();
        if let Shape::Tag(value) = &group.schema.shape {
            let property = group.uses.first().map_or("", |here| here.suffix.as_str());
            let value = words::pascal(value);
            candidates.push(if value.ends_with(property) {
                value
            } else {
                format!("{value}{property}")
            });
        }
        if let Some(title) = group
            .schema
            .prose
            .title
            .as_deref()
            .filter(|title| is_name(title))
        {
            candidates.push(title.to_owned());
        }
        candidates.extend(claims.get(&at).cloned());
        let full: IndexSet<String> = group.uses.iter().map(|here| self.full(here)).collect();
        if full.len() > 1
            && !claims.contains_key(&at)
            && let Some(name) = of_fields(&group.schema, &full)
        {
            candidates.push(name);
        }
        candidates.extend(full);
        candidates
    }

    /// The name of a use: what its owner is called and what it is to its owner.
    fn full(&self, here: &Use) -> String {
        let owner = match &here.owner {
            Owner::Named(name) => self.named.get(name).cloned(),
            Owner::Place(at) => self.places.get(*at).map(|name| words::pascal(name)),
            Owner::Token(token) => self.of_token(*token),
        }
        .unwrap_or_default();
        // A part of an answer is seldom taken for anything else.
        let is_named = matches!(here.owner, Owner::Named(_));
        let owner = match owner.strip_suffix("Response") {
            Some(rest) if !is_named && !here.suffix.is_empty() && rest.len() > 2 => rest.to_owned(),
            _ => owner,
        };
        let name = overlap(&owner, &here.suffix);
        if here.element { element(&name) } else { name }
    }

    fn of_token(&self, token: usize) -> Option<String> {
        let mut schema = Shape::Ref(Key::Lifted(self.lifted.tokens.get(token).copied()??));
        for _ in 0..16 {
            match &schema {
                Shape::Ref(Key::Lifted(at)) => match &self.lifted.groups.get(*at)?.same_as {
                    Some(same) => schema = Shape::Ref(same.clone()),
                    None => return self.done.get(at).cloned(),
                },
                Shape::Ref(Key::Named(name)) => return self.named.get(name).cloned(),
                _ => return None,
            }
        }
        None
    }
}

/// One of the many that something of this name is.
pub(super) fn element(name: &str) -> String {
    let one = words::singular(name);
    if one == name {
        format!("{name}Item")
    } else {
        one
    }
}

/// `Message` and `MessageType` are `MessageType`.
fn overlap(owner: &str, suffix: &str) -> String {
    let (left, right) = (words::split(owner), words::split(suffix));
    let most = left.len().min(right.len().saturating_sub(1));
    let shared = (1..=most)
        .rev()
        .find(|n| left.get(left.len() - n..) == right.get(..*n))
        .unwrap_or(0);
    let rest = right.get(shared..).unwrap_or_default();
    if words::singular(&left.join("_")) == rest.join("_") {
        // `Error` of `Error`.
        return format!("{owner}Item");
    }
    let rest = rest.join("_");
    format!("{owner}{}", words::pascal(&rest))
}

/// Whether a title was written as a type's name.
fn is_name(title: &str) -> bool {
    let words = words::split(title).len();
    title.len() <= 48
        && title.starts_with(|c: char| c.is_ascii_uppercase())
        && title.chars().all(|c| c.is_ascii_alphanumeric())
        && title.chars().any(|c| c.is_ascii_lowercase())
        && (2..=6).contains(&words)
}

/// A name made of the fields of a small struct that unlike places share: `SuccessResponse`.
fn of_fields(schema: &Schema, uses: &IndexSet<String>) -> Option<String> {
    let Shape::Object(object) = &schema.shape else {
        return None;
    };
    let fields: Vec<String> = object.properties.keys().cloned().collect();
    if fields.len() > 2 || !fields.iter().any(|field| is_telling(&words::split(field))) {
        return None;
    }
    let last = |name: &String| words::split(name).pop();
    let end = uses.first().and_then(last)?;
    let end = if uses.iter().all(|name| last(name).as_ref() == Some(&end)) {
        end
    } else {
        "object".to_owned()
    };

    Some(words::pascal(&format!("{}_{end}", fields.join("_and_"))))
}

/// What each inline branch of a union is called after the union's name.
pub(super) fn hints(union: &Union) -> Vec<String> {
    let mut seen: IndexSet<String> = IndexSet::new();
    let differing = differing(union);
    union
        .branches
        .iter()
        .enumerate()
        .map(|(at, branch)| {
            let title = branch
                .prose
                .title
                .as_deref()
                .map(words::pascal)
                .filter(|title| {
                    !title.is_empty() && title.len() <= 40 && words::split(title).len() <= 5
                });
            let tag = union.tag.as_ref().and_then(|(_, values)| {
                let values = values
                    .get(at)
                    .filter(|values| (1..=3).contains(&values.len()))?;
                Some(words::pascal(&values.join("_or_"))).filter(|name| !name.is_empty())
            });
            let own = || match &branch.shape {
                Shape::Object(object) => object
                    .required
                    .iter()
                    .find(|name| {
                        union.branches.iter().enumerate().all(|(other, schema)| {
                            other == at
                                || !matches!(&schema.shape, Shape::Object(object)
                                    if object.properties.contains_key(*name))
                        })
                    })
                    .map(|name| format!("With{}", words::pascal(name))),
                Shape::Enum(_) | Shape::Tag(_) => Some("Keyword".to_owned()),
                Shape::Array(_) => Some("Items".to_owned()),
                Shape::Map(_) => Some("Values".to_owned()),
                _ => None,
            };
            let differing = || differing.as_ref()?.get(at).cloned();
            let hint = title
                .or(tag)
                .or_else(differing)
                .or_else(own)
                .filter(|hint| seen.insert(hint.clone()));
            hint.unwrap_or_else(|| format!("Variant{}", at + 1))
        })
        .collect()
}

/// What each branch's type of a property is called, where all branches have that property and no
/// two of one type.
fn differing(union: &Union) -> Option<Vec<String>> {
    let objects: Vec<_> = union
        .branches
        .iter()
        .map(|branch| match &branch.shape {
            Shape::Object(object) => Some(object),
            _ => None,
        })
        .collect::<Option<_>>()?;
    objects.first()?.properties.keys().find_map(|name| {
        let kinds: IndexSet<String> = objects
            .iter()
            .map(|object| object.properties.get(name).and_then(kind))
            .collect::<Option<_>>()?;
        (kinds.len() == objects.len()).then(|| kinds.into_iter().collect())
    })
}

fn kind(schema: &Schema) -> Option<String> {
    let name = match &schema.shape {
        Shape::Text(Text::DateTime) => "DateTime",
        Shape::Text(Text::Date) => "Date",
        Shape::Text(Text::Uuid) => "Uuid",
        Shape::Text(_) => "Text",
        Shape::Integer(_) => "Integer",
        Shape::Number => "Number",
        Shape::Boolean => "Boolean",
        Shape::Array(inner) => return Some(format!("{}List", kind(inner)?)),
        Shape::Map(inner) => return Some(format!("{}Map", kind(inner)?)),
        _ => return None,
    };
    Some(name.to_owned())
}
