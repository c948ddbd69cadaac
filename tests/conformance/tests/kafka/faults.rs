//! Calls that are given up, a broker that is not there, replies that it refuses.

use std::time::{Duration, Instant};

use anywire::{App, CallError, Kafka, transport::kafka::KafkaConnect};
use anywire_conformance::{
    Handlers, Streamers,
    conformance::{ChecksClient, ChecksServer},
    streaming::{StreamingClient, StreamingServer},
};
use futures_util::StreamExt as _;

use crate::Apart;

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

/// A stream has no end of its own time: without an error its caller waits for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_whose_values_are_refused_ends_with_an_error() {
    let Some(apart) = Apart::new().await else {
        return;
    };
    let serve = async |connect: KafkaConnect| {
        let server = StreamingServer::new(Streamers::default()).on(connect);
        App::new().serve(server).start().await.expect("it starts")
    };
    // Topics are as its first server makes them.
    let small = apart.connect().limits(|limits| limits.max_message = 10_000);
    serve(small).await.stop().await.expect("it stops");
    let running = serve(apart.connect()).await;
    let client = StreamingClient::new(apart.connect().await.expect("a client"));
    let mut flood = client.flood(1, 100_000u32);
    let end = tokio::time::timeout(Duration::from_secs(20), flood.next()).await;
    let end = end.expect("it ends").expect("an error first");
    match end.expect_err("no value can come") {
        CallError::Transport(_) | CallError::Remote(_) => {}
        other => panic!("{other:?}"),
    }
    // A stream that has an end: as JSON these are six times as long.
    let headers = client.headers().header("large", "\u{1}".repeat(3000));
    let headers: Vec<_> = headers.header("small", "x").collect().await;
    assert!(matches!(headers.last(), Some(Err(_))), "{headers:?}");
    // The server goes on.
    let mut count = client.count(1);
    assert!(matches!(count.next().await, Some(Ok(_))));
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
