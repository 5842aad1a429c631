//! `open_enum!` as a person would write it: prettyplease leaves the inside of macros in one piece.

use quote::ToTokens;
use syn::{
    Attribute, Ident, LitStr, Token, braced,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
};

/// How the macro begins.
const START: &str = "::specmint_client::open_enum! {";

/// What stands in the macro.
struct OpenEnum {
    attributes: Vec<Attribute>,
    name: Ident,
    variants: Punctuated<Variant, Token![,]>,
}

struct Variant {
    attributes: Vec<Attribute>,
    name: Ident,
    value: LitStr,
}

impl Parse for OpenEnum {
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

/// Lays out every such macro of a printed file.
pub(super) fn lay_out(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut lines = body.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if line.trim_start() != START {
            continue;
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        let end = format!("{indent}}}");
        let inside: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
        match syn::parse_str::<OpenEnum>(&inside.join("\n")) {
            Ok(item) => write(&mut out, &item, &format!("{indent}    ")),
            // As prettyplease left it: not pretty, and right all the same.
            Err(_) => inside.iter().for_each(|line| {
                out.push_str(line);
                out.push('\n');
            }),
        }
        out.push_str(&end);
        out.push('\n');
    }
    out
}

fn write(out: &mut String, item: &OpenEnum, indent: &str) {
    let mut line = |text: String| {
        out.push_str(indent);
        out.push_str(text.trim_end());
        out.push('\n');
    };
    item.attributes
        .iter()
        .for_each(|attribute| line(attribute_line(attribute)));
    line(format!("pub enum {} {{", item.name));
    for variant in &item.variants {
        variant
            .attributes
            .iter()
            .for_each(|a| line(format!("    {}", attribute_line(a))));
        line(format!(
            "    {} = {},",
            variant.name,
            variant.value.to_token_stream()
        ));
    }
    line("}".to_owned());
}

fn attribute_line(attribute: &Attribute) -> String {
    match crate::finish::doc_text(attribute) {
        Some(text) => format!("///{text}"),
        None => attribute.to_token_stream().to_string(),
    }
}
