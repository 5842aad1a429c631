//! Multipart forms, and files in them: from memory, from the disk, from a stream.
//!
//! Files are read while they are sent, never as a whole.

use std::cell::RefCell;
use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt as _;
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Error as _, Serialize, Serializer};

use crate::check::{self, Check};
use crate::error::BoxError;
use crate::operation::{Parameter, Style};
use crate::parameter::style;
use crate::parameter::tree::{Tree, UPLOAD};

type ByteSource = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

/// Content that is sent as it is: a file of a form, or a whole body.
#[derive(Clone)]
pub struct Upload {
    source: Source,
    file_name: Option<String>,
    content_type: Option<String>,
}

#[derive(Clone)]
enum Source {
    Bytes(Bytes),
    Path(PathBuf),
    /// Taken by the first request that sends it.
    Stream(Arc<Mutex<Option<ByteSource>>>, Option<u64>),
}

impl Upload {
    fn new(source: Source) -> Self {
        Self {
            source,
            file_name: None,
            content_type: None,
        }
    }

    /// Content in memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::new(Source::Bytes(bytes.into()))
    }

    /// A file on the disk. It is opened when the request is sent, and named after its path.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        Self {
            file_name: name,
            ..Self::new(Source::Path(path))
        }
    }

    /// Content that is made while it is sent. It can be sent once, so the request isn't retried.
    pub fn stream<S, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        let stream: ByteSource = Box::pin(stream.map(|chunk| chunk.map_err(Into::into)));
        Self::new(Source::Stream(Arc::new(Mutex::new(Some(stream))), None))
    }

    /// How long a stream is, where that is known; servers like to know in advance.
    #[must_use]
    pub fn length(mut self, length: u64) -> Self {
        if let Source::Stream(_, known) = &mut self.source {
            *known = Some(length);
        }
        self
    }

    /// The name of the file, as the server sees it.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// The media type of the content; `application/octet-stream` if it isn't set.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    pub(crate) fn own_content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    pub(crate) fn is_replayable(&self) -> bool {
        !matches!(self.source, Source::Stream(..))
    }

    /// The content as a body, with its length if that is known.
    pub(crate) async fn open(&self) -> Result<(reqwest::Body, Option<u64>), String> {
        match &self.source {
            Source::Bytes(bytes) => Ok((bytes.clone().into(), None)),
            Source::Path(path) => {
                let unreadable =
                    |error| format!("the file `{}` can't be read: {error}", path.display());
                let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
                let length = file.metadata().await.map_err(unreadable)?.len();
                Ok((file.into(), Some(length)))
            }
            Source::Stream(stream, length) => {
                let taken = stream.lock().unwrap_or_else(PoisonError::into_inner).take();
                let stream = taken.ok_or("the stream has been sent already")?;
                Ok((reqwest::Body::wrap_stream(stream), *length))
            }
        }
    }

    async fn part(&self, name: &str) -> Result<reqwest::multipart::Part, String> {
        use reqwest::multipart::Part;

        let part = match &self.source {
            Source::Bytes(bytes) => Part::stream_with_length(bytes.clone(), bytes.len() as u64),
            Source::Path(_) | Source::Stream(..) => match self.open().await? {
                (body, Some(length)) => Part::stream_with_length(body, length),
                (body, None) => Part::stream(body),
            },
        };
        let content_type = self
            .content_type
            .as_deref()
            .unwrap_or("application/octet-stream");
        let part = part
            .mime_str(content_type)
            .map_err(|_| format!("the content type of `{name}` is not a media type"))?;
        // Without a file name, servers take a part for a text field.
        Ok(part.file_name(attribute(self.file_name.as_deref().unwrap_or(name))))
    }
}

/// A name as browsers write it into the head of a part: it may not end its quotes, or its line.
fn attribute(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

impl From<Vec<u8>> for Upload {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl From<Bytes> for Upload {
    fn from(bytes: Bytes) -> Self {
        Self::bytes(bytes)
    }
}

impl From<String> for Upload {
    fn from(text: String) -> Self {
        Self::bytes(text)
    }
}

impl From<&'static str> for Upload {
    fn from(text: &'static str) -> Self {
        Self::bytes(text)
    }
}

impl From<PathBuf> for Upload {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Upload");
        match &self.source {
            Source::Bytes(bytes) => debug.field("bytes", &bytes.len()),
            Source::Path(path) => debug.field("path", path),
            Source::Stream(_, length) => debug.field("stream", length),
        };
        debug
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .finish()
    }
}

thread_local! {
    /// The files met while a form is being serialized; `None` outside of that.
    static FILES: RefCell<Option<Vec<Upload>>> = const { RefCell::new(None) };
}

/// As a field of a struct that is sent as a multipart form, an upload becomes a file. Nothing else
/// can be made of it.
impl Serialize for Upload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let index = FILES.with_borrow_mut(|files| {
            let files = files.as_mut()?;
            files.push(self.clone());
            Some(files.len() - 1)
        });
        match index {
            Some(index) => serializer.serialize_newtype_struct(UPLOAD, &index),
            None => Err(S::Error::custom(
                "a file can only be sent in a multipart form",
            )),
        }
    }
}

/// From a text, whose bytes become the content.
impl<'de> Deserialize<'de> for Upload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

/// Takes the collected files away again, even if serializing panics.
struct Collecting;

