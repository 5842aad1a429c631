//! Lists that come page by page: how one page leads to the next, as a stream of pages or of items.
//!
//! The operation's table says which way is taken ([`Pagination`]); this room follows it. It reads
//! of a page only what leads on, by JSON Pointer (RFC 6901), and leaves the rest to the caller's
//! type. It must never know of an API: names of parameters and fields stand in tables.

mod link;
mod place;
mod plan;
mod walk;

use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::answer::{DecodeError, Head, ResponseValue, decode};
use crate::api::Api;
use crate::call::Call;
use crate::error::{Error, Unexpected, UnexpectedResponse};

pub(crate) use place::find;
pub use plan::Pagination;
use plan::Way;
use walk::{Page, Walk};

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
