//! The `---` block at the top of a page. Only two of its keys mean anything here.

use crate::{extract::info, fragment::Info};

/// What the front matter says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FrontMatter {
    /// `title`.
    pub(super) title: Option<String>,
    /// `openapi`: the operation the page is about.
    pub(super) operation: Option<Info>,
    /// The line of `openapi`, one-based.
    pub(super) operation_line: u32,
    /// Lines the block takes, fences included; 0 without front matter.
    pub(super) lines: u32,
}

/// Reads the front matter, line by line: the rest of it is none of our business, and a mistake
/// there must not cost the page.
pub(super) fn read(text: &str) -> FrontMatter {
    let mut front = FrontMatter::default();
    let mut lines = (1..).zip(text.lines());
    if lines
        .next()
        .is_none_or(|(_, line)| line.trim_end() != "---")
    {
        return front;
    }
    for (number, line) in lines {
        if line.trim_end() == "---" {
            front.lines = number;
            return front;
        }
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let value = unquote(value.trim());
        match key {
            "title" if !value.is_empty() => front.title = Some(value.to_owned()),
            "openapi" => {
                let words: Vec<_> = value.split_whitespace().take(4).collect();
                front.operation = info::operation(&words);
                front.operation_line = number;
            }
            _ => {}
        }
    }
    FrontMatter::default() // never closed: a thematic break, or a YAML document
}

fn unquote(value: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value)
}
