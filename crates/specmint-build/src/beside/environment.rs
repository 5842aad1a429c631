//! The environment variables of an API, as its documentation names them.
//!
//! `specmint_client::ClientBuilder::environment` reads them by the same rule; both are held together
//! by a test that reads them.

use crate::{
    model::{Api, Scheme, SchemeKind},
    render::doc,
};

/// A Markdown list of the variables and what each is for.
pub(crate) fn list(api: &Api) -> String {
    let prefix = api.name.to_ascii_uppercase();
    let mut lines = Vec::new();
    for scheme in &api.schemes {
        let Some(kind) = kind(scheme) else {
            continue;
        };
        let of_kind = |other: &&Scheme| self::kind(other) == Some(kind);
        let end = match api.schemes.iter().filter(of_kind).count() {
            1 => String::new(),
            _ => format!("_{}", screaming(&scheme.name)),
        };
        let name = doc::code_span(&scheme.name);
        lines.push(match kind {
            "USERNAME" => {
                format!("- `{prefix}_USERNAME{end}` and `{prefix}_PASSWORD{end}`: {name}")
            }
            kind => format!("- `{prefix}_{kind}{end}`: {name}"),
        });
    }
    lines.push(format!(
        "- `{prefix}_BASE_URL`: in place of the documented server"
    ));
    lines.join("\n")
}

fn kind(scheme: &Scheme) -> Option<&'static str> {
    match scheme.kind {
        SchemeKind::ApiKey { .. } => Some("API_KEY"),
        SchemeKind::Bearer | SchemeKind::OAuth2 | SchemeKind::OpenId => Some("TOKEN"),
        SchemeKind::Basic => Some("USERNAME"),
        SchemeKind::Http(_) | SchemeKind::MutualTls => None,
    }
}

/// `adminKey` and `admin-key` as `ADMIN_KEY`.
fn screaming(name: &str) -> String {
    let mut written = String::with_capacity(name.len());
    let mut lower = false;
    for character in name.chars() {
        if !character.is_ascii_alphanumeric() {
            if !written.is_empty() && !written.ends_with('_') {
                written.push('_');
            }
            lower = false;
            continue;
        }
        if character.is_ascii_uppercase() && lower {
            written.push('_');
        }
        lower = !character.is_ascii_uppercase();
        written.push(character.to_ascii_uppercase());
    }
    written.trim_end_matches('_').to_owned()
}
