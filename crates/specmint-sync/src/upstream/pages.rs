//! Each page of an index: what to ask for, and what the answer means.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use specmint_spec::page::PageIndex;
use tokio::task::JoinSet;
use url::Url;

use super::{How, Look, Progress, Seen, View, unreachable};
use crate::{
    classify, codes,
    config::Site,
    early::Came,
    fetch::{Answer, Body, Cause, FetchError, Fetcher, Validators},
    problem::Problem,
    slug, urls,
};

/// A page to ask for.
pub(super) struct Ask {
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

/// Everything to ask for: what is listed, and what is committed and listed no more.
pub(super) fn asks(site: &Site, at: &Url, listed: Vec<Url>) -> Vec<Ask> {
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
    for (file, url) in committed(site).filter(|(_, url)| site.select.wants(url)) {
        asks.entry(url.clone()).or_insert_with(|| Ask {
            url,
            file: file.clone(),
            listed: false,
            known: Known::Page,
            // Asked for whole: it may have moved to one that is listed.
            validators: Validators::default(),
        });
    }
    asks.into_values().collect()
}

/// The committed pages of a known address.
fn committed(site: &Site) -> impl Iterator<Item = (&String, Url)> {
    let pages = site.pages.iter();
    pages.filter_map(|(file, page)| {
        let url = page.entry.url.as_deref()?;
        Some((file, Url::parse(url).ok()?))
    })
}

/// The committed pages that `select` excludes by now. Nobody asks for them, and they go: whoever
/// edited `api.toml` decided so.
pub(super) fn excluded(site: &Site) -> impl Iterator<Item = Seen> {
    let excluded = committed(site).filter(|(_, url)| !site.select.wants(url));
    excluded.map(|(file, url)| Seen {
        file: file.clone(),
        url: Some(url),
        listed: false,
        answer: Look::Superseded,
    })
}

/// The addresses that the index lists.
pub(super) fn listed(asks: &[Ask]) -> BTreeSet<Url> {
    let listed = asks.iter().filter(|ask| ask.listed);
    listed.map(|ask| ask.url.clone()).collect()
}

/// The file of each address: the lock's, that of a page put there by hand, or a new one.
pub(super) fn files_for(site: &Site, urls: &[Url], index: Option<&Url>) -> BTreeMap<Url, String> {
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

pub(super) async fn ask(
    asks: &[Ask],
    site: &Site,
    fetcher: &Arc<Fetcher>,
    how: How,
    progress: &dyn Progress,
    came: Came<'_>,
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
    let places = places(asks, site);
    let mut done = 0;
    while let Some(finished) = running.join_next().await {
        // A task that panicked leaves its page without an answer, which fails the page.
        let Ok((at, answer)) = finished else { continue };
        if let (Some(place), Ok(Answer::Body(body))) = (places.get(at), &answer)
            && let Ok(text) = classify::text(body)
        {
            came(*place, classify::page(&site.name, &asks[at].file, &text));
        }
        answers[at] = Some(answer);
        done += 1;
        progress.step(done, asks.len(), fetcher.bytes());
    }
    answers
}

/// The place of each page among all of them, in the order of what is asked for; none where pages are
/// committed, which are among them too.
fn places(asks: &[Ask], site: &Site) -> Vec<PageIndex> {
    if !site.pages.is_empty() {
        return Vec::new();
    }
    let mut order: Vec<usize> = (0..asks.len()).collect();
    order.sort_by(|a, b| asks[*a].file.cmp(&asks[*b].file));
    let mut places = vec![PageIndex(0); asks.len()];
    for (place, at) in (0..).zip(order) {
        places[at] = PageIndex(place);
    }
    places
}

pub(super) fn settle(
    ask: Ask,
    answer: Option<Result<Answer, FetchError>>,
    all_listed: &BTreeSet<Url>,
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
        // It is the other page under its former address; what it described is looked for there.
        Answer::Body(Body {
            moved: Some(to), ..
        }) if !listed && all_listed.contains(&to) => Look::Superseded,
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
