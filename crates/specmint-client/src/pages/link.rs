//! The header `Link` (RFC 8288, section 3): one relation of it.

use reqwest::header::{HeaderMap, LINK};

/// The target of the first link whose relation is `next`, as it stands there.
pub(super) fn next(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(LINK)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(of_value)
}

fn of_value(mut text: &str) -> Option<String> {
    // What doesn't begin with a target isn't a list of links, and nothing is read out of it.
    while let Some((target, rest)) = text
        .trim_start_matches([' ', '\t', ','])
        .strip_prefix('<')
        .and_then(|rest| rest.split_once('>'))
    {
        let (parameters, rest) = parameters(rest);
        text = rest;
        let named = |wanted: &str| {
            parameters
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
        };
        // A link with an anchor is about something else than this page. Of several `rel`, the
        // first one counts; it may be a list.
        let is_next = named("anchor").is_none()
            && named("rel").is_some_and(|(_, relations)| {
                relations
                    .split_ascii_whitespace()
                    .any(|relation| relation.eq_ignore_ascii_case("next"))
            });
        if is_next {
            return Some(target.trim().to_owned());
        }
    }
    None
}

/// Parameters up to the comma that ends a link, and what stands behind it.
fn parameters(mut text: &str) -> (Vec<(String, String)>, &str) {
    let mut found = Vec::new();
    loop {
        text = text.trim_start();
        let Some(rest) = text.strip_prefix(';') else {
            // A comma, the end, or nonsense up to the next comma.
            let rest = text.split_once(',').map_or("", |(_, rest)| rest);
            return (found, rest);
        };
        let rest = rest.trim_start();
        let end = rest.find(['=', ';', ',']).unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        let Some(rest) = rest.strip_prefix('=') else {
            text = rest;
            found.push((name.trim().to_owned(), String::new()));
            continue;
        };
        let (value, rest) = value(rest.trim_start());
        found.push((name.trim().to_owned(), value));
        text = rest;
    }
}

/// A token or a quoted string, and what stands behind it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return (value.trim().to_owned(), rest);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, quoted.get(at + 1..).unwrap_or_default()),
            '\\' => value.extend(characters.next().map(|(_, character)| character)),
            character => value.push(character),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(LINK, value.parse().expect("a header value"));
        }
        next(&headers)
    }

    #[test]
    fn the_next_link_is_found_however_it_is_written() {
        for values in [
            &["</x?page=2>; rel=\"next\""][..],
            &["</x?page=2>;rel=next"],
            &["</x?page=2> ; title=\"a, \\\"b\\\"; rel=prev\" ; REL = \"Next\""],
            &["</1>; rel=prev, </x?page=2>; rel=\"last next\", </9>; rel=last"],
            &["</1>; rel=first", "</x?page=2>; rel=next"],
            &["</a,b>; rel=\"prev\"; crossorigin, </x?page=2>; rel=next"],
            &["</1>; rel=next; anchor=\"#foo\", </x?page=2>; rel=next"],
            &["</1>; rel=prev; rel=next, </x?page=2>; rel=next"],
        ] {
            assert_eq!(of(values).as_deref(), Some("/x?page=2"), "{values:?}");
        }
    }

    #[test]
    fn what_is_no_next_link_is_none() {
        for values in [
            &[][..],
            &[""],
            &["nonsense; rel=next"],
            &["</1; rel=next"],
            &["</1>; rel=nextpage"],
            &["</1>"],
            &["</1>; title=\"rel=next"],
        ] {
            assert_eq!(of(values), None, "{values:?}");
        }
    }
}
