//! The tables of codes of this crate: `P` fitting the document, `G` generating code.
//!
//! A code is never reused for something else.

use specmint_spec::diag::{Code, CodeInfo};

/// Every code of this crate.
pub fn all() -> impl Iterator<Item = &'static CodeInfo> {
    [crate::preflight::schemas::TABLE, FIT, GENERATE]
        .into_iter()
        .flatten()
}

/// A reference that points nowhere.
pub const DANGLING_REFERENCE: Code = Code("P0201");
/// A path parameter that is not in the path.
pub const PATH_PARAMETER_NOT_IN_PATH: Code = Code("P0202");
/// A parameter without a place.
pub const PARAMETER_WITHOUT_PLACE: Code = Code("P0203");
/// A header parameter that OpenAPI ignores.
pub const IGNORED_HEADER: Code = Code("P0204");
/// A name that no header or cookie can have.
pub const UNSENDABLE_NAME: Code = Code("P0205");
/// A style that is not for this kind of parameter.
pub const STYLE_OUT_OF_PLACE: Code = Code("P0206");
/// A path parameter that is not declared.
pub const UNDECLARED_PATH_PARAMETER: Code = Code("P0207");
/// A request body that is another spelling of one already there.
pub const MEDIA_TYPE_NOT_OFFERED: Code = Code("P0208");
/// A request body without a schema.
pub const BODY_WITHOUT_SCHEMA: Code = Code("P0209");
/// A key of `responses` that is no status.
pub const UNKNOWN_STATUS: Code = Code("P0210");
/// No success answer.
pub const NO_SUCCESS_ANSWER: Code = Code("P0211");
/// A JSON answer without a schema.
pub const ANSWER_WITHOUT_SCHEMA: Code = Code("P0212");
/// A security scheme that is unknown.
pub const UNKNOWN_SCHEME: Code = Code("P0213");
/// No server.
pub const NO_SERVER: Code = Code("P0214");
/// A schema that has no type.
pub const NO_TYPE: Code = Code("P0215");
/// A method that HTTP clients can't be told in OpenAPI 3.0.
pub const UNKNOWN_METHOD: Code = Code("P0216");
/// A stream of typed items.
pub const STREAM_ITEMS: Code = Code("P0217");
/// A list that comes page by page.
pub const PAGINATED: Code = Code("P0231");
/// Pages that begin nobody knows where.
pub const FIRST_PAGE_UNKNOWN: Code = Code("P0232");
/// A mistake in what `api.toml` says of pages.
pub const PAGINATION_STATED: Code = Code("P0233");
/// A webhook without a type.
pub const WEBHOOK_UNTYPED: Code = Code("P0234");
/// The generator gave up.
pub const GENERATOR_FAILED: Code = Code("G0001");
/// The generator wrote something unexpected.
pub const UNEXPECTED_SHAPE: Code = Code("G0002");

