//! Published names hold, and former ones compile, mean the same and warn.
#![deny(unfulfilled_lint_expectations)]

use probes::renamed::{builder, types};

#[tokio::test]
async fn published_names_are_used() {
    let request = sent!(renamed, |client| client.list_things().kind(types::Kind::Large));
    assert_eq!(request.line(), "GET /things?kind=large");
}

#[tokio::test]
#[expect(deprecated, reason = "that is what former names are")]
async fn former_methods_are_the_same_call() {
    let request = sent!(renamed, |client| {
        let call: builder::GetThings<'_> = client.get_things();
        let call: builder::ListThings<'_> = call.kind(types::Kind::Small);
        call
    });
    assert_eq!(request.line(), "GET /things?kind=small");
    let request = sent!(renamed, |client| client.things());
    assert_eq!(request.line(), "GET /things");
}

/// Each former name warns by itself: an expectation that nothing fulfils is an error here.
#[test]
fn each_former_name_warns() {
    #[expect(deprecated, reason = "a former struct")]
    fn structure(thing: types::ThingModel) -> types::Thing {
        thing
    }
    #[expect(deprecated, reason = "a former enum")]
    fn enumeration(kind: types::ThingKind) -> types::Kind {
        kind
    }
    #[expect(deprecated, reason = "a former answer")]
    fn answer(answer: types::MakeAnswer) -> types::Created {
        answer
    }
    #[expect(deprecated, reason = "a former inline type")]
    fn inline(owner: types::ThingOwner) -> types::Owner {
        owner
    }
    #[expect(deprecated, reason = "a former method of one body")]
    fn method(client: &probes::renamed::Client) -> builder::CreateThingByForm<'_> {
        client.make_form()
    }
    let thing = structure(types::Thing::new("1"));
    assert_eq!(thing.id, "1");
    assert_eq!(enumeration(types::Kind::Large), types::Kind::Large);
    let _ = (answer, inline, method);
}
