//! A list being walked: each page is asked for by what the one before it said.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use bytes::Bytes;
use reqwest::Url;
use serde::de::IgnoredAny;

use super::link;
use super::place::{find, last, scalar, whole, with};
use super::plan::{Pagination, Target, Way};
use crate::answer::Head;
use crate::api::{Api, In, Kind, Scheme};
use crate::call::Call;
use crate::error::{Error, Unexpected, UnexpectedResponse};
use crate::parameter::tree::Tree;

/// A page before it is read.
pub(super) struct Page {
    pub(super) head: Head,
    pub(super) body: Bytes,
    pub(super) items: &'static str,
}

/// What comes after a page.
enum Step {
    Send,
    Stop,
    Fail(Head, Bytes, String),
}

/// A list being walked.
pub(super) struct Walk<'a, A: Api> {
    call: Call<'a, A>,
    plan: Pagination,
    step: Step,
    /// The address of the next page, where the server names it.
    address: Option<Url>,
    /// Hashes of all the tokens and addresses that were followed.
    seen: HashSet<u64>,
    /// How many pages there were, and how many items on them.
    pages: u64,
    received: u64,
    longest: u64,
    /// Hash of the items of the page before, for ways on which servers can't say that it is over.
    previous: Option<u64>,
}

impl<'a, A: Api> Walk<'a, A> {
    pub(super) fn new(call: Call<'a, A>, plan: Pagination) -> Self {
        let mut walk = Self {
            call,
            plan,
            step: Step::Send,
            address: None,
            seen: HashSet::new(),
            pages: 0,
            received: 0,
            longest: 0,
            previous: None,
        };
        if let Way::Cursor { to, .. } | Way::After { to, .. } = plan.way
            && let Some(begun) = walk.asked(to)
        {
            walk.seen.insert(hash(&begun));
        }
        walk
    }

    pub(super) async fn advance(mut self) -> Result<Option<(Page, Self)>, Error<A::ErrorBody>> {
        match std::mem::replace(&mut self.step, Step::Stop) {
            Step::Send => {}
            Step::Stop => return Ok(None),
            Step::Fail(head, body, message) => {
                return Err(Error::UnexpectedResponse(UnexpectedResponse::new(
                    head,
                    body,
                    Unexpected::NextPage(message),
                )));
            }
        }
        let (mut exchange, schemes) = self.call.clone().into_exchange();
        let mut from = None;
        if let Ok(prepared) = &mut exchange.prepared {
            if let Some(address) = self.address.take() {
                // The origin is that of the operation's own server: it has been checked.
                prepared.url = without_keys(address, &prepared.access.schemes(schemes), schemes);
            } else if matches!(self.plan.way, Way::Link | Way::Url { .. }) {
                self.seen.insert(hash(prepared.url.as_str()));
            }
            from = Some(prepared.url.clone());
        }
        let (head, body) = exchange.buffered().await?;
        self.step = match self.follow(&head, &body, from.as_ref()) {
            Ok(step) => step,
            Err(message) => Step::Fail(head.clone(), body.clone(), message),
        };
        let items = self.plan.items;
        Ok(Some((Page { head, body, items }, self)))
    }

    /// Prepares the request for the next page.
    fn follow(&mut self, head: &Head, body: &Bytes, from: Option<&Url>) -> Result<Step, String> {
        self.pages += 1;
        let more = self
            .plan
            .more
            .and_then(|at| find(body, at))
            .and_then(|raw| serde_json::from_str::<bool>(raw.get()).ok());
        if more == Some(false) {
            return Ok(Step::Stop);
        }
        match self.plan.way {
            Way::Once => Ok(Step::Stop),
            Way::Cursor { to, next } => {
                let Some(token) = find(body, next).map(scalar).transpose()?.flatten() else {
                    return Ok(Step::Stop);
                };
                self.once(&token.to_text())?;
                self.ask(to, token)
            }
            Way::After { to, key } => {
                let Some(last) = last(body, self.plan.items) else {
                    return match more {
                        Some(true) => Err(GAVE_NOTHING.to_owned()),
                        _ => Ok(Step::Stop),
                    };
                };
                let token = find(last.get().as_bytes(), key).map(scalar).transpose()?;
                let token = token
                    .flatten()
                    .ok_or_else(|| format!("the last item has no `{key}` to go on from"))?;
                self.once(&token.to_text())?;
                self.ask(to, token)
            }
            Way::Link => match link::next(&head.headers) {
                Some(target) => self.go_to(&target, from),
                None => Ok(Step::Stop),
            },
            Way::Url { next } => match find(body, next).map(scalar).transpose()?.flatten() {
                Some(Tree::Text(target)) => self.go_to(&target, from),
                Some(_) => Err("the address of the next page is no text".to_owned()),
                None => Ok(Step::Stop),
            },
            Way::Page { to, first } => {
                let now = self.number(to).unwrap_or(first);
                let count = self.count(body, more)?;
                let last = self.plan.last.and_then(|at| find(body, at)).and_then(whole);
                let next = now.saturating_add(1);
                let over = last.map(|last| next.saturating_sub(first) >= last);
                let received = self.received;
                self.number_next(body, more, count, received, over, to, next)
            }
            Way::Offset { to, first } => {
                let now = self.number(to).unwrap_or(first);
                let count = self.count(body, more)?;
                if count == 0 && more == Some(true) {
                    return Err(GAVE_NOTHING.to_owned());
                }
                let next = now.saturating_add(count);
                let passed = next.saturating_sub(first);
                self.number_next(body, more, count, passed, None, to, next)
            }
        }
    }

