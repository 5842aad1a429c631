//! What the site, a folder, or nobody says about every page: the network begins and ends here.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use tokio::task::JoinSet;
use url::Url;

use crate::{
    codes,
    config::{self, Select, Site, Upstream},
    fetch::{Answer, Body, Cause, FetchError, Fetcher, Validators},
    index,
    lock::Source,
    problem::Problem,
    slug, urls,
};

/// What is known of one page now.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its file below `pages/`.
    pub file: String,
    /// Where it is.
    pub url: Option<Url>,
    /// Whether the index lists it.
    pub listed: bool,
    /// What came.
    pub answer: Look,
}

/// What came of looking at a page.
#[derive(Clone, Debug)]
pub enum Look {
    /// It is as the lock says.
    Same,
    /// It is this now.
    Body(Body),
    /// It is gone, by 404 or 410.
    Gone(u16),
    /// Nobody looked: it is neither listed nor captured, and that says nothing.
    Unseen,
    /// Another form of the API's words takes its place.
    Superseded,
}

/// Everything that was seen.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The index or document, for the lock.
    pub index: Option<Source>,
    /// Each page.
    pub pages: Vec<Seen>,
    /// Listed pages that are no specification and as they were.
    pub others: Vec<String>,
    /// Worth saying.
    pub problems: Vec<Problem>,
    /// What could not be had: address and reason.
    pub failures: Vec<(String, String)>,
    /// Whole specifications that the index names.
    pub specs: Vec<String>,
    /// Decompressed bytes.
    pub bytes: u64,
}

/// Hears how far it is.
pub trait Progress: Sync + Send {
    /// An API begins; `host` is where it is fetched from.
    fn begin(&self, api: &str, host: &str);
    /// So many pages of so many are done, and so many bytes came.
    fn step(&self, done: usize, all: usize, bytes: u64);
    /// The API's fetching is over.
    fn end(&self);
}

/// Says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: &str) {}
    fn step(&self, _: usize, _: usize, _: u64) {}
    fn end(&self) {}
}

/// How to look.
#[derive(Clone, Copy, Debug, Default)]
pub struct How {
    /// Ask for every page anew.
    pub refresh: bool,
    /// Take the whole document where the index names exactly one.
    pub prefer_spec: bool,
}

/// What is committed, and nothing else.
pub fn offline(site: &Site) -> View {
    let pages = site.pages.iter().map(|(file, page)| Seen {
        file: file.clone(),
        url: page
            .entry
            .url
            .as_deref()
            .and_then(|url| Url::parse(url).ok()),
        listed: true,
        answer: Look::Same,
    });
    let lock = site.lock.as_ref();
    View {
        index: lock.and_then(|lock| lock.index.clone()),
        pages: pages.collect(),
        others: lock
            .iter()
            .flat_map(|l| &l.others)
            .map(|other| other.url.clone())
            .collect(),
        ..View::default()
    }
}

/// Asks the site.
pub async fn network(
    site: &Site,
    fetcher: Arc<Fetcher>,
    how: How,
    progress: &dyn Progress,
) -> Result<View, Problem> {
    let at = match &site.upstream {
        Upstream::Document(url) => return document(site, url, &fetcher, how).await,
        Upstream::Index(url) => url,
        Upstream::Unknown => {
            return Err(Problem::error(
                codes::CONFIG,
                format!("`{}` has neither `docs` nor `spec` in `api.toml`", site.name),
            )
            .help("name the documentation's index, as in `docs = \"https://docs.acme.test/llms.txt\"`"));
        }
    };
    let mut view = View::default();
    let (listed, source) = listed(site, at, &fetcher, &mut view).await?;
    view.index = Some(source);
    let preferred = if how.prefer_spec {
        whole(site, at, &view)?
    } else {
        None
    };
    if let Some(url) = preferred {
        let mut document = document(site, &url, &fetcher, how).await?;
        document.problems.splice(0..0, view.problems);
        return Ok(document);
    }
    let asks = asks(site, at, listed);
    progress.begin(&site.name, &urls::shown(at));
    let answers = ask(&asks, site, &fetcher, how, progress).await;
    progress.end();
    for (ask, answer) in asks.into_iter().zip(answers) {
        settle(ask, answer, &mut view)?;
    }
    cross_check(site, at, &fetcher, &mut view).await;
    view.bytes = fetcher.bytes();
    Ok(view)
}

