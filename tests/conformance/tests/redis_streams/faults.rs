//! The server dies and comes back.

use anywire::{CallError, TransportError, transport::ConnectionState};
use anywire_conformance::{Heard, conformance::ChecksPublisher};

use crate::{connect, run, start, store, subscriber};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_are_handled_when_the_server_is_back() {
    let Some(broker) = start().await else { return };
    let (heard, alone) = (Heard::default(), Heard::default());
    let running = run([
        subscriber(&heard, Some("blue"), connect(&broker)),
        subscriber(&alone, None, connect(&broker)),
    ])
    .await;
    let streams = connect(&broker).await.expect("a publisher");
    let publisher = ChecksPublisher::new(streams.clone());
    store(&publisher, "gate").await;
    heard.log.until_has("gate").await;
    alone.log.until_has("gate").await;

    broker.kill().await;
    streams.until(ConnectionState::Reconnecting).await;
    let error = publisher
        .stored("lost")
        .await
        .expect_err("nobody stores it");
    assert!(
        matches!(
            error,
            CallError::Transport(TransportError::Unreachable { .. })
        ),
        "{error:?}"
    );
    broker.start_again().await.expect("it starts again");
    streams.until(ConnectionState::Connected).await;
    store(&publisher, "again").await;
    for heard in [&heard, &alone] {
        heard.log.until_has("again").await;
        heard.gates.open(1);
    }
    running.stop().await.expect("it stops");
    for heard in [heard, alone] {
        assert_eq!(heard.log.lines(), ["gate", "again"]);
    }
    streams.close().await;
    let error = publisher.stored("late").await.expect_err("it is closed");
    assert!(matches!(
        error,
        CallError::Transport(TransportError::Closed)
    ));
}

/// What is confirmed is handled, however often connections are cut.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_connections_lose_nothing() {
    let Some(broker) = start().await else { return };
    let (heard, alone) = (Heard::default(), Heard::default());
    let running = run([
        subscriber(&heard, Some("blue"), connect(&broker)),
        subscriber(&alone, None, connect(&broker)),
    ])
    .await;
    let streams = connect(&broker).await.expect("a publisher");
    let publisher = ChecksPublisher::new(streams.clone());
    let mut plain = crate::plain(&broker).await;
    let mut stored = Vec::new();
    for number in 0..500 {
        let text = number.to_string();
        loop {
            match publisher.stored(text.as_str()).await {
                Ok(()) => break stored.push(text),
                // Whether it is stored, nobody knows: that one may come or not.
                Err(CallError::Transport(TransportError::Closed)) => break,
                Err(_) => streams.until(ConnectionState::Connected).await,
            }
        }
        if number % 50 == 25 {
            let mut command = redis::cmd("CLIENT");
            command.arg("KILL").arg("TYPE").arg("normal");
            command.arg("SKIPME").arg("yes");
            let cut = command.query_async::<i64>(&mut plain).await;
            cut.expect("connections are cut");
        }
    }
    assert!(stored.len() > 400, "{} are stored", stored.len());
    for heard in [&heard, &alone] {
        let has_all = |lines: &[String]| stored.iter().all(|text| lines.contains(text));
        heard.log.until(has_all).await;
    }
    running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscriber_stops_without_redis() {
    let Some(broker) = start().await else { return };
    let heard = Heard::default();
    let running = run([subscriber(&heard, Some("blue"), connect(&broker))]).await;
    let publisher = ChecksPublisher::new(connect(&broker).await.expect("a publisher"));
    store(&publisher, "gate").await;
    heard.log.until_has("gate").await;
    broker.kill().await;
    let stopped = tokio::spawn(running.stop());
    heard.gates.open(1);
    stopped.await.expect("no panic").expect("it stops");
}
