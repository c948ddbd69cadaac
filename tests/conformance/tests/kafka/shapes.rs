//! Values of every shape, as payloads, answers, streams and events.

use std::{
    collections::VecDeque,
    pin::Pin,
    task::{Context as TaskContext, Poll},
};

use anywire::{App, CallError, Context, Failure, Json, On, Stream, Values};
use anywire_conformance::Log;

use crate::Apart;

#[anywire::contract(package = "shapes.v1")]
pub mod shapes {
    pub struct Id(pub Uuid);

    pub enum Colour {
        Red,
        DarkGreen,
    }

    pub enum ShapesError {
        #[error(conflict, "enough at {at}")]
        Enough { at: u32 },
    }

    #[service]
    pub trait Shapes {
        #[message("shapes.text")]
        fn text(#[payload] value: String) -> String;
        #[message("shapes.maybe")]
        fn maybe(value: Option<String>) -> Option<String>;
        #[message("shapes.number")]
        fn number(#[payload] value: u32) -> i64;
        #[message("shapes.maybe-number")]
        fn maybe_number(value: Option<u32>) -> Option<u32>;
        #[message("shapes.flag")]
        fn flag(#[payload] value: bool) -> bool;
        #[message("shapes.id")]
        fn id(#[payload] value: Id) -> Id;
        #[message("shapes.colour")]
        fn colour(#[payload] value: Colour) -> Colour;
        #[message("shapes.any")]
        fn any(#[payload] value: Json) -> Json;

        #[message("shapes.count")]
        fn count(to: u32, fails: bool) -> Result<Stream<u32>, ShapesError>;
        #[message("shapes.words")]
        fn words() -> Stream<Json>;
        #[message("shapes.nothing")]
        fn nothing() -> Stream<String>;

        #[event("shapes.{colour}.seen", delivery = at_least_once)]
        fn seen(colour: Colour, number: u32);
    }
}

use shapes::{
    Colour, CountRequest, Id, MaybeNumberRequest, MaybeRequest, NothingRequest, Seen,
    SeenSubscriber, Shapes, ShapesClient, ShapesError, ShapesPublisher, ShapesServer, WordsRequest,
};

#[derive(Clone, Copy)]
struct Echo;

impl Shapes for Echo {
    async fn text(&self, _: &Context, value: String) -> Result<String, Failure> {
        Ok(value)
    }

    async fn maybe(&self, _: &Context, request: MaybeRequest) -> Result<Option<String>, Failure> {
        Ok(request.value)
    }

    async fn number(&self, _: &Context, value: u32) -> Result<i64, Failure> {
        Ok(-i64::from(value))
    }

    async fn maybe_number(
        &self,
        _: &Context,
        request: MaybeNumberRequest,
    ) -> Result<Option<u32>, Failure> {
        Ok(request.value)
    }

    async fn flag(&self, _: &Context, value: bool) -> Result<bool, Failure> {
        Ok(value)
    }

    async fn id(&self, _: &Context, value: Id) -> Result<Id, Failure> {
        Ok(value)
    }

    async fn colour(&self, _: &Context, value: Colour) -> Result<Colour, Failure> {
        Ok(value)
    }

    async fn any(&self, _: &Context, value: Json) -> Result<Json, Failure> {
        Ok(value)
    }

    async fn count(
        &self,
        _: &Context,
        CountRequest { to, fails }: CountRequest,
    ) -> Result<Values<u32, ShapesError>, Failure<ShapesError>> {
        if !fails {
            return Ok(Values::of(1..=to));
        }
        let values = (1..=to).map(Ok).collect::<VecDeque<_>>();
        Ok(Values::new(ThenFails(
            values,
            ShapesError::Enough { at: to },
        )))
    }

    async fn words(&self, _: &Context, _: WordsRequest) -> Result<Values<Json>, Failure> {
        Ok(Values::of(words().map(Json)))
    }

    async fn nothing(&self, _: &Context, _: NothingRequest) -> Result<Values<String>, Failure> {
        Ok(Values::of([]))
    }
}

/// JSON of every kind.
fn words() -> [serde_json::Value; 5] {
    use serde_json::{Value, json};
    [
        json!("v"),
        Value::Null,
        json!(42),
        json!({ "a": 1 }),
        Value::Null,
    ]
}

/// Some values, and then an error for ever.
struct ThenFails(VecDeque<Result<u32, Failure<ShapesError>>>, ShapesError);

impl Stream for ThenFails {
    type Item = Result<u32, Failure<ShapesError>>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        let error = self.1.clone();
        Poll::Ready(self.0.pop_front().or(Some(Err(error.into()))))
    }
}

impl On<Seen> for Log {
    async fn on(&self, _: &Context, event: Seen) -> Result<(), Failure> {
        self.add(format!("{} {}", event.colour, event.number));
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_of_every_shape() {
    let Some(apart) = Apart::new().await else {
        return;
    };
    let server = ShapesServer::new(Echo).on(apart.connect());
    let running = App::new().serve(server).start().await.expect("it starts");
    let client = ShapesClient::new(apart.connect().await.expect("a client"));

    for text in [
        "",
        "v",
        "42",
        "true",
        "null",
        "{\"a\":1}",
        "[",
        "\"q\"",
        "é🦀",
    ] {
        assert_eq!(client.text(text).await.expect("a text"), text);
        let maybe = client
            .maybe()
            .with(|request| request.value = Some(text.to_owned()));
        assert_eq!(maybe.await.expect("a text").as_deref(), Some(text));
    }
    assert_eq!(client.maybe().await.expect("nothing"), None);
    assert_eq!(client.number(42).await.expect("a number"), -42);
    let zero = client
        .maybe_number()
        .with(|request| request.value = Some(0));
    assert_eq!(zero.await.expect("a number"), Some(0));
    assert_eq!(client.maybe_number().await.expect("nothing"), None);
    assert!(client.flag(true).await.expect("a flag"));
    let id: anywire::Uuid = "6f3c2c8e-5a0b-4c66-9a3a-2f7d4f6c1e21"
        .parse()
        .expect("an id");
    assert_eq!(client.id(Id(id)).await.expect("an id"), Id(id));
    let colour = client.colour(Colour::DarkGreen).await;
    assert_eq!(colour.expect("a colour"), Colour::DarkGreen);
    for any in [
        serde_json::json!({ "a": [1, null] }),
        serde_json::json!(1.5),
        serde_json::json!("v"),
        serde_json::json!(null),
    ] {
        assert_eq!(client.any(Json(any.clone())).await.expect("it").0, any);
    }
    running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams() {
    let Some(apart) = Apart::new().await else {
        return;
    };
    let server = ShapesServer::new(Echo).on(apart.connect());
    let running = App::new().serve(server).start().await.expect("it starts");
    let client = ShapesClient::new(apart.connect().await.expect("a client"));

    for (to, fails) in [(0, false), (1, false), (1000, false), (0, true), (7, true)] {
        let mut stream = client.count(to, fails);
        for number in 1..=to {
            let value = stream.next().await.expect("a value");
            assert_eq!(value.expect("no error"), number);
        }
        let end = stream.next().await;
        match end {
            Some(Err(CallError::Service(ShapesError::Enough { at }))) if fails => {
                assert_eq!(at, to);
            }
            None if !fails => {}
            other => panic!("after {to} values came {other:?}"),
        }
    }
    let (mut stream, mut heard) = (client.words(), Vec::new());
    while let Some(word) = stream.next().await {
        heard.push(word.expect("no error").0);
    }
    assert_eq!(heard, words());
    assert!(client.nothing().next().await.is_none());
    running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_with_wildcards_whose_topics_come_later() {
    let Some(apart) = Apart::new().await else {
        return;
    };
    let log = Log::default();
    let quick = apart
        .connect()
        .set("topic.metadata.refresh.interval.ms", "100");
    let subscriber = SeenSubscriber::new(log.clone()).on(quick);
    let running = App::new()
        .subscribe(subscriber)
        .start()
        .await
        .expect("it starts");
    let publisher = ShapesPublisher::new(apart.connect().await.expect("a client"));
    for (colour, number) in [(Colour::Red, 1), (Colour::DarkGreen, 2), (Colour::Red, 3)] {
        publisher.seen(colour, number).await.expect("it is stored");
    }
    let mut lines = log.until(|lines| lines.len() == 3).await;
    lines.sort();
    assert_eq!(lines, ["DarkGreen 2", "Red 1", "Red 3"]);
    running.stop().await.expect("it stops");
}
