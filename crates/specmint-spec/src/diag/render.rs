//! Diagnostics as text: rustc's look with colour or without, or GitHub's annotations.
//!
//! Texts of pages are hostile here too: what could steer a terminal, or reorder what is read on
//! it, is replaced by a visible character before anything is printed. The renderer is given the
//! lines concerned and never a whole page.

use std::collections::BTreeMap;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet, level};

use super::{Diagnostic, Diagnostics, Severity};
use crate::page::{PageIndex, Sources, Span};

/// Characters of a line that are shown; a longer line is cut around the place.
const MAX_LINE: usize = 160;
/// Characters shown before the place in a line that is cut.
const LEAD: usize = 60;
/// Lines that may stand between two places of one excerpt.
const MAX_GAP: u32 = 4;
/// The longest mark under a place.
const MAX_MARK: usize = 60;

/// All diagnostics in rustc's look, without colour.
pub fn plain(diags: &Diagnostics, sources: &Sources) -> String {
    all(diags, sources, &Renderer::plain())
}

/// All diagnostics in rustc's look, with colour.
pub fn ansi(diags: &Diagnostics, sources: &Sources) -> String {
    all(diags, sources, &Renderer::styled())
}

/// All diagnostics as workflow commands, which GitHub shows beside the lines of a change.
pub fn github(diags: &Diagnostics, sources: &Sources) -> String {
    let mut text = String::new();
    for diagnostic in diags.iter() {
        text.push_str(match diagnostic.severity {
            Severity::Error => "::error",
            Severity::Warning => "::warning",
            Severity::Note => "::notice",
        });
        text.push_str(" title=");
        text.push_str(diagnostic.code.0);
        if let Some(page) = sources.get(diagnostic.span.page) {
            let file = escape(&page.id.0).replace(':', "%3A").replace(',', "%2C");
            let Span { line, column, .. } = diagnostic.span;
            for (name, value) in [
                ("file", file),
                ("line", line.to_string()),
                ("col", column.to_string()),
            ] {
                text.extend([",", name, "=", value.as_str()]);
            }
        }
        text.push_str("::");
        text.push_str(&escape(&diagnostic.message));
        for (span, label) in &diagnostic.labels {
            let at = sources
                .locate(*span)
                .map(|at| format!(" ({at})"))
                .unwrap_or_default();
            text.push_str(&escape(&format!("\n{label}{at}")));
        }
        if let Some(help) = &diagnostic.help {
            text.push_str(&escape(&format!("\nhelp: {help}")));
        }
        text.push('\n');
    }
    text
}

/// One value of a workflow command.
fn escape(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|c| if c == '\n' { c } else { visible(c) })
        .collect();
    clean.replace('%', "%25").replace('\n', "%0A")
}

fn all(diags: &Diagnostics, sources: &Sources, renderer: &Renderer) -> String {
    let mut lines = Lines {
        sources,
        starts: BTreeMap::new(),
    };
    let mut text = String::new();
    for diagnostic in diags.iter() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&one(diagnostic, &mut lines, renderer));
        text.push('\n');
    }
    text
}

fn one(diagnostic: &Diagnostic, lines: &mut Lines<'_>, renderer: &Renderer) -> String {
    let level: Level<'_> = match diagnostic.severity {
        Severity::Error => level::ERROR,
        Severity::Warning => level::WARNING,
        Severity::Note => level::NOTE,
    };
    let title = level
        .primary_title(clean(&diagnostic.message))
        .id(diagnostic.code.0);
    let excerpts = excerpts(diagnostic, lines);
    let corrections: Vec<_> = excerpts.iter().filter_map(Excerpt::correction).collect();
    let mut group: Group<'_> = title.elements(excerpts.into_iter().map(Excerpt::snippet));
    if let Some(help) = &diagnostic.help {
        group = group.element(level::HELP.message(clean(help)));
    }
    let text = renderer.render(&[group]);
    corrections.iter().fold(text, |text, (counted, meant)| {
        text.replacen(counted, meant, 1)
    })
}

/// Lines of one page with the marks in them.
struct Excerpt {
    path: String,
    first_line: u32,
    text: String,
    marks: Vec<Mark>,
    /// The line, and how many characters were left out before its text.
    cut: Option<(u32, usize)>,
}

/// A range of bytes, and what to say about it; the primary place says nothing.
struct Mark {
    start: usize,
    end: usize,
    primary: bool,
    label: Option<String>,
}

