//! What the wire needs: methods, paths, parameters, bodies, answers, credentials.
//!
//! The fitted document is what progenitor reads; this is what really goes over the wire. The two
//! are made together by [`preflight`](crate::preflight), and everything that is printed beside
//! progenitor's code is printed from here. It must never know how anything is printed.

use std::collections::BTreeMap;

use specmint_spec::{document::OperationKey, page::Span};

/// One API.
#[derive(Clone, Debug)]
pub struct Api {
    /// The module's name: `acme`.
    pub name: String,
    /// What the API calls itself.
    pub title: String,
    /// `info.version` as visible ASCII.
    pub version: String,
    /// What it says about itself: `CommonMark`.
    pub description: Option<String>,
    /// Where its documentation is.
    pub docs: Option<String>,
    /// Base URLs, the default first.
    pub servers: Vec<Server>,
    /// The variables of all servers, those of operations too.
    pub variables: Vec<ServerVariable>,
    /// The servers that callers can choose.
    pub named_servers: Vec<NamedServer>,
    /// Security schemes; requirements hold indices into this list.
    pub schemes: Vec<Scheme>,
    /// One entry per generated method, in the order of the document.
    pub operations: Vec<Operation>,
    /// What the API sends by itself.
    pub webhooks: Vec<Webhook>,
    /// The property of payloads by which webhooks are told apart, where there is one.
    pub webhook_tag: Option<String>,
    /// Rust name of the enum of error bodies, where more than one type is documented.
    pub error_enum: Option<String>,
    /// Every type an error body is read into, in the order of first use.
    pub errors: Vec<ErrorBody>,
    /// Former names of types, which are kept as aliases, and what they name.
    pub former_types: BTreeMap<String, String>,
}

/// A request that the API sends by itself.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// What the document calls it.
    pub name: String,
    /// As Rust calls it: snake case, unique.
    pub rust: String,
    /// Its variant in the enum of webhooks: Pascal case, unique.
    pub variant: String,
    /// Upper case.
    pub method: String,
    /// Where it stands in the lowered document.
    pub pointer: String,
    /// Where it was written.
    pub span: Span,
    /// One line.
    pub summary: Option<String>,
    /// `CommonMark`.
    pub description: Option<String>,
    /// Whether the document advises against it.
    pub deprecated: bool,
    /// Its documentation page.
    pub url: Option<String>,
    /// The place of its body's schema; `None` where there is nothing to read.
    pub payload: Option<String>,
    /// The documented headers.
    pub headers: Vec<WebhookHeader>,
    /// The properties of its payload whose only values are documented texts.
    pub tags: indexmap::IndexMap<String, Vec<String>>,
}

/// A header that comes along with a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookHeader {
    /// Its name.
    pub name: String,
    /// Whether it always comes.
    pub required: bool,
    /// What the document says about it.
    pub description: Option<String>,
}

/// A base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Absolute, or relative to the API's server; variables filled with defaults, where they have
    /// one.
    pub url: String,
    /// The URL with its variables in braces, where it has any.
    pub template: Option<String>,
    /// What the document says about it.
    pub description: Option<String>,
    /// Its variables.
    pub variables: Vec<ServerVariable>,
}

/// A server that callers can choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedServer {
    /// The constant's name in Rust: screaming snake case, unique.
    pub name: String,
    /// Its absolute URL, variables in braces.
    pub url: String,
    /// What the document says about it.
    pub description: Option<String>,
}

/// A variable of a server's URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVariable {
    /// As it stands in the template, unique among the API's variables.
    pub name: String,
    /// Its method in Rust: snake case, unique among those of the client's builder.
    pub rust: String,
    /// Its enum in Rust, where its values are documented; else empty.
    pub type_name: String,
    /// What stands there when nobody says; `None` where somebody has to.
    pub default: Option<String>,
    /// The documented values, each with its variant; empty where any goes.
    pub values: Vec<(String, String)>,
    /// What the document says about it.
    pub description: Option<String>,
}

/// A security scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Its key in the document.
    pub name: String,
    /// Its name as Rust sees it: snake case, unique among the schemes.
    pub rust: String,
    /// How a credential is sent.
    pub kind: SchemeKind,
    /// What the document says about it.
    pub description: Option<String>,
}

/// How a credential is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// As a named header, query parameter or cookie.
    ApiKey {
        /// Where.
        location: Location,
        /// Under which name.
        name: String,
    },
    /// `Authorization: Bearer …`.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
    /// Another scheme of `Authorization`, with its name as documented.
    Http(String),
    /// OAuth 2; sent as a bearer token.
    OAuth2,
    /// OpenID Connect; sent as a bearer token.
    OpenId,
    /// A client certificate; nothing is sent.
    MutualTls,
}

