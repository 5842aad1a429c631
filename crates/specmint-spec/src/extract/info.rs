//! The words behind an opening fence: `yaml [SPEC] METHOD TARGET`.

use crate::fragment::Info;

/// The notation of a block, as its fence names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// `yaml`, `yml`.
    Yaml,
    /// `json`.
    Json,
}

/// The methods a page can document; `webhook` hides the real one.
const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "webhook",
];

/// The notation and the operation behind a fence; no operation where the words don't name one.
pub(super) fn parse(info: &str) -> Option<(Notation, Option<Info>)> {
    let mut words = info.split_whitespace();
    let language = words.next()?;
    let notation = if language.eq_ignore_ascii_case("yaml") || language.eq_ignore_ascii_case("yml")
    {
        Notation::Yaml
    } else if language.eq_ignore_ascii_case("json") {
        Notation::Json
    } else {
        return None;
    };
    let words: Vec<_> = words.take(4).collect();
    Some((notation, operation(&words)))
}

/// The operation in two or three words; `openapi:` in front matter has the same grammar.
pub(super) fn operation(words: &[&str]) -> Option<Info> {
    let (spec, method, target) = match *words {
        [method, target] => (None, method, target),
        [spec, method, target] => (Some(spec.to_owned()), method, target),
        _ => return None,
    };
    let method = method.to_ascii_lowercase();
    let known = METHODS.contains(&method.as_str());
    (known && (method == "webhook" || target.starts_with('/'))).then(|| Info {
        spec,
        method: Some(method),
        target: Some(target.to_owned()),
    })
}
