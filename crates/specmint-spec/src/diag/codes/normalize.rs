//! `N`: reading the Mintlify forms, and the idioms of 3.0.

use crate::diag::{Code, CodeInfo, Severity};

/// A block that is no operation.
pub const NOT_AN_OPERATION: Code = Code("N0001");
/// A version of `OpenAPI` that isn't read.
pub const VERSION: Code = Code("N0002");
/// A webhook's page without its content.
pub const WEBHOOK_HIDDEN: Code = Code("N0003");
/// A path parameter that the page doesn't describe.
pub const PARAMETER_VANISHED: Code = Code("N0011");
/// An `enum` without members.
pub const ENUM_LOST: Code = Code("N0012");
/// A type that the endpoint form doesn't have.
pub const UNKNOWN_TYPE: Code = Code("N0013");
/// An example that may be a generated one.
pub const EXAMPLE_DROPPED: Code = Code("N0014");
/// A name that belongs to schemas which differ.
pub const NAME_AMBIGUOUS: Code = Code("N0015");
/// Schemes paired with what is sent by their likeness.
pub const SECURITY_PAIRED: Code = Code("N0016");
/// A scheme of which nothing but the name is known.
pub const SECURITY_UNKNOWN: Code = Code("N0017");
/// Keywords beside a `$ref` in 3.0.
pub const REF_SIBLINGS: Code = Code("N0031");
/// `nullable` beside a `$ref` in 3.0.
pub const NULLABLE_BESIDE_REF: Code = Code("N0032");
/// `nullable` in a 3.1 document.
pub const NULLABLE_IN_3_1: Code = Code("N0033");
/// A `required` of a schema that is no list.
pub const REQUIRED_NOT_A_LIST: Code = Code("N0034");
/// An exclusive bound without its number.
pub const EXCLUSIVE_WITHOUT_BOUND: Code = Code("N0035");
/// A constant of a string schema that was written like a number.
pub const STRING_RESTORED: Code = Code("N0036");
/// A discriminator that maps to an object.
pub const MAPPING_TO_OBJECT: Code = Code("N0037");
/// A page whose block holds more than one operation.
pub const TWO_OPERATIONS: Code = Code("N0038");
/// A page with something else where a schema has to stand.
pub const NO_SCHEMA: Code = Code("N0039");

/// What is said, once per fragment, of things that happen at many places.
pub(crate) fn tallied(code: Code) -> (Severity, &'static str) {
    match code {
        REF_SIBLINGS => (
            Severity::Note,
            "OpenAPI 3.0 ignores what stands beside a `$ref`; it is left out",
        ),
        NULLABLE_BESIDE_REF => (
            Severity::Note,
            "OpenAPI 3.0 ignores `nullable` beside a `$ref`; it is left out",
        ),
        NULLABLE_IN_3_1 => (
            Severity::Note,
            "`nullable` is no keyword of OpenAPI 3.1; it is read as 3.0 means it",
        ),
        REQUIRED_NOT_A_LIST => (
            Severity::Warning,
            "`required` of a schema is a list of property names; anything else is left out",
        ),
        EXCLUSIVE_WITHOUT_BOUND => (
            Severity::Warning,
            "an exclusive bound without its number bounds nothing",
        ),
        STRING_RESTORED => (
            Severity::Note,
            "the schema takes strings, so the constant is read as one",
        ),
        MAPPING_TO_OBJECT => (
            Severity::Note,
            "a discriminator maps to text; the reference in the object is read as such",
        ),
        _ => (
            Severity::Note,
            "the document was brought into the idioms of OpenAPI 3.1",
        ),
    }
}

