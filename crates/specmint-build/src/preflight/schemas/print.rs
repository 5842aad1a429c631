//! Schema → node of the fitted document, and what is written beside it.

use std::{collections::BTreeMap, rc::Rc};

use specmint_spec::node::{Map, Node};

use super::{
    super::words,
    Alias, Branch, Types, enums, fields,
    shape::{Key, Object, Prose, Schema, Shape, Text, Union},
};

/// What every key is called.
pub(super) struct Names {
    pub(super) named: BTreeMap<Rc<str>, String>,
    pub(super) lifted: BTreeMap<usize, String>,
}

impl Names {
    pub(super) fn of(&self, key: &Key) -> &str {
        match key {
            Key::Named(name) => self.named.get(name),
            Key::Lifted(at) => self.lifted.get(at),
        }
        .map_or("", String::as_str)
    }
}

/// Writes a named schema.
pub(super) fn named(name: &str, schema: &Schema, names: &Names, types: &mut Types) {
    types.spans.insert(name.to_owned(), schema.span);
    let mut map = Map::new();
    match &schema.shape {
        Shape::Object(object) => write_object(name, object, schema, names, types, &mut map),
        Shape::Union(union) => write_union(name, union, schema, names, types, &mut map),
        Shape::Enum(values) => {
            types.enums.insert(name.to_owned(), enums::open(values));
            write_shape(schema, names, &mut map);
        }
        Shape::Tag(_) => write_shape(schema, names, &mut map),
        _ => {
            types
                .aliases
                .insert(name.to_owned(), Alias { transparent: true });
            types.schemas.insert(name.to_owned(), inline(schema, names));
            return;
        }
    }
    write_prose(&schema.prose, schema, &mut map);
    types
        .schemas
        .insert(name.to_owned(), Node::new(schema.span, map));
}

/// Writes a schema at a place.
pub(super) fn inline(schema: &Schema, names: &Names) -> Node {
    let mut map = Map::new();
    write_shape(schema, names, &mut map);
    let mut said = Map::new();
    write_prose(&schema.prose, schema, &mut said);
    if schema.nullable {
        said.insert("nullable".to_owned(), Node::new(schema.span, true));
    }
    if let Some(reference) = map.shift_remove("$ref") {
        if said.is_empty() {
            map.insert("$ref".to_owned(), reference);
        } else {
            // Nothing may stand beside `$ref` in 3.0.
            let part = Node::object(schema.span, [("$ref", reference)]);
            map.insert("allOf".to_owned(), Node::new(schema.span, vec![part]));
        }
    }
    map.extend(said);
    Node::new(schema.span, map)
}

fn write_shape(schema: &Schema, names: &Names, map: &mut Map) {
    let text = |text: &str| Node::new(schema.span, text);
    let mut put = |key: &str, node: Node| {
        map.insert(key.to_owned(), node);
    };
    match &schema.shape {
        // Objects, unions and what is gone by now are written by `named` or not at all.
        Shape::Any
        | Shape::Never
        | Shape::Null
        | Shape::Object(_)
        | Shape::Union(_)
        | Shape::All(_) => {}
        Shape::Text(kind) => {
            put("type", text("string"));
            match kind {
                Text::Plain => {}
                Text::DateTime => put("format", text("date-time")),
                Text::Date => put("format", text("date")),
                Text::Uuid => put("format", text("uuid")),
                Text::Binary => put("format", text("binary")),
            }
        }
        Shape::Integer(format) => {
            put("type", text("integer"));
            if let Some(format) = format {
                put("format", text(format));
            }
        }
        Shape::Number => {
            put("type", text("number"));
            put("format", text("double"));
        }
        Shape::Boolean => put("type", text("boolean")),
        Shape::Enum(values) => {
            put("type", text("string"));
            let values = values.iter().map(|value| text(value)).collect::<Vec<_>>();
            put("enum", Node::new(schema.span, values));
        }
        Shape::Tag(value) => {
            put("type", text("string"));
            put("enum", Node::new(schema.span, vec![text(value)]));
        }
        Shape::Array(inner) => {
            put("type", text("array"));
            put("items", inline(inner, names));
        }
        Shape::Map(inner) => {
            put("type", text("object"));
            let values = match inner.shape {
                Shape::Any => Node::new(schema.span, true),
                _ => inline(inner, names),
            };
            put("additionalProperties", values);
        }
        Shape::Ref(key) => {
            put(
                "$ref",
                text(&format!("#/components/schemas/{}", names.of(key))),
            );
        }
    }
}

