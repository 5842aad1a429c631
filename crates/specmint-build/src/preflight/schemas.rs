//! Schemas as typify can take them: named, nothing inline, nothing ambiguous.

use std::collections::BTreeMap;

use specmint_spec::{
    diag::{CodeInfo, Diagnostics},
    document::Lowered,
    node::{Map, Node},
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

/// The fitted schemas.
#[derive(Clone, Debug, Default)]
pub struct Types {
    /// `components.schemas` of the fitted document, under their Rust names.
    pub schemas: Map,
    /// The fitted schema of every place: a `$ref`, a primitive, or an array or map of such.
    pub at: BTreeMap<String, Node>,
}

/// Fits all schemas: those of `components.schemas` that the places reach, and those at the places.
pub fn fit(_lowered: &Lowered, _places: &[Place], _diags: &mut Diagnostics) -> Types {
    Types::default()
}
