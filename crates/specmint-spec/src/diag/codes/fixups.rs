//! `F`: corrections of one API.

use crate::diag::{Code, CodeInfo};

/// The codes of this room.
pub const TABLE: &[CodeInfo] = &[
    CodeInfo {
        code: NOTHING,
        title: "a correction changed nothing",
        explanation: "Upstream fixed the mistake, or moved the place. A correction that does nothing hides the next mistake, so it is an error: delete it, or correct its place.",
    },
    CodeInfo {
        code: FORM,
        title: "no corrections",
        explanation: "`fixups.yaml` is a list of fixups, or an Overlay document.",
    },
    CodeInfo {
        code: KEY,
        title: "an unknown key",
        explanation: "A misspelt key would be ignored in silence. Keys that begin with `x-` are free.",
    },
    CodeInfo {
        code: FIELD,
        title: "a field is missing or of the wrong kind",
        explanation: "Every fixup has `name`, `upstream` and `at`; every action of an Overlay has `target`.",
    },
    CodeInfo {
        code: TARGET,
        title: "a place that can't be read",
        explanation: "A place is an RFC 6901 pointer, which begins with `/`, or an RFC 9535 JSONPath, which begins with `$`.",
    },
    CodeInfo {
        code: CHANGE,
        title: "not one thing to do",
        explanation: "A correction does one thing, so that its failing says which.",
    },
    CodeInfo {
        code: UNFIT,
        title: "a change that does not fit its place",
        explanation: "Members can be removed from, renamed in and merged into objects and arrays only.",
    },
    CodeInfo {
        code: VERSION,
        title: "an unknown version of the Overlay Specification",
        explanation: "Versions 1.0 and 1.1 are supported.",
    },
    CodeInfo {
        code: COPY,
        title: "a copy from no place, or from several",
        explanation: "`copy` needs exactly one source.",
    },
    CodeInfo {
        code: DEPTH,
        title: "a document that nests too deep",
        explanation: "No document nests deeper than what its reader takes.",
    },
];

/// A correction changed nothing.
pub const NOTHING: Code = Code("F0001");
/// No corrections.
pub const FORM: Code = Code("F0002");
/// An unknown key.
pub const KEY: Code = Code("F0003");
/// A field is missing or of the wrong kind.
pub const FIELD: Code = Code("F0004");
/// A place that can't be read.
pub const TARGET: Code = Code("F0005");
/// Not one thing to do.
pub const CHANGE: Code = Code("F0006");
/// A change that does not fit its place.
pub const UNFIT: Code = Code("F0007");
/// An unknown version of the Overlay Specification.
pub const VERSION: Code = Code("F0008");
/// A copy from no place, or from several.
pub const COPY: Code = Code("F0009");
/// A document that nests too deep.
pub const DEPTH: Code = Code("F0010");
