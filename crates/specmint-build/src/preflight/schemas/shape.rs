//! A schema as a type: what the rules of this room work on.
//!
//! A shape says what a value is made of; prose says everything else and never decides about a type.

use std::{collections::BTreeMap, rc::Rc};

use indexmap::{IndexMap, IndexSet};
use specmint_spec::page::Span;

/// A schema.
#[derive(Clone, Debug)]
pub(super) struct Schema {
    pub(super) span: Span,
    /// Where it stands in the lowered document (RFC 6901).
    pub(super) pointer: Rc<str>,
    pub(super) prose: Prose,
    pub(super) nullable: bool,
    pub(super) shape: Shape,
}

/// What a value is made of.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    /// Anything.
    Any,
    /// Nothing: no value is right.
    Never,
    /// `null` only.
    Null,
    /// Text.
    Text(Text),
    /// An integer, with a format that says its width.
    Integer(Option<&'static str>),
    /// A number.
    Number,
    /// A truth value.
    Boolean,
    /// One of these texts, as far as the document knows.
    Enum(IndexSet<String>),
    /// This text and no other: it tells a branch of a union from the others.
    Tag(String),
    /// A list.
    Array(Box<Schema>),
    /// An object with any keys.
    Map(Box<Schema>),
    /// An object with known keys.
    Object(Object),
    /// One of several.
    Union(Union),
    /// All of several; gone after [`merge`](super::merge).
    All(Vec<Schema>),
    /// Another schema.
    Ref(Key),
}

/// What a text is read into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    Plain,
    DateTime,
    Date,
    Uuid,
    /// Raw bytes, in a multipart body.
    Binary,
}

/// An object with known keys.
#[derive(Clone, Debug, Default)]
pub(super) struct Object {
    pub(super) properties: IndexMap<String, Schema>,
    pub(super) required: IndexSet<String>,
    /// What the values of unknown keys are, where the document says so.
    pub(super) additional: Option<Box<Schema>>,
    /// Whether it is a list on the wire, whose elements are these properties in their order.
    pub(super) tuple: bool,
}

/// One of several.
#[derive(Clone, Debug, Default)]
pub(super) struct Union {
    pub(super) branches: Vec<Schema>,
    pub(super) discriminator: Option<Discriminator>,
    /// The property that tells the branches apart, and each branch's values of it.
    pub(super) tag: Option<(String, Vec<Vec<String>>)>,
}

/// `discriminator`, as written.
#[derive(Clone, Debug)]
pub(super) struct Discriminator {
    pub(super) property: String,
    /// Value and what it leads to.
    pub(super) mapping: Vec<(String, Key)>,
}

/// What a `$ref` leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// A schema that the document names, under its name there; or any other place that a `$ref`
    /// leads to, under its pointer with the `#`.
    Named(Rc<str>),
    /// A schema that [`hoist`](super::hoist) lifted out of another.
    Lifted(usize),
}

/// What a schema says beside its shape.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a keyword of the document, independent of the others"
)]
pub(super) struct Prose {
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    /// Sentences about what the shape doesn't say: `Default: …`, `Constraints: …`.
    pub(super) notes: Vec<String>,
    /// The only documented value of a text; part of a type's identity all the same.
    pub(super) constant: Option<String>,
    pub(super) deprecated: bool,
    pub(super) read_only: bool,
    pub(super) write_only: bool,
    /// Whether the document requires it and says nothing else about it.
    pub(super) undescribed: bool,
}

impl Schema {
    /// A schema at the place of this one, without its prose.
    pub(super) fn with(&self, shape: Shape) -> Self {
        Self {
            span: self.span,
            pointer: self.pointer.clone(),
            prose: Prose::default(),
            nullable: false,
            shape,
        }
    }

    /// The same with prose and `nullable` of `outer` laid over.
    pub(super) fn under(mut self, outer: &Self) -> Self {
        self.nullable |= outer.nullable;
        self.prose = outer.prose.clone().over(&self.prose);
        self.span = outer.span;
        self.pointer = outer.pointer.clone();
        self
    }

