//! The way of a request to the server and of its answer back, attempt by attempt.
//!
//! This room knows neither operations nor types: a [`Prepared`] request goes in, an answer as
//! bytes or as an open response comes out.

mod access;

use std::borrow::Cow;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use reqwest::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION,
};
use reqwest::{Method, Response, StatusCode, Url};
use serde::de::DeserializeOwned;

use crate::answer::{
    Answers, ByteStream, DecodeError, Head, Received, ResponseValue, decode, text,
};
use crate::body::Body;
use crate::client::Core;
use crate::error::{
    Communication, Error, ErrorResponse, Failure, HookError, InvalidRequest, KEPT, NoBody,
    Unexpected, UnexpectedResponse,
};
use crate::hook::{Context, Outcome};
use crate::operation::{Answer, ErrorAnswer, StatusMatch, media_type_matches};
use crate::retry::{self, Retries};
use crate::trace::Trace;

pub(crate) use access::{Access, Wanted};
use access::{Granted, ask};

/// An error before anything is known about its body.
pub(crate) type Fault = Error<NoBody>;

/// A request that can be sent any number of times.
pub(crate) struct Prepared {
    pub(crate) operation: Cow<'static, str>,
    /// Path template, for those who count requests.
    pub(crate) template: Cow<'static, str>,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    pub(crate) access: Access,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retries: Retries,
}

impl Prepared {
    fn invalid(&self, message: impl Into<String>) -> Fault {
        invalid(self.operation.clone(), message)
    }
}

pub(crate) fn invalid<E>(
    operation: impl Into<Cow<'static, str>>,
    message: impl Into<String>,
) -> Error<E> {
    Error::InvalidRequest(InvalidRequest {
        operation: operation.into(),
        message: message.into(),
    })
}

/// How much of a successful answer is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// All of it, in memory.
    Buffer,
    /// The open response.
    Stream,
    /// Nothing.
    Discard,
}

/// An answer, whether it means success or not.
struct Reply {
    head: Head,
    success: bool,
    body: Content,
}

enum Content {
    Whole(Bytes),
    /// The beginning of a body that is longer than the limit.
    Excess(Bytes),
    Open(Response),
}

/// What is known about a call that is still running, for the case that its time runs out.
#[derive(Default)]
struct Progress {
    attempts: u32,
    head: Option<Head>,
    body: BytesMut,
}

/// A call that is ready to go: the request, and the tables by which the answer is read.
pub(crate) struct Exchange<'a, E: 'static> {
    pub(crate) core: &'a Core,
    pub(crate) prepared: Result<Box<Prepared>, Fault>,
    pub(crate) answers: &'static [Answer],
    pub(crate) errors: &'static [ErrorAnswer<E>],
}

impl<E> Exchange<'_, E> {
    pub(crate) async fn json<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Error<E>> {
        let (head, body) = self.buffered().await?;
        read(head, body, decode)
    }

    pub(crate) async fn text(self) -> Result<ResponseValue<String>, Error<E>> {
        let (head, body) = self.buffered().await?;
        let text = text(head.content_type(), &body);
        Ok(ResponseValue::new(head, text))
    }

    pub(crate) async fn bytes(self) -> Result<ResponseValue<Bytes>, Error<E>> {
        let (head, body) = self.buffered().await?;
        Ok(ResponseValue::new(head, body))
    }

    pub(crate) async fn empty(self) -> Result<ResponseValue<()>, Error<E>> {
        let reply = self.reply(Mode::Discard).await?;
        Ok(ResponseValue::new(reply.head, ()))
    }

    pub(crate) async fn one_of<T: Answers>(self) -> Result<ResponseValue<T>, Error<E>> {
        let answers = self.answers;
        let (head, body) = self.buffered().await?;
        let row = best(
            answers.iter().map(|row| (row.status, row.media_type)),
            head.status,
            head.content_type(),
        )
        .into_iter()
        .next();
        let received = Received { head, row, body };
        match T::decode(&received) {
            Ok(value) => Ok(ResponseValue::new(received.head, value)),
            Err(reason) => Err(unreadable(received.head, received.body, reason)),
        }
    }

    pub(crate) async fn stream(self) -> Result<ResponseValue<ByteStream>, Error<E>> {
        let limit = self.core.limit;
        let Reply { head, body, .. } = self.reply(Mode::Stream).await?;
        match body {
            Content::Open(response) => {
                let stream = ByteStream::new(response, &head, limit);
                Ok(ResponseValue::new(head, stream))
            }
            // Only answers that mean failure are read in this mode, and those are errors already.
            Content::Whole(bytes) | Content::Excess(bytes) => Err(unreadable(
                head,
                bytes,
                DecodeError::new("the answer has been read already"),
            )),
        }
    }

    pub(crate) async fn buffered(self) -> Result<(Head, Bytes), Error<E>> {
        let limit = self.core.limit;
        let Reply { head, body, .. } = self.reply(Mode::Buffer).await?;
        match body {
            Content::Whole(bytes) => Ok((head, bytes)),
            Content::Excess(bytes) => Err(Error::UnexpectedResponse(UnexpectedResponse::new(
                head,
                bytes,
                Unexpected::TooLarge(limit),
            ))),
            Content::Open(_) => {
                let reason = DecodeError::new("the answer has not been read");
                Err(unreadable(head, Bytes::new(), reason))
            }
        }
    }

    /// Sends the request; an answer that means failure becomes an error.
    async fn reply(self, mode: Mode) -> Result<Reply, Error<E>> {
        let Self {
            core,
            prepared,
            answers,
            errors,
        } = self;
        let prepared = prepared.map_err(lift)?;
        let succeeds = |status| is_success(status, answers, errors);
        let trace = Trace::new(&prepared);
        let run = Run {
            core,
            prepared: &prepared,
            mode,
            succeeds: &succeeds,
            trace: &trace,
        };
        // The future is boxed, or every operation of a generated client would carry its size.
        let reply: std::pin::Pin<Box<dyn Future<Output = _> + Send + '_>> =
            Box::pin(trace.run(exchange(&run)));
        let reply = reply.await.map_err(lift)?;
        if reply.success {
            Ok(reply)
        } else {
            Err(failure(reply, core.limit, errors))
        }
    }
}

