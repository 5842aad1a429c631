//! Schemas as typify can take them: named, nothing inline, nothing ambiguous.
//!
//! ```text
//! nodes
//!   │ read                         what each schema says by itself
//!   ▼
//! shapes
//!   │ inherit                      what builds on a discriminator is its alternatives
//!   │ tidy, merge, unions, tags    `allOf` is one schema, alternatives can be told apart
//!   │ nullable, directions         what a named type can't say moves to its users
//!   │ errors                       one type for all error bodies, if there can be one
//!   │ hoist, frozen, type_names    everything that needs a name has one
//!   ▼
//! named shapes
//!   │ print                        3.0 once more, and what it can't say beside it
//!   ▼
//! Types                            check: nothing is left for typify to name
//! ```

mod aliases;
mod check;
mod codes;
mod constraints;
mod directions;
mod enums;
mod errors;
mod fields;
mod frozen;
mod hoist;
mod inherit;
mod merge;
mod nullable;
mod print;
mod read;
mod scalars;
mod shape;
mod tags;
mod tidy;
mod type_names;
mod unions;
mod uses;

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use indexmap::IndexSet;
use specmint_spec::{
    diag::{CodeInfo, Diagnostics},
    document::Lowered,
    names::Entry,
    node::{Map, Node, escape_pointer},
    page::Span,
};

use self::shape::{Key, Named, Schema, Shape};
use super::words;

/// The codes of this room, `P01xx`.
pub const TABLE: &[CodeInfo] = codes::TABLE;

/// What a schema is for: requests are strict, answers tolerant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Of a parameter.
    Parameter,
    /// Of a JSON or form request body.
    Body,
    /// Of a multipart request body: binary members are files.
    Multipart,
    /// Of a success answer.
    Answer,
    /// Of an error answer.
    Error,
}

/// A place outside `components.schemas` where a schema stands.
#[derive(Clone, Debug)]
pub struct Place {
    /// Where (RFC 6901), in the lowered document; the key of [`Types::at`].
    pub pointer: String,
    /// A good type name, should one be needed: `CreateContactBody`.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// The schema as written, maybe a `$ref`.
    pub schema: Node,
}

/// The fitted schemas, and what typify can't be told about them.
///
/// Names of types are Rust names; names of fields are those of the fitted document, which typify
/// turns into Rust names without a collision.
#[derive(Clone, Debug, Default)]
pub struct Types {
    /// `components.schemas` of the fitted document, under their Rust names.
    pub schemas: Map,
    /// The fitted schema of every place: a `$ref` (bare, or as the one part of an `allOf` beside
    /// its description and `nullable`), a primitive, or an array or map of such.
    pub at: BTreeMap<String, Node>,
    /// Enums of strings, to be printed as open enums instead of typify's.
    pub enums: BTreeMap<String, Enum>,
    /// Unions, which typify prints as untagged enums with the branches in this order.
    pub unions: BTreeMap<String, Union>,
    /// Types that are another type by a second name. Typify prints newtypes; those that are
    /// [`Alias::transparent`] may become `pub type`.
    pub aliases: BTreeMap<String, Alias>,
    /// Wire names by type and fitted name, of the fields that are called otherwise in the fitted
    /// document. Typify writes `rename` with the fitted name or none at all: it has to become
    /// the wire name.
    pub renames: BTreeMap<(String, String), String>,
    /// The fields of every struct by fitted name, in the order of the document; typify sorts.
    pub field_order: BTreeMap<String, Vec<String>>,
    /// The only documented value of a text field, by type and fitted name.
    pub constants: BTreeMap<(String, String), String>,
    /// Structs that are lists on the wire: tuple structs of their fields in order.
    pub tuples: BTreeSet<String>,
    /// Fields that are files in a multipart body, by type and fitted name.
    pub binary: BTreeSet<(String, String)>,
    /// What the error bodies of the API have in common.
    pub error: ErrorShape,
    /// Where each type was written.
    pub spans: BTreeMap<String, Span>,
    /// Rust names by the document's names, of the types that stand in `components.schemas`.
    pub names: BTreeMap<String, String>,
    /// The name of every type by its place, the first one where it stands at several.
    pub published: BTreeMap<String, String>,
    /// Former names, which are kept as aliases, and what they name.
    pub former: BTreeMap<String, String>,
    /// The places of published names that were found.
    pub names_used: BTreeSet<String>,
    /// Pointers to schemas that became free-form because nothing better could be said.
    pub untyped: Vec<String>,
}

