//! The tag of an operation whose page does not say it: the folder it was published in.

use crate::{fragment::Fragment, page::Sources};

/// Folders that hold everything and therefore group nothing.
const PLAIN: [&str; 14] = [
    "api",
    "api-reference",
    "api-docs",
    "api-endpoint",
    "api-endpoints",
    "docs",
    "endpoint",
    "endpoints",
    "mdx",
    "openapi",
    "pages",
    "reference",
    "rest",
    "webhooks",
];

/// The folder next to the page, by its address or else by its place, unless it groups nothing.
pub(super) fn of(fragment: &Fragment, sources: &Sources) -> Option<String> {
    let place = match fragment.prose.url.as_deref() {
        Some(url) => url.split_once("://").map_or(url, |(_, rest)| rest),
        None => &sources.get(fragment.page)?.id.0,
    };
    let mut segments = place.trim_end_matches('/').rsplit('/');
    segments.next();
    let folder = segments.next()?;
    // The first segment of an address is a host.
    let is_host = fragment.prose.url.is_some() && segments.next().is_none();
    let is_version = folder.strip_prefix('v').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
    });
    let is_plain = PLAIN.contains(&folder) || folder.len() <= 2 || is_version || is_host;
    (!is_plain).then(|| folder.to_owned())
}
