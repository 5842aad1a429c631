//! Fitting schemas: one lowered document per behaviour, and what typify makes of the result.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use specmint_build::preflight::{
    names,
    schemas::{self, Place, Role, Types},
};
use specmint_spec::{
    api::Api,
    diag::Diagnostics,
    document::Lowered,
    names::Names,
    node::{Map, Node, escape_pointer},
    page::{PageIndex, Span},
    source, yaml,
};

#[test]
fn fixtures() {
    insta::glob!("schemas/*.yaml", |path| {
        let text = fs::read_to_string(path).expect("a fixture is readable");
        let mut diags = Diagnostics::default();
        let root = yaml::parse(&text, yaml::Origin::whole(PageIndex(0)), &mut diags)
            .expect("a fixture is YAML");
        let lowered = Lowered {
            root,
            operations: BTreeMap::default(),
            copies: BTreeMap::new(),
            forms: BTreeMap::default(),
        };
        let (fitted, types) = fit(&lowered, &mut diags);
        let printed = rust_types(&types);
        assert_eq!(
            printed.names,
            component_names(&types),
            "typify names what we didn't"
        );
        let comment: String = text
            .lines()
            .take_while(|line| line.starts_with('#'))
            .collect::<Vec<_>>()
            .join("\n");
        insta::with_settings!({
            prepend_module_to_snapshot => false,
            omit_expression => true,
            snapshot_path => "schemas/snapshots",
            description => comment,
        }, {
            insta::assert_snapshot!(format!("{fitted}\n{}", said(&diags)));
        });
    });
}

/// Schemas that grow with every reference, and chains of references: neither time nor stack may.
#[test]
fn hostile_documents() {
    let mut growing = String::from(
        "components:\n  schemas:\n    S0: {type: object, properties: {x: {type: string}}}\n",
    );
    let mut chain = growing.clone();
    for at in 1..60 {
        let before = at - 1;
        let _ = writeln!(
            growing,
            "    S{at}: {{type: object, properties: {{a: {{allOf: [{{$ref: '#/components/schemas/S{before}'}}, \
             {{properties: {{a{at}: {{type: string}}}}}}]}}, b: {{allOf: [{{$ref: '#/components/schemas/S{before}'}}, \
             {{properties: {{b{at}: {{type: string}}}}}}]}}}}}}",
        );
    }
    for at in (1..2_000).rev() {
        let before = at - 1;
        let _ = writeln!(
            chain,
            "    S{at}: {{allOf: [{{$ref: '#/components/schemas/S{before}'}}, {{properties: {{a{at}: {{type: string}}}}}}]}}",
        );
    }
    for text in [growing, chain] {
        let mut diags = Diagnostics::default();
        let root = yaml::parse(&text, yaml::Origin::whole(PageIndex(0)), &mut diags)
            .expect("the document is YAML");
        let lowered = Lowered {
            root,
            operations: BTreeMap::default(),
            copies: BTreeMap::new(),
            forms: BTreeMap::default(),
        };
        let types = schemas::fit(&lowered, &[], &BTreeMap::new(), &mut diags);
        assert!(diags.gate().is_ok(), "{}", said(&diags));
        assert!(types.schemas.len() >= 60);
    }
}

/// The same over documents that people wrote, read in place.
#[test]
fn corpus() {
    let Some(corpus) = std::env::var_os("SPECMINT_CORPUS") else {
        eprintln!("skipped: SPECMINT_CORPUS is not set");
        return;
    };
    let mut paths: Vec<_> = fs::read_dir(Path::new(&corpus).join("specs"))
        .expect("the corpus has a folder of documents")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    if let Some(only) = std::env::var_os("SPECMINT_ONLY") {
        let only = only.to_string_lossy().into_owned();
        paths.retain(|path| path.to_string_lossy().contains(&only));
    }
    let mut failed = Vec::new();
    for path in paths {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        match on_thread(move || whole(&path)) {
            Ok(line) => eprintln!("{name}: {line}"),
            Err(line) => {
                eprintln!("{name}: FAILED {line}");
                failed.push(name);
            }
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}

/// On a stack of its own; a panic is an error.
fn on_thread(
    f: impl FnOnce() -> Result<String, String> + Send + 'static,
) -> Result<String, String> {
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(f);
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(result)) => result,
        _ => Err("panicked".to_owned()),
    }
}

