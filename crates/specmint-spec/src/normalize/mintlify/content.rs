//! Bodies and responses: `{media type: {schemaArray, examples, description}}`.

use super::{
    entry::{Direction, Place, Slot, read_all},
    union,
};
use crate::{
    diag::codes::normalize as codes,
    node::{Map, Node, Value},
    page::Span,
};

/// What stands for a body or response without content.
const PLACEHOLDER: &str = "_mintlify/placeholder";

/// A request body.
pub(crate) struct Body {
    span: Span,
    description: Option<Node>,
    pub(super) content: Vec<Media>,
}

/// A response.
pub(crate) struct Response {
    status: String,
    span: Span,
    description: Option<Node>,
    pub(super) content: Vec<Media>,
}

/// One media type.
pub(crate) struct Media {
    name: String,
    span: Span,
    /// `None` where the author gave no schema: bytes.
    pub(super) slot: Option<Slot>,
    examples: Option<Node>,
}

/// Reads the request body; an empty one is none.
pub(super) fn read_body(node: Node, place: &mut Place<'_>) -> Option<Body> {
    let span = node.span;
    let (description, content) = read_content(node, Direction::Request, place);
    if content.is_empty() && description.is_none() {
        return None;
    }
    Some(Body {
        span,
        description,
        content,
    })
}

/// Reads all responses.
pub(super) fn read_responses(node: Node, place: &mut Place<'_>) -> Vec<Response> {
    let Value::Object(responses) = node.value else {
        return Vec::new();
    };
    responses
        .into_iter()
        .map(|(status, node)| {
            let span = node.span;
            let (description, content) = read_content(node, Direction::Response, place);
            Response {
                status: status.into(),
                span,
                description,
                content,
            }
        })
        .collect()
}

/// The description that all media types repeat, and the media types.
fn read_content(
    node: Node,
    direction: Direction,
    place: &mut Place<'_>,
) -> (Option<Node>, Vec<Media>) {
    let Value::Object(members) = node.value else {
        return (None, Vec::new());
    };
    let mut description = None;
    let mut content = Vec::with_capacity(members.len());
    for (name, mut node) in members {
        let span = node.span;
        if let Some(text) = node
            .remove("description")
            .filter(|text| text.as_str().is_some())
        {
            description.get_or_insert(text);
        }
        if name == PLACEHOLDER {
            continue;
        }
        let array = node
            .remove("schemaArray")
            .unwrap_or_else(|| Node::new(span, Vec::<Node>::new()));
        let has_no_schema = array.as_array().is_some_and(|entries| match entries {
            [] => true,
            [only] => only.get_str("type") == Some("file") && only.get("contentEncoding").is_none(),
            _ => false,
        });
        let examples = node
            .remove("examples")
            .and_then(|node| authored(node, place));
        let slot = (!has_no_schema).then(|| read_all(array, direction, place));
        content.push(Media {
            name: name.into(),
            span,
            slot,
            examples,
        });
    }
    (description, content)
}

/// The examples that the author must have written.
///
/// Generated ones look like real ones but always stand alone, as `example`, without a summary.
fn authored(node: Node, place: &mut Place<'_>) -> Option<Node> {
    let examples = node.as_object()?;
    let is_generated = examples.iter().all(|(name, example)| {
        name == "example"
            && example.get("summary").is_none()
            && example.get("description").is_none()
    });
    if examples.is_empty() {
        None
    } else if is_generated {
        if std::mem::replace(&mut place.has_dropped_example, true) {
            return None;
        }
        place.note(
            codes::EXAMPLE_DROPPED,
            node.span,
            "the page's examples are left out: generated ones can't be told from the author's"
                .to_owned(),
        );
        None
    } else {
        Some(node)
    }
}

/// Writes the request body.
pub(super) fn write_body(body: Body) -> Node {
    let span = body.span;
    let required = body
        .content
        .iter()
        .filter_map(|media| media.slot.as_ref())
        .any(|slot| {
            slot.entries
                .iter()
                .any(|entry| entry.required == Some(true))
        });
    let mut map = Map::new();
    if let Some(description) = body.description {
        map.insert("description".to_owned(), description);
    }
    if required {
        map.insert("required".to_owned(), Node::new(span, true));
    }
    let content: Map = body.content.into_iter().map(write_media).collect();
    map.insert("content".to_owned(), Node::new(span, content));
    Node::new(span, map)
}

/// Writes one response under its status.
pub(super) fn write_response(response: Response) -> (String, Node) {
    let span = response.span;
    let mut map = Map::new();
    let description = response.description.unwrap_or_else(|| Node::new(span, ""));
    map.insert("description".to_owned(), description);
    let content: Map = response.content.into_iter().map(write_media).collect();
    if !content.is_empty() {
        map.insert("content".to_owned(), Node::new(span, content));
    }
    (response.status, Node::new(span, map))
}

fn write_media(media: Media) -> (String, Node) {
    let mut map = Map::new();
    if let Some(slot) = media.slot {
        map.insert("schema".to_owned(), union::write(slot));
    }
    if let Some(examples) = media.examples {
        map.insert("examples".to_owned(), examples);
    }
    (media.name, Node::new(media.span, map))
}
