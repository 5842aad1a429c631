//! `llms.txt`: which pages a site lists. It must never know what the pages hold.

/// A link of an index, as it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The words in brackets.
    pub title: String,
    /// The address, relative or not, unchecked.
    pub target: String,
    /// One-based.
    pub line: usize,
}

/// What an index lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// Pages: links to `.md`.
    pub pages: Vec<Link>,
    /// Further indexes: links to `_llms/*.md`.
    pub parts: Vec<Link>,
    /// Whole specifications.
    pub specs: Vec<Link>,
}

/// Why a text is no index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoIndex(pub &'static str);

/// Reads an index. Descriptions run over lines that look like links, so a line counts only where
/// it is one from its beginning to its end.
pub fn parse(text: &str) -> Result<Index, NoIndex> {
    let start: String = text.trim_start().chars().take(9).collect();
    let start = start.to_ascii_lowercase();
    if start.starts_with("<!doctype") || start.starts_with("<html") {
        return Err(NoIndex("it is HTML: probably a login or bot page"));
    }
    let mut index = Index::default();
    let mut section = Section::Pages;
    for (line, number) in text.lines().zip(1..) {
        if let Some(heading) = line.strip_prefix("## ") {
            section = Section::of(heading);
            continue;
        }
        let Some((title, target)) = link(line) else {
            continue;
        };
        let link = Link {
            title: title.to_owned(),
            target: target.to_owned(),
            line: number,
        };
        let path = target.split(['?', '#']).next().unwrap_or_default();
        match section {
            Section::Specs => index.specs.push(link),
            Section::Other => {}
            Section::Pages if !is_markdown(path) => {}
            Section::Pages if path.starts_with("_llms/") || path.contains("/_llms/") => {
                index.parts.push(link);
            }
            Section::Pages => index.pages.push(link),
        }
    }
    if index == Index::default() {
        return Err(NoIndex("it lists no pages"));
    }
    Ok(index)
}

fn is_markdown(path: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("md"))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Pages,
    Specs,
    Other,
}

impl Section {
    fn of(heading: &str) -> Self {
        let heading = heading.trim().to_ascii_lowercase();
        match heading.as_str() {
            "openapi specs" | "openapi" | "openapi specifications" | "api specifications" => {
                Self::Specs
            }
            "asyncapi specs" | "asyncapi" => Self::Other,
            _ => Self::Pages,
        }
    }
}

/// `- [title](target)` or `- [title](target): description`, whole.
fn link(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_end();
    let rest = line
        .strip_prefix("- [")
        .or_else(|| line.strip_prefix("* ["))?;
    rest.match_indices("](").find_map(|(at, _)| {
        let (title, behind) = (&rest[..at], &rest[at + 2..]);
        let target = behind
            .split_once("): ")
            .map(|(target, _)| target)
            .filter(|target| !target.contains(char::is_whitespace))
            .or_else(|| behind.strip_suffix("):"))
            .or_else(|| behind.strip_suffix(')'))?;
        let whole = !target.is_empty() && !target.contains(char::is_whitespace);
        whole.then_some((title, target))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_run_over_lines_and_hold_links() {
        let text = "# Acme\n\n> Everything\n\n## Docs\n\n\
            - [Get](https://docs.acme.test/get.md): See [guide](https://docs.acme.test/guide.md)\n\
            - a list item of that description\n\
            - [not a link of ours](https://docs.acme.test/page) and more words\n\
            - [Set [it]](/set.md)\n\
            - [Part](https://docs.acme.test/_llms/users.md)\n\
            - [Site](https://docs.acme.test/)\n\n\
            ## OpenAPI Specs\n\n- [acme](/openapi.json)\n\n## AsyncAPI Specs\n\n- [events](/events.md)\n\n\
            ## Optional\n\n- [Blog](https://blog.acme.test)\n";
        let index = parse(text).expect("it is an index");
        let targets = |links: &[Link]| -> Vec<String> {
            links
                .iter()
                .map(|l| format!("{} {} {}", l.line, l.title, l.target))
                .collect()
        };
        assert_eq!(
            targets(&index.pages),
            ["7 Get https://docs.acme.test/get.md", "10 Set [it] /set.md"]
        );
        assert_eq!(
            targets(&index.parts),
            ["11 Part https://docs.acme.test/_llms/users.md"]
        );
        assert_eq!(targets(&index.specs), ["16 acme /openapi.json"]);
    }

    #[test]
    fn what_is_no_index_says_why() {
        assert!(parse("<!DOCTYPE html><html></html>").is_err());
        assert!(parse("# Acme\n\nNothing here.\n").is_err());
        assert!(parse("").is_err());
        assert!(parse("\u{1f600}\u{1f600}\u{1f600}").is_err());
    }
}