/// An open enum of strings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// The documented values in their order.
    pub values: Vec<EnumValue>,
}

/// A documented value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumValue {
    /// On the wire.
    pub value: String,
    /// In Rust: unique, Pascal case, never `Unknown`.
    pub variant: String,
}

/// A union.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// The wire name of the property whose value tells the branches apart.
    pub tag: Option<String>,
    /// In the order in which an untagged reading must try them.
    pub branches: Vec<Branch>,
}

/// One branch of a union.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// Its name as typify prints it.
    pub variant: String,
    /// Its fitted schema.
    pub schema: Node,
    /// The name of its type, where that is a component.
    pub type_name: Option<String>,
    /// The values of the tag that mean this branch.
    pub tags: Vec<String>,
}

/// A type that is another type by a second name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// Whether `pub type` can say it: it doesn't contain itself through aliases alone.
    pub transparent: bool,
}

/// What the error bodies of the API have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ErrorShape {
    /// No error body is documented as JSON.
    #[default]
    None,
    /// All are this type.
    One(String),
    /// Several types, in the order of first use; bodies that have no type of their own are not
    /// among them.
    Many(Vec<String>),
}

/// Fits all schemas: those of `components.schemas`, and those at the places.
///
/// `published` are the names that types have already, by place.
pub fn fit(
    lowered: &Lowered,
    places: &[Place],
    published: &BTreeMap<String, Entry>,
    diags: &mut Diagnostics,
) -> Types {
    let root = &lowered.root;
    let (mut named, mut others) = read_all(root, places, diags);
    let roles: Vec<Role> = places.iter().map(|place| place.role).collect();
    tidy::dangling(&mut named, &mut others, diags);
    merge::all(&mut named, &mut others, diags);
    unions::all(&mut named, &mut others);
    tags::settle(&mut named, &mut others);
    unions::all(&mut named, &mut others); // texts may have become equal
    tidy::aliases(&mut named, &mut others, diags);
    tidy::never(&mut named, &mut others, diags);
    nullable::spread(&mut named, &mut others);
    directions::relax(&mut named, &mut others, &roles);
    directions::files(&mut named, &mut others, &roles);
    let error = errors::unite(&mut named, &mut others, &roles);

    let bodies = error_bodies(&others, &roles);
    let lifted = hoist::lift(&mut named, &mut others);
    let mut taken = type_names::Taken::default();
    let frozen = frozen::names(&named, &lifted, published, &mut taken, diags);
    let named_names = type_names::named(&named, &bodies, &frozen.names, &mut taken);
    let place_names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
    let lifted_names = lifted.name(&named_names, &place_names, &frozen.names, &mut taken);
    let names = print::Names {
        named: named_names,
        lifted: lifted_names,
    };
    say_renamed(&named, &names, diags);

    let mut types = Types {
        published: frozen.places(&names),
        former: frozen.former(&names),
        names_used: frozen.used,
        ..Types::default()
    };
    for (key, schema) in &named {
        let name = names.of(&Key::Named(key.clone())).to_owned();
        print::named(&name, schema, &names, &mut types);
        if !key.starts_with("#/") {
            types.names.insert(key.to_string(), name);
        }
    }
    for (at, schema) in lifted.into_schemas() {
        let name = names.of(&Key::Lifted(at)).to_owned();
        print::named(&name, &schema, &names, &mut types);
    }
    for (place, schema) in places.iter().zip(&others) {
        types
            .at
            .insert(place.pointer.clone(), print::inline(schema, &names));
    }
    aliases::settle(&mut types);
    uses::describe(&mut types, places);
    types.error = error_shape(places, &types, error.is_some());
    types.untyped = untyped(diags);
    check::all(&types, diags);
    types
}