impl Drop for Collecting {
    fn drop(&mut self) {
        FILES.set(None);
    }
}

/// A multipart form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    parts: Vec<(String, Part)>,
}

#[derive(Clone)]
enum Part {
    Text(String, Option<String>),
    File(Upload),
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text, _) => f.debug_tuple("Text").field(&text.len()).finish(),
            Self::File(upload) => upload.fmt(f),
        }
    }
}

impl Form {
    /// A form without fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text field.
    #[must_use]
    pub fn text(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.parts
            .push((name.into(), Part::Text(text.into(), None)));
        self
    }

    /// Adds a text field that says of which media type it is.
    #[must_use]
    pub fn typed(
        mut self,
        name: impl Into<String>,
        text: impl Into<String>,
        content_type: impl Into<String>,
    ) -> Self {
        self.parts.push((
            name.into(),
            Part::Text(text.into(), Some(content_type.into())),
        ));
        self
    }

    /// Adds a file.
    #[must_use]
    pub fn file(mut self, name: impl Into<String>, file: impl Into<Upload>) -> Self {
        self.parts.push((name.into(), Part::File(file.into())));
        self
    }

    /// The fields of a struct: texts, numbers and booleans as text, [`Upload`]s as files, lists as
    /// one part per item, objects as JSON. `fields` says what to write otherwise, and `checks` what
    /// the value has to be. Null is no form.
    pub(crate) fn of<T: Serialize + ?Sized>(
        value: &T,
        fields: &[Parameter],
        checks: &[Check],
    ) -> Result<Option<Self>, String> {
        let guard = Collecting;
        FILES.set(Some(Vec::new()));
        check::all(checks, value)?;
        FILES.set(Some(Vec::new()));
        let tree = Tree::of(value)?;
        let files = FILES.take().unwrap_or_default();
        drop(guard);
        let properties = match tree {
            Tree::Object(properties) => properties,
            Tree::Null => return Ok(None),
            _ => return Err("the body of a form must be an object".to_owned()),
        };
        let mut form = Self::new();
        for (name, value) in properties {
            let field = fields.iter().find(|field| field.name == name);
            form.add(&name, &value, field, &files)?;
        }
        Ok(Some(form))
    }

    /// Refuses a form without one of the parts that have to be there, as an empty list leaves none.
    pub(crate) fn complete(self, fields: &[Parameter]) -> Result<Self, String> {
        let missing = fields
            .iter()
            .find(|field| field.required && !self.parts.iter().any(|(name, _)| name == field.name));
        match missing {
            Some(field) => Err(format!("`/{}` must have at least one part", field.name)),
            None => Ok(self),
        }
    }

    fn add(
        &mut self,
        name: &str,
        value: &Tree,
        field: Option<&Parameter>,
        files: &[Upload],
    ) -> Result<(), String> {
        let content = field.and_then(|field| field.content);
        match value {
            Tree::Null => {}
            Tree::Upload(index) => {
                let mut file = files.get(*index).cloned().ok_or("a file has been lost")?;
                if file.content_type.is_none() {
                    file.content_type = content.map(str::to_owned);
                }
                self.parts.push((name.to_owned(), Part::File(file)));
            }
            Tree::Text(text) | Tree::Literal(text) => {
                let part = Part::Text(text.clone(), content.map(str::to_owned));
                self.parts.push((name.to_owned(), part));
            }
            // A list that is one document, since the API says so.
            Tree::List(items) if content.is_none() || items.iter().any(Tree::is_upload) => {
                match field.and_then(|field| field.style.map(|style| (field, style))) {
                    Some((field, style)) if style != Style::Form || !field.explode => {
                        let text = style::joined(field, value)?;
                        self.parts.push((name.to_owned(), Part::Text(text, None)));
                    }
                    _ => {
                        for item in items {
                            self.item(name, item, files)?;
                        }
                    }
                }
            }
            Tree::List(_) | Tree::Object(_) => {
                let content_type = content.unwrap_or("application/json").to_owned();
                self.parts.push((
                    name.to_owned(),
                    Part::Text(value.to_text(), Some(content_type)),
                ));
            }
        }
        Ok(())
    }

    /// An item of a repeated field. A list within the list is JSON, so this goes no deeper.
    fn item(&mut self, name: &str, item: &Tree, files: &[Upload]) -> Result<(), String> {
        match item {
            Tree::List(_) => {
                let json = Some("application/json".to_owned());
                self.parts
                    .push((name.to_owned(), Part::Text(item.to_text(), json)));
                Ok(())
            }
            _ => self.add(name, item, None, files),
        }
    }

    pub(crate) fn is_replayable(&self) -> bool {
        self.parts.iter().all(|(_, part)| match part {
            Part::Text(..) => true,
            Part::File(file) => file.is_replayable(),
        })
    }

    pub(crate) async fn open(&self) -> Result<reqwest::multipart::Form, String> {
        let mut form = reqwest::multipart::Form::new();
        for (name, part) in &self.parts {
            let part = match part {
                Part::File(file) => file.part(name).await?,
                Part::Text(text, content_type) => {
                    let part = reqwest::multipart::Part::text(text.clone());
                    match content_type {
                        Some(content_type) => part.mime_str(content_type).map_err(|_| {
                            format!("the content type of `{name}` is not a media type")
                        })?,
                        None => part,
                    }
                }
            };
            form = form.part(attribute(name), part);
        }
        Ok(form)
    }
}
