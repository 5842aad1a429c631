//! Rust file → public items and signatures: what a reviewer reads.

mod macros;

use syn::{
    Attribute, Fields, ImplItem, Item, Visibility, parse_quote,
    visit_mut::{self, VisitMut},
};

/// The public outline of a file.
pub fn of(code: &str) -> Result<String, syn::Error> {
    let mut file = syn::parse_file(code)?;
    file.attrs.clear();
    outline(&mut file.items);
    Bare.visit_file_mut(&mut file);
    let text = prettyplease::unparse(&file);
    let mut out = String::new();
    for line in text.replace(" {}\n", ";\n").lines() {
        // An empty body on a line of its own ends a `where` clause.
        if matches!(line.trim_start(), "{}" | ";") {
            let end = out.trim_end_matches(['\n', ',']).len();
            out.truncate(end);
            out.push_str(";\n");
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
    Ok(out)
}

/// Keeps what is public.
fn outline(items: &mut Vec<Item>) {
    *items = std::mem::take(items).into_iter().flat_map(seen).collect();
    items.retain(|item| match item {
        Item::Struct(item) => is_public(&item.vis),
        Item::Enum(item) => is_public(&item.vis),
        Item::Type(item) => is_public(&item.vis),
        Item::Mod(item) => is_public(&item.vis),
        Item::Use(item) => is_public(&item.vis),
        Item::Fn(item) => is_public(&item.vis),
        Item::Const(item) => is_public(&item.vis),
        Item::Static(_) => false,
        _ => true,
    });
    for item in items {
        match item {
            Item::Mod(module) => {
                if let Some((_, items)) = &mut module.content {
                    outline(items);
                }
            }
            Item::Struct(item) => match &mut item.fields {
                Fields::Named(fields) => {
                    fields.named = std::mem::take(&mut fields.named)
                        .into_iter()
                        .filter(|field| is_public(&field.vis))
                        .collect();
                }
                Fields::Unnamed(fields) => {
                    if !fields.unnamed.iter().all(|field| is_public(&field.vis)) {
                        fields.unnamed.clear();
                    }
                }
                Fields::Unit => {}
            },
            Item::Impl(item) => {
                if item.trait_.is_some() {
                    item.items.clear();
                } else {
                    item.items
                        .retain(|item| matches!(item, ImplItem::Fn(f) if is_public(&f.vis)));
                }
            }
            _ => {}
        }
    }
}

/// An item as it is seen from outside: of a private module, the methods it gives to public types; of
/// a macro, what it declares.
fn seen(item: Item) -> Vec<Item> {
    match item {
        Item::Mod(module) if !is_public(&module.vis) => {
            let items = module.content.map(|(_, items)| items).unwrap_or_default();
            let is_impl = |item: &Item| matches!(item, Item::Impl(item) if item.trait_.is_none());
            items.into_iter().filter(is_impl).collect()
        }
        Item::Macro(item) => macros::expanded(&item.mac).unwrap_or_else(|| vec![Item::Macro(item)]),
        other => vec![other],
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Takes bodies and documentation away.
struct Bare;

impl VisitMut for Bare {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| {
            ["derive", "deprecated", "non_exhaustive", "must_use"]
                .iter()
                .any(|kept| attribute.path().is_ident(kept))
        });
    }

    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        *block = parse_quote!({});
    }

    fn visit_item_fn_mut(&mut self, item: &mut syn::ItemFn) {
        *item.block = parse_quote!({});
        visit_mut::visit_item_fn_mut(self, item);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_a_macro_declares_is_an_item_each() {
        let code = r#"
            record!(Pet::new { name: required(String), born_at = "bornAt"{Day}, tags: list[Tag] });
            received!(Seen::new { at: required(Day) });
            ::specmint_client::open_enum! { /// Docs.
                pub enum State { New = "new" } }
            ::specmint_client::open_union!(Shape by "kind" { Dot["dot"] } or Unknown; from Dot(Dot));
            ::specmint_client::per_call! { super::Credentials; ListPets GetPet }
            ::specmint_client::mock_operations! { get GetPet { ok(json 200); gone(empty 404); } }
        "#;
        let outline = super::of(code).unwrap_or_default();
        assert_eq!(
            outline,
            "impl Pet {\n    pub fn new(name: impl Into<String>) -> Self;\n    \
             pub fn born_at(self, value: impl Into<Day>) -> Self;\n    \
             pub fn tags(self, values: impl IntoIterator<Item = impl Into<Tag>>) -> Self;\n}\n\
             #[non_exhaustive]\npub enum State {\n    New,\n}\nimpl From<Dot> for Shape;\n\
             ::specmint_client::per_call! {\n    super::Credentials\n}\n\
             ::specmint_client::per_call! {\n    ListPets\n}\n\
             ::specmint_client::per_call! {\n    GetPet\n}\n\
             ::specmint_client::mock_operations! {\n    get GetPet { ok(json 200) }\n}\n\
             ::specmint_client::mock_operations! {\n    get GetPet { gone(empty 404) }\n}\n"
        );
    }

    #[test]
    fn bodies_private_items_and_docs_are_gone() {
        let code = "
            /// Docs.
            #[derive(Clone)]
            pub struct A { pub a: u8, b: u8 }
            mod hidden { pub fn f() {} impl A { pub fn c(&self) {} } }
            impl A { /// Docs.
                pub fn a(&self) -> u8 { self.b } fn b(&self) {} }
            impl Default for A { fn default() -> Self { A { a: 0, b: 1 } } }
        ";
        let outline = super::of(code).unwrap_or_default();
        assert_eq!(
            outline,
            "#[derive(Clone)]\npub struct A {\n    pub a: u8,\n}\nimpl A {\n    \
             pub fn c(&self);\n}\nimpl A {\n    pub fn a(&self) -> u8;\n}\nimpl Default for A;\n"
        );
    }
}
