//! The index and its parts: which addresses it lists.

use url::Url;

use super::{View, unreachable};
use crate::{
    classify, codes,
    config::Site,
    fetch::{Answer, Body, Fetcher, Validators},
    index,
    lock::Source,
    problem::Problem,
    urls,
};

/// The addresses that the index lists and `api.toml` selects.
pub(super) async fn listed(
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

pub(super) fn read_index(at: &Url, body: &Body) -> Result<index::Index, Problem> {
    let unusable = |why: &str| {
        Problem::error(codes::INDEX, format!("the index can't be used: {why}"))
            .at(urls::shown(at))
            .help("check `docs` in `api.toml`; it names a site's `llms.txt`")
    };
    let text = classify::text(body).map_err(|why| unusable(&why))?;
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
