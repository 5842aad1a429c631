//! Macros as a person would write them: prettyplease leaves the inside of macros in one piece.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{
    Attribute, Ident, LitStr, Token, Type, braced, bracketed, parenthesized,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
};

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

/// The table of a struct: as many members to a line as fit.
fn record(inside: &str, indent: &str) -> syn::Result<String> {
    let Record { name, rows } = syn::parse_str(inside)?;
    if rows.is_empty() {
        return Ok(format!("{name} {{}}"));
    }
    let line = format!("{name} {{ {} }}", rows.join(", "));
    if indent.len() + "record!();".len() + line.len() <= WIDTH {
        return Ok(line);
    }
    Ok(format!(
        "{name} {{\n{}{indent}}}",
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
        out.push_str(&filled(&union.from, indent, "        "));
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
struct Values {
    attributes: Vec<Attribute>,
    name: Ident,
    variants: Punctuated<Variant, Token![,]>,
}

struct Variant {
    attributes: Vec<Attribute>,
    name: Ident,
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

/// What stands in the macro of a struct; its rows are text already.
struct Record {
    name: Ident,
    rows: Vec<String>,
}

impl Parse for Record {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        let inside;
        braced!(inside in input);
        let mut rows = Vec::new();
        while !inside.is_empty() {
            let mut row = String::new();
            if inside.peek(Token![..]) {
                inside.parse::<Token![..]>()?;
                row.push_str("..");
            }
            row.push_str(&inside.parse::<Ident>()?.to_string());
            if inside.peek(Token![=]) {
                inside.parse::<Token![=]>()?;
                let wire: LitStr = inside.parse()?;
                row.push_str(&format!(" = {}", wire.to_token_stream()));
            }
            if inside.peek(Token![:]) {
                inside.parse::<Token![:]>()?;
                row.push_str(&format!(": {}", inside.parse::<Ident>()?));
            }
            rows.push(row);
            if !inside.is_empty() {
                inside.parse::<Token![,]>()?;
            }
        }
        Ok(Self { name, rows })
    }
}

/// What stands in the macro of a union; its branches are text already.
struct Union {
    name: Ident,
    tag: LitStr,
    branches: Vec<String>,
    unknown: Ident,
    from: Vec<String>,
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
                let type_: Type = type_.parse()?;
                from.push(format!(
                    "{variant}({})",
                    type_text(&type_.to_token_stream())
                ));
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

/// A type as it is written, without the blanks between its tokens.
fn type_text(tokens: &TokenStream) -> String {
    tokens
        .to_string()
        .replace(" :: ", "::")
        .replace(":: ", "::")
        .replace(" < ", "<")
        .replace(" >", ">")
        .replace(" , ", ", ")
}

fn attribute_line(attribute: &Attribute) -> String {
    match crate::finish::doc_text(attribute) {
        Some(text) => format!("///{text}"),
        None => attribute.to_token_stream().to_string(),
    }
}
