//! What a person decided about one API, and what is committed of it: the only room, beside
//! `apply`, that reads `specs/`.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use glob::{MatchOptions, Pattern};
use specmint_spec::{
    api::Api,
    diag::Diagnostics,
    page::{Page, PageIndex},
    source,
};
use url::Url;

use crate::{
    codes,
    lock::{Entry, Lock},
    names,
    problem::Problem,
    urls::Policy,
};

/// Where an API's words come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upstream {
    /// An index of pages.
    Index(Url),
    /// One whole document.
    Document(Url),
    /// Nobody said.
    Unknown,
}

/// One API: decisions and committed state.
#[derive(Clone, Debug)]
pub struct Site {
    /// The folder's name.
    pub name: String,
    /// The folder.
    pub dir: PathBuf,
    /// The decisions, and the published names.
    pub api: Api,
    /// `api.toml` and `fixups.yaml`: what diagnostics may point into beside the pages.
    pub beside: Vec<Page>,
    /// Which addresses may be fetched.
    pub policy: Policy,
    /// Where the pages come from.
    pub upstream: Upstream,
    /// Which listed pages belong to the API.
    pub select: Select,
    /// The committed lock; `None` before the first sync.
    pub lock: Option<Lock>,
    /// The committed pages: those in the lock, and those that were put beside them by hand.
    pub pages: BTreeMap<String, Committed>,
}

/// A committed page.
#[derive(Clone, Debug)]
pub struct Committed {
    /// As it is on disk.
    pub bytes: Vec<u8>,
    /// What the lock says of it, or would.
    pub entry: Entry,
    /// Whether the lock knows it.
    pub locked: bool,
    /// Whether it is the one the lock means.
    pub intact: bool,
}

/// Globs over the path of an address; the last one that matches decides.
#[derive(Clone, Debug, Default)]
pub struct Select(Vec<(bool, Pattern)>);

impl Select {
    fn new(globs: &[String]) -> Result<Self, Problem> {
        let mut list = Vec::new();
        for glob in globs {
            let (wanted, pattern) = match glob.strip_prefix('!') {
                Some(rest) => (false, rest),
                None => (true, glob.as_str()),
            };
            let pattern = pattern.trim_start_matches('/');
            let no_glob =
                || Problem::error(codes::CONFIG, format!("`{glob}` under `select` is no glob"));
            // Elsewhere they are alternatives; here they would match nothing, without a word.
            if pattern.contains(['{', '}']) {
                return Err(no_glob().help("write a glob for each alternative in braces"));
            }
            let pattern = Pattern::new(&format!("/**/{pattern}")).map_err(|_| no_glob())?;
            list.push((wanted, pattern));
        }
        Ok(Self(list))
    }

    /// Whether a page belongs to the API. Without globs, all do; with exclusions only, the rest.
    pub fn wants(&self, url: &Url) -> bool {
        let otherwise = !self.0.iter().any(|(wanted, _)| *wanted);
        let within_folders = MatchOptions {
            require_literal_separator: true,
            ..MatchOptions::default()
        };
        self.0
            .iter()
            .rev()
            .find(|(_, glob)| glob.matches_with(url.path(), within_folders))
            .map_or(otherwise, |(wanted, _)| *wanted)
    }
}

/// Reads `specs/<name>`.
pub fn site(specs: &Path, name: &str) -> Result<Site, Problem> {
    let dir = specs.join(name);
    let settings = dir.join("api.toml");
    let shown = settings.display().to_string();
    let text = fs::read_to_string(&settings).map_err(|error| {
        Problem::error(codes::CONFIG, format!("`{shown}` can't be read: {error}"))
            .help("an API is a folder below `specs/` that holds `api.toml`")
    })?;
    let settings = source::page(&format!("{name}/api.toml"), &text);
    let mut diags = Diagnostics::default();
    let mut api = specmint_spec::api::parse(&settings, PageIndex(0), &mut diags);
    if let Some(said) = diags.iter().next() {
        let at = format!("{shown}:{}", said.span.line);
        return Err(Problem::error(codes::CONFIG, said.message.clone()).at(at));
    }
    name.clone_into(&mut api.name);
    let mut beside = vec![settings];
    if let Some(text) = optional(&dir.join("fixups.yaml"))? {
        let page = source::page(&format!("{name}/fixups.yaml"), &text);
        api.fixups = Some(page.clone());
        beside.push(page);
    }
    let mut policy = Policy::new(api.allow_private);
    for host in &api.hosts {
        policy.allow(host);
    }
    let upstream = match (&api.spec, &api.docs) {
        (Some(spec), _) => Upstream::Document(address(spec, "spec", &mut policy)?),
        (None, Some(docs)) => Upstream::Index(address(docs, "docs", &mut policy)?),
        (None, None) => Upstream::Unknown,
    };
    let select = Select::new(&api.select)?;
    let lock = match optional(&dir.join("specs.lock"))? {
        Some(text) => Some(Lock::parse(&text).map_err(|why| {
            Problem::error(
                codes::CONFIG,
                format!("`specs.lock` of `{name}` can't be used: {why}"),
            )
        })?),
        None => None,
    };
    if let Some(text) = optional(&dir.join(names::FILE))? {
        let shown = dir.join(names::FILE).display().to_string();
        let page = source::page(&format!("{name}/{}", names::FILE), &text);
        let mut diags = Diagnostics::default();
        api.names = names::parse(&page, PageIndex(0), &mut diags);
        if let Some(said) = diags.iter().next() {
            let at = format!("{shown}:{}", said.span.line);
            return Err(Problem::error(codes::CONFIG, said.message.clone()).at(at));
        }
    }
    let pages = committed(&dir.join("pages"), lock.as_ref())?;
    Ok(Site {
        name: name.to_owned(),
        dir,
        api,
        beside,
        policy,
        upstream,
        select,
        lock,
        pages,
    })
}

