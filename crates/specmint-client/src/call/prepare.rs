//! Of what is said about a call, the request that is sent.

use std::borrow::Cow;

use reqwest::Method;
use reqwest::header::{ACCEPT, HeaderValue};

use super::Draft;
use crate::client;
use crate::credential::CredentialSet;
use crate::error::{Error, MissingCredential};
use crate::operation::Plan;
use crate::parameter::path;
use crate::send::{Access, Fault, Prepared, Wanted, invalid};
use crate::server;

/// The documented media types, each once, in their order.
pub(super) fn accept(media_types: impl Iterator<Item = &'static str>) -> Cow<'static, str> {
    let mut named: Vec<&'static str> = Vec::new();
    for media_type in media_types {
        if !media_type.is_empty() && !named.contains(&media_type) {
            named.push(media_type);
        }
    }
    match *named {
        [] => Cow::Borrowed("*/*"),
        [one] => Cow::Borrowed(one),
        _ => Cow::Owned(named.join(", ")),
    }
}

pub(super) fn prepare(
    core: &client::Core,
    plan: &'static Plan,
    mut draft: Draft,
    accept: &str,
    credentials: Option<CredentialSet>,
) -> Result<Box<Prepared>, Fault> {
    let refuse = |message: String| invalid::<crate::NoBody>(plan.name, message);
    draft.complete(plan).map_err(refuse)?;
    let method = Method::from_bytes(plan.method.as_bytes())
        .map_err(|_| refuse(format!("`{}` is not a method", plan.method)))?;
    let base = core.base(plan.servers).map_err(refuse)?;
    let path = path::fill(plan.path, &draft.paths).map_err(refuse)?;
    let mut url = server::join(&base, &path).map_err(refuse)?;
    check_segments(&base, &path, &url).map_err(refuse)?;
    if !draft.query.is_empty() {
        let mut query = draft.query.join("&");
        if let Some(fixed) = url.query().filter(|fixed| !fixed.is_empty()) {
            query = format!("{fixed}&{query}");
        }
        url.set_query(Some(&query));
    }
    if !draft.headers.contains_key(ACCEPT)
        && let Ok(value) = HeaderValue::from_str(accept)
    {
        draft.headers.insert(ACCEPT, value);
    }
    let access = if core.trusts(&url, plan.servers) {
        Access::new(core, credentials, Wanted::OneOf(plan.security)).map_err(|schemes| {
            Error::MissingCredential(MissingCredential {
                operation: plan.name.into(),
                schemes,
            })
        })?
    } else {
        Access::NOBODY
    };
    Ok(Box::new(Prepared {
        operation: plan.name.into(),
        template: plan.path.into(),
        method,
        url,
        headers: draft.headers,
        body: draft.body,
        access,
        timeout: draft.timeout.or(core.timeout),
        retries: draft.retries.unwrap_or_else(|| core.retries.clone()),
    }))
}

/// Whatever was written, the address must have the segments of the template: none resolved away,
/// none added.
fn check_segments(base: &reqwest::Url, path: &str, url: &reqwest::Url) -> Result<(), String> {
    let count = |path: &str| path.split('/').count();
    let path = path.split('?').next().unwrap_or_default();
    let expected = count(base.path().trim_end_matches('/')) + count(path) - 1;
    if count(url.path()) == expected {
        Ok(())
    } else {
        Err("a path parameter would change the shape of the path".to_owned())
    }
}
