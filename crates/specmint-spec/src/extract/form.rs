//! Which form a tree has, by its shape: never by a file name or a heading.

use crate::{
    diag::{Code, codes::extract as codes},
    fragment::Form,
    node::{Node, Value},
};

/// What a tree is.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Something this crate reads.
    Known(Form),
    /// Something recognised that can't be read: why, and what to do.
    Refused(Refusal),
    /// Nothing recognised.
    Unknown,
}

/// Why something recognised can't be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// Which look-alike.
    pub code: Code,
    /// What it is.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

/// Tells what a tree is.
pub fn of(root: &Node) -> Shape {
    if root.get("asyncapi").is_some() || is_async_page(root) {
        return Shape::Refused(async_api());
    }
    if let Some(version) = root.get("swagger") {
        return Shape::Refused(Refusal {
            code: codes::SWAGGER,
            message: format!("this is Swagger `{}`, not OpenAPI 3", text(version)),
            help: "convert it to OpenAPI 3 first, for instance with `swagger2openapi`",
        });
    }
    if let Some(version) = root.get("openapi") {
        let version = text(version);
        let known = ["3.0", "3.1"].iter().any(|known| {
            version
                .strip_prefix(known)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        if known {
            return Shape::Known(Form::OpenApi);
        }
        return Shape::Refused(Refusal {
            code: codes::VERSION,
            message: format!("OpenAPI `{version}` is not supported, only 3.0 and 3.1"),
            help: "if the document uses nothing that 3.1 lacks, set `openapi: 3.1.1`",
        });
    }
    let member = |name| root.get("paths").and_then(|paths| paths.get_str(name));
    if member("path").is_some() && member("method").is_some() {
        return Shape::Known(Form::Endpoint);
    }
    Shape::Unknown
}

/// The refusal of an `AsyncAPI` document or page.
pub fn async_api() -> Refusal {
    Refusal {
        code: codes::ASYNC_API,
        message: "this describes an AsyncAPI channel, not an HTTP operation".to_owned(),
        help: "leave the page out; message channels have no HTTP client",
    }
}

/// The root of an `AsyncAPI` page: a channel with its address and operations.
fn is_async_page(root: &Node) -> bool {
    ["address", "operations", "servers"]
        .iter()
        .all(|key| root.get(key).is_some())
        && root.get("paths").is_none()
}

/// A version as written, quoted or not.
fn text(node: &Node) -> &str {
    match &node.value {
        Value::String(text) => text,
        Value::Number(number) => number.text(),
        _ => "?",
    }
}
