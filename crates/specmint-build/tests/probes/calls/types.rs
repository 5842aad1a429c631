use std::collections::BTreeMap;

use probes::{
    deep_nesting, enums,
    enums::types::{Order, Sign, Symbol},
    numbers_and_defaults, openapi_3_1, recursion,
    tolerant_reading::types::{Pet, PetStatus, Shape},
    unions_and_not,
    unions_and_not::types::{Mapped, Unmapped},
};
use serde_json::{Value, from_value, json, to_value};

use crate::server;

/// Read into a type and written again, nothing is lost.
#[track_caller]
fn survives<T: serde::de::DeserializeOwned + serde::Serialize>(value: Value) -> T {
    let read: T = from_value(value.clone()).unwrap_or_else(|error| panic!("{value}: {error}"));
    assert_eq!(to_value(&read).expect("JSON"), value);
    read
}

#[tokio::test]
async fn answers_that_break_the_document() {
    let body = r#"{"id":"x-much-too-long","name":"n","status":"asleep","age":99.0,"weight":1.2e1,
        "tags":["b","z"],"size":7,"surprise":{"a":1}}"#;
    let (got, _) = call!(tolerant_reading, server::json(200, body), |c| c
        .get_pet()
        .id("p"));
    let pet = got.expect("a pet").into_inner();
    assert_eq!(pet.status, PetStatus::Unknown("asleep".to_owned()));
    assert_eq!(pet.status.to_string(), "asleep");
    assert_eq!((pet.age, pet.weight, pet.size), (99, Some(12), Some(7)));
    assert_eq!(pet.owner, None);

    // What is unknown goes back unchanged; what is out of bounds does not go.
    let again = pet.clone();
    let said = refused!(tolerant_reading, |c| c.put_pet().id("p").body(again));
    assert!(said.contains("`/id` must have at most 5 characters"), "{said}");
    let mut pet = pet;
    (pet.id, pet.age) = ("p-1".to_owned(), 9);
    pet.tags.remove(0);
    let (_, request) = call!(tolerant_reading, server::json(200, body), |c| c
        .put_pet()
        .id("p")
        .body(pet));
    let sent: Value = serde_json::from_str(&request.body).expect("JSON");
    assert_eq!(sent["status"], "asleep");
    assert_eq!(sent["tags"], json!(["z"]));
}

#[tokio::test]
async fn unions_with_branches_of_tomorrow() {
    let body = r#"[{"kind":"circle","radius":1.5},{"kind":"triangle","sides":[3,4,5]},
        {"kind":"square","side":2},{"kind":"square"},7]"#;
    let (got, _) = call!(tolerant_reading, server::json(200, body), |c| c.get_shape());
    let shapes = got.expect("shapes").into_inner();
    assert!(matches!(&shapes[0], Shape::Circle(circle) if circle.radius == 1.5));
    assert!(matches!(&shapes[1], Shape::Unknown(value) if value["kind"] == "triangle"));
    assert!(matches!(&shapes[2], Shape::Square(square) if square.side == 2.0));
    // Known by its tag and broken is unknown too, and nothing of it is lost.
    assert!(matches!(&shapes[3], Shape::Unknown(_)));
    assert!(matches!(&shapes[4], Shape::Unknown(value) if *value == 7));
    assert_eq!(
        to_value(&shapes[1]).expect("JSON"),
        json!({"kind": "triangle", "sides": [3, 4, 5]})
    );
}

#[tokio::test]
async fn enums_of_every_kind() {
    let value = json!({
        "order": "ASC", "sign": "-1", "symbol": "!=", "mixed": "one", "number": -1, "float": 0.5,
        "flag": true, "nullable": "a", "one": "other", "unknown": "Unknown", "twice": "b",
        "keyword": "", "bare": "z", "list": ["x", "q"],
    });
    let all: enums::types::All = survives(value.clone());
    assert_eq!(all.order, Some(Order::Asc2));
    assert_eq!(all.sign, Some(Sign::Minus1));
    assert_eq!(all.symbol, Some(Symbol::NotEq));
    for mixed in [
        json!(1),
        json!(1.5),
        json!(true),
        json!("one"),
        json!("two"),
    ] {
        let all: enums::types::All = from_value(json!({"mixed": mixed})).expect("mixed");
        let back = to_value(&all).expect("JSON");
        assert_eq!(back["mixed"].as_f64(), mixed.as_f64());
        assert!(mixed.is_number() || back["mixed"] == mixed);
    }
    from_value::<enums::types::All>(json!({"nullable": null, "mixed": null})).expect("null");

    let reply = server::json(200, &value.to_string());
    let (got, request) = call!(enums, reply, |c| c
        .echo()
        .order(Order::Asc2)
        .sign("+1")
        .number(-1)
        .body(all));
    got.expect("an answer");
    assert_eq!(request.query(), "order=ASC&sign=%2B1&number=-1");
    let sent: Value = serde_json::from_str(&request.body).expect("JSON");
    assert_eq!(sent, value);
}