    /// The schemas directly below.
    pub(super) fn children(&self) -> Vec<&Schema> {
        match &self.shape {
            Shape::Array(inner) | Shape::Map(inner) => vec![inner],
            Shape::Object(object) => object
                .properties
                .values()
                .chain(object.additional.as_deref())
                .collect(),
            Shape::Union(union) => union.branches.iter().collect(),
            Shape::All(parts) => parts.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The schemas directly below, to change them.
    pub(super) fn children_mut(&mut self) -> Vec<&mut Schema> {
        match &mut self.shape {
            Shape::Array(inner) | Shape::Map(inner) => vec![inner],
            Shape::Object(object) => object
                .properties
                .values_mut()
                .chain(object.additional.as_deref_mut())
                .collect(),
            Shape::Union(union) => union.branches.iter_mut().collect(),
            Shape::All(parts) => parts.iter_mut().collect(),
            _ => Vec::new(),
        }
    }

    /// Calls `f` on this schema and everything below, children first.
    pub(super) fn each_mut(&mut self, f: &mut impl FnMut(&mut Schema)) {
        for child in self.children_mut() {
            child.each_mut(f);
        }
        f(self);
    }

    /// Calls `f` on this schema and everything below.
    pub(super) fn each<'a>(&'a self, f: &mut impl FnMut(&'a Schema)) {
        f(self);
        for child in self.children() {
            child.each(f);
        }
    }
}

impl Prose {
    /// This prose, with what it doesn't say taken from `under`.
    pub(super) fn over(mut self, under: &Self) -> Self {
        self.title = self.title.or_else(|| under.title.clone());
        self.description = self.description.or_else(|| under.description.clone());
        for note in &under.notes {
            if !self.notes.contains(note) {
                self.notes.push(note.clone());
            }
        }
        self.deprecated |= under.deprecated;
        self.read_only |= under.read_only;
        self.write_only |= under.write_only;
        self
    }
}

/// All schemas that have a name, in the order of the document.
pub(super) type Named = IndexMap<Rc<str>, Schema>;

/// The schema a chain of references ends at; `None` where it leads nowhere or in a circle.
pub(super) fn resolve<'a>(named: &'a Named, mut schema: &'a Schema) -> Option<&'a Schema> {
    for _ in 0..=named.len().min(64) {
        let Shape::Ref(Key::Named(name)) = &schema.shape else {
            return Some(schema);
        };
        schema = named.get(name)?;
    }
    None
}

/// What two schemas have in common if they are one type: everything but prose.
///
/// The text is the identity: equal texts, equal types.
pub(super) fn identity(schema: &Schema) -> String {
    let mut out = String::new();
    write_identity(schema, &mut out);
    out
}

fn write_identity(schema: &Schema, out: &mut String) {
    use std::fmt::Write as _;
    // Writing to a string never fails.
    if schema.nullable {
        out.push('?');
    }
    match &schema.shape {
        Shape::Any => out.push('*'),
        Shape::Never => out.push('!'),
        Shape::Null => out.push('0'),
        Shape::Text(text) => match &schema.prose.constant {
            Some(value) => _ = write!(out, "={value:?}"),
            None => _ = write!(out, "{text:?}"),
        },
        Shape::Integer(format) => _ = write!(out, "int{}", format.unwrap_or_default()),
        Shape::Number => out.push_str("num"),
        Shape::Boolean => out.push_str("bool"),
        Shape::Enum(values) => _ = write!(out, "{values:?}"),
        Shape::Tag(value) => _ = write!(out, "tag{value:?}"),
        Shape::Array(inner) => {
            out.push('[');
            write_identity(inner, out);
            out.push(']');
        }
        Shape::Map(inner) => {
            out.push('<');
            write_identity(inner, out);
            out.push('>');
        }
        Shape::Object(object) => {
            out.push_str(if object.tuple { "tuple{" } else { "{" });
            // The order of properties is prose.
            let properties: BTreeMap<_, _> = object.properties.iter().collect();
            for (name, property) in properties {
                let mark = if object.required.contains(name) {
                    "!"
                } else {
                    ""
                };
                let _ = write!(out, "{name:?}{mark}:");
                write_identity(property, out);
                out.push(',');
            }
            if let Some(additional) = &object.additional {
                out.push_str("..");
                write_identity(additional, out);
            }
            out.push('}');
        }
        Shape::Union(union) => {
            out.push('(');
            for branch in &union.branches {
                write_identity(branch, out);
                out.push('|');
            }
            if let Some(discriminator) = &union.discriminator {
                let _ = write!(out, "#{:?}", discriminator.property);
            }
            out.push(')');
        }
        Shape::All(parts) => {
            out.push('&');
            for part in parts {
                write_identity(part, out);
                out.push('&');
            }
        }
        Shape::Ref(Key::Named(name)) => _ = write!(out, "#{name:?}"),
        Shape::Ref(Key::Lifted(at)) => _ = write!(out, "#{at}"),
    }
}
