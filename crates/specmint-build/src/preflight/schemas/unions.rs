//! Alternatives: `oneOf` and `anyOf` are one thing here, and only what can be told apart is left.
//!
//! `null` makes the whole nullable, alternatives within alternatives are alternatives, equal ones
//! count once, texts and lists of texts become one open enum, numbers one number. What remains is
//! in the order in which a reader that tries one after the other must try them.

use indexmap::IndexSet;

use super::{
    merge,
    shape::{Key, Named, Object, Schema, Shape, Text, Union, identity, resolve},
    tags,
};

/// Simplifies the unions of the named schemas and of these others.
pub(super) fn all(named: &mut Named, others: &mut [Schema]) {
    // What a reference leads to may itself become simpler, so once is not enough.
    for _ in 0..2 {
        for at in 0..named.len() {
            let Some((_, slot)) = named.get_index_mut(at) else {
                continue;
            };
            let placeholder = slot.with(Shape::Ref(Key::Lifted(usize::MAX)));
            let mut schema = std::mem::replace(slot, placeholder);
            schema.each_mut(&mut |schema| simplify(schema, named));
            if let Some((_, slot)) = named.get_index_mut(at) {
                *slot = schema;
            }
        }
        for schema in others.iter_mut() {
            schema.each_mut(&mut |schema| simplify(schema, named));
        }
    }
}

/// A branch and the values of the tag that mean it.
type Tagged = (Schema, Vec<String>);

fn simplify(schema: &mut Schema, named: &Named) {
    let Shape::Union(union) = &mut schema.shape else {
        return;
    };
    let union = std::mem::take(union);
    let mut stated = union.tag.as_ref().map(|(property, _)| property.clone());
    let mut branches = Vec::new();
    let mut nullable = schema.nullable;
    flatten(union, named, &mut branches, &mut nullable, &mut stated, 0);
    schema.nullable = nullable;
    if branches
        .iter()
        .any(|(branch, _)| matches!(branch.shape, Shape::Any))
    {
        schema.shape = Shape::Any;
        return;
    }
    join_texts(&mut branches, named);
    join_numbers(&mut branches);
    let mut branches = distinct(branches);
    if tags::find(&branches, stated.as_deref(), named).is_none() {
        branches = distinct(alike(branches));
    }
    if branches.len() < 2 {
        match branches.pop() {
            Some((mut only, _)) => {
                only.nullable |= schema.nullable;
                *schema = only.under(schema);
            }
            None => {
                schema.shape = if schema.nullable {
                    Shape::Null
                } else {
                    Shape::Never
                }
            }
        }
        return;
    }
    let tag = tags::find(&branches, stated.as_deref(), named);
    if tag.is_none() {
        branches.sort_by_key(|(branch, _)| rank(branch, named));
    }
    schema.shape = Shape::Union(Union {
        discriminator: None,
        branches: branches.into_iter().map(|(branch, _)| branch).collect(),
        tag,
    });
}

/// Branches of branches are branches; aliases are what they stand for.
fn flatten(
    union: Union,
    named: &Named,
    out: &mut Vec<Tagged>,
    nullable: &mut bool,
    stated: &mut Option<String>,
    depth: usize,
) {
    let Union {
        branches,
        discriminator,
        tag,
    } = union;
    if let Some(discriminator) = &discriminator {
        stated.get_or_insert_with(|| discriminator.property.clone());
    }
    let given = tag.map(|(_, values)| values).unwrap_or_default();
    for (at, mut branch) in branches.into_iter().enumerate() {
        *nullable |= std::mem::take(&mut branch.nullable);
        let mut values = given.get(at).cloned().unwrap_or_default();
        if let Some(discriminator) = &discriminator {
            values.extend(merge::tag_values(discriminator, &branch));
        }
        if matches!(branch.shape, Shape::Ref(_)) {
            // One step at a time: an alias may be nullable.
            for _ in 0..16 {
                let Shape::Ref(Key::Named(name)) = &branch.shape else {
                    break;
                };
                let Some(target) = named.get(name) else { break };
                *nullable |= target.nullable;
                match &target.shape {
                    Shape::Object(_)
                    | Shape::Enum(_)
                    | Shape::Tag(_)
                    | Shape::Union(_)
                    | Shape::Ref(Key::Lifted(_)) => break,
                    Shape::Array(_) | Shape::Map(_) if reaches(named, target, name) => break,
                    shape => {
                        let shape = shape.clone();
                        branch.prose = branch.prose.over(&target.prose);
                        branch.shape = shape;
                    }
                }
            }
        }
        match branch.shape {
            Shape::Null => *nullable = true,
            Shape::Never => {}
            Shape::Union(inner) if depth < 64 => {
                flatten(inner, named, out, nullable, stated, depth + 1);
            }
            Shape::Text(Text::Binary) => {
                branch.shape = Shape::Text(Text::Plain);
                out.push((branch, values));
            }
            _ => out.push((branch, values)),
        }
    }
}

