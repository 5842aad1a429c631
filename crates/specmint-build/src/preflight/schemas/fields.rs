//! Names of fields that typify turns into Rust names without a collision.

use indexmap::IndexSet;

use super::super::words;

/// A name in the fitted document for every property of a struct, in the order given.
///
/// Most properties keep their name. `createdAt` beside `created_at`, `@type` beside `type`, an
/// empty name and names of other scripts get one that stays as it is in Rust.
pub(super) fn fitted(names: &[&str], has_extra: bool) -> Vec<String> {
    let mut taken: IndexSet<String> = IndexSet::new();
    if has_extra {
        // Typify puts unknown keys there.
        taken.insert("extra".to_owned());
    }
    let mut out: Vec<Option<String>> = vec![None; names.len()];
    // A property that is called in Rust what it is called on the wire goes first.
    for exact in [true, false] {
        for (slot, name) in out.iter_mut().zip(names) {
            let rust = rust(name);
            if slot.is_none()
                && name.is_ascii()
                && !name.trim().is_empty()
                && (!exact || rust == *name)
                && taken.insert(rust)
            {
                *slot = Some((*name).to_owned());
            }
        }
    }
    for (slot, name) in out.iter_mut().zip(names) {
        if slot.is_some() {
            continue;
        }
        let base = base(name);
        let free = std::iter::once(base.clone())
            .chain((2..=u32::MAX).map(|n| format!("{base}_{n}")))
            .find(|candidate| rust(candidate) == *candidate && !taken.contains(candidate))
            .unwrap_or(base);
        taken.insert(free.clone());
        *slot = Some(free);
    }
    out.into_iter().flatten().collect()
}

/// A name with its signs spelled out.
fn base(name: &str) -> String {
    let mut spelled = String::new();
    for c in name.chars() {
        match c {
            '@' => spelled.push_str(" at "),
            '$' => spelled.push_str(" dollar "),
            '#' => spelled.push_str(" hash "),
            '+' => spelled.push_str(" plus "),
            '-' if spelled.is_empty() => spelled.push_str(" minus "),
            '*' => spelled.push_str(" star "),
            '%' => spelled.push_str(" percent "),
            '&' => spelled.push_str(" and "),
            '=' => spelled.push_str(" eq "),
            '<' => spelled.push_str(" lt "),
            '>' => spelled.push_str(" gt "),
            '!' => spelled.push_str(" not "),
            '?' => spelled.push_str(" is "),
            '_' if spelled.is_empty() => spelled.push_str("underscore "),
            c => spelled.push(c),
        }
    }
    let base = words::snake(&spelled);
    if base.is_empty() {
        "empty".to_owned()
    } else if base.starts_with(|c: char| c.is_ascii_digit()) || words::is_keyword(&base) {
        format!("field_{base}")
    } else {
        base
    }
}

/// What typify makes of an ASCII name.
fn rust(name: &str) -> String {
    use heck::ToSnakeCase as _;
    let out = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => name
            .replace('\'', "")
            .replace(|c: char| !(c.is_ascii_alphanumeric() || c == '_'), "-")
            .to_snake_case(),
    };
    let out = match out.chars().next() {
        None => "x".to_owned(),
        Some(c) if c.is_ascii_alphabetic() => out,
        Some(_) => format!("x{out}"),
    };
    if words::is_keyword(&out) || out == "Self" {
        format!("{out}_")
    } else {
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collisions() {
        for (names, expected) in [
            (vec!["id", "name"], vec!["id", "name"]),
            (
                vec!["createdAt", "created_at"],
                vec!["created_at_2", "created_at"],
            ),
            (vec!["@type", "type"], vec!["@type", "field_type"]),
            (vec!["+1", "-1", "plus1"], vec!["plus_1", "-1", "plus1"]),
            (vec!["", "empty"], vec!["empty_2", "empty"]),
            (vec!["größe"], vec!["grosse"]),
        ] {
            assert_eq!(fitted(&names, false), expected, "{names:?}");
        }
        assert_eq!(fitted(&["extra"], true), ["extra_2"]);
    }

    #[test]
    fn fitted_names_never_collide_in_rust() {
        let names = [
            "a-b", "a_b", "aB", "a.b", "A_B", "", "_", "x", "self", "Self", "1", "x1",
        ];
        let rust: IndexSet<_> = fitted(&names, false)
            .iter()
            .map(|name| rust(name))
            .collect();
        assert_eq!(rust.len(), names.len());
    }
}
