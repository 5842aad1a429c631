//! Fragments → one document: equal things once, conflicts reported with both places.
//!
//! It knows `OpenAPI` and nothing else; where a fragment came from and what form its page had only
//! matters when two pages describe one operation.

mod bundle;
mod choice;
mod dangling;
mod identity;
mod info;
mod join;
mod names;
mod reference;

use std::collections::BTreeMap;

use identity::Place;

use crate::{
    api::Api,
    diag::{Diagnostics, codes::merge as codes},
    document::{Document, OperationKey, Origin},
    fragment::{Form, Fragment},
    node::Node,
    page::{Sources, Span},
    walk,
};

/// Makes one document.
pub fn document(
    mut fragments: Vec<Fragment>,
    sources: &Sources,
    api: &Api,
    diags: &mut Diagnostics,
) -> Document {
    // No result may depend on the order of reading.
    fragments.sort_by_key(|fragment| fragment.span);
    let mut forms: BTreeMap<Form, usize> = BTreeMap::new();
    for fragment in &fragments {
        *forms.entry(fragment.form).or_default() += 1;
    }
    for fragment in &mut fragments {
        bundle::external(fragment, sources, diags);
    }
    let (mut root, winners) = if let [only] = fragments.as_mut_slice() {
        whole(only)
    } else if fragments.is_empty() {
        diags.error(codes::NOTHING, Span::NONE, "no page holds a specification");
        (info::empty(), BTreeMap::new())
    } else {
        join::all(&mut fragments, sources, diags)
    };
    info::complete(&mut root, sources, api, diags);
    dangling::replace(&mut root, diags);
    let operations = origins(&root, &winners, &fragments);
    Document {
        root,
        operations,
        forms,
    }
}

/// A lone document passes through as it is.
fn whole(fragment: &mut Fragment) -> (Node, BTreeMap<Place, usize>) {
    let root = std::mem::replace(&mut fragment.root, info::empty());
    let winners = walk::operations(&root)
        .map(|(section, path, method, _)| {
            (
                Place {
                    section,
                    path: path.to_owned(),
                    method: method.to_owned(),
                },
                0,
            )
        })
        .collect();
    (root, winners)
}

/// Where each operation comes from.
fn origins(
    root: &Node,
    winners: &BTreeMap<Place, usize>,
    fragments: &[Fragment],
) -> BTreeMap<OperationKey, Origin> {
    walk::operations(root)
        .map(|(section, path, method, node)| {
            let place = Place {
                section,
                path: path.to_owned(),
                method: method.to_owned(),
            };
            let prose = winners
                .get(&place)
                .and_then(|at| fragments.get(*at))
                .map(|f| &f.prose);
            let method = if section == "webhooks" {
                "webhook"
            } else {
                method
            };
            let key = OperationKey {
                path: path.to_owned(),
                method: method.to_owned(),
            };
            let origin = Origin {
                span: node.span,
                title: prose.and_then(|prose| prose.title.clone()),
                url: prose.and_then(|prose| prose.url.clone()),
            };
            (key, origin)
        })
        .collect()
}
