//! Lists that come page by page: how one page leads to the next, as a stream of pages or of items.
//!
//! The operation's table says which way is taken ([`Pagination`]); this room follows it. It reads
//! of a page only what leads on, by JSON Pointer (RFC 6901), and leaves the rest to the caller's
//! type. It must never know of an API: names of parameters and fields stand in tables.

mod link;

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream;
use reqwest::Url;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::value::RawValue;

use crate::answer::{DecodeError, Head, ResponseValue, decode};
use crate::api::{Api, In, Kind, Scheme};
use crate::call::Call;
use crate::error::{Error, Unexpected, UnexpectedResponse};
use crate::parameter::tree::Tree;

/// `pages` and `stream` of builders whose operations are lists: `paged! { Builder: [Page] of [Item]; }`,
/// where `Builder<'a>` is a tuple struct around a [`Call`], and the module above has `Pages` and
/// `Items`.
#[macro_export]
macro_rules! paged {
    ($($builder:ident: [$page:ty] of [$item:ty];)*) => {$(
        impl<'a> $builder<'a> {
            /// Every page from here on; each is asked for when it is wanted, and is a call of its
            /// own.
            pub fn pages(self) -> super::Pages<'a, $page> {
                self.0.pages()
            }

            /// The items of [every page](Self::pages).
            pub fn stream(self) -> super::Items<'a, $item> {
                self.0.items()
            }
        }
    )*};
}

/// How the pages of a list follow one another; a part of [`Operation`](crate::Operation).
///
/// Parameters are given by their position in [`Operation::parameters`](crate::Operation::parameters),
/// fields of the answer by JSON Pointer (RFC 6901): `/data`, `/meta/next_cursor`, or the empty
/// text for the answer as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Pagination {
    way: Way,
    items: &'static str,
    more: Option<&'static str>,
    total: Option<&'static str>,
    last: Option<&'static str>,
    size: Option<Size>,
}

#[derive(Clone, Copy, Debug)]
enum Way {
    Cursor {
        parameter: usize,
        next: &'static str,
    },
    Page {
        parameter: usize,
        first: u64,
    },
    Offset {
        parameter: usize,
        first: u64,
    },
    Link,
    Url {
        next: &'static str,
    },
    /// Without a word in the table there is one page.
    Once,
}

/// The parameter that says how long a page may be.
#[derive(Clone, Copy, Debug)]
struct Size {
    parameter: usize,
    /// What is documented to be its value where none is given; 0 where nothing is.
    usual: u64,
    /// The most that is documented to be given; 0 where nothing is.
    most: u64,
}

impl Pagination {
    const fn new(way: Way) -> Self {
        Self {
            way,
            items: "",
            more: None,
            total: None,
            last: None,
            size: None,
        }
    }

    /// The field `next` of a page has the value that this parameter must have for the page after
    /// it. No value, `null`, `false` and an empty text mean that there is none.
    pub const fn cursor(parameter: usize, next: &'static str) -> Self {
        Self::new(Way::Cursor { parameter, next })
    }

    /// The parameter is the number of the page; `first` is that of the first one.
    pub const fn page(parameter: usize, first: u64) -> Self {
        Self::new(Way::Page { parameter, first })
    }

    /// The parameter is the number of items to pass over; `first` is what it is on the first page.
    pub const fn offset(parameter: usize, first: u64) -> Self {
        Self::new(Way::Offset { parameter, first })
    }

    /// The header `Link` has the address of the next page, with `rel="next"` (RFC 8288).
    pub const fn link() -> Self {
        Self::new(Way::Link)
    }

    /// The field `next` has the address of the next page.
    pub const fn url(next: &'static str) -> Self {
        Self::new(Way::Url { next })
    }

    /// Where the items of a page are.
    #[must_use]
    pub const fn items(mut self, items: &'static str) -> Self {
        self.items = items;
        self
    }

    /// A field that says whether there is another page.
    #[must_use]
    pub const fn more(mut self, more: &'static str) -> Self {
        self.more = Some(more);
        self
    }

    /// A field that says how many items there are on all pages.
    #[must_use]
    pub const fn total(mut self, total: &'static str) -> Self {
        self.total = Some(total);
        self
    }

    /// A field that says how many pages there are.
    #[must_use]
    pub const fn pages(mut self, pages: &'static str) -> Self {
        self.last = Some(pages);
        self
    }

