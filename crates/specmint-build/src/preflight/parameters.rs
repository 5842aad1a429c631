//! Parameters: path item and operation merged, references followed, names made unique.

use indexmap::IndexMap;
use specmint_spec::{
    node::{Node, escape_pointer},
    page::Span,
};

use super::{
    checks, ident, media_type,
    operations::{Room, Skipped, Subject},
    path::{self, Template},
    resolve,
    schemas::Role,
};
use crate::{
    codes,
    model::{Location, Parameter, Style},
};

/// What the builder of every operation has; a parameter can't be called so.
const RESERVED: &[&str] = &[
    "new",
    "send",
    "stream",
    "pages",
    "body",
    "with_timeout",
    "with_retries",
    "with_header",
    "with_credentials",
];

/// What a parameter was found as.
struct Found<'a> {
    node: &'a Node,
    pointer: String,
    name: String,
    location: Location,
}

/// All parameters of an operation, path parameters first.
pub(super) fn collect<'a>(
    room: &mut Room<'a>,
    subject: &Subject<'a>,
    template: &Template,
) -> Result<Vec<Parameter>, Skipped> {
    let mut found = merged(room, subject)?;
    let mut out: Vec<Parameter> = Vec::new();

    for name in path::parameters(&template.path) {
        let declared = take(&mut found, |f| {
            f.location == Location::Path && f.name == name
        })
        .or_else(|| {
            take(&mut found, |f| {
                f.location == Location::Path && f.name.trim().eq_ignore_ascii_case(name)
            })
        });
        let parameter = match declared {
            Some(f) => Parameter {
                name: name.to_owned(),
                ..describe(room, subject, &f)
            },
            None => undeclared(room, subject, name, name, Location::Path),
        };
        out.push(parameter);
    }
    for (name, pieces) in &template.query {
        for inner in path::parameters(pieces) {
            let declared = take(&mut found, |f| f.name == inner || f.name == *name);
            let parameter = match declared {
                Some(f) => Parameter {
                    name: name.clone(),
                    location: Location::Query,
                    style: Style::Form,
                    explode: true,
                    ..describe(room, subject, &f)
                },
                None => undeclared(room, subject, inner, name, Location::Query),
            };
            out.push(parameter);
        }
    }
    for f in found.into_values() {
        if f.location == Location::Path {
            room.diags
                .note(
                    codes::PATH_PARAMETER_NOT_IN_PATH,
                    f.node.span,
                    format!(
                        "path parameter `{}` is not in the path; it is left out",
                        f.name
                    ),
                )
                .at(subject.pointer.clone());
            continue;
        }
        if let Some(parameter) = sendable(room, subject, &f) {
            out.push(parameter);
        }
    }
    name_all(&mut out);
    Ok(out)
}

fn take<'a>(
    found: &mut IndexMap<(Location, String), Found<'a>>,
    wanted: impl Fn(&Found<'a>) -> bool,
) -> Option<Found<'a>> {
    let at = found.values().position(wanted)?;
    found.shift_remove_index(at).map(|(_, f)| f)
}

/// The path item's parameters, overridden by the operation's.
fn merged<'a>(
    room: &mut Room<'a>,
    subject: &Subject<'a>,
) -> Result<IndexMap<(Location, String), Found<'a>>, Skipped> {
    let mut found: IndexMap<(Location, String), Found<'a>> = IndexMap::new();
    let lists = [
        (
            subject.item.get("parameters"),
            format!("{}/parameters", subject.item_pointer),
        ),
        (
            subject.node.get("parameters"),
            format!("{}/parameters", subject.pointer),
        ),
    ];
    for (list, pointer) in lists {
        for (index, node) in list
            .and_then(Node::as_array)
            .unwrap_or_default()
            .iter()
            .enumerate()
        {
            let Some((target, pointer)) = resolve(room.root, node, &format!("{pointer}/{index}"))
            else {
                let reference = node.get_str("$ref").unwrap_or_default().to_owned();
                return Err(room.skip(
                    codes::DANGLING_REFERENCE,
                    node.span,
                    format!("parameter `{reference}` does not exist"),
                    subject,
                ));
            };
            let name = target.get_str("name");
            let location = match target.get_str("in") {
                Some("path") => Some(Location::Path),
                Some("query") => Some(Location::Query),
                Some("header") => Some(Location::Header),
                Some("cookie") => Some(Location::Cookie),
                _ => None,
            };
            let (Some(name), Some(location)) = (name, location) else {
                room.diags
                    .warning(
                        codes::PARAMETER_WITHOUT_PLACE,
                        target.span,
                        "a parameter without `name` or with an unknown `in` is left out",
                    )
                    .at(subject.pointer.clone());
                continue;
            };
            // Header names don't differ by case.
            let key = if location == Location::Header {
                name.to_ascii_lowercase()
            } else {
                name.to_owned()
            };
            found.insert(
                (location, key),
                Found {
                    node: target,
                    pointer,
                    name: name.to_owned(),
                    location,
                },
            );
        }
    }
    Ok(found)
}

/// A header, query or cookie parameter, unless the wire can't have it.
fn sendable(room: &mut Room<'_>, subject: &Subject<'_>, f: &Found<'_>) -> Option<Parameter> {
    if f.location == Location::Header {
        let lower = f.name.to_ascii_lowercase();
        let ours = match lower.as_str() {
            "accept" => Some("the documented answers decide it"),
            "content-type" => Some("the body decides it"),
            "authorization" if subject.authorized => Some("the credentials decide it"),
            _ => None,
        };
        if let Some(why) = ours {
            room.diags
                .note(
                    codes::IGNORED_HEADER,
                    f.node.span,
                    format!("header parameter `{}` is left out: {why}", f.name),
                )
                .at(subject.pointer.clone());
            return None;
        }
    }
    let nameable = match f.location {
        Location::Header => {
            !f.name.is_empty()
                && f.name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
        }
        Location::Cookie => {
            !f.name.is_empty()
                && f.name
                    .bytes()
                    .all(|b| b.is_ascii_graphic() && !b"=;,\"".contains(&b))
        }
        Location::Path | Location::Query => true,
    };
    if !nameable {
        room.diags
            .warning(
                codes::UNSENDABLE_NAME,
                f.node.span,
                format!(
                    "`{}` can't be the name of a header or cookie; it is left out",
                    f.name
                ),
            )
            .at(subject.pointer.clone());
        return None;
    }
    Some(describe(room, subject, f))
}

