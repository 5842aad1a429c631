//! Prose of a document as documentation: hostile until escaped.
//!
//! rustdoc runs code blocks as tests, renders HTML as HTML and resolves brackets as links. None of
//! that may happen with text that was written for another reader, so: fences hold text, indented
//! code becomes a fence, `<`, `[` and `]` are escaped outside code and escapes stay what they are, only
//! web and mail links stay, and characters that terminals or compilers act upon are gone.

use std::fmt::Write as _;

/// The longest documentation of one item, in bytes.
const MAX_LENGTH: usize = 16 << 10;

/// Makes prose safe as the text of a doc comment.
pub fn sanitize(prose: &str) -> String {
    let prose = clean(prose);
    let mut out = String::new();
    let mut fence: Option<(char, usize)> = None;
    let mut indented = false;
    let mut blank = true;
    for line in prose.lines() {
        let trimmed = line.trim_start();
        let indent = line.chars().take_while(|c| *c == ' ').count();
        if let Some((mark, length)) = fence {
            if closes(trimmed, mark, length) {
                out.push_str("```\n");
                fence = None;
            } else {
                code(&mut out, line);
            }
            continue;
        }
        if indented {
            if indent >= 4 || trimmed.is_empty() {
                code(&mut out, line.get(4..).unwrap_or_default());
                continue;
            }
            close_indented(&mut out);
            indented = false;
        }
        if let Some(opened) = opens(trimmed) {
            out.push_str("```text\n");
            fence = Some(opened);
            blank = false;
            continue;
        }
        if indent >= 4 && blank && !trimmed.is_empty() {
            out.push_str("```text\n");
            code(&mut out, &line[4..]);
            indented = true;
            blank = false;
            continue;
        }
        blank = trimmed.is_empty();
        // More than three spaces could still become code behind a list or a heading.
        let _ = writeln!(out, "{}{}", &line[..indent.min(3)], inline(trimmed));
    }
    if fence.is_some() {
        out.push_str("```\n");
    }
    if indented {
        close_indented(&mut out);
    }
    out.trim().to_owned()
}

/// Prose in one line, without markup: for headings of tables and lists.
pub fn line(prose: &str) -> String {
    let text = clean(prose)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    inline(&text)
}

/// Documentation as a cell of a table: a bar ends none, unless it is escaped already.
pub fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut backslashes = 0;
    for c in text.chars() {
        if c == '|' && backslashes % 2 == 0 {
            out.push('\\');
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        out.push(c);
    }
    out
}

/// Prose as text for a terminal: as it is written, without what a terminal would act upon.
pub fn plain(prose: &str) -> String {
    clean(prose).trim().to_owned()
}

