//! Fenced blocks and headings of a page, by a scanner that looks at column 0 only.
//!
//! The pages are MDX: a Markdown parser misses fences inside JSX blocks and happily gives the rest
//! of the page for a block that is never closed. Blocks that matter stand at column 0, and lines
//! of backticks inside their YAML are always indented; so column 0 decides.

use memchr::{memchr, memchr_iter, memmem};

/// What the scanner finds, in the order of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A line outside all fences.
    Line(Line<'a>),
    /// A fenced block.
    Fence(Fence<'a>),
}

/// A line outside all fences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// One-based.
    pub number: u32,
    /// Without its line ending.
    pub text: &'a str,
}

/// A fenced block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fence<'a> {
    /// The opening line, one-based.
    pub line: u32,
    /// What stands behind the opening backticks, trimmed.
    pub info: &'a str,
    /// Everything between the fences.
    pub body: &'a str,
    /// Whether a closing fence was found.
    pub closed: bool,
}

impl<'a> Line<'a> {
    /// The text of a heading of this level.
    pub fn heading(self, level: usize) -> Option<&'a str> {
        let rest = self.text.get(level..)?;
        let marks = self.text.bytes().take_while(|b| *b == b'#').count();
        (marks == level && (rest.is_empty() || rest.starts_with([' ', '\t'])))
            .then(|| rest.trim().trim_end_matches('#').trim_end())
    }
}

/// Splits a page into lines and fenced blocks.
pub fn pieces(text: &str) -> Pieces<'_> {
    Pieces {
        text,
        at: 0,
        number: 0,
    }
}

/// The iterator behind [`pieces`].
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    text: &'a str,
    at: usize,
    number: u32,
}

impl<'a> Pieces<'a> {
    fn line(&mut self) -> Option<Line<'a>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        self.at += (length + 1).min(rest.len());
        self.number = self.number.saturating_add(1);
        let text = &rest[..length];
        Some(Line {
            number: self.number,
            text: text.strip_suffix('\r').unwrap_or(text),
        })
    }
}

impl Pieces<'_> {
    /// Goes to the next line that begins with a mark, or else to the end. Blocks are long, and
    /// most of their lines can't close them.
    fn skip_to(&mut self, mark: char) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest.starts_with(mark) {
            return;
        }
        let needle = if mark == '`' { b"\n`" } else { b"\n~" };
        let skipped = memmem::find(rest.as_bytes(), needle).map_or(rest.len(), |at| at + 1);
        let lines = memchr_iter(b'\n', &rest.as_bytes()[..skipped]).count();
        self.at += skipped;
        self.number = self
            .number
            .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let line = self.line()?;
        let Some(opening) = Opening::of(line.text) else {
            return Some(Piece::Line(line));
        };
        let start = self.at;
        let fence = |body, closed| {
            Some(Piece::Fence(Fence {
                line: line.number,
                info: opening.info,
                body,
                closed,
            }))
        };
        loop {
            self.skip_to(opening.mark);
            let before = self.at;
            match self.line() {
                Some(inner) if opening.is_closed_by(inner.text) => {
                    return fence(&self.text[start..before], true);
                }
                Some(_) => {}
                None => return fence(&self.text[start..], false),
            }
        }
    }
}

/// An opening fence.
struct Opening<'a> {
    mark: char,
    marks: usize,
    info: &'a str,
}

impl<'a> Opening<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let rest = line.trim_start_matches(mark);
        let marks = line.len() - rest.len();
        // Backticks behind backticks are a code span, not a fence.
        (marks >= 3 && !(mark == '`' && rest.contains('`'))).then(|| Self {
            mark,
            marks,
            info: rest.trim(),
        })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let rest = line.trim_start_matches(self.mark);
        line.len() - rest.len() >= self.marks && rest.trim().is_empty()
    }
}
