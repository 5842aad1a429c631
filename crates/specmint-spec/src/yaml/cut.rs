//! One text → its head, and the members of one mapping at its end, each to be read on its own.
//!
//! The cut is made by indentation, and only where nothing but indentation can matter: block
//! mappings of one-line keys on three levels. Everything else (comments on these levels, document
//! marks, flow style, explicit keys) is left to be read as a whole.

/// Where a text was cut.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cut<'t> {
    /// Everything before the key.
    pub(crate) head: &'t str,
    /// The line (one-based) of the key.
    pub(crate) line: u32,
    /// The members of the key's mapping, which are mappings again.
    pub(crate) sections: Vec<Section<'t>>,
}

/// A mapping of named parts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Section<'t> {
    pub(crate) name: &'t str,
    /// The line of its key (one-based).
    pub(crate) line: u32,
    /// The column of its key (one-based).
    pub(crate) column: u32,
    pub(crate) parts: Vec<Part<'t>>,
}

/// The lines of one member, its key included.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part<'t> {
    pub(crate) text: &'t str,
    /// The text's line that is its first (one-based).
    pub(crate) line: u32,
}

/// Cuts a text below a key of its root, whose mapping of mappings must be the text's end.
pub(crate) fn below<'t>(text: &'t str, key: &str) -> Option<Cut<'t>> {
    if memchr::memchr2(b'\0', b'\r', text.as_bytes()).is_some() {
        return None; // a lone `\r` is a line's end as well
    }
    let mut lines = Lines {
        text,
        at: 0,
        line: 0,
    };
    let (head, number) = loop {
        let line = lines.next()?;
        if line.indent > 0 || line.text.is_empty() {
            continue;
        }
        if names(line.text) == Some(key) {
            break (&text[..line.start], line.number);
        }
        if !begins_key(line.text) && !line.text.starts_with("- ") {
            return None;
        }
    };
    let mut sections: Vec<Section<'t>> = Vec::new();
    let (mut outer, mut inner) = (0, 0);
    let mut open: Option<(usize, u32)> = None;
    for line in lines {
        if line.text.is_empty() || inner > 0 && line.indent > inner {
            continue;
        }
        let start = line.start;
        if outer == 0 {
            outer = line.indent;
        }
        if line.indent == 0 || line.indent < outer {
            return None;
        }
        if line.indent == outer {
            if let Some(part) = open.take() {
                sections.last_mut()?.close(text, part, start);
            }
            if sections.last().is_some_and(|last| last.parts.is_empty()) {
                return None;
            }
            let name =
                names(line.text).filter(|name| name.bytes().all(|b| b.is_ascii_alphabetic()))?;
            sections.push(Section {
                name,
                line: line.number,
                column: u32::try_from(outer).ok()?.checked_add(1)?,
                parts: Vec::new(),
            });
            inner = 0;
            continue;
        }
        if inner == 0 {
            inner = line.indent;
        }
        if line.indent < inner || !begins_key(line.text) {
            return None;
        }
        let section = sections.last_mut()?;
        if let Some(part) = open.replace((start, line.number)) {
            section.close(text, part, start);
        }
    }
    sections.last_mut()?.close(text, open?, text.len());
    Some(Cut {
        head,
        line: number,
        sections,
    })
}

impl<'t> Section<'t> {
    fn close(&mut self, text: &'t str, (start, line): (usize, u32), end: usize) {
        self.parts.push(Part {
            text: &text[start..end],
            line,
        });
    }
}

/// The key of a line that is a key and nothing else.
fn names(line: &str) -> Option<&str> {
    line.trim_end_matches(' ').strip_suffix(':')
}

/// Whether a line's first character can only begin a key in a block mapping, or text that is an
/// error there.
fn begins_key(line: &str) -> bool {
    line.starts_with(|c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '/' | '"' | '\'')
    })
}

/// Lines, each with its indentation taken off.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u32,
}

struct Line<'t> {
    /// Where it begins in the text.
    start: usize,
    number: u32,
    /// Spaces before its text.
    indent: usize,
    /// Empty where the line is blank.
    text: &'t str,
}

impl<'t> Iterator for Lines<'t> {
    type Item = Line<'t>;

    fn next(&mut self) -> Option<Line<'t>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let start = self.at;
        self.at += (length + 1).min(rest.len());
        self.line = self.line.checked_add(1)?;
        let line = &rest[..length];
        let text = line.trim_start_matches(' ');
        Some(Line {
            start,
            number: self.line,
            indent: line.len() - text.len(),
            text,
        })
    }
}
