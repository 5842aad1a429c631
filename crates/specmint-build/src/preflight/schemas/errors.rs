//! One error type for the whole API, where its error bodies allow for one.
//!
//! What tells documented errors apart is mostly examples written as constants. So constants and
//! enums become what they are made of, only what all bodies require is required, and if all
//! properties of one name then have one type, all bodies are that one type.

use std::rc::Rc;

use indexmap::IndexSet;

use super::{
    Role,
    shape::{Key, Named, Object, Prose, Schema, Shape, Text, identity, resolve},
};

/// What the type is called.
const NAME: &str = "Error";

/// Error bodies are laid together no deeper than this.
const MAX_DEPTH: usize = 24;

/// Gives all error bodies one type where there can be one. Says its name.
pub(super) fn unite(named: &mut Named, others: &mut [Schema], roles: &[Role]) -> Option<Rc<str>> {
    let bodies: Vec<usize> = roles
        .iter()
        .enumerate()
        .filter(|(_, role)| **role == Role::Error)
        .map(|(at, _)| at)
        .collect();
    let first = others.get(*bodies.first()?)?.clone();
    // All of them one named schema: it keeps its name.
    if let Shape::Ref(Key::Named(name)) = &first.shape {
        let same = |at: &usize| {
            others.get(*at).is_some_and(
                |schema| matches!(&schema.shape, Shape::Ref(Key::Named(other)) if other == name),
            )
        };
        if bodies.iter().all(same) {
            return Some(name.clone());
        }
    }
    let mut whole: Option<Schema> = None;
    let mut seen = IndexSet::new();
    let mut common: Option<IndexSet<String>> = None;
    for at in &bodies {
        let schema = others.get(*at)?;
        if !seen.insert(identity(schema)) {
            continue;
        }
        let body = resolve(named, schema)?;
        let Shape::Object(object) = &body.shape else {
            return None;
        };
        if object.tuple {
            return None;
        }
        let names: IndexSet<String> = object.properties.keys().cloned().collect();
        common = Some(match common {
            None => names,
            Some(common) => common.intersection(&names).cloned().collect(),
        });
        let body = relaxed(body);
        whole = Some(match whole {
            None => body,
            Some(whole) => lay(named, &whole, &body, 0)?,
        });
    }
    // Bodies that have nothing in common are not one type, though they could be.
    if common.is_none_or(|common| common.is_empty()) {
        return None;
    }
    let mut whole = whole?;
    if seen.len() > 1 {
        whole.prose = Prose {
            description: Some("What the API says when a call fails.".to_owned()),
            ..Prose::default()
        };
    }
    // A schema of this name that is one of the bodies gives way to the whole; any other one is
    // given another name when types are named.
    let is_body = bodies.iter().any(|at| {
        others.get(*at).is_some_and(
            |schema| matches!(&schema.shape, Shape::Ref(Key::Named(name)) if &**name == NAME),
        )
    });
    let name: Rc<str> = if is_body || !named.contains_key(NAME) {
        NAME.into()
    } else {
        "#/Error".into()
    };
    named.insert(name.clone(), whole);
    for at in bodies {
        if let Some(schema) = others.get_mut(at) {
            let mut reference = schema.with(Shape::Ref(Key::Named(name.clone())));
            reference.nullable = schema.nullable;
            *schema = reference;
        }
    }
    Some(name)
}

/// The same without constants.
fn relaxed(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    schema.each_mut(&mut |schema| {
        schema.prose.constant = None;
        schema
            .prose
            .notes
            .retain(|note| !note.starts_with("Always "));
        if let Shape::Tag(_) = schema.shape {
            schema.shape = Shape::Text(Text::Plain);
        }
    });
    schema
}

