//! A text that a pattern matches: the plainest one, always the same.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A text that matches a pattern as JSON Schema means it (anywhere in the text), at least `min`
/// characters long where the pattern allows it. `None` where this kind of pattern isn't understood.
pub(super) fn text(pattern: &str, min: usize) -> Option<String> {
    let hir = regex_syntax::Parser::new().parse(pattern).ok()?;
    // More and more repetitions, until the text is long enough.
    for extra in 0..=min.min(4096) {
        let mut out = String::new();
        write(&hir, extra, &mut out)?;
        if out.chars().count() >= min {
            return Some(out);
        }
    }
    None
}

fn write(hir: &Hir, extra: usize, out: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => out.push(plainest(class)?),
        HirKind::Repetition(repetition) => {
            let min = usize::try_from(repetition.min).ok()?;
            let most = repetition.max.map_or(usize::MAX, |max| max as usize);
            for _ in 0..min.saturating_add(extra).min(most) {
                write(&repetition.sub, 0, out)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, extra, out)?,
        HirKind::Concat(parts) => {
            // One part that may repeat is enough to become longer.
            let growing = parts.iter().position(can_grow);
            for (index, part) in parts.iter().enumerate() {
                write(part, if Some(index) == growing { extra } else { 0 }, out)?;
            }
        }
        HirKind::Alternation(parts) => write(parts.first()?, extra, out)?,
    }
    Some(())
}

fn can_grow(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Repetition(repetition) => repetition.max.is_none_or(|max| max > repetition.min),
        HirKind::Capture(capture) => can_grow(&capture.sub),
        HirKind::Concat(parts) => parts.iter().any(can_grow),
        _ => false,
    }
}

/// A letter or digit where the class has one.
fn plainest(class: &Class) -> Option<char> {
    let has = |c: char| match class {
        Class::Unicode(class) => class
            .ranges()
            .iter()
            .any(|r| r.start() <= c && c <= r.end()),
        Class::Bytes(class) => class
            .ranges()
            .iter()
            .any(|r| u8::try_from(c).is_ok_and(|byte| r.start() <= byte && byte <= r.end())),
    };
    let first = match class {
        Class::Unicode(class) => class
            .ranges()
            .first()
            .map(regex_syntax::hir::ClassUnicodeRange::start),
        Class::Bytes(class) => class.ranges().first().map(|r| char::from(r.start())),
    };
    "a1A-_ ".chars().find(|c| has(*c)).or(first)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn patterns_become_texts() {
        let cases = [
            (r"^[a-z]{3}$", 0, Some("aaa")),
            (r"^AC[0-9a-fA-F]{4}$", 0, Some("ACaaaa")),
            (r"^[A-Z]+$", 3, Some("AAA")),
            (r"^(cat|dog)-\d*$", 6, Some("cat-11")),
            (r"^\d{2}$", 3, None),
            (r"^(?!a)b", 0, None),
        ];
        for (pattern, min, expected) in cases {
            assert_eq!(text(pattern, min).as_deref(), expected, "{pattern}");
        }
    }
}
