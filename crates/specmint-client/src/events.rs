//! Streams of values: server-sent events and JSON by the line.
//!
//! A stream that is cut off in the middle of a value is an error, not an end.

use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use serde::de::DeserializeOwned;

use crate::answer::{ByteStream, decode};
use crate::error::ReadError;

/// A server-sent event, by the rules of the HTML standard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// Kind of the event; empty if the server doesn't say.
    pub event: String,
    /// What it carries. Several lines are joined by line breaks.
    pub data: String,
    /// Id of this event or the last one that had any.
    pub id: String,
    /// How long the server wants a client to wait before it connects again, in milliseconds.
    pub retry: Option<u64>,
}

/// Splits bytes into lines that end with LF, CR or CRLF.
#[derive(Default)]
struct Lines {
    buffer: BytesMut,
    /// How far the buffer is known to have no end of line.
    searched: usize,
    /// The last line ended with CR, so a LF that follows belongs to it.
    after_return: bool,
}

impl Lines {
    fn push(&mut self, chunk: &[u8]) {
        self.buffer.extend_from_slice(chunk);
    }

    fn next(&mut self) -> Option<Bytes> {
        if self.after_return && !self.buffer.is_empty() {
            if self.buffer.first() == Some(&b'\n') {
                drop(self.buffer.split_to(1));
            }
            self.after_return = false;
        }
        let unsearched = self.buffer.get(self.searched..).unwrap_or_default();
        let Some(found) = unsearched
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))
        else {
            self.searched = self.buffer.len();
            return None;
        };
        let end = self.searched.saturating_add(found);
        self.searched = 0;
        let line = self.buffer.split_to(end).freeze();
        self.after_return = self.buffer.split_to(1).first() == Some(&b'\r');
        Some(line)
    }
}

/// Makes values of a stream of bytes.
trait Decoder<T> {
    /// Takes one line.
    fn line(&mut self, line: Bytes) -> Result<Option<T>, String>;
    /// Takes what is left when the stream has ended; it had no end of line.
    fn end(&mut self, rest: Bytes) -> Result<Option<T>, String>;
    /// How many bytes a value has already that isn't complete.
    fn held(&self) -> usize;
}

/// A stream of values that are read from a body while it arrives.
struct Values<T, D> {
    bytes: Option<ByteStream>,
    lines: Lines,
    decoder: D,
    ready: VecDeque<T>,
}

impl<T, D: Decoder<T>> Values<T, D> {
    fn new(bytes: ByteStream, decoder: D) -> Self {
        Self {
            bytes: Some(bytes),
            lines: Lines::default(),
            decoder,
            ready: VecDeque::new(),
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, ReadError>>> {
        loop {
            if let Some(value) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(value)));
            }
            let Some(bytes) = &mut self.bytes else {
                return Poll::Ready(None);
            };
            while let Some(line) = self.lines.next() {
                match self.decoder.line(line) {
                    Ok(Some(value)) => return Poll::Ready(Some(Ok(value))),
                    Ok(None) => {}
                    Err(message) => {
                        // Further values can still be read after one that makes no sense.
                        return Poll::Ready(Some(Err(bytes.malformed(message))));
                    }
                }
            }
            if let Err(error) =
                bytes.check(self.lines.buffer.len().saturating_add(self.decoder.held()))
            {
                self.bytes = None;
                return Poll::Ready(Some(Err(error)));
            }
            match Pin::new(&mut *bytes).poll_next(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(Ok(chunk))) => self.lines.push(&chunk),
                Poll::Ready(Some(Err(error))) => {
                    self.bytes = None;
                    return Poll::Ready(Some(Err(error)));
                }
                Poll::Ready(None) => {
                    let rest = self.lines.buffer.split().freeze();
                    let last = self
                        .decoder
                        .end(rest)
                        .map_err(|message| bytes.malformed(message));
                    self.bytes = None;
                    match last {
                        Ok(Some(value)) => self.ready.push_back(value),
                        Ok(None) => {}
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    }
                }
            }
        }
    }
}

/// A stream of server-sent events, made by [`ByteStream::events`].
pub struct Events {
    values: Values<Event, EventDecoder>,
}

impl Events {
    pub(crate) fn new(bytes: ByteStream) -> Self {
        Self {
            values: Values::new(bytes, EventDecoder::default()),
        }
    }
}

impl Stream for Events {
    type Item = Result<Event, ReadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.values.poll(cx)
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}

#[derive(Default)]
struct EventDecoder {
    event: Event,
    has_data: bool,
    started: bool,
}

