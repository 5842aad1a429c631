//! Which media types are JSON, which text, which a form.

/// What a media type's bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `application/json`, `…+json`, wildcards.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data` and its kin.
    Multipart,
    /// XML and everything under `text/`.
    Text,
    /// A sequence of things that arrive one by one.
    Stream,
    /// Everything else.
    Bytes,
}

/// The type without its parameters, lower case.
pub fn essence(media_type: &str) -> String {
    media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// What a media type's bytes are.
pub fn kind(media_type: &str) -> Kind {
    let essence = essence(media_type);
    let (family, subtype) = essence.split_once('/').unwrap_or((&essence, ""));
    match (family, subtype) {
        ("text", "event-stream")
        | (
            "application",
            "x-ndjson" | "ndjson" | "jsonl" | "x-jsonl" | "jsonlines" | "x-jsonlines" | "json-seq"
            | "stream+json" | "x-json-stream",
        ) => Kind::Stream,
        ("*" | "application", "*") | (_, "json" | "*+json" | "" | "x-json") => Kind::Json,
        ("multipart", _) => Kind::Multipart,
        ("application", "x-www-form-urlencoded") => Kind::Form,
        (_, s) if s.ends_with("+json") => Kind::Json,
        ("text", _) => Kind::Text,
        (_, s) if s == "xml" || s.ends_with("+xml") => Kind::Text,
        (_, "yaml" | "x-yaml" | "graphql" | "javascript" | "jwt" | "sql") => Kind::Text,
        (_, s) if s.ends_with("+yaml") => Kind::Text,
        _ => Kind::Bytes,
    }
}

/// What goes into `Content-Type` for it: a wildcard has to become something.
pub fn concrete(media_type: &str) -> String {
    let essence = essence(media_type);
    if essence.contains('*') || !essence.contains('/') {
        return match kind(media_type) {
            Kind::Json => "application/json",
            Kind::Text => "text/plain",
            _ => "application/octet-stream",
        }
        .to_owned();
    }
    // What a header can't carry would fail every call.
    if media_type.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        media_type.trim().to_owned()
    } else {
        essence.chars().filter(char::is_ascii_graphic).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        for (media_type, expected) in [
            ("application/json", Kind::Json),
            ("application/json; charset=utf-8", Kind::Json),
            ("Application/Vnd.Acme+JSON", Kind::Json),
            ("*/*", Kind::Json),
            ("json", Kind::Json),
            ("text/event-stream", Kind::Stream),
            ("application/x-ndjson", Kind::Stream),
            ("text/csv", Kind::Text),
            ("application/soap+xml", Kind::Text),
            ("multipart/mixed", Kind::Multipart),
            ("image/png", Kind::Bytes),
            ("image/*", Kind::Bytes),
            ("text/*", Kind::Text),
            ("application/octet-stream", Kind::Bytes),
        ] {
            assert_eq!(kind(media_type), expected, "{media_type}");
        }
    }

    #[test]
    fn content_types_are_concrete() {
        assert_eq!(concrete("*/*"), "application/json");
        assert_eq!(concrete("text/*"), "text/plain");
        assert_eq!(
            concrete("application/json; charset=utf-8"),
            "application/json; charset=utf-8"
        );
    }
}