/// One generated method.
#[derive(Clone, Debug)]
pub struct Operation {
    /// What the document calls it.
    pub key: OperationKey,
    /// Where it stands in the document: `/paths/~1a/get`.
    pub pointer: String,
    /// Where it was written.
    pub span: Span,
    /// As reports call it.
    pub id: String,
    /// As Rust calls it: snake case.
    pub rust: String,
    /// Former names of the method, which are kept as aliases.
    pub was: Vec<String>,
    /// Its builder's name: Pascal case.
    pub builder: String,
    /// The name of its row in the table: screaming snake case.
    pub constant: String,
    /// Upper case.
    pub method: String,
    /// The path template as it goes over the wire, parameters in braces under their wire names.
    pub path: String,
    /// The path in the fitted document, unique for this method.
    pub fitted_path: String,
    /// One line.
    pub summary: Option<String>,
    /// `CommonMark`.
    pub description: Option<String>,
    /// Whether the document advises against it.
    pub deprecated: bool,
    /// Its documentation page.
    pub url: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// In the order of the table, which is path, then the document's.
    pub parameters: Vec<Parameter>,
    /// The body this method sends.
    pub body: Option<Body>,
    /// What it gives back.
    pub outcome: Outcome,
    /// Documented error answers.
    pub errors: Vec<ErrorAnswer>,
    /// Documented error answers as read, until their types are known; empty afterwards.
    pub(crate) error_answers: Vec<Answer>,
    /// Alternatives of combinations of indices into [`Api::schemes`]; empty means none needed.
    pub security: Vec<Vec<usize>>,
    /// Base URLs of its own, where the document says so.
    pub servers: Vec<Server>,
    /// How its pages follow one another, where it gives back a list.
    pub pages: Option<Pagination>,
}

/// How the pages of a list follow one another. Fields of a page are given by JSON Pointer
/// (RFC 6901), parameters by their position in [`Operation::parameters`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// What leads from a page to the next.
    pub way: PageWay,
    /// Where the items are.
    pub items: String,
    /// The place of the schema of one item: a key of the fitted types.
    pub item: String,
    /// The field that says whether there is another page.
    pub more: Option<String>,
    /// The field that counts the items of all pages.
    pub total: Option<String>,
    /// The field that counts the pages.
    pub pages: Option<String>,
    /// What says how long a page is.
    pub size: Option<PageSize>,
}

/// What leads from a page to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageWay {
    /// A field has what must be asked for on the next page.
    Cursor {
        /// What asks for it.
        to: PageTo,
        /// The field.
        next: String,
    },
    /// A field of the last item has it.
    After {
        /// What asks for it.
        to: PageTo,
        /// The field of the item.
        key: String,
    },
    /// Pages have numbers.
    Page {
        /// What asks for one.
        to: PageTo,
        /// The number of the first page.
        first: u64,
    },
    /// Items that are passed over are counted.
    Offset {
        /// What says how many.
        to: PageTo,
        /// What it is on the first page.
        first: u64,
    },
    /// The header `Link` (RFC 8288).
    Link,
    /// A field has the address of the next page.
    Url {
        /// The field.
        next: String,
    },
}

/// What of a request asks for a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageTo {
    /// A parameter.
    Parameter(usize),
    /// A member of the body in JSON, by JSON Pointer.
    Body(String),
}

/// What is documented about the length of pages; 0 where nothing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSize {
    /// The parameter that says it.
    pub parameter: usize,
    /// Its default, in items.
    pub usual: u64,
    /// Its maximum, in items.
    pub most: u64,
}

/// A parameter.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a yes or no of the document's"
)]
pub struct Parameter {
    /// On the wire.
    pub name: String,
    /// In Rust: snake case, unique in its operation.
    pub rust: String,
    /// Where it goes.
    pub location: Location,
    /// How a value is written.
    pub style: Style,
    /// How arrays and objects are written.
    pub explode: bool,
    /// Whether a call without it is refused before it is sent.
    pub required: bool,
    /// Whether reserved characters go unescaped.
    pub allow_reserved: bool,
    /// The media type of a `content` parameter.
    pub content: Option<String>,
    /// What the document says about it.
    pub description: Option<String>,
    /// Whether the document advises against it.
    pub deprecated: bool,
    /// Where its schema stands; the key of the fitted schema.
    pub schema: String,
    /// The name of its type, where that is a struct.
    pub structure: Option<String>,
    /// Bounds that a value is held against before it is sent.
    pub checks: Vec<Check>,
}

