//! `readOnly` and `writeOnly`: one type serves both directions, so what one of them goes without is
//! optional. So is, in answers, what the document requires without a word about what it is.

use std::rc::Rc;

use indexmap::IndexSet;

use super::{
    Role,
    shape::{Key, Named, Schema, Shape, Text},
};

/// Relaxes `required` where a direction goes without the property.
pub(super) fn relax(named: &mut Named, others: &mut [Schema], roles: &[Role]) {
    let mut sent = Vec::new();
    let mut received = Vec::new();
    for (schema, role) in others.iter().zip(roles) {
        match role {
            Role::Parameter | Role::Body | Role::Multipart => sent.push(schema),
            Role::Answer | Role::Error => received.push(schema),
        }
    }
    let sent = reachable(named, sent);
    let received = reachable(named, received);
    for (name, schema) in named.iter_mut() {
        let (sent, received) = (sent.contains(name), received.contains(name));
        schema.each_mut(&mut |schema| optional(schema, sent, received));
    }
    for (schema, role) in others.iter_mut().zip(roles) {
        let sent = !matches!(role, Role::Answer | Role::Error);
        schema.each_mut(&mut |schema| optional(schema, sent, !sent));
    }
}

fn optional(schema: &mut Schema, sent: bool, received: bool) {
    let Shape::Object(object) = &mut schema.shape else {
        return;
    };
    if object.tuple {
        return; // no element can be left out
    }
    let properties = &object.properties;
    object.required.retain(|name| {
        properties.get(name).is_none_or(|property| {
            let prose = &property.prose;
            !(sent && prose.read_only || received && (prose.write_only || prose.undescribed))
        })
    });
}

/// Leaves files to multipart bodies: what is called binary elsewhere arrives there as text.
pub(super) fn files(named: &mut Named, others: &mut [Schema], roles: &[Role]) {
    let forms = others
        .iter()
        .zip(roles)
        .filter(|(_, role)| **role == Role::Multipart);
    let sent = reachable(named, forms.map(|(schema, _)| schema).collect());
    let read = |schema: &mut Schema| {
        if let Shape::Text(kind @ Text::Binary) = &mut schema.shape {
            *kind = Text::Plain;
        }
    };
    for (name, schema) in named.iter_mut() {
        if !sent.contains(name) {
            schema.each_mut(&mut |schema| read(schema));
        }
    }
    for (schema, role) in others.iter_mut().zip(roles) {
        if *role != Role::Multipart {
            schema.each_mut(&mut |schema| read(schema));
        }
    }
}

/// The named schemas that these lead to.
fn reachable(named: &Named, from: Vec<&Schema>) -> IndexSet<Rc<str>> {
    let mut seen: IndexSet<Rc<str>> = IndexSet::new();
    let mut open = from;
    while let Some(schema) = open.pop() {
        let mut found = Vec::new();
        schema.each(&mut |schema| {
            if let Shape::Ref(Key::Named(name)) = &schema.shape {
                found.push(name.clone());
            }
        });
        for name in found {
            if seen.insert(name.clone()) {
                open.extend(named.get(&name));
            }
        }
    }
    seen
}