fn whole(path: &Path) -> Result<String, String> {
    let mut diags = Diagnostics::default();
    let input = source::read(path, &mut diags).map_err(|_| said(&diags))?;
    let Ok(document) = specmint_spec::read(&input.sources, &Api::default(), &mut diags) else {
        return Ok("not read".to_owned());
    };
    let Ok(lowered) = specmint_spec::lower(&document, &mut diags) else {
        return Ok("not lowered".to_owned());
    };
    let mut diags = Diagnostics::default();
    let start = std::time::Instant::now();
    let places = places(&lowered);
    let types = schemas::fit(&lowered, &places, &BTreeMap::new(), &mut diags);
    let took = start.elapsed();
    diags.gate().map_err(|_| said(&diags))?;
    let start = std::time::Instant::now();
    let printed = rust_types(&types);
    let expected = component_names(&types);
    if printed.names != expected {
        let extra: Vec<_> = printed.names.difference(&expected).take(8).collect();
        let missing: Vec<_> = expected.difference(&printed.names).take(8).collect();
        return Err(format!("typify made {extra:?}, left out {missing:?}"));
    }
    for (name, union) in &types.unions {
        let ours: Vec<_> = union
            .branches
            .iter()
            .map(|branch| branch.variant.clone())
            .collect();
        let theirs = printed.variants.get(name).cloned().unwrap_or_default();
        if ours != theirs {
            return Err(format!("variants of {name}: {ours:?}, typify {theirs:?}"));
        }
    }
    if let Some(folder) = std::env::var_os("SPECMINT_DUMP") {
        let file = Path::new(&folder)
            .join(path.file_name().unwrap_or_default())
            .with_extension("txt");
        fs::write(
            file,
            format!("{}\n{}", listing(&lowered, &types), said(&diags)),
        )
        .map_err(|error| error.to_string())?;
    }
    let warnings = diags
        .iter()
        .filter(|d| d.severity > specmint_spec::diag::Severity::Note)
        .count();
    Ok(format!(
        "{} places, {} types ({} enums, {} unions of which {} tagged, {} aliases), {warnings} \
         warnings, error {:?}, fit {took:?}, typify {:?}",
        places.len(),
        types.schemas.len(),
        types.enums.len(),
        types.unions.len(),
        types
            .unions
            .values()
            .filter(|union| union.tag.is_some())
            .count(),
        types.aliases.len(),
        match &types.error {
            schemas::ErrorShape::None => "none".to_owned(),
            schemas::ErrorShape::One(name) => name.clone(),
            schemas::ErrorShape::Many(names) => format!("{} types", names.len()),
        },
        start.elapsed(),
    ))
}

/// Fits a fixture, and prints everything there is to know.
fn fit(lowered: &Lowered, diags: &mut Diagnostics) -> (String, Types) {
    let places = places(lowered);
    let types = schemas::fit(lowered, &places, &BTreeMap::new(), diags);
    (listing(lowered, &types), types)
}