fn write_object(
    name: &str,
    object: &Object,
    schema: &Schema,
    names: &Names,
    types: &mut Types,
    map: &mut Map,
) {
    let wire: Vec<&str> = object.properties.keys().map(String::as_str).collect();
    let fitted = fields::fitted(&wire, object.additional.is_some());
    let mut properties = Map::new();
    let mut required = Vec::new();
    for ((wire, property), field) in object.properties.iter().zip(&fitted) {
        let mut node = inline(property, names);
        if property.prose.read_only && !property.prose.write_only {
            node.insert("readOnly", Node::new(property.span, true));
        }
        if property.prose.write_only && !property.prose.read_only {
            node.insert("writeOnly", Node::new(property.span, true));
        }
        if node.get("$ref").is_some()
            && node.as_object().is_some_and(|members| members.len() > 1)
            && let Some(reference) = node.remove("$ref")
        {
            let part = Node::object(property.span, [("$ref", reference)]);
            node.insert("allOf", Node::new(property.span, vec![part]));
        }
        let place = (name.to_owned(), field.clone());
        if wire != field {
            types.renames.insert(place.clone(), wire.clone());
        }
        if let Some(value) = &property.prose.constant {
            types.constants.insert(place.clone(), value.clone());
        }
        if is_binary(property) {
            node.insert("x-specmint-binary", Node::new(property.span, true));
            types.binary.insert(place);
        }
        if object.required.contains(wire) {
            required.push(Node::new(property.span, field.as_str()));
        }
        properties.insert(field.clone(), node);
    }
    types.field_order.insert(name.to_owned(), fitted);
    if object.tuple {
        types.tuples.insert(name.to_owned());
        map.insert("x-specmint-tuple".to_owned(), Node::new(schema.span, true));
    }
    map.insert("type".to_owned(), Node::new(schema.span, "object"));
    map.insert("properties".to_owned(), Node::new(schema.span, properties));
    if !required.is_empty() {
        map.insert("required".to_owned(), Node::new(schema.span, required));
    }
    if let Some(additional) = &object.additional {
        map.insert("additionalProperties".to_owned(), inline(additional, names));
    }
}

fn is_binary(schema: &Schema) -> bool {
    match &schema.shape {
        Shape::Text(Text::Binary) => true,
        Shape::Array(inner) => is_binary(inner),
        _ => false,
    }
}

