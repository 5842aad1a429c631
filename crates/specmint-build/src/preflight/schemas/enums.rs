//! Variants of open enums: one Rust name for every documented text.

use indexmap::IndexSet;

use super::{super::words, Enum, EnumValue};

/// Words for texts that are signs only, the longer ones first.
const SIGNS: [(&str, &str); 38] = [
    ("!=", "NotEq"),
    ("<>", "NotEq"),
    ("<=", "Lte"),
    (">=", "Gte"),
    ("==", "Eq"),
    ("&&", "And"),
    ("||", "Or"),
    ("->", "Arrow"),
    ("=", "Eq"),
    ("<", "Lt"),
    (">", "Gt"),
    ("!", "Not"),
    ("~", "Tilde"),
    ("*", "Star"),
    ("%", "Percent"),
    ("&", "And"),
    ("|", "Or"),
    ("?", "Question"),
    ("@", "At"),
    ("#", "Hash"),
    ("$", "Dollar"),
    ("^", "Caret"),
    ("/", "Slash"),
    ("\\", "Backslash"),
    (".", "Dot"),
    (",", "Comma"),
    (":", "Colon"),
    (";", "Semicolon"),
    ("+", "Plus"),
    ("-", "Minus"),
    ("_", "Underscore"),
    ("'", "Quote"),
    ("\"", "DoubleQuote"),
    ("(", "Open"),
    (")", "Close"),
    ("[", "OpenBracket"),
    ("]", "CloseBracket"),
    (" ", "Space"),
];

/// Names that `open_enum!` or the language keep for themselves.
const RESERVED: [&str; 3] = ["Unknown", "Self", "Other"];

/// An open enum of these texts.
pub(super) fn open(values: &IndexSet<String>) -> Enum {
    let mut taken: IndexSet<String> = IndexSet::new();
    let mut variants: Vec<Option<String>> = vec![None; values.len()];
    // Texts that are written as their variant, then lower-case ones, go before the others:
    // `asc` is `Asc` wherever `ASC` stands.
    let ranks: [fn(&str, &str) -> bool; 3] = [
        |text, name| text == name,
        |text, _| text == text.to_lowercase(),
        |_, _| true,
    ];
    for rank in ranks {
        for (slot, text) in variants.iter_mut().zip(values) {
            let name = name(text);
            if slot.is_none() && rank(text, &name) && taken.insert(name.clone()) {
                *slot = Some(name);
            }
        }
    }
    let values = values
        .iter()
        .zip(variants)
        .map(|(value, variant)| {
            let variant = variant.unwrap_or_else(|| {
                let base = name(value);
                let spelled = guard(&words::pascal(&spell(value)));
                let free = std::iter::once(spelled)
                    .chain((2..=u32::MAX).map(|n| format!("{base}{n}")))
                    .find(|candidate| !taken.contains(candidate))
                    .unwrap_or(base);
                taken.insert(free.clone());
                free
            });
            EnumValue {
                value: value.clone(),
                variant,
            }
        })
        .collect();
    Enum { values }
}

/// The variant's name, if nobody else has it.
fn name(text: &str) -> String {
    if text.is_empty() {
        return "Empty".to_owned();
    }
    let signed = match text.split_at_checked(1) {
        Some(("-", rest)) if rest.starts_with(|c: char| c.is_alphanumeric()) => {
            format!("Minus {rest}")
        }
        Some(("+", rest)) if rest.starts_with(|c: char| c.is_alphanumeric()) => {
            format!("Plus {rest}")
        }
        _ => text.to_owned(),
    };
    let name = words::pascal(&signed);
    if name.is_empty() {
        guard(&words::pascal(&spell(text)))
    } else {
        guard(&name)
    }
}

/// A text with its signs as words.
fn spell(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((sign, word)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
            out.extend([" ", word, " "]);
            rest = rest.get(sign.len()..).unwrap_or_default();
        } else {
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    out
}

fn guard(name: &str) -> String {
    if name.is_empty() {
        "Blank".to_owned()
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("V{name}")
    } else if RESERVED.contains(&name) {
        format!("{name}Value")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variants(values: &[&str]) -> Vec<String> {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        open(&values)
            .values
            .into_iter()
            .map(|value| value.variant)
            .collect()
    }

    #[test]
    fn variants_are_unique_names() {
        for (values, expected) in [
            (vec!["active", "in_progress"], vec!["Active", "InProgress"]),
            (vec!["ASC", "asc"], vec!["Asc2", "Asc"]),
            (vec!["=", "!=", "<", ">="], vec!["Eq", "NotEq", "Lt", "Gte"]),
            (
                vec!["created_at", "-created_at"],
                vec!["CreatedAt", "MinusCreatedAt"],
            ),
            (vec!["", "empty"], vec!["Empty", "Empty2"]),
            (vec!["1h", "24h"], vec!["V1h", "V24h"]),
            (vec!["unknown", "self"], vec!["UnknownValue", "SelfValue"]),
            (vec!["日本", "a b", "a-b"], vec!["RiBen", "Ab", "AMinusB"]),
            (vec!["   "], vec!["SpaceSpaceSpace"]),
        ] {
            assert_eq!(variants(&values), expected, "{values:?}");
        }
    }
}