/// A page to ask for.
struct Ask {
    url: Url,
    file: String,
    listed: bool,
    /// Whether the lock has it as a page, or as something else.
    known: Known,
    validators: Validators,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Page,
    Other,
    New,
}

/// The addresses that the index lists and `api.toml` selects.
async fn listed(
    site: &Site,
    at: &Url,
    fetcher: &Fetcher,
    view: &mut View,
) -> Result<(Vec<Url>, Source), Problem> {
    let body = match fetcher
        .get(at, &Validators::default(), fetcher.limits().index_bytes)
        .await
    {
        // Some sites have theirs where the standard says and nowhere else.
        Ok(Answer::Gone(status)) => well_known(at, fetcher).await.ok_or_else(|| {
            Problem::error(codes::INDEX, format!("the index is gone: {status}")).at(urls::shown(at))
        })?,
        Ok(Answer::Body(body)) => body,
        Ok(Answer::NotModified) => {
            return Err(
                Problem::error(codes::INDEX, "the index answered 304 to a plain request")
                    .at(urls::shown(at)),
            );
        }
        Err(error) => {
            return Err(unreachable(
                &error,
                codes::INDEX,
                "the index could not be fetched",
            ));
        }
    };
    let source = Source {
        url: at.to_string(),
        sha256: crate::sha256(&body.bytes),
        etag: body.validators.etag.clone(),
    };
    let mut found = read_index(at, &body)?;
    let parts = std::mem::take(&mut found.parts);
    if parts.len() > 50 {
        return Err(
            Problem::error(codes::BOUNDS, "the index has more than 50 parts").at(urls::shown(at)),
        );
    }
    for part in parts {
        let Ok(url) = fetcher.policy().resolve(at, &part.target) else {
            skipped(&part, at, fetcher, view);
            continue;
        };
        // A part that can't be had leaves a hole, so it fails the index.
        let answer = fetcher
            .get(&url, &Validators::default(), fetcher.limits().index_bytes)
            .await;
        let body = match answer {
            Ok(Answer::Body(body)) => body,
            Ok(_) => {
                return Err(Problem::error(codes::INDEX, "a part of the index is gone")
                    .at(urls::shown(&url)));
            }
            Err(error) => {
                return Err(unreachable(
                    &error,
                    codes::INDEX,
                    "a part of the index could not be fetched",
                ));
            }
        };
        let part = read_index(&url, &body)?;
        found.pages.extend(part.pages);
        found.specs.extend(part.specs);
    }
    let mut listed = Vec::new();
    for link in &found.pages {
        match fetcher.policy().resolve(at, &link.target) {
            Ok(url) if site.select.wants(&url) => listed.push(url),
            Ok(_) => {}
            Err(_) => skipped(link, at, fetcher, view),
        }
    }
    view.specs = found.specs.iter().map(|link| link.target.clone()).collect();
    listed.sort();
    listed.dedup();
    if listed.len() > fetcher.limits().pages {
        return Err(Problem::error(
            codes::BOUNDS,
            format!(
                "the index lists {} pages; at most {} are fetched",
                listed.len(),
                fetcher.limits().pages
            ),
        )
        .at(urls::shown(at))
        .help("choose those of the API under `select` in `api.toml`"));
    }
    Ok((listed, source))
}

async fn well_known(at: &Url, fetcher: &Fetcher) -> Option<Body> {
    let url = fetcher.policy().resolve(at, "/.well-known/llms.txt").ok()?;
    match fetcher
        .get(&url, &Validators::default(), fetcher.limits().index_bytes)
        .await
    {
        Ok(Answer::Body(body)) => Some(body),
        _ => None,
    }
}

fn read_index(at: &Url, body: &Body) -> Result<index::Index, Problem> {
    let unusable = |why: &str| {
        Problem::error(codes::INDEX, format!("the index can't be used: {why}"))
            .at(urls::shown(at))
            .help("check `docs` in `api.toml`; it names a site's `llms.txt`")
    };
    let text = crate::classify::text(body).map_err(|why| unusable(&why))?;
    index::parse(&text).map_err(|why| unusable(why.0))
}

