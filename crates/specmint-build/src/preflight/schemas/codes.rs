//! What this room has to say: `P01xx`.

use specmint_spec::diag::{Code, CodeInfo};

pub(super) const NO_SCHEMA: Code = Code("P0102");
pub(super) const DANGLING: Code = Code("P0103");
pub(super) const NOT: Code = Code("P0104");
pub(super) const CONFLICT: Code = Code("P0105");
pub(super) const CIRCLE: Code = Code("P0106");
pub(super) const LOOSENED: Code = Code("P0107");
pub(super) const NEVER: Code = Code("P0108");
pub(super) const UNDECLARED: Code = Code("P0109");
pub(super) const RENAMED: Code = Code("P0110");
pub(super) const INVARIANT: Code = Code("P0199");

/// Every code of this room, and those of [`names`](crate::preflight::names) and
/// [`published`](crate::preflight::published).
pub(super) const TABLE: &[CodeInfo] = &[
    CodeInfo {
        code: crate::preflight::published::UNUSABLE,
        title: "a published name can't be used",
        explanation: "A name in `names.lock` is no Rust name, has another meaning in every client, \
                      or stands for two things. It is not replaced by another one, because \
                      callers rely on it: correct the file, or restore it from version control.",
    },
    CodeInfo {
        code: crate::preflight::published::UNUSED,
        title: "a published name fits nothing any more",
        explanation: "`names.lock` names an operation or a schema that is no longer in the \
                      document. The entry is kept, so that it is called as before should it come \
                      back; who is sure that it won't may remove the line.",
    },
    CodeInfo {
        code: crate::preflight::names::DOUBLED_ID,
        title: "an operation id is given twice",
        explanation: "Two operations have the same `operationId`. Their methods are named after \
                      HTTP method and path instead, so that neither name depends on the order of \
                      the document. Give each its own id, in the document or by a fixup.",
    },
    CodeInfo {
        code: NO_SCHEMA,
        title: "a schema is neither an object nor a truth value",
        explanation: "Something else stands where a schema should. The client takes and gives any \
                      JSON value there.",
    },
    CodeInfo {
        code: DANGLING,
        title: "a reference leads nowhere",
        explanation: "The `$ref` names something that is not in the document. The client takes and \
                      gives any JSON value there. Check the spelling of the reference, or add what \
                      it names by a fixup.",
    },
    CodeInfo {
        code: NOT,
        title: "`not` can't be said in a Rust type",
        explanation: "The client accepts and sends what `not` excludes; the rest of the schema \
                      holds.",
    },
    CodeInfo {
        code: CONFLICT,
        title: "the parts of `allOf` contradict each other",
        explanation: "No value can be right for all parts as documented. The client uses the \
                      weaker of the two types, the values of both lists, or any JSON value where \
                      neither includes the other.",
    },
    CodeInfo {
        code: CIRCLE,
        title: "a schema is made of itself alone",
        explanation: "Following the references of this schema, through `allOf` or from alias to \
                      alias, leads back to it. The circle is cut where it closes.",
    },
    CodeInfo {
        code: LOOSENED,
        title: "a combination of alternatives became one object",
        explanation: "The schema combines so many alternatives that spelling out each combination \
                      would not help anybody. The client has one struct with the fields of all, \
                      optional where an alternative goes without them.",
    },
    CodeInfo {
        code: NEVER,
        title: "no value can be right",
        explanation: "The schema excludes every value. Where it stands for a property, the \
                      property is left out; elsewhere the client accepts any JSON value.",
    },
    CodeInfo {
        code: UNDECLARED,
        title: "a required property has no schema",
        explanation: "`required` names a property that `properties` doesn't have. The client has \
                      a field for it that takes what unknown members may be, any JSON value where \
                      nothing is said about them; in answers it is optional. Correct the name, or \
                      add the property by a fixup.",
    },
    CodeInfo {
        code: RENAMED,
        title: "a type is called otherwise in Rust",
        explanation: "The name in the document is no Rust type name, belongs to the standard \
                      library or the client itself, or differs from another only by case or \
                      punctuation.",
    },
    CodeInfo {
        code: INVARIANT,
        title: "a schema was not fitted",
        explanation: "This is a mistake of the generator: an inline object, enum or union was left \
                      for typify to name. Please report it with the document.",
    },
];