    /// Goes on to a number, unless the page was the last one.
    #[expect(clippy::too_many_arguments, reason = "what two ways have in common")]
    fn number_next(
        &mut self,
        body: &Bytes,
        more: Option<bool>,
        count: u64,
        passed: u64,
        over: Option<bool>,
        to: Target,
        next: u64,
    ) -> Result<Step, String> {
        let size = self.known_size();
        let total = self
            .plan
            .total
            .and_then(|at| find(body, at))
            .and_then(whole);
        let over = over.or_else(|| {
            let total = total?;
            // Some call the number of items on the page a total. A first page that is full, and
            // all there is, is not believed before an empty one says so.
            let doubtful = self.pages == 1 && count == total && size == Some(count);
            (!doubtful).then_some(passed >= total)
        });
        let ends = match (more, over) {
            (Some(more), _) => !more,
            (None, Some(over)) => over || count == 0,
            (None, None) => {
                let short =
                    size.map_or(self.pages > 1 && count < self.longest, |size| count < size);
                short || count == 0
            }
        };
        self.longest = self.longest.max(count);
        if ends {
            return Ok(Step::Stop);
        }
        self.ask(to, Tree::Literal(next.to_string()))
    }

    /// How many items a page has; an error where they are those of the page before.
    fn count(&mut self, body: &Bytes, more: Option<bool>) -> Result<u64, String> {
        let raw = find(body, self.plan.items);
        let items: Vec<IgnoredAny> = raw
            .and_then(|raw| serde_json::from_str(raw.get()).ok())
            .unwrap_or_default();
        let count = items.len() as u64;
        self.received = self.received.saturating_add(count);
        let found = raw.map(|raw| hash(raw.get()));
        if found.is_some() && found == self.previous && (count > 0 || more == Some(true)) {
            return Err("the server gave the same page twice".to_owned());
        }
        self.previous = found;
        Ok(count)
    }

    /// How long a full page is, where that is certain: a caller's own value may be more than the
    /// server gives, unless the documented maximum says that it isn't.
    fn known_size(&self) -> Option<u64> {
        let size = self.plan.size?;
        let known = match (self.number(Target::Parameter(size.parameter)), size.most) {
            (Some(_), 0) => 0,
            (Some(wanted), most) => wanted.min(most),
            (None, _) if self.call.value(size.parameter).is_none() => size.usual,
            (None, _) => 0,
        };
        (known > 0).then_some(known)
    }

    fn number(&self, of: Target) -> Option<u64> {
        self.asked(of)?.parse().ok()
    }

    /// What the request of the page at hand asks for.
    fn asked(&self, of: Target) -> Option<String> {
        match of {
            Target::Parameter(parameter) => Some(self.call.value(parameter)?.to_text()),
            Target::Body(member) => {
                let raw = find(self.call.sent_json().ok()??, member)?;
                Some(scalar(raw).ok()??.to_text())
            }
        }
    }

    /// Puts into the request what asks for the next page.
    fn ask(&mut self, to: Target, value: Tree) -> Result<Step, String> {
        match to {
            Target::Parameter(parameter) => self.call.put(parameter, value),
            Target::Body(member) => {
                let body = self.call.sent_json()?.map_or(&b"{}"[..], |body| body);
                let body = with(body, member, &value.to_json())?;
                self.call.put_json(body);
            }
        }
        Ok(Step::Send)
    }

    /// Refuses what has been followed before: it would go on for ever.
    fn once(&mut self, token: &str) -> Result<(), String> {
        if self.seen.insert(hash(token)) {
            Ok(())
        } else {
            Err("the server named the same next page twice".to_owned())
        }
    }

    /// Goes on to an address, if it is on the server that gave it.
    fn go_to(&mut self, target: &str, from: Option<&Url>) -> Result<Step, String> {
        let from = from.ok_or("the page has no address")?;
        // An address may have a key in it, and is not quoted.
        let mut url = from
            .join(target)
            .map_err(|error| format!("the address of the next page is no URL: {error}"))?;
        if url.origin() != from.origin() || !url.username().is_empty() || url.password().is_some() {
            return Err(
                "the next page is on another server, which may not see credentials".to_owned(),
            );
        }
        url.set_fragment(None);
        self.once(url.as_str())?;
        self.address = Some(url);
        Ok(Step::Send)
    }
}

const GAVE_NOTHING: &str = "the server says that there is more, and gave nothing";

/// An address without the keys that are put into it once more when it is called.
fn without_keys(mut url: Url, chosen: &[usize], schemes: &[Scheme]) -> Url {
    let keys: Vec<&str> = chosen
        .iter()
        .filter_map(|index| match schemes.get(*index)?.kind {
            Kind::ApiKey(In::Query, key) => Some(key),
            _ => None,
        })
        .collect();
    let Some(query) = url.query().filter(|_| !keys.is_empty()) else {
        return url;
    };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default().replace('+', " ");
            let name = percent_encoding::percent_decode_str(&name).decode_utf8_lossy();
            !keys.contains(&&*name)
        })
        .collect();
    let kept = kept.join("&");
    url.set_query(Some(&*kept).filter(|query| !query.is_empty()));
    url
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
