//! Names of operations that a person decided on, in `api.toml`.

use specmint_spec::{
    api,
    diag::{Diagnostics, render},
    page::{PageId, Sources},
    source,
};

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Acme, version: '1'}
paths:
  /things:
    get: {operationId: things, responses: {'200': {description: Fine}}}
    post: {responses: {'200': {description: Fine}}}
  /things/{id}:
    get: {operationId: list_things, responses: {'200': {description: Fine}}}
";

/// Names of the operations in the order of the document, and what is said.
fn named(settings: &str) -> (Vec<Option<String>>, String) {
    let sources = Sources::with_beside(
        vec![source::page("acme/pages/acme.yaml", DOCUMENT)],
        vec![source::page("acme/api.toml", settings)],
    );
    let index = sources.find(&PageId("acme/api.toml".to_owned())).unwrap();
    let mut diags = Diagnostics::default();
    let api = api::parse(sources.get(index).unwrap(), index, &mut diags);
    let document = specmint_spec::read(&sources, &api, &mut diags);
    let names = document.map_or_else(
        |_| Vec::new(),
        |document| {
            [
                "/paths/~1things/get",
                "/paths/~1things/post",
                "/paths/~1things~1{id}/get",
            ]
            .map(|at| {
                document
                    .root
                    .pointer(at)?
                    .get_str("operationId")
                    .map(str::to_owned)
            })
            .to_vec()
        },
    );
    (names, render::plain(&diags, &sources))
}

#[test]
fn names_are_given_and_taken_away() {
    let (names, said) = named(
        "[operations]\n\"GET /things\" = \"list_things\"\n\"POST /things\" = \"make_thing\"\n",
    );
    let names: Vec<Option<&str>> = names.iter().map(Option::as_deref).collect();
    assert_eq!(names, [Some("list_things"), Some("make_thing"), None]);
    assert!(
        said.contains("`list_things` is what `api.toml` calls `GET /things`"),
        "{said}"
    );
}

#[test]
fn names_without_an_operation_are_errors() {
    let (names, said) = named(
        "[operations]\n\"GET /things/{id}\" = \"thing\"\n\"GET /thing\" = \"a_thing\"\n\"POST /things\" = \"thing\"\n",
    );
    assert!(names.is_empty());
    insta::assert_snapshot!(said);
}
