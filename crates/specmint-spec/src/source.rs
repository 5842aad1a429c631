//! Reads what the user named into [`Sources`]: the only file of this crate allowed `std::fs`.
//!
//! A file that can't be used is still a page, so that what is said about it has a place: reading
//! goes on, the diagnostics hold an error, and [`read`](crate::read) stops before it looks at any
//! page. It must never look for anything but the names and first words of files.
#![expect(clippy::disallowed_methods, reason = "this is where the disk is read")]

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
};

use crate::{
    api::{self, Api},
    diag::{Diagnostics, Reported, codes::source as codes},
    extract, names,
    page::{Page, PageId, Sources, Span},
};

/// Bytes a Markdown page may have.
const MAX_PAGE: u64 = 16 << 20;
/// Bytes a document may have.
const MAX_DOCUMENT: u64 = 64 << 20;
/// Bytes all files of an input may have.
const MAX_TOTAL: usize = 512 << 20;
/// Files an input may have.
const MAX_FILES: usize = 20_000;
/// Folders that may lie in one another.
const MAX_FOLDERS: usize = 64;

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The pages.
    pub sources: Sources,
    /// What a person decided about the API, or the defaults.
    pub api: Api,
}

/// Reads a directory of pages (with `api.toml` or without), one page, an `llms.txt` beside its
/// pages, or one document.
///
/// Fails only where there is nothing to say it about; other errors are in `diags`.
pub fn read(path: &Path, diags: &mut Diagnostics) -> Result<Input, Reported> {
    let root = fs::canonicalize(path).map_err(|error| unreadable(path, &error, diags))?;
    let meta = fs::metadata(&root).map_err(|error| unreadable(path, &error, diags))?;
    let mut reader = Reader::default();
    let named = if meta.is_dir() {
        reader.directory(&root);
        root.as_path()
    } else if root.file_name() == Some(OsStr::new("llms.txt")) {
        let directory = root.parent().unwrap_or(&root);
        reader.directory(directory);
        directory
    } else {
        reader.single(&root);
        root.as_path()
    };
    reader.finish(named, path, diags)
}

/// Collects pages; problems wait until the pages have their final order.
#[derive(Default)]
struct Reader {
    pages: Vec<Page>,
    beside: Vec<Page>,
    problems: Vec<Problem>,
    bytes: usize,
    fixups: Option<PageId>,
    names: Option<PageId>,
    settings: Option<PageId>,
}

/// Something to say about a page.
struct Problem {
    page: Option<PageId>,
    line: u32,
    column: u32,
    kind: Kind,
}

enum Kind {
    Unreadable(String),
    TooLarge { limit: u64 },
    TooMuch(String),
    NotUtf8 { wide: bool },
    Symlink(String),
    Beside(PageId),
    NoPages,
    Interrupted(String),
}

impl Reader {
    /// A folder of an API (it holds `api.toml`), or any other.
    fn directory(&mut self, root: &Path) {
        let prefix = file_name(root);
        let settings = root.join("api.toml");
        if !settings.is_file() {
            self.folder(root, root, &prefix, 0);
            self.prefer_pages();
            return;
        }
        self.settings = Some(self.beside(&settings, &prefix));
        if root.join(".sync/journal").is_file() {
            self.problem(self.settings.clone(), Kind::Interrupted(prefix.clone()));
        }
        let fixups = root.join("fixups.yaml");
        if fixups.is_file() {
            self.fixups = Some(self.beside(&fixups, &prefix));
        }
        let names = root.join(names::FILE);
        if names.is_file() {
            self.names = Some(self.beside(&names, &prefix));
        }
        let pages = root.join("pages");
        if pages.is_dir() {
            self.folder(&pages, &pages, &prefix, 0);
            self.prefer_pages();
        }
    }

