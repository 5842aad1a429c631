//! `allOf`: all parts become one schema.
//!
//! A reference beside nothing but prose stays a reference. Otherwise what it leads to is copied
//! and laid together with the other parts: properties of all, required by any, the narrower of two
//! types. Where two parts contradict each other the weaker one holds, and that is said.
//!
//! An alternative beside fixed parts is spelled out: each branch gets the fixed parts.

use std::{collections::BTreeMap, rc::Rc};

use specmint_spec::diag::Diagnostics;

use super::{
    codes,
    shape::{Key, Named, Object, Schema, Shape, Text, Union, identity},
};

/// How deep references and schemas in each other are followed.
const MAX_DEPTH: usize = 160;

/// How many schemas may be copied from behind references: so many for each that was written, and
/// so many besides.
const COPIES_OF_EACH: usize = 16;
const COPIES_BESIDES: usize = 20_000;

/// How many combinations of two alternatives are spelled out.
const MAX_COMBINATIONS: usize = 12;

/// Merges every `allOf` of the named schemas and of these others.
pub(super) fn all(named: &mut Named, others: &mut [Schema], diags: &mut Diagnostics) {
    let mut written = 0_usize;
    for schema in named.values().chain(others.iter()) {
        schema.each(&mut |_| written += 1);
    }
    let mut merger = Merger {
        raw: std::mem::take(named),
        done: BTreeMap::new(),
        active: Vec::new(),
        depth: 0,
        copies_left: written
            .saturating_mul(COPIES_OF_EACH)
            .saturating_add(COPIES_BESIDES),
        diags,
    };
    let names: Vec<Rc<str>> = merger.raw.keys().cloned().collect();
    for name in &names {
        merger.settle(name);
    }
    for schema in others {
        merger.merge(schema);
    }
    *named = names
        .into_iter()
        .filter_map(|name| merger.done.remove(&name).map(|schema| (name, schema)))
        .collect();
}

struct Merger<'a> {
    raw: Named,
    done: BTreeMap<Rc<str>, Schema>,
    active: Vec<Rc<str>>,
    depth: usize,
    copies_left: usize,
    diags: &'a mut Diagnostics,
}