/// Whether an alias is made of itself.
fn reaches(named: &Named, from: &Schema, name: &str) -> bool {
    let mut seen: IndexSet<&str> = IndexSet::new();
    let mut open: Vec<&Schema> = vec![from];
    while let Some(schema) = open.pop() {
        match &schema.shape {
            Shape::Array(inner) | Shape::Map(inner) => open.push(inner),
            Shape::Ref(Key::Lifted(_)) => return true,
            Shape::Ref(Key::Named(next)) => {
                if &**next == name {
                    return true;
                }
                if seen.insert(next) {
                    open.extend(named.get(next));
                }
            }
            _ => {}
        }
    }
    false
}

/// An open enum reads any text, so it takes in every other text and every other enum.
fn join_texts(branches: &mut Vec<Tagged>, named: &Named) {
    let values_of = |branch: &Schema| match &branch.shape {
        Shape::Enum(values) => Some(values.clone()),
        Shape::Tag(value) => Some(IndexSet::from([value.clone()])),
        Shape::Ref(_) => match &resolve(named, branch)?.shape {
            Shape::Enum(values) => Some(values.clone()),
            Shape::Tag(value) => Some(IndexSet::from([value.clone()])),
            _ => None,
        },
        _ => None,
    };
    let is_plain = |branch: &Schema| matches!(branch.shape, Shape::Text(Text::Plain));
    let is_formatted =
        |branch: &Schema| matches!(branch.shape, Shape::Text(text) if text != Text::Plain);
    let plain = branches.iter().any(|(branch, _)| is_plain(branch));
    if plain {
        branches.retain(|(branch, _)| !is_formatted(branch));
    }
    let enums: Vec<usize> = branches
        .iter()
        .enumerate()
        .filter(|(_, (branch, _))| values_of(branch).is_some())
        .map(|(at, _)| at)
        .collect();
    let Some(first) = enums.first().copied() else {
        return;
    };
    if enums.len() > 1 {
        let same = branches[first].0.shape_key();
        if !enums.iter().all(|at| branches[*at].0.shape_key() == same) {
            let mut all = IndexSet::new();
            for at in &enums {
                all.extend(values_of(&branches[*at].0).unwrap_or_default());
            }
            branches[first].0.shape = Shape::Enum(all);
        }
        let mut at = 0_usize;
        branches.retain(|_| {
            let keep = at == first || !enums.contains(&at);
            at += 1;
            keep
        });
    }
    if plain {
        branches.retain(|(branch, _)| !is_plain(branch));
    }
}

fn join_numbers(branches: &mut Vec<Tagged>) {
    if branches
        .iter()
        .any(|(branch, _)| matches!(branch.shape, Shape::Number))
    {
        branches.retain(|(branch, _)| !matches!(branch.shape, Shape::Integer(_)));
    }
    let formats: IndexSet<_> = branches
        .iter()
        .filter_map(|(branch, _)| match branch.shape {
            Shape::Integer(format) => Some(format),
            _ => None,
        })
        .collect();
    if formats.len() > 1 {
        for (branch, _) in branches {
            if let Shape::Integer(format) = &mut branch.shape {
                *format = None;
            }
        }
    }
}

