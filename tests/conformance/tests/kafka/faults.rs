//! Calls that are given up, and a broker that is not there.

use std::time::{Duration, Instant};

use anywire::{App, Kafka};
use anywire_conformance::{
    Handlers,
    conformance::{ChecksClient, ChecksServer},
};

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