fn address(text: &str, key: &str, policy: &mut Policy) -> Result<Url, Problem> {
    let wrong =
        |why: String| Problem::error(codes::CONFIG, format!("`{key}` can't be used: {why}"));
    let url = Url::parse(text).map_err(|error| wrong(error.to_string()))?;
    policy.allow_url(&url);
    policy.check(&url).map_err(|refusal| {
        wrong(refusal.to_string())
            .help("an address is `https://host/path`; a local mirror needs `allow-private = true`")
    })?;
    Ok(url)
}

fn optional(path: &Path) -> Result<Option<String>, Problem> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Problem::error(
            codes::STORAGE,
            format!("`{}` can't be read: {error}", path.display()),
        )),
    }
}

/// The pages on disk, compared with the lock.
fn committed(dir: &Path, lock: Option<&Lock>) -> Result<BTreeMap<String, Committed>, Problem> {
    let mut pages = BTreeMap::new();
    for (file, bytes) in files(dir)? {
        let sha256 = crate::sha256(&bytes);
        let known = lock.and_then(|lock| lock.file(&file));
        let entry = known.cloned().unwrap_or_else(|| Entry {
            file: file.clone(),
            sha256: sha256.clone(),
            fragment_sha256: crate::classify::blocks_sha256(&String::from_utf8_lossy(&bytes)),
            ..Entry::default()
        });
        let intact = entry.sha256 == sha256;
        pages.insert(
            file,
            Committed {
                bytes,
                entry,
                locked: known.is_some(),
                intact,
            },
        );
    }
    Ok(pages)
}

/// Every file below a folder by its `/`-joined path; a link is an error, because what is written
/// through it would land elsewhere.
pub(crate) fn files(dir: &Path) -> Result<BTreeMap<String, Vec<u8>>, Problem> {
    let mut found = BTreeMap::new();
    let mut left = vec![(dir.to_path_buf(), String::new(), 0_usize)];
    let wrong = |path: &Path, error: &io::Error| {
        Problem::error(
            codes::STORAGE,
            format!("`{}` can't be read: {error}", path.display()),
        )
    };
    while let Some((folder, prefix, depth)) = left.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if depth == 0 && error.kind() == io::ErrorKind::NotFound => break,
            Err(error) => return Err(wrong(&folder, &error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| wrong(&folder, &error))?;
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type().map_err(|error| wrong(&path, &error))?;
            let file = format!("{prefix}{name}");
            if kind.is_symlink() {
                return Err(Problem::error(
                    codes::STORAGE,
                    format!("`{}` is a symbolic link", path.display()),
                )
                .help("pages are files; links are neither read nor written through"));
            } else if name.starts_with('.') && !is_dotted_page(&name, kind.is_dir()) {
                // What editors and systems leave behind is no page.
            } else if kind.is_dir() {
                if depth >= 16 {
                    return Err(Problem::error(
                        codes::BOUNDS,
                        format!("`{}` is too deep", path.display()),
                    ));
                }
                left.push((path, format!("{file}/"), depth + 1));
            } else {
                if found.len() >= 20_000 {
                    return Err(Problem::error(
                        codes::BOUNDS,
                        format!("`{}` holds too many files", dir.display()),
                    ));
                }
                let bytes = fs::read(&path).map_err(|error| wrong(&path, &error))?;
                found.insert(file, bytes);
            }
        }
    }
    Ok(found)
}

/// Whether a name that begins with a dot is a page's all the same, as [`source`] sees it: some tools
/// save pages so. Beginning with `._`, it is what macOS leaves beside a file.
fn is_dotted_page(name: &str, is_folder: bool) -> bool {
    let ending = name.rsplit('.').next().unwrap_or_default();
    !is_folder && !name.starts_with("._") && ["md", "mdx"].contains(&ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_choose_and_exclude() {
        let wants = |globs: &[&str], path: &str| {
            let globs: Vec<String> = globs.iter().map(|g| (*g).to_owned()).collect();
            let url =
                Url::parse(&format!("https://docs.acme.test{path}")).expect("it is an address");
            Select::new(&globs).expect("they are globs").wants(&url)
        };
        assert!(wants(&[], "/docs/a.md"));
        assert!(wants(
            &["api-reference/**"],
            "/docs/api-reference/users/a.md"
        ));
        assert!(!wants(&["api-reference/**"], "/docs/guides/a.md"));
        assert!(!wants(&["!guides/**"], "/docs/guides/a.md"));
        assert!(wants(&["!guides/**"], "/docs/api/a.md"));
        assert!(!wants(
            &["api-reference/**", "!**/old/*"],
            "/api-reference/old/a.md"
        ));
        assert!(wants(
            &["!api-reference/**", "api-reference/users/*"],
            "/api-reference/users/a.md"
        ));
        assert!(!wants(&["users/*"], "/users/old/a.md"));
        for broken in ["a[", "***", "**a", "{a,b}/**"] {
            let problem = Select::new(&[broken.to_owned()]).expect_err("it is no glob");
            assert_eq!(problem.code, codes::CONFIG, "{broken}");
        }
    }
}