impl Merger<'_> {
    /// Merges a named schema once; does nothing where it is being merged already.
    fn settle(&mut self, name: &Rc<str>) {
        if self.done.contains_key(name) || self.active.contains(name) {
            return;
        }
        let Some(mut schema) = self.raw.get(name).cloned() else {
            return;
        };
        self.active.push(name.clone());
        self.merge(&mut schema);
        self.active.pop();
        self.done.insert(name.clone(), schema);
    }

    /// What a reference leads to, through aliases; `None` where it can't be had.
    fn behind(&mut self, key: &Key) -> Option<Schema> {
        let Key::Named(name) = key else { return None };
        let mut name = name.clone();
        for _ in 0..16 {
            self.settle(&name);
            let schema = self.done.get(&name)?;
            if let Shape::Ref(Key::Named(next)) = &schema.shape {
                name = next.clone();
                continue;
            }
            let mut size = 0_usize;
            schema.each(&mut |_| size += 1);
            self.copies_left = self.copies_left.checked_sub(size)?;
            return Some(schema.clone());
        }
        None
    }

    fn merge(&mut self, schema: &mut Schema) {
        if self.depth >= MAX_DEPTH {
            self.diags
                .warning(
                    codes::LOOSENED,
                    schema.span,
                    "this is nested too deep to be said; anything is accepted",
                )
                .at(&*schema.pointer);
            schema.shape = Shape::Any;
            return;
        }
        self.depth += 1;
        if let Shape::All(parts) = &mut schema.shape {
            let parts = std::mem::take(parts);
            *schema = self.together(schema, parts);
        } else {
            for child in schema.children_mut() {
                self.merge(child);
            }
        }
        self.depth -= 1;
    }

    /// One schema of all parts, none of them merged yet.
    fn together(&mut self, outer: &Schema, parts: Vec<Schema>) -> Schema {
        let mut flat = Vec::new();
        flatten(parts, &mut flat);
        for part in &mut flat {
            self.merge(part);
        }
        self.combine(outer, flat)
    }

    /// One schema of all parts, each merged already.
    fn combine(&mut self, outer: &Schema, parts: Vec<Schema>) -> Schema {
        let mut result = outer.with(Shape::Any);
        result.prose = outer.prose.clone();
        result.nullable = outer.nullable;
        let mut said: Vec<Schema> = Vec::new();
        for part in parts {
            match &part.shape {
                Shape::Any => {
                    result.prose = result.prose.over(&part.prose);
                    result.nullable |= part.nullable;
                }
                Shape::Ref(key) => {
                    let again = |known: &Schema| matches!(&known.shape, Shape::Ref(k) if k == key);
                    if !said.iter().any(again) {
                        result.prose = result.prose.over(&part.prose);
                        said.push(part);
                    }
                }
                _ => {
                    result.prose = result.prose.over(&part.prose);
                    said.push(part);
                }
            }
        }
        result.nullable |= !said.is_empty() && said.iter().all(|part| part.nullable);
        self.drop_what_references_say(&mut said);
        if said.len() == 1 {
            if let Some(only) = said.pop() {
                result.shape = only.shape;
            }
            return result;
        }
        let mut whole: Option<Schema> = None;
        for part in said {
            let part = match &part.shape {
                Shape::Ref(key) => {
                    let Some(body) = self.behind(key) else {
                        self.circle(outer, key);
                        continue;
                    };
                    body
                }
                _ => part,
            };
            whole = Some(match whole {
                None => part,
                Some(whole) => self.meet(whole, part),
            });
        }
        if let Some(whole) = whole {
            // Notes of a copied schema are about its values, so they hold here too.
            for note in whole.prose.notes {
                if !result.prose.notes.contains(&note) {
                    result.prose.notes.push(note);
                }
            }
            result.shape = whole.shape;
        }
        result
    }

    fn circle(&mut self, outer: &Schema, key: &Key) {
        let name = if let Key::Named(name) = key { name } else { "" };
        let dangling = !self.raw.contains_key(name);
        let message = if dangling {
            format!("`{name}` is not in this document; the other parts hold without it")
        } else {
            format!(
                "`{name}` is made of itself here, or too large; the other parts hold without it"
            )
        };
        let code = if dangling {
            codes::DANGLING
        } else {
            codes::CIRCLE
        };
        self.diags
            .warning(code, outer.span, message)
            .at(&*outer.pointer);
    }

    /// Drops parts that say nothing that a reference beside them doesn't say.
    fn drop_what_references_say(&mut self, said: &mut Vec<Schema>) {
        let keys: Vec<Key> = said
            .iter()
            .filter_map(|part| match &part.shape {
                Shape::Ref(key) => Some(key.clone()),
                _ => None,
            })
            .collect();
        if keys.len() != 1 || said.len() < 2 {
            return;
        }
        let Some(body) = self.behind(&keys[0]) else {
            return;
        };
        let own: Vec<bool> = said
            .iter()
            .map(|part| matches!(part.shape, Shape::Ref(_)) || !says_less(part, &body))
            .collect();
        let mut own = own.into_iter();
        said.retain(|_| own.next().unwrap_or(true));
    }

    /// What is right for both.
    fn meet(&mut self, a: Schema, b: Schema) -> Schema {
        let nullable = a.nullable && b.nullable;
        let mut result = a.with(Shape::Any);
        result.prose = a.prose.clone().over(&b.prose);
        result.nullable = nullable;
        result.shape = match (a.shape, b.shape) {
            (Shape::Any | Shape::Null, other) | (other, Shape::Any | Shape::Null) => other,
            (Shape::Never, _) | (_, Shape::Never) => Shape::Never,
            (Shape::Text(a), Shape::Text(b)) => Shape::Text(match (a, b) {
                (Text::Plain, other) | (other, Text::Plain) => other,
                (a, b) if a == b => a,
                _ => Text::Plain,
            }),
            (Shape::Text(_), Shape::Enum(values)) | (Shape::Enum(values), Shape::Text(_)) => {
                Shape::Enum(values)
            }
            (Shape::Enum(a), Shape::Enum(b)) => {
                let common: indexmap::IndexSet<_> = a.intersection(&b).cloned().collect();
                if common.is_empty() {
                    // An open enum of both says all that the document knows.
                    self.diags
                        .note(
                            codes::CONFLICT,
                            result.span,
                            "no value is in both lists; both lists are taken",
                        )
                        .at(&*result.pointer);
                    Shape::Enum(a.into_iter().chain(b).collect())
                } else {
                    Shape::Enum(common)
                }
            }
            (Shape::Integer(a), Shape::Integer(b)) => {
                Shape::Integer(if a == b { a } else { a.xor(b) })
            }
            (Shape::Integer(format), Shape::Number) | (Shape::Number, Shape::Integer(format)) => {
                Shape::Integer(format)
            }
            (Shape::Number, Shape::Number) => Shape::Number,
            (Shape::Boolean, Shape::Boolean) => Shape::Boolean,
            (Shape::Array(a), Shape::Array(b)) => Shape::Array(Box::new(self.both(*a, *b))),
            (Shape::Map(a), Shape::Map(b)) => Shape::Map(Box::new(self.both(*a, *b))),
            (Shape::Object(tuple), Shape::Array(_)) | (Shape::Array(_), Shape::Object(tuple))
                if tuple.tuple =>
            {
                Shape::Object(tuple)
            }
            (Shape::Map(values), Shape::Object(mut object))
            | (Shape::Object(mut object), Shape::Map(values))
                if !object.tuple =>
            {
                if !matches!(values.shape, Shape::Any) {
                    object.additional = Some(match object.additional {
                        Some(own) => Box::new(self.both(*own, *values)),
                        None => values,
                    });
                }
                Shape::Object(object)
            }
            (Shape::Object(a), Shape::Object(b)) if a.tuple == b.tuple => {
                Shape::Object(self.objects(a, b))
            }
            (Shape::Union(a), Shape::Union(b)) => self.unions(&result, a, b),
            (Shape::Union(union), other) | (other, Shape::Union(union)) => {
                let other = result.with(other);
                self.distribute(&mut result, union, &other)
            }
            (Shape::Ref(a), Shape::Ref(b)) if a == b => Shape::Ref(a),
            (a @ Shape::Ref(_), b) | (a, b @ Shape::Ref(_)) => {
                let parts = vec![result.with(a), result.with(b)];
                self.combine(&result.with(Shape::Any), parts).shape
            }
            _ => {
                self.conflict(
                    &result,
                    "no value can be of both types; anything is accepted",
                );
                Shape::Any
            }
        };
        result
    }

    /// What is right for two schemas of one property.
    fn both(&mut self, a: Schema, b: Schema) -> Schema {
        if self.depth >= MAX_DEPTH {
            return a;
        }
        self.depth += 1;
        let mut outer = a.with(Shape::Any);
        outer.prose = b.prose.clone().over(&a.prose);
        let whole = self.combine(&outer, vec![a, b]);
        self.depth -= 1;
        whole
    }

    fn objects(&mut self, mut a: Object, b: Object) -> Object {
        for (name, property) in b.properties {
            let property = match a.properties.get_mut(&name) {
                None => property,
                Some(own) => {
                    let placeholder = own.with(Shape::Any);
                    let own = std::mem::replace(own, placeholder);
                    self.both(own, property)
                }
            };
            a.properties.insert(name, property);
        }
        a.required.extend(b.required);
        a.additional = match (a.additional, b.additional) {
            (Some(a), Some(b)) => Some(Box::new(self.both(*a, *b))),
            (a, b) => a.or(b),
        };
        a
    }

    /// Gives every branch of a union the fixed part.
    fn distribute(&mut self, result: &mut Schema, mut union: Union, fixed: &Schema) -> Shape {
        let bodies: Vec<Option<Schema>> = union
            .branches
            .iter()
            .map(|branch| match &branch.shape {
                Shape::Ref(key) => self.behind(key),
                _ => Some(branch.clone()),
            })
            .collect();
        if let Some(note) = only_requires(&bodies, fixed) {
            result.prose.notes.extend(note);
            return fixed.shape.clone();
        }
        let values = union.discriminator.as_ref().map(|discriminator| {
            let values = union
                .branches
                .iter()
                .map(|b| tag_values(discriminator, b))
                .collect();
            (discriminator.property.clone(), values)
        });
        let mut kept_values = Vec::new();
        let mut branches = Vec::new();
        for (at, (branch, body)) in union.branches.iter().zip(bodies).enumerate() {
            let Some(body) = body else {
                if let Shape::Ref(key) = &branch.shape {
                    self.circle(branch, key);
                }
                continue;
            };
            if matches!(body.shape, Shape::Null) {
                result.nullable = true;
                continue;
            }
            if !may_meet(&body, fixed) {
                continue;
            }
            let nullable = branch.nullable || body.nullable;
            let mut whole = self.meet(fixed.clone(), body);
            whole.nullable = nullable;
            whole.span = branch.span;
            whole.pointer = branch.pointer.clone();
            whole.prose = branch.prose.clone().over(&whole.prose);
            if let Shape::Ref(Key::Named(name)) = &branch.shape {
                whole.prose.title = Some(name.to_string());
            }
            branches.push(whole);
            kept_values.push(
                values
                    .as_ref()
                    .and_then(|(_, values): &(String, Vec<Vec<String>>)| values.get(at))
                    .cloned()
                    .unwrap_or_default(),
            );
        }
        if branches.is_empty() {
            self.conflict(
                result,
                "no alternative fits the fixed part; only that holds",
            );
            return fixed.shape.clone();
        }
        union.tag = values.map(|(property, _)| (property, kept_values));
        union.discriminator = None;
        union.branches = branches;
        Shape::Union(union)
    }

    fn unions(&mut self, at: &Schema, a: Union, b: Union) -> Shape {
        let left = at.with(Shape::Union(a));
        let right = at.with(Shape::Union(b));
        if identity(&left) == identity(&right) {
            return left.shape;
        }
        let (Shape::Union(a), Shape::Union(b)) = (left.shape, right.shape) else {
            return Shape::Any;
        };
        if a.branches.len() * b.branches.len() <= MAX_COMBINATIONS {
            let mut branches = Vec::new();
            for branch in b.branches {
                let branch = match &branch.shape {
                    Shape::Ref(key) => self.behind(key).unwrap_or(branch),
                    _ => branch,
                };
                let mut result = at.with(Shape::Any);
                match self.distribute(&mut result, a.clone(), &branch) {
                    Shape::Union(union) => branches.extend(union.branches),
                    other => branches.push(at.with(other)),
                }
            }
            return Shape::Union(Union {
                branches,
                discriminator: None,
                tag: None,
            });
        }
        let (fixed, union) = if a.branches.len() <= b.branches.len() {
            (b, a)
        } else {
            (a, b)
        };
        let Some(object) = self.loosen(fixed) else {
            self.conflict(
                at,
                "the alternatives can't be combined; anything is accepted",
            );
            return Shape::Any;
        };
        self.diags
            .warning(
                codes::LOOSENED,
                at.span,
                "these alternatives became one object, whatever the combination",
            )
            .at(&*at.pointer);
        match self.loosen(union) {
            Some(other) => Shape::Object(self.objects(object, other)),
            None => Shape::Object(object),
        }
    }

    /// One object with the properties of all branches.
    fn loosen(&mut self, union: Union) -> Option<Object> {
        let mut whole: Option<Object> = None;
        for branch in union.branches {
            let body = match &branch.shape {
                Shape::Ref(key) => self.behind(key)?,
                _ => branch,
            };
            let object = match body.shape {
                Shape::Object(object) if !object.tuple => object,
                Shape::Union(inner) => self.loosen(inner)?,
                _ => return None,
            };
            whole = Some(match whole {
                None => object,
                Some(whole) => either(whole, object),
            });
        }
        whole
    }

    fn conflict(&mut self, at: &Schema, message: &str) {
        self.diags
            .warning(codes::CONFLICT, at.span, message)
            .at(&*at.pointer)
            .help("the parts of `allOf` contradict each other");
    }
}