    /// The parameter that says how many items a page has, the value that it is documented to have
    /// where none is given, and its documented maximum; 0 stands for neither.
    #[must_use]
    pub const fn size(mut self, parameter: usize, usual: u64, most: u64) -> Self {
        self.size = Some(Size {
            parameter,
            usual,
            most,
        });
        self
    }
}

/// A page before it is read.
struct Page {
    head: Head,
    body: Bytes,
    items: &'static str,
}

/// What comes after a page.
enum Step {
    Send,
    Stop,
    Fail(Head, Bytes, String),
}

/// A list being walked.
struct Walk<'a, A: Api> {
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
    fn new(call: Call<'a, A>, plan: Pagination) -> Self {
        let mut seen = HashSet::new();
        if let Way::Cursor { parameter, .. } = plan.way
            && let Some(tree) = call.value(parameter)
        {
            seen.insert(hash(&tree.to_text()));
        }
        Self {
            call,
            plan,
            step: Step::Send,
            address: None,
            seen,
            pages: 0,
            received: 0,
            longest: 0,
            previous: None,
        }
    }

    async fn advance(mut self) -> Result<Option<(Page, Self)>, Error<A::ErrorBody>> {
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
                prepared.url = without_keys(address, &prepared.chosen, schemes);
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
            Way::Cursor { parameter, next } => {
                let Some(token) = find(body, next).map(scalar).transpose()?.flatten() else {
                    return Ok(Step::Stop);
                };
                self.once(&token.to_text())?;
                self.call.put(parameter, token);
                Ok(Step::Send)
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
            Way::Page { parameter, first } => {
                let now = self.number(parameter).unwrap_or(first);
                let count = self.count(body, more)?;
                let last = self.plan.last.and_then(|at| find(body, at)).and_then(whole);
                let next = now.saturating_add(1);
                let over = last.map(|last| next.saturating_sub(first) >= last);
                let received = self.received;
                Ok(self.number_next(body, more, count, received, over, parameter, next))
            }
            Way::Offset { parameter, first } => {
                let now = self.number(parameter).unwrap_or(first);
                let count = self.count(body, more)?;
                if count == 0 && more == Some(true) {
                    return Err("the server says that there is more, and gave nothing".to_owned());
                }
                let next = now.saturating_add(count);
                let passed = next.saturating_sub(first);
                Ok(self.number_next(body, more, count, passed, None, parameter, next))
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
        parameter: usize,
        next: u64,
    ) -> Step {
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
            return Step::Stop;
        }
        self.call.put(parameter, Tree::Literal(next.to_string()));
        Step::Send
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
        let known = match (self.number(size.parameter), size.most) {
            (Some(_), 0) => 0,
            (Some(wanted), most) => wanted.min(most),
            (None, _) if self.call.value(size.parameter).is_none() => size.usual,
            (None, _) => 0,
        };
        (known > 0).then_some(known)
    }

    fn number(&self, parameter: usize) -> Option<u64> {
        self.call.value(parameter)?.to_text().parse().ok()
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

/// The value at a place of a JSON document (RFC 6901); `None` for nothing and `null`.
pub(crate) fn find<'b>(body: &'b [u8], pointer: &str) -> Option<&'b RawValue> {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let mut at: &RawValue = serde_json::from_slice(text).ok()?;
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        let mut members: BTreeMap<String, &RawValue> = serde_json::from_str(at.get()).ok()?;
        at = members.remove(&token)?;
    }
    (at.get() != "null").then_some(at)
}

/// A token as a parameter takes it; `None` where it says that there is none.
fn scalar(raw: &RawValue) -> Result<Option<Tree>, String> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'"') => {
            let text: String = serde_json::from_str(text).map_err(|error| error.to_string())?;
            Ok((!text.is_empty()).then_some(Tree::Text(text)))
        }
        Some(b'f') => Ok(None),
        Some(b'-' | b'0'..=b'9') => Ok(Some(Tree::Literal(text.to_owned()))),
        _ => Err("what names the next page is neither text nor number".to_owned()),
    }
}

/// A number of things.
fn whole(raw: &RawValue) -> Option<u64> {
    serde_json::from_str::<u64>(raw.get()).ok()
}

fn unreadable<E>(head: Head, body: Bytes, reason: DecodeError) -> Error<E> {
    let reason = Unexpected::Body(reason);
    Error::UnexpectedResponse(UnexpectedResponse::new(head, body, reason))
}

/// The pages as they come; boxed, so that their type doesn't name the API.
type Raw<'a, E> = Pin<Box<dyn Stream<Item = Result<Page, Error<E>>> + Send + 'a>>;