fn listing(lowered: &Lowered, types: &Types) -> String {
    let mut out = String::new();
    let mut quiet = Diagnostics::default();
    for (key, name) in names::operations(lowered, &Names::default(), &mut quiet) {
        let _ = writeln!(
            out,
            "{} {} -> {} ({})",
            key.method, key.path, name.rust, name.id
        );
    }
    out.push_str("\n# places\n");
    for (pointer, schema) in &types.at {
        let _ = writeln!(out, "{pointer}: {}", json(schema));
    }
    out.push_str("\n# types\n");
    for (name, schema) in &types.schemas {
        let _ = writeln!(out, "{name}:");
        match schema.get("properties").and_then(Node::as_object) {
            Some(properties) => {
                let required: Vec<&str> = schema
                    .get("required")
                    .and_then(Node::as_array)
                    .into_iter()
                    .flatten()
                    .filter_map(Node::as_str)
                    .collect();
                for (field, property) in properties {
                    let mark = if required.contains(&field.as_str()) {
                        ""
                    } else {
                        "?"
                    };
                    let wire = types.renames.get(&(name.to_string(), field.to_string()));
                    let wire = wire.map(|wire| format!(" = {wire:?}")).unwrap_or_default();
                    let _ = writeln!(out, "  {field}{mark}{wire}: {}", json(property));
                }
                for key in ["additionalProperties", "description", "deprecated"] {
                    if let Some(node) = schema.get(key) {
                        let _ = writeln!(out, "  {key}: {}", json(node));
                    }
                }
            }
            None => {
                let _ = writeln!(out, "  {}", json(schema));
            }
        }
        if let Some(values) = types.enums.get(name.as_str()) {
            let variants: Vec<_> = values.values.iter().map(|v| v.variant.as_str()).collect();
            let _ = writeln!(out, "  open enum: {}", variants.join(", "));
        }
        if let Some(union) = types.unions.get(name.as_str()) {
            for branch in &union.branches {
                let tags = branch.tags.join(", ");
                let _ = writeln!(
                    out,
                    "  {}: {} [{tags}]",
                    branch.variant,
                    json(&branch.schema)
                );
            }
            let _ = writeln!(out, "  tag: {:?}", union.tag);
        }
        if let Some(alias) = types.aliases.get(name.as_str()) {
            let _ = writeln!(out, "  alias, transparent: {}", alias.transparent);
        }
    }
    if !types.constants.is_empty() {
        let _ = writeln!(out, "\nconstants: {:?}", types.constants);
    }
    if !types.binary.is_empty() {
        let _ = writeln!(out, "\nbinary: {:?}", types.binary);
    }
    let _ = writeln!(out, "\nerror: {:?}", types.error);
    if !types.untyped.is_empty() {
        let _ = writeln!(out, "untyped: {:?}", types.untyped);
    }
    out
}

fn json(node: &Node) -> String {
    serde_json::to_string(node).unwrap_or_default()
}

fn said(diags: &Diagnostics) -> String {
    let mut out = String::new();
    for d in diags.iter() {
        let pointer = d.pointer.as_deref().unwrap_or_default();
        let (severity, span) = (d.severity.as_str(), d.span);
        let place = format!("{}:{} {pointer}", span.line, span.column);
        let _ = writeln!(out, "{severity}[{}] {place}: {}", d.code, d.message);
    }
    out
}

/// Everywhere a schema stands in an operation, the way the operations' room would ask.
fn places(lowered: &Lowered) -> Vec<Place> {
    let mut quiet = Diagnostics::default();
    let names = names::operations(lowered, &Names::default(), &mut quiet);
    let mut places = Vec::new();
    for (key, name) in names {
        let pointer = format!("/paths/{}/{}", escape_pointer(&key.path), key.method);
        let Some(operation) = lowered.root.pointer(&pointer) else {
            continue;
        };
        let pascal = pascal(&name.rust);
        let mut want = |pointer: String, name: String, role: Role, schema: Option<&Node>| {
            if let Some(schema) = schema {
                places.push(Place {
                    pointer,
                    name,
                    role,
                    schema: schema.clone(),
                });
            }
        };
        let parameters = operation.get("parameters").and_then(Node::as_array);
        for (at, parameter) in parameters.into_iter().flatten().enumerate() {
            let (parameter, at) = follow(lowered, parameter, format!("{pointer}/parameters/{at}"));
            let name = parameter.get_str("name").unwrap_or_default();
            want(
                format!("{at}/schema"),
                format!("{pascal}_{name}"),
                Role::Parameter,
                parameter.get("schema"),
            );
        }
        if let Some(body) = operation.get("requestBody") {
            let (body, at) = follow(lowered, body, format!("{pointer}/requestBody"));
            for (media, schema, at) in contents(body, &at) {
                let role = if media.starts_with("multipart") {
                    Role::Multipart
                } else {
                    Role::Body
                };
                want(at, format!("{pascal}Request"), role, schema);
            }
        }
        let responses = operation.get("responses").and_then(Node::as_object);
        for (status, response) in responses.into_iter().flatten() {
            let (response, at) = follow(
                lowered,
                response,
                format!("{pointer}/responses/{}", escape_pointer(status)),
            );
            for (_, schema, at) in contents(response, &at) {
                if status.starts_with('2') {
                    want(at, format!("{pascal}Response"), Role::Answer, schema);
                } else {
                    want(at, format!("{pascal}{status}Response"), Role::Error, schema);
                }
            }
        }
    }
    let mut seen = BTreeSet::new();
    places.retain(|place| seen.insert(place.pointer.clone()));
    places
}

