//! The table of a struct as the runtime's macros take it: read by whoever prints or outlines it.

use std::fmt;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{
    Ident, LitStr, Token, Type, braced, bracketed, parenthesized,
    parse::{Parse, ParseStream},
    token,
};

/// What stands in `record!` and `received!`.
pub(crate) struct Table {
    pub(crate) head: Head,
    pub(crate) rows: Vec<Row>,
}

/// `derived Pet::new`.
pub(crate) struct Head {
    derived: bool,
    pub(crate) name: Ident,
    /// `new` or `default`.
    pub(crate) how: Option<Ident>,
}

/// `born_at = "bornAt": date_time{DateTime<Utc>}`.
pub(crate) struct Row {
    others: bool,
    pub(crate) field: Ident,
    wire: Option<LitStr>,
    word: Option<Ident>,
    pub(crate) made: Option<Made>,
}

/// How a field gets its value.
pub(crate) enum Made {
    /// An argument of `new`.
    Given(Type),
    /// Always the same.
    Constant(LitStr),
    /// A setter, maybe of another name.
    Set(Option<Ident>, Type),
    /// A setter that takes items.
    Each(Type),
}

impl Parse for Table {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut name: Ident = input.parse()?;
        let derived = name == "derived";
        if derived {
            name = input.parse()?;
        }
        let mut how = None;
        if input.peek(Token![::]) {
            input.parse::<Token![::]>()?;
            how = Some(input.parse()?);
        }
        let inside;
        braced!(inside in input);
        let mut rows = Vec::new();
        while !inside.is_empty() {
            rows.push(inside.parse()?);
            if !inside.is_empty() {
                inside.parse::<Token![,]>()?;
            }
        }
        let head = Head { derived, name, how };
        Ok(Self { head, rows })
    }
}

impl Parse for Row {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let others = input.parse::<Option<Token![..]>>()?.is_some();
        let field = input.parse()?;
        let mut wire = None;
        if input.parse::<Option<Token![=]>>()?.is_some() {
            wire = Some(input.parse()?);
        }
        let mut word = None;
        if input.parse::<Option<Token![:]>>()?.is_some() {
            word = Some(input.parse()?);
        }
        let inside;
        let made = if input.peek(token::Paren) {
            parenthesized!(inside in input);
            Some(if inside.parse::<Option<Token![=]>>()?.is_some() {
                Made::Constant(inside.parse()?)
            } else {
                Made::Given(inside.parse()?)
            })
        } else if input.peek(token::Brace) {
            braced!(inside in input);
            let mut name = None;
            if inside.parse::<Option<Token![=]>>()?.is_some() {
                name = Some(inside.parse()?);
                inside.parse::<Token![:]>()?;
            }
            Some(Made::Set(name, inside.parse()?))
        } else if input.peek(token::Bracket) {
            bracketed!(inside in input);
            Some(Made::Each(inside.parse()?))
        } else {
            None
        };
        Ok(Self {
            others,
            field,
            wire,
            word,
            made,
        })
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.derived {
            f.write_str("derived ")?;
        }
        write!(f, "{}", self.name)?;
        match &self.how {
            Some(how) => write!(f, "::{how}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.others {
            f.write_str("..")?;
        }
        write!(f, "{}", self.field)?;
        if let Some(wire) = &self.wire {
            write!(f, " = {}", wire.to_token_stream())?;
        }
        if let Some(word) = &self.word {
            write!(f, ": {word}")?;
        }
        match &self.made {
            None => Ok(()),
            Some(Made::Given(type_)) => write!(f, "({})", text(type_)),
            Some(Made::Constant(constant)) => write!(f, "(= {})", constant.to_token_stream()),
            Some(Made::Set(None, type_)) => write!(f, "{{{}}}", text(type_)),
            Some(Made::Set(Some(name), type_)) => write!(f, "{{= {name}: {}}}", text(type_)),
            Some(Made::Each(type_)) => write!(f, "[{}]", text(type_)),
        }
    }
}

fn text(type_: &Type) -> String {
    type_text(&type_.to_token_stream())
}

/// A type as it is written, without the blanks between its tokens.
pub(super) fn type_text(tokens: &TokenStream) -> String {
    tokens
        .to_string()
        .replace(" :: ", "::")
        .replace(":: ", "::")
        .replace(" < ", "<")
        .replace(" >", ">")
        .replace(" , ", ", ")
}