/// The codes of this room.
pub const TABLE: &[CodeInfo] = &[
    CodeInfo {
        code: NOT_AN_OPERATION,
        title: "not an operation",
        explanation: "A block of the endpoint form says its operation in `paths.path` and \
                      `paths.method`, and a path begins with `/`. This block does neither, so \
                      nothing can be made of it. Compare the page with the published one.",
    },
    CodeInfo {
        code: VERSION,
        title: "a version of OpenAPI that is not read",
        explanation: "Documents of OpenAPI 3.0.x and 3.1.x are read. Swagger 2.0, OpenAPI 3.2 and \
                      AsyncAPI are other formats; convert the document first.",
    },
    CodeInfo {
        code: WEBHOOK_HIDDEN,
        title: "a webhook's page without its content",
        explanation: "A webhook's page of the OpenAPI form has `paths: {}` and shows the webhook's \
                      name only. Nothing a client calls is lost.",
    },
    CodeInfo {
        code: PARAMETER_VANISHED,
        title: "a path parameter the page doesn't describe",
        explanation: "The path template names a parameter that the page does not describe. The \
                      endpoint form leaves out parameters that the author described by `content`. \
                      A required string is assumed; a fixup can say more.",
    },
    CodeInfo {
        code: ENUM_LOST,
        title: "an enum without members",
        explanation: "The endpoint form drops members of an `enum` that do not fit its type. None \
                      is left here, so any value of the type is taken.",
    },
    CodeInfo {
        code: UNKNOWN_TYPE,
        title: "a type the endpoint form doesn't have",
        explanation: "Types of the endpoint form are those of JSON Schema, `any`, `file` and \
                      `enum<…>`. The value is left untyped.",
    },
    CodeInfo {
        code: EXAMPLE_DROPPED,
        title: "an example that may be a generated one",
        explanation: "Where the author gave no example, the endpoint form shows a generated one \
                      that looks real. A lone example without a summary is therefore not believed; \
                      examples inside of schemas are kept.",
    },
    CodeInfo {
        code: NAME_AMBIGUOUS,
        title: "one name for schemas that differ",
        explanation: "`refIdentifier` names a component that went into a schema, not always the \
                      component that the schema is. Where schemas of one name differ and no page \
                      ships the component, none of them gets the name.",
    },
    CodeInfo {
        code: SECURITY_PAIRED,
        title: "schemes paired by their likeness",
        explanation: "The endpoint form lists the names of the schemes apart from what they send, \
                      ordered by place. Where order does not decide, likeness of the names does. \
                      Check `components.securitySchemes`, and say it in a fixup if it is wrong.",
    },
    CodeInfo {
        code: SECURITY_UNKNOWN,
        title: "a scheme of which only the name is known",
        explanation: "OpenID Connect, mutual TLS and HTTP schemes in an unusual spelling leave \
                      nothing but their name in the endpoint form. A bearer token is assumed (basic \
                      credentials or mutual TLS where the name says so). This is not the same as a \
                      call without credentials.",
    },
    CodeInfo {
        code: REF_SIBLINGS,
        title: "keywords beside a `$ref` in OpenAPI 3.0",
        explanation: "OpenAPI 3.0 ignores everything beside a `$ref`, 3.1 does not. To keep the \
                      meaning, the keywords are left out; a description is kept.",
    },
    CodeInfo {
        code: NULLABLE_BESIDE_REF,
        title: "`nullable` beside a `$ref` in OpenAPI 3.0",
        explanation: "OpenAPI 3.0 ignores everything beside a `$ref`, so the value is not nullable. \
                      If the API does send `null` there, say it in a fixup.",
    },
    CodeInfo {
        code: NULLABLE_IN_3_1,
        title: "`nullable` in OpenAPI 3.1",
        explanation: "OpenAPI 3.1 has no `nullable`; validators ignore it. Authors mean what 3.0 \
                      means by it, and so it is read.",
    },
    CodeInfo {
        code: REQUIRED_NOT_A_LIST,
        title: "a `required` that is no list",
        explanation: "In a schema `required` lists names of properties. A truth value belongs to \
                      parameters and bodies, or to a very old draft of JSON Schema; here it says \
                      nothing.",
    },
    CodeInfo {
        code: EXCLUSIVE_WITHOUT_BOUND,
        title: "an exclusive bound without its number",
        explanation: "`exclusiveMinimum: true` makes `minimum` exclusive, and there is no \
                      `minimum` (or the same with maxima). It bounds nothing and is left out.",
    },
    CodeInfo {
        code: STRING_RESTORED,
        title: "a string constant written like a number",
        explanation: "The schema takes strings, but YAML reads the constant as a number or a truth \
                      value, such as `1.10` or `+15555550123`. The text as written is what was \
                      meant.",
    },
    CodeInfo {
        code: MAPPING_TO_OBJECT,
        title: "a discriminator that maps to an object",
        explanation: "The values of a discriminator's `mapping` are names of components or \
                      references as text. `{$ref: …}` is a common slip, and what it means is clear.",
    },
    CodeInfo {
        code: TWO_OPERATIONS,
        title: "a page with two operations",
        explanation: "Pages in the OpenAPI form are pruned to the one operation that they describe. \
                      A block with more was edited or put together by something else.",
    },
    CodeInfo {
        code: NO_SCHEMA,
        title: "no schema where one has to stand",
        explanation: "A schema is a mapping, or since 3.1 `true` or `false`. A list or a scalar in \
                      its place means that the page was damaged.",
    },
];
