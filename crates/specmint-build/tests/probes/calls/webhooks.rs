use probes::{
    webhooks::{
        types::BatchPayload,
        webhooks::{ParseError, Webhook, parse_order_created, parse_order_gone},
    },
    webhooks_alone,
};

#[test]
fn bodies_are_read_into_their_types() {
    let body = br#"{"type":"order.created","data":{"id":"o1","total":3.0,"state":"lost"},
        "note":"longer than allowed","new":1}"#;
    let created = parse_order_created(body).expect("a body");
    // As tolerantly as answers: an int written 3.0, an unknown state, a bound, a new field.
    assert_eq!((created.data.id.as_str(), created.data.total), ("o1", 3));
    assert_eq!(created.note.as_deref(), Some("longer than allowed"));
    let gone = parse_order_gone(br#"{"type":"order.gone","id":"o1","sent":"2026-01-02T03:04:05Z"}"#);
    assert_eq!(gone.expect("a body").id, "o1");
    let error: ParseError = parse_order_created(br#"{"type":"order.created","data":{"id":"s3cret"}}"#)
        .expect_err("no total");
    let message = error.to_string();
    assert!(message.contains("at `data`") && message.contains("total"), "{message}");
    assert!(!message.contains("s3cret"), "{message}");
}

#[test]
fn webhooks_are_told_apart_by_their_tag() {
    let parse = |body: &str| Webhook::parse(body.as_bytes());
    for kind in ["order.created", "order.cloned"] {
        let body = format!(r#"{{"data":{{"id":"o1","total":3}},"type":"{kind}"}}"#);
        let found = parse(&body).expect("a webhook");
        assert!(matches!(found, Webhook::OrderCreated(created) if created.data.total == 3));
    }
    let found = parse(r#"{"type":"batch.orders","orders":[{"id":"o1","total":3}]}"#);
    let Webhook::Batch(batch) = found.expect("a webhook") else {
        panic!("a batch");
    };
    let _: BatchPayload = batch;
    #[allow(deprecated)]
    let found = parse(r#"{"type":"pet born"}"#);
    assert!(matches!(found, Ok(Webhook::PetBorn(_))));
    let found = parse(r#"{"type":"order.painted","x":1}"#);
    assert!(matches!(found, Ok(Webhook::Unknown(kind)) if kind == "order.painted"));
    for (body, expected) in [
        (r#"{"kind":"order.gone"}"#, "`/type` is missing"),
        (r#"{"type":7}"#, "expected a text"),
        (r#"{"type":"order.gone"}"#, "missing field"),
        ("<html>", "invalid JSON"),
        ("", "is missing"),
    ] {
        let message = parse(body).expect_err(body).to_string();
        assert!(message.contains(expected), "{body}: {message}");
    }
}

#[test]
fn an_api_of_webhooks_alone_is_one() {
    let born = webhooks_alone::webhooks::parse_pet_born(br#"{"name":"Rex"}"#);
    assert_eq!(born.expect("a body").name, "Rex");
    let names = webhooks_alone::webhooks::parse_names(br#"["a","b"]"#);
    assert_eq!(names.expect("a body"), ["a", "b"]);
    // The client is there too, for what no document says.
    assert!(webhooks_alone::Client::builder().build().is_ok());
}
