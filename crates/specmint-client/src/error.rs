//! What can go wrong with a call, and all that is known about it.
//!
//! Status, headers, request id and the first bytes of the body survive whatever the server sent.
//! Nothing that is printed by default has a body or a credential in it.

mod read;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::answer::{Head, Headers, ResponseValue};
use crate::credential::source::SharedError;
use crate::retry;

pub use read::ReadError;

/// How much of a body an error keeps.
pub(crate) const KEPT: usize = 4096;

/// How much of a body, or of a typed error, `{:#?}` prints.
const SHOWN: usize = 1024;

/// Any error, boxed: what hooks may fail with.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// The error body of an API about whose errors nothing is documented. There is no value of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoBody {}

/// Why a call failed.
///
/// `Display` is one line without anything confidential. `{:?}` has no bodies either; `{:#?}` shows
/// the beginning of them.
#[non_exhaustive]
pub enum Error<E = NoBody> {
    /// The call was never sent: a value can't be written into the request.
    InvalidRequest(InvalidRequest),
    /// The call was never sent: the operation needs a credential that the client doesn't have.
    MissingCredential(MissingCredential),
    /// No answer, or only a part of one: no connection, a time limit, an answer that broke off.
    Communication(Box<Communication>),
    /// The server answered with a documented error.
    ErrorResponse(Box<ErrorResponse<E>>),
    /// The server answered with something that isn't documented, or isn't as documented.
    UnexpectedResponse(Box<UnexpectedResponse>),
    /// An interceptor of the caller's own refused the request or the answer.
    Hook(Box<HookError>),
    /// The caller's source of credentials has none.
    Credentials(Box<CredentialsError>),
}

/// A documented error. It can be used like the error body in it.
#[derive(Clone)]
pub struct ErrorResponse<E> {
    value: ResponseValue<E>,
    body: Bytes,
}

impl<E> ErrorResponse<E> {
    pub(crate) fn new(head: Head, value: E, body: Bytes) -> Self {
        Self {
            value: ResponseValue::new(head, value),
            body: kept(body),
        }
    }

    /// The first 4 KiB of the body, as they arrived.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The error body alone.
    pub fn into_inner(self) -> E {
        self.value.into_inner()
    }
}

impl<E> std::ops::Deref for ErrorResponse<E> {
    type Target = ResponseValue<E>;

    fn deref(&self) -> &ResponseValue<E> {
        &self.value
    }
}

/// A request that can't be written.
#[derive(Clone, Debug)]
pub struct InvalidRequest {
    pub(crate) operation: Cow<'static, str>,
    pub(crate) message: String,
}

impl InvalidRequest {
    /// What is wrong, in lower case and without a final dot. It doesn't quote the value.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// An operation that needs a credential which the client doesn't have.
#[derive(Clone, Debug)]
pub struct MissingCredential {
    pub(crate) operation: Cow<'static, str>,
    pub(crate) schemes: Vec<&'static str>,
}

impl MissingCredential {
    /// Names of the security schemes that have no credential.
    pub fn schemes(&self) -> &[&'static str] {
        &self.schemes
    }
}

/// An exchange that came to no end.
pub struct Communication {
    pub(crate) operation: Cow<'static, str>,
    pub(crate) attempts: u32,
    pub(crate) head: Option<Head>,
    pub(crate) body: Bytes,
    pub(crate) failure: Failure,
}

/// How an exchange failed.
pub(crate) enum Failure {
    /// The total time limit.
    Deadline(Duration),
    /// Whatever the transport says. The address has been removed, since it may hold a key.
    Transport(reqwest::Error),
}

impl Communication {
    /// Whether a time limit passed.
    pub fn is_timeout(&self) -> bool {
        match &self.failure {
            Failure::Deadline(_) => true,
            Failure::Transport(error) => error.is_timeout(),
        }
    }

    /// Whether no connection came about, so that the server never saw the request.
    pub fn is_connect(&self) -> bool {
        matches!(&self.failure, Failure::Transport(error) if error.is_connect())
    }
}

impl fmt::Debug for Communication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Communication");
        debug
            .field("operation", &self.operation)
            .field("attempts", &self.attempts);
        if let Some(head) = &self.head {
            debug
                .field("status", &head.status)
                .field("headers", &Headers(&head.headers));
        }
        match &self.failure {
            Failure::Deadline(limit) => debug.field("time_limit", limit),
            Failure::Transport(error) => debug.field("source", error),
        };
        debug.finish_non_exhaustive()
    }
}

