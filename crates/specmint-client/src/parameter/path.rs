//! Path templates, filled so that no value can lead out of its segment.

use percent_encoding::percent_decode_str;

/// Fills `/contacts/{id}` from the name and the written form of each value.
///
/// A segment that a server, or a proxy in front of it, could take for `.`, `..` or nothing at all
/// is refused: it would reach another endpoint with the caller's credentials.
pub(crate) fn fill(template: &str, values: &[(&str, String)]) -> Result<String, String> {
    // A few documents write a fixed query into the path.
    let (path, query) = match template.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (template, None),
    };
    let mut filled = String::with_capacity(template.len() + 16);
    for (index, segment) in path.split('/').enumerate() {
        if index > 0 {
            filled.push('/');
        }
        let start = filled.len();
        let mut rest = segment;
        let mut names = Vec::new();
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                break;
            };
            filled.push_str(before);
            let (name, value) = values
                .iter()
                .find(|(known, _)| *known == name)
                .ok_or_else(|| format!("the path parameter `{name}` has no value"))?;
            filled.push_str(value);
            names.push(*name);
            rest = after;
        }
        filled.push_str(rest);
        let written = filled.get(start..).unwrap_or_default();
        if !names.is_empty() && is_dangerous(written) {
            return Err(format!(
                "the path parameter `{}` may not be empty, `.` or `..`",
                names.join("`, `")
            ));
        }
    }
    let filled = filled.replace('#', "%23");
    Ok(match query {
        Some(query) => format!("{filled}?{query}"),
        None => filled,
    })
}

/// Whether a value is nothing, or has a part between slashes that is `.` or `..`, however often it
/// is encoded.
pub(crate) fn is_dangerous(segment: &str) -> bool {
    let mut text = segment.to_owned();
    loop {
        if text.is_empty()
            || text
                .split(['/', '\\'])
                .any(|part| matches!(part, "." | ".."))
        {
            return true;
        }
        // Each round takes two characters per triplet away, so this ends.
        let decoded = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if decoded == text {
            return false;
        }
        text = decoded;
    }
}