fn skipped(link: &index::Link, at: &Url, fetcher: &Fetcher, view: &mut View) {
    let Err(refusal) = fetcher.policy().resolve(at, &link.target) else {
        return;
    };
    let shown = urls::shown_link(&link.target);
    view.problems.push(
        Problem::warning(
            codes::LINK,
            format!("`{shown}` is listed and was skipped: {refusal}"),
        )
        .at(format!("{}:{}", urls::shown(at), link.line)),
    );
}

fn unreachable(error: &FetchError, code: specmint_spec::diag::Code, what: &str) -> Problem {
    let problem = match &error.cause {
        Cause::Redirect(from, to, why) => Problem::error(
            codes::REDIRECT,
            format!("{what}: redirect from {from} to {to}: {why}"),
        ),
        Cause::Robots(rule) => Problem::error(
            codes::ROBOTS,
            format!("{what}: robots.txt forbids it by {rule}"),
        )
        .help("save the pages by other means and use `--from DIR`"),
        Cause::Private(_) => Problem::error(codes::ADDRESS, format!("{what}: {}", error.cause)),
        Cause::TooLarge(_) | Cause::TooMuch(_) | Cause::Budget => {
            Problem::error(codes::BOUNDS, format!("{what}: {error}"))
        }
        _ => Problem::error(code, format!("{what}: {error}"))
            .help("run again later, or read a saved copy with `--from DIR`"),
    };
    problem.at(error.url.clone())
}

/// Everything to ask for: what is listed, and what is committed and listed no more.
fn asks(site: &Site, at: &Url, listed: Vec<Url>) -> Vec<Ask> {
    let mut asks: BTreeMap<Url, Ask> = BTreeMap::new();
    let files = files_for(site, &listed, Some(at));
    let others: BTreeMap<&str, &crate::lock::Other> = site
        .lock
        .iter()
        .flat_map(|lock| &lock.others)
        .map(|other| (other.url.as_str(), other))
        .collect();
    for url in listed {
        let file = files.get(&url).cloned().unwrap_or_default();
        let page = site.pages.get(&file);
        let (known, validators) = match (page, others.get(url.as_str())) {
            (Some(page), _) => (Known::Page, page.entry.validators()),
            (None, Some(other)) => (
                Known::Other,
                Validators {
                    etag: other.etag.clone(),
                    last_modified: other.last_modified.clone(),
                },
            ),
            (None, None) => (Known::New, Validators::default()),
        };
        asks.insert(
            url.clone(),
            Ask {
                url,
                file,
                listed: true,
                known,
                validators,
            },
        );
    }
    for (file, page) in &site.pages {
        let Some(url) = page
            .entry
            .url
            .as_deref()
            .and_then(|url| Url::parse(url).ok())
        else {
            continue;
        };
        asks.entry(url.clone()).or_insert_with(|| Ask {
            url,
            file: file.clone(),
            listed: false,
            known: Known::Page,
            validators: page.entry.validators(),
        });
    }
    asks.into_values().collect()
}

/// The file of each address: the lock's, that of a page put there by hand, or a new one.
fn files_for(site: &Site, urls: &[Url], index: Option<&Url>) -> BTreeMap<Url, String> {
    let mut files = BTreeMap::new();
    let mut new = Vec::new();
    for url in urls {
        let known = site
            .pages
            .values()
            .find(|p| p.entry.url.as_deref() == Some(url.as_str()));
        let by_hand = || {
            let file = slug::file(url, index);
            site.pages.get(&file).filter(|p| p.entry.url.is_none())
        };
        match known.or_else(by_hand) {
            Some(page) if !files.values().any(|f| *f == page.entry.file) => {
                files.insert(url.clone(), page.entry.file.clone());
            }
            _ => new.push(url.clone()),
        }
    }
    let taken = site.pages.keys().cloned().collect();
    files.extend(slug::assign(&new, index, &taken));
    files
}

