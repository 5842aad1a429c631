//! The fitted document → tokens. The only file that names progenitor.
//!
//! progenitor may panic, recurse deeply and print to nobody: it runs on a thread of its own with a
//! stated stack, and what it panics with becomes an error. Tokens can't leave their thread, so the
//! stages after it run there too.

use std::{
    cell::{Cell, RefCell},
    panic::{self, AssertUnwindSafe},
    sync::Once,
    thread,
};

use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle, TypeImpl};
use specmint_spec::node::Node;

use crate::preflight::schemas::Types;

/// Where types that this crate prints itself stand, as seen from the modules `types` and
/// `builder`.
pub(crate) const TYPES: &str = "super::types";

/// The stack of the thread: types may be nested a few hundred levels deep.
const STACK: usize = 256 << 20;

/// Parses the fitted document as progenitor reads it.
pub(crate) fn document(node: &Node) -> Result<openapiv3::OpenAPI, String> {
    // Through text: a `serde_json::Value` would forget the order of the members.
    let text = serde_json::to_string(node).map_err(|err| err.to_string())?;
    serde_json::from_str(&text).map_err(|err| err.to_string())
}

/// What progenitor prints for a document.
pub(crate) fn client(openapi: &openapiv3::OpenAPI, types: &Types) -> Result<TokenStream, String> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_map_type("::std::collections::BTreeMap");
    for name in types.enums.keys() {
        settings.with_replacement(
            name,
            format!("{TYPES}::{name}"),
            [TypeImpl::Display, TypeImpl::FromStr].into_iter(),
        );
    }
    Generator::new(&settings)
        .generate_tokens(openapi)
        .map_err(|err| err.to_string())
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
    static MESSAGE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `work` on a thread with a large stack; a panic in it is an error with the panic's message.
pub(crate) fn contained<T: Send>(
    work: impl FnOnce() -> Result<T, String> + Send,
) -> Result<T, String> {
    silence();
    thread::scope(|scope| {
        let worker = thread::Builder::new()
            .name("specmint-build".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, || {
                QUIET.set(true);
                let outcome = panic::catch_unwind(AssertUnwindSafe(work));
                QUIET.set(false);
                outcome.unwrap_or_else(|_| {
                    let message = MESSAGE.take();
                    Err(message.unwrap_or_else(|| "it panicked without a message".to_owned()))
                })
            })
            .map_err(|err| format!("no thread: {err}"))?;
        worker
            .join()
            .unwrap_or_else(|_| Err("the thread died".to_owned()))
    })
}

/// Keeps panics of our threads off the terminal; all others go where they went.
fn silence() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if QUIET.get() {
                let payload = info.payload();
                let text = payload
                    .downcast_ref::<&str>()
                    .map(|text| (*text).to_owned())
                    .or_else(|| payload.downcast_ref::<String>().cloned());
                MESSAGE.set(text);
            } else {
                previous(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        let outcome: Result<(), String> = contained(|| panic!("more than expected"));
        assert_eq!(outcome, Err("more than expected".to_owned()));
    }
}
