//! Path templates: what the document says, what the wire needs, what progenitor takes.

/// A piece of a path template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As it stands.
    Text(String),
    /// A parameter, by its name between the braces.
    Parameter(String),
}

/// A path template in pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Up to the query.
    pub path: Vec<Piece>,
    /// Query parameters that stand in the template: name, and value as it stands.
    pub query: Vec<(String, Vec<Piece>)>,
}

/// Takes a template apart. A brace without its partner is text, escaped.
pub fn parse(template: &str) -> Template {
    let template = template.split('#').next().unwrap_or_default();
    let (path, query) = split_query(template);
    let mut path = pieces(path);
    match path.first_mut() {
        Some(Piece::Text(text)) if text.starts_with('/') => {}
        Some(Piece::Text(text)) => text.insert(0, '/'),
        _ => path.insert(0, Piece::Text("/".to_owned())),
    }
    let query = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (name.to_owned(), pieces(value))
        })
        .collect();
    Template { path, query }
}

/// Splits at the first `?` outside braces.
fn split_query(template: &str) -> (&str, &str) {
    let mut depth = 0_usize;
    for (at, c) in template.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '?' if depth == 0 => return (&template[..at], &template[at + 1..]),
            _ => {}
        }
    }
    (template, "")
}

fn pieces(template: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        match tail.find(['{', '}', '/']) {
            Some(end) if rest[at..].starts_with('{') && tail[end..].starts_with('}') && end > 0 => {
                if !text.is_empty() {
                    out.push(Piece::Text(std::mem::take(&mut text)));
                }
                out.push(Piece::Parameter(tail[..end].to_owned()));
                rest = &tail[end + 1..];
            }
            _ => {
                text.push_str(if rest[at..].starts_with('{') {
                    "%7B"
                } else {
                    "%7D"
                });
                rest = tail;
            }
        }
    }
    text.push_str(rest);
    if !text.is_empty() {
        out.push(Piece::Text(text));
    }
    out
}

/// The pieces as a template again, parameters renamed.
pub fn write(pieces: &[Piece], rename: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Parameter(name) => {
                out.push('{');
                out.push_str(&rename(name));
                out.push('}');
            }
        }
    }
    out
}

/// Names of the parameters, in order, each once.
pub fn parameters(pieces: &[Piece]) -> Vec<&str> {
    let mut out = Vec::new();
    for piece in pieces {
        if let Piece::Parameter(name) = piece
            && !out.contains(&name.as_str())
        {
            out.push(name.as_str());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_survive() {
        for (template, expected) in [
            ("/pets/{id}", "/pets/{id}"),
            ("pets", "/pets"),
            ("{id}", "/{id}"),
            ("/a/{x}.{y}:verb", "/a/{x}.{y}:verb"),
            ("/a/{x", "/a/%7Bx"),
            ("/a/x}", "/a/x%7D"),
            ("/a/{}/b", "/a/%7B%7D/b"),
            ("/a/", "/a/"),
            ("/a#beta", "/a"),
            ("/a?b=c&d={e}", "/a"),
            ("/files/{path:.*}", "/files/{path:.*}"),
        ] {
            assert_eq!(
                write(&parse(template).path, str::to_owned),
                expected,
                "{template}"
            );
        }
    }

    #[test]
    fn queries_are_taken_apart() {
        let template = parse("/a?b=c&d={e}&f");
        assert_eq!(
            template.query,
            [
                ("b".to_owned(), vec![Piece::Text("c".to_owned())]),
                ("d".to_owned(), vec![Piece::Parameter("e".to_owned())]),
                ("f".to_owned(), vec![]),
            ]
        );
    }
}
