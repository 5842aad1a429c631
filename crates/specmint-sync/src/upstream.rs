//! What the site, a folder, or nobody says about every page: the network begins and ends here.

mod directory;
mod document;
mod index;
mod pages;

use std::sync::Arc;

use url::Url;

pub use directory::directory;

use crate::{
    codes,
    config::{Site, Upstream},
    early::Came,
    fetch::{Body, Cause, FetchError, Fetcher},
    lock::Source,
    problem::Problem,
    urls,
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
    /// Another form of the API's words, or the page that it has become, takes its place; or `select`
    /// leaves it none.
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

/// Asks the site. Pages of an API that has none yet are shown to `came` as they come.
pub async fn network(
    site: &Site,
    fetcher: Arc<Fetcher>,
    how: How,
    progress: &dyn Progress,
    came: Came<'_>,
) -> Result<View, Problem> {
    let at = match &site.upstream {
        Upstream::Document(url) => return document::document(site, url, &fetcher, how).await,
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
    let (listed, source) = index::listed(site, at, &fetcher, &mut view).await?;
    view.index = Some(source);
    let preferred = if how.prefer_spec {
        document::whole(site, at, &view)?
    } else {
        None
    };
    if let Some(url) = preferred {
        let mut whole = document::document(site, &url, &fetcher, how).await?;
        whole.problems.splice(0..0, view.problems);
        return Ok(whole);
    }
    let asks = pages::asks(site, at, listed);
    progress.begin(&site.name, &urls::shown(at));
    let answers = pages::ask(&asks, site, &fetcher, how, progress, came).await;
    progress.end();
    view.pages.extend(pages::excluded(site));
    let listed = pages::listed(&asks);
    for (ask, answer) in asks.into_iter().zip(answers) {
        pages::settle(ask, answer, &listed, &mut view)?;
    }
    document::cross_check(site, at, &fetcher, &mut view).await;
    view.bytes = fetcher.bytes();
    Ok(view)
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