fn lift<E>(fault: Fault) -> Error<E> {
    fault.map(|none| match none {})
}

fn read<T, E>(
    head: Head,
    body: Bytes,
    decode: fn(&Bytes) -> Result<T, DecodeError>,
) -> Result<ResponseValue<T>, Error<E>> {
    match decode(&body) {
        Ok(value) => Ok(ResponseValue::new(head, value)),
        Err(reason) => Err(unreadable(head, body, reason)),
    }
}

fn unreadable<E>(head: Head, body: Bytes, mut reason: DecodeError) -> Error<E> {
    // What was decoded on the way has lost this header.
    if let Some(encoding) = head.headers.get(CONTENT_ENCODING) {
        let encoding = encoding.to_str().unwrap_or_default();
        reason = DecodeError::new(format!(
            "the body is encoded as `{}`, which this client can't decode",
            encoding.escape_debug()
        ));
    }
    Error::UnexpectedResponse(UnexpectedResponse::new(
        head,
        body,
        Unexpected::Body(reason),
    ))
}

/// A documented answer means what the table says; otherwise 2xx is success.
fn is_success<E>(status: StatusCode, answers: &[Answer], errors: &[ErrorAnswer<E>]) -> bool {
    let code = status.as_u16();
    let rank = |status: StatusMatch| match status {
        // A default row says nothing about which side a status is on.
        StatusMatch::Default => 0,
        status => status.rank(code),
    };
    let success = answers
        .iter()
        .map(|row| rank(row.status))
        .max()
        .unwrap_or_default();
    let failure = errors
        .iter()
        .map(|row| rank(row.status))
        .max()
        .unwrap_or_default();
    if success == failure {
        status.is_success()
    } else {
        success > failure
    }
}

/// Indices of the rows that speak about a status, the best first: by status, then by media type.
fn best(
    rows: impl Iterator<Item = (StatusMatch, &'static str)>,
    status: StatusCode,
    content_type: &str,
) -> Vec<usize> {
    let mut fitting: Vec<(u8, bool, usize)> = rows
        .enumerate()
        .map(|(index, (row, media_type))| {
            (
                row.rank(status.as_u16()),
                media_type_matches(media_type, content_type),
                index,
            )
        })
        .filter(|(rank, _, _)| *rank > 0)
        .collect();
    fitting
        .sort_by_key(|(rank, media_type, index)| (std::cmp::Reverse(*rank), !*media_type, *index));
    fitting.into_iter().map(|(_, _, index)| index).collect()
}

/// Makes an error of an answer that means failure.
fn failure<E>(reply: Reply, limit: u64, errors: &[ErrorAnswer<E>]) -> Error<E> {
    let Reply { head, body, .. } = reply;
    let body = match body {
        Content::Whole(body) => body,
        Content::Excess(body) => {
            let reason = Unexpected::TooLarge(limit);
            return Error::UnexpectedResponse(UnexpectedResponse::new(head, body, reason));
        }
        Content::Open(_) => Bytes::new(),
    };
    let rows = errors.iter().map(|row| (row.status, row.media_type));
    let mut reason = None;
    // A proxy's answer may have the status of one of the API's own: where the body doesn't fit
    // the row for a status, the row for the class and the default are tried too.
    for index in best(rows, head.status, head.content_type()) {
        let Some(row) = errors.get(index) else {
            continue;
        };
        match (row.decode)(&body) {
            Ok(value) => {
                return Error::ErrorResponse(Box::new(ErrorResponse::new(head, value, body)));
            }
            Err(error) => reason = reason.or(Some(error)),
        }
    }
    let reason = match reason {
        Some(error) => Unexpected::Body(error),
        None if head.status.is_redirection() && head.headers.contains_key(LOCATION) => {
            Unexpected::Redirect
        }
        None => Unexpected::Status,
    };
    Error::UnexpectedResponse(UnexpectedResponse::new(head, body, reason))
}

/// What stays the same over all attempts.
struct Run<'a> {
    core: &'a Core,
    prepared: &'a Prepared,
    mode: Mode,
    /// Whether a status means success.
    succeeds: &'a (dyn Fn(StatusCode) -> bool + Send + Sync),
    trace: &'a Trace,
}

