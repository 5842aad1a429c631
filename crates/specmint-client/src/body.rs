//! Request bodies, kept so that a request can be made more than once.

pub(crate) mod multipart;

use bytes::Bytes;
use reqwest::header::CONTENT_LENGTH;
use reqwest::{Request, RequestBuilder};

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
        mut request: Request,
        http: &reqwest::Client,
    ) -> Result<Request, String> {
        match self {
            Self::Empty => {}
            Self::Bytes(bytes, _) => *request.body_mut() = Some(bytes.clone().into()),
            Self::Upload(upload, _) => {
                let (body, length) = upload.open().await?;
                *request.body_mut() = Some(body);
                if let Some(length) = length {
                    request.headers_mut().insert(CONTENT_LENGTH, length.into());
                }
            }
            Self::Multipart(form) => {
                let form = form.open().await?;
                request = RequestBuilder::from_parts(http.clone(), request)
                    .multipart(form)
                    .build()
                    .map_err(|error| error.without_url().to_string())?;
            }
        }
        Ok(request)
    }

    pub(crate) fn content_type(&self) -> Option<&str> {
        match self {
            Self::Empty | Self::Multipart(_) => None,
            Self::Bytes(_, content_type) | Self::Upload(_, content_type) => Some(content_type),
        }
    }
}
