//! Functions as a table: one whose body is an expression stands on one line where that fits.
//!
//! A client has thousands of setters that differ in name and type alone. Printed over three to eight
//! lines each, they hide that; a line each, under its documentation, they read like fields.

/// How wide a line may be.
const WIDTH: usize = 100;

/// How many lines a signature or a body may have taken to be looked at.
const MOST: usize = 24;

/// How a function begins.
const STARTS: &[&str] = &["pub fn ", "pub async fn ", "fn "];

/// Puts every function of a printed file on as few lines as it needs.
///
/// Tokens are never cut: prettyplease ends lines between them, and no literal of ours spans lines.
pub(super) fn shorten(body: &str) -> String {
    let lines: Vec<&str> = body.lines().collect();
    let mut out = String::with_capacity(body.len());
    let mut rest = lines.as_slice();
    while let Some((line, behind)) = rest.split_first() {
        if let Some(function) = Function::at(rest) {
            function.print(&mut out);
            rest = rest.get(function.lines..).unwrap_or_default();
        } else {
            out.push_str(line);
            out.push('\n');
            rest = behind;
        }
    }
    out
}

/// Whether a line is a function from its first word to its last.
pub(super) fn is_whole(line: &str) -> bool {
    let line = line.trim_start();
    STARTS.iter().any(|start| line.starts_with(start)) && line.ends_with('}')
}

/// Whether lines begin with a function on a line, under a line of documentation or none.
pub(super) fn is_row<'a>(lines: impl Iterator<Item = &'a str>) -> bool {
    let mut lines = lines.map(str::trim_start);
    let first = lines.next().unwrap_or_default();
    is_whole(first) || first.starts_with("///") && lines.next().is_some_and(is_whole)
}

/// A function whose body is one expression.
struct Function<'a> {
    indent: &'a str,
    signature: String,
    body: String,
    /// Its signature as it was printed.
    signature_lines: &'a [&'a str],
    body_lines: &'a [&'a str],
    /// How many lines it took.
    lines: usize,
}

impl<'a> Function<'a> {
    /// The function that begins with the first of these lines.
    fn at(lines: &'a [&'a str]) -> Option<Self> {
        let first = lines.first()?;
        let text = first.trim_start();
        let indent = first.get(..first.len() - text.len())?;
        if !STARTS.iter().any(|start| text.starts_with(start)) {
            return None;
        }
        let end = signature_end(lines, indent)?;
        let (signature_lines, behind) = lines.split_at(end);
        let closes = |line: &&str| line.strip_prefix(indent) == Some("}");
        let length = behind.iter().take(MOST).position(closes)?;
        let body_lines = behind.get(..length)?;
        let signature = joined(signature_lines)?;
        let body = joined(body_lines)?;
        Some(Self {
            indent,
            signature,
            body,
            signature_lines,
            body_lines,
            lines: end + length + 1,
        })
    }

    fn print(&self, out: &mut String) {
        let Self {
            indent,
            signature,
            body,
            ..
        } = self;
        let depth = indent.len();
        if depth + signature.len() + body.len() + " ".len() + " }".len() <= WIDTH {
            out.push_str(&format!("{indent}{signature} {body} }}\n"));
            return;
        }
        let mut part = |text: &str, more: &str, lines: &[&str]| {
            if depth + more.len() + text.len() <= WIDTH {
                out.push_str(&format!("{indent}{more}{text}\n"));
            } else {
                for line in lines {
                    out.push_str(line);
                    out.push('\n');
                }
            }
        };
        part(signature, "", self.signature_lines);
        part(body, "    ", self.body_lines);
        out.push_str(&format!("{indent}}}\n"));
    }
}

/// How many lines a signature takes; `None` where the function has no body, or one in its line.
fn signature_end(lines: &[&str], indent: &str) -> Option<usize> {
    for (at, line) in lines.iter().take(MOST).enumerate() {
        let text = line.strip_prefix(indent)?;
        let is_deeper = text.starts_with(' ');
        let goes_on =
            at == 0 && text.ends_with(['(', '<']) || at > 0 && text.starts_with([')', '>']);
        match (is_deeper, text.ends_with('{')) {
            (true, _) => {}
            (false, true) if at == 0 || goes_on => return Some(at + 1),
            (false, false) if goes_on => {}
            (false, _) => return None,
        }
    }
    None
}

/// Lines as one; `None` where there is more to them than one expression.
fn joined(lines: &[&str]) -> Option<String> {
    let mut out = String::new();
    for line in lines {
        let line = line.trim();
        let opened = out.ends_with(['(', '[', '<']) || out.is_empty();
        // Of a tuple of one, the comma is a part.
        let is_tuple = line.strip_suffix('(').is_some_and(|before| {
            !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '>')
        });
        if is_tuple
            || line.ends_with(';')
            || line.starts_with("//")
            || line.starts_with("#[")
            || line.contains("=> ")
        {
            return None;
        }
        if line.starts_with([')', ']', '}', '>']) {
            let end = out.trim_end_matches(',').len();
            out.truncate(end);
        }
        if !(opened || line.starts_with([')', ']', '>', '.', '?'])) {
            out.push(' ');
        }
        out.push_str(line);
    }
    (!out.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_one_line() {
        for (printed, expected) in [
            (
                "fn a(self) -> B {\n    self.b(1)\n}\n",
                "fn a(self) -> B { self.b(1) }\n",
            ),
            (
                "    pub fn a(\n        self,\n        b: C,\n    ) -> D<\n        E,\n    > {\n        \
                 f(\n            b,\n        )\n            .g()\n    }\n",
                "    pub fn a(self, b: C) -> D<E> { f(b).g() }\n",
            ),
            (
                "fn a() -> Self {\n    Self {\n        b: c,\n    }\n}\n",
                "fn a() -> Self { Self { b: c } }\n",
            ),
        ] {
            assert_eq!(shorten(printed), expected);
        }
    }

    #[test]
    fn what_is_more_than_an_expression_stays() {
        for printed in [
            "fn a();\n\nfn b() {\n    c();\n}\n",
            "fn a() {}\n\nimpl B {\n}\n",
            "fn a(b: C) -> D {\n    match b {\n        C::E => f,\n    }\n}\n",
            "fn a() -> (B,) {\n    (\n        b,\n    )\n}\n",
            "fn a() -> B {\n    // Why.\n    b\n}\n",
        ] {
            assert_eq!(shorten(printed), printed);
        }
    }

    #[test]
    fn long_ones_are_as_short_as_they_can_be() {
        let (name, value) = ("n".repeat(70), "v".repeat(70));
        let printed =
            format!("fn {name}(\n    self,\n) -> B {{\n    c(\n        {value},\n    )\n}}\n");
        let expected = format!("fn {name}(self) -> B {{\n    c({value})\n}}\n");
        assert_eq!(shorten(&printed), expected);
    }
}
