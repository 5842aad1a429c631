//! The whole document: in place of pages, or beside them.

use specmint_spec::extract;
use url::Url;

use super::{How, Look, Seen, View, unreachable};
use crate::{
    classify, codes,
    config::Site,
    fetch::{Answer, Body, Fetcher, Validators},
    problem::Problem,
    urls,
};

/// The one whole specification that an index names.
pub(super) fn whole(site: &Site, at: &Url, view: &View) -> Result<Option<Url>, Problem> {
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
pub(super) async fn document(
    site: &Site,
    url: &Url,
    fetcher: &Fetcher,
    how: How,
) -> Result<View, Problem> {
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
pub(super) async fn cross_check(site: &Site, at: &Url, fetcher: &Fetcher, view: &mut View) {
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
    let text = classify::text(body)?;
    if !extract::is_specification(&text) {
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
