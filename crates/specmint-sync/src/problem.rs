//! One thing that went wrong, or is worth saying, while keeping step.
//!
//! Diagnostics of the pages themselves are `specmint_spec`'s; this is about sites, locks and
//! policies. Texts from outside are stripped of control characters before they come here.

use specmint_spec::diag::{Code, Severity};

/// One thing to say.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Which kind of thing.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// What happened: lower case, no final dot.
    pub message: String,
    /// Where: an address, or `page:line`.
    pub at: Option<Box<str>>,
    /// Details, one line each.
    pub lines: Vec<String>,
    /// What it means.
    pub note: Option<Box<str>>,
    /// What to do.
    pub help: Option<Box<str>>,
}

impl Problem {
    /// Nothing can be written.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// Something is weaker than it should be.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    /// Worth knowing.
    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, message)
    }

    fn new(code: Code, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: plain(&message.into()),
            at: None,
            lines: Vec::new(),
            note: None,
            help: None,
        }
    }

    /// Adds the place.
    #[must_use]
    pub fn at(mut self, at: impl Into<String>) -> Self {
        self.at = Some(plain(&at.into()).into());
        self
    }

    /// Adds a detail.
    #[must_use]
    pub fn line(mut self, line: impl Into<String>) -> Self {
        self.lines.push(plain(&line.into()));
        self
    }

    /// Adds what it means.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(plain(&note.into()).into());
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(plain_lines(&help.into()).into());
        self
    }
}

/// A text without anything a terminal would obey: control characters and the marks that reverse
/// the direction of writing.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c == '\n' || c == '\t' { ' ' } else { c })
        .filter(|c| !obeyed(*c))
        .collect()
}

/// As [`plain`], keeping line breaks.
fn plain_lines(text: &str) -> String {
    text.lines().map(plain).collect::<Vec<_>>().join("\n")
}

fn obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
