//! What the YAML reader makes of scalars, aliases, keys and hostile texts.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use specmint_spec::{
    diag::Diagnostics,
    node::{Node, Value},
    page::PageIndex,
    yaml::{self, Origin},
};

const ORIGIN: Origin = Origin {
    page: PageIndex(7),
    first_line: 10,
    indent: 2,
};

/// Reads a text that must be readable.
fn read(text: &str) -> Node {
    let mut diags = Diagnostics::default();
    let node = yaml::parse_either(text, ORIGIN, &mut diags);
    node.unwrap_or_else(|_| panic!("{text:?} was refused: {}", said(&diags)))
}

/// Reads a text that must be refused, and gives what was said.
fn refused(text: &str) -> String {
    let mut diags = Diagnostics::default();
    let result = yaml::parse_either(text, Origin::whole(PageIndex(0)), &mut diags);
    assert!(result.is_err(), "{text:?} was read");
    assert!(diags.gate().is_err(), "refused without a word");
    said(&diags)
}

/// `code line:column message`, one a line.
fn said(diags: &Diagnostics) -> String {
    let lines: Vec<_> = diags
        .iter()
        .map(|d| format!("{} {}:{} {}", d.code, d.span.line, d.span.column, d.message))
        .collect();
    lines.join("\n")
}

/// The type and the source text of a scalar, the JSON of anything else.
fn typed(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => format!("bool {value}"),
        Value::Number(number) => format!("number {} = {}", number.text(), number.value()),
        Value::String(text) => format!("string {text}"),
        Value::Array(_) | Value::Object(_) => serde_json::to_string(node).unwrap(),
    }
}

/// Scalars and what they are read as.
const SCALARS: &[(&str, &str)] = &[
    ("", "null"),
    ("~", "null"),
    ("null", "null"),
    ("Null", "null"),
    ("NULL", "null"),
    ("nUll", "string nUll"),
    ("''", "string "),
    ("'null'", "string null"),
    ("\"~\"", "string ~"),
    ("true", "bool true"),
    ("True", "bool true"),
    ("TRUE", "bool true"),
    ("tRUE", "string tRUE"),
    ("false", "bool false"),
    ("FALSE", "bool false"),
    ("'true'", "string true"),
    ("yes", "string yes"),
    ("no", "string no"),
    ("No", "string No"),
    ("on", "string on"),
    ("off", "string off"),
    ("y", "string y"),
    ("n", "string n"),
    ("N", "string N"),
    ("0", "number 0 = 0"),
    ("-0", "number -0 = 0"),
    ("7", "number 7 = 7"),
    ("+15555550123", "number +15555550123 = 15555550123"),
    ("-12", "number -12 = -12"),
    ("0123", "number 0123 = 123"),
    ("0x1F", "number 0x1F = 31"),
    ("0o17", "number 0o17 = 15"),
    ("0x", "string 0x"),
    ("0xG", "string 0xG"),
    ("0o8", "string 0o8"),
    ("0b101", "string 0b101"),
    ("1_000", "string 1_000"),
    ("1,000", "string 1,000"),
    ("1.10", "number 1.10 = 1.1"),
    ("1.", "number 1. = 1.0"),
    (".5", "number .5 = 0.5"),
    ("-0.0", "number -0.0 = -0.0"),
    ("1.e-7", "number 1.e-7 = 1e-7"),
    ("1e+21", "number 1e+21 = 1e+21"),
    ("1e3", "number 1e3 = 1000.0"),
    ("1e", "string 1e"),
    ("1e+", "string 1e+"),
    ("e1", "string e1"),
    (".e1", "string .e1"),
    (".", "string ."),
    ("..", "string .."),
    ("+", "string +"),
    ("-", "[null]"),
    ("--", "string --"),
    ("+-1", "string +-1"),
    ("1.2.3", "string 1.2.3"),
    ("192.168.0.1", "string 192.168.0.1"),
    ("123e4567", "string 123e4567"),
    ("647e8012", "string 647e8012"),
    (
        "123e4567-e89b-12d3-a456-426614174000",
        "string 123e4567-e89b-12d3-a456-426614174000",
    ),
    ("Infinity", "string Infinity"),
    ("-Infinity", "string -Infinity"),
    ("NaN", "string NaN"),
    (".inf", "string .inf"),
    ("-.INF", "string -.INF"),
    (".NaN", "string .NaN"),
    (
        "18446744073709551615",
        "number 18446744073709551615 = 18446744073709551615",
    ),
    (
        "9223372036854776000",
        "number 9223372036854776000 = 9223372036854776000",
    ),
    (
        "-9223372036854776000",
        "number -9223372036854776000 = -9.223372036854776e+18",
    ),
    (
        "99999999999999999999",
        "number 99999999999999999999 = 1e+20",
    ),
    ("2025-08-10", "string 2025-08-10"),
    (
        "2025-08-10T15:00:00Z-05:00",
        "string 2025-08-10T15:00:00Z-05:00",
    ),
    (
        "2024-01-01T00:00:00.000Z",
        "string 2024-01-01T00:00:00.000Z",
    ),
    ("12:30", "string 12:30"),
    ("12:30:45", "string 12:30:45"),
    ("=", "string ="),
    ("<string>", "string <string>"),
    ("!!str 1.10", "string 1.10"),
    ("!!int '7'", "number 7 = 7"),
    ("!!null x", "string x"),
    ("! 7", "string 7"),
    ("!foo 7", "number 7 = 7"),
    ("!!python/object:os.system x", "string x"),
    ("\"\\N\\L\\0\"", "string \u{85}\u{2028}\0"),
    ("|\n  a\n   b\n", "string a\n b\n"),
    ("|2-\n   a\n", "string  a"),
    (">\n  a\n  b\n", "string a b\n"),
    ("# nothing", "null"),
    ("{}", "{}"),
    ("[]", "[]"),
];