fn write_union(
    name: &str,
    union: &Union,
    schema: &Schema,
    names: &Names,
    types: &mut Types,
    map: &mut Map,
) {
    let natural: Vec<String> = union
        .branches
        .iter()
        .map(|branch| {
            let natural = natural_variant(branch, names);
            // What was lifted out of the union is called after it.
            match natural.strip_prefix(name) {
                Some(rest) if rest.starts_with(char::is_uppercase) => rest.to_owned(),
                _ => natural,
            }
        })
        .collect();
    let variants = variants(natural);
    let tag = union.tag.as_ref().map(|(property, _)| property.clone());
    let mut nodes = Vec::new();
    let mut branches = Vec::new();
    for (at, (branch, variant)) in union.branches.iter().zip(variants).enumerate() {
        let plain = inline(&branch.with(branch.shape.clone()), names);
        let type_name = match &branch.shape {
            Shape::Ref(key) => Some(names.of(key).to_owned()),
            _ => None,
        };
        // Typify takes a variant's name from the title.
        let mut node = plain.clone();
        if let Some(reference) = node.remove("$ref") {
            let part = Node::object(branch.span, [("$ref", reference)]);
            node.insert("allOf", Node::new(branch.span, vec![part]));
        }
        node.insert("title", Node::new(branch.span, variant.as_str()));
        nodes.push(node);
        let tags = union
            .tag
            .as_ref()
            .and_then(|(_, values)| values.get(at).cloned())
            .unwrap_or_default();
        branches.push(Branch {
            variant,
            schema: plain,
            type_name,
            tags,
        });
    }
    types
        .unions
        .insert(name.to_owned(), super::Union { tag, branches });
    map.insert("oneOf".to_owned(), Node::new(schema.span, nodes));
}

/// What a variant is called after what it holds.
fn natural_variant(branch: &Schema, names: &Names) -> String {
    match &branch.shape {
        Shape::Ref(key) => names.of(key).to_owned(),
        Shape::Text(Text::DateTime) => "DateTime".to_owned(),
        Shape::Text(Text::Date) => "Date".to_owned(),
        Shape::Text(Text::Uuid) => "Uuid".to_owned(),
        Shape::Text(_) => "String".to_owned(),
        Shape::Integer(_) => "Integer".to_owned(),
        Shape::Number => "Number".to_owned(),
        Shape::Boolean => "Boolean".to_owned(),
        Shape::Array(inner) => format!("{}Array", natural_variant(inner, names)),
        Shape::Map(inner) => format!("{}Map", natural_variant(inner, names)),
        _ => "Value".to_owned(),
    }
}

/// Names of variants as typify will leave them: unique, and without the words that all begin with.
fn variants(natural: Vec<String>) -> Vec<String> {
    let mut names = unique(natural);
    for _ in 0..8 {
        let split: Vec<Vec<String>> = names.iter().map(|name| kebab(name)).collect();
        let Some(first) = split.first() else { break };
        let shared = split
            .iter()
            .map(|words| first.iter().zip(words).take_while(|(a, b)| a == b).count())
            .min()
            .unwrap_or(0);
        if shared == 0 {
            break;
        }
        // The one that is nothing but the common words keeps them.
        names = unique(
            split
                .iter()
                .zip(&names)
                .map(|(words, name)| match words.get(shared..) {
                    Some(rest) if !rest.is_empty() => {
                        let rest = words::pascal(&rest.join("_"));
                        let digit = rest.starts_with(|c: char| c.is_ascii_digit());
                        if digit { format!("V{rest}") } else { rest }
                    }
                    _ => name.clone(),
                })
                .collect(),
        );
    }
    names
}

fn unique(mut names: Vec<String>) -> Vec<String> {
    let mut taken: indexmap::IndexSet<String> = indexmap::IndexSet::new();
    for name in &mut names {
        let free = std::iter::once(name.clone())
            .chain((2..=u32::MAX).map(|n| format!("{name}{n}")))
            .find(|candidate| !taken.contains(candidate));
        if let Some(free) = free {
            *name = free;
        }
        taken.insert(name.clone());
    }
    names
}

/// The words of a name as typify counts them.
fn kebab(name: &str) -> Vec<String> {
    use heck::ToKebabCase as _;
    name.to_kebab_case().split('-').map(str::to_owned).collect()
}

fn write_prose(prose: &Prose, schema: &Schema, map: &mut Map) {
    let mut text = prose.description.clone().unwrap_or_default();
    for note in &prose.notes {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(note);
    }
    if !text.is_empty() {
        map.insert("description".to_owned(), Node::new(schema.span, text));
    }
    if prose.deprecated {
        map.insert("deprecated".to_owned(), Node::new(schema.span, true));
    }
}
