//! Fragments → one document: equal things once, conflicts reported with both places.
//!
//! It knows `OpenAPI` and nothing else; where a fragment came from and what form its page had only
//! matters when two pages describe one operation.

mod bundle;
mod choice;
mod dangling;
mod identity;
mod info;
mod inlined;
mod join;
mod named;
mod names;
mod reference;
mod slashes;

use std::{collections::BTreeMap, thread};

use identity::Place;

use crate::{
    api::Api,
    diag::{Diagnostics, codes::merge as codes},
    document::{Document, OperationKey, Origin},
    fragment::{Form, Fragment, Prose},
    node::Node,
    page::{Sources, Span},
    parallel, walk,
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
    let bytes = sources.iter().map(|(_, page)| page.text.len()).sum();
    let bundled = parallel::map(fragments, bytes, |mut fragment| {
        let mut diags = Diagnostics::default();
        bundle::external(&mut fragment, sources, &mut diags);
        (fragment, diags)
    });
    let mut fragments = Vec::with_capacity(bundled.len());
    for (fragment, said) in bundled {
        fragments.push(fragment);
        diags.append(said);
    }
    let (mut root, winners) = if let [only] = fragments.as_mut_slice() {
        only.whole();
        whole(only)
    } else if fragments.is_empty() {
        diags.error(codes::NOTHING, Span::NONE, "no page holds a specification");
        (info::empty(), BTreeMap::new())
    } else {
        join::all(&mut fragments, sources, diags)
    };
    let prose: Vec<Prose> = fragments
        .iter_mut()
        .map(|fragment| std::mem::take(&mut fragment.prose))
        .collect();
    // What is left of the pages is large, and giving it back takes as long as what follows.
    thread::scope(|scope| {
        scope.spawn(|| drop(fragments));
        info::complete(&mut root, sources, api, diags);
        named::apply(&mut root, api, sources, diags);
        slashes::escape(&mut root);
        if forms.contains_key(&Form::Endpoint) {
            inlined::lead(&mut root, diags);
        }
        dangling::replace(&mut root, diags);
    });
    let operations = origins(&root, &winners, &prose);
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
    prose: &[Prose],
) -> BTreeMap<OperationKey, Origin> {
    walk::operations(root)
        .map(|(section, path, method, node)| {
            let place = Place {
                section,
                path: path.to_owned(),
                method: method.to_owned(),
            };
            let prose = winners.get(&place).and_then(|at| prose.get(*at));
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