/// An object that is right for either.
fn either(mut a: Object, b: Object) -> Object {
    a.required.retain(|name| b.required.contains(name));
    for (name, property) in b.properties {
        match a.properties.get_mut(&name) {
            None => {
                a.properties.insert(name, property);
            }
            Some(own) if identity(own) == identity(&property) => {}
            Some(own) => {
                let mut union = own.with(Shape::Any);
                union.prose = own.prose.clone();
                let placeholder = own.with(Shape::Any);
                let first = std::mem::replace(own, placeholder);
                union.shape = Shape::Union(Union {
                    branches: vec![first, property],
                    discriminator: None,
                    tag: None,
                });
                *own = union;
            }
        }
    }
    a.additional = a.additional.or(b.additional);
    a
}

fn flatten(parts: Vec<Schema>, flat: &mut Vec<Schema>) {
    for mut part in parts {
        match &mut part.shape {
            Shape::All(inner) if !part.nullable => {
                let inner = std::mem::take(inner);
                let mut prose = part.with(Shape::Any);
                prose.prose = part.prose;
                flat.push(prose);
                flatten(inner, flat);
            }
            _ => flat.push(part),
        }
    }
}

/// The values of a discriminator that mean this branch.
pub(super) fn tag_values(
    discriminator: &super::shape::Discriminator,
    branch: &Schema,
) -> Vec<String> {
    let Shape::Ref(key) = &branch.shape else {
        return Vec::new();
    };
    let mapped: Vec<String> = discriminator
        .mapping
        .iter()
        .filter(|(_, target)| target == key)
        .map(|(value, _)| value.clone())
        .collect();
    match key {
        Key::Named(name) if mapped.is_empty() => vec![name.to_string()],
        _ => mapped,
    }
}

