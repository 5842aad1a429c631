//! Published names: what `names.lock` holds stays as it is, whatever is added around it.

use std::{fs, path::Path};

use specmint_build::{Generated, Settings, generate, preflight::published};
use specmint_spec::{
    api::Api,
    diag::Diagnostics,
    document::Lowered,
    names::{self, Names, Table},
    page::{PageIndex, Sources},
    source,
};

fn lowered(text: &str) -> Lowered {
    let sources = Sources::new(vec![source::page("api.yaml", text)]);
    let mut diags = Diagnostics::default();
    let document = specmint_spec::read(&sources, &Api::default(), &mut diags);
    document
        .and_then(|document| specmint_spec::lower(&document, &mut diags))
        .unwrap_or_else(|_| panic!("{diags:?}"))
}

/// What everything is called, and what is said about published names.
fn named(text: &str, names: &Names) -> (Names, Vec<String>) {
    let mut diags = Diagnostics::default();
    let settings = Settings {
        names: names.clone(),
        ..Settings::default()
    };
    let named = published::names(&lowered(text), &settings, &mut diags);
    let said = diags
        .iter()
        .filter(|d| [published::UNUSABLE, published::UNUSED].contains(&d.code))
        .map(|d| format!("{}: {}", d.span.line, d.message))
        .collect();
    (named.unwrap_or_default(), said)
}

/// The names a document has when nothing is published.
fn first(text: &str) -> Names {
    named(text, &Names::default()).0
}

fn code(text: &str, names: &Names) -> String {
    let settings = Settings {
        names: names.clone(),
        ..Settings::default()
    };
    let mut diags = Diagnostics::default();
    let generated: Result<Generated, _> = generate(&lowered(text), &settings, &mut diags);
    generated
        .unwrap_or_else(|_| panic!("{diags:?}"))
        .file
        .text()
}

fn lock(text: &str) -> Names {
    let page = source::page("names.lock", text);
    let mut diags = Diagnostics::default();
    let names = names::parse(&page, PageIndex(0), &mut diags);
    assert!(diags.is_empty(), "{diags:?}");
    names
}

fn operation<'a>(names: &'a Names, key: &str) -> &'a str {
    names.operations.get(key).map_or("", |entry| &entry.name)
}

fn type_<'a>(names: &'a Names, key: &str) -> &'a str {
    names.types.get(key).map_or("", |entry| &entry.name)
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\n";

fn paths(operations: &[(&str, &str)]) -> String {
    let mut text = format!("{HEAD}paths:\n");
    for (path, body) in operations {
        text.push_str(&format!(
            "  {path}:\n    get: {{{body} responses: {{'204': {{description: ok}}}}}}\n"
        ));
    }
    text
}

#[test]
fn an_operation_that_is_added_takes_no_name_away() {
    let old = paths(&[("/v1/users/{id}", "")]);
    // Another version of the same path: neither has a better claim to the name.
    let new = paths(&[("/v1/users/{id}", ""), ("/v2/users/{id}", "")]);
    let published = first(&old);
    assert_eq!(operation(&published, "GET /v1/users/{id}"), "get_user");
    assert_ne!(
        operation(&first(&new), "GET /v1/users/{id}"),
        "get_user",
        "without the lock this is no test"
    );
    let (now, said) = named(&new, &published);
    assert_eq!(operation(&now, "GET /v1/users/{id}"), "get_user");
    assert_eq!(operation(&now, "GET /v2/users/{id}"), "get_user_by_id");
    assert!(said.is_empty(), "{said:?}");
}

#[test]
fn an_id_that_is_added_takes_no_name_away() {
    let old = paths(&[("/v1/users/{id}", "")]);
    let new = paths(&[("/v1/users/{id}", ""), ("/other", "operationId: getUser,")]);
    assert_eq!(operation(&first(&new), "GET /other"), "get_user");
    let (now, _) = named(&new, &first(&old));
    assert_eq!(operation(&now, "GET /v1/users/{id}"), "get_user");
    assert_eq!(operation(&now, "GET /other"), "get_other");
}

#[test]
fn an_id_that_is_renamed_upstream_renames_nothing() {
    let old = paths(&[("/users", "operationId: listUsers,")]);
    let new = paths(&[("/users", "operationId: queryAllUsers,")]);
    let (now, _) = named(&new, &first(&old));
    assert_eq!(operation(&now, "GET /users"), "list_users");
}