    /// Takes documents out of a folder of pages: sites keep a copy of the specification beside
    /// their pages, and reading both would be reading everything twice.
    fn prefer_pages(&mut self) {
        let document =
            |page: &Page| Extension::of(Path::new(&page.id.0)) == Some(Extension::Document);
        let is_page = |page: &Page| !document(page) && extract::has_specification(&page.text);
        if !self.pages.iter().any(is_page) {
            return;
        }
        let documents: Vec<PageId> = self
            .pages
            .iter()
            .filter(|page| document(page))
            .map(|page| page.id.clone())
            .collect();
        self.pages.retain(|page| !document(page));
        self.problems
            .retain(|p| p.page.as_ref().is_none_or(|id| !documents.contains(id)));
        for id in documents {
            self.problem(None, Kind::Beside(id));
        }
    }

    /// A file that is no page.
    fn beside(&mut self, path: &Path, prefix: &str) -> PageId {
        let id = PageId(format!("{prefix}/{}", file_name(path)));
        let page = self.file(path, id.clone(), MAX_PAGE);
        self.beside.push(page);
        id
    }

    fn folder(&mut self, root: &Path, folder: &Path, prefix: &str, depth: usize) {
        if depth > MAX_FOLDERS {
            self.problem(
                None,
                Kind::TooMuch(format!("more than {MAX_FOLDERS} folders deep")),
            );
            return;
        }
        let mut paths = Vec::new();
        match fs::read_dir(folder) {
            Ok(entries) => paths.extend(entries.flatten().map(|entry| entry.path())),
            Err(error) => {
                let message = format!("`{}` can't be read: {error}", file_name(folder));
                self.problem(None, Kind::Unreadable(message));
            }
        }
        paths.sort();
        for path in paths {
            let name = file_name(&path);
            let id = format!("{prefix}/{name}");
            let Ok(meta) = fs::symlink_metadata(&path) else {
                continue;
            };
            if meta.is_symlink() && !leads_inside(root, &path) {
                self.problem(None, Kind::Symlink(id));
            } else if meta.is_dir() {
                // `.git` and its like; a page may begin with a dot, where tools name pages so.
                if name.starts_with('.') {
                    continue;
                }
                self.folder(root, &path, &id, depth + 1);
            } else if let Some(kind) = Extension::of(&path)
                && path.is_file()
                && !self.listed(kind, &path, PageId(id))
            {
                return;
            }
        }
    }

    /// A file found in a folder; whether there is room for more.
    fn listed(&mut self, extension: Extension, path: &Path, id: PageId) -> bool {
        if self.pages.len() >= MAX_FILES {
            self.problem(None, Kind::TooMuch(format!("more than {MAX_FILES} files")));
            return false;
        }
        let problems = self.problems.len();
        let page = self.file(path, id, extension.limit());
        match extension {
            Extension::Page => self.pages.push(page),
            // Kept, so that what is wrong with it has a place.
            Extension::Document if self.problems.len() > problems => self.pages.push(page),
            // Folders hold all kinds of JSON and YAML; only a specification is a page.
            Extension::Document if extract::is_specification(&page.text) => {
                self.references(path, &page);
                self.pages.push(page);
            }
            Extension::Document => {}
        }
        if self.bytes > MAX_TOTAL {
            self.problem(
                None,
                Kind::TooMuch(format!("more than {} MiB", MAX_TOTAL >> 20)),
            );
            return false;
        }
        true
    }

    /// The one file that was named.
    fn single(&mut self, path: &Path) {
        let limit = Extension::of(path).map_or(MAX_DOCUMENT, Extension::limit);
        let page = self.file(path, PageId(file_name(path)), limit);
        if extract::is_specification(&page.text) {
            self.references(path, &page);
        }
        self.pages.push(page);
    }

    /// Reads the files that a document refers to, and those that they refer to. A file that isn't
    /// there is said where the reference is resolved.
    fn references(&mut self, path: &Path, document: &Page) {
        let Some(directory) = path.parent().and_then(|path| fs::canonicalize(path).ok()) else {
            return;
        };
        // Ids are relative to the input, paths to the document's directory.
        let prefix = document
            .id
            .0
            .strip_suffix(&file_name(path))
            .unwrap_or_default()
            .to_owned();
        let mut queue = files_named(document);
        while let Some(id) = queue.pop() {
            let known = |page: &Page| page.id == id;
            let Some(relative) = id.0.strip_prefix(&prefix) else {
                continue;
            };
            if self.beside.len() >= MAX_FILES
                || self.bytes > MAX_TOTAL
                || id == document.id
                || self.beside.iter().any(known)
            {
                continue;
            }
            let path = directory.join(relative);
            if leads_inside(&directory, &path) {
                let page = self.file(&path, id, MAX_DOCUMENT);
                queue.extend(files_named(&page));
                self.beside.push(page);
            }
        }
    }

