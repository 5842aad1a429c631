//! What tells the branches of a union apart: a `discriminator`, or a property with a fixed text of
//! its own in each branch.
//!
//! A fixed text that does so stays a type of one value; all others become plain text, documented
//! with their value, because a client gains nothing from an enum of one.

use std::rc::Rc;

use indexmap::IndexSet;

use super::shape::{Key, Named, Object, Schema, Shape, Text, resolve};

/// Names that a tag often has, from the most usual on.
const USUAL: [&str; 6] = ["type", "kind", "object", "event", "event_type", "role"];

/// The property that tells the branches apart, and each branch's values of it.
///
/// Beside each branch stand the values that a `discriminator` on this property gives it.
pub(super) fn find(
    branches: &[(Schema, Vec<String>)],
    stated: Option<&str>,
    named: &Named,
) -> Option<(String, Vec<Vec<String>>)> {
    let objects: Vec<&Object> = branches
        .iter()
        .map(|(branch, _)| match &resolve(named, branch)?.shape {
            Shape::Object(object) if !object.tuple => Some(object),
            _ => None,
        })
        .collect::<Option<_>>()?;
    if let Some(property) = stated
        && objects
            .iter()
            .all(|object| object.properties.contains_key(property))
    {
        let fixed: Vec<_> = objects
            .iter()
            .map(|object| texts(object, property, named))
            .collect();
        let given: Vec<_> = branches.iter().map(|(_, values)| values.clone()).collect();
        for values in [&fixed, &given] {
            if tells_apart(values) {
                return Some((property.to_owned(), values.clone()));
            }
        }
    }
    let mut candidates: Vec<&String> = objects.first()?.properties.keys().collect();
    candidates.sort_by_key(|name| USUAL.iter().position(|u| u == name).unwrap_or(USUAL.len()));
    candidates.into_iter().find_map(|property| {
        let required = objects
            .iter()
            .all(|object| object.required.contains(property));
        let values: Vec<_> = objects
            .iter()
            .map(|object| texts(object, property, named))
            .collect();
        (required && tells_apart(&values)).then(|| (property.clone(), values))
    })
}

/// The texts that a property may be.
fn texts(object: &Object, property: &str, named: &Named) -> Vec<String> {
    object
        .properties
        .get(property)
        .and_then(|schema| resolve(named, schema))
        .map(|schema| match &schema.shape {
            Shape::Enum(values) => values.iter().cloned().collect(),
            Shape::Tag(value) => vec![value.clone()],
            _ => Vec::new(),
        })
        .unwrap_or_default()
}

fn tells_apart(values: &[Vec<String>]) -> bool {
    let mut seen = IndexSet::new();
    values
        .iter()
        .all(|values| !values.is_empty() && values.iter().all(|value| seen.insert(value)))
}

/// Closes the enums of one value that tell branches apart, and makes plain text of the others.
pub(super) fn settle(named: &mut Named, others: &mut [Schema]) {
    let mut tags: IndexSet<(Rc<str>, String)> = IndexSet::new();
    let mut mark = |schema: &mut Schema| {
        let Shape::Union(union) = &mut schema.shape else {
            return;
        };
        let Some((property, _)) = &union.tag else {
            return;
        };
        for branch in &mut union.branches {
            match &mut branch.shape {
                Shape::Ref(Key::Named(name)) => {
                    tags.insert((name.clone(), property.clone()));
                }
                Shape::Object(object) => close(object, property),
                _ => {}
            }
        }
    };
    for schema in named.values_mut().chain(others.iter_mut()) {
        schema.each_mut(&mut mark);
    }
    for (name, property) in tags {
        let mut name = name;
        for _ in 0..16 {
            match named.get_mut(&name).map(|schema| &mut schema.shape) {
                Some(Shape::Ref(Key::Named(next))) => name = next.clone(),
                Some(Shape::Object(object)) => {
                    close(object, &property);
                    break;
                }
                _ => break,
            }
        }
    }
    for schema in named.values_mut() {
        for child in schema.children_mut() {
            child.each_mut(&mut relax);
        }
        schema.each_mut(&mut only_in_fields);
    }
    for schema in others {
        schema.each_mut(&mut relax);
        schema.each_mut(&mut only_in_fields);
    }
}

/// A list of one fixed text is a list of texts; only a field's constant is worth remembering.
fn only_in_fields(schema: &mut Schema) {
    if let Shape::Array(inner) | Shape::Map(inner) = &mut schema.shape {
        inner.prose.constant = None;
    }
}

fn close(object: &mut Object, property: &str) {
    let Some(schema) = object.properties.get_mut(property) else {
        return;
    };
    if let Shape::Enum(values) = &schema.shape
        && values.len() == 1
        && let Some(value) = values.first()
    {
        schema.shape = Shape::Tag(value.clone());
    }
}

fn relax(schema: &mut Schema) {
    if let Shape::Enum(values) = &schema.shape
        && values.len() == 1
        && let Some(value) = values.first()
    {
        schema
            .prose
            .notes
            .push(format!("Always `{}`.", value.replace('`', "'")));
        schema.prose.constant = Some(value.clone());
        schema.shape = Shape::Text(Text::Plain);
    }
}
