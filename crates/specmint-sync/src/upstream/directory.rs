//! A captured site: a folder of pages, with its index or without.

use std::{collections::BTreeSet, path::Path};

use specmint_spec::extract;
use url::Url;

use super::{Look, Seen, View, index::read_index, pages::files_for};
use crate::{
    codes,
    config::{self, Site, Upstream},
    fetch::Body,
    problem::Problem,
    slug,
};

/// Reads a captured site: a folder of pages, with its `llms.txt` or without.
pub fn directory(site: &Site, dir: &Path) -> Result<View, Problem> {
    if !dir.is_dir() {
        return Err(Problem::error(
            codes::CONFIG,
            format!("`{}` is no folder", dir.display()),
        ));
    }
    let found = config::files(dir)?;
    let mut view = View::default();
    let at = match &site.upstream {
        Upstream::Index(url) | Upstream::Document(url) => Some(url.clone()),
        Upstream::Unknown => None,
    };
    let mut listed = Vec::new();
    let mut complete = false;
    if let Some(bytes) = found.get("llms.txt") {
        let body = Body {
            bytes: bytes.clone(),
            ..Body::default()
        };
        let base = at.clone().or_else(|| Url::parse("https://localhost/").ok());
        if let Some(base) = base {
            let mut all = read_index(&base, &body)?;
            for part in std::mem::take(&mut all.parts) {
                let path = part
                    .target
                    .split("/_llms/")
                    .nth(1)
                    .map(|rest| format!("_llms/{rest}"));
                if let Some(bytes) = path.and_then(|path| found.get(&path)) {
                    let body = Body {
                        bytes: bytes.clone(),
                        ..Body::default()
                    };
                    all.pages.extend(read_index(&base, &body)?.pages);
                }
            }
            listed.extend(
                all.pages
                    .iter()
                    .filter_map(|link| base.join(&link.target).ok()),
            );
            complete = true;
        }
    }
    let mut captured: Vec<(Option<Url>, String, Vec<u8>)> = Vec::new();
    for (path, bytes) in found {
        let page = ["md", "mdx", "txt"]
            .iter()
            .any(|ending| has_ending(&path, ending));
        let document = ["json", "yaml", "yml"]
            .iter()
            .any(|ending| has_ending(&path, ending));
        let name = path.rsplit('/').next().unwrap_or_default();
        if name == "llms.txt" || name == "llms-full.txt" || path.starts_with("_llms/") {
            continue;
        }
        if document && !extract::is_specification(&String::from_utf8_lossy(&bytes)) {
            continue;
        }
        if page || document {
            let url = source_line(&bytes).or_else(|| ends_with(&listed, &path));
            captured.push((url, path, bytes));
        }
    }
    // A saved site may hold a copy of the specification that its pages were made from.
    let pages_speak = captured.iter().any(|(_, path, bytes)| {
        has_ending(path, "md") && extract::has_specification(&String::from_utf8_lossy(bytes))
    });
    if pages_speak {
        captured.retain(|(_, path, _)| {
            !["json", "yaml", "yml"]
                .iter()
                .any(|ending| has_ending(path, ending))
        });
    }
    let urls: Vec<Url> = captured
        .iter()
        .filter_map(|(url, ..)| url.clone())
        .collect();
    let files = files_for(site, &urls, at.as_ref());
    let mut used = BTreeSet::new();
    for (url, path, bytes) in captured {
        let by_path = || {
            let ending = path.rsplit('.').next().unwrap_or_default();
            match ending {
                "json" | "yaml" | "yml" => {
                    format!(
                        "{}.{ending}",
                        slug::of_path(&path[..path.len() - ending.len() - 1])
                            .trim_end_matches(".md")
                    )
                }
                _ => slug::of_path(&path),
            }
        };
        let mut file = url
            .as_ref()
            .and_then(|url| files.get(url).cloned())
            .unwrap_or_else(by_path);
        if !used.insert(file.clone()) {
            file = format!(
                "{}-{}.md",
                file.trim_end_matches(".md"),
                &crate::sha256(path.as_bytes())[..8]
            );
            used.insert(file.clone());
        }
        let body = Body {
            bytes,
            ..Body::default()
        };
        view.pages.push(Seen {
            file,
            url,
            listed: true,
            answer: Look::Body(body),
        });
    }
    for (file, page) in &site.pages {
        if used.contains(file) {
            continue;
        }
        let url = page
            .entry
            .url
            .as_deref()
            .and_then(|url| Url::parse(url).ok());
        let still_listed = url.as_ref().is_none_or(|url| listed.contains(url));
        // A captured site with its index is a whole one: what neither lists nor holds a page says
        // that it is gone. Without the index, silence says nothing.
        let answer = if complete && !still_listed {
            Look::Gone(404)
        } else {
            Look::Unseen
        };
        view.pages.push(Seen {
            file: file.clone(),
            url,
            listed: false,
            answer,
        });
    }
    view.index = site.lock.as_ref().and_then(|lock| lock.index.clone());
    Ok(view)
}

fn has_ending(path: &str, ending: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, e)| e.eq_ignore_ascii_case(ending))
}

/// The address that a capture notes in its first lines.
fn source_line(bytes: &[u8]) -> Option<Url> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).into_owned();
    let line = head
        .lines()
        .take(5)
        .find_map(|line| line.strip_prefix("# Source: "))?;
    Url::parse(line.trim()).ok()
}

/// The listed address whose path ends like a file's.
fn ends_with(listed: &[Url], path: &str) -> Option<Url> {
    let mut matching = listed.iter().filter(|url| {
        url.path()
            .strip_suffix(path)
            .is_some_and(|before| before.ends_with('/'))
    });
    let first = matching.next()?;
    matching.next().is_none().then(|| first.clone())
}