async fn ask(
    asks: &[Ask],
    site: &Site,
    fetcher: &Arc<Fetcher>,
    how: How,
    progress: &dyn Progress,
) -> Vec<Option<Result<Answer, FetchError>>> {
    let mut running = JoinSet::new();
    for (at, ask) in asks.iter().enumerate() {
        let fetcher = fetcher.clone();
        let url = ask.url.clone();
        let intact = site.pages.get(&ask.file).is_none_or(|page| page.intact);
        let validators = if how.refresh || !intact {
            Validators::default()
        } else {
            ask.validators.clone()
        };
        let bound = fetcher.limits().page_bytes;
        running.spawn(async move { (at, fetcher.get(&url, &validators, bound).await) });
    }
    let mut answers: Vec<_> = asks.iter().map(|_| None).collect();
    let mut done = 0;
    while let Some(finished) = running.join_next().await {
        // A task that panicked leaves its page without an answer, which fails the page.
        let Ok((at, answer)) = finished else { continue };
        answers[at] = Some(answer);
        done += 1;
        progress.step(done, asks.len(), fetcher.bytes());
    }
    answers
}

fn settle(
    ask: Ask,
    answer: Option<Result<Answer, FetchError>>,
    view: &mut View,
) -> Result<(), Problem> {
    let Ask {
        url,
        file,
        listed,
        known,
        ..
    } = ask;
    let shown = urls::shown(&url);
    let answer = match answer {
        Some(Ok(answer)) => answer,
        // These hold for the whole site, not for one page.
        Some(Err(error))
            if matches!(
                error.cause,
                Cause::Robots(_) | Cause::Private(_) | Cause::TooMuch(_) | Cause::Budget
            ) =>
        {
            return Err(unreachable(&error, codes::PAGES, "fetching stopped"));
        }
        Some(Err(error)) => {
            view.failures.push((shown, error.to_string()));
            return Ok(());
        }
        None => {
            view.failures
                .push((shown, "its fetching broke off".to_owned()));
            return Ok(());
        }
    };
    let look = match answer {
        Answer::NotModified if known == Known::Other => {
            view.others.push(url.to_string());
            return Ok(());
        }
        Answer::NotModified => Look::Same,
        Answer::Gone(status) if listed => {
            view.failures.push((
                shown,
                format!("{status}, and the index lists it; exclude it with `!` under `select` if the index is wrong"),
            ));
            return Ok(());
        }
        Answer::Gone(status) => Look::Gone(status),
        Answer::Body(body) => Look::Body(body),
    };
    view.pages.push(Seen {
        file,
        url: Some(url),
        listed,
        answer: look,
    });
    Ok(())
}

/// The one whole specification that an index names.
fn whole(site: &Site, at: &Url, view: &View) -> Result<Option<Url>, Problem> {
    match view.specs.as_slice() {
        [one] => site.policy.resolve(at, one).map(Some).map_err(|refusal| {
            let shown = urls::shown_link(one);
            Problem::error(
                codes::LINK,
                format!("`{shown}` can't be fetched: {refusal}"),
            )
            .help("allow its host under `hosts` in `api.toml`")
        }),
        specs => Err(Problem::error(
            codes::CONFIG,
            format!(
                "`--prefer-spec` needs an index that names one specification; this names {}",
                specs.len()
            ),
        )
        .help("name it in `api.toml`: `spec = \"https://…/openapi.json\"`")),
    }
}

/// The whole document in place of pages.
async fn document(site: &Site, url: &Url, fetcher: &Fetcher, how: How) -> Result<View, Problem> {
    let known = site
        .pages
        .values()
        .find(|p| p.entry.url.as_deref() == Some(url.as_str()));
    let validators = match known {
        Some(page) if page.intact && !how.refresh => page.entry.validators(),
        _ => Validators::default(),
    };
    let answer = fetcher
        .get(url, &validators, fetcher.limits().document_bytes)
        .await
        .map_err(|error| unreachable(&error, codes::PAGES, "the document could not be fetched"))?;
    let answer = match answer {
        Answer::NotModified => Look::Same,
        Answer::Body(body) => Look::Body(body),
        Answer::Gone(status) => {
            return Err(
                Problem::error(codes::PAGES, format!("the document is gone: {status}"))
                    .at(urls::shown(url)),
            );
        }
    };
    let file = known.map_or_else(
        || {
            let json = matches!(&answer, Look::Body(body) if body.bytes.trim_ascii_start().starts_with(b"{"));
            if json { "openapi.json".to_owned() } else { "openapi.yaml".to_owned() }
        },
        |page| page.entry.file.clone(),
    );
    let mut view = View {
        bytes: fetcher.bytes(),
        ..View::default()
    };
    for other in site.pages.keys().filter(|other| **other != file) {
        view.pages.push(Seen {
            file: other.clone(),
            url: None,
            listed: false,
            answer: Look::Superseded,
        });
    }
    view.pages.push(Seen {
        file,
        url: Some(url.clone()),
        listed: true,
        answer,
    });
    Ok(view)
}