/// Equal branches once.
fn distinct(branches: Vec<Tagged>) -> Vec<Tagged> {
    let mut seen: indexmap::IndexMap<String, Tagged> = indexmap::IndexMap::new();
    for (branch, values) in branches {
        let key = identity(&branch);
        match seen.get_mut(&key) {
            Some((_, known)) => known.extend(values),
            None => {
                seen.insert(key, (branch, values));
            }
        }
    }
    seen.into_values().collect()
}

/// Inline branches that no reader could tell apart, because they differ in texts only, become one.
fn alike(branches: Vec<Tagged>) -> Vec<Tagged> {
    let mut seen: indexmap::IndexMap<String, Tagged> = indexmap::IndexMap::new();
    for (branch, values) in branches {
        let mut blurred = branch.with(branch.shape.clone());
        blurred.each_mut(&mut |schema| {
            schema.prose.constant = None;
            if matches!(schema.shape, Shape::Enum(_) | Shape::Tag(_)) {
                schema.shape = Shape::Text(Text::Plain);
            }
        });
        let key = identity(&blurred);
        match seen.get_mut(&key) {
            Some((known, tags)) => {
                blend(known, &branch);
                tags.extend(values);
            }
            None => {
                seen.insert(key, (branch, values));
            }
        }
    }
    seen.into_values().collect()
}

/// Adds the texts of an alike schema.
fn blend(a: &mut Schema, b: &Schema) {
    if a.prose.constant != b.prose.constant {
        a.prose.constant = None;
        a.prose.notes.retain(|note| !note.starts_with("Always "));
    }
    a.nullable |= b.nullable;
    match (&mut a.shape, &b.shape) {
        (Shape::Enum(a), Shape::Enum(b)) => a.extend(b.iter().cloned()),
        (text @ Shape::Text(_), Shape::Enum(values)) => *text = Shape::Enum(values.clone()),
        (Shape::Array(a), Shape::Array(b)) | (Shape::Map(a), Shape::Map(b)) => blend(a, b),
        (Shape::Object(a), Shape::Object(b)) => {
            for (name, property) in &mut a.properties {
                if let Some(other) = b.properties.get(name) {
                    blend(property, other);
                }
            }
            if let (Some(a), Some(b)) = (&mut a.additional, &b.additional) {
                blend(a, b);
            }
        }
        _ => {}
    }
}

/// Where a branch stands among those that are tried: what accepts less comes first.
fn rank(branch: &Schema, named: &Named) -> (u8, usize, usize) {
    fn of_object(object: &Object) -> (u8, usize, usize) {
        let required = object
            .required
            .iter()
            .filter(|n| object.properties.contains_key(*n))
            .count();
        let group = if required == 0 { 11 } else { 9 };
        (
            group,
            usize::MAX - required,
            usize::MAX - object.properties.len(),
        )
    }
    let Some(schema) = resolve(named, branch) else {
        return (12, 0, 0);
    };
    match &schema.shape {
        Shape::Boolean => (0, 0, 0),
        Shape::Integer(_) => (1, 0, 0),
        Shape::Number => (2, 0, 0),
        Shape::Text(Text::DateTime) => (3, 0, 0),
        Shape::Text(Text::Date | Text::Uuid) => (4, 0, 0),
        Shape::Tag(_) => (5, 0, 0),
        Shape::Enum(_) | Shape::Text(_) => (6, 0, 0),
        Shape::Array(inner) if !matches!(inner.shape, Shape::Any) => (7, 0, 0),
        Shape::Array(_) => (8, 0, 0),
        Shape::Object(object) if object.tuple => (6, 0, 0),
        Shape::Object(object) => of_object(object),
        Shape::Map(inner) if !matches!(inner.shape, Shape::Any) => (10, 0, 0),
        Shape::Union(union) => {
            // As late as the most accepting of its branches, without looking any deeper.
            union
                .branches
                .iter()
                .filter_map(|branch| resolve(named, branch))
                .map(|branch| match &branch.shape {
                    Shape::Object(object) => of_object(object),
                    _ => (6, 0, 0),
                })
                .max()
                .unwrap_or((11, 0, 0))
        }
        _ => (12, 0, 0),
    }
}

impl Schema {
    /// What tells this schema from others, for a quick comparison.
    fn shape_key(&self) -> String {
        identity(&self.with(self.shape.clone()))
    }
}
