//! `L`: lowering 3.1 to 3.0.

use crate::diag::{Code, CodeInfo};

/// The codes of this room.
pub const TABLE: &[CodeInfo] = &[
    CodeInfo {
        code: PATH_ITEM,
        title: "a path item that is not there",
        explanation: "A path item is a `$ref` to something that is not in the document, so its operations can't be known. Correct the reference upstream, or replace the path item by a fixup.",
    },
    CodeInfo {
        code: UNRESOLVED,
        title: "a reference that leads nowhere",
        explanation: "A `$ref` leads to nothing in the document, back to itself, or to another document. A schema becomes one that admits everything, a body or an answer becomes bytes, a parameter is left out. Put files that are referred to beside the document, or add what is missing by a fixup.",
    },
    CodeInfo {
        code: UNRESOLVED_OTHER,
        title: "a reference no caller needs leads nowhere",
        explanation: "The `$ref` of a header, a link, an example or a callback leads to nothing in the document. No client is made of them, so nothing is lost.",
    },
    CodeInfo {
        code: DYNAMIC_REF,
        title: "a dynamic reference to one of several schemas",
        explanation: "`$dynamicRef` leads to whichever schema of the name the reader came through last. With several schemas of the name, the value is untyped.",
    },
    CodeInfo {
        code: NO_SCHEMA,
        title: "a value where a schema belongs",
        explanation: "A schema is an object or a truth value. Anything else is taken as one that admits every value.",
    },
    CodeInfo {
        code: DIALECT,
        title: "an unknown dialect of schemas",
        explanation: "`$schema` or `jsonSchemaDialect` names a dialect other than those of JSON Schema and OpenAPI. Its keywords are read as those of OpenAPI 3.1.",
    },
    CodeInfo {
        code: EXAMPLES,
        title: "more than one example",
        explanation: "3.0 has one example per schema. The first is kept; no type depends on them.",
    },
    CodeInfo {
        code: TYPE_NAME,
        title: "a type that does not exist",
        explanation: "`type` holds a word that is no type of JSON Schema and resembles none. The value is untyped.",
    },
    CodeInfo {
        code: TYPE_LIST,
        title: "a list of types beside a union",
        explanation: "A schema says its types by a list and by `anyOf` or `oneOf`. The branches are kept, which say the same or more.",
    },
    CodeInfo {
        code: CONTENT_SCHEMA,
        title: "the schema of a document inside a string",
        explanation: "`contentSchema` describes what a string holds once it is decoded. The value stays the string.",
    },
    CodeInfo {
        code: CONTAINS,
        title: "`contains`",
        explanation: "3.0 can't ask for some elements to match. The server checks it anyway.",
    },
    CodeInfo {
        code: PREFIX_ITEMS,
        title: "a tuple",
        explanation: "3.0 knows lists whose elements all have one schema. A tuple becomes a list of the union of its types; the tuple itself stays in `x-specmint-prefix-items`, which the client is generated from where the number of elements is fixed.",
    },
    CodeInfo {
        code: PATTERN_PROPERTIES,
        title: "members named by a pattern",
        explanation: "3.0 knows one schema for all members without a name of their own. Patterns become that schema, or the union of theirs.",
    },
    CodeInfo {
        code: PROPERTY_NAMES,
        title: "the names of members have a schema",
        explanation: "3.0 can't restrict the names of members. The server checks them anyway.",
    },
    CodeInfo {
        code: DEPENDENT,
        title: "members that ask for others",
        explanation: "`dependentRequired`, `dependentSchemas` and `dependencies` can't be said in 3.0. Members that only they name become optional.",
    },
    CodeInfo {
        code: IF_THEN_ELSE,
        title: "a condition",
        explanation: "`if`, `then` and `else` can't be said in 3.0. Members that only a branch names become optional.",
    },
    CodeInfo {
        code: UNEVALUATED,
        title: "a schema for what nothing else spoke about",
        explanation: "`unevaluatedProperties` and `unevaluatedItems` with a schema can't be said in 3.0 where a schema is made of others.",
    },
    CodeInfo {
        code: UNKNOWN,
        title: "a keyword that 3.0 doesn't know",
        explanation: "The keyword is removed. Only names that begin with `x-` are free in 3.0.",
    },
    CodeInfo {
        code: ENUM_VALUES,
        title: "a value of an `enum` is not of the type",
        explanation: "Such a value never matches. It is written as the type asks for where that is possible, and left out otherwise.",
    },
    CodeInfo {
        code: CONTRADICTION,
        title: "a keyword about another type",
        explanation: "A keyword such as `items` beside `type: string` never applies and is removed.",
    },
    CodeInfo {
        code: NUMBER,
        title: "a number that fits nowhere",
        explanation: "A length that is no length, or a bound beyond 64 bits, is removed.",
    },
    CodeInfo {
        code: MALFORMED,
        title: "a keyword with a value of the wrong kind",
        explanation: "The keyword is removed, or read as what was plainly meant.",
    },
    CodeInfo {
        code: PATH,
        title: "a path that does not begin with `/`",
        explanation: "Paths are appended to the server's URL and begin with `/`. It is added, unless the path with it is there too.",
    },
    CodeInfo {
        code: STATUS,
        title: "an answer for something that is no status",
        explanation: "Answers are for a status such as `200`, a range such as `2XX`, or `default`.",
    },
    CodeInfo {
        code: PARAMETER,
        title: "a parameter that can't be sent",
        explanation: "A parameter needs a name and one of the places `query`, `header`, `path` and `cookie`.",
    },
    CodeInfo {
        code: STYLE,
        title: "a style that does not exist",
        explanation: "The style of a parameter depends on its place. An unknown one is replaced by the default of the place.",
    },
    CodeInfo {
        code: SECURITY_SCHEME,
        title: "a security scheme that can't be used",
        explanation: "A scheme lacks what its type asks for, or has no known type.",
    },
    CodeInfo {
        code: SERVER,
        title: "a server's variable without a default",
        explanation: "A variable needs a default to make a URL. The first of its values is taken, or nothing.",
    },
    CodeInfo {
        code: METHOD,
        title: "a method that 3.0 doesn't have",
        explanation: "3.0 knows `get`, `put`, `post`, `delete`, `options`, `head`, `patch` and `trace`. The operation is left out.",
    },
];