/// An answer that isn't as documented.
pub struct UnexpectedResponse {
    pub(crate) head: Head,
    pub(crate) body: Bytes,
    pub(crate) reason: Unexpected,
}

/// What is unexpected about an answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Unexpected {
    /// The documentation has no answer with this status.
    Status,
    /// The server points to another address. Redirects are not followed.
    Redirect,
    /// The body is not what the documentation says.
    Body(crate::DecodeError),
    /// The body is longer than the client's limit, which is given here in bytes.
    TooLarge(u64),
    /// The page can be read, and the next one can't be asked for; the reason in lower case,
    /// without a final dot.
    NextPage(String),
}

impl UnexpectedResponse {
    #[expect(
        clippy::unnecessary_box_returns,
        reason = "errors hold it so, to be small themselves"
    )]
    pub(crate) fn new(head: Head, body: Bytes, reason: Unexpected) -> Box<Self> {
        Box::new(Self {
            head,
            body: kept(body),
            reason,
        })
    }

    /// What is unexpected.
    pub fn reason(&self) -> &Unexpected {
        &self.reason
    }

    /// HTTP status.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// All headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// The first 4 KiB of the body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Debug for UnexpectedResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let alternate = f.alternate();
        let mut debug = f.debug_struct("UnexpectedResponse");
        debug.field("reason", &self.reason);
        self.head.debug(&mut debug);
        if alternate {
            let shown = self.body.get(..SHOWN).unwrap_or(&self.body);
            debug
                .field("body", &String::from_utf8_lossy(shown))
                .finish()
        } else {
            debug.finish_non_exhaustive()
        }
    }
}

/// An error of a hook.
pub struct HookError {
    pub(crate) operation: Cow<'static, str>,
    pub(crate) attempts: u32,
    pub(crate) head: Option<Head>,
    pub(crate) source: BoxError,
}

impl fmt::Debug for HookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HookError")
            .field("operation", &self.operation)
            .field("attempts", &self.attempts)
            .field("status", &self.head.as_ref().map(|head| head.status))
            .field("source", &self.source)
            .finish()
    }
}

/// A failure of the [source of credentials](crate::ClientBuilder::credentials_from).
pub struct CredentialsError {
    pub(crate) operation: Cow<'static, str>,
    /// The answer that refused the credentials before.
    pub(crate) head: Option<Head>,
    pub(crate) source: SharedError,
}

impl fmt::Debug for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialsError")
            .field("operation", &self.operation)
            .field("status", &self.head.as_ref().map(|head| head.status))
            .field("source", &self.source)
            .finish()
    }
}

