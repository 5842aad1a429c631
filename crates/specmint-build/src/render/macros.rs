//! Macros as a person would write them: prettyplease leaves the inside of macros in one piece.

use quote::ToTokens;
use syn::{
    Attribute, Ident, LitStr, Token, Type, braced, bracketed, parenthesized,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
};

use super::table::{Table, type_text};

/// How wide a line may be.
const WIDTH: usize = 100;

/// The inside of a macro, laid out in lines, each with the indentation.
type LayOut = fn(&str, &str) -> syn::Result<String>;

/// How the macros begin, how they end, and who lays them out.
const MACROS: &[(&str, &str, LayOut)] = &[
    ("::specmint_client::open_enum! {", "}", values),
    ("::specmint_client::closed_enum! {", "}", values),
    ("::specmint_client::open_union!(", ");", union),
    ("record!(", ");", record),
    ("received!(", ");", received),
];

/// Lays out every such macro of a printed file.
pub(super) fn lay_out(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut lines = body.lines();
    while let Some(line) = lines.next() {
        let text = line.trim_start();
        let indent = &line[..line.len() - text.len()];
        let found = MACROS.iter().find(|(start, ..)| text.starts_with(start));
        let Some((start, end, lay_out)) = found else {
            out.push_str(line);
            out.push('\n');
            continue;
        };
        let mut printed = line.to_owned();
        let mut inside = text[start.len()..].to_owned();
        if let Some(whole) = inside.strip_suffix(end) {
            inside = whole.to_owned();
        } else {
            let last = format!("{indent}{end}");
            for line in lines.by_ref() {
                printed.push('\n');
                printed.push_str(line);
                if line == last {
                    break;
                }
                inside.push('\n');
                inside.push_str(line);
            }
        }
        match lay_out(&inside, indent) {
            Ok(inside) => {
                out.push_str(indent);
                out.push_str(start);
                out.push_str(&inside);
                out.push_str(end);
            }
            // As prettyplease left it: not pretty, and right all the same.
            Err(_) => out.push_str(&printed),
        }
        out.push('\n');
    }
    out
}

/// An enum of texts: a line for each attribute and each value.
fn values(inside: &str, indent: &str) -> syn::Result<String> {
    let item: Values = syn::parse_str(inside)?;
    let mut out = String::from("\n");
    let mut line = |text: String| {
        out.push_str(indent);
        out.push_str("    ");
        out.push_str(text.trim_end());
        out.push('\n');
    };
    let attributes = item.attributes.iter();
    attributes.for_each(|attribute| line(attribute_line(attribute)));
    line(format!("pub enum {} {{", item.name));
    for variant in &item.variants {
        let attributes = variant.attributes.iter();
        attributes.for_each(|a| line(format!("    {}", attribute_line(a))));
        line(format!(
            "    {} = {},",
            variant.name,
            variant.value.to_token_stream()
        ));
    }
    line("}".to_owned());
    out.push_str(indent);
    Ok(out)
}

/// The table of a struct that is sent: as many members to a line as fit.
fn record(inside: &str, indent: &str) -> syn::Result<String> {
    table(inside, indent, "record!();".len())
}

/// The table of a struct that is received.
fn received(inside: &str, indent: &str) -> syn::Result<String> {
    table(inside, indent, "received!();".len())
}

fn table(inside: &str, indent: &str, around: usize) -> syn::Result<String> {
    let Table { head, rows } = syn::parse_str(inside)?;
    if rows.is_empty() {
        return Ok(format!("{head} {{}}"));
    }
    let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
    let line = format!("{head} {{ {} }}", rows.join(", "));
    if indent.len() + around + line.len() <= WIDTH {
        return Ok(line);
    }
    Ok(format!(
        "{head} {{\n{}{indent}}}",
        filled(&rows, indent, "    ")
    ))
}

/// The table of a union: as many variants to a line as fit.
fn union(inside: &str, indent: &str) -> syn::Result<String> {
    let union: Union = syn::parse_str(inside)?;
    let mut out = format!(
        "\n{indent}    {} by {} {{\n",
        union.name,
        union.tag.to_token_stream()
    );
    out.push_str(&filled(&union.branches, indent, "        "));
    out.push_str(&format!("{indent}    }} or {}", union.unknown));
    if union.from.is_empty() {
        out.push('\n');
    } else {
        out.push_str("; from\n");
        let from = union
            .from
            .iter()
            .map(|(variant, type_)| format!("{variant}({})", type_text(&type_.to_token_stream())));
        out.push_str(&filled(&from.collect::<Vec<_>>(), indent, "        "));
    }
    out.push_str(indent);
    Ok(out)
}

/// Words with commas behind them, in lines.
fn filled(words: &[String], indent: &str, more: &str) -> String {
    let mut out = String::new();
    let mut width = 0;
    for word in words {
        if width > 0 && width + word.len() + 2 > WIDTH {
            out.push('\n');
            width = 0;
        }
        if width == 0 {
            out.push_str(indent);
            out.push_str(more);
            width = indent.len() + more.len();
        } else {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        out.push(',');
        width += word.len() + 1;
    }
    out.push('\n');
    out
}

/// What stands in the macro of an enum.
pub(crate) struct Values {
    attributes: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) variants: Punctuated<Variant, Token![,]>,
}

pub(crate) struct Variant {
    attributes: Vec<Attribute>,
    pub(crate) name: Ident,
    value: LitStr,
}

impl Parse for Values {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Token![pub]>()?;
        input.parse::<Token![enum]>()?;
        let name = input.parse()?;
        let inside;
        braced!(inside in input);
        let variants = inside.parse_terminated(Variant::parse, Token![,])?;
        Ok(Self {
            attributes,
            name,
            variants,
        })
    }
}

impl Parse for Variant {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Self {
            attributes,
            name,
            value: input.parse()?,
        })
    }
}

/// What stands in the macro of a union; its branches are text already.
pub(crate) struct Union {
    pub(crate) name: Ident,
    tag: LitStr,
    branches: Vec<String>,
    unknown: Ident,
    pub(crate) from: Vec<(Ident, Type)>,
}

impl Parse for Union {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Ident>()?;
        let tag = input.parse()?;
        let inside;
        braced!(inside in input);
        let mut branches = Vec::new();
        while !inside.is_empty() {
            let variant: Ident = inside.parse()?;
            let texts;
            bracketed!(texts in inside);
            let texts = texts.parse_terminated(<LitStr as Parse>::parse, Token![,])?;
            let texts: Vec<_> = texts
                .iter()
                .map(|t| t.to_token_stream().to_string())
                .collect();
            branches.push(format!("{variant}[{}]", texts.join(", ")));
            if !inside.is_empty() {
                inside.parse::<Token![,]>()?;
            }
        }
        input.parse::<Ident>()?;
        let unknown = input.parse()?;
        let mut from = Vec::new();
        if !input.is_empty() {
            input.parse::<Token![;]>()?;
            input.parse::<Ident>()?;
            while !input.is_empty() {
                let variant: Ident = input.parse()?;
                let type_;
                parenthesized!(type_ in input);
                from.push((variant, type_.parse()?));
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
            }
        }
        Ok(Self {
            name,
            tag,
            branches,
            unknown,
            from,
        })
    }
}

fn attribute_line(attribute: &Attribute) -> String {
    match crate::finish::doc_text(attribute) {
        Some(text) => format!("///{text}"),
        None => attribute.to_token_stream().to_string(),
    }
}
