use std::ops::Deref as _;

use probes::{names_that_collide, operation_ids};

use crate::server::json;

#[tokio::test]
async fn operations_that_are_called_like_methods() {
    let line = |request: crate::server::Recorded| request.line().to_owned();
    assert_eq!(
        line(sent!(names_that_collide, |c| c.new_operation())),
        "GET /c"
    );
    assert_eq!(
        line(sent!(names_that_collide, |c| c.builder_operation())),
        "GET /d"
    );
    assert_eq!(
        line(sent!(names_that_collide, |c| c.from_env_operation())),
        "GET /e"
    );
    assert_eq!(
        line(sent!(names_that_collide, |c| c.request_operation())),
        "GET /f"
    );
    assert_eq!(
        line(sent!(names_that_collide, |c| c.call_operation())),
        "GET /g"
    );
    assert_eq!(
        line(sent!(names_that_collide, |c| c.clone_operation())),
        "GET /h"
    );
    assert_eq!(
        line(sent!(names_that_collide, |c| c.deref_operation())),
        "GET /l"
    );
    assert_eq!(line(sent!(names_that_collide, |c| c.client())), "GET /n");
    assert_eq!(line(sent!(names_that_collide, |c| c._123())), "GET /k");
    let client = names_that_collide::Client::builder()
        .build()
        .expect("a client");
    assert!(client.deref().base_url().is_some());
}

/// Setters are called like their fields, but for what every type has already.
#[tokio::test]
async fn members_that_are_called_like_what_every_struct_has() {
    let bare = names_that_collide::types::Taken::new("v", "c");
    let body = bare
        .clone()
        .values(["1", "2"])
        .new_("n")
        .new_2("n_")
        .default_(["d".to_owned()])
        .self_("s")
        .type_("t")
        .from("f")
        .into("i")
        .fn_([1, 2])
        .next(bare)
        .free(serde_json::json!({"a": [1]}))
        .default_map([("k".to_owned(), "v".to_owned())]);
    let request = sent!(names_that_collide, |c| c.take().body(body));
    let sent: serde_json::Value = serde_json::from_str(&request.body).expect("JSON");
    let expected = serde_json::json!({
        "value": "v", "values": ["1", "2"], "new": "n", "new_": "n_", "default": ["d"],
        "clone": "c", "self": "s", "type": "t", "kind": "taken", "from": "f", "into": "i",
        "fn": [1, 2], "next": {"value": "v", "kind": "taken", "clone": "c"},
        "free": {"a": [1]}, "default_map": {"k": "v"},
    });
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn schemas_that_are_called_alike() {
    let body = r#"{"createdAt":"1","created_at":"2","type":"3","self":"4","Self":"5","":"6",
        "filter[name]":"7","filter_name":"8","a":"9","A":"10","@id":"11","1st":"12"}"#;
    let (got, _) = call!(names_that_collide, json(200, body), |c| c.get_b());
    let got = got.expect("it").into_inner();
    // Everything comes back under its own name.
    let sent: serde_json::Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(serde_json::to_value(&got).expect("JSON"), sent);
    assert_eq!(got.created_at.as_deref(), Some("2"));
    let (got, _) = call!(names_that_collide, json(200, r#"{"a":"x"}"#), |c| c.get_a());
    assert_eq!(got.expect("it").a.as_deref(), Some("x"));
    let body = r#"{"string":{"a":"1"},"option":{"a":"2"},"vec":{"a":["3"]},"box":{"a":{"a":{}}},
        "some":"Err","pet":{"a":"4"},"pet2":{"b":"5"}}"#;
    let (got, _) = call!(names_that_collide, json(200, body), |c| c
        .string_operation());
    let sent: serde_json::Value = serde_json::from_str(body).expect("JSON");
    let got = serde_json::to_value(got.expect("it").into_inner()).expect("JSON");
    assert_eq!(got, sent);
}

#[tokio::test]
async fn ids_that_are_missing_doubled_or_no_words() {
    let line = |request: crate::server::Recorded| request.line().to_owned();
    assert_eq!(line(sent!(operation_ids, |c| c.list_pets())), "GET /pets");
    assert_eq!(line(sent!(operation_ids, |c| c.create_pet())), "POST /pets");
    assert_eq!(
        line(sent!(operation_ids, |c| c.get_pet().id("1"))),
        "GET /pets/1"
    );
    assert_eq!(
        line(sent!(operation_ids, |c| c.delete_pet().id("1"))),
        "DELETE /pets/1"
    );
    assert_eq!(line(sent!(operation_ids, |c| c.list_shops())), "GET /shops");
    assert_eq!(line(sent!(operation_ids, |c| c.list_toys())), "GET /toys");
    assert_eq!(
        line(sent!(operation_ids, |c| c.list_symbols())),
        "GET /symbols"
    );
    assert_eq!(
        line(sent!(operation_ids, |c| c.get_all_the_words_v2())),
        "GET /words"
    );
    assert_eq!(line(sent!(operation_ids, |c| c.a_b_c())), "GET /quoted");
    let error = operation_ids::Client::builder().base_url("nowhere").build();
    assert!(error.is_err());
}

#[tokio::test]
async fn versions_that_no_header_can_have() {
    for request in [
        sent!(version_not_ascii, |c| c.get()),
        sent!(version_with_newline, |c| c.get()),
    ] {
        let agent = request.header("user-agent").expect("an agent");
        assert!(agent.contains("version_"), "{agent}");
        assert_eq!(request.header("x-injected"), None);
        assert_eq!(request.header("api-version"), None);
    }
}
