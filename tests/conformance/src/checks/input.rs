//! What a server is asked to refuse.

use anywire::{CallError, Channel, Json, Meta, Operation, RpcException};
use serde_json::{Value, json};

use super::errors::remote;
use crate::{
    Handlers,
    conformance::{Friend, Person, op},
    place::{Clients, Place},
};

/// The violations that an exception names: where and why.
pub(super) fn violations(exception: &RpcException) -> Vec<(String, String)> {
    assert_eq!(exception.code(), Some("INVALID_ARGUMENT"), "{exception:?}");
    assert_eq!(exception.status(), Some(400), "{exception:?}");
    let value: Value = serde_json::from_str(exception.to_json()).expect("JSON");
    let violations = value["details"]["violations"]
        .as_array()
        .expect("a list of violations");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    violations
        .iter()
        .map(|violation| (text(&violation["pointer"]), text(&violation["message"])))
        .collect()
}

pub(crate) async fn invalid(place: Place) {
    let handlers = Handlers::default();
    let (_running, clients) = place.serve(&handlers).await;
    let person = Person {
        name: "Al".to_owned(),
        age: 200,
        tags: vec!["a".to_owned(), "b".to_owned(), "a".to_owned()],
        email: "nobody".to_owned(),
        friends: vec![
            Friend {
                name: "Bo".to_owned(),
            },
            Friend {
                name: String::new(),
            },
        ],
    };
    let exception = remote(clients.checks.register(person.clone()).await);
    let found = violations(&exception);
    let pointers: Vec<_> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(
        pointers,
        [
            "/person/name",
            "/person/age",
            "/person/tags",
            "/person/email",
            "/person/friends/1/name"
        ]
    );
    assert_eq!(found[0].1, "must have 3 to 8 characters");
    assert_eq!(found[1].1, "must be 18 to 150");
    assert!(handlers.log.lines().is_empty(), "the handler was called");

    let sound = Person {
        name: "🦀🦀🦀🦀🦀🦀🦀🦀".to_owned(),
        age: 18,
        tags: vec![],
        email: "a@b".to_owned(),
        friends: vec![],
    };
    let name = clients
        .checks
        .register(sound.clone())
        .await
        .expect("it is sound");
    assert_eq!(name, sound.name);
}

/// A message whose types are not known to the caller.
struct Untyped<Op>(std::marker::PhantomData<fn() -> Op>);

impl<Op: Operation> Operation for Untyped<Op> {
    type Request = Json;
    type Response = Json;
    type Error = std::convert::Infallible;

    const META: &'static Meta = Op::META;
}

async fn call_untyped<Op: Operation>(clients: &Clients, payload: Value) -> Result<Json, CallError> {
    Channel::new(clients.transport.clone())
        .call::<Untyped<Op>>(Json(payload))
        .await
}

pub(crate) async fn undecodable(place: Place) {
    let (_running, clients) = place.serve(&Handlers::default()).await;
    for (payload, pointer) in [
        (json!({ "not": "a list" }), ""),
        (json!(null), ""),
        (json!([1, "two"]), "/1"),
        (json!([1, 2, 2_147_483_648_u32]), "/2"),
        (json!([1.5]), "/0"),
    ] {
        let exception = remote(call_untyped::<op::Sum>(&clients, payload.clone()).await);
        let found = violations(&exception);
        assert_eq!(found.len(), 1, "{payload}: {found:?}");
        assert_eq!(found[0].0, pointer, "{payload}: {found:?}");
    }
    let friend = json!({ "name": 7 });
    let person =
        json!({ "name": "Ada", "age": 36, "tags": [], "email": "a@b", "friends": [friend] });
    let exception =
        remote(call_untyped::<op::Register>(&clients, json!({ "person": person })).await);
    assert_eq!(violations(&exception)[0].0, "/person/friends/0/name");

    let exception = remote(call_untyped::<op::Join>(&clients, json!({ "first": "a" })).await);
    assert_eq!(
        violations(&exception)[0],
        ("/second".to_owned(), "missing".to_owned())
    );

    // Without arguments to give, a peer may give nothing.
    let nothing = call_untyped::<op::Nothing>(&clients, json!(null)).await;
    assert!(nothing.is_ok(), "{nothing:?}");
    let exception = remote(call_untyped::<op::Join>(&clients, json!(null)).await);
    let missing = ("/first".to_owned(), "missing".to_owned());
    assert_eq!(violations(&exception)[0], missing);

    // What the contract does not know is passed over, and null is the same as nothing.
    let payload = json!({ "first": "a", "later": [{}], "second": 7, "third": null });
    let joined = call_untyped::<op::Join>(&clients, payload)
        .await
        .expect("a reply");
    assert_eq!(joined.0, json!("a 7 "));
}

pub(crate) async fn not_encodable(place: Place) {
    let (_running, clients) = place.serve(&Handlers::default()).await;
    // A number that JSON does not have, or JavaScript would round, is never sent as another one.
    let mut nan = super::calls::everything();
    nan.double = f64::NAN;
    let mut large = super::calls::everything();
    large.unsigned_big = 1 << 53;
    for value in [nan, large] {
        match clients.checks.everything(value).await {
            Err(CallError::Codec(_)) => {}
            other => panic!("expected that it is not sent, found {other:?}"),
        }
    }
}
