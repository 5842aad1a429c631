//! Credentials and the base URL from environment variables.
//!
//! The variables are named after the API and the kind of credential: `ACME_API_KEY`, `ACME_TOKEN`,
//! `ACME_USERNAME` and `ACME_PASSWORD`. Where an API has several schemes of one kind, the scheme
//! is part of the name: `ACME_API_KEY_ADMIN`. A variable that is set to nothing is not set.

use crate::api::{Api, Kind, Scheme};
use crate::credential::{CredentialSet, Secret};
use crate::error::BuildError;

/// What the environment says about an API.
pub(crate) struct Environment {
    pub(crate) credentials: CredentialSet,
    pub(crate) base_url: Option<String>,
}

/// Names of the variables that [`ClientBuilder::environment`](crate::ClientBuilder::environment)
/// reads, credentials first.
pub fn variables<A: Api>() -> Vec<String> {
    let mut names: Vec<String> = (0..A::SCHEMES.len())
        .flat_map(|index| names(A::ENV, A::SCHEMES, index))
        .collect();
    names.push(format!("{}_BASE_URL", A::ENV));
    names
}

pub(crate) fn read(
    prefix: &str,
    schemes: &[Scheme],
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<Environment, BuildError> {
    let mut empty = Vec::new();
    let mut get = |name: &str| {
        let value = lookup(name)?.trim().to_owned();
        if value.is_empty() {
            empty.push(name.to_owned());
            return None;
        }
        Some(value)
    };
    let mut credentials = CredentialSet::default();
    let mut all = Vec::new();
    let mut needed = false;
    for (index, scheme) in schemes.iter().enumerate() {
        let names = names(prefix, schemes, index);
        match (scheme.kind, names.as_slice()) {
            (Kind::Basic, [user, password]) => {
                needed = true;
                match (get(user), get(password)) {
                    (Some(user), password) => {
                        // Some APIs take the key as the user name and no password at all.
                        let password = Secret::from(password.unwrap_or_default());
                        credentials = credentials.with_basic(index, user, password);
                    }
                    (None, Some(_)) => {
                        return Err(BuildError::Variable {
                            name: password.clone(),
                            message: format!("it is set, but `{user}` is not"),
                        });
                    }
                    (None, None) => {}
                }
            }
            (Kind::ApiKey(..) | Kind::Bearer, [name]) => {
                needed = true;
                if let Some(value) = get(name) {
                    credentials = credentials.with(index, value);
                }
            }
            _ => {}
        }
        all.extend(names);
    }
    let base_url = get(&format!("{prefix}_BASE_URL"));
    if needed && credentials.is_empty() {
        empty.retain(|name| all.contains(name));
        return Err(BuildError::MissingVariables { names: all, empty });
    }
    Ok(Environment {
        credentials,
        base_url,
    })
}

/// Names of the variables of one scheme.
fn names(prefix: &str, schemes: &[Scheme], index: usize) -> Vec<String> {
    let Some(scheme) = schemes.get(index) else {
        return Vec::new();
    };
    let Some(suffixes) = suffixes(scheme) else {
        return Vec::new();
    };
    let several = schemes
        .iter()
        .filter(|other| self::suffixes(other) == Some(suffixes))
        .count()
        > 1;
    suffixes
        .iter()
        .map(|suffix| {
            if several {
                format!("{prefix}_{suffix}_{}", screaming(scheme.name))
            } else {
                format!("{prefix}_{suffix}")
            }
        })
        .collect()
}

fn suffixes(scheme: &Scheme) -> Option<&'static [&'static str]> {
    match scheme.kind {
        Kind::ApiKey(..) => Some(&["API_KEY"]),
        Kind::Bearer => Some(&["TOKEN"]),
        Kind::Basic => Some(&["USERNAME", "PASSWORD"]),
        Kind::MutualTls | Kind::Unsupported => None,
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