impl Excerpt {
    fn snippet(self) -> Snippet<'static, Annotation<'static>> {
        let marks = self.marks.into_iter().map(|mark| {
            let kind = if mark.primary {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            kind.span(mark.start..mark.end).label(mark.label)
        });
        Snippet::source(self.text)
            .path(self.path)
            .line_start(self.first_line as usize)
            .fold(false)
            .annotations(marks)
    }

    /// The renderer counts columns in the text it is given: what it will write for a cut line, and
    /// what is meant.
    fn correction(&self) -> Option<(String, String)> {
        let (line, skipped) = self.cut?;
        let before = self.text.get(..self.marks.first()?.start)?;
        let column = before.chars().count() + 1;
        let at = format!("{}:{line}:", self.path);
        Some((
            format!("{at}{column}\n"),
            format!("{at}{}\n", column + skipped),
        ))
    }
}

/// The places of a diagnostic: first its own, then the labels'. Places close to each other share
/// an excerpt.
fn excerpts(diagnostic: &Diagnostic, lines: &mut Lines<'_>) -> Vec<Excerpt> {
    let primary = (diagnostic.span, None, true);
    let labels = diagnostic
        .labels
        .iter()
        .map(|(span, label)| (*span, Some(label), false));
    let mut groups: Vec<Vec<Place<'_>>> = Vec::new();
    for (span, label, primary) in std::iter::once(primary).chain(labels) {
        let place = Place {
            span,
            label,
            primary,
        };
        let near = groups.iter_mut().find(|group| {
            group.iter().any(|other| {
                let near = other.span.line.abs_diff(span.line) <= MAX_GAP;
                // A place far to the right needs an excerpt that is cut around it alone.
                let left = other.span.column.max(span.column) as usize + MAX_MARK < MAX_LINE;
                other.span.page == span.page && near && left
            })
        });
        match near {
            Some(group) => group.push(place),
            None => groups.push(vec![place]),
        }
    }
    groups
        .iter()
        .filter_map(|group| excerpt(group, lines))
        .collect()
}

struct Place<'d> {
    span: Span,
    label: Option<&'d String>,
    primary: bool,
}

fn excerpt(places: &[Place<'_>], lines: &mut Lines<'_>) -> Option<Excerpt> {
    let page = places.first()?.span.page;
    let path = clean(&lines.sources.get(page)?.id.0);
    let first = places.iter().map(|place| place.span.line).min()?;
    let last = places.iter().map(|place| place.span.line).max()?;
    // Only a place that stands alone can be far to the right.
    let column = match places {
        [place] => place.span.column,
        _ => 1,
    };
    let mut text = String::new();
    let mut marks = Vec::new();
    let mut cut = None;
    for line in first..=last {
        let whole = lines.line(page, line);
        let skipped = skipped(whole, column);
        if skipped > 0 {
            cut = Some((line, skipped));
        }
        let start = text.len();
        text.extend(whole.chars().skip(skipped).take(MAX_LINE).map(visible));
        for place in places.iter().filter(|place| place.span.line == line) {
            let at = (place.span.column as usize)
                .saturating_sub(1)
                .saturating_sub(skipped);
            let (from, to) = token(&text[start..], at);
            marks.push(Mark {
                start: start + from,
                end: start + to,
                primary: place.primary,
                label: place.label.map(|label| clean(label)),
            });
        }
        if line < last {
            text.push('\n');
        }
    }
    Some(Excerpt {
        path,
        first_line: first,
        text,
        marks,
        cut,
    })
}

/// How many characters of a long line are left out before the place.
fn skipped(line: &str, column: u32) -> usize {
    let at = (column as usize).saturating_sub(1);
    if at + MAX_MARK < MAX_LINE || line.chars().nth(MAX_LINE).is_none() {
        0
    } else {
        at - LEAD
    }
}

/// The bytes of the token at a character: a heading or fence, a quoted text, or what no white
/// space or punctuation interrupts.
fn token(line: &str, at: usize) -> (usize, usize) {
    let start = line
        .char_indices()
        .nth(at)
        .map_or(line.len(), |(byte, _)| byte);
    let rest = &line[start..];
    let markup = ["#", "```", "~~~"]
        .iter()
        .any(|mark| rest.starts_with(mark));
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let mut length = 0;
    for (count, (byte, c)) in rest.char_indices().enumerate() {
        let ends = match quote {
            _ if markup => rest[byte..].trim_end().is_empty(),
            Some(quote) => count > 0 && rest[..byte].ends_with(quote) && byte > quote.len_utf8(),
            None => {
                c.is_whitespace()
                    || matches!(c, ',' | '}' | ']')
                    || c == ':'
                        && rest[byte + 1..]
                            .chars()
                            .next()
                            .is_none_or(char::is_whitespace)
            }
        };
        if (ends && byte > 0) || count == MAX_MARK {
            break;
        }
        length = byte + c.len_utf8();
    }
    (start, start + length)
}

/// A text of ours with pieces of a page in it, on one line.
fn clean(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// The character itself, or a visible one for what could steer a terminal or reorder a line.
fn visible(c: char) -> char {
    match c {
        '\t' | '\n' => ' ',
        // Bidirectional controls, invisible separators and joiners, tags, byte-order mark.
        '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{061C}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E007F}' => char::REPLACEMENT_CHARACTER,
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

/// Lines of pages by number, with an index made once per page.
struct Lines<'s> {
    sources: &'s Sources,
    starts: BTreeMap<PageIndex, Vec<usize>>,
}

impl<'s> Lines<'s> {
    fn line(&mut self, page: PageIndex, number: u32) -> &'s str {
        let Some(page_text) = self.sources.get(page).map(|page| page.text.as_str()) else {
            return "";
        };
        let starts = self.starts.entry(page).or_insert_with(|| {
            std::iter::once(0)
                .chain(page_text.match_indices('\n').map(|(at, _)| at + 1))
                .collect()
        });
        let line = (number as usize)
            .checked_sub(1)
            .and_then(|at| starts.get(at))
            .and_then(|start| page_text.get(*start..))
            .and_then(|rest| rest.split('\n').next());
        line.unwrap_or_default()
    }
}