#[test]
fn builders_and_bodies_keep_their_names_too() {
    // `a_1` and `a1` have one builder's name; the body's method is named after the operation's.
    let old = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths:\n  /z:\n    post:\n      operationId: a1\n      requestBody:\n        content:\n          application/json: {schema: {type: object}}\n          text/plain: {schema: {type: string}}\n      responses: {'204': {description: ok}}\n";
    let published = first(old);
    let added = "  /b:\n    get: {operationId: a_1, responses: {'204': {description: ok}}}\n  /c:\n    get: {operationId: a1_text, responses: {'204': {description: ok}}}\n";
    let new = old.replacen("paths:\n", &format!("paths:\n{added}"), 1);
    let plain = first(&new);
    for key in ["POST /z", "POST /z text/plain"] {
        assert_ne!(
            operation(&plain, key),
            operation(&published, key),
            "no test"
        );
        let (now, said) = named(&new, &published);
        assert_eq!(operation(&now, key), operation(&published, key));
        assert_ne!(operation(&now, "GET /b"), "a_1", "its builder is taken");
        assert!(said.is_empty(), "{said:?}");
    }
}

const THINGS: &str = "openapi: 3.0.3
info: {title: A, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties:
                  data: {type: array, items: {$ref: '#/components/schemas/my-thing'}}
                  paging: {type: object, properties: {next: {type: string}}}
components:
  schemas:
    my-thing: {type: object, properties: {id: {type: string}}}
";
const THING: &str = "/components/schemas/my-thing";
const PAGING: &str =
    "/paths/~1things/get/responses/200/content/application~1json/schema/properties/paging";

#[test]
fn a_type_that_is_added_takes_no_name_away() {
    let published = first(THINGS);
    assert_eq!(type_(&published, THING), "MyThing");
    assert_eq!(type_(&published, PAGING), "ListThingsPaging");
    // Both are called so in the document, which has the best claim.
    let new = format!(
        "{THINGS}    MyThing: {{type: object, properties: {{other: {{type: integer}}}}}}\n    \
         ListThingsPaging: {{type: object, properties: {{page: {{type: integer}}}}}}\n"
    );
    let plain = first(&new);
    assert_ne!(type_(&plain, THING), "MyThing", "no test");
    assert_ne!(type_(&plain, PAGING), "ListThingsPaging", "no test");
    let (now, said) = named(&new, &published);
    assert_eq!(type_(&now, THING), "MyThing");
    assert_eq!(type_(&now, PAGING), "ListThingsPaging");
    assert_eq!(type_(&now, "/components/schemas/MyThing"), "MyThing2");
    assert!(said.is_empty(), "{said:?}");
    let code = code(&new, &published);
    assert!(code.contains("pub struct MyThing2"), "{code}");
}

#[test]
fn an_equal_type_elsewhere_renames_nothing() {
    // One more operation with the same inline type: what both have in common would name it.
    let more = "  /a:\n    get:\n      operationId: listOthers\n      responses:\n        '200':\n          description: ok\n          content:\n            application/json:\n              schema:\n                type: object\n                properties:\n                  paging: {type: object, properties: {next: {type: string}}}\n";
    let new = THINGS.replacen("paths:\n", &format!("paths:\n{more}"), 1);
    let published = first(THINGS);
    let code = code(&new, &published);
    assert!(code.contains("pub struct ListThingsPaging"), "{code}");
}

#[test]
fn two_types_that_become_one_keep_both_names() {
    let published = first(THINGS);
    let new = THINGS.replacen(
        "paging: {type: object, properties: {next: {type: string}}}",
        "paging: {type: object, properties: {id: {type: string}, a: {type: string}, b: {type: string}}}",
        1,
    );
    let new = new.replacen(
        "my-thing: {type: object, properties: {id: {type: string}}}",
        "my-thing: {type: object, properties: {id: {type: string}, a: {type: string}, b: {type: string}}}",
        1,
    );
    let code = code(&new, &published);
    assert!(code.contains("pub struct MyThing "), "{code}");
    assert!(
        code.contains("pub type ListThingsPaging = MyThing;"),
        "{code}"
    );
}

#[test]
fn a_rename_leaves_deprecated_aliases() {
    let mut names = first(THINGS);
    let rename = |names: &mut Names, table, key: &str, name: &str| {
        names.rename(table, key, name).expect("the name is free");
    };
    rename(&mut names, Table::Operations, "GET /things", "all_things");
    rename(&mut names, Table::Types, THING, "Thing");
    let code = code(THINGS, &names);
    for line in [
        "pub fn all_things(&self) -> builder::AllThings<'_> {",
        "#[deprecated(note = \"renamed to `all_things`\")]",
        "pub fn list_things(&self) -> builder::AllThings<'_> {",
        "pub type ListThings<'a> = AllThings<'a>;",
        "pub struct Thing {",
        "#[deprecated(note = \"renamed to `Thing`\")]",
        "pub type MyThing = Thing;",
    ] {
        assert!(code.contains(line), "{line}\n{code}");
    }
}

#[test]
fn what_fits_nothing_is_a_note_and_what_can_not_be_used_an_error() {
    let names = lock(
        "version = 1\n[operations]\n\"GET /gone\" = \"gone\"\n[types]\n\"/components/schemas/Gone\" = \"Gone\"\n",
    );
    let (now, said) = named(THINGS, &names);
    assert_eq!(operation(&now, "GET /things"), "list_things");
    assert_eq!(
        said,
        [
            "3: nothing stands at `GET /gone` any more; `gone` is kept",
            "5: nothing stands at `/components/schemas/Gone` any more; `Gone` is kept",
        ]
    );
    for (line, word) in [
        (
            "[operations]\n\"GET /things\" = \"listThings\"",
            "name of a method",
        ),
        (
            "[operations]\n\"GET /things\" = \"builder\"",
            "name of a method",
        ),
        (
            "[operations]\n\"GET /things\" = \"option\"",
            "name of a method",
        ),
        (
            "[operations]\n\"GET /things\" = { name = \"a1\", was = [\"a_1\"] }",
            "names two operations",
        ),
        (
            "[types]\n\"/components/schemas/my-thing\" = \"my_thing\"",
            "name of a type",
        ),
        (
            "[types]\n\"/components/schemas/my-thing\" = \"String\"",
            "name of a type",
        ),
        (
            "[types]\n\"/components/schemas/my-thing\" = { name = \"A\", was = [\"a\", \"A\"] }",
            "name of a type",
        ),
    ] {
        let (now, said) = named(THINGS, &lock(&format!("version = 1\n{line}\n")));
        assert_eq!(now, Names::default(), "{line}: nothing is generated");
        assert!(said.iter().any(|s| s.contains(word)), "{line}: {said:?}");
    }
}

/// Publishing the names of a document changes nothing about it.
#[test]
fn published_names_are_those_by_rule() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut seen = 0;
    for folder in ["fixtures", "probes"] {
        for entry in fs::read_dir(root.join(folder)).expect("the folder is there") {
            let path = entry.expect("the folder can be read").path();
            if path.extension().is_none_or(|ending| ending != "yaml") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("the document can be read");
            let published = first(&text);
            if published.operations.is_empty() {
                continue;
            }
            seen += 1;
            let (now, said) = named(&text, &published);
            assert!(said.is_empty(), "{}: {said:?}", path.display());
            assert_eq!(now, published, "{}", path.display());
            assert!(
                code(&text, &published) == code(&text, &Names::default()),
                "{}: the code is another one",
                path.display()
            );
        }
    }
    assert!(seen > 20, "{seen}");
}