/// A listed specification is never the truth, but it is worth knowing whether it is there.
async fn cross_check(site: &Site, at: &Url, fetcher: &Fetcher, view: &mut View) {
    let mut usable = Vec::new();
    for target in view.specs.clone() {
        let shown = urls::shown_link(&target);
        // Most stand on another host; asking there would need a person's word.
        let Ok(url) = fetcher.policy().resolve(at, &target) else {
            continue;
        };
        let answer = fetcher
            .get(
                &url,
                &Validators::default(),
                fetcher.limits().document_bytes,
            )
            .await;
        let why = match answer {
            Ok(Answer::Body(body)) => match names_same_operations(site, view, &body) {
                Ok(()) => {
                    usable.push(shown);
                    continue;
                }
                Err(why) => why,
            },
            Ok(Answer::Gone(status)) => status.to_string(),
            Ok(Answer::NotModified) => continue,
            Err(error) => error.to_string(),
        };
        view.problems.push(
            Problem::warning(
                codes::CROSS_CHECK,
                format!("the listed specification is no help: {why}"),
            )
            .at(shown),
        );
    }
    if !usable.is_empty() {
        view.problems.push(
            Problem::note(
                codes::SPEC,
                format!(
                    "the site also offers the whole document: {}",
                    usable.join(", ")
                ),
            )
            .help("`--prefer-spec` reads it in place of the pages"),
        );
    }
}

/// Whether a specification shares an operation with the pages that were seen.
fn names_same_operations(site: &Site, view: &View, body: &Body) -> Result<(), String> {
    let text = crate::classify::text(body)?;
    if !specmint_spec::extract::is_specification(&text) {
        return Err("it is no OpenAPI document".to_owned());
    }
    // The paths are looked for as text: reading a large document whole for a hint is too much.
    let committed = site
        .pages
        .values()
        .flat_map(|page| page.entry.operations.clone());
    let fresh = view.pages.iter().filter_map(|seen| match &seen.answer {
        Look::Body(body) => Some(String::from_utf8_lossy(&body.bytes)),
        _ => None,
    });
    let fresh = fresh.flat_map(|text| {
        text.lines()
            .filter(|line| line.starts_with("```"))
            .filter_map(|line| line.split_whitespace().last().map(str::to_owned))
            .collect::<Vec<_>>()
    });
    let paths: Vec<String> = committed
        .filter_map(|operation| operation.split_once(' ').map(|(_, path)| path.to_owned()))
        .chain(fresh)
        .filter(|path| path.starts_with('/'))
        .collect();
    if paths.is_empty() || paths.iter().any(|path| text.contains(path.as_str())) {
        Ok(())
    } else {
        Err("it shares no path with the pages; it is probably another API's".to_owned())
    }
}

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
            content_type: None,
            validators: Validators::default(),
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
                        content_type: None,
                        validators: Validators::default(),
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
        if document && !specmint_spec::extract::is_specification(&String::from_utf8_lossy(&bytes)) {
            continue;
        }
        if page || document {
            let url = source_line(&bytes).or_else(|| ends_with(&listed, &path));
            captured.push((url, path, bytes));
        }
    }
    // A saved site may hold a copy of the specification that its pages were made from.
    let pages_speak = captured.iter().any(|(_, path, bytes)| {
        has_ending(path, "md")
            && specmint_spec::extract::has_specification(&String::from_utf8_lossy(bytes))
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
    let mut used = std::collections::BTreeSet::new();
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
            content_type: None,
            validators: Validators::default(),
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

/// What a page is asked for: used where pages are selected without an index.
pub fn wanted(select: &Select, url: Option<&Url>) -> bool {
    url.is_none_or(|url| select.wants(url))
}
