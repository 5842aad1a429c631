//! What can't be: references to nothing, schemas that no value fits, required names without a
//! schema, alias circles.

use std::rc::Rc;

use indexmap::IndexSet;
use specmint_spec::diag::Diagnostics;

use super::{
    codes,
    shape::{Key, Named, Schema, Shape},
};

/// Opens references that lead nowhere.
pub(super) fn dangling(named: &mut Named, others: &mut [Schema], diags: &mut Diagnostics) {
    let known: IndexSet<Rc<str>> = named.keys().cloned().collect();
    for schema in named.values_mut().chain(others.iter_mut()) {
        schema.each_mut(&mut |schema| {
            if let Shape::Ref(Key::Named(name)) = &schema.shape
                && !known.contains(name)
            {
                diags
                    .warning(
                        codes::DANGLING,
                        schema.span,
                        format!("there is no schema `{name}`; anything is accepted"),
                    )
                    .at(&*schema.pointer);
                schema.shape = Shape::Any;
            }
            if let Shape::Union(union) = &mut schema.shape
                && let Some(discriminator) = &mut union.discriminator
            {
                discriminator
                    .mapping
                    .retain(|(_, key)| matches!(key, Key::Named(name) if known.contains(name)));
            }
        });
    }
}

/// What an alias stands for, and whether `null` is right on the way there.
type Target = (Rc<str>, bool);

/// Cuts aliases that lead back to themselves, and makes every reference to an alias of a named
/// schema a reference to that schema.
pub(super) fn aliases(named: &mut Named, others: &mut [Schema], diags: &mut Diagnostics) {
    let mut targets: Vec<(Rc<str>, Option<Target>)> = Vec::new();
    for (name, schema) in named.iter() {
        let mut nullable = schema.nullable;
        let Shape::Ref(Key::Named(next)) = &schema.shape else {
            continue;
        };
        let mut end = next.clone();
        let mut seen: IndexSet<Rc<str>> = IndexSet::from([name.clone()]);
        let target = loop {
            if !seen.insert(end.clone()) {
                break None;
            }
            let Some(schema) = named.get(&end) else {
                break None;
            };
            nullable |= schema.nullable;
            let Shape::Ref(Key::Named(next)) = &schema.shape else {
                break Some((end, nullable));
            };
            end = next.clone();
        };
        targets.push((name.clone(), target));
    }
    for (name, target) in &targets {
        if target.is_none()
            && let Some(schema) = named.get_mut(name)
        {
            diags
                .warning(
                    codes::CIRCLE,
                    schema.span,
                    format!("`{name}` is an alias of itself; anything is accepted"),
                )
                .at(&*schema.pointer);
            schema.shape = Shape::Any;
        }
    }
    let targets: std::collections::BTreeMap<_, _> = targets
        .into_iter()
        .filter_map(|(name, target)| Some((name, target?)))
        .collect();
    for schema in named.values_mut().chain(others.iter_mut()) {
        schema.each_mut(&mut |schema| {
            if let Shape::Ref(Key::Named(name)) = &mut schema.shape
                && let Some((target, nullable)) = targets.get(name)
            {
                *name = target.clone();
                schema.nullable |= *nullable;
            }
        });
    }
}

/// Takes out what no value fits.
pub(super) fn never(named: &mut Named, others: &mut [Schema], diags: &mut Diagnostics) {
    // A property may be impossible because of what it refers to.
    let impossible: IndexSet<Rc<str>> = named
        .iter()
        .filter(|(_, schema)| matches!(schema.shape, Shape::Never))
        .map(|(name, _)| name.clone())
        .collect();
    let is_never = |schema: &Schema| match &schema.shape {
        Shape::Never => true,
        Shape::Ref(Key::Named(name)) => impossible.contains(name),
        _ => false,
    };
    for schema in named.values_mut().chain(others.iter_mut()) {
        schema.each_mut(&mut |schema| {
            let any = schema.with(Shape::Any);
            let pointer = schema.pointer.clone();
            if let Shape::Object(object) = &mut schema.shape {
                object.properties.retain(|name, property| {
                    let never = is_never(property);
                    if never {
                        object.required.shift_remove(name);
                        diags
                            .note(
                                codes::NEVER,
                                property.span,
                                format!("`{name}` can have no value and is left out"),
                            )
                            .at(&*property.pointer);
                    }
                    !never
                });
                if object
                    .additional
                    .as_ref()
                    .is_some_and(|additional| is_never(additional))
                {
                    object.additional = None;
                }
                // Nothing but required names: still an object with any members.
                let described = !object.properties.is_empty();
                for name in &object.required {
                    if !described || object.properties.contains_key(name) {
                        continue;
                    }
                    diags
                        .note(
                            codes::UNDECLARED,
                            schema.span,
                            format!("`{name}` is required but has no schema of its own"),
                        )
                        .at(&*pointer);
                    // Whatever is right for unknown members is right for it.
                    let mut property = match &object.additional {
                        Some(additional) => (**additional).clone(),
                        None => any.clone(),
                    };
                    property.prose.undescribed = true;
                    object.properties.insert(name.clone(), property);
                }
                if object.properties.is_empty() {
                    let inner = object.additional.take();
                    schema.shape = Shape::Map(inner.unwrap_or_else(|| Box::new(any)));
                }
            }
        });
        schema.each_mut(&mut |schema| match schema.shape {
            Shape::Never => {
                diags
                    .warning(
                        codes::NEVER,
                        schema.span,
                        "no value can be right here; anything is accepted",
                    )
                    .at(&*schema.pointer);
                schema.shape = Shape::Any;
            }
            Shape::Null => schema.shape = Shape::Any,
            _ => {}
        });
    }
}
