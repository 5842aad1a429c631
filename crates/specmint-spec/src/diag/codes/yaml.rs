//! `Y`: reading YAML and JSON.

use crate::diag::{Code, CodeInfo};

/// The text is not YAML.
pub const SYNTAX: Code = Code("Y0001");
/// Nested too deeply.
pub const DEPTH: Code = Code("Y0002");
/// A key stands twice.
pub const DUPLICATE_KEY: Code = Code("Y0003");
/// Aliases expand to too much.
pub const ALIASES: Code = Code("Y0004");
/// An alias inside its own anchor.
pub const SELF_ALIAS: Code = Code("Y0005");
/// More than one document.
pub const DOCUMENTS: Code = Code("Y0006");
/// A NUL character.
pub const NUL: Code = Code("Y0007");
/// A key that is no scalar.
pub const KEY: Code = Code("Y0008");
/// A tag nobody knows.
pub const TAG: Code = Code("Y0009");
/// `.inf` or `.nan`.
pub const NON_FINITE: Code = Code("Y0010");
/// A merge key over something that can't be merged.
pub const MERGE: Code = Code("Y0011");
/// The text is not JSON.
pub const JSON_SYNTAX: Code = Code("Y0012");

/// The codes of this room.
pub const TABLE: &[CodeInfo] = &[
    CodeInfo {
        code: SYNTAX,
        title: "not YAML",
        explanation: "The parser could not go on at this place. The mistake is often just before \
                      it: a tab as indentation, a colon inside an unquoted text, a quote that is \
                      never closed. If the page was saved by hand, compare it with the published \
                      one; a page cut short fails here too.",
    },
    CodeInfo {
        code: DEPTH,
        title: "nested too deeply",
        explanation: "Documents may be 128 levels deep, aliases expanded. No real document comes \
                      near; one that does is broken or made to exhaust its reader.",
    },
    CodeInfo {
        code: DUPLICATE_KEY,
        title: "a key stands twice in one mapping",
        explanation: "YAML and JSON readers disagree about which of the two counts, most without \
                      a word. Remove one. The message names both places.",
    },
    CodeInfo {
        code: ALIASES,
        title: "aliases expand to too much",
        explanation: "A text may hold 20,000 aliases, and anchors and aliases together may copy \
                      2,000,000 nodes or 64 MiB of text. More is how a small file fills a \
                      computer's memory.",
    },
    CodeInfo {
        code: SELF_ALIAS,
        title: "an alias inside its own anchor",
        explanation: "The alias names a node that is not complete yet, because the alias is part \
                      of it. Such a tree would be endless. Recursive schemas are written with \
                      `$ref`.",
    },
    CodeInfo {
        code: DOCUMENTS,
        title: "more than one YAML document",
        explanation: "A line `---` begins a second document in one block or file. Keep one.",
    },
    CodeInfo {
        code: NUL,
        title: "a NUL character",
        explanation: "Neither YAML nor JSON allows the character U+0000, and readers take it for \
                      the end of the text. The file is damaged, or it is not text.",
    },
    CodeInfo {
        code: KEY,
        title: "a key that is no scalar",
        explanation: "YAML allows a sequence or a mapping as a key, OpenAPI does not. An unquoted \
                      `{name}` at the start of a line is read as a mapping: quote it.",
    },
    CodeInfo {
        code: TAG,
        title: "a tag was ignored",
        explanation: "Only the tags of YAML's core schema (`!!str`, `!!int`, …) mean something \
                      here. The value is read as if the tag were not there. Only the first such \
                      tag of a text is named.",
    },
    CodeInfo {
        code: NON_FINITE,
        title: "an infinite number is read as text",
        explanation: "`.inf` and `.nan` are numbers in YAML. JSON, and so OpenAPI, has none; they \
                      are kept as the text that was written.",
    },
    CodeInfo {
        code: MERGE,
        title: "a merge key over something that can't be merged",
        explanation: "The value of `<<` must be a mapping, or a sequence of mappings. If the key \
                      is meant literally, quote it: `\"<<\"`.",
    },
    CodeInfo {
        code: JSON_SYNTAX,
        title: "not JSON",
        explanation: "A text whose first character is `{` or `[` is read as JSON, strictly: no \
                      comments, no trailing commas, no single quotes. The parser could not go on \
                      at this place.",
    },
];