impl<E> Error<E> {
    /// Status of the answer, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.head().map(|head| head.status)
    }

    /// Headers of the answer, if there was one.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.head().map(|head| &*head.headers)
    }

    /// The server's name for the request, if it gave one.
    pub fn request_id(&self) -> Option<&str> {
        self.head().and_then(Head::request_id)
    }

    /// The first 4 KiB of the answer's body; empty if there was none.
    pub fn body(&self) -> &[u8] {
        match self {
            Self::ErrorResponse(error) => &error.body,
            Self::UnexpectedResponse(error) => &error.body,
            Self::Communication(error) => &error.body,
            Self::InvalidRequest(_)
            | Self::MissingCredential(_)
            | Self::Hook(_)
            | Self::Credentials(_) => &[],
        }
    }

    /// The beginning of the answer's body as text, by the character set that it names: what an
    /// API that answers errors in plain text has to say.
    pub fn text(&self) -> String {
        let content_type = self.head().map(Head::content_type).unwrap_or_default();
        crate::answer::text(content_type, self.body())
    }

    /// The API's own error body, if it sent one as documented.
    pub fn error_body(&self) -> Option<&E> {
        match self {
            Self::ErrorResponse(error) => Some(&error.value),
            _ => None,
        }
    }

    /// Name of the operation that was called.
    pub fn operation(&self) -> &str {
        match self {
            Self::InvalidRequest(error) => &error.operation,
            Self::MissingCredential(error) => &error.operation,
            Self::Communication(error) => &error.operation,
            Self::ErrorResponse(error) => error.operation(),
            Self::UnexpectedResponse(error) => &error.head.operation,
            Self::Hook(error) => &error.operation,
            Self::Credentials(error) => &error.operation,
        }
    }

    /// How often the request was sent, 0 if never.
    pub fn attempts(&self) -> u32 {
        match self {
            Self::InvalidRequest(_) | Self::MissingCredential(_) => 0,
            Self::Communication(error) => error.attempts,
            Self::ErrorResponse(error) => error.attempts(),
            Self::UnexpectedResponse(error) => error.head.attempts,
            Self::Hook(error) => error.attempts,
            Self::Credentials(error) => error.head.as_ref().map_or(0, |head| head.attempts),
        }
    }

    /// Whether a time limit passed.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Communication(error) if error.is_timeout())
    }

    /// Whether no connection came about.
    pub fn is_connect(&self) -> bool {
        matches!(self, Self::Communication(error) if error.is_connect())
    }

    /// Whether the same call may succeed later: a time limit, a lost connection, 408, 429 and 5xx
    /// but 501. It says nothing about whether repeating the call is safe.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Communication(_) => true,
            Self::ErrorResponse(error) => retry::is_transient(error.status()),
            Self::UnexpectedResponse(error) => retry::is_transient(error.head.status),
            Self::InvalidRequest(_)
            | Self::MissingCredential(_)
            | Self::Hook(_)
            | Self::Credentials(_) => false,
        }
    }

    /// How long the server asks to wait, if it does.
    pub fn retry_after(&self) -> Option<Duration> {
        retry::after(self.headers()?)
    }

    /// The same error with another error body.
    pub fn map<F>(self, change: impl FnOnce(E) -> F) -> Error<F> {
        match self {
            Self::InvalidRequest(error) => Error::InvalidRequest(error),
            Self::MissingCredential(error) => Error::MissingCredential(error),
            Self::Communication(error) => Error::Communication(error),
            Self::UnexpectedResponse(error) => Error::UnexpectedResponse(error),
            Self::Hook(error) => Error::Hook(error),
            Self::Credentials(error) => Error::Credentials(error),
            Self::ErrorResponse(error) => {
                let ErrorResponse { value, body } = *error;
                Error::ErrorResponse(Box::new(ErrorResponse {
                    value: value.map(change),
                    body,
                }))
            }
        }
    }

    fn head(&self) -> Option<&Head> {
        match self {
            Self::InvalidRequest(_) | Self::MissingCredential(_) => None,
            Self::Communication(error) => error.head.as_ref(),
            Self::ErrorResponse(error) => Some(error.value.head()),
            Self::UnexpectedResponse(error) => Some(&error.head),
            Self::Hook(error) => error.head.as_ref(),
            Self::Credentials(error) => error.head.as_ref(),
        }
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ", self.operation())?;
        match self {
            Self::InvalidRequest(error) => write!(f, "was not sent: {}", error.message),
            Self::MissingCredential(error) => {
                f.write_str("was not sent: no credential for ")?;
                for (index, scheme) in error.schemes.iter().enumerate() {
                    let separator = if index == 0 { "" } else { " or " };
                    write!(f, "{separator}`{scheme}`")?;
                }
                Ok(())
            }
            Self::Communication(error) => {
                match (&error.failure, &error.head) {
                    (Failure::Deadline(limit), _) => write!(f, "took longer than {limit:?}")?,
                    (Failure::Transport(source), _) if source.is_timeout() => {
                        f.write_str("ran into a time limit")?;
                    }
                    (Failure::Transport(source), _) if source.is_connect() => {
                        f.write_str("found no connection")?;
                    }
                    (Failure::Transport(_), Some(head)) => {
                        write!(
                            f,
                            "broke off in the answer, after status {}",
                            head.status.as_u16()
                        )?;
                    }
                    (Failure::Transport(_), None) => f.write_str("got no answer")?,
                }
                match &error.head {
                    Some(head) => head.suffix(f),
                    None if error.attempts > 1 => write!(f, " ({} attempts)", error.attempts),
                    None => Ok(()),
                }
            }
            Self::ErrorResponse(error) => {
                f.write_str("failed: ")?;
                error.value.head().summary(f)
            }
            Self::UnexpectedResponse(error) => {
                match &error.reason {
                    Unexpected::Status => f.write_str("failed: ")?,
                    Unexpected::Redirect => f.write_str("was redirected: ")?,
                    Unexpected::Body(reason) => {
                        let kind = error.head.content_type();
                        let kind = kind.split(';').next().unwrap_or_default();
                        let kind = if kind.is_empty() {
                            "no content type"
                        } else {
                            kind
                        };
                        write!(f, "got an answer it can't read ({kind}: {reason}): ")?;
                    }
                    Unexpected::TooLarge(limit) => {
                        write!(f, "got an answer of more than {limit} bytes: ")?;
                    }
                    Unexpected::NextPage(reason) => {
                        write!(f, "can't go on to the next page ({reason}): ")?;
                    }
                }
                error.head.summary(f)
            }
            Self::Hook(error) => write!(f, "was stopped by a hook: {}", error.source),
            Self::Credentials(error) => {
                let happened = match error.head {
                    Some(_) => "was refused its credentials",
                    None => "was not sent",
                };
                let source = &error.source;
                write!(f, "{happened}: the source of credentials failed: {source}")
            }
        }
    }
}