/// `P02xx`: fitting operations.
const FIT: &[CodeInfo] = &[
    CodeInfo {
        code: DANGLING_REFERENCE,
        title: "a reference that points nowhere",
        explanation: "An operation refers to a parameter, request body or response that does not exist, or that refers to itself. The operation can't be generated; correct the document, or add a fixup.",
    },
    CodeInfo {
        code: PATH_PARAMETER_NOT_IN_PATH,
        title: "a path parameter that is not in the path",
        explanation: "A parameter is declared with `in: path`, and the path template has no such name. There is no place to put a value, so it is left out.",
    },
    CodeInfo {
        code: PARAMETER_WITHOUT_PLACE,
        title: "a parameter without a place",
        explanation: "A parameter needs `name`, and `in` as one of `path`, `query`, `header`, `cookie`. It is left out.",
    },
    CodeInfo {
        code: IGNORED_HEADER,
        title: "a header parameter that OpenAPI ignores",
        explanation: "OpenAPI says that header parameters called `Accept`, `Content-Type` and `Authorization` are ignored: the answers, the body and the security schemes say the same. `Authorization` is kept where no security scheme writes it.",
    },
    CodeInfo {
        code: UNSENDABLE_NAME,
        title: "a name that no header or cookie can have",
        explanation: "Header names are tokens of visible ASCII. A parameter of another name can't be sent by anybody; it is left out.",
    },
    CodeInfo {
        code: STYLE_OUT_OF_PLACE,
        title: "a style that is not for this kind of parameter",
        explanation: "OpenAPI lists which styles go with which place. The default of the place is used.",
    },
    CodeInfo {
        code: UNDECLARED_PATH_PARAMETER,
        title: "a path parameter that is not declared",
        explanation: "The path template has a name in braces which no parameter declares. It is taken as a required string.",
    },
    CodeInfo {
        code: MEDIA_TYPE_NOT_OFFERED,
        title: "a request body that is another spelling of one already there",
        explanation: "Two media types of one kind share one schema, such as `application/json` and `text/json`. One method is enough.",
    },
    CodeInfo {
        code: BODY_WITHOUT_SCHEMA,
        title: "a request body without a schema",
        explanation: "The document names the media type and not what is in it. Any value is taken.",
    },
    CodeInfo {
        code: UNKNOWN_STATUS,
        title: "a key of `responses` that is no status",
        explanation: "Keys are a status, a range such as `4XX`, or `default`. The answer is left out.",
    },
    CodeInfo {
        code: NO_SUCCESS_ANSWER,
        title: "no success answer",
        explanation: "The operation documents no 2xx answer, no redirect and no `default`. The call gives back the bytes of any success answer.",
    },
    CodeInfo {
        code: ANSWER_WITHOUT_SCHEMA,
        title: "a JSON answer without a schema",
        explanation: "The document says JSON and not what is in it. The call gives back any JSON value.",
    },
    CodeInfo {
        code: UNKNOWN_SCHEME,
        title: "a security scheme that is unknown",
        explanation: "A requirement names a scheme that does not exist, or a scheme is of a type that OpenAPI does not have.",
    },
    CodeInfo {
        code: NO_SERVER,
        title: "no server",
        explanation: "The document names no absolute base URL. The client has to be given one: `Client::builder().base_url(…)`, or `base-url` in `api.toml`.",
    },
    CodeInfo {
        code: NO_TYPE,
        title: "a schema that has no type",
        explanation: "A schema of the operation could not be fitted, so that the operation can't be generated.",
    },
    CodeInfo {
        code: UNKNOWN_METHOD,
        title: "a method that HTTP clients can't be told in OpenAPI 3.0",
        explanation: "Only `get`, `put`, `post`, `delete`, `options`, `head`, `patch` and `trace` can be generated.",
    },
    CodeInfo {
        code: STREAM_ITEMS,
        title: "a stream of typed items",
        explanation: "OpenAPI 3.0 and 3.1 don't say whether the schema of `text/event-stream` is about an event or about its data. It is taken for the event's where it has `data` and other fields of events, else for the data's, as JSON. `stream()` reads it so; `send()` gives back what the server sent.",
    },
    CodeInfo {
        code: PAGINATED,
        title: "a list that comes page by page",
        explanation: "OpenAPI can't say how pages follow one another. A parameter and a field of the answer have names that belong together, or `api.toml` says it: `pages()` and `stream()` of the operation's builder follow them. Where that is wrong, say so in `api.toml`: `[pagination.name_of_operation]`, `style = \"none\"`.",
    },
    CodeInfo {
        code: FIRST_PAGE_UNKNOWN,
        title: "pages that begin nobody knows where",
        explanation: "The operation has a parameter for the number of the page, and neither a default nor a minimum nor its description says whether the first one is 0 or 1. To guess would be to leave out a page, or to read one twice. State it in `api.toml`: `[pagination.name_of_operation]`, `style = \"page\"`, `parameter`, `first`.",
    },
    CodeInfo {
        code: PAGINATION_STATED,
        title: "a mistake in what `api.toml` says of pages",
        explanation: "`[pagination.name_of_operation]` names an operation, a parameter, a member of the body or a list that the document doesn't have, or leaves out what its style needs: `cursor` has `parameter` and `next`; `page` has `parameter`, and `first` where the document doesn't say it; `offset` has `parameter`; `body`, a member of a body in JSON, may stand for `parameter`, and `last-item`, a field of the items, for `next`; `url` has `next`; `link` and `none` have nothing. `items`, `more`, `total` and `pages` name fields of the answer, with dots or as JSON Pointers, `size` the parameter that limits a page.",
    },
    CodeInfo {
        code: WEBHOOK_UNTYPED,
        title: "a webhook without a type",
        explanation: "A webhook documents no body, or none in JSON with a schema. There is nothing to read it into, and no function for it; operations are not concerned.",
    },
];

/// `G`: generating code.
const GENERATE: &[CodeInfo] = &[
    CodeInfo {
        code: GENERATOR_FAILED,
        title: "the generator gave up",
        explanation: "progenitor refused a document, or panicked. The operation it gave up on is left out; the others are generated. Please report it.",
    },
    CodeInfo {
        code: UNEXPECTED_SHAPE,
        title: "the generator wrote something unexpected",
        explanation: "What progenitor wrote is not of the shape that this crate relies on. It is a bug here, or a version of progenitor that is not 0.15.1. Please report it.",
    },
];