/// All attempts, within the time limit.
async fn exchange(run: &Run<'_>) -> Result<Reply, Fault> {
    let prepared = run.prepared;
    let mut progress = Progress::default();
    let Some(limit) = prepared.timeout else {
        return attempts(run, None, &mut progress).await;
    };
    let deadline = Instant::now().checked_add(limit);
    let all = attempts(run, deadline, &mut progress);
    if let Ok(result) = tokio::time::timeout(limit, all).await {
        return result;
    }
    let Progress {
        attempts,
        head,
        body,
    } = progress;
    Err(Error::Communication(Box::new(Communication {
        operation: prepared.operation.clone(),
        attempts,
        head,
        body: crate::error::kept(body.freeze()),
        failure: Failure::Deadline(limit),
    })))
}

async fn attempts(
    run: &Run<'_>,
    deadline: Option<Instant>,
    progress: &mut Progress,
) -> Result<Reply, Fault> {
    let prepared = run.prepared;
    let retries = &prepared.retries;
    let may_repeat =
        prepared.body.is_replayable() && retries.allow(&prepared.method, &prepared.headers);
    let mut granted = match prepared.access {
        Access::Fixed { .. } => None,
        Access::Source(wanted) => Some(ask(run.core, prepared, wanted, None).await?),
    };
    let mut renewed = false;
    loop {
        progress.attempts = progress.attempts.saturating_add(1);
        progress.head = None;
        progress.body.clear();
        let result = attempt(run, granted.as_ref(), progress).await;
        if let (Ok(reply), Some(refused), Access::Source(wanted)) =
            (&result, &granted, &prepared.access)
            && !renewed
            && !reply.success
            && reply.head.status == StatusCode::UNAUTHORIZED
        {
            renewed = true;
            if !prepared.body.is_replayable() {
                if let Some(source) = &run.core.source {
                    source.forget(&refused.held).await;
                }
                return result;
            }
            match ask(run.core, prepared, *wanted, Some((refused, &reply.head))).await {
                Ok(fresh) => granted = Some(fresh),
                // The server's word says more than that the source has nothing for this call.
                Err(Error::MissingCredential(_)) => return result,
                Err(error) => return Err(error),
            }
            run.trace.retry(progress.attempts, Duration::ZERO);
            continue;
        }
        let headers = match &result {
            Ok(reply) if !reply.success && retry::is_transient(reply.head.status) => {
                Some(&*reply.head.headers)
            }
            Err(Error::Communication(_)) => None,
            _ => return result,
        };
        let delay = if may_repeat {
            retries.delay(progress.attempts - u32::from(renewed), headers)
        } else {
            None
        };
        let Some(delay) = delay else { return result };
        // Rather the server's last word now than a time limit that says nothing later.
        if deadline
            .is_some_and(|deadline| deadline.saturating_duration_since(Instant::now()) <= delay)
        {
            return result;
        }
        // The connection is free for the next attempt before the wait, not after it.
        drop(result);
        run.trace.retry(progress.attempts, delay);
        tokio::time::sleep(delay).await;
    }
}