#[test]
fn scalars() {
    for (text, expected) in SCALARS {
        assert_eq!(&typed(&read(text)), expected, "as a document: {text:?}");
        if *text != "-" {
            let node = read(&format!("k: {text}\n"));
            assert_eq!(
                &typed(node.get("k").unwrap()),
                expected,
                "as a value: {text:?}"
            );
        }
    }
}

#[test]
fn digits_beyond_every_float_stay_text() {
    let digits = "9".repeat(400);
    assert_eq!(typed(&read(&digits)), format!("string {digits}"));
    assert_eq!(
        typed(read(&format!("[{digits}]")).pointer("/0").unwrap()),
        format!("string {digits}")
    );
}

#[test]
fn keys_are_strings_as_written() {
    let text = "200: a\n4XX: b\n1.10: c\ntrue: d\n: e\n'n': f\n0x10: g\n'': h\n? i\n";
    let node = read(text);
    let keys: Vec<_> = node.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["200", "4XX", "1.10", "true", "null", "n", "0x10", "", "i"]
    );
}

/// Texts and the JSON they hold.
const TREES: &[(&str, &str)] = &[
    ("a: &x {b: 1}\nc: *x\n", r#"{"a":{"b":1},"c":{"b":1}}"#),
    (
        "a: &x [1, 2]\nb: [*x, *x]\n",
        r#"{"a":[1,2],"b":[[1,2],[1,2]]}"#,
    ),
    ("&k a: 1\nb: *k\n", r#"{"a":1,"b":"a"}"#),
    ("a: &k x\n*k : 1\n", r#"{"a":"x","x":1}"#),
    (
        "a: &x {b: &y {c: 1}}\nd: *y\ne: *x\n",
        r#"{"a":{"b":{"c":1}},"d":{"c":1},"e":{"b":{"c":1}}}"#,
    ),
    // An anchor named twice: an alias means the last one before it.
    (
        "a: &x 1\nb: *x\nc: &x 2\nd: *x\n",
        r#"{"a":1,"b":1,"c":2,"d":2}"#,
    ),
    (
        "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  b: 3\n",
        r#"{"a":{"b":1,"c":2},"d":{"b":3,"c":2}}"#,
    ),
    ("b: 0\n<<: {b: 1, c: 2}\n", r#"{"b":0,"c":2}"#),
    ("<<: [{a: 1}, {a: 2, b: 2}]\n", r#"{"a":1,"b":2}"#),
    ("<<: {a: 1}\n<<: {b: 2}\n", r#"{"a":1,"b":2}"#),
    ("'<<': {a: 1}\n", r#"{"<<":{"a":1}}"#),
    ("---\na: 1\n...\n", r#"{"a":1}"#),
    (
        "{a: 1, 'b':2, \"c\":3, d}\n",
        r#"{"a":1,"b":2,"c":3,"d":null}"#,
    ),
    ("- - 1\n  - 2\n-\n- a: b\n", r#"[[1,2],null,{"a":"b"}]"#),
    ("a:\n- 1\n- 2\n", r#"{"a":[1,2]}"#),
    (
        "a: |-\n  ```\n  x\n  ```\nb: 1\n",
        r#"{"a":"```\nx\n```","b":1}"#,
    ),
    ("{\"a\":\t[1,\n\t2]}\n", r#"{"a":[1,2]}"#),
    (r#"{"a": "\uD83D\uDE00\/\u0041"}"#, r#"{"a":"😀/A"}"#),
    (
        r#"[1, -2.5e3, true, null, "x"]"#,
        r#"[1,-2500.0,true,null,"x"]"#,
    ),
    (r#"{"a": 99999999999999999999}"#, r#"{"a":1e+20}"#),
];

#[test]
fn trees() {
    for (text, expected) in TREES {
        assert_eq!(
            &serde_json::to_string(&read(text)).unwrap(),
            expected,
            "{text:?}"
        );
    }
}

/// Texts that can't be read, and how what is said about them begins.
const REFUSED: &[(&str, &str)] = &[
    (
        "a: 1\nb: 2\na: 3\n",
        "Y0003 3:1 the key `a` stands twice in one mapping",
    ),
    (
        "{\"a\": 1,\n \"a\": 2}",
        "Y0003 2:2 the key `a` stands twice in one mapping",
    ),
    (
        "200: a\n'200': b\n",
        "Y0003 2:1 the key `200` stands twice in one mapping",
    ),
    (
        "<<: {a: 1}\na: 2\na: 3\n",
        "Y0003 3:1 the key `a` stands twice in one mapping",
    ),
    (
        "a: &x [*x]\n",
        "Y0005 1:8 this alias stands inside its own anchor",
    ),
    (
        "&x [*x]\n",
        "Y0005 1:5 this alias stands inside its own anchor",
    ),
    (
        "a: 1\n---\nb: 2\n",
        "Y0006 2:1 a second YAML document begins here",
    ),
    ("a: 1\0b: 2\n", "Y0007 1:5 the text holds a NUL character"),
    ("é\n\u{1F600}\0", "Y0007 2:2 the text holds a NUL character"),
    (
        "{a: 1}: b\n",
        "Y0008 1:1 a key must be a scalar, not a sequence or a mapping",
    ),
    (
        "? [a]\n: b\n",
        "Y0008 1:3 a key must be a scalar, not a sequence or a mapping",
    ),
    (
        "a: &x [1]\n*x : 2\n",
        "Y0008 2:1 a key must be a scalar, not a sequence or a mapping",
    ),
    (
        "a: 1\n<<: 7\n",
        "Y0011 2:1 `<<` takes a mapping or a sequence of mappings",
    ),
    (
        "{\"a\": 1,}",
        "Y0012 1:8 this is not JSON: trailing commas are not allowed",
    ),
    (
        "{\"a\": 1} x",
        "Y0012 1:10 this is not JSON: text cannot contain more than one json value",
    ),
    ("{\"a\": 01}", "Y0012"),
    ("{\"a\": tru}", "Y0012"),
    ("{\"a\": \"\\uD83D\"}", "Y0012"),
    ("{\"a\": [1, 2}", "Y0012"),
    ("{\"a\"", "Y0012"),
    ("a: *nowhere\n", "Y0001 1:4"),
    ("a:\n\tb: 1\n", "Y0001 2:"),
    ("a: 'open\n", "Y0001"),
    ("a: [1, 2\n", "Y0001"),
    ("a: b: c\n", "Y0001 1:"),
    ("a: 1\n b: 2\n", "Y0001 2:"),
    ("a: @x\n", "Y0001 1:4"),
];

#[test]
fn refusals_have_a_place() {
    for (text, expected) in REFUSED {
        let said = refused(text);
        assert!(
            said.starts_with(expected),
            "{text:?} gave {said:?}, not {expected:?}"
        );
    }
}

#[test]
fn every_duplicate_names_both_places() {
    let mut diags = Diagnostics::default();
    let text = "a: 1\nb: 2\na: 3\nb: 4\n";
    assert!(yaml::parse(text, ORIGIN, &mut diags).is_err());
    let places: Vec<_> = diags
        .iter()
        .map(|d| (d.span.line, d.labels[0].0.line, d.labels[0].0.column))
        .collect();
    assert_eq!(places, [(12, 10, 3), (13, 11, 3)]);
}

/// The page position of a node.
fn at(node: &Node, pointer: &str) -> (u32, u32) {
    let span = node.pointer(pointer).unwrap().span;
    assert_eq!(span.page, PageIndex(7));
    (span.line, span.column)
}

#[test]
fn positions_are_those_of_the_page() {
    let node = read("a: 1\nb:\n  - x\n  - {c: é, d: 2}\n  -\n    e: 1\n");
    let places = [
        "/a", "/b", "/b/0", "/b/1", "/b/1/c", "/b/1/d", "/b/2", "/b/2/e",
    ];
    assert_eq!(
        places.map(|pointer| at(&node, pointer)),
        [
            (10, 3),
            (11, 3),
            (12, 7),
            (13, 7),
            (13, 8),
            (13, 14),
            (15, 7),
            (15, 7)
        ]
    );
}

#[test]
fn positions_in_json() {
    let node = read("{\"é\": [1,\n   {\"b\": 2}], \"c\": 3}");
    assert_eq!(
        ["", "/é", "/é/0", "/é/1/b", "/c"].map(|pointer| at(&node, pointer)),
        [(10, 3), (10, 4), (10, 10), (11, 7), (11, 17)]
    );
}

#[test]
fn notes() {
    let mut diags = Diagnostics::default();
    yaml::parse(
        "a: !x 1\nb: !y 2\nc: .inf\n",
        Origin::whole(PageIndex(0)),
        &mut diags,
    )
    .unwrap();
    assert_eq!(
        said(&diags),
        "Y0009 1:4 the tag `!x` is ignored\n\
         Y0010 3:4 `.inf` is no number that JSON can hold, so it is read as text"
    );
}

/// Ten levels, each naming the one before ten times.
fn laughs() -> String {
    let mut text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..10 {
        let below = format!("*a{}", level - 1);
        writeln!(
            text,
            "a{level}: &a{level} [{}]",
            [below.as_str(); 10].join(", ")
        )
        .unwrap();
    }
    text
}

/// Hostile texts, and the code that refuses them.
fn bombs() -> Vec<(&'static str, String, &'static str)> {
    let mut block_maps = String::new();
    for depth in 0..3000 {
        writeln!(block_maps, "{}a:", " ".repeat(depth)).unwrap();
    }
    let quadratic = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(100_000),
        "*a, ".repeat(10_000)
    );
    let many = format!("a: &a 1\nb: [{}]\n", "*a, ".repeat(30_000));
    let anchors: String = (0..120).fold(String::new(), |text, level| format!("{text}&a{level} ["));
    let nested_anchors = format!("{anchors}{}{}", "x, ".repeat(100_000), "]".repeat(120));
    let mut deep_by_alias = "- &a0 []\n".to_owned();
    for level in 1..200 {
        writeln!(deep_by_alias, "- &a{level} [*a{}]", level - 1).unwrap();
    }
    vec![
        ("laughs", laughs(), "Y0004"),
        ("quadratic", quadratic, "Y0004"),
        ("many aliases", many, "Y0004"),
        ("nested anchors", nested_anchors, "Y0004"),
        ("deep by alias", deep_by_alias, "Y0002"),
        (
            "flow sequences",
            format!("a: {}", "[".repeat(1 << 20)),
            "Y000",
        ),
        ("flow mappings", "{a: ".repeat(1 << 18), "Y000"),
        ("JSON arrays", "[".repeat(1 << 20), "Y0002"),
        ("JSON objects", "{\"a\":".repeat(1 << 18), "Y0002"),
        (
            "JSON between the limits",
            format!("{}{}", "[".repeat(300), "]".repeat(300)),
            "Y0002",
        ),
        ("block sequences", "- ".repeat(1 << 19), "Y0002"),
        ("explicit keys", "? ".repeat(1 << 19), "Y0008"),
        ("block maps", block_maps, "Y0002"),
    ]
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test measures time")]
fn bombs_are_refused_quickly() {
    for (name, text, code) in bombs() {
        let start = Instant::now();
        let said = refused(&text);
        let took = start.elapsed();
        assert!(said.starts_with(code), "{name}: {said}");
        // The promise is one second; an unoptimized build on a busy machine gets more.
        assert!(took < Duration::from_secs(5), "{name} took {took:?}");
    }
}

#[test]
fn as_deep_as_allowed() {
    read(&format!("{}{}", "[".repeat(128), "]".repeat(128)));
    read(&format!("a: {}{}", "[".repeat(127), "]".repeat(127)));
    assert!(refused(&format!("a: {}{}", "[".repeat(128), "]".repeat(128))).starts_with("Y0002"));
    assert!(refused(&format!("{}{}", "[".repeat(129), "]".repeat(129))).starts_with("Y0002"));
}

/// Every cut and many small changes of a text with a bit of everything in it: whatever comes out,
/// it is no panic, and a refusal never goes without an error.
#[test]
fn mutations_never_panic() {
    let seed = "%YAML 1.2\n---\na: &x {b: [1, 'q', \"w\\n\"], c: &x0 1}\n<<: *x\nd: |-\n  t\n\n  u\n\
                e: >+\n  f\n? g\n: - h\n  - !!str 1\n'i': # c\n  j: k l\n   m\n...\n";
    read(seed);
    let insertions = [
        "\t", "\n", "-", "?", ":", "{", "]", "&", "*", "!", "|", "\"", "'", "%", "é", "\r",
        "\u{FEFF}",
    ];
    for at in 0..=seed.len() {
        let mut texts = vec![seed[..at].to_owned(), seed[at..].to_owned()];
        texts.extend(
            insertions.map(|insertion| format!("{}{insertion}{}", &seed[..at], &seed[at..])),
        );
        for text in texts {
            let mut diags = Diagnostics::default();
            let result = yaml::parse_either(&text, ORIGIN, &mut diags);
            assert_eq!(result.is_err(), diags.gate().is_err(), "{text:?}");
        }
    }
}
