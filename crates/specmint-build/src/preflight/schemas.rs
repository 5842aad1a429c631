//! Schemas as typify can take them: named, nothing inline, nothing ambiguous.

use std::collections::{BTreeMap, BTreeSet};

use specmint_spec::{
    diag::{CodeInfo, Diagnostics},
    document::Lowered,
    node::{Map, Node},
    page::Span,
};

/// The codes of this room, `P01xx`.
pub const TABLE: &[CodeInfo] = &[];

/// What a schema is for: requests are strict, answers tolerant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Of a parameter.
    Parameter,
    /// Of a JSON, form or multipart request body.
    Body,
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
    /// Fields that are files in a multipart body, by type and fitted name.
    pub binary: BTreeSet<(String, String)>,
    /// What the error bodies of the API have in common.
    pub error: ErrorShape,
    /// Where each type was written.
    pub spans: BTreeMap<String, Span>,
    /// Rust names by the document's names, of the types that stand in `components.schemas`.
    pub names: BTreeMap<String, String>,
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
pub fn fit(_lowered: &Lowered, _places: &[Place], _diags: &mut Diagnostics) -> Types {
    Types::default()
}