/// Reads the named schemas, those at the places, and everything else that a `$ref` leads to.
fn read_all(root: &Node, places: &[Place], diags: &mut Diagnostics) -> (Named, Vec<Schema>) {
    let mut reader = read::Reader::new(diags);
    let mut named = Named::new();
    let components = root
        .pointer("/components/schemas")
        .and_then(Node::as_object);
    for (name, node) in components.into_iter().flatten() {
        let pointer = format!("/components/schemas/{}", escape_pointer(name));
        let schema = reader.schema(node, &pointer);
        named.insert(name.as_str().into(), schema);
    }
    let others = places
        .iter()
        .map(|place| reader.schema(&place.schema, &place.pointer))
        .collect();
    let mut at = 0;
    while let Some(key) = reader.elsewhere.get_index(at).cloned() {
        at += 1;
        let pointer = key.trim_start_matches('#');
        // What isn't there is said by `tidy::dangling`.
        if let Some(node) = root.pointer(pointer) {
            let schema = reader.schema(node, pointer);
            named.insert(key, schema);
        }
    }
    let bases = std::mem::take(&mut reader.bases);
    inherit::unite(&mut named, &bases);
    (named, others)
}

/// The named schemas that error bodies are made of.
fn error_bodies(others: &[Schema], roles: &[Role]) -> IndexSet<Rc<str>> {
    others
        .iter()
        .zip(roles)
        .filter(|(_, role)| **role == Role::Error)
        .filter_map(|(schema, _)| match &schema.shape {
            Shape::Ref(Key::Named(name)) => Some(name.clone()),
            _ => None,
        })
        .collect()
}

fn error_shape(places: &[Place], types: &Types, one: bool) -> ErrorShape {
    let mut found = IndexSet::new();
    for place in places.iter().filter(|place| place.role == Role::Error) {
        let schema = types.at.get(&place.pointer);
        let reference = schema.and_then(|schema| {
            schema
                .get_str("$ref")
                .or_else(|| schema.pointer("/allOf/0/$ref")?.as_str())
        });
        if let Some((_, name)) = reference.and_then(|text| text.rsplit_once('/')) {
            found.insert(name.to_owned());
        }
    }
    let any = places.iter().any(|place| place.role == Role::Error);
    match found.first() {
        Some(name) if one => ErrorShape::One(name.clone()),
        _ if any => ErrorShape::Many(found.into_iter().collect()),
        _ => ErrorShape::None,
    }
}

/// Where this room itself gave up on a type.
fn untyped(diags: &Diagnostics) -> Vec<String> {
    let weak = [
        codes::NO_SCHEMA,
        codes::DANGLING,
        codes::CONFLICT,
        codes::CIRCLE,
        codes::NEVER,
    ];
    let mut pointers: Vec<String> = diags
        .iter()
        .filter(|diagnostic| weak.contains(&diagnostic.code))
        .filter(|diagnostic| diagnostic.message.contains("anything is accepted"))
        .filter_map(|diagnostic| diagnostic.pointer.clone())
        .collect();
    pointers.sort();
    pointers.dedup();
    pointers
}

fn say_renamed(named: &Named, names: &print::Names, diags: &mut Diagnostics) {
    for (key, schema) in named {
        let name = names.of(&Key::Named(key.clone()));
        if !key.starts_with("#/") && words::pascal(key) != name {
            diags
                .note(
                    codes::RENAMED,
                    schema.span,
                    format!("`{key}` is called `{name}` in Rust"),
                )
                .at(format!("/components/schemas/{}", escape_pointer(key)));
        }
    }
}
