//! `nullable` of a named schema moves to the places that refer to it.
//!
//! A named type is never `Option`: typify would wrap it and call what is inside something else.

use std::rc::Rc;

use indexmap::IndexSet;

use super::shape::{Key, Named, Schema, Shape};

/// Moves it.
pub(super) fn spread(named: &mut Named, others: &mut [Schema]) {
    let nullable: IndexSet<Rc<str>> = named
        .iter_mut()
        .filter_map(|(name, schema)| std::mem::take(&mut schema.nullable).then(|| name.clone()))
        .collect();
    if !nullable.is_empty() {
        for schema in named.values_mut().chain(others.iter_mut()) {
            schema.each_mut(&mut |schema| {
                if let Shape::Ref(Key::Named(name)) = &schema.shape {
                    schema.nullable |= nullable.contains(name);
                }
            });
        }
        // An alias of a nullable schema has become nullable; `aliases` has told its users already.
        for schema in named.values_mut() {
            schema.nullable = false;
        }
    }
    for schema in named.values_mut().chain(others.iter_mut()) {
        schema.each_mut(&mut |schema| {
            // Anything includes null; a branch that may be null makes its union nullable.
            if matches!(schema.shape, Shape::Any) {
                schema.nullable = false;
            }
            if let Shape::Union(union) = &mut schema.shape {
                for branch in &mut union.branches {
                    schema.nullable |= std::mem::take(&mut branch.nullable);
                }
            }
        });
    }
    for schema in named.values_mut() {
        schema.nullable = false;
    }
}
