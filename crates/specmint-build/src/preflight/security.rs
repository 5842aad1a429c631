//! Security schemes, and which an operation needs.

use specmint_spec::{diag::Diagnostics, node::Node};

use super::{ident, resolve};
use crate::{
    codes,
    model::{Location, Scheme, SchemeKind},
};

/// The schemes of the document, in its order.
pub(super) fn schemes(root: &Node, diags: &mut Diagnostics) -> Vec<Scheme> {
    let mut out: Vec<Scheme> = Vec::new();
    let at = "/components/securitySchemes";
    let Some(map) = root.pointer(at).and_then(Node::as_object) else {
        return out;
    };
    for (name, node) in map {
        let Some((node, _)) = resolve(root, node, at) else {
            diags.warning(
                codes::UNKNOWN_SCHEME,
                node.span,
                format!("security scheme `{name}` refers to one that does not exist"),
            );
            continue;
        };
        let Some(kind) = kind(node) else {
            diags.warning(
                codes::UNKNOWN_SCHEME,
                node.span,
                format!("security scheme `{name}` is of no known type; it is left out"),
            );
            continue;
        };
        let rust = ident::snake(name);
        // `new`, `from_env` and `set` are methods of the credentials.
        let rust = ident::unique(&rust, Some(&ident::snake(&format!("{rust}_scheme"))), |n| {
            matches!(n, "new" | "from_env" | "set") || out.iter().any(|s| s.rust == n)
        });
        out.push(Scheme {
            name: name.to_string(),
            rust,
            kind,
            description: node.get_str("description").map(str::to_owned),
        });
    }
    out
}

fn kind(node: &Node) -> Option<SchemeKind> {
    Some(match node.get_str("type")? {
        "apiKey" => {
            let name = node.get_str("name")?;
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) {
                return None;
            }
            SchemeKind::ApiKey {
                location: match node.get_str("in")? {
                    "header" => Location::Header,
                    "query" => Location::Query,
                    "cookie" => Location::Cookie,
                    _ => return None,
                },
                name: name.to_owned(),
            }
        }
        "http" => match node.get_str("scheme")?.to_ascii_lowercase().as_str() {
            "bearer" => SchemeKind::Bearer,
            "basic" => SchemeKind::Basic,
            other => SchemeKind::Http(other.to_owned()),
        },
        "oauth2" => SchemeKind::OAuth2,
        "openIdConnect" => SchemeKind::OpenId,
        "mutualTLS" => SchemeKind::MutualTls,
        _ => return None,
    })
}

/// Alternatives of combinations of scheme indices.
pub(super) fn requirements(
    list: Option<&Node>,
    schemes: &[Scheme],
    pointer: &str,
    diags: &mut Diagnostics,
) -> Vec<Vec<usize>> {
    let mut out: Vec<Vec<usize>> = Vec::new();
    for node in list.and_then(Node::as_array).unwrap_or_default() {
        let Some(map) = node.as_object() else {
            continue;
        };
        let mut combination = Vec::new();
        let mut known = true;
        for name in map.keys() {
            if let Some(index) = schemes.iter().position(|s| s.name == *name) {
                if !combination.contains(&index) {
                    combination.push(index);
                }
            } else {
                known = false;
                diags
                    .warning(
                        codes::UNKNOWN_SCHEME,
                        node.span,
                        format!(
                            "security scheme `{name}` does not exist; the alternative is left out"
                        ),
                    )
                    .at(pointer.to_owned());
            }
        }
        if known && !out.contains(&combination) {
            out.push(combination);
        }
    }
    out
}

/// Whether some alternative writes the header `Authorization`.
pub(super) fn writes_authorization(requirements: &[Vec<usize>], schemes: &[Scheme]) -> bool {
    requirements
        .iter()
        .flatten()
        .filter_map(|index| schemes.get(*index))
        .any(|scheme| match &scheme.kind {
            SchemeKind::ApiKey { location, name } => {
                *location == Location::Header && name.eq_ignore_ascii_case("authorization")
            }
            SchemeKind::MutualTls => false,
            _ => true,
        })
}