#[test]
fn numbers_beyond_sixty_four_bits() {
    use numbers_and_defaults::types::Numbers;
    survives::<Numbers>(json!({"signed": i64::MIN, "unsigned": u64::MAX, "positive": 0}));
    let numbers: Numbers = serde_json::from_str(
        r#"{"unbounded":18446744073709551615,"strange":1e3,"positive":-5,"float":1}"#,
    )
    .expect("numbers");
    assert_eq!(numbers.unbounded, Some(u64::MAX));
    assert_eq!(numbers.strange, Some(1000));
    let empty: Numbers = from_value(json!({})).expect("nothing");
    assert_eq!(to_value(empty).expect("JSON"), json!({}));
}

#[test]
fn types_that_contain_themselves() {
    survives::<recursion::types::Root>(json!({
        "property": {"next": {"next": {}, "deep": {"next": {}}}},
        "array": {"children": [{"children": [{}]}]},
        "plainArray": [[], [[]]],
        "map": {"name": "a", "x": {"name": "b", "y": {}}},
        "plainMap": {"a": {"b": {}}},
        "allOf": {"derived": {"inner": {}}, "inner": {}},
        "oneOf": {"not": {"not": ["x", {"not": "y"}]}},
        "anyOf": {"x": {"x": 1}},
        "first": {"second": {"first": {}}},
        "itself": [1, {"any": "thing"}],
        "required": {"again": {"again": null}},
        "json": [true, "a", {"b": [1.5, {"c": false}]}],
    }));
}

#[test]
fn unions_tagged_and_not() {
    use unions_and_not::types::All;
    let all: All = survives(json!({
        "mapped": {"kind": "canine", "tricks": ["sit"]},
        "unmapped": {"kind": "Dog", "tricks": ["sit"]},
        "half": "text",
        "inline": {"b": "x"},
        "scalars": ["a"],
        "notString": 5,
        "notEnum": "c",
        "notProperties": {"a": "x"},
        "merged": {"kind": "k", "lives": 9, "name": "n"},
        "siblings": {"own": "o", "kind": "k", "tricks": ["t"], "y": "z"},
        "single": {"kind": "k"},
        "empty": {"any": 1},
    }));
    assert!(matches!(all.mapped, Some(Mapped::Dog(dog)) if dog.tricks == ["sit"]));
    assert!(matches!(all.unmapped, Some(Unmapped::Dog(_))));
    // Without a documented tag the branches are tried; what fits none is kept as it is.
    let all: All =
        survives(json!({"mapped": {"species": "bird"}, "inline": {"c": 1}, "scalars": true}));
    assert!(matches!(all.mapped, Some(Mapped::Unknown(_))));
}

#[test]
fn what_only_3_1_can_say() {
    let all: openapi_3_1::types::All = survives(json!({
        "either": 1, "maybe": "x", "constant": "other", "bound": 99, "any": {"a": [1]},
        "local": {"x": "y"}, "tuple": ["a", 1], "maybeRef": {"either": "s"}, "nullEnum": "b",
        "patterns": {"x-a": "b"},
    }));
    assert!(all.maybe_ref.is_some());
    from_value::<openapi_3_1::types::All>(json!({
        "maybe": null, "maybeRef": null, "nullEnum": null, "onlyNull": null, "any": null,
    }))
    .expect("null");
}

#[test]
fn schemas_in_schemas() {
    let mut value = json!([{"a": "x"}]);
    for _ in 0..44 {
        value = json!([value]);
    }
    let mut read = None;
    std::mem::swap(&mut read, &mut Some(value.clone()));
    survives::<Value>(value);
    let objects: BTreeMap<String, Value> = BTreeMap::from([("a".to_owned(), json!({}))]);
    survives::<deep_nesting::types::Objects>(to_value(objects).expect("JSON"));
}
