//! Node → schema: what one schema object says by itself, nothing followed and nothing merged.

use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};
use specmint_spec::{
    diag::Diagnostics,
    node::{Map, Node, Value, escape_pointer, unescape_pointer},
};

use super::{
    codes, constraints, scalars,
    shape::{Discriminator, Key, Object, Prose, Schema, Shape, Union},
};

/// Where every schema that the document names begins.
const COMPONENTS: &str = "#/components/schemas/";

/// Reads schemas, and remembers which other places they lead to.
pub(super) struct Reader<'a> {
    diags: &'a mut Diagnostics,
    /// Pointers outside `components.schemas` that a `$ref` leads to, each once.
    pub(super) elsewhere: IndexSet<Rc<str>>,
    /// Named schemas that have a `discriminator` and no alternatives.
    pub(super) bases: IndexMap<Rc<str>, Discriminator>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(diags: &'a mut Diagnostics) -> Self {
        Self {
            diags,
            elsewhere: IndexSet::new(),
            bases: IndexMap::new(),
        }
    }

    /// What a schema object says.
    pub(super) fn schema(&mut self, node: &Node, pointer: &str) -> Schema {
        let mut schema = Schema {
            span: node.span,
            pointer: pointer.into(),
            prose: Prose::default(),
            nullable: false,
            shape: Shape::Any,
        };
        let Some(map) = node.as_object() else {
            if node.as_bool() == Some(false) {
                schema.shape = Shape::Never;
            } else if node.as_bool().is_none() {
                self.diags
                    .warning(
                        codes::NO_SCHEMA,
                        node.span,
                        "this is no schema; anything is accepted",
                    )
                    .at(pointer);
            }
            return schema;
        };
        if let Some(reference) = map.get("$ref").and_then(Node::as_str) {
            schema.prose = prose(map);
            schema.nullable = is_true(map, "nullable");
            if let Some(key) = self.key(reference) {
                schema.shape = Shape::Ref(key);
            } else {
                self.diags
                    .warning(
                        codes::DANGLING,
                        node.span,
                        format!("`{reference}` is not in this document; anything is accepted"),
                    )
                    .at(pointer);
            }
            return schema;
        }
        schema.prose = prose(map);
        schema.nullable = is_true(map, "nullable");
        if is_true(map, "x-specmint-never") {
            schema.shape = Shape::Never;
            return schema;
        }
        if map.contains_key("not") {
            self.diags
                .warning(codes::NOT, node.span, "what `not` excludes is accepted")
                .at(pointer);
        }
        if ["oneOf", "anyOf"].iter().all(|key| !map.contains_key(key))
            && let Some(name) = pointer.strip_prefix("/components/schemas/")
            && !name.contains('/')
            && let Some(discriminator) = self.discriminator(map)
        {
            self.bases
                .insert(unescape_pointer(name).into(), discriminator);
        }
        let mut parts = Vec::new();
        self.base(map, &schema, &mut parts);
        if let Some(all) = map.get("allOf").and_then(Node::as_array) {
            for (at, part) in all.iter().enumerate() {
                parts.push(self.schema(part, &format!("{pointer}/allOf/{at}")));
            }
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(any) = map.get(keyword).and_then(Node::as_array) else {
                continue;
            };
            if any.is_empty() {
                continue;
            }
            let branches = any
                .iter()
                .enumerate()
                .map(|(at, branch)| self.schema(branch, &format!("{pointer}/{keyword}/{at}")))
                .collect();
            let discriminator = self.discriminator(map);
            parts.push(schema.with(Shape::Union(Union {
                branches,
                discriminator,
                tag: None,
            })));
        }
        schema.shape = match parts.len() {
            0 => Shape::Any,
            1 if parts
                .iter()
                .all(|part| !matches!(part.shape, Shape::Ref(_))) =>
            {
                let Some(part) = parts.pop() else {
                    return schema;
                };
                let mut whole = part.under(&schema);
                if matches!(&whole.shape, Shape::Object(object) if object.tuple) {
                    // The type says how many there are.
                    let counts = |note: &String| note.starts_with("Constraints: minimum items");
                    whole.prose.notes.retain(|note| !counts(note));
                }
                return whole;
            }
            _ => Shape::All(parts),
        };
        schema
    }

    /// What `type`, `enum`, `properties` and their like say.
    fn base(&mut self, map: &Map, schema: &Schema, parts: &mut Vec<Schema>) {
        let composed = ["allOf", "oneOf", "anyOf"].iter().any(|key| {
            map.get(key)
                .and_then(Node::as_array)
                .is_some_and(|parts| !parts.is_empty())
        });
        let mut types: Vec<&str> = match map.get("type").map(|node| &node.value) {
            Some(Value::String(name)) => vec![name.as_str()],
            Some(Value::Array(names)) => names.iter().filter_map(Node::as_str).collect(),
            _ => Vec::new(),
        };
        let mut nullable = types.len() > 1 && types.contains(&"null");
        if nullable {
            types.retain(|name| *name != "null");
        }
        let stated = !types.is_empty();
        if !stated && let Some(inferred) = inferred(map, composed) {
            types.push(inferred);
        }
        let mut part = schema.with(Shape::Any);
        let values = map
            .get("enum")
            .and_then(Node::as_array)
            .filter(|values| !values.is_empty());
        if let Some(values) = values {
            let read = scalars::enumeration(values, &types);
            nullable |= read.nullable;
            part.shape = read.shape;
            part.prose.notes.extend(read.note);
        } else {
            let mut branches: Vec<_> = types
                .iter()
                .map(|name| {
                    let mut branch = schema.with(Shape::Any);
                    branch.shape = self.typed(name, map, schema, composed);
                    branch.prose.notes.extend(scalars::unsaid_format(name, map));
                    branch
                })
                .collect();
            match branches.len() {
                0 => {
                    if nullable {
                        part.nullable = true;
                        parts.push(part);
                    }
                    return;
                }
                1 => {
                    let Some(branch) = branches.pop() else { return };
                    part = branch;
                }
                _ => {
                    part.shape = Shape::Union(Union {
                        branches,
                        discriminator: None,
                        tag: None,
                    });
                }
            }
        }
        part.nullable |= nullable;
        // `type: object` beside `allOf` says nothing.
        let says_nothing = composed
            && match &part.shape {
                Shape::Any => true,
                Shape::Map(inner) => matches!(inner.shape, Shape::Any),
                _ => false,
            };
        if !says_nothing {
            parts.push(part);
        }
    }

    fn typed(&mut self, name: &str, map: &Map, schema: &Schema, composed: bool) -> Shape {
        match name {
            "object" => self.object(map, schema, composed),
            "array" => {
                if let Some(tuple) = self.tuple(map, &schema.pointer) {
                    return Shape::Object(tuple);
                }
                let pointer = format!("{}/items", schema.pointer);
                let items = match map.get("items") {
                    Some(node) => self.schema(node, &pointer),
                    None => schema.with(Shape::Any),
                };
                Shape::Array(Box::new(items))
            }
            other => scalars::shape(other, map.get("format").and_then(Node::as_str)),
        }
    }

    /// A list with so many elements, neither more nor fewer, that are not all the same.
    fn tuple(&mut self, map: &Map, pointer: &str) -> Option<Object> {
        let elements = map
            .get("x-specmint-prefix-items")
            .and_then(Node::as_array)?;
        let first = elements.first()?;
        if elements.iter().all(|element| element == first) {
            return None;
        }
        let length = i64::try_from(elements.len()).ok()?;
        let length = Node::new(first.span, length);
        if ["minItems", "maxItems"]
            .iter()
            .any(|key| map.get(key) != Some(&length))
        {
            return None;
        }
        let mut tuple = Object {
            tuple: true,
            ..Object::default()
        };
        for (at, element) in elements.iter().enumerate() {
            let pointer = format!("{pointer}/x-specmint-prefix-items/{at}");
            let name = format!("element_{}", at + 1);
            tuple.required.insert(name.clone());
            tuple
                .properties
                .insert(name, self.schema(element, &pointer));
        }
        Some(tuple)
    }

    fn object(&mut self, map: &Map, schema: &Schema, composed: bool) -> Shape {
        let mut object = Object::default();
        if let Some(properties) = map.get("properties").and_then(Node::as_object) {
            for (name, node) in properties {
                let pointer = format!("{}/properties/{}", schema.pointer, escape_pointer(name));
                object
                    .properties
                    .insert(name.to_string(), self.schema(node, &pointer));
            }
        }
        if let Some(required) = map.get("required").and_then(Node::as_array) {
            object
                .required
                .extend(required.iter().filter_map(Node::as_str).map(str::to_owned));
        }
        match map.get("additionalProperties") {
            Some(node) if node.as_bool() == Some(true) => {
                object.additional = Some(Box::new(schema.with(Shape::Any)));
            }
            Some(node) if node.as_object().is_some() => {
                let pointer = format!("{}/additionalProperties", schema.pointer);
                object.additional = Some(Box::new(self.schema(node, &pointer)));
            }
            _ => {}
        }
        if object.properties.is_empty() && (object.required.is_empty() || !composed) {
            let inner = object
                .additional
                .take()
                .unwrap_or_else(|| Box::new(schema.with(Shape::Any)));
            return Shape::Map(inner);
        }
        Shape::Object(object)
    }

    fn discriminator(&mut self, map: &Map) -> Option<Discriminator> {
        let node = map.get("discriminator")?;
        let property = node.get_str("propertyName")?.to_owned();
        let mapping = node
            .get("mapping")
            .and_then(Node::as_object)
            .into_iter()
            .flatten()
            .filter_map(|(value, target)| {
                let target = target.as_str()?;
                let key = if target.contains('/') || target.starts_with('#') {
                    self.key(target)?
                } else {
                    Key::Named(target.into())
                };
                Some((value.to_string(), key))
            })
            .collect();
        Some(Discriminator { property, mapping })
    }

    fn key(&mut self, reference: &str) -> Option<Key> {
        if let Some(name) = reference.strip_prefix(COMPONENTS)
            && !name.contains('/')
        {
            return Some(Key::Named(unescape_pointer(&decode(name)).into()));
        }
        let pointer = reference.strip_prefix('#').filter(|p| p.starts_with('/'))?;
        let key: Rc<str> = format!("#{}", decode(pointer)).into();
        self.elsewhere.insert(key.clone());
        Some(Key::Named(key))
    }
}

