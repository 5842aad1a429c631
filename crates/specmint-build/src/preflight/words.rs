//! Words of a document as Rust words: other scripts spelled in ASCII, cases, singular and plural.
//!
//! Whatever comes out of here stays as it is when typify or progenitor sanitise it once more.

use heck::{ToPascalCase, ToSnakeCase};

/// The longest name of a type or method.
pub(crate) const MAX_LENGTH: usize = 64;

/// Words that can't be identifiers, as typify sees it.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Whether a snake-case name is a keyword.
pub(crate) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// A text of letters, digits and separators only, other scripts transliterated.
pub(crate) fn ascii(text: &str) -> String {
    let spelled = if text.is_ascii() {
        text.to_owned()
    } else {
        deunicode::deunicode(text)
    };
    spelled
        .chars()
        .filter(|c| *c != '\'')
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect()
}

/// A text in Pascal case; empty where it has no letter or digit, and maybe beginning with a digit.
pub(crate) fn pascal(text: &str) -> String {
    settle(
        shorten(&ascii(text).to_pascal_case(), char::is_uppercase),
        ToPascalCase::to_pascal_case,
    )
}

/// A text in snake case; empty where it has no letter or digit, and maybe beginning with a digit.
pub(crate) fn snake(text: &str) -> String {
    settle(
        shorten(&ascii(text).to_snake_case(), |c| c == '_'),
        ToSnakeCase::to_snake_case,
    )
}

/// `A_b_c` is `ABC` in Pascal case, which is `Abc` in Pascal case.
fn settle(mut name: String, case: impl Fn(&str) -> String) -> String {
    for _ in 0..8 {
        let again = case(&name);
        if again == name {
            break;
        }
        name = again;
    }
    name
}

/// Cuts a long name where a word begins.
fn shorten(name: &str, begins: impl Fn(char) -> bool) -> String {
    // Room is left for the number of a name that is taken.
    const ROOM: usize = MAX_LENGTH - 4;
    let Some(head) = name.get(..ROOM).filter(|_| name.len() > ROOM) else {
        return name.to_owned();
    };
    let cut = head
        .rfind(begins)
        .filter(|cut| *cut > ROOM / 2)
        .unwrap_or(ROOM);
    head.get(..cut)
        .unwrap_or(head)
        .trim_end_matches('_')
        .to_owned()
}

/// The words of a name of any case, in lower case.
pub(crate) fn split(name: &str) -> Vec<String> {
    ascii(name)
        .to_snake_case()
        .split('_')
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

/// One of several: `Messages` → `Message`, `categories` → `category`; as it is where it's no plural.
pub(crate) fn singular(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let cut = |n: usize| name.get(..name.len() - n).unwrap_or(name).to_owned();
    for (plural, one) in [
        ("children", "child"),
        ("people", "person"),
        ("indices", "index"),
    ] {
        if lower.ends_with(plural) {
            let head = cut(plural.len());
            let upper = name
                .get(head.len()..)
                .is_some_and(|t| t.starts_with(char::is_uppercase));
            return format!(
                "{head}{}",
                if upper {
                    one.to_pascal_case()
                } else {
                    one.to_owned()
                }
            );
        }
    }
    if !is_plural(&lower) {
        name.to_owned()
    } else if lower.ends_with("ies") && lower.len() > 4 {
        format!("{}y", cut(3))
    } else if ["sses", "shes", "tches", "nches", "rches", "xes", "zzes"]
        .iter()
        .any(|end| lower.ends_with(end))
    {
        cut(2)
    } else {
        cut(1)
    }
}

/// Whether a word looks like a plural.
pub(crate) fn is_plural(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    if ["children", "people", "indices"]
        .iter()
        .any(|w| lower.ends_with(w))
    {
        return true;
    }
    lower.len() > 3
        && lower.ends_with('s')
        && ![
            "ss", "us", "is", "news", "series", "species", "https", "dns", "sms", "mms", "tls",
        ]
        .iter()
        .any(|end| lower.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_settle() {
        for (text, expected) in [
            ("a_b_c", "Abc"),
            ("createdAt", "CreatedAt"),
            ("HTTPServer", "HttpServer"),
            ("Größe", "Grosse"),
            ("foo.bar/baz", "FooBarBaz"),
            ("", ""),
        ] {
            assert_eq!(pascal(text), expected, "{text}");
            assert_eq!(pascal(&pascal(text)), pascal(text), "{text}");
        }
        assert!(pascal(&"LongWord".repeat(20)).len() <= MAX_LENGTH);
    }

    #[test]
    fn other_scripts_are_spelled() {
        assert!(!pascal("日本").is_empty());
        assert_eq!(snake("Сообщение"), "soobshchenie");
    }

    #[test]
    fn singulars() {
        for (many, one) in [
            ("Messages", "Message"),
            ("categories", "category"),
            ("addresses", "address"),
            ("status", "status"),
            ("boxes", "box"),
            ("UserChildren", "UserChild"),
            ("sms", "sms"),
            ("caches", "cache"),
            ("analysis", "analysis"),
        ] {
            assert_eq!(singular(many), one);
        }
    }
}
