//! What is thrown away is thrown away before it is parsed.
//!
//! Two thirds of what progenitor and typify print are bodies of methods that are replaced, and
//! builders of structs that nobody asked for. Here they are found by their brackets alone.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// progenitor's file without the bodies of its builders and without typify's builders.
pub(super) fn file(tokens: TokenStream) -> TokenStream {
    modules(tokens, |name, group| match name {
        "types" => Some(modules(group.stream(), |name, _| {
            (name == "builder").then(TokenStream::new)
        })),
        "builder" => Some(implementations(group.stream())),
        _ => None,
    })
}

/// Replaces the contents of some modules.
fn modules(
    tokens: TokenStream,
    replace: impl Fn(&str, &Group) -> Option<TokenStream>,
) -> TokenStream {
    // The two tokens before a group: `mod` and the module's name.
    let (mut keyword, mut name) = (String::new(), String::new());
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Ident(ident) => {
                keyword = std::mem::replace(&mut name, ident.to_string());
                TokenTree::Ident(ident)
            }
            TokenTree::Group(group)
                if group.delimiter() == Delimiter::Brace && keyword == "mod" =>
            {
                let contents = replace(&name, &group);
                keyword.clear();
                match contents {
                    Some(contents) => braces(contents),
                    None => TokenTree::Group(group),
                }
            }
            token => {
                keyword.clear();
                name.clear();
                token
            }
        })
        .collect()
}

/// Empties the methods of every `impl`; the fields of structs are not looked at either.
fn implementations(tokens: TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                braces(without_bodies(group.stream()))
            }
            token => token,
        })
        .collect()
}

/// Empties what is in braces, and leaves attributes out.
fn without_bodies(tokens: TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let mut out = Vec::new();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct)
                if punct.as_char() == '#'
                    && matches!(tokens.peek(), Some(TokenTree::Group(group))
                        if group.delimiter() == Delimiter::Bracket) =>
            {
                tokens.next();
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                out.push(braces(TokenStream::new()));
            }
            token => out.push(token),
        }
    }
    out.into_iter().collect()
}

fn braces(contents: TokenStream) -> TokenTree {
    TokenTree::Group(Group::new(Delimiter::Brace, contents))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn bodies_and_builders_are_gone() {
        let stripped = super::file(quote! {
            pub mod types {
                pub struct A { pub a: u8 }
                pub mod builder { pub struct A { a: u8 } }
            }
            impl Client { fn kept(&self) { 1 } }
            pub mod builder {
                #[derive(Debug)]
                pub struct Get<'a> { client: &'a Client }
                impl<'a> Get<'a> {
                    /// Docs.
                    pub fn id<V>(self, value: V) -> Self where V: TryInto<u8> { todo() }
                }
            }
        });
        let expected = quote! {
            pub mod types {
                pub struct A { pub a: u8 }
                pub mod builder { }
            }
            impl Client { fn kept(&self) { 1 } }
            pub mod builder {
                #[derive(Debug)]
                pub struct Get<'a> { client: &'a Client }
                impl<'a> Get<'a> {
                    pub fn id<V>(self, value: V) -> Self where V: TryInto<u8> { }
                }
            }
        };
        assert_eq!(stripped.to_string(), expected.to_string());
    }
}