/// Whether `part` says nothing that `body` doesn't say.
fn says_less(part: &Schema, body: &Schema) -> bool {
    match (&part.shape, &body.shape) {
        (Shape::Map(inner), Shape::Object(_) | Shape::Map(_) | Shape::Union(_)) => {
            matches!(inner.shape, Shape::Any)
        }
        (Shape::Text(Text::Plain), Shape::Text(_) | Shape::Enum(_))
        | (Shape::Integer(None) | Shape::Number, Shape::Integer(_))
        | (Shape::Number, Shape::Number)
        | (Shape::Boolean, Shape::Boolean) => true,
        (Shape::Array(inner), Shape::Array(_)) => matches!(inner.shape, Shape::Any),
        (Shape::Object(part), Shape::Object(body)) => {
            part.additional.is_none()
                && part.required.is_subset(&body.required)
                && part.properties.iter().all(|(name, property)| {
                    body.properties
                        .get(name)
                        .is_some_and(|own| identity(own) == identity(property))
                })
        }
        _ => false,
    }
}

/// Whether some value might be right for both, going by the kind of value alone.
fn may_meet(a: &Schema, b: &Schema) -> bool {
    fn kind(shape: &Shape) -> Option<u8> {
        match shape {
            Shape::Text(_) | Shape::Enum(_) | Shape::Tag(_) => Some(0),
            Shape::Integer(_) | Shape::Number => Some(1),
            Shape::Boolean => Some(2),
            Shape::Array(_) => Some(3),
            Shape::Object(object) if object.tuple => Some(3),
            Shape::Map(_) | Shape::Object(_) => Some(4),
            Shape::Null => Some(5),
            Shape::Never => Some(6),
            Shape::Any | Shape::Union(_) | Shape::All(_) | Shape::Ref(_) => None,
        }
    }
    match (kind(&a.shape), kind(&b.shape)) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}

