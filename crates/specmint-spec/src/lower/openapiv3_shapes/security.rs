//! Security schemes, and what asks for them.

use super::{is_object, list, object, texts};
use crate::{
    diag::codes::lower as codes,
    lower::{
        context::{Context, take},
        mutual_tls,
    },
    node::{Map, Node, Value},
    page::Span,
};

/// Whether a security scheme says what 3.0 asks for.
pub(super) fn is_scheme(name: &str, node: &mut Node, cx: &mut Context<'_>) -> bool {
    if node.get_str("$ref").is_some() {
        return true;
    }
    let has = |key: &str| node.get_str(key).is_some_and(|text| !text.is_empty());
    let place = node.get_str("in").unwrap_or_default().to_ascii_lowercase();
    let is_fine = match node.get_str("type").unwrap_or_default() {
        "apiKey" => has("name") && matches!(place.as_str(), "query" | "header" | "cookie"),
        "http" => has("scheme"),
        "oauth2" => node.get("flows").is_some_and(is_object),
        "openIdConnect" => has("openIdConnectUrl"),
        "mutualTLS" => true,
        // The form of the version before 3.0.
        "basic" => {
            let span = node.span;
            node.insert("type", Node::new(span, "http"));
            node.insert("scheme", Node::new(span, "basic"));
            true
        }
        _ => false,
    };
    if !is_fine {
        cx.warning(
            codes::SECURITY_SCHEME,
            node.span,
            format!(
                "the security scheme `{name}` is incomplete or of no known type; it is left out"
            ),
        );
    }
    is_fine
}

pub(super) fn scheme(map: &mut Map, span: Span, cx: &mut Context<'_>) {
    mutual_tls::apply(map);
    let known: &[&str] = match map.get("type").and_then(Node::as_str) {
        Some("apiKey") => &["type", "description", "name", "in"],
        Some("http") => &["type", "description", "scheme", "bearerFormat"],
        Some("oauth2") => &["type", "description", "flows"],
        _ => &["type", "description", "openIdConnectUrl"],
    };
    map.retain(|key, _| known.contains(&key.as_str()) || key.starts_with("x-"));
    texts(map, &["description", "bearerFormat"]);
    if let Some(node) = map.get_mut("in")
        && let Some(place) = node.as_str().map(str::to_ascii_lowercase)
    {
        node.value = place.into();
    }
    let is_bearer = map
        .get("scheme")
        .and_then(Node::as_str)
        .is_some_and(|s| s.eq_ignore_ascii_case("bearer"));
    if !is_bearer {
        take(map, "bearerFormat");
    }
    if let Some(flows) = object(map, "flows") {
        flows.retain(|key, _| {
            key.starts_with("x-")
                || matches!(
                    key.as_str(),
                    "implicit" | "password" | "clientCredentials" | "authorizationCode"
                )
        });
        flows.retain(|name, flow| name.starts_with("x-") || is_object(flow));
        for (name, flow) in flows.iter_mut().filter(|(name, _)| !name.starts_with("x-")) {
            let Some(flow) = flow.as_object_mut() else {
                continue;
            };
            let asks: &[&str] = match name.as_str() {
                "implicit" => &["authorizationUrl"],
                "authorizationCode" => &["authorizationUrl", "tokenUrl"],
                _ => &["tokenUrl"],
            };
            flow.retain(|key, _| {
                asks.contains(&key.as_str())
                    || matches!(key.as_str(), "refreshUrl" | "scopes")
                    || key.starts_with("x-")
            });
            texts(flow, &["authorizationUrl", "tokenUrl", "refreshUrl"]);
            for key in asks {
                if !flow.contains_key(key) {
                    flow.insert((*key).to_owned(), Node::new(span, ""));
                    cx.note(
                        codes::SECURITY_SCHEME,
                        span,
                        format!("the flow `{name}` has no `{key}`"),
                    );
                }
            }
            let scopes = flow
                .entry("scopes".to_owned())
                .or_insert_with(|| Node::new(span, Map::new()));
            match &mut scopes.value {
                Value::Object(scopes) => {
                    for scope in scopes.values_mut().filter(|scope| scope.as_str().is_none()) {
                        scope.value = "".into();
                    }
                }
                other => *other = Map::new().into(),
            }
        }
    }
}

/// Requirements: a list of maps from names to lists of words.
pub(super) fn requirements(map: &mut Map) {
    let Some(security) = list(map, "security") else {
        return;
    };
    security.retain(is_object);
    for requirement in security.iter_mut().filter_map(Node::as_object_mut) {
        for scopes in requirement.values_mut() {
            match &mut scopes.value {
                Value::Array(scopes) => scopes.retain(|scope| scope.as_str().is_some()),
                other => *other = Vec::new().into(),
            }
        }
    }
}
