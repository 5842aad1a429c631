//! What there is to say about the input: problems as data, in order, with their place.
//!
//! A stage never returns early without a diagnostic: the only early exit is [`Reported`].

pub mod codes;
pub mod render;

use std::fmt;

use crate::page::Span;

/// A diagnostic's code: one letter for the room, four digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// One row of a table of codes, for `explain --code`.
#[derive(Clone, Copy, Debug)]
pub struct CodeInfo {
    /// The code.
    pub code: Code,
    /// What it is about, in a few words.
    pub title: &'static str,
    /// What it means and what to do.
    pub explanation: &'static str,
}

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is lost for a caller.
    Note,
    /// The result is weaker than the input says.
    Warning,
    /// Something can't be used.
    Error,
}

impl Severity {
    /// `note`, `warning` or `error`, as reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing to say.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Which kind of thing.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// What happened: lower case, no final dot, values in backticks.
    pub message: String,
    /// Where.
    pub span: Span,
    /// Other places that belong to it, each with a few words.
    pub labels: Vec<(Span, String)>,
    /// What to do.
    pub help: Option<String>,
    /// The place in the document (RFC 6901), by which a report finds the operations concerned.
    pub pointer: Option<String>,
    /// Whether the whole input fails, or (for an error) only the operation at `pointer`.
    pub fatal: bool,
}

impl Diagnostic {
    /// Adds what to do.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place.
    pub fn label(&mut self, span: Span, text: impl Into<String>) -> &mut Self {
        self.labels.push((span, text.into()));
        self
    }

    /// Adds the place in the document.
    pub fn at(&mut self, pointer: impl Into<String>) -> &mut Self {
        self.pointer = Some(pointer.into());
        self
    }
}

/// Collects what the stages say.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

/// A stage failed, and the diagnostics say why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported;

impl fmt::Display for Reported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("failed; the diagnostics say why")
    }
}

impl std::error::Error for Reported {}

impl Diagnostics {
    /// The whole input fails; [`gate`](Self::gate) stops after the stage.
    pub fn error(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.push(code, Severity::Error, span, message.into(), true)
    }

    /// One operation can't be generated; its neighbours can. Say which with [`Diagnostic::at`].
    pub fn skip(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.push(code, Severity::Error, span, message.into(), false)
    }

    /// Something became weaker than the input says.
    pub fn warning(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.push(code, Severity::Warning, span, message.into(), false)
    }

    /// Something worth knowing.
    pub fn note(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.push(code, Severity::Note, span, message.into(), false)
    }

    fn push(
        &mut self,
        code: Code,
        severity: Severity,
        span: Span,
        message: String,
        fatal: bool,
    ) -> &mut Diagnostic {
        let at = self.list.len();
        self.list.push(Diagnostic {
            code,
            severity,
            message,
            span,
            labels: Vec::new(),
            help: None,
            pointer: None,
            fatal,
        });
        &mut self.list[at]
    }

    /// Stops where the input as a whole has failed.
    pub fn gate(&self) -> Result<(), Reported> {
        if self.list.iter().any(|d| d.fatal) {
            Err(Reported)
        } else {
            Ok(())
        }
    }

    /// Adds what was said elsewhere, behind what was said here.
    pub fn append(&mut self, mut other: Self) {
        self.list.append(&mut other.list);
    }

    /// Everything said so far, in the order of saying.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Only what matters at least this much.
    #[must_use]
    pub fn at_least(&self, severity: Severity) -> Self {
        Self {
            list: self
                .list
                .iter()
                .filter(|d| d.severity >= severity)
                .cloned()
                .collect(),
        }
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}
