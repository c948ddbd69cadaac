//! The server dies and comes back.

use std::time::Duration;

use anywire::{
    App, CallError, Redis, Running, TransportError,
    transport::{ConnectionState, redis::RedisConnect},
};
use anywire_brokers::{Broker, unless_missing};
use anywire_conformance::{
    Handlers, Heard,
    conformance::{AnnouncedSubscriber, ChecksClient, ChecksPublisher, ChecksServer},
};

/// A server of Redis, with the suite's services on it.
async fn serve(handlers: &Handlers, heard: &Heard) -> Option<(Broker, Running, Redis)> {
    let broker = unless_missing(anywire_brokers::Redis::new().start().await)?;
    let connect = || connect(&broker);
    let running = App::new()
        .serve(ChecksServer::new(handlers.clone()).on(connect()))
        .subscribe(AnnouncedSubscriber::new(heard.clone()).on(connect()))
        .start()
        .await
        .expect("the app starts");
    let redis = connect().await.expect("a client");
    Some((broker, running, redis))
}

fn connect(broker: &Broker) -> RedisConnect {
    Redis::connect(broker.url()).backoff(Duration::from_millis(5), Duration::from_millis(50))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_fail_when_the_server_dies_and_work_when_it_is_back() {
    let (handlers, heard) = (Handlers::default(), Heard::default());
    let Some((broker, running, redis)) = serve(&handlers, &heard).await else {
        return;
    };
    let client = ChecksClient::new(redis.clone());
    let in_flight: Vec<_> = (0..50)
        .map(|_| tokio::spawn(client.wait(1).into_future()))
        .collect();
    handlers.log.until(|lines| lines.len() == 50).await;

    broker.kill().await;
    for call in in_flight {
        let error = call.await.expect("no panic").expect_err("it is lost");
        assert!(
            matches!(error, CallError::Transport(TransportError::Closed)),
            "{error:?}"
        );
    }
    redis.until(ConnectionState::Reconnecting).await;
    let error = client.echo("a").await.expect_err("there is no connection");
    assert!(
        matches!(
            error,
            CallError::Transport(TransportError::Unreachable { .. })
        ),
        "{error:?}"
    );
    // Replies to what nobody waits for any more harm nobody.
    handlers.gates.open(1);

    broker.start_again().await.expect("it starts again");
    redis.until(ConnectionState::Connected).await;
    // The service comes back by itself as well, at a moment of its own.
    let publisher = ChecksPublisher::new(redis.clone());
    loop {
        match client.echo("again").await {
            Ok(echoed) => break assert_eq!(echoed, "again"),
            Err(CallError::Transport(_)) => tokio::task::yield_now().await,
            Err(error) => panic!("expected an echo or a refusal, found {error:?}"),
        }
    }
    while heard.log.lines().is_empty() {
        publisher.announced("again").await.expect("it is sent");
        tokio::task::yield_now().await;
    }
    running.stop().await.expect("it stops");
}

/// A server that is stopped while Redis is away does not wait for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_stops_without_redis() {
    let (handlers, heard) = (Handlers::default(), Heard::default());
    let Some((broker, running, redis)) = serve(&handlers, &heard).await else {
        return;
    };
    let call = tokio::spawn(ChecksClient::new(redis.clone()).wait(1).into_future());
    handlers.log.until_has("wait 1").await;
    broker.kill().await;
    call.await.expect("no panic").expect_err("it is lost");
    let stopped = tokio::spawn(running.stop());
    handlers.gates.open(1);
    stopped.await.expect("no panic").expect("it stops");
    redis.close().await;
    assert_eq!(redis.state(), ConnectionState::Closed);
}

/// Whoever closes a client sends what is waiting first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_published_leaves_before_the_client_does() {
    let (handlers, heard) = (Handlers::default(), Heard::default());
    let Some((_broker, _running, redis)) = serve(&handlers, &heard).await else {
        return;
    };
    let publisher = ChecksPublisher::new(redis.clone());
    let published: Vec<_> = (0..500)
        .map(|_| tokio::spawn(publisher.announced("x").into_future()))
        .collect();
    let mut accepted = 0;
    for event in published {
        accepted += usize::from(event.await.expect("no panic").is_ok());
    }
    redis.close().await;
    heard.log.until(|lines| lines.len() >= accepted).await;
    assert_eq!(accepted, 500);
    let error = publisher.announced("x").await.expect_err("it is closed");
    assert!(matches!(
        error,
        CallError::Transport(TransportError::Closed)
    ));
}

/// Nobody is there at first.
#[tokio::test]
async fn a_client_that_cannot_connect_says_where_to() {
    let error = Redis::connect("redis://ada:secret@127.0.0.1:1")
        .await
        .expect_err("nobody listens there");
    let text = error.to_string();
    assert!(text.contains("127.0.0.1:1"), "{text}");
    assert!(!text.contains("secret"), "{text}");
    for url in ["http://a", "redis", "redis://:secret@[::", "unix:///socket"] {
        let error = Redis::connect(url).await.expect_err("no URL of Redis");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
