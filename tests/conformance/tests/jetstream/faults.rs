//! Servers and subscribers that die, and events that come again.

use std::time::Duration;

use anywire::{CallError, TransportError, transport::ConnectionState};
use anywire_conformance::{Heard, conformance::ChecksPublisher};

use crate::service::{STREAM, admin, broker, connect, publisher, soon, subscribe, unsettled};

/// The name of a group's consumer.
const CONSUMER: &str = "mail-conformance_stored";

#[tokio::test]
async fn nothing_waits_for_a_server_that_is_away() {
    let Some(broker) = broker().await else { return };
    let heard = Heard::default();
    let running = subscribe(&heard, Some("mail"), connect(&broker)).await;
    let events = connect(&broker).await.expect("a publisher can connect");
    let publisher = ChecksPublisher::new(events.clone());
    publisher.stored("gate").await.expect("it is stored");
    soon("the event", heard.log.until_has("gate")).await;
    broker.kill().await;
    soon("the loss", events.until(ConnectionState::Reconnecting)).await;
    let refused = soon("a refusal", publisher.stored("x")).await;
    assert!(
        matches!(
            refused,
            Err(CallError::Transport(TransportError::Unreachable { .. }))
        ),
        "{refused:?}"
    );
    soon("it closes", events.close()).await;
    let refused = soon("a refusal", publisher.stored("x")).await;
    assert!(
        matches!(refused, Err(CallError::Transport(TransportError::Closed))),
        "{refused:?}"
    );
    heard.gates.open(1);
    soon("the stop", running.stop()).await.expect("it stops");
}

#[tokio::test]
async fn a_group_goes_on_where_it_was() {
    let Some(broker) = broker().await else { return };
    let heard = Heard::default();
    let running = subscribe(&heard, Some("mail"), connect(&broker)).await;
    let publisher = publisher(connect(&broker)).await;
    publisher.stored("first").await.expect("it is stored");
    soon("the first", heard.log.until_has("first")).await;
    running.stop().await.expect("it stops");

    for text in ["second", "third"] {
        publisher.stored(text).await.expect("it is stored");
    }
    let heard = Heard::default();
    let _running = subscribe(&heard, Some("mail"), connect(&broker)).await;
    soon("the rest", heard.log.until_has("third")).await;
    assert_eq!(heard.log.lines(), ["second", "third"]);
}

#[tokio::test]
async fn from_the_start_or_from_now_on() {
    let Some(broker) = broker().await else { return };
    let publisher = publisher(connect(&broker)).await;
    publisher.stored("first").await.expect("it is stored");
    let (now, start, group) = (Heard::default(), Heard::default(), Heard::default());
    let _now = subscribe(&now, None, connect(&broker)).await;
    let _start = subscribe(&start, None, connect(&broker).from_start()).await;
    let _group = subscribe(&group, Some("late"), connect(&broker).from_start()).await;
    publisher.stored("second").await.expect("it is stored");
    for heard in [&now, &start, &group] {
        soon("the second", heard.log.until_has("second")).await;
    }
    assert_eq!(now.log.lines(), ["second"]);
    assert_eq!(start.log.lines(), ["first", "second"]);
    assert_eq!(group.log.lines(), ["first", "second"]);
}

#[tokio::test]
async fn a_handler_may_work_longer_than_nats_waits() {
    let Some(broker) = broker().await else { return };
    let wait = Duration::from_millis(300);
    let (heard, other) = (Heard::default(), Heard::default());
    let _running = subscribe(&heard, Some("mail"), connect(&broker).ack_wait(wait)).await;
    let publisher = publisher(connect(&broker)).await;
    publisher.stored("gate").await.expect("it is stored");
    soon("the event", heard.log.until_has("gate")).await;
    let _other = subscribe(&other, Some("mail"), connect(&broker)).await;
    // Time has to pass: that is what the test is about.
    tokio::time::sleep(wait * 5).await;
    heard.gates.open(1);
    let admin = admin(&broker).await;
    soon("the end", async {
        while unsettled(&admin, CONSUMER).await > 0 {}
    })
    .await;
    assert_eq!(heard.log.lines(), ["gate"]);
    assert!(other.log.lines().is_empty(), "it came again");
}

#[tokio::test]
async fn what_a_subscriber_dies_with_comes_again() {
    let Some(broker) = broker().await else { return };
    let (heard, other) = (Heard::default(), Heard::default());
    let connect = || connect(&broker).ack_wait(Duration::from_millis(500));
    let running = subscribe(&heard, Some("mail"), connect()).await;
    let publisher = publisher(connect()).await;
    publisher.stored("gate").await.expect("it is stored");
    soon("the event", heard.log.until_has("gate")).await;
    // It does not wait for what it has in hand.
    drop(running);
    other.gates.open(1);
    let _running = subscribe(&other, Some("mail"), connect()).await;
    soon("the event again", other.log.until_has("gate")).await;
}