/// Where a parameter or key goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// As a header.
    Header,
    /// As a cookie.
    Cookie,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `a,b`.
    Simple,
    /// `name=a&name=b`, or `name=a,b`.
    Form,
    /// `name=a%20b`.
    SpaceDelimited,
    /// `name=a|b`.
    PipeDelimited,
    /// `name[key]=a`.
    DeepObject,
    /// `.a.b`.
    Label,
    /// `;name=a`.
    Matrix,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Body {
    /// What goes into `Content-Type`.
    pub media_type: String,
    /// How it is written.
    pub kind: BodyKind,
    /// Whether a call without it is refused before it is sent.
    pub required: bool,
    /// What the document says about it.
    pub description: Option<String>,
    /// Where its schema stands; `None` for text and raw bytes.
    pub schema: Option<String>,
    /// Whether other methods send other bodies to the same place.
    pub is_choice: bool,
    /// Bounds that it is held against before it is sent.
    pub checks: Vec<Check>,
}

/// A bound of a value that is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Where the value stands (RFC 6901); `*` is every item, or the value of every key.
    pub at: String,
    /// What it must be.
    pub bound: Bound,
}

/// What a value must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// `minimum`.
    AtLeast(f64),
    /// `minimum`, and not even that.
    Above(f64),
    /// `maximum`.
    AtMost(f64),
    /// `maximum`, and not even that.
    Below(f64),
    /// `minLength`, in Unicode characters.
    MinChars(usize),
    /// `maxLength`, in Unicode characters.
    MaxChars(usize),
    /// `minItems`.
    MinItems(usize),
    /// `maxItems`.
    MaxItems(usize),
}

/// How a body is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// As JSON.
    Json,
    /// As a form, with what the document says of single members.
    Form(Vec<Encoding>),
    /// As parts, with what the document says of single members.
    Multipart(Vec<Encoding>),
    /// As it is, UTF-8.
    Text,
    /// As it is.
    Bytes,
}

/// What the document says of one member of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// The member.
    pub name: String,
    /// What goes into the part's `Content-Type`.
    pub content_type: Option<String>,
    /// How a value is written.
    pub style: Option<Style>,
    /// How arrays and objects are written.
    pub explode: Option<bool>,
    /// Whether a form without it is refused, though its type can amount to nothing: an empty list.
    pub required: bool,
}

/// What a method gives back.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The documented success answers.
    pub answers: Vec<Answer>,
    /// The name of the enum in `types`, where the answers are of several kinds.
    pub several: Option<String>,
}

/// A documented success answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The statuses it is for.
    pub status: StatusMatch,
    /// As documented; empty where there is no content.
    pub media_type: String,
    /// How its content is read.
    pub kind: AnswerKind,
    /// What the document says about it.
    pub description: Option<String>,
    /// Its variant in the enum of answers, where there is one; shared by answers of one kind.
    pub variant: Option<String>,
    /// What arrives one by one, where the document says what that is.
    pub items: Option<Items>,
}

/// What the items of a stream are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Items {
    /// Their schema: a place of the lowered document.
    pub at: String,
    /// How one is told from the next.
    pub framing: Framing,
}

/// How the items of a stream are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// One JSON document per line.
    Lines,
    /// One JSON document in the data of each server-sent event.
    Events,
    /// A server-sent event as an object of its fields.
    WholeEvents,
}

/// How an answer is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// As JSON, into the type of the schema at this place of the lowered document.
    Json(String),
    /// Not at all.
    Empty,
    /// As text.
    Text,
    /// As it comes.
    Bytes,
}

/// A documented error answer.
#[derive(Clone, Debug)]
pub struct ErrorAnswer {
    /// The statuses it is for.
    pub status: StatusMatch,
    /// As documented; empty where there is no content.
    pub media_type: String,
    /// Index into [`Api::errors`]; `None` where there is nothing to read.
    pub body: Option<usize>,
    /// What the document says about it.
    pub description: Option<String>,
}

/// A type that error bodies are read into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorBody {
    /// Its variant in the enum of error bodies.
    pub variant: String,
    /// How it is read; never empty and never bytes.
    pub kind: AnswerKind,
}

/// Which statuses an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusMatch {
    /// One status.
    Code(u16),
    /// `4XX`: the first digit.
    Range(u8),
    /// Every status that no other answer is for.
    Default,
}
