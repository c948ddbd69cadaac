//! What compiles in hostile surroundings also works there.

use anywire_hostile::nested::{
    services::{
        _2faRequest, CallRequest, CloneRequest, DispatchRequest, DropRequest, Event, Future,
        FutureClient, FuturePublisher, FutureServer, MoveRequest, P, PSubscriber, Text, op,
    },
    r#type::{self as names, Debug, Error},
};
use aw::{App, CallError, Context, Failure, Memory, On, Operation, json, proto};

fn value() -> names::Clone {
    names::Clone::new(
        "from",
        names::Into::from("object"),
        1,
        true,
        names::T {},
        2,
        names::H(names::T {}),
        "anywire",
        3,
        Debug::Error {
            object: Some(u64::MAX),
            violations: "v".to_owned(),
        },
        vec![names::Default::Unknown_],
        4,
        "a",
    )
}

#[test]
fn values_keep_their_names_on_the_wire() {
    let text = concat!(
        r#"{"from":"from","object":"object","field":1,"f":true,"details":{},"request":2,"self_":{},"#,
        r#""anywire":"anywire","None":"Some","_hidden":3,"#,
        r#""type":{"self":"r#type","object":"18446744073709551615","violations":"v"},"#,
        r#""gen":["Unknown"],"other":4,"static":"a"}"#
    );
    assert_eq!(json::encode(&value()).expect("it encodes"), text);
    assert_eq!(json::decode::<names::Clone>(text.as_bytes()), Ok(value()));
}

#[test]
fn values_have_numbers() {
    let mut value = value();
    value.message = Some("m".into());
    value.r#type = Debug::Debug {
        to: "t".to_owned(),
        from: names::from { x: 0 },
        r#fn: Some(0),
    };
    assert_eq!(proto::decode(&proto::encode(&value)), Ok(value));
    let codec = op::Call::PROTO.expect("it has numbers");
    let error = Error::Ok {
        code: 7,
        from: names::from { x: 1 },
    };
    let details = (codec.encode_error)(&error);
    assert_eq!(details.name, "hostile.names.v1.Error.Ok");
    let back = (codec.decode_error)("OK", &details.message);
    assert_eq!(back, Ok(Some(error)));
}

#[test]
fn messages_of_errors_hold_every_field() {
    let details = names::L(std::collections::BTreeMap::new());
    let error = Error::Error {
        f: 1,
        r#type: "t".to_owned(),
        self_: true,
        to: "x".to_owned(),
        details,
    };
    assert_eq!(error.to_string(), "1 {} t true x");
}

#[test]
fn keys_are_texts() {
    assert_eq!(P::key(&P::new("k", 1)).as_deref(), Some("k"));
    assert_eq!(Text::key(&Text(7)).as_deref(), Some("7"));
    assert_eq!(json::encode(&Text(7)).expect("it encodes"), "\"7\"");
}

struct Handler;

impl Future for Handler {
    async fn call(
        &self,
        _: &Context,
        request: CallRequest,
    ) -> Result<names::Clone, Failure<Error>> {
        if request.cx.is_empty() {
            Err(Error::None.into())
        } else {
            Ok(value())
        }
    }

    async fn clone(&self, _: &Context, request: CloneRequest) -> Result<names::Clone, Failure> {
        Ok(request.cx)
    }

    async fn as_ref(&self, _: &Context, cx: names::Into) -> Result<names::Into, Failure> {
        Ok(cx)
    }

    async fn fmt(&self, _: &Context, request: Debug) -> Result<Debug, Failure> {
        Ok(request)
    }

    async fn drop(&self, _: &Context, _: DropRequest) -> Result<(), Failure> {
        Ok(())
    }

    async fn dispatch(&self, _: &Context, _: DispatchRequest) -> Result<(), Failure> {
        Ok(())
    }

    async fn r#move(&self, _: &Context, request: MoveRequest) -> Result<Vec<u32>, Failure> {
        Ok(vec![
            u32::from(request.r#type == "a"),
            u32::from(request.type_2 == "b"),
        ])
    }

    async fn self_(&self, _: &Context, self_: u8) -> Result<u8, Failure> {
        Ok(self_)
    }

    async fn _2fa(&self, _: &Context, _: _2faRequest) -> Result<(), Failure> {
        Ok(())
    }

    async fn borrow(&self, _: &Context, request: i64) -> Result<i64, Failure> {
        Ok(-request)
    }
}

impl On<P> for Handler {
    async fn on(&self, _: &Context, event: P) -> Result<(), Failure> {
        assert_eq!(event.to, 1);
        Ok(())
    }
}

#[tokio::test]
async fn every_operation_reaches_its_handler() -> Result<(), Box<dyn std::error::Error>> {
    let memory = Memory::new();
    let app = App::new()
        .serve(FutureServer::new(Handler).on(memory.clone()))
        .subscribe(PSubscriber::new(Handler).on(memory.clone()));
    let running = app.start().await?;
    let client = FutureClient::new(memory.clone());

    assert_eq!(
        client
            .call("cx", 1, "handler")
            .with(|request| request.channel = Some(2))
            .await?,
        value()
    );
    let refused = client.call("", 1, "handler").await;
    assert!(matches!(refused, Err(CallError::Service(Error::None))));
    assert_eq!(client.clone(value()).await?, value());
    assert_eq!(client.as_ref("x").await?, names::Into::from("x"));
    assert_eq!(client.fmt(Debug::Result).await?, Debug::Result);
    client.drop().await?;
    client.dispatch(1, 2).await?;
    assert_eq!(client.r#move("a", "b").await?, [1, 1]);
    assert_eq!(client.self_(1).await?, 1);
    let invalid = client.self_(0).await.expect_err("a check of the argument");
    assert_eq!(invalid.code(), "INVALID_ARGUMENT");
    client._2fa().await?;
    assert_eq!(client.borrow(5).await?, -5);

    let publisher = FuturePublisher::new(memory);
    publisher.p("k", 1).await?;
    publisher.event(vec![value()]).await?;
    assert_eq!(Event(vec![]), Event(vec![]));
    running.stop().await?;
    Ok(())
}
