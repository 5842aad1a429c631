//! Names of the wire as Rust identifiers, the way progenitor spells them.
//!
//! progenitor turns every name it is given into an identifier once more; what this module makes
//! stays as it is when that happens, so that the two sides agree.

use super::words;

/// A name as a snake-case identifier: ASCII, no keyword, never empty.
pub fn snake(name: &str) -> String {
    guard(words::snake(name), "x")
}

/// A name as a Pascal-case identifier.
pub fn pascal(name: &str) -> String {
    guard(words::pascal(name), "X")
}

/// A snake-case name as progenitor makes the name of a builder of it.
pub fn builder(name: &str) -> String {
    use heck::ToPascalCase as _;
    guard(name.to_pascal_case(), "X")
}

/// A name as a screaming-snake-case identifier.
pub fn shouty(name: &str) -> String {
    guard(words::snake(name).to_ascii_uppercase(), "X")
}

/// The first of `name`, `alternative`, `name_2`, `name_3`… that isn't taken.
pub fn unique(name: &str, alternative: Option<&str>, taken: impl Fn(&str) -> bool) -> String {
    std::iter::once(name.to_owned())
        .chain(alternative.map(str::to_owned))
        .chain(numbered(name, "_"))
        .find(|candidate| !taken(candidate))
        .unwrap_or_else(|| name.to_owned())
}

/// As [`unique`], for names in Pascal case.
pub fn unique_pascal(name: &str, taken: impl Fn(&str) -> bool) -> String {
    std::iter::once(name.to_owned())
        .chain(numbered(name, ""))
        .find(|candidate| !taken(candidate))
        .unwrap_or_else(|| name.to_owned())
}

/// A name with 2, 3, 4… behind it, cut so that nobody shortens the whole once more: all of them
/// would become the same again.
fn numbered(name: &str, separator: &str) -> impl Iterator<Item = String> {
    let name = name.trim_end_matches('_');
    (2..u32::MAX).map(move |n| {
        let number = format!("{separator}{n}");
        let room = words::ROOM.saturating_sub(number.len());
        let head = name.get(..room).unwrap_or(name).trim_end_matches('_');
        format!("{head}{number}")
    })
}

fn guard(mut name: String, empty: &str) -> String {
    if name.is_empty() {
        empty.clone_into(&mut name);
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, '_');
    }
    if syn::parse_str::<syn::Ident>(&name).is_err() {
        name.push('_');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_names_stay_as_they_are() {
        for length in 1..100 {
            let name = snake(&"ab_".repeat(length));
            let second = unique(&name, None, |n| n == name || snake(n) != n);
            assert_eq!(snake(&second), second);
            assert_ne!(second, name);
            let name = pascal(&"Ab".repeat(length));
            let second = unique_pascal(&name, |n| n == name || pascal(n) != n);
            assert_ne!(second, name);
        }
    }

    #[test]
    fn snake_case() {
        for (name, expected) in [
            ("pageToken", "page_token"),
            ("X-Request-ID", "x_request_id"),
            ("type", "type_"),
            ("self", "self_"),
            ("filter[name]", "filter_name"),
            ("$top", "top"),
            ("2fa", "_2fa"),
            ("", "x"),
            ("@@", "x"),
            ("日", "ri"),
        ] {
            assert_eq!(snake(name), expected, "{name}");
        }
    }

    #[test]
    fn taken_names_get_the_alternative_then_a_number() {
        let taken = ["id", "path_id", "id_2"];
        assert_eq!(
            unique("id", Some("path_id"), |n| taken.contains(&n)),
            "id_3"
        );
        assert_eq!(
            unique("id", Some("query_id"), |n| taken.contains(&n)),
            "query_id"
        );
    }
}