/// `%7B` and its like, where they stand for UTF-8.
fn decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let Some(byte) = byte.filter(|_| *first == b'%') {
            bytes.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The type that the other keywords speak of, where none is stated.
fn inferred(map: &Map, composed: bool) -> Option<&'static str> {
    let has = |keys: &[&str]| keys.iter().any(|key| map.contains_key(key));
    if has(&["enum"]) {
        None
    } else if has(&["properties", "additionalProperties"])
        || map.get("required").and_then(Node::as_array).is_some()
    {
        Some("object")
    } else if has(&["items"]) {
        Some("array")
    } else if composed {
        None
    } else if has(&["pattern", "minLength", "maxLength"]) {
        Some("string")
    } else if has(&["minimum", "maximum", "multipleOf"]) {
        Some("number")
    } else {
        map.get("format")
            .and_then(Node::as_str)
            .and_then(scalars::type_of_format)
    }
}

fn prose(map: &Map) -> Prose {
    let text = |key: &str| {
        map.get(key)
            .and_then(Node::as_str)
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned)
    };
    Prose {
        title: text("title"),
        description: text("description"),
        notes: constraints::notes(map),
        constant: None,
        deprecated: is_true(map, "deprecated"),
        read_only: is_true(map, "readOnly"),
        write_only: is_true(map, "writeOnly"),
        undescribed: false,
    }
}

fn is_true(map: &Map, key: &str) -> bool {
    map.get(key).and_then(Node::as_bool) == Some(true)
}