impl Decoder<Event> for EventDecoder {
    fn line(&mut self, line: Bytes) -> Result<Option<Event>, String> {
        let line: &[u8] = if self.started {
            &line
        } else {
            line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line)
        };
        self.started = true;
        if line.is_empty() {
            let next = Event {
                id: self.event.id.clone(),
                ..Event::default()
            };
            let event = std::mem::replace(&mut self.event, next);
            // Without data there is no event, says the standard.
            return Ok(std::mem::take(&mut self.has_data).then_some(event));
        }
        let text = String::from_utf8_lossy(line);
        let (field, value) = text.split_once(':').unwrap_or((&text, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event.event),
            "data" => {
                if self.has_data {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
                self.has_data = true;
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.event.id),
            "retry" => self.event.retry = value.parse().ok().or(self.event.retry),
            // An empty field name is a comment, and unknown fields are to be ignored.
            _ => {}
        }
        Ok(None)
    }

    fn end(&mut self, rest: Bytes) -> Result<Option<Event>, String> {
        if self.has_data || !rest.is_empty() {
            return Err("the stream ends in the middle of an event".to_owned());
        }
        Ok(None)
    }

    fn held(&self) -> usize {
        self.event.data.len()
    }
}

/// A stream of server-sent events that are read as JSON, made by [`ByteStream::json_events`] and
/// [`ByteStream::whole_events`].
pub struct JsonEvents<T> {
    values: Values<T, JsonEventDecoder<T>>,
}

impl<T: DeserializeOwned> JsonEvents<T> {
    pub(crate) fn new(bytes: ByteStream, whole: bool) -> Self {
        let decoder = JsonEventDecoder {
            events: EventDecoder::default(),
            whole,
            value: PhantomData,
        };
        Self {
            values: Values::new(bytes, decoder),
        }
    }
}

impl<T> Unpin for JsonEvents<T> {}

impl<T: DeserializeOwned> Stream for JsonEvents<T> {
    type Item = Result<T, ReadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.values.poll(cx)
    }
}

impl<T> fmt::Debug for JsonEvents<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonEvents").finish_non_exhaustive()
    }
}

struct JsonEventDecoder<T> {
    events: EventDecoder,
    /// Whether the value is the event, and not its data alone.
    whole: bool,
    value: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> JsonEventDecoder<T> {
    fn read(&self, event: Option<Event>) -> Result<Option<T>, String> {
        let Some(event) = event else { return Ok(None) };
        // Neither a sign of life nor the usual last word is a value.
        if matches!(event.data.trim(), "" | "[DONE]") {
            return Ok(None);
        }
        if !self.whole {
            return decode(&Bytes::from(event.data))
                .map(Some)
                .map_err(|error| error.to_string());
        }
        let mut object = serde_json::Map::new();
        for (key, text) in [("event", event.event), ("id", event.id)] {
            if !text.is_empty() {
                object.insert(key.to_owned(), text.into());
            }
        }
        if let Some(retry) = event.retry {
            object.insert("retry".to_owned(), retry.into());
        }
        // Data that is documented as text may look like JSON all the same.
        let mut as_text = object.clone();
        as_text.insert("data".to_owned(), event.data.clone().into());
        if let Ok(data) = serde_json::from_str(&event.data) {
            object.insert("data".to_owned(), data);
            if let Ok(value) = serde_json::from_value(object.into()) {
                return Ok(Some(value));
            }
        }
        serde_json::from_value(as_text.into())
            .map(Some)
            .map_err(|error| error.to_string())
    }
}

impl<T: DeserializeOwned> Decoder<T> for JsonEventDecoder<T> {
    fn line(&mut self, line: Bytes) -> Result<Option<T>, String> {
        let event = self.events.line(line)?;
        self.read(event)
    }

    fn end(&mut self, rest: Bytes) -> Result<Option<T>, String> {
        let event = self.events.end(rest)?;
        self.read(event)
    }

    fn held(&self) -> usize {
        self.events.held()
    }
}

/// A stream of JSON documents, one per line, made by [`ByteStream::json_lines`].
pub struct JsonLines<T> {
    values: Values<T, LineDecoder<T>>,
}

impl<T: DeserializeOwned> JsonLines<T> {
    pub(crate) fn new(bytes: ByteStream) -> Self {
        Self {
            values: Values::new(bytes, LineDecoder(PhantomData)),
        }
    }
}

impl<T> Unpin for JsonLines<T> {}

impl<T: DeserializeOwned> Stream for JsonLines<T> {
    type Item = Result<T, ReadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.values.poll(cx)
    }
}

impl<T> fmt::Debug for JsonLines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonLines").finish_non_exhaustive()
    }
}

struct LineDecoder<T>(PhantomData<fn() -> T>);

impl<T: DeserializeOwned> Decoder<T> for LineDecoder<T> {
    fn line(&mut self, line: Bytes) -> Result<Option<T>, String> {
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        decode(&line).map(Some).map_err(|error| error.to_string())
    }

    fn end(&mut self, rest: Bytes) -> Result<Option<T>, String> {
        // The last line may do without its end; if it was cut off, it isn't JSON.
        self.line(rest)
    }

    fn held(&self) -> usize {
        0
    }
}
