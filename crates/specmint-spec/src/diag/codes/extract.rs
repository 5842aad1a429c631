//! `E`: finding specification blocks in pages.

use crate::diag::{Code, CodeInfo};

/// A fence that is never closed.
pub const UNCLOSED: Code = Code("E0001");
/// `## OpenAPI` without a block.
pub const NO_BLOCK: Code = Code("E0002");
/// A block of no known form.
pub const UNKNOWN_FORM: Code = Code("E0003");
/// An `AsyncAPI` page or document.
pub const ASYNC_API: Code = Code("E0004");
/// An Apidog or Apifox export.
pub const APIDOG: Code = Code("E0005");
/// A Swagger 2.0 document.
pub const SWAGGER: Code = Code("E0006");
/// An OpenAPI version other than 3.0 and 3.1.
pub const VERSION: Code = Code("E0007");
/// `llms-full.txt`.
pub const LLMS_FULL: Code = Code("E0008");
/// No specification anywhere.
pub const NOTHING: Code = Code("E0009");
/// `llms.txt` names a whole specification.
pub const WHOLE_SPECIFICATION: Code = Code("E0010");
/// A page's source instead of the page.
pub const SOURCE_PAGE: Code = Code("E0011");
/// A document that is no specification.
pub const UNKNOWN_DOCUMENT: Code = Code("E0012");
/// An HTML page.
pub const HTML: Code = Code("E0013");

/// The codes of this room.
pub const TABLE: &[CodeInfo] = &[
    CodeInfo {
        code: UNCLOSED,
        title: "a fence is never closed",
        explanation: "The block's closing fence is the next line that begins, at column 0, with \
                      at least as many backticks as the opening one. There is none before the end \
                      of the page, so the page was cut short. A partial block is never used.",
    },
    CodeInfo {
        code: NO_BLOCK,
        title: "no block under `## OpenAPI`",
        explanation: "A page with this heading documents an operation, and its specification \
                      stands in a fenced block below. Without the block the operation would be \
                      missing in silence. Fetch the page again, or remove it if it is a guide.",
    },
    CodeInfo {
        code: UNKNOWN_FORM,
        title: "a block of no known form",
        explanation: "Two forms are read: an OpenAPI document (`openapi: 3.x` at its root), and \
                      the older endpoint form (`paths` with the strings `path` and `method`).",
    },
    CodeInfo {
        code: ASYNC_API,
        title: "AsyncAPI",
        explanation: "The page or document describes message channels. They have no HTTP \
                      operations, so there is nothing to make a client of. Next to pages that can \
                      be read this is a warning.",
    },
    CodeInfo {
        code: APIDOG,
        title: "an Apidog or Apifox export",
        explanation: "These pages hold a document of several operations under `## OpenAPI \
                      Specification`. Save the document as a file of its own and use that as the \
                      input.",
    },
    CodeInfo {
        code: SWAGGER,
        title: "Swagger 2.0",
        explanation: "Swagger 2.0 is another language than OpenAPI 3. Converters exist, \
                      `swagger2openapi` for one; look at what they warn about.",
    },
    CodeInfo {
        code: VERSION,
        title: "an OpenAPI version that is not supported",
        explanation: "Supported are 3.0.x and 3.1.x. A 3.2 document that uses nothing new is a \
                      valid 3.1 document once its `openapi` says so.",
    },
    CodeInfo {
        code: LLMS_FULL,
        title: "`llms-full.txt` can't serve",
        explanation: "The joined text of a site keeps the prose of its pages and leaves out their \
                      specification blocks. The pages themselves are needed; `llms.txt` lists \
                      their addresses.",
    },
    CodeInfo {
        code: NOTHING,
        title: "no specification anywhere",
        explanation: "Nothing in the input holds a specification block, and nothing is an OpenAPI \
                      document. Pages saved as HTML, login pages and guides look like this.",
    },
    CodeInfo {
        code: WHOLE_SPECIFICATION,
        title: "the site names a whole specification",
        explanation: "The index of the site lists an OpenAPI document under `## OpenAPI Specs`. \
                      It is a better source than the pages, which show it in parts.",
    },
    CodeInfo {
        code: SOURCE_PAGE,
        title: "a page's source instead of the page",
        explanation: "The front matter has `openapi:`, from which the site makes the block when \
                      it publishes the page. The source has no block. Save the published page.",
    },
    CodeInfo {
        code: UNKNOWN_DOCUMENT,
        title: "a document that is no specification",
        explanation: "The file is JSON or YAML, but its root has no `openapi`. It may be a part \
                      of a specification that another file refers to; name that file instead.",
    },
    CodeInfo {
        code: HTML,
        title: "HTML instead of Markdown",
        explanation: "The file begins like an HTML page. Documentation sites of this kind give \
                      the Markdown of a page at its address with `.md` at the end; a login or \
                      challenge page comes as HTML whatever was asked for.",
    },
];
