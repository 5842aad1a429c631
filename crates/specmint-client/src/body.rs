//! Request bodies, kept so that a request can be made more than once.

pub(crate) mod multipart;

use bytes::Bytes;

use multipart::{Form, Upload};

/// A request body.
#[derive(Clone, Debug, Default)]
pub(crate) enum Body {
    /// No body at all.
    #[default]
    Empty,
    /// A body in memory, with its content type.
    Bytes(Bytes, String),
    /// Bytes from anywhere, with their content type.
    Upload(Upload, String),
    /// A multipart form; its content type is made when it is sent.
    Multipart(Form),
}

impl Body {
    /// Whether the body can be sent again.
    pub(crate) fn is_replayable(&self) -> bool {
        match self {
            Self::Empty | Self::Bytes(..) => true,
            Self::Upload(upload, _) => upload.is_replayable(),
            Self::Multipart(form) => form.is_replayable(),
        }
    }

    /// Puts the body into a request.
    pub(crate) async fn attach(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<reqwest::RequestBuilder, String> {
        Ok(match self {
            Self::Empty => request,
            Self::Bytes(bytes, _) => request.body(bytes.clone()),
            Self::Upload(upload, _) => {
                let (body, length) = upload.open().await?;
                let request = request.body(body);
                match length {
                    Some(length) => request.header(reqwest::header::CONTENT_LENGTH, length),
                    None => request,
                }
            }
            Self::Multipart(form) => request.multipart(form.open().await?),
        })
    }

    pub(crate) fn content_type(&self) -> Option<&str> {
        match self {
            Self::Empty | Self::Multipart(_) => None,
            Self::Bytes(_, content_type) | Self::Upload(_, content_type) => Some(content_type),
        }
    }
}
