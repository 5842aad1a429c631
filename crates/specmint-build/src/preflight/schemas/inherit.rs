//! A `discriminator` without alternatives of its own: its alternatives are the schemas that build
//! on the one that has it.
//!
//! Where such a schema is used, any of them may stand. What they build on is the schema itself,
//! which is the first alternative too: a value of a kind that the document doesn't know is read as
//! what all kinds have in common.

use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};

use super::shape::{Discriminator, Key, Named, Schema, Shape, Union};

/// Makes unions of the named schemas that have a discriminator and heirs.
pub(super) fn unite(named: &mut Named, bases: &IndexMap<Rc<str>, Discriminator>) {
    for (base, discriminator) in bases {
        let heirs = heirs(named, base, discriminator);
        let names = [format!("{base}Base"), format!("{base}Own")];
        let free = names.into_iter().find(|name| !named.contains_key(&**name));
        let (false, Some(own)) = (heirs.is_empty(), free) else {
            continue;
        };
        let Some(schema) = named.get_mut(base) else {
            continue;
        };
        let own: Rc<str> = own.into();
        let refer = |name: &Rc<str>| Shape::Ref(Key::Named(name.clone()));
        let mut discriminator = discriminator.clone();
        if !discriminator.mapping.iter().any(|(_, key)| is(key, base)) {
            let itself = Key::Named(own.clone());
            discriminator.mapping.push((base.to_string(), itself));
        }
        for (_, key) in &mut discriminator.mapping {
            if is(key, base) {
                *key = Key::Named(own.clone());
            }
        }
        let union = Shape::Union(Union {
            branches: std::iter::once(&own)
                .chain(&heirs)
                .map(|name| schema.with(refer(name)))
                .collect(),
            discriminator: Some(discriminator),
            tag: None,
        });
        let mut whole = schema.with(union);
        whole.prose = schema.prose.clone();
        whole.nullable = schema.nullable;
        let itself = std::mem::replace(schema, whole);
        named.insert(own.clone(), itself);
        for heir in &heirs {
            if let Some(heir) = named.get_mut(heir) {
                build_on(heir, base, &own);
            }
        }
    }
}

/// What builds on a schema, at first or second hand.
fn heirs(named: &Named, base: &Rc<str>, discriminator: &Discriminator) -> IndexSet<Rc<str>> {
    let mut heirs: IndexSet<Rc<str>> = IndexSet::new();
    let mut at = 0;
    let mut parent = base.clone();
    loop {
        for (name, schema) in named {
            if name != base && builds_on(schema, &parent) {
                heirs.insert(name.clone());
            }
        }
        let Some(next) = heirs.get_index(at) else {
            break;
        };
        parent = next.clone();
        at += 1;
    }
    // One that others build on, and that no value of the tag means, is no kind of its own.
    let mapped = |name: &Rc<str>| discriminator.mapping.iter().any(|(_, key)| is(key, name));
    if discriminator.mapping.is_empty() {
        heirs
    } else {
        heirs.into_iter().filter(mapped).collect()
    }
}

fn is(key: &Key, name: &Rc<str>) -> bool {
    matches!(key, Key::Named(other) if other == name)
}

/// Whether a schema is another one and something besides.
fn builds_on(schema: &Schema, base: &Rc<str>) -> bool {
    let Shape::All(parts) = &schema.shape else {
        return false;
    };
    parts.iter().any(|part| match &part.shape {
        Shape::Ref(key) => is(key, base),
        _ => builds_on(part, base),
    })
}

/// Makes a schema build on what its base says by itself.
fn build_on(schema: &mut Schema, base: &Rc<str>, own: &Rc<str>) {
    let Shape::All(parts) = &mut schema.shape else {
        return;
    };
    for part in parts {
        match &mut part.shape {
            Shape::Ref(key) if is(key, base) => *key = Key::Named(own.clone()),
            _ => build_on(part, base, own),
        }
    }
}