fn contents<'a>(node: &'a Node, at: &str) -> Vec<(&'a str, Option<&'a Node>, String)> {
    node.get("content")
        .and_then(Node::as_object)
        .into_iter()
        .flatten()
        .map(|(media, content)| {
            let at = format!("{at}/content/{}/schema", escape_pointer(media));
            (media.as_str(), content.get("schema"), at)
        })
        .collect()
}

fn follow<'a>(lowered: &'a Lowered, node: &'a Node, at: String) -> (&'a Node, String) {
    match node.get_str("$ref").and_then(|text| text.strip_prefix('#')) {
        Some(target) => match lowered.root.pointer(target) {
            Some(node) => (node, target.to_owned()),
            None => (node, at),
        },
        None => (node, at),
    }
}

fn pascal(name: &str) -> String {
    name.split('_')
        .map(|word| {
            word.chars()
                .take(1)
                .flat_map(char::to_uppercase)
                .chain(word.chars().skip(1))
                .collect::<String>()
        })
        .collect()
}

fn component_names(types: &Types) -> BTreeSet<String> {
    types
        .schemas
        .keys()
        .filter(|name| !types.enums.contains_key(name.as_str()))
        .map(ToString::to_string)
        .collect()
}

/// What typify prints.
struct Printed {
    names: BTreeSet<String>,
    variants: BTreeMap<String, Vec<String>>,
}

fn rust_types(types: &Types) -> Printed {
    let span = Span::NONE;
    let text = |text: &str| Node::new(span, text);
    let document = Node::object(
        span,
        [
            ("openapi", text("3.0.3")),
            (
                "info",
                Node::object(span, [("title", text("t")), ("version", text("1"))]),
            ),
            ("paths", Node::new(span, Map::new())),
            (
                "components",
                Node::object(span, [("schemas", Node::new(span, types.schemas.clone()))]),
            ),
        ],
    );
    let document = serde_json::to_string(&document).expect("a node is JSON");
    let document: openapiv3::OpenAPI =
        serde_json::from_str(&document).expect("a fitted document is OpenAPI 3.0");
    let mut settings = progenitor::GenerationSettings::default();
    settings.with_interface(progenitor::InterfaceStyle::Builder);
    for name in types.enums.keys() {
        settings.with_replacement(name, "::std::string::String", std::iter::empty());
    }
    let mut generator = progenitor::Generator::new(&settings);
    let tokens = generator
        .generate_tokens(&document)
        .expect("typify takes a fitted document");
    let file: syn::File = syn::parse2(tokens).expect("typify prints Rust");
    let mut printed = Printed {
        names: BTreeSet::new(),
        variants: BTreeMap::default(),
    };
    for item in file.items {
        let syn::Item::Mod(module) = item else {
            continue;
        };
        if module.ident != "types" {
            continue;
        }
        for item in module.content.map(|(_, items)| items).unwrap_or_default() {
            match item {
                syn::Item::Struct(item) => {
                    printed.names.insert(item.ident.to_string());
                }
                syn::Item::Enum(item) => {
                    let variants = item.variants.iter().map(|v| v.ident.to_string()).collect();
                    printed.variants.insert(item.ident.to_string(), variants);
                    printed.names.insert(item.ident.to_string());
                }
                _ => {}
            }
        }
    }
    printed
}
