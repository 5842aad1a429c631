//! The command line of an API: a command per operation, from the tables of the client.
//!
//! Generated code says what a table of HTTP can't: what arguments are called, what they are for and
//! of which kind. `arguments` makes clap's commands of it and reads their values, `run` calls the
//! API and writes what it answers. Standard output has the answer and nothing else.
//!
//! Exit codes: 0 done, 1 the API or the way to it failed, 2 the command line or the environment is
//! wrong and nothing was sent.

mod arguments;
mod run;

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::operation::Operation;

pub use run::main;

/// Whether a value is of the type that a parameter or a body has.
pub type Check = fn(&Value) -> Result<(), String>;

/// A [`Check`] for a type.
pub fn check<T: DeserializeOwned>(value: &Value) -> Result<(), String> {
    serde_path_to_error::deserialize::<_, T>(value)
        .map(|_| ())
        .map_err(|error| error.to_string())
}

/// The commands of an API. `E` is the API's error body.
#[derive(Debug)]
pub struct App<E: 'static> {
    pub(crate) about: &'static str,
    pub(crate) commands: &'static [Command<E>],
}

impl<E> App<E> {
    /// An app with these commands.
    pub const fn new(about: &'static str, commands: &'static [Command<E>]) -> Self {
        Self { about, commands }
    }
}

/// The command of one operation.
pub struct Command<E: 'static> {
    pub(crate) name: &'static str,
    pub(crate) operation: &'static Operation<E>,
    pub(crate) about: &'static str,
    pub(crate) long_about: &'static str,
    pub(crate) arguments: &'static [Argument],
    pub(crate) body: Option<Body>,
}

impl<E> Command<E> {
    /// A command without arguments.
    pub const fn new(name: &'static str, operation: &'static Operation<E>) -> Self {
        Self {
            name,
            operation,
            about: "",
            long_about: "",
            arguments: &[],
            body: None,
        }
    }

    /// What it does: in one line, and all there is to say.
    #[must_use]
    pub const fn about(mut self, about: &'static str, long: &'static str) -> Self {
        self.about = about;
        self.long_about = long;
        self
    }

    /// The parameters of the operation, in the order of its table.
    #[must_use]
    pub const fn arguments(mut self, arguments: &'static [Argument]) -> Self {
        self.arguments = arguments;
        self
    }

    /// How the body is given.
    #[must_use]
    pub const fn body(mut self, body: Body) -> Self {
        self.body = Some(body);
        self
    }
}

impl<E> fmt::Debug for Command<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Command")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What the text of an argument means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    Json,
    File,
}

/// An argument: a parameter, or a field of the body.
#[derive(Clone, Copy, Debug)]
pub struct Argument {
    /// The flag without its hyphens.
    pub(crate) flag: &'static str,
    /// The name on the wire, of a field.
    pub(crate) field: &'static str,
    pub(crate) help: &'static str,
    pub(crate) kind: Kind,
    pub(crate) many: bool,
    pub(crate) required: bool,
    pub(crate) values: &'static [&'static str],
    pub(crate) check: Option<Check>,
}

impl Argument {
    const fn new(flag: &'static str, help: &'static str, kind: Kind) -> Self {
        Self {
            flag,
            field: flag,
            help,
            kind,
            many: false,
            required: false,
            values: &[],
            check: None,
        }
    }

    /// Text, taken as it is.
    pub const fn text(flag: &'static str, help: &'static str) -> Self {
        Self::new(flag, help, Kind::Text)
    }

    /// A whole number.
    pub const fn integer(flag: &'static str, help: &'static str) -> Self {
        Self::new(flag, help, Kind::Integer)
    }

    /// A number.
    pub const fn number(flag: &'static str, help: &'static str) -> Self {
        Self::new(flag, help, Kind::Number)
    }

    /// `true` or `false`; alone it is `true`.
    pub const fn boolean(flag: &'static str, help: &'static str) -> Self {
        Self::new(flag, help, Kind::Boolean)
    }

    /// Anything, in JSON.
    pub const fn json(flag: &'static str, help: &'static str) -> Self {
        Self::new(flag, help, Kind::Json)
    }

    /// The path of a file that is sent.
    pub const fn file(flag: &'static str, help: &'static str) -> Self {
        Self::new(flag, help, Kind::File)
    }

    /// It can be given more than once.
    #[must_use]
    pub const fn many(mut self) -> Self {
        self.many = true;
        self
    }

    /// The documented values. Others are taken too: an API may know more of them.
    #[must_use]
    pub const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    /// What the value has to be, beyond its kind.
    #[must_use]
    pub const fn check(mut self, check: Check) -> Self {
        self.check = Some(check);
        self
    }

    /// The field of the body that it is, where that isn't called like the flag.
    #[must_use]
    pub const fn field(mut self, field: &'static str) -> Self {
        self.field = field;
        self
    }

    /// A field that a body must have. (The table of the operation says so of parameters.)
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyKind {
    Json,
    Form,
    Multipart,
    Text,
    Bytes,
}

/// How the body of an operation is given: as a whole, or field by field.
#[derive(Clone, Copy, Debug)]
pub struct Body {
    pub(crate) kind: BodyKind,
    pub(crate) fields: &'static [Argument],
    pub(crate) check: Option<Check>,
}

impl Body {
    const fn new(kind: BodyKind) -> Self {
        Self {
            kind,
            fields: &[],
            check: None,
        }
    }

    /// JSON.
    pub const fn json() -> Self {
        Self::new(BodyKind::Json)
    }

    /// A form.
    pub const fn form() -> Self {
        Self::new(BodyKind::Form)
    }

    /// A form with files.
    pub const fn multipart() -> Self {
        Self::new(BodyKind::Multipart)
    }

    /// Text.
    pub const fn text() -> Self {
        Self::new(BodyKind::Text)
    }

    /// Anything at all.
    pub const fn bytes() -> Self {
        Self::new(BodyKind::Bytes)
    }

    /// The fields that have arguments of their own.
    #[must_use]
    pub const fn fields(mut self, fields: &'static [Argument]) -> Self {
        self.fields = fields;
        self
    }

    /// What the whole has to be.
    #[must_use]
    pub const fn check(mut self, check: Check) -> Self {
        self.check = Some(check);
        self
    }
}