#[tokio::test]
async fn what_cannot_be_handled_is_given_up() {
    let Some(broker) = broker().await else { return };
    let heard = Heard::default();
    let connect = || connect(&broker).ack_wait(Duration::from_millis(500));
    let _running = subscribe(&heard, Some("mail"), connect()).await;
    let admin = admin(&broker).await;
    for body in ["", "x", "{", r#"{"pattern":"conformance.stored","data":5}"#] {
        let stored = admin.publish("conformance.stored", body.into()).await;
        stored.expect("it is sent").await.expect("it is stored");
    }
    let publisher = publisher(connect()).await;
    for text in ["refuse", "fine"] {
        publisher.stored(text).await.expect("it is stored");
    }
    soon("the next", heard.log.until_has("fine")).await;
    soon("the end", async {
        while unsettled(&admin, CONSUMER).await > 0 {}
    })
    .await;
    assert_eq!(heard.log.count("refuse"), 1);
}

#[tokio::test]
async fn an_event_with_an_id_is_stored_once() {
    let Some(broker) = broker().await else { return };
    let heard = Heard::default();
    let _running = subscribe(&heard, None, connect(&broker)).await;
    let publisher = publisher(connect(&broker)).await;
    for _ in 0..3 {
        let again = publisher.stored("same").header("anywire-message-id", "1");
        again.await.expect("it is stored");
        publisher.stored("other").await.expect("it is stored");
    }
    publisher.stored("last").await.expect("it is stored");
    soon("the last", heard.log.until_has("last")).await;
    assert_eq!(heard.log.count("same"), 1);
    assert_eq!(heard.log.count("other"), 3);
}

/// A consumer that is deleted is made again, and goes on where it was.
#[tokio::test]
async fn a_subscriber_survives_the_end_of_its_consumer() {
    let Some(broker) = broker().await else { return };
    let (of_group, alone) = (Heard::default(), Heard::default());
    let _of_group = subscribe(&of_group, Some("mail"), connect(&broker)).await;
    let _alone = subscribe(&alone, None, connect(&broker)).await;
    let publisher = publisher(connect(&broker)).await;
    publisher.stored("first").await.expect("it is stored");
    for heard in [&of_group, &alone] {
        soon("the first", heard.log.until_has("first")).await;
    }
    let admin = admin(&broker).await;
    let stream = admin.get_stream(STREAM).await.expect("the stream");
    let names: Vec<_> = {
        use futures_util::TryStreamExt as _;
        stream.consumer_names().try_collect().await.expect("names")
    };
    assert_eq!(names.len(), 2, "{names:?}");
    for name in names {
        stream.delete_consumer(&name).await.expect("it is deleted");
    }
    publisher.stored("second").await.expect("it is stored");
    for heard in [&of_group, &alone] {
        soon("the second", heard.log.until_has("second")).await;
        assert_eq!(heard.log.count("first"), 1);
    }
}

/// A stream in memory ends with its server, and is made again by both sides.
#[tokio::test]
async fn a_stream_in_memory_is_made_again() {
    let Some(broker) = broker().await else { return };
    let (of_group, alone) = (Heard::default(), Heard::default());
    let connect = || connect(&broker).in_memory();
    let _of_group = subscribe(&of_group, Some("mail"), connect()).await;
    let _alone = subscribe(&alone, None, connect()).await;
    let events = connect().await.expect("a publisher can connect");
    let publisher = ChecksPublisher::new(events.clone());
    publisher.stored("first").await.expect("it is stored");
    for heard in [&of_group, &alone] {
        soon("the first", heard.log.until_has("first")).await;
    }
    broker.kill().await;
    soon("the loss", events.until(ConnectionState::Reconnecting)).await;
    broker.start_again().await.expect("it starts again");
    soon("a connection", events.until(ConnectionState::Connected)).await;
    publisher.stored("second").await.expect("it is stored");
    for heard in [&of_group, &alone] {
        soon("the second", heard.log.until_has("second")).await;
    }
}

/// A subscriber without a group leaves nothing behind.
#[tokio::test]
async fn a_subscriber_that_stops_takes_its_consumer_away() {
    let Some(broker) = broker().await else { return };
    let running = subscribe(&Heard::default(), None, connect(&broker)).await;
    let admin = admin(&broker).await;
    let mut stream = admin.get_stream(STREAM).await.expect("the stream");
    assert_eq!(stream.cached_info().state.consumer_count, 1);
    soon("the stop", running.stop()).await.expect("it stops");
    let info = stream.info().await.expect("what it holds");
    assert_eq!(info.state.consumer_count, 0);
}