    /// Reads a file as text: no byte-order mark, `\n` alone. A file that can't be used is an empty
    /// page and a problem.
    fn file(&mut self, path: &Path, id: PageId, limit: u64) -> Page {
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| {
            let length = file.metadata()?.len();
            if length <= limit {
                file.take(limit + 1).read_to_end(&mut bytes)?;
            }
            Ok(length)
        });
        let length = match read {
            Ok(length) => length.max(bytes.len() as u64),
            Err(error) => {
                let message = format!("the file can't be read: {error}");
                self.problem(Some(id.clone()), Kind::Unreadable(message));
                return Page {
                    id,
                    text: String::new(),
                };
            }
        };
        if length > limit {
            self.problem(Some(id.clone()), Kind::TooLarge { limit });
            return Page {
                id,
                text: String::new(),
            };
        }
        self.bytes = self.bytes.saturating_add(bytes.len());
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let bytes = error.into_bytes();
                let before = String::from_utf8_lossy(&bytes[..valid]);
                let line = before.matches('\n').count() + 1;
                let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
                self.problems.push(Problem {
                    page: Some(id.clone()),
                    line: u32::try_from(line).unwrap_or(u32::MAX),
                    column: u32::try_from(column).unwrap_or(u32::MAX),
                    kind: Kind::NotUtf8 {
                        wide: bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF"),
                    },
                });
                String::from_utf8_lossy(&bytes).into_owned()
            }
        };
        Page {
            id,
            text: plain(text),
        }
    }

    fn problem(&mut self, page: Option<PageId>, kind: Kind) {
        self.problems.push(Problem {
            page,
            line: 1,
            column: 1,
            kind,
        });
    }

    fn finish(
        mut self,
        named: &Path,
        given: &Path,
        diags: &mut Diagnostics,
    ) -> Result<Input, Reported> {
        if self.pages.is_empty() && self.problems.is_empty() {
            self.problem(self.settings.clone(), Kind::NoPages);
        }
        let Self {
            pages,
            beside,
            problems,
            fixups,
            names,
            settings,
            ..
        } = self;
        let sources = Sources::with_beside(pages, beside);
        let mut api = match settings.and_then(|id| sources.find(&id)) {
            Some(index) => match sources.get(index) {
                Some(page) => api::parse(page, index, diags),
                None => Api::default(),
            },
            None => Api::default(),
        };
        let name = if named.is_dir() {
            named.file_name()
        } else {
            named.file_stem()
        };
        api.name = api::name(&name.unwrap_or_default().to_string_lossy());
        if let Some(index) = fixups.and_then(|id| sources.find(&id)) {
            api.fixups = sources.get(index).cloned();
            api.fixups_page = Some(index);
        }
        if let Some(index) = names.and_then(|id| sources.find(&id))
            && let Some(page) = sources.get(index)
        {
            api.names = names::parse(page, index, diags);
        }
        for problem in &problems {
            problem.report(&sources, given, diags);
        }
        if sources.is_empty() {
            Err(Reported)
        } else {
            Ok(Input { sources, api })
        }
    }
}

