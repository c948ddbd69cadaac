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