async fn attempt(
    run: &Run<'_>,
    granted: Option<&Granted>,
    progress: &mut Progress,
) -> Result<Reply, Fault> {
    let Run {
        core,
        prepared,
        mode,
        succeeds,
        ..
    } = *run;
    let attempts = progress.attempts;
    let mut request = request(core, prepared).await?;
    let origin = request.url().origin();
    let (credentials, chosen) = match (granted, &prepared.access) {
        (Some(granted), _) => (&*granted.held.set, &*granted.chosen),
        (None, Access::Fixed { own, chosen }) => {
            (own.as_ref().unwrap_or(&core.credentials), &**chosen)
        }
        (None, Access::Source(_)) => (&core.credentials, &[][..]),
    };
    credentials
        .apply(chosen, core.schemes, &mut request)
        .map_err(|message| prepared.invalid(message))?;
    let context = Context {
        operation: prepared.operation.clone(),
        attempt: attempts,
    };
    let stopped = |head: Option<Head>| {
        let operation = prepared.operation.clone();
        move |source| {
            Error::Hook(Box::new(HookError {
                operation,
                attempts,
                head,
                source,
            }))
        }
    };
    for hook in &core.hooks {
        hook.pre(&mut request, &context)
            .await
            .map_err(stopped(None))?;
    }
    if !chosen.is_empty() && request.url().origin() != origin {
        return Err(
            prepared.invalid("a hook moved the request to a host that may not see credentials")
        );
    }

    let started = Instant::now();
    let sent = core.http.execute(request).await;
    let elapsed = started.elapsed();
    let mut response = match sent {
        Ok(response) => response,
        Err(error) => {
            let error = error.without_url();
            for hook in &core.hooks {
                let outcome = Outcome {
                    result: Err(&error),
                    elapsed,
                };
                hook.post(outcome, &context).await.map_err(stopped(None))?;
            }
            return Err(broken(prepared, progress, error));
        }
    };
    let head = Head {
        operation: prepared.operation.clone(),
        status: response.status(),
        headers: Arc::new(std::mem::take(response.headers_mut())),
        attempts,
    };
    run.trace.answered(&head);
    progress.head = Some(head.clone());
    for hook in &core.hooks {
        let outcome = Outcome {
            result: Ok((head.status, &head.headers)),
            elapsed,
        };
        hook.post(outcome, &context)
            .await
            .map_err(stopped(Some(head.clone())))?;
    }

    let success = succeeds(head.status);
    let body = match (success, mode) {
        (true, Mode::Stream) => Content::Open(response),
        (true, Mode::Discard) => {
            drain(response).await;
            Content::Whole(Bytes::new())
        }
        _ => match buffer(response, &head, core.limit, progress).await {
            Ok(content) => content,
            // An error whose body broke off is still an error with a status: it says more than
            // the broken connection does.
            Err(_) if !success => Content::Whole(progress.body.split().freeze()),
            Err(error) => return Err(broken(prepared, progress, error)),
        },
    };
    Ok(Reply {
        head,
        success,
        body,
    })
}

/// The request of one attempt, without credentials.
async fn request(core: &Core, prepared: &Prepared) -> Result<reqwest::Request, Fault> {
    let mut headers = prepared.headers.clone();
    for (name, value) in &core.headers {
        if !prepared.headers.contains_key(name) {
            headers.append(name.clone(), value.clone());
        }
    }
    if let Some(content_type) = prepared.body.content_type()
        && !headers.contains_key(CONTENT_TYPE)
    {
        let value = HeaderValue::from_str(content_type)
            .map_err(|_| prepared.invalid("the content type of the body can't be sent"))?;
        headers.insert(CONTENT_TYPE, value);
    }
    let mut request = reqwest::Request::new(prepared.method.clone(), prepared.url.clone());
    *request.headers_mut() = headers;
    prepared
        .body
        .attach(request, &core.http)
        .await
        .map_err(|message| prepared.invalid(message))
}

fn broken(prepared: &Prepared, progress: &mut Progress, error: reqwest::Error) -> Fault {
    Error::Communication(Box::new(Communication {
        operation: prepared.operation.clone(),
        attempts: progress.attempts,
        head: progress.head.take(),
        body: crate::error::kept(progress.body.split().freeze()),
        failure: Failure::Transport(error.without_url()),
    }))
}

/// Reads a body up to the limit, whatever its length is said to be.
async fn buffer(
    mut response: Response,
    head: &Head,
    limit: u64,
    progress: &mut Progress,
) -> Result<Content, reqwest::Error> {
    let announced = head
        .headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
        .unwrap_or_default();
    // A body that is too long by its own account is read as far as an error keeps it.
    let cap = if announced > limit {
        limit.min(KEPT as u64)
    } else {
        limit
    };
    let body = &mut progress.body;
    while let Some(chunk) = response.chunk().await? {
        let room = cap.saturating_sub(body.len() as u64);
        if chunk.len() as u64 > room {
            let room = usize::try_from(room).unwrap_or(usize::MAX);
            body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
            return Ok(Content::Excess(body.split().freeze()));
        }
        body.extend_from_slice(&chunk);
    }
    let body = body.split().freeze();
    Ok(if announced > limit {
        Content::Excess(body)
    } else {
        Content::Whole(body)
    })
}

/// Reads what is left of a short body, so that the connection can be used again. The call has
/// succeeded, and nothing that happens here changes that.
async fn drain(mut response: Response) {
    let reading = async {
        let mut room: usize = 64 * 1024;
        while let Ok(Some(chunk)) = response.chunk().await {
            match room.checked_sub(chunk.len()) {
                Some(rest) => room = rest,
                None => break,
            }
        }
    };
    let _ = tokio::time::timeout(Duration::from_millis(250), reading).await;
}
