//! A broker that is killed, and comes back.

use std::time::{Duration, Instant};

use anywire::{App, CallError, Kafka, TransportError, transport::ConnectionState};
use anywire_brokers::{Broker, unless_missing};
use anywire_conformance::{
    Handlers, Heard,
    conformance::{ChecksClient, ChecksPublisher, ChecksServer, StoredSubscriber},
};

use crate::Apart;

async fn broker() -> Option<Broker> {
    unless_missing(anywire_brokers::Kafka::new().start().await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_is_killed_and_comes_back() {
    let Some(broker) = broker().await else { return };
    let connect = || Kafka::connect(broker.url()).set("heartbeat.interval.ms", "100");
    let (handlers, heard) = (Handlers::default(), Heard::default());
    let subscriber = StoredSubscriber::new(heard.clone()).group("group");
    let app = App::new()
        .serve(ChecksServer::new(handlers.clone()).on(connect()))
        .subscribe(subscriber.on(connect()))
        .grace_period(Duration::from_secs(20));
    let running = app.start().await.expect("it starts");
    let kafka = connect().await.expect("a client");
    let client = ChecksClient::new(kafka.clone());
    let publisher = ChecksPublisher::new(kafka.clone());
    assert_eq!(client.echo("a").await.expect("an echo"), "a");
    publisher.stored("before").await.expect("it is stored");
    heard.log.until_has("before").await;
    let in_flight: Vec<_> = (0..10).map(|_| tokio::spawn(client.wait(1))).collect();
    handlers.log.until(|lines| lines.len() == 10).await;

    broker.kill().await;
    for call in in_flight {
        let error = call.await.expect("no panic").expect_err("no answer");
        assert!(
            matches!(error, CallError::Transport(TransportError::Closed)),
            "{error:?}"
        );
    }
    kafka.until(ConnectionState::Reconnecting).await;
    let began = Instant::now();
    let error = client.echo("b").await.expect_err("nobody is there");
    assert!(
        matches!(
            error,
            CallError::Transport(TransportError::Unreachable { .. })
        ),
        "{error:?}"
    );
    publisher
        .stored("lost")
        .await
        .expect_err("it is not stored");
    assert!(began.elapsed() < Duration::from_secs(1), "at once");
    handlers.gates.open(1);

    broker.start_again().await.expect("it comes back");
    kafka.until(ConnectionState::Connected).await;
    let deadline = Instant::now() + Duration::from_secs(40);
    loop {
        match client.echo("c").timeout(Duration::from_secs(2)).await {
            Ok(echoed) => break assert_eq!(echoed, "c"),
            Err(error) => assert!(Instant::now() < deadline, "{error:?}"),
        }
    }
    publisher.stored("after").await.expect("it is stored");
    heard.log.until_has("after").await;
    assert_eq!(heard.log.count("lost"), 0);
    kafka.close().await;
    assert_eq!(kafka.state(), ConnectionState::Closed);
    running.stop().await.expect("it stops");
}

/// What such a call has begun to prepare goes on, and must not stand in the way of the next.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_call_that_is_given_up() {
    let Some(apart) = Apart::new().await else {
        return;
    };
    // All clients read the same partition of the replies.
    let connect = || apart.connect().partitions(1);
    let server = ChecksServer::new(Handlers::default()).on(connect());
    let running = App::new().serve(server).start().await.expect("it starts");
    let first_call = async |kafka: Kafka, time| {
        let client = ChecksClient::new(kafka);
        let began = Instant::now();
        let answer = client.echo("a").timeout(time).await;
        (client, answer, began.elapsed())
    };
    let kafka = connect().await.expect("a client");
    let (_, answer, whole) = first_call(kafka.clone(), Duration::from_secs(20)).await;
    answer.expect("an echo");
    kafka.close().await;
    for part in 0..30 {
        let kafka = connect().await.expect("a client");
        let (client, ..) = first_call(kafka.clone(), whole * part / 30).await;
        let part = format!("given up after {part}/30 of {whole:?}");
        assert_eq!(client.echo("b").await.expect(&part), "b");
        kafka.close().await;
    }
    running.stop().await.expect("it stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_there() {
    let began = Instant::now();
    let refused = Kafka::connect("127.0.0.1:1").await.expect_err("nobody");
    let text = refused.to_string();
    assert!(text.contains("127.0.0.1:1"), "{text}");
    assert!(
        began.elapsed() < Duration::from_secs(4),
        "at the first attempt"
    );
    let server = ChecksServer::new(Handlers::default()).on(Kafka::connect("127.0.0.1:1"));
    let error = App::new().serve(server).start().await;
    error.expect_err("it cannot be bound");
}
