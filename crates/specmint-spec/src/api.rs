//! `api.toml`: what a person decided about one API. Unknown keys are errors.

use serde::Deserialize;

/// The decisions about one API; all have defaults.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Api {
    /// The name in code and on the command line: `[a-z][a-z0-9_]*`. Not in the file: the folder's.
    #[serde(skip)]
    pub name: String,
    /// What the API calls itself, where the pages don't say.
    pub title: Option<String>,
    /// Where its documentation index is, an absolute URL.
    pub docs: Option<String>,
    /// The server, where the pages don't say, an absolute URL.
    pub base_url: Option<String>,
    /// Names of operations, by `METHOD /path`, where the derived one is not wanted.
    pub operations: std::collections::BTreeMap<String, String>,
    /// The text of `fixups.yaml`, read beside it.
    #[serde(skip)]
    pub fixups: Option<crate::page::Page>,
}
