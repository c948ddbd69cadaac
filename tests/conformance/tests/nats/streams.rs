//! Streams of replies, and events whose names hold values.

use anywire::{
    App, CallError, Context, Failure, On, RpcException, Values, transport::ConnectionState,
};
use anywire_conformance::Log;
use futures_util::{StreamExt as _, stream};

use crate::service::{broker, connect, soon};

#[anywire::contract(package = "streams.v1")]
mod streaming {
    /// Streams.
    #[service]
    pub trait Numbers {
        /// Counts up to a number.
        #[message("numbers.count")]
        fn count(#[payload] to: u32) -> Stream<u32>;

        /// Somebody joined.
        #[event("numbers.{room}.joined")]
        fn joined(room: u32, name: String);
    }
}

use streaming::{
    Joined, JoinedSubscriber, Numbers, NumbersClient, NumbersPublisher, NumbersServer,
};

struct Counter;

impl Numbers for Counter {
    async fn count(&self, _: &Context, to: u32) -> Result<Values<u32>, Failure> {
        Ok(Values::new(stream::iter(1..=to).map(
            |number| match number {
                13 => Err(RpcException::new("no luck").into()),
                number => Ok(number),
            },
        )))
    }
}

#[derive(Clone)]
struct Ears(Log);

impl On<Joined> for Ears {
    async fn on(&self, _: &Context, event: Joined) -> Result<(), Failure> {
        self.0.add(format!("{} {}", event.room, event.name));
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replies_stream() {
    let Some(broker) = broker().await else { return };
    let app = App::new().serve(NumbersServer::new(Counter).on(connect(&broker)));
    let _running = app.start().await.expect("the app starts");
    let nats = connect(&broker).await.expect("a client can connect");
    let client = NumbersClient::new(nats.clone());
    for to in [0, 1, 12] {
        let numbers: Vec<_> = soon("the end", client.count(to).collect::<Vec<_>>()).await;
        let numbers: Result<Vec<_>, _> = numbers.into_iter().collect();
        assert_eq!(numbers.expect("numbers"), Vec::from_iter(1..=to));
    }
    let numbers: Vec<_> = soon("the end", client.count(20).collect::<Vec<_>>()).await;
    assert_eq!(numbers.len(), 13);
    assert!(matches!(numbers.last(), Some(Err(CallError::Remote(_)))));
}

#[tokio::test]
async fn wildcards_reach_whoever_subscribes() {
    let Some(broker) = broker().await else { return };
    let (log, other) = (Log::default(), Log::default());
    let subscriber = |log: &Log| JoinedSubscriber::new(Ears(log.clone()));
    let app = App::new()
        .subscribe(subscriber(&log).on(connect(&broker)))
        .subscribe(subscriber(&other).group("g").on(connect(&broker)))
        .subscribe(subscriber(&other).group("g").on(connect(&broker)));
    let _running = app.start().await.expect("the app starts");
    let nats = connect(&broker).await.expect("a client can connect");
    let publisher = NumbersPublisher::new(nats.clone());
    for room in [1_u32, 2] {
        publisher.joined(room, "Ada").await.expect("it is sent");
    }
    soon("the events", log.until_has("2 Ada")).await;
    assert_eq!(log.lines(), ["1 Ada", "2 Ada"]);
    let lines = soon("the events", other.until(|lines| lines.len() >= 2)).await;
    assert_eq!(lines.len(), 2);
    assert_eq!(nats.state(), ConnectionState::Connected);
}