impl<E: fmt::Debug> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(error) => error.fmt(f),
            Self::MissingCredential(error) => error.fmt(f),
            Self::Communication(error) => error.fmt(f),
            Self::ErrorResponse(error) => error.fmt(f),
            Self::UnexpectedResponse(error) => error.fmt(f),
            Self::Hook(error) => error.fmt(f),
            Self::Credentials(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug> fmt::Debug for ErrorResponse<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let alternate = f.alternate();
        let mut debug = f.debug_struct("ErrorResponse");
        self.value.head().debug(&mut debug);
        if alternate {
            let mut text = Bounded {
                text: String::new(),
                rest: SHOWN,
            };
            // The writer fails once it is full, which is no failure of ours.
            let _ = fmt::Write::write_fmt(&mut text, format_args!("{:?}", *self.value));
            debug
                .field("value", &format_args!("{}", text.text))
                .finish()
        } else {
            debug.finish_non_exhaustive()
        }
    }
}

impl<E: fmt::Debug> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Communication(error) => match &error.failure {
                Failure::Transport(error) => Some(error),
                Failure::Deadline(_) => None,
            },
            Self::UnexpectedResponse(error) => match &error.reason {
                Unexpected::Body(error) => Some(error),
                _ => None,
            },
            Self::Hook(error) => Some(&*error.source),
            Self::Credentials(error) => Some(&*error.source),
            Self::InvalidRequest(_) | Self::MissingCredential(_) | Self::ErrorResponse(_) => None,
        }
    }
}

/// Why a client can't be built.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// No credential in the environment: the names of the variables that would hold one, and which
    /// of them are set but empty.
    MissingVariables {
        /// Names of the variables.
        names: Vec<String>,
        /// Those that are set, but to nothing.
        empty: Vec<String>,
    },
    /// An environment variable is set to something that can't be used.
    Variable {
        /// Name of the variable.
        name: String,
        /// What is wrong with it.
        message: String,
    },
    /// The base URL can't be used.
    BaseUrl(String),
    /// The server, or a variable of its address, can't be used.
    Server(String),
    /// A header can't be sent.
    Header(String),
    /// The HTTP client can't be made.
    Transport(reqwest::Error),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingVariables { names, empty } => {
                let list = |names: &[String]| {
                    let quoted: Vec<String> =
                        names.iter().map(|name| format!("`{name}`")).collect();
                    quoted.join(" or ")
                };
                write!(f, "no credential in the environment: set {}", list(names))?;
                match empty.len() {
                    0 => Ok(()),
                    1 => write!(f, " ({} is set, but empty)", list(empty)),
                    _ => write!(
                        f,
                        " ({} are set, but empty)",
                        list(empty).replace(" or ", ", ")
                    ),
                }
            }
            Self::Variable { name, message } => {
                write!(
                    f,
                    "the environment variable `{name}` can't be used: {message}"
                )
            }
            Self::BaseUrl(message) => write!(f, "the base URL can't be used: {message}"),
            Self::Server(message) => write!(f, "the server can't be used: {message}"),
            Self::Header(message) => f.write_str(message),
            Self::Transport(_) => f.write_str("the HTTP client can't be made"),
        }
    }
}

impl StdError for BuildError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Transport(error) => Some(error),
            _ => None,
        }
    }
}

pub(crate) fn kept(body: Bytes) -> Bytes {
    match body.get(..KEPT) {
        // A copy, so that a short excerpt doesn't keep a long body in memory.
        Some(start) => Bytes::copy_from_slice(start),
        None => body,
    }
}

/// Takes what fits and refuses the rest.
struct Bounded {
    text: String,
    rest: usize,
}

impl fmt::Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            let Some(rest) = self.rest.checked_sub(1) else {
                if !self.text.ends_with('…') {
                    self.text.push('…');
                }
                return Err(fmt::Error);
            };
            self.rest = rest;
            self.text.push(character);
        }
        Ok(())
    }
}
