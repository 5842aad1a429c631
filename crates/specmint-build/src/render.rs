//! Items → text: prettyplease and the header, the modules each a text of its own. Nothing here knows
//! what an operation is.

pub mod doc;
mod functions;
pub(crate) mod macros;
pub(crate) mod table;

use std::collections::BTreeSet;

use syn::{Item, ItemMod, parse_quote};

use crate::{emit, finish};

/// A finished client: one text, or a file for each of its modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustFile {
    /// Its name: `acme.rs`.
    pub name: String,
    /// Where the API was read, for the header; may be empty.
    pub source: String,
    /// What stands outside of the modules.
    pub root: String,
    /// The modules, in the order of reading.
    pub modules: Vec<Module>,
    /// The crates its text needs.
    pub needs: BTreeSet<String>,
}

/// A module, whose text is not indented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// Its name.
    pub name: String,
    /// What it is for, as Markdown for rustdoc.
    pub docs: String,
    /// How it is declared: `pub mod types`, under its attributes.
    pub declaration: String,
    /// Its text.
    pub body: String,
}

impl RustFile {
    /// Everything in one text, the modules indented.
    pub fn text(&self) -> String {
        let needs: Vec<&str> = self.needs.iter().map(String::as_str).collect();
        let size = self.root.len()
            + self
                .modules
                .iter()
                .map(|m| m.body.len() + 200)
                .sum::<usize>();
        let mut out = String::with_capacity(size + 200);
        out.push_str(&header(&self.source));
        out.push_str(&format!("// Needs: {}.\n\n{}", needs.join(", "), self.root));
        for module in &self.modules {
            out.push('\n');
            out.push_str(&comment("///", &module.docs));
            out.push_str(&format!("{} {{\n", module.declaration));
            for line in module.body.split_inclusive('\n') {
                // No text of the code spans lines: what is printed from tokens has escapes for that.
                out.push_str(if line == "\n" { "" } else { INDENT });
                out.push_str(line);
            }
            out.push_str("}\n");
        }
        out
    }

    /// The text of a crate's root, which declares the modules; `overview` is its documentation.
    pub fn library(&self, source: &str, overview: &str) -> String {
        let mut out = header(source) + "\n" + &comment("//!", overview) + "\n";
        for module in &self.modules {
            out.push_str(&format!("{};\n", module.declaration));
        }
        out + "\n" + &self.root
    }
}

impl Module {
    /// Its text as a file of its own.
    pub fn file(&self, source: &str) -> String {
        format!(
            "{}\n{}\n{}",
            header(source),
            comment("//!", &self.docs),
            self.body
        )
    }
}

/// What a line of a module is indented by, in a file with others.
const INDENT: &str = "    ";

/// The first line of a file.
fn header(source: &str) -> String {
    let from = if source.is_empty() {
        String::new()
    } else {
        format!(" from {source}")
    };
    format!(
        "{} {}{from}. Do not edit.\n",
        emit::MARK,
        env!("CARGO_PKG_VERSION")
    )
}

/// A text as lines of comment.
fn comment(mark: &str, text: &str) -> String {
    text.lines()
        .map(|line| match line {
            "" => format!("{mark}\n"),
            line => format!("{mark} {line}\n"),
        })
        .collect()
}

/// The crates generated code may need, and the text that tells.
const CRATES: &[(&str, &str)] = &[
    ("chrono", "chrono::"),
    ("regress", "regress::"),
    ("serde", "serde::"),
    ("serde_json", "serde_json::"),
    ("specmint-client", "specmint_client::"),
    ("uuid", "uuid::"),
];

/// A text that is not printed from items: the module and the line of it that it replaces.
pub(crate) struct Text {
    /// The module's name.
    pub(crate) module: &'static str,
    /// The line.
    pub(crate) line: &'static str,
    /// What stands there in the end.
    pub(crate) becomes: String,
}

/// Prints a client.
pub(crate) fn file(name: &str, source: &str, items: Vec<Item>, texts: &[Text]) -> RustFile {
    let mut root = Vec::new();
    let mut modules = Vec::new();
    for item in items {
        match item {
            Item::Mod(ItemMod {
                attrs,
                vis,
                ident,
                content: Some((_, items)),
                ..
            }) => {
                let name = ident.to_string();
                let (docs, attrs): (Vec<_>, Vec<_>) = attrs
                    .into_iter()
                    .partition(|attribute| attribute.path().is_ident("doc"));
                let docs: Vec<String> = docs.iter().filter_map(finish::doc_text).collect();
                let docs: Vec<&str> = docs.iter().map(|line| line.trim()).collect();
                let declaration =
                    prettyplease::unparse(&of(vec![parse_quote!(#(#attrs)* #vis mod #ident;)]));
                let mut body = print(items);
                for text in texts.iter().filter(|text| text.module == name) {
                    body = placed(&body, text);
                }
                modules.push(Module {
                    name,
                    docs: docs.join("\n"),
                    declaration: declaration.trim_end_matches(['\n', ';']).to_owned(),
                    body,
                });
            }
            other => root.push(other),
        }
    }
    let root = print(root);
    let bodies = || modules.iter().map(|module| &module.body).chain([&root]);
    let needs = CRATES
        .iter()
        .filter(|(_, mark)| bodies().any(|body| uses(body, mark)))
        .map(|(name, _)| (*name).to_owned())
        .collect();
    RustFile {
        name: format!("{name}.rs"),
        source: source.to_owned(),
        root,
        modules,
        needs,
    }
}

fn of(items: Vec<Item>) -> syn::File {
    syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items,
    }
}

fn print(items: Vec<Item>) -> String {
    let text = macros::lay_out(&prettyplease::unparse(&of(items)));
    spaced(&functions::shorten(&text))
}

/// A body with a text in its place.
fn placed(body: &str, text: &Text) -> String {
    let mut out = String::with_capacity(body.len() + text.becomes.len());
    for line in body.split_inclusive('\n') {
        if line.trim_end() == text.line {
            out.push_str(text.becomes.trim_start_matches('\n'));
        } else {
            out.push_str(line);
        }
    }
    out
}

/// Whether code (not a comment) names a crate.
fn uses(body: &str, mark: &str) -> bool {
    body.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .any(|line| {
            line.match_indices(mark)
                .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
}

/// A blank line after every block of items and methods: prettyplease leaves none.
fn spaced(body: &str) -> String {
    let mut out = String::with_capacity(body.len() + body.len() / 50);
    let mut lines = body.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let indent = line.len() - line.trim_start().len();
        let Some(next) = lines.peek().map(|next| next.trim_start()) else {
            continue;
        };
        // What a macro says of a struct stays with it.
        let closes = indent <= 4
            && !next.starts_with("record!(")
            && !next.starts_with("received!(")
            && !next.starts_with("::specmint_client::open_union!(")
            && matches!(line.trim_start(), "}" | "};" | "}}" | "});" | ");")
            && !next.is_empty()
            && !next.starts_with(['}', ')', ']', '.'])
            && !next.starts_with("else");
        let starts = indent == 0
            && line.ends_with(';')
            && !line.trim_start().starts_with("//")
            && [
                "///",
                "#[",
                "impl",
                "pub enum",
                "pub mod",
                "mod ",
                "pub(super) static",
                "pub struct",
                "pub type",
                "type ",
                "::specmint_client::",
            ]
            .iter()
            .any(|start| next.starts_with(start));
        // Functions of a line each stand together, unless there is much to say of one.
        let parts = functions::is_whole(line)
            && next.starts_with("///")
            && !functions::is_row(lines.clone());
        if closes || starts || parts {
            out.push('\n');
        }
    }
    out
}