/// A parameter as declared.
fn describe(room: &mut Room<'_>, subject: &Subject<'_>, f: &Found<'_>) -> Parameter {
    let Found {
        node,
        pointer,
        name,
        location,
    } = f;
    let (style, explode) = style(room, subject, f);
    let type_name = format!("{}{}", subject.pascal, ident::pascal(name));
    let mut content = None;
    let mut bounded = node.get("schema");
    let schema = if let Some(schema) = bounded {
        room.places.want(
            format!("{pointer}/schema"),
            type_name,
            Role::Parameter,
            schema,
        )
    } else if let Some((media_type, media)) = node
        .get("content")
        .and_then(Node::as_object)
        .and_then(|map| map.first())
    {
        let at = format!("{pointer}/content/{}/schema", escape_pointer(media_type));
        if media_type::kind(media_type) == media_type::Kind::Json {
            content = Some(media_type::concrete(media_type));
            bounded = media.get("schema");
            let any = Node::object::<String>(node.span, []);
            room.places.want(
                at,
                type_name,
                Role::Parameter,
                media.get("schema").unwrap_or(&any),
            )
        } else {
            room.places
                .want(at, type_name, Role::Parameter, &string(node.span))
        }
    } else {
        room.places.want(
            format!("{pointer}/schema"),
            type_name,
            Role::Parameter,
            &string(node.span),
        )
    };
    Parameter {
        name: name.clone(),
        rust: String::new(),
        location: *location,
        style,
        explode,
        required: *location == Location::Path
            || node.get("required").and_then(Node::as_bool) == Some(true),
        allow_reserved: node.get("allowReserved").and_then(Node::as_bool) == Some(true),
        content,
        description: node.get_str("description").map(str::to_owned),
        deprecated: node.get("deprecated").and_then(Node::as_bool) == Some(true),
        schema,
        structure: None,
        checks: bounded.map_or_else(Vec::new, |schema| checks::of(room.root, schema)),
    }
}

fn style(room: &mut Room<'_>, subject: &Subject<'_>, f: &Found<'_>) -> (Style, bool) {
    let default = match f.location {
        Location::Path | Location::Header => Style::Simple,
        Location::Query | Location::Cookie => Style::Form,
    };
    let style = match (f.location, f.node.get_str("style")) {
        (_, None) => default,
        (_, Some("simple")) if default == Style::Simple => Style::Simple,
        (Location::Query | Location::Cookie, Some("form")) => Style::Form,
        (Location::Query, Some("spaceDelimited")) => Style::SpaceDelimited,
        (Location::Query, Some("pipeDelimited")) => Style::PipeDelimited,
        (Location::Query, Some("deepObject")) => Style::DeepObject,
        (Location::Path, Some("label")) => Style::Label,
        (Location::Path, Some("matrix")) => Style::Matrix,
        (_, Some(other)) => {
            room.diags
                .note(
                    codes::STYLE_OUT_OF_PLACE,
                    f.node.span,
                    format!(
                        "style `{other}` is not for this kind of parameter; the default is used"
                    ),
                )
                .at(subject.pointer.clone());
            default
        }
    };
    let explode = f
        .node
        .get("explode")
        .and_then(Node::as_bool)
        .unwrap_or(matches!(style, Style::Form | Style::DeepObject));
    (style, explode)
}

/// A parameter that stands in the path and in no list.
fn undeclared(
    room: &mut Room<'_>,
    subject: &Subject<'_>,
    template_name: &str,
    name: &str,
    location: Location,
) -> Parameter {
    room.diags
        .note(
            codes::UNDECLARED_PATH_PARAMETER,
            subject.span,
            format!("`{template_name}` stands in the path and is not declared; taken as a string"),
        )
        .at(subject.pointer.clone());
    let schema = room.places.want(
        format!(
            "{}/x-specmint-path/{}",
            subject.pointer,
            escape_pointer(template_name)
        ),
        format!("{}{}", subject.pascal, ident::pascal(template_name)),
        Role::Parameter,
        &string(subject.span),
    );
    Parameter {
        name: name.to_owned(),
        rust: String::new(),
        location,
        style: if location == Location::Path {
            Style::Simple
        } else {
            Style::Form
        },
        explode: location != Location::Path,
        required: true,
        allow_reserved: false,
        content: None,
        description: None,
        deprecated: false,
        schema,
        structure: None,
        checks: Vec::new(),
    }
}

fn string(span: Span) -> Node {
    Node::object(span, [("type", Node::new(span, "string"))])
}

/// Gives every parameter its name in Rust.
fn name_all(parameters: &mut [Parameter]) {
    let mut taken: Vec<String> = RESERVED.iter().map(|&name| name.to_owned()).collect();
    for parameter in parameters {
        let name = ident::snake(&parameter.name);
        let place = match parameter.location {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
        };
        let alternative = ident::snake(&format!("{place}_{name}"));
        parameter.rust = ident::unique(&name, Some(&alternative), |n| taken.iter().any(|t| t == n));
        taken.push(parameter.rust.clone());
    }
}