/// Whether the alternatives do no more than require properties that the object has anyway; then
/// what they say is a sentence, if it is anything.
fn only_requires(branches: &[Option<Schema>], fixed: &Schema) -> Option<Vec<String>> {
    let Shape::Object(fixed) = &fixed.shape else {
        return None;
    };
    let mut groups = Vec::new();
    for branch in branches {
        match &branch.as_ref()?.shape {
            Shape::Any => groups.push(Vec::new()),
            Shape::Map(inner) if matches!(inner.shape, Shape::Any) => groups.push(Vec::new()),
            Shape::Object(object) => {
                let known = object.properties.iter().all(|(name, property)| {
                    fixed.properties.get(name).is_some_and(|own| {
                        matches!(property.shape, Shape::Any | Shape::Never)
                            || identity(own) == identity(property)
                    })
                });
                if !known || object.additional.is_some() {
                    return None;
                }
                groups.push(
                    object
                        .required
                        .iter()
                        .map(|name| format!("`{name}`"))
                        .collect(),
                );
            }
            _ => return None,
        }
    }
    let groups: Vec<String> = groups
        .into_iter()
        .filter(|g: &Vec<String>| !g.is_empty())
        .map(|g| g.join(" and "))
        .collect();
    let note = format!("Requires one of: {}.", groups.join("; "));
    Some(if groups.len() > 1 {
        vec![note]
    } else {
        Vec::new()
    })
}