/// A path item that is not there.
pub const PATH_ITEM: Code = Code("L0001");
/// A reference that leads nowhere.
pub const UNRESOLVED: Code = Code("L0002");
/// A reference no caller needs leads nowhere.
pub const UNRESOLVED_OTHER: Code = Code("L0003");
/// A dynamic reference to one of several schemas.
pub const DYNAMIC_REF: Code = Code("L0004");
/// A value where a schema belongs.
pub const NO_SCHEMA: Code = Code("L0005");
/// An unknown dialect of schemas.
pub const DIALECT: Code = Code("L0006");
/// More than one example.
pub const EXAMPLES: Code = Code("L0007");
/// A type that does not exist.
pub const TYPE_NAME: Code = Code("L0008");
/// A list of types beside a union.
pub const TYPE_LIST: Code = Code("L0009");
/// The schema of a document inside a string.
pub const CONTENT_SCHEMA: Code = Code("L0010");
/// `contains`.
pub const CONTAINS: Code = Code("L0011");
/// A tuple.
pub const PREFIX_ITEMS: Code = Code("L0012");
/// Members named by a pattern.
pub const PATTERN_PROPERTIES: Code = Code("L0013");
/// The names of members have a schema.
pub const PROPERTY_NAMES: Code = Code("L0014");
/// Members that ask for others.
pub const DEPENDENT: Code = Code("L0015");
/// A condition.
pub const IF_THEN_ELSE: Code = Code("L0016");
/// A schema for what nothing else spoke about.
pub const UNEVALUATED: Code = Code("L0017");
/// A keyword that 3.0 doesn't know.
pub const UNKNOWN: Code = Code("L0018");
/// A value of an `enum` is not of the type.
pub const ENUM_VALUES: Code = Code("L0019");
/// A keyword about another type.
pub const CONTRADICTION: Code = Code("L0020");
/// A number that fits nowhere.
pub const NUMBER: Code = Code("L0021");
/// A keyword with a value of the wrong kind.
pub const MALFORMED: Code = Code("L0022");
/// A path that does not begin with `/`.
pub const PATH: Code = Code("L0023");
/// An answer for something that is no status.
pub const STATUS: Code = Code("L0024");
/// A parameter that can't be sent.
pub const PARAMETER: Code = Code("L0025");
/// A style that does not exist.
pub const STYLE: Code = Code("L0026");
/// A security scheme that can't be used.
pub const SECURITY_SCHEME: Code = Code("L0027");
/// A server's variable without a default.
pub const SERVER: Code = Code("L0028");
/// A method that 3.0 doesn't have.
pub const METHOD: Code = Code("L0029");
