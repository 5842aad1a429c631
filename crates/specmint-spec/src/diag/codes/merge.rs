//! `M`: making one document of many fragments.

use crate::diag::{Code, CodeInfo};

/// No specification anywhere.
pub const NOTHING: Code = Code("M0001");
/// Pages describe one operation differently.
pub const OPERATION_DIFFERS: Code = Code("M0002");
/// Several pages describe one operation alike.
pub const OPERATION_REPEATED: Code = Code("M0003");
/// One name for different components.
pub const NAME_TAKEN: Code = Code("M0004");
/// A reference that leads nowhere.
pub const DANGLING: Code = Code("M0005");
/// Pages disagree about the API itself.
pub const INFO_DIFFERS: Code = Code("M0006");
/// No page says the API's version.
pub const VERSION_UNKNOWN: Code = Code("M0007");
/// One operation id for two operations.
pub const ID_TAKEN: Code = Code("M0008");
/// A person named an operation that isn't there, or two alike.
pub const NAMED: Code = Code("M0009");
/// A reference into a component that is shown inlined only.
pub const INLINED: Code = Code("M0010");

/// The codes of this room.
pub const TABLE: &[CodeInfo] = &[
    CodeInfo {
        code: NOTHING,
        title: "no specification",
        explanation: "None of the pages holds a block that describes an operation, and none is an \
                      OpenAPI document. Prose, AsyncAPI pages and pages without a fenced block are \
                      not read.",
    },
    CodeInfo {
        code: OPERATION_DIFFERS,
        title: "pages describe one operation differently",
        explanation: "Several pages describe the same method and path, and differ in more than \
                      prose: copies of different dates, or two specifications on one site. One page \
                      is taken whole: the OpenAPI form before the endpoint form, then the higher \
                      version, the fuller page, the shorter page name. Remove the other page to \
                      decide it yourself.",
    },
    CodeInfo {
        code: OPERATION_REPEATED,
        title: "several pages describe one operation",
        explanation: "Several pages describe the same method and path and differ in prose only, or \
                      show it in both forms. One page is taken whole.",
    },
    CodeInfo {
        code: NAME_TAKEN,
        title: "one name for different components",
        explanation: "Pages give one name to components that differ, because they were written at \
                      different times or for different specifications. The name stays with the \
                      meaning that most pages share; the others get a number.",
    },
    CodeInfo {
        code: DANGLING,
        title: "a reference that leads nowhere",
        explanation: "The target of this `$ref` is neither in the document nor in another file of \
                      the input. What it stands for is unknown, so anything is allowed there; a \
                      parameter is left out.",
    },
    CodeInfo {
        code: INFO_DIFFERS,
        title: "pages disagree about the API",
        explanation: "Every page carries a copy of `info`, and these copies differ. The one that \
                      most pages carry is used.",
    },
    CodeInfo {
        code: VERSION_UNKNOWN,
        title: "the API's version is unknown",
        explanation: "The endpoint form does not carry `info`, and an OpenAPI document must have a \
                      version, so `unknown` stands there.",
    },
    CodeInfo {
        code: ID_TAKEN,
        title: "one operation id for two operations",
        explanation: "Pages of different dates can give one `operationId` to two operations, and a \
                      document may use it once. The later operation is named after its method and \
                      path.",
    },
    CodeInfo {
        code: NAMED,
        title: "a name in `api.toml` that can't be given",
        explanation: "`[operations]` of `api.toml` names operations by `METHOD /path`, the path as \
                      the document writes it. An entry for an operation that is not there, or a \
                      name given twice, would be a decision without effect.",
    },
    CodeInfo {
        code: INLINED,
        title: "a reference into a component that no page has",
        explanation: "The target of this `$ref` is inside of a component that no page ships, since \
                      pages of the older form write the schema of a body out without its name. A \
                      body of these pages has a member at that place, and all that can be meant \
                      are alike, so that is taken. It is a note where that body refers into itself, \
                      and a warning where the body is another operation's.",
    },
];
