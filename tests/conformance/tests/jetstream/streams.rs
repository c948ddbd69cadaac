//! Which stream takes an event, events whose names hold values, and logins.

use anywire::{App, Context, Failure, JetStream, Nats, On};
use anywire_brokers::unless_missing;
use anywire_conformance::{Heard, Log};
use async_nats::jetstream::stream::{Config, StorageType};

use crate::service::{STREAM, admin, broker, connect, publisher, soon, subscribe};

#[tokio::test]
async fn a_stream_is_made_for_an_event_alone() {
    let Some(broker) = broker().await else { return };
    let publisher = publisher(connect(&broker)).await;
    publisher.stored("x").await.expect("it is stored");
    let stream = admin(&broker).await.get_stream(STREAM).await;
    let config = stream.expect("a stream").cached_info().config.clone();
    assert_eq!(config.subjects, ["conformance.stored"]);
    assert_eq!(config.storage, StorageType::File);
    assert_eq!(config.num_replicas, 1);
    assert_eq!(config.max_age.as_secs(), 7 * 24 * 60 * 60);
    assert_eq!(config.duplicate_window.as_secs(), 120);
}

#[tokio::test]
async fn a_stream_that_takes_it_is_used() {
    let Some(broker) = broker().await else { return };
    let admin = admin(&broker).await;
    let config = Config {
        name: "ALL".to_owned(),
        subjects: vec!["conformance.>".to_owned()],
        ..Config::default()
    };
    let mut stream = admin.create_stream(config).await.expect("a stream");
    let heard = Heard::default();
    let _running = subscribe(&heard, None, connect(&broker)).await;
    let publisher = publisher(connect(&broker)).await;
    publisher.stored("x").await.expect("it is stored");
    soon("the event", heard.log.until_has("x")).await;
    assert_eq!(
        stream.info().await.expect("what it holds").state.messages,
        1
    );
    assert!(admin.get_stream(STREAM).await.is_err(), "another was made");
}

#[tokio::test]
async fn a_named_stream_is_made_with_its_subjects() {
    let Some(broker) = broker().await else { return };
    let connect = || {
        connect(&broker)
            .stream("EVENTS", ["conformance.*"])
            .in_memory()
    };
    let heard = Heard::default();
    let _running = subscribe(&heard, Some("g"), connect()).await;
    let publisher = publisher(connect()).await;
    publisher.stored("x").await.expect("it is stored");
    soon("the event", heard.log.until_has("x")).await;
    let stream = admin(&broker).await.get_stream("EVENTS").await;
    let config = stream.expect("a stream").cached_info().config.clone();
    assert_eq!(config.subjects, ["conformance.*"]);
    assert_eq!(config.storage, StorageType::Memory);
}

#[tokio::test]
async fn a_named_stream_must_take_the_event() {
    let Some(broker) = broker().await else { return };
    let connect = || connect(&broker).stream("EVENTS", ["other.*"]);
    let publisher = publisher(connect()).await;
    let error = publisher.stored("x").await.expect_err("nobody stores it");
    assert!(error.to_string().contains("EVENTS"), "{error}");
    let subscriber =
        anywire_conformance::conformance::StoredSubscriber::new(Heard::default()).on(connect());
    let error = App::new().subscribe(subscriber).start().await;
    let error = error.expect_err("nobody stores it");
    assert!(error.to_string().contains("EVENTS"), "{error}");
}

#[anywire::contract(package = "rooms.v1")]
mod rooms {
    /// Rooms.
    #[service]
    pub trait Rooms {
        /// Somebody joined.
        #[event("rooms.{room}.joined", delivery = at_least_once)]
        fn joined(room: u32, name: String);

        /// Somebody left.
        #[event("rooms.left", delivery = at_least_once)]
        fn left(name: String);
    }
}

#[derive(Clone)]
struct Ears(Log);

impl On<rooms::Joined> for Ears {
    async fn on(&self, _: &Context, event: rooms::Joined) -> Result<(), Failure> {
        self.0.add(format!("{} {}", event.room, event.name));
        Ok(())
    }
}

#[tokio::test]
async fn wildcards_reach_whoever_subscribes() {
    let Some(broker) = broker().await else { return };
    let log = Log::default();
    let subscriber = rooms::JoinedSubscriber::new(Ears(log.clone())).group("g");
    let app = App::new().subscribe(subscriber.on(connect(&broker)));
    let _running = app.start().await.expect("the app starts");
    let events = connect(&broker).await.expect("a publisher can connect");
    let publisher = rooms::RoomsPublisher::new(events);
    publisher.left("Bob").await.expect("it is stored");
    for room in [2_u32, 1] {
        publisher.joined(room, "Ada").await.expect("it is stored");
    }
    soon("the events", log.until(|lines| lines.len() == 2)).await;
    let mut lines = log.lines();
    lines.sort();
    assert_eq!(lines, ["1 Ada", "2 Ada"]);
}

#[tokio::test]
async fn a_stream_that_takes_some_of_a_wildcard_is_not_enough() {
    let Some(broker) = broker().await else { return };
    let config = Config {
        name: "ONE".to_owned(),
        subjects: vec!["rooms.1.joined".to_owned()],
        ..Config::default()
    };
    let admin = admin(&broker).await;
    admin.create_stream(config).await.expect("a stream");
    let events = connect(&broker).await.expect("a publisher can connect");
    let publisher = rooms::RoomsPublisher::new(events);
    let error = publisher.joined(1_u32, "Ada").await;
    let error = error.expect_err("others would be lost");
    assert!(error.to_string().contains("ONE"), "{error}");
}

#[tokio::test]
async fn it_logs_in_as_nats_does() {
    let started = anywire_brokers::Nats::new().token("secret1").start();
    let Some(broker) = unless_missing(started.await) else {
        return;
    };
    let bare = format!("nats://127.0.0.1:{}", broker.port());
    let heard = Heard::default();
    let connect = || Nats::connect(bare.as_str()).token("secret1").jetstream();
    assert!(!format!("{:?}", connect()).contains("secret1"));
    let _running = subscribe(&heard, None, connect()).await;
    let publisher = publisher(connect()).await;
    publisher.stored("x").await.expect("it is stored");
    soon("the event", heard.log.until_has("x")).await;
    JetStream::connect(bare).await.expect_err("it is kept out");
}
