//! Document → lowered: the order of the 3.1 → 3.0 rules, nothing else.
//!
//! Two walks. The first settles references in the document as it was written; the second goes down
//! from the root and applies to every position the rules of its kind, before what stands below, so
//! that a pointer in a diagnostic is that of the lowered document.

mod anchors;
mod boolean_schema;
mod const_;
mod contains;
mod content_encoding;
mod context;
mod contradictions;
mod dependent;
mod dialect;
mod dynamic_ref;
mod enum_values;
mod examples;
mod exclusive_bounds;
mod if_then_else;
mod infer_type;
mod info;
mod mutual_tls;
mod names;
mod null;
mod one_branch;
mod openapiv3_numbers;
mod openapiv3_shapes;
mod openapiv3_words;
mod path_items;
mod path_slash;
mod pattern_properties;
mod pointer;
mod prefix_items;
mod property_names;
mod ref_siblings;
mod references;
mod type_list;
mod type_names;
mod unevaluated;
mod unknown_keywords;
mod unresolved;
mod walk;
mod webhooks;

use crate::{
    diag::Diagnostics,
    document::{Document, Lowered},
    lower::{context::Context, pointer::Pointer, walk::Kind},
    node::{Map, Node, Value},
};

/// Applies every rule in its order.
pub fn to_openapi_3_0(document: Document, diags: &mut Diagnostics) -> Lowered {
    let Document {
        mut root,
        mut operations,
        forms,
    } = document;
    if root.as_object().is_none() {
        root.value = Map::new().into();
    }
    let mut copies = path_items::inline(&mut root, diags);
    references::settle(&mut root);
    path_items::drop_section(&mut root);
    path_slash::apply(&mut root, &mut operations, &mut copies, diags);
    webhooks::apply(&mut root, diags);
    info::apply(&mut root, diags);
    let taken = names::taken(&mut root);
    let mut cx = Context {
        diags,
        at: Pointer::default(),
        taken,
        moved: Vec::new(),
    };
    position(&mut root, Kind::Root, &mut cx);
    while let Some((name, mut schema)) = cx.moved.pop() {
        cx.at = Pointer::new(format!("/components/schemas/{name}"));
        position(&mut schema, Kind::Schema, &mut cx);
        references::insert(&mut root, Kind::Schema, &name, schema);
    }
    Lowered {
        root,
        operations,
        copies,
        forms,
    }
}

fn position(node: &mut Node, kind: Kind, cx: &mut Context<'_>) {
    if kind == Kind::Schema {
        schema(node, cx);
    } else {
        openapiv3_shapes::apply(node, kind, cx);
    }
    let mut at = std::mem::take(&mut cx.at);
    walk::each_child(node, kind, &mut at, &mut |child, kind, at| {
        std::mem::swap(&mut cx.at, at);
        position(child, kind, cx);
        std::mem::swap(&mut cx.at, at);
    });
    cx.at = at;
}

fn schema(node: &mut Node, cx: &mut Context<'_>) {
    boolean_schema::apply(node, cx);
    let span = node.span;
    let Value::Object(map) = &mut node.value else {
        return;
    };
    if map.is_empty() {
        return;
    }
    rules(map, span, cx);
}

/// The rules of a schema. Each may rely on those above it.
fn rules(schema: &mut Map, span: crate::page::Span, cx: &mut Context<'_>) {
    unresolved::schema(schema, cx);
    dialect::apply(schema, cx);
    examples::apply(schema, cx);
    ref_siblings::apply(schema, cx);
    if schema.contains_key("$ref") {
        return;
    }
    openapiv3_words::apply(schema, cx);
    type_names::apply(schema, cx);
    const_::apply(schema, cx);
    null::apply(schema, span, cx);
    type_list::apply(schema, span, cx);
    content_encoding::apply(schema, cx);
    exclusive_bounds::apply(schema, cx);
    prefix_items::apply(schema, cx);
    contains::apply(schema, cx);
    if_then_else::apply(schema, cx);
    dependent::apply(schema, cx);
    unevaluated::apply(schema, cx);
    pattern_properties::apply(schema, cx);
    property_names::apply(schema, cx);
    one_branch::apply(schema, cx);
    if schema.contains_key("$ref") {
        return;
    }
    unknown_keywords::apply(schema, cx);
    infer_type::apply(schema);
    enum_values::apply(schema, cx);
    contradictions::apply(schema, cx);
    openapiv3_numbers::apply(schema, cx);
}