/// The same names over documents that people wrote, read in place.
#[test]
fn published_names_of_the_corpus_are_those_by_rule() {
    let Some(corpus) = std::env::var_os("SPECMINT_CORPUS") else {
        eprintln!("skipped: SPECMINT_CORPUS is not set");
        return;
    };
    let mut seen = 0;
    let mut wrong = Vec::new();
    let entries = fs::read_dir(Path::new(&corpus).join("specs")).expect("there are documents");
    for entry in entries.flatten() {
        let path = entry.path();
        if entry.metadata().is_ok_and(|meta| meta.len() > 1 << 20) {
            continue;
        }
        let names = |published: &Names| {
            let mut diags = Diagnostics::default();
            let input = source::read(&path, &mut diags).ok()?;
            let document = specmint_spec::read(&input.sources, &input.api, &mut diags).ok()?;
            let lowered = specmint_spec::lower_owned(document, &mut diags).ok()?;
            let settings = Settings {
                names: published.clone(),
                ..Settings::default()
            };
            let named = published::names(&lowered, &settings, &mut diags);
            let said = diags
                .iter()
                .find(|d| d.fatal || d.code == published::UNUSED);
            let said = said.map(|d| d.message.clone());
            Some((named.ok(), said))
        };
        let Some((Some(first), _)) = names(&Names::default()) else {
            continue;
        };
        seen += 1;
        let again = names(&first);
        if again != Some((Some(first), None)) {
            let said = again.and_then(|(_, said)| said).unwrap_or_default();
            wrong.push(format!("{}: {said}", path.display()));
        }
    }
    assert!(seen > 0, "the corpus has no usable document");
    assert!(wrong.is_empty(), "of {seen}:\n{}", wrong.join("\n"));
}
