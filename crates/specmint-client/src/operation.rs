//! Static tables: what an operation looks like on the wire.
//!
//! Generated code has one [`Operation`] per operation and nothing else about HTTP. Everything
//! here can be written in a `static`.

use std::fmt;

use bytes::Bytes;

use crate::answer::DecodeError;
use crate::api::In;
use crate::check::Check;
use crate::pages::Pagination;

/// An operation of an API. `E` is the API's error body.
pub struct Operation<E: 'static> {
    pub(crate) plan: Plan,
    pub(crate) errors: &'static [ErrorAnswer<E>],
}

/// The part of an [`Operation`] that doesn't depend on the type of the error body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) parameters: &'static [Parameter],
    pub(crate) security: &'static [&'static [usize]],
    pub(crate) servers: &'static [&'static str],
    pub(crate) body: Option<&'static str>,
    pub(crate) requires_body: bool,
    pub(crate) checks: &'static [Check],
    pub(crate) fields: &'static [Parameter],
    pub(crate) answers: &'static [Answer],
    pub(crate) pages: Option<Pagination>,
}

impl<E> Operation<E> {
    /// An operation without parameters that anybody may call.
    ///
    /// `name` is what errors call it, `path` is a template such as `/contacts/{id}`.
    pub const fn new(name: &'static str, method: &'static str, path: &'static str) -> Self {
        Self {
            plan: Plan {
                name,
                method,
                path,
                parameters: &[],
                security: &[],
                servers: &[],
                body: None,
                requires_body: false,
                checks: &[],
                fields: &[],
                answers: &[],
                pages: None,
            },
            errors: &[],
        }
    }

    /// The parameters, in the order in which a [`Call`](crate::Call) is given their values.
    #[must_use]
    pub const fn parameters(mut self, parameters: &'static [Parameter]) -> Self {
        self.plan.parameters = parameters;
        self
    }

    /// Who may call: alternatives, each a combination of indices into
    /// [`Api::SCHEMES`](crate::Api::SCHEMES).
    ///
    /// The first alternative whose schemes all have a credential is used. An empty combination
    /// makes credentials optional; no alternatives at all means that none are sent.
    #[must_use]
    pub const fn security(mut self, alternatives: &'static [&'static [usize]]) -> Self {
        self.plan.security = alternatives;
        self
    }

    /// Servers of this operation alone: addresses, perhaps with variables in braces, or relative to
    /// the API's server. A base URL set by the user wins over them.
    #[must_use]
    pub const fn servers(mut self, servers: &'static [&'static str]) -> Self {
        self.plan.servers = servers;
        self
    }

    /// Media type of the request body, where it isn't the usual one of its kind: for example
    /// `application/merge-patch+json` for a JSON body.
    #[must_use]
    pub const fn body(mut self, media_type: &'static str) -> Self {
        self.plan.body = Some(media_type);
        self
    }

    /// A call without a body fails before anything is sent.
    #[must_use]
    pub const fn requires_body(mut self) -> Self {
        self.plan.requires_body = true;
        self
    }

    /// Bounds of the request body, JSON or a form of either kind: one that breaks them fails before anything is sent.
    #[must_use]
    pub const fn checks(mut self, checks: &'static [Check]) -> Self {
        self.plan.checks = checks;
        self
    }

    /// How single fields of a form or multipart body are written, where it isn't the usual way.
    #[must_use]
    pub const fn fields(mut self, fields: &'static [Parameter]) -> Self {
        self.plan.fields = fields;
        self
    }

    /// The documented answers that mean success.
    #[must_use]
    pub const fn answers(mut self, answers: &'static [Answer]) -> Self {
        self.plan.answers = answers;
        self
    }

    /// The documented answers that mean failure.
    #[must_use]
    pub const fn errors(mut self, errors: &'static [ErrorAnswer<E>]) -> Self {
        self.errors = errors;
        self
    }

    /// How the pages of a list follow one another, for [`Call::pages`](crate::Call::pages) and
    /// [`Call::items`](crate::Call::items).
    #[must_use]
    pub const fn pages(mut self, pages: Pagination) -> Self {
        self.plan.pages = Some(pages);
        self
    }

    /// Name of the operation, as errors have it.
    pub const fn name(&self) -> &'static str {
        self.plan.name
    }

    /// HTTP method.
    pub const fn method(&self) -> &'static str {
        self.plan.method
    }

    /// Path template.
    pub const fn path(&self) -> &'static str {
        self.plan.path
    }
}