/// The same in one line.
pub fn plain_line(prose: &str) -> String {
    let text = clean(prose);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text as a code span, whatever is in it.
pub fn code_span(text: &str) -> String {
    let text: String = clean(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        // Two backticks with nothing between them would wait for two more.
        return "`\"\"`".to_owned();
    }
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let ticks = "`".repeat(longest + 1);
    if longest == 0 {
        format!("{ticks}{text}{ticks}")
    } else {
        format!("{ticks} {text} {ticks}")
    }
}

/// Whether a text between two backticks is a code span, and nothing but that.
pub fn is_plain_code(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains('`') && clean(text) == text && !text.contains('\n')
}

/// A link, where the address is one that rustdoc may have.
pub fn link(text: &str, url: &str) -> Option<String> {
    let url = url.trim();
    let safe = is_web(url)
        && url
            .bytes()
            .all(|b| b.is_ascii_graphic() && !b"<>()[]\\`\"".contains(&b));
    safe.then(|| format!("[{text}]({url})"))
}

/// Without what compilers, terminals and readers of diffs stumble over; at most so long.
fn clean(prose: &str) -> String {
    let mut out = String::with_capacity(prose.len().min(MAX_LENGTH));
    let text = prose.replace("\r\n", "\n");
    for c in text.chars() {
        if out.len() >= MAX_LENGTH {
            out.push_str("…\n\n(The description goes on; it was cut here.)");
            break;
        }
        match c {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' => out.push('\n'),
            '\t' => out.push_str("    "),
            c if c.is_control() => {}
            // Bidirectional controls, zero-width characters and tags: text that reads otherwise
            // than it is written.
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{61c}'
            | '\u{e0000}'..='\u{e007f}' => {}
            c => out.push(c),
        }
    }
    out
}

/// A fence's mark and length, where a line opens one.
fn opens(trimmed: &str) -> Option<(char, usize)> {
    // A list item or a quote can open a fence as well.
    let trimmed = trimmed.trim_start_matches(['>', '-', '*', '+', ' ']);
    let mark = trimmed.chars().next().filter(|c| *c == '`' || *c == '~')?;
    let length = trimmed.chars().take_while(|c| *c == mark).count();
    let info = trimmed.get(length..).unwrap_or_default();
    (length >= 3 && !(mark == '`' && info.contains('`'))).then_some((mark, length))
}

fn closes(trimmed: &str, mark: char, length: usize) -> bool {
    let trimmed = trimmed.trim_start_matches(['>', ' ']).trim_end();
    trimmed.chars().count() >= length && trimmed.chars().all(|c| c == mark)
}

/// A line of code, which may not close the fence it stands in.
fn code(out: &mut String, line: &str) {
    if line.trim_start().starts_with("```") {
        out.push_str("` ` `");
        out.push_str(line.trim_start().trim_start_matches('`'));
    } else {
        out.push_str(line);
    }
    out.push('\n');
}

fn close_indented(out: &mut String) {
    let length = out.trim_end().len();
    out.truncate(length);
    out.push_str("\n```\n");
}

/// One line of prose: code spans as they are, everything else escaped.
fn inline(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        if c == '`' {
            let ticks = rest.len() - rest.trim_start_matches('`').len();
            let body = &rest[ticks..];
            if let Some(end) = span_end(body, ticks) {
                out.push_str(&rest[..ticks + end + ticks]);
                rest = &rest[ticks + end + ticks..];
            } else {
                out.push_str(&"\\`".repeat(ticks));
                rest = body;
            }
            continue;
        }
        if c == '['
            && let Some((link, tail)) = whole_link(rest)
        {
            out.push_str(&link);
            rest = tail;
            continue;
        }
        if let Some((url, tail)) = bare_url(rest, &out) {
            let _ = write!(out, "<{url}>");
            rest = tail;
            continue;
        }
        match c {
            '<' | '>' | '[' | ']' | '&' => {
                out.push('\\');
                out.push(c);
            }
            '\\' => match rest[1..].chars().next() {
                // An escape already: what is behind it means nothing, here as there.
                Some(next) if next.is_ascii_punctuation() => {
                    out.push_str(&rest[..2]);
                    rest = &rest[2..];
                    continue;
                }
                _ => out.push_str("\\\\"),
            },
            c => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    // A line of dashes or equals signs would make a heading of the line before.
    if !out.is_empty() && out.chars().all(|c| matches!(c, '=' | '-' | ' ')) {
        out.insert(0, '\\');
    }
    out
}

fn span_end(body: &str, ticks: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = body.get(at..)?.find('`') {
        let start = at + found;
        let run = body[start..].len() - body[start..].trim_start_matches('`').len();
        if run == ticks {
            return Some(start);
        }
        at = start + run;
    }
    None
}

/// `[text](https://…)` on one line, its text escaped; and what follows.
fn whole_link(rest: &str) -> Option<(String, &str)> {
    let close = rest.find("](")?;
    let text = rest.get(1..close)?;
    if text.contains(['[', ']', '`']) {
        return None;
    }
    let tail = &rest[close + 2..];
    let end = closing(tail)?;
    let url = tail[..end].split_whitespace().next().unwrap_or_default();
    let escaped = inline(text);
    // A link that can't stay leaves its text.
    let link = link(&escaped, url).unwrap_or_else(|| escaped.clone());
    Some((link, &tail[end + 1..]))
}

/// Where the address of a link ends: at the parenthesis that it didn't open itself.
fn closing(tail: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in tail.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            _ => {}
        }
    }
    // One that opens more than it closes is no address; the link ends where it can.
    tail.find(')')
}

/// An address that stands bare in prose; rustdoc wants it in angle brackets.
fn bare_url<'a>(rest: &'a str, before: &str) -> Option<(&'a str, &'a str)> {
    if !is_web(rest) || before.ends_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let end = rest
        .find(|c: char| !c.is_ascii_graphic() || "<>()[]{}\\`\"'*|".contains(c))
        .unwrap_or(rest.len());
    let url = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '_', '~']);
    (url.len() > "https://".len()).then(|| (url, &rest[url.len()..]))
}

