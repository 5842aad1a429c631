//! Words of a document as Rust words: other scripts spelled in ASCII, cases, singular and plural.
//!
//! Whatever comes out of here stays as it is when typify or progenitor sanitise it once more.

use heck::{ToPascalCase, ToSnakeCase};

/// The longest name of a type or method.
pub(crate) const MAX_LENGTH: usize = 64;

/// How much of it a name takes by itself: the rest is for the number of one that is taken.
pub(crate) const ROOM: usize = MAX_LENGTH - 4;

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
        shorten(&to_pascal(&ascii(text)), char::is_uppercase),
        to_pascal,
    )
}

/// A text in snake case; empty where it has no letter or digit, and maybe beginning with a digit.
pub(crate) fn snake(text: &str) -> String {
    settle(shorten(&to_snake(&ascii(text)), |c| c == '_'), to_snake)
}

/// As the library has it, which looks at every letter by itself; most words are told faster.
fn to_snake(text: &str) -> String {
    if is_snake(text) {
        text.to_owned()
    } else {
        text.to_snake_case()
    }
}

/// As [`to_snake`], for Pascal case.
fn to_pascal(text: &str) -> String {
    if is_pascal(text) {
        return text.to_owned();
    }
    if !is_snake(text) {
        return text.to_pascal_case();
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split('_') {
        let at = out.len();
        out.push_str(word);
        if let Some(first) = out.get_mut(at..=at) {
            first.make_ascii_uppercase();
        }
    }
    out
}

/// Whether a text is snake case beyond doubt.
fn is_snake(text: &str) -> bool {
    text.split('_').all(|word| {
        let is_lower = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        !word.is_empty() && word.bytes().all(is_lower)
    })
}

/// Whether a text is Pascal case beyond doubt: letters only, and no two capitals side by side.
fn is_pascal(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_uppercase)
        && bytes.iter().all(u8::is_ascii_alphabetic)
        && !bytes
            .windows(2)
            .any(|pair| pair.iter().all(u8::is_ascii_uppercase))
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
    fn what_is_told_faster_is_told_the_same() {
        let mut texts = vec![String::new()];
        for _ in 0..7 {
            let longer: Vec<String> = texts
                .iter()
                .flat_map(|text| ["a", "B", "1", "_"].map(|letter| format!("{text}{letter}")))
                .collect();
            for text in &longer {
                assert_eq!(to_snake(text), text.to_snake_case(), "{text}");
                assert_eq!(to_pascal(text), text.to_pascal_case(), "{text}");
            }
            texts = longer;
        }
    }

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