impl<E> fmt::Debug for Operation<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operation")
            .field("name", &self.plan.name)
            .field("method", &self.plan.method)
            .field("path", &self.plan.path)
            .finish_non_exhaustive()
    }
}

/// How a list or an object is written into a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// `a,b`; of paths and headers, and the usual one there.
    Simple,
    /// `.a.b`; of paths.
    Label,
    /// `;name=a;name=b`; of paths.
    Matrix,
    /// `name=a&name=b`; of queries and cookies, and the usual one there.
    Form,
    /// `name=a%20b`; of queries.
    SpaceDelimited,
    /// `name=a%7Cb`; of queries.
    PipeDelimited,
    /// `name[key]=a`; of queries.
    DeepObject,
}

/// A parameter of an operation, or a field of a form body.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) place: In,
    pub(crate) style: Option<Style>,
    pub(crate) explode: bool,
    pub(crate) required: bool,
    pub(crate) reserved: bool,
    pub(crate) content: Option<&'static str>,
    pub(crate) checks: &'static [Check],
}

impl Parameter {
    const fn new(name: &'static str, place: In, style: Option<Style>) -> Self {
        Self {
            name,
            place,
            style,
            explode: matches!(style, Some(Style::Form)),
            required: matches!(place, In::Path),
            reserved: false,
            content: None,
            checks: &[],
        }
    }

    /// A parameter in the path: style [`Simple`](Style::Simple), required.
    pub const fn path(name: &'static str) -> Self {
        Self::new(name, In::Path, Some(Style::Simple))
    }

    /// A query parameter: style [`Form`](Style::Form), exploded, optional.
    pub const fn query(name: &'static str) -> Self {
        Self::new(name, In::Query, Some(Style::Form))
    }

    /// A header: style [`Simple`](Style::Simple), optional.
    pub const fn header(name: &'static str) -> Self {
        Self::new(name, In::Header, Some(Style::Simple))
    }

    /// A cookie: style [`Form`](Style::Form), exploded, optional.
    pub const fn cookie(name: &'static str) -> Self {
        Self::new(name, In::Cookie, Some(Style::Form))
    }

    /// A field of a form or multipart body, for [`Operation::fields`].
    ///
    /// Without a [`style`](Self::style), lists are repeated and objects are written as JSON.
    pub const fn field(name: &'static str) -> Self {
        let mut field = Self::new(name, In::Query, None);
        field.explode = true;
        field
    }

    /// Changes the style; [`explode`](Self::explode) becomes what is usual for it.
    #[must_use]
    pub const fn style(mut self, style: Style) -> Self {
        self.style = Some(style);
        self.explode = matches!(style, Style::Form | Style::DeepObject);
        self
    }

    /// Whether each item of a list, or each property of an object, is written by itself.
    #[must_use]
    pub const fn explode(mut self, explode: bool) -> Self {
        self.explode = explode;
        self
    }

    /// Whether a call without a value, or a multipart form without a part for it, fails before
    /// anything is sent.
    #[must_use]
    pub const fn required(mut self, required: bool) -> Self {
        self.required = required;
        self
    }

    /// Leaves characters with a meaning in URLs as they are, as far as they do no harm in a query:
    /// all but `#`, `&`, `+`, `[` and `]`.
    #[must_use]
    pub const fn allow_reserved(mut self, reserved: bool) -> Self {
        self.reserved = reserved;
        self
    }

    /// Bounds of the value: one that breaks them fails before anything is sent.
    #[must_use]
    pub const fn checks(mut self, checks: &'static [Check]) -> Self {
        self.checks = checks;
        self
    }

    /// The value is written as a document of this media type: JSON, whatever the type is called.
    #[must_use]
    pub const fn content(mut self, media_type: &'static str) -> Self {
        self.content = Some(media_type);
        self
    }
}