/// What the two streams have in common.
struct Source<'a, E> {
    pages: Raw<'a, E>,
    left: Option<u64>,
}

impl<'a, E: 'static> Source<'a, E> {
    fn new<A: Api<ErrorBody = E>>(call: Call<'a, A>) -> Self {
        let plan = call.pagination().unwrap_or(Pagination::new(Way::Once));
        Self {
            pages: Box::pin(stream::try_unfold(Walk::new(call, plan), Walk::advance)),
            left: None,
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Page, Error<E>>>> {
        if self.left == Some(0) {
            return Poll::Ready(None);
        }
        let polled = self.pages.as_mut().poll_next(cx);
        if let (Poll::Ready(Some(Ok(_))), Some(left)) = (&polled, &mut self.left) {
            *left -= 1;
        }
        polled
    }
}

/// A list page by page, made by [`Call::pages`]. `E` is the API's error body.
///
/// Each page is a call of its own, with the time limit and the retries of one. Nothing is sent
/// before the stream is polled, and nothing ahead of it; after an error it ends.
#[must_use = "nothing is sent before the first page is asked for"]
pub struct Pages<'a, T, E> {
    source: Source<'a, E>,
    page: PhantomData<fn() -> T>,
}

impl<'a, T: DeserializeOwned, E: 'static> Pages<'a, T, E> {
    pub(crate) fn new<A: Api<ErrorBody = E>>(call: Call<'a, A>) -> Self {
        Self {
            source: Source::new(call),
            page: PhantomData,
        }
    }

    /// Ends after so many pages.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.source.left = Some(pages);
        self
    }

    /// The next page, for those who don't import `StreamExt`.
    pub async fn next(&mut self) -> Option<Result<ResponseValue<T>, Error<E>>> {
        stream::StreamExt::next(self).await
    }
}

impl<T: DeserializeOwned, E: 'static> Stream for Pages<'_, T, E> {
    type Item = Result<ResponseValue<T>, Error<E>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.source.poll(cx).map(|page| {
            page.map(|page| {
                let Page { head, body, .. } = page?;
                match decode(&body) {
                    Ok(value) => Ok(ResponseValue::new(head, value)),
                    Err(reason) => Err(unreadable(head, body, reason)),
                }
            })
        })
    }
}

impl<T, E> fmt::Debug for Pages<'_, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

/// A list item by item, made by [`Call::items`]. `E` is the API's error body.
///
/// Of [`Pages`], everything holds here too.
#[must_use = "nothing is sent before the first item is asked for"]
pub struct Items<'a, T, E> {
    source: Source<'a, E>,
    ready: VecDeque<T>,
}

impl<T, E> Unpin for Items<'_, T, E> {}

impl<'a, T: DeserializeOwned, E: 'static> Items<'a, T, E> {
    pub(crate) fn new<A: Api<ErrorBody = E>>(call: Call<'a, A>) -> Self {
        Self {
            source: Source::new(call),
            ready: VecDeque::new(),
        }
    }

    /// Ends after so many pages.
    pub fn max_pages(mut self, pages: u64) -> Self {
        self.source.left = Some(pages);
        self
    }

    /// The next item, for those who don't import `StreamExt`.
    pub async fn next(&mut self) -> Option<Result<T, Error<E>>> {
        stream::StreamExt::next(self).await
    }
}

impl<T: DeserializeOwned, E: 'static> Stream for Items<'_, T, E> {
    type Item = Result<T, Error<E>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            let page = match self.source.poll(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(Some(Ok(page))) => page,
            };
            match read_items(&page) {
                Ok(items) => self.ready = items,
                Err(reason) => {
                    // There is no telling where the list goes on.
                    self.source.left = Some(0);
                    return Poll::Ready(Some(Err(unreadable(page.head, page.body, reason))));
                }
            }
        }
    }
}

/// The items of a page. None at all are no error, as a list may be left out where it is empty.
fn read_items<T: DeserializeOwned>(page: &Page) -> Result<VecDeque<T>, DecodeError> {
    let Some(raw) = find(&page.body, page.items) else {
        // It may not be JSON at all, which is one.
        return decode::<IgnoredAny>(&page.body).map(|_| VecDeque::new());
    };
    decode(&page.body.slice_ref(raw.get().as_bytes())).map_err(|error| {
        if page.items.is_empty() {
            error
        } else {
            DecodeError::new(format!("in `{}`: {error}", page.items))
        }
    })
}

impl<T, E> fmt::Debug for Items<'_, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("ready", &self.ready.len())
            .finish_non_exhaustive()
    }
}