fn is_web(url: &str) -> bool {
    ["https://", "http://", "mailto:"].iter().any(|scheme| {
        url.get(..scheme.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose() {
        for (prose, expected) in [
            ("plain", "plain"),
            ("a <b> & [c]", "a \\<b\\> \\& \\[c\\]"),
            (
                "`<b>` and [c](https://a.test/x)",
                "`<b>` and [c](https://a.test/x)",
            ),
            ("[c](javascript:alert(1))", "c"),
            ("[c](javascript:alert((1)) d", "c) d"),
            ("[c](https://a.test/b_(c)) d", "c d"),
            ("see https://a.test/x.", "see <https://a.test/x>."),
            ("```\nlet x = 1;\n```", "```text\nlet x = 1;\n```"),
            ("~~~rust\nlet x = 1;\n~~~", "```text\nlet x = 1;\n```"),
            ("```rust\nnever closed", "```text\nnever closed\n```"),
            (
                "a\n\n    let x = 1;\n\nb",
                "a\n\n```text\nlet x = 1;\n```\nb",
            ),
            ("- a\n\n        code", "- a\n\n```text\n    code\n```"),
            ("a\rb\u{2028}c", "a\nb\nc"),
            ("\u{202e}evil\0\u{1b}[31m", "evil\\[31m"),
            ("*/ end", "*/ end"),
            ("lone ` tick", "lone \\` tick"),
            ("| a | b |\n|---|---|", "| a | b |\n|---|---|"),
            ("title\n===", "title\n\\==="),
            // Escapes are escapes already, and what they escape stays harmless.
            ("\\* item, \\_x\\_ and 1\\.", "\\* item, \\_x\\_ and 1\\."),
            ("\\<script>", "\\<script\\>"),
            ("\\\\<script>", "\\\\\\<script\\>"),
            ("\\[Vec] \\\\[Vec]", "\\[Vec\\] \\\\\\[Vec\\]"),
            ("\\[a](javascript:b)", "\\[a\\](javascript:b)"),
            ("\\\\[a](javascript:b)", "\\\\a"),
            ("[a\\](https://a.test/)", "[a\\\\](https://a.test/)"),
            ("\\&lt;b&gt;", "\\&lt;b\\&gt;"),
            ("\\`a` b", "\\`a\\` b"),
            ("\\\\`<b>`", "\\\\`<b>`"),
            ("`a\\*` \\*", "`a\\*` \\*"),
            ("\\```rust\npanic!()", "\\`\\`\\`rust\npanic!()"),
            ("title\n\\===", "title\n\\==="),
            // What escapes nothing is a backslash: letters, the end of a line, other punctuation.
            ("C:\\dir \\d+ \\“", "C:\\\\dir \\\\d+ \\\\“"),
            ("break\\\nend\\", "break\\\\\nend\\\\"),
            ("end\\\\\\", "end\\\\\\\\"),
        ] {
            assert_eq!(sanitize(prose), expected, "{prose:?}");
        }
    }

    #[test]
    fn no_backslash_is_left_for_what_follows() {
        // All texts of six of these characters.
        let alphabet = ['\\', '`', '[', '<', '|', 'a'];
        for number in 0..alphabet.len().pow(6) {
            let mut rest = number;
            let prose: String = (0..6)
                .map(|_| {
                    let c = alphabet[rest % alphabet.len()];
                    rest /= alphabet.len();
                    c
                })
                .collect();
            let text = line(&prose);
            let mut escaped = false;
            let mut at = text.as_str();
            while let Some(c) = at.chars().next() {
                let ticks = at.len() - at.trim_start_matches('`').len();
                if ticks > 0 && !escaped {
                    // What is left of code spans is whole.
                    let end = span_end(&at[ticks..], ticks).expect("an end");
                    at = &at[ticks + end + ticks..];
                    continue;
                }
                assert!(escaped || !matches!(c, '[' | '<'), "{prose} → {text}");
                escaped = c == '\\' && !escaped;
                at = &at[c.len_utf8()..];
            }
            assert!(!escaped, "{prose} → {text}");
            let cell = cell(&text);
            let mut before = 0;
            for c in cell.chars() {
                assert!(c != '|' || before % 2 == 1, "{prose} → {cell}");
                before = if c == '\\' { before + 1 } else { 0 };
            }
        }
    }

    #[test]
    fn terminals_are_told_nothing_but_text() {
        assert_eq!(plain(" a\u{1b}[31m\0\n\u{202e}b<c> "), "a[31m\nb<c>");
        assert_eq!(plain_line("a\r\n  b\u{7}"), "a b");
    }

    #[test]
    fn nothing_can_become_a_test() {
        // Whatever way a fence is opened, the language is `text` and every fence is closed.
        for prose in [
            "```rust\npanic!()\n```",
            "> ```\n> panic!()\n> ```",
            "- ```\n  panic!()\n  ```",
            "    panic!()",
            "\tpanic!()",
            "text\n\n\tpanic!()",
            "````\n```\npanic!()\n```\n````",
            "1. a\n\n       panic!()",
        ] {
            let text = sanitize(prose);
            let mut open = false;
            for line in text.lines() {
                if line.starts_with("```") {
                    assert_eq!(line == "```", open, "{prose:?} → {text}");
                    open = !open;
                } else if !open {
                    assert!(!line.starts_with("    "), "{prose:?} → {text}");
                    assert!(!line.contains("panic!()"), "{prose:?} → {text}");
                }
            }
            assert!(!open, "{prose:?} → {text}");
        }
    }

    #[test]
    fn long_prose_is_cut() {
        assert!(sanitize(&"word ".repeat(100_000)).len() < MAX_LENGTH + 100);
    }
}