/// Which statuses a row of a table speaks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusMatch {
    /// One status, such as 404.
    Code(u16),
    /// Each of some statuses.
    Codes(&'static [u16]),
    /// A hundred statuses by their first digit: 4 is 400 to 499.
    Range(u8),
    /// Every status that no other row speaks about.
    Default,
}

impl StatusMatch {
    /// How well the status fits: 0 not at all, more is better.
    pub(crate) const fn rank(self, status: u16) -> u8 {
        match self {
            Self::Code(code) if code == status => 3,
            Self::Codes(mut codes) => {
                // What `contains` does, which can't be called here.
                while let [code, rest @ ..] = codes {
                    if *code == status {
                        return 3;
                    }
                    codes = rest;
                }
                0
            }
            Self::Range(digit) if digit as u16 == status / 100 => 2,
            Self::Default => 1,
            Self::Code(_) | Self::Range(_) => 0,
        }
    }
}

/// A documented answer that means success.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    pub(crate) status: StatusMatch,
    pub(crate) media_type: &'static str,
}

impl Answer {
    /// An answer of this media type, or without a body if that is empty.
    pub const fn new(status: StatusMatch, media_type: &'static str) -> Self {
        Self { status, media_type }
    }

    /// An answer in JSON to one status.
    pub const fn json(status: u16) -> Self {
        Self::new(StatusMatch::Code(status), "application/json")
    }

    /// An answer to one status that has no body.
    pub const fn empty(status: u16) -> Self {
        Self::new(StatusMatch::Code(status), "")
    }
}

/// A documented answer that means failure, and how to read it.
pub struct ErrorAnswer<E: 'static> {
    pub(crate) status: StatusMatch,
    pub(crate) media_type: &'static str,
    pub(crate) decode: fn(&Bytes) -> Result<E, DecodeError>,
}

impl<E> ErrorAnswer<E> {
    /// An answer whose body `decode` reads; [`decode::<T>`](crate::decode) reads JSON.
    pub const fn json(
        status: StatusMatch,
        media_type: &'static str,
        decode: fn(&Bytes) -> Result<E, DecodeError>,
    ) -> Self {
        Self {
            status,
            media_type,
            decode,
        }
    }

    /// An answer of any other kind, whose body `decode` reads.
    pub const fn raw(
        status: StatusMatch,
        media_type: &'static str,
        decode: fn(&Bytes) -> Result<E, DecodeError>,
    ) -> Self {
        Self {
            status,
            media_type,
            decode,
        }
    }
}

impl<E> ErrorAnswer<E> {
    /// The same, for one status.
    #[must_use]
    pub const fn at(mut self, status: u16) -> Self {
        self.status = StatusMatch::Code(status);
        self
    }

    /// The same, for each of some statuses.
    #[must_use]
    pub const fn at_each(mut self, statuses: &'static [u16]) -> Self {
        self.status = StatusMatch::Codes(statuses);
        self
    }

    /// The same, for other statuses.
    #[must_use]
    pub const fn on(mut self, status: StatusMatch) -> Self {
        self.status = status;
        self
    }

    /// The same, of another media type.
    #[must_use]
    pub const fn of(mut self, media_type: &'static str) -> Self {
        self.media_type = media_type;
        self
    }
}

impl<E> Clone for ErrorAnswer<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for ErrorAnswer<E> {}

impl<E> fmt::Debug for ErrorAnswer<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorAnswer")
            .field("status", &self.status)
            .field("media_type", &self.media_type)
            .finish_non_exhaustive()
    }
}

/// Whether an answer's `Content-Type` is the one that a row names. `*/*` and `text/*` are rows too.
pub(crate) fn media_type_matches(row: &str, content_type: &str) -> bool {
    let essence = |text: &str| {
        text.split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    };
    let (row, got) = (essence(row), essence(content_type));
    row == got
        || row == "*/*"
        || row
            .strip_suffix('*')
            .is_some_and(|prefix| prefix.ends_with('/') && got.starts_with(prefix))
}