impl Problem {
    fn report(&self, sources: &Sources, given: &Path, diags: &mut Diagnostics) {
        let span = match self.page.as_ref().and_then(|id| sources.find(id)) {
            Some(page) => Span {
                page,
                line: self.line,
                column: self.column,
            },
            None => Span::NONE,
        };
        match &self.kind {
            Kind::Unreadable(message) => {
                diags.error(codes::UNREADABLE, span, message.as_str());
            }
            Kind::TooLarge { limit } => {
                diags
                    .error(
                        codes::TOO_LARGE,
                        span,
                        format!("the file is larger than {} MiB", limit >> 20),
                    )
                    .help("a documentation page has a few hundred kB; this is something else");
            }
            Kind::TooMuch(what) => {
                diags
                    .error(
                        codes::TOO_MUCH,
                        span,
                        format!("`{}` holds {what}", given.display()),
                    )
                    .help("name the folder of one API's pages");
            }
            Kind::NotUtf8 { wide } => {
                let diagnostic = diags.error(codes::NOT_UTF8, span, "the file is not UTF-8");
                diagnostic.help(if *wide {
                    "it is UTF-16; save it as UTF-8"
                } else {
                    "save it as UTF-8; the place is that of the first byte that is not"
                });
            }
            Kind::Symlink(id) => {
                diags.warning(
                    codes::SYMLINK,
                    span,
                    format!("`{id}` is a link that leads elsewhere; it is not followed"),
                );
            }
            Kind::Beside(id) => {
                diags
                    .note(
                        codes::BESIDE,
                        span,
                        format!("`{id}` is a specification beside pages; the pages are read"),
                    )
                    .help("name the file to read it instead");
            }
            Kind::Interrupted(api) => {
                diags
                    .error(
                        codes::INTERRUPTED,
                        span,
                        "a sync of these pages was interrupted",
                    )
                    .help(format!(
                        "run `cargo xtask sync-specs {api} --offline`, which finishes it"
                    ));
            }
            Kind::NoPages => {
                diags
                    .error(codes::NO_PAGES, span, format!("`{}` holds no pages", given.display()))
                    .help("pages are `.md`, `.mdx` or `.txt` files; beside `api.toml` they lie in `pages/`");
            }
        }
    }
}

/// Which files of a folder are looked at.
#[derive(Clone, Copy, PartialEq)]
enum Extension {
    Page,
    Document,
}

impl Extension {
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "md" | "mdx" | "txt" => Some(Self::Page),
            "json" | "yaml" | "yml" => Some(Self::Document),
            _ => None,
        }
    }

    fn limit(self) -> u64 {
        match self {
            Self::Page => MAX_PAGE,
            Self::Document => MAX_DOCUMENT,
        }
    }
}

fn unreadable(path: &Path, error: &std::io::Error, diags: &mut Diagnostics) -> Reported {
    let message = format!("`{}` can't be read: {error}", path.display());
    diags.error(codes::UNREADABLE, Span::NONE, message);
    Reported
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Whether a link leads to a file below a directory. Links to folders are never followed: what
/// they hold below the directory is found anyway, and they can be endless.
fn leads_inside(directory: &Path, link: &Path) -> bool {
    let target: Option<PathBuf> = fs::canonicalize(link).ok();
    target.is_some_and(|target| target.is_file() && target.starts_with(directory))
}

/// Text without a byte-order mark and with `\n` as the only line ending.
fn plain(text: String) -> String {
    let text = match text.strip_prefix('\u{FEFF}') {
        Some(rest) => rest.to_owned(),
        None => text,
    };
    if text.contains("\r\n") {
        text.replace("\r\n", "\n")
    } else {
        text
    }
}

/// The files that `$ref`s of a text name. A text search finds a few too many (in examples, say),
/// which costs no more than reading a file for nothing.
fn files_named(page: &Page) -> Vec<PageId> {
    let mut ids: Vec<PageId> = page
        .text
        .split("$ref")
        .skip(1)
        .filter_map(|rest| {
            let rest = rest
                .trim_start_matches(['"', '\''])
                .trim_start()
                .strip_prefix(':')?;
            let rest = rest.trim_start_matches([' ', '\t']);
            let end = |quote: &[char]| rest[1..].find(quote).map(|end| &rest[1..=end]);
            let reference = match rest.chars().next()? {
                '"' => end(&['"', '\n'])?,
                '\'' => end(&['\'', '\n'])?,
                '#' => return None,
                _ => rest.split(['\n', ' ', ',', '}']).next()?,
            };
            page.id.join(reference.split('#').next()?)
        })
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

/// A page of a text, for callers that have no disk.
pub fn page(id: &str, text: &str) -> Page {
    Page {
        id: PageId(id.to_owned()),
        text: plain(text.to_owned()),
    }
}
