//! Final names of types: Rust identifiers that typify leaves as they are.

use std::{collections::BTreeMap, rc::Rc};

use indexmap::IndexSet;
use specmint_spec::node::unescape_pointer;

use super::{
    super::words,
    shape::{Key, Named},
};

/// Names of the standard library, of what is printed beside the types, and of what typify prints.
const RESERVED: &[&str] = &[
    "Any",
    "Api",
    "AsMut",
    "AsRef",
    "Box",
    "ByteStream",
    "Client",
    "ClientBuilder",
    "Clone",
    "ConversionError",
    "Copy",
    "Credentials",
    "Debug",
    "Default",
    "Deserialize",
    "Display",
    "Drop",
    "Eq",
    "Err",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromStr",
    "Hash",
    "HashMap",
    "Into",
    "IntoIterator",
    "Iterator",
    "Map",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "ResponseValue",
    "Result",
    "Retries",
    "Self",
    "Send",
    "Serialize",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Value",
    "Vec",
];

/// The name that only an error body may have.
const ERROR: &str = "Error";

/// Names that are taken.
#[derive(Default)]
pub(super) struct Taken(IndexSet<String>);

impl Taken {
    /// Takes the first of these names that is free, or the first with a number.
    pub(super) fn first(&mut self, candidates: impl IntoIterator<Item = String>) -> String {
        let mut base = None;
        for candidate in candidates {
            let candidate = guard(&candidate, false);
            if self.is_free(&candidate) {
                return self.take(candidate);
            }
            base.get_or_insert(candidate);
        }
        let base = base.unwrap_or_else(|| "Model".to_owned());
        let name = (2..=u32::MAX)
            .map(|n| format!("{base}{n}"))
            .find(|candidate| self.is_free(candidate))
            .unwrap_or(base);
        self.take(name)
    }

    /// Whether nothing is called so, in any case.
    pub(super) fn is_free(&self, name: &str) -> bool {
        !self.0.contains(&name.to_ascii_lowercase())
    }

    /// Takes this name, for something that has it already; `false` where it is another's.
    pub(super) fn exactly(&mut self, name: &str) -> bool {
        self.0.insert(name.to_ascii_lowercase())
    }

    fn take(&mut self, name: String) -> String {
        self.0.insert(name.to_ascii_lowercase());
        name
    }
}

/// Whether a name can be a type's, and stays as it is when typify sanitises it.
pub(super) fn is_usable(name: &str) -> bool {
    use heck::ToPascalCase as _;
    name.to_pascal_case() == name
        && syn::parse_str::<syn::Ident>(name).is_ok()
        && !RESERVED.contains(&name)
}

/// A text as a type name: no reserved one, never empty.
fn guard(text: &str, may_be_error: bool) -> String {
    let name = words::pascal(text);
    if name.is_empty() {
        "Model".to_owned()
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("Model{name}")
    } else if RESERVED.contains(&name.as_str()) || name == ERROR && !may_be_error {
        format!("{name}Model")
    } else {
        name
    }
}

/// Names every schema that the document names. `errors` are those that error bodies are made of.
pub(super) fn named(
    named: &Named,
    errors: &IndexSet<Rc<str>>,
    frozen: &BTreeMap<Key, String>,
    taken: &mut Taken,
) -> BTreeMap<Rc<str>, String> {
    let mut names = BTreeMap::new();
    let mut late: Vec<(&Rc<str>, String)> = Vec::new();
    for key in named.keys() {
        if let Some(name) = frozen.get(&Key::Named(key.clone())) {
            names.insert(key.clone(), name.clone());
            continue;
        }
        let elsewhere = key.starts_with("#/");
        let text = if elsewhere {
            of_pointer(key)
        } else {
            key.to_string()
        };
        let name = guard(&text, errors.contains(key));
        // Who is called so in the document keeps the name.
        if !elsewhere && name == **key && taken.is_free(&name) {
            names.insert(key.clone(), taken.take(name));
        } else {
            late.push((key, name));
        }
    }
    // The others are asked in an order that is not the document's: the error type first, real
    // names before places, then by spelling.
    late.sort_by_key(|(key, _)| {
        (
            !errors.contains(*key),
            key.starts_with("#/"),
            (*key).clone(),
        )
    });
    for (key, name) in late {
        let name = if errors.contains(key) && name == ERROR && taken.is_free(ERROR) {
            taken.take(name)
        } else {
            taken.first([name])
        };
        names.insert(key.clone(), name);
    }
    names
}

/// A name for what stands elsewhere in the document: its pointer without the words of OpenAPI.
fn of_pointer(pointer: &str) -> String {
    let mut words = Vec::new();
    let mut last_key = "";
    for token in pointer
        .trim_start_matches('#')
        .split('/')
        .filter(|token| !token.is_empty())
    {
        let named = matches!(
            last_key,
            "schemas" | "properties" | "responses" | "parameters"
        );
        let skip = matches!(
            token,
            "components"
                | "schemas"
                | "properties"
                | "paths"
                | "content"
                | "schema"
                | "responses"
                | "parameters"
                | "allOf"
                | "oneOf"
                | "anyOf"
                | "requestBody"
                | "requestBodies"
                | "additionalProperties"
                | "$defs"
                | "definitions"
        );
        if named || !skip {
            let token = unescape_pointer(token);
            if token == "items" && !named {
                words.push("item".to_owned());
            } else if !token.contains("application/") && !token.contains("multipart/") {
                words.push(token);
            }
        }
        last_key = if named { "" } else { token };
    }
    words.join(" ")
}