/// Takes back what only one of two equal schemas says.
fn temper(a: &mut Schema, b: &Schema) {
    a.prose = shared(&a.prose, &b.prose);
    match (&mut a.shape, &b.shape) {
        (Shape::Object(a), Shape::Object(b)) => {
            for (name, property) in &mut a.properties {
                if let Some(other) = b.properties.get(name) {
                    temper(property, other);
                }
            }
        }
        (Shape::Array(a), Shape::Array(b)) | (Shape::Map(a), Shape::Map(b)) => temper(a, b),
        _ => {}
    }
}

/// What both are, provided that they agree.
fn lay(named: &Named, a: &Schema, b: &Schema, depth: usize) -> Option<Schema> {
    if identity(a) == identity(b) {
        let mut whole = a.clone();
        temper(&mut whole, b);
        return Some(whole);
    }
    if depth >= MAX_DEPTH {
        return None;
    }
    let (left, right) = (relaxed(resolve(named, a)?), relaxed(resolve(named, b)?));
    let shape = match (&left.shape, &right.shape) {
        (Shape::Any, _) | (_, Shape::Any) => Shape::Any,
        (Shape::Text(a), Shape::Text(b)) => Shape::Text(if a == b { *a } else { Text::Plain }),
        (Shape::Text(_), Shape::Enum(_)) | (Shape::Enum(_), Shape::Text(_)) => {
            Shape::Text(Text::Plain)
        }
        (Shape::Enum(x), Shape::Enum(y)) if x == y => Shape::Enum(x.clone()),
        (Shape::Enum(_), Shape::Enum(_)) => Shape::Text(Text::Plain),
        (Shape::Integer(x), Shape::Integer(y)) => Shape::Integer(if x == y { *x } else { None }),
        (Shape::Number, Shape::Number | Shape::Integer(_)) | (Shape::Integer(_), Shape::Number) => {
            Shape::Number
        }
        (Shape::Boolean, Shape::Boolean) => Shape::Boolean,
        (Shape::Array(x), Shape::Array(y)) => Shape::Array(Box::new(lay(named, x, y, depth + 1)?)),
        (Shape::Map(x), Shape::Map(y)) => Shape::Map(Box::new(lay(named, x, y, depth + 1)?)),
        (Shape::Map(inner), Shape::Object(object)) | (Shape::Object(object), Shape::Map(inner))
            if matches!(inner.shape, Shape::Any) && !object.tuple =>
        {
            let mut object = object.clone();
            object.required.clear();
            Shape::Object(object)
        }
        (Shape::Object(x), Shape::Object(y)) if x.tuple == y.tuple => {
            Shape::Object(objects(named, x, y, depth + 1)?)
        }
        (Shape::Union(_), Shape::Union(_)) if identity(&left) == identity(&right) => {
            left.shape.clone()
        }
        _ => return None,
    };
    let mut whole = left.with(shape);
    whole.prose = shared(&a.prose, &b.prose);
    whole.nullable = a.nullable || b.nullable || left.nullable || right.nullable;
    Some(whole)
}

fn objects(named: &Named, a: &Object, b: &Object, depth: usize) -> Option<Object> {
    let mut whole = a.clone();
    whole.required.retain(|name| b.required.contains(name));
    for (name, property) in &b.properties {
        let property = match a.properties.get(name) {
            None => property.clone(),
            Some(own) => lay(named, own, property, depth)?,
        };
        whole.properties.insert(name.clone(), property);
    }
    whole.additional = a.additional.clone().or_else(|| b.additional.clone());
    Some(whole)
}

/// What both say; the first description stands for both only where it is the same.
fn shared(a: &Prose, b: &Prose) -> Prose {
    Prose {
        title: a
            .title
            .clone()
            .filter(|title| b.title.as_ref() == Some(title)),
        description: a.description.clone().or_else(|| b.description.clone()),
        notes: a
            .notes
            .iter()
            .filter(|note| b.notes.contains(note))
            .cloned()
            .collect(),
        constant: None,
        deprecated: a.deprecated && b.deprecated,
        read_only: a.read_only && b.read_only,
        write_only: a.write_only && b.write_only,
        undescribed: a.undescribed && b.undescribed,
    }
}
