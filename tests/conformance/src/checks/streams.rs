//! Streams that services answer with.

use std::{sync::Arc, time::Duration};

use anywire::{App, CallError, Kind, Operation, StreamingCall, TransportError};
use tokio::sync::Notify;

use super::{errors::remote, input::violations, layers::notes, lifecycle::Probe};
use crate::{
    Streamers,
    handlers::{Log, item},
    place::Streams,
    streaming::{CountRequest, Ending, Header, Item, StreamingError},
};

/// All the values of a stream, and what ended it if that is not its end.
pub(crate) async fn collect<Op: Operation>(
    mut call: StreamingCall<Op>,
) -> (Vec<Op::Response>, Option<CallError<Op::Error>>) {
    let mut values = Vec::new();
    loop {
        match call.next().await {
            Some(Ok(value)) => values.push(value),
            Some(Err(error)) => {
                assert!(call.next().await.is_none(), "an error is the last item");
                return (values, Some(error));
            }
            None => {
                assert!(call.next().await.is_none(), "the end is the end");
                return (values, None);
            }
        }
    }
}

/// All the values of a stream that ends well.
pub(crate) async fn all<Op: Operation>(call: StreamingCall<Op>) -> Vec<Op::Response> {
    match collect(call).await {
        (values, None) => values,
        (values, Some(error)) => panic!("{error:?} after {} values", values.len()),
    }
}

fn items(count: u64) -> Vec<Item> {
    (1..=count).map(item).collect()
}

/// A stream of that many items that ends like this.
fn ending(how: Ending) -> impl FnOnce(&mut CountRequest) {
    move |request| request.ending = Some(how)
}

fn assert_broken_off(error: Option<CallError<StreamingError>>) {
    let Some(error) = error else {
        panic!("it ended well")
    };
    assert_eq!(error.code(), "BROKEN_OFF");
    assert_eq!(error.kind(), Kind::Aborted);
    let declared = StreamingError::BrokenOff {
        number: 7,
        reason: "\"enough\" 🦀".to_owned(),
    };
    match error {
        CallError::Service(error) => assert_eq!(error, declared),
        other => panic!("expected the declared error, found {other:?}"),
    }
}

fn exception(error: Option<CallError<StreamingError>>) -> anywire::RpcException {
    remote(error.map_or(Ok(()), Err))
}

pub(crate) async fn every_length(place: Streams) {
    let (_running, client) = place.serve(&Streamers::default()).await;
    for count in [0, 1, 10_000] {
        let values = all(client.count(count)).await;
        assert!(values == items(u64::from(count)), "of {count} values");
    }
}

pub(crate) async fn large_values(place: Streams) {
    let (_running, client) = place.serve(&Streamers::default()).await;
    let mut flood = client.flood(1, 1u32 << 20);
    for _ in 0..8 {
        let text = flood.next().await.expect("a value").expect("a value");
        assert!(text.len() == 1 << 20 && text.bytes().all(|byte| byte == b'x'));
    }
}

pub(crate) async fn optional_arguments(place: Streams) {
    let (_running, client) = place.serve(&Streamers::default()).await;
    let call = client.count(2).with(|request| request.first = Some(41));
    assert_eq!(all(call).await, [item(41), item(42)]);
}

pub(crate) async fn refused(place: Streams) {
    let (_running, client) = place.serve(&Streamers::default()).await;
    let (values, error) = collect(client.refuse(Ending::Declared)).await;
    assert!(values.is_empty());
    assert_broken_off(error);
    // No stream, and a stream that begins with an error, are the same to a caller.
    let (values, error) = collect(client.count(0).with(ending(Ending::Declared))).await;
    assert!(values.is_empty());
    assert_broken_off(error);
    assert!(all(client.refuse(Ending::Well)).await.is_empty());
}

pub(crate) async fn broken_off(place: Streams) {
    let (_running, client) = place.serve(&Streamers::default()).await;
    for count in [1, 500] {
        let call = client.count(count).with(ending(Ending::Declared));
        let (values, error) = collect(call).await;
        assert_eq!(values, items(u64::from(count)));
        assert_broken_off(error);
    }
}

pub(crate) async fn undeclared(place: Streams) {
    let (_running, client) = place.serve(&Streamers::default()).await;
    for (how, json) in [
        (
            Ending::Undeclared,
            r#"{"status":"error","message":"Internal server error"}"#,
        ),
        (
            Ending::Exception,
            r#"{"status":418,"message":"teapot","extra":[1]}"#,
        ),
    ] {
        let (values, error) = collect(client.refuse(how)).await;
        assert!(values.is_empty());
        assert_eq!(exception(error).to_json(), json);
        let (values, error) = collect(client.count(3).with(ending(how))).await;
        assert_eq!(values, items(3));
        assert_eq!(exception(error).to_json(), json);
    }
}

pub(crate) async fn panic(place: Streams) {
    let streamers = Streamers::default();
    let (_running, client) = place.serve(&streamers).await;
    let other = tokio::spawn(all(client.follow(1, 2)));
    streamers.log.until_has("began 1").await;
    streamers.gates.open(1);
    for count in [0, 3] {
        let (values, error) = collect(client.count(count).with(ending(Ending::Panic))).await;
        assert_eq!(values, items(u64::from(count)));
        assert_eq!(exception(error).kind(), Kind::Internal);
    }
    let (_, error) = collect(client.refuse(Ending::Panic)).await;
    assert_eq!(
        exception(error).to_json(),
        r#"{"status":"error","message":"Internal server error"}"#
    );
    assert_eq!(client.ping(1).await.expect("an answer"), 1);
    streamers.gates.open(2);
    assert_eq!(other.await.expect("no panic"), [0, 1]);
}

pub(crate) async fn no_handler(place: Streams) {
    let (running, _client) = place.serve(&Streamers::default()).await;
    let nowhere = place.connect_nowhere(&running).await;
    match collect(nowhere.nowhere()).await {
        (values, Some(CallError::Transport(TransportError::NoHandler))) if values.is_empty() => {}
        other => panic!("expected that there is no handler, found {other:?}"),
    }
}

pub(crate) async fn invalid(place: Streams) {
    let (_running, client) = place.serve(&Streamers::default()).await;
    let (values, error) = collect(client.count(100_001)).await;
    assert!(values.is_empty());
    let found = violations(&exception(error));
    assert_eq!(
        found,
        [("/values".to_owned(), "must be at most 100000".to_owned())]
    );
}

pub(crate) async fn headers(place: Streams) {
    let (_running, client) = place.serve(&Streamers::default()).await;
    let sent = [
        (
            "traceparent",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ),
        ("tenant", "é 🦀 \"quoted\"\t{}"),
    ];
    let mut call = client.headers();
    for (name, value) in sent {
        call = call.header(name, value);
    }
    let arrived = all(call).await;
    for (name, value) in sent {
        let is_it = |header: &&Header| header.name == name;
        let header = arrived.iter().find(is_it).expect("the header arrives");
        assert_eq!(header.value, value, "header {name}");
    }
}

pub(crate) async fn at_once(place: Streams) {
    let streamers = Streamers::default();
    let (_running, client) = place.serve(&streamers).await;
    let mut call = client.follow(0, 20);
    for number in 0..20 {
        // The next one is made only when this one has come.
        streamers.gates.open(number);
        let value = call.next().await.expect("a value").expect("a value");
        assert_eq!(value, number);
    }
    assert!(call.next().await.is_none());
    streamers.log.until_has("left 0").await;

    // And the end as soon as it is the end.
    let call = client.follow(100, 0);
    let call = tokio::spawn(all(call.with(|request| request.lingers = Some(true))));
    streamers.log.until_has("began 100").await;
    streamers.gates.open(100);
    assert!(call.await.expect("no panic").is_empty());
}

pub(crate) async fn many(place: Streams) {
    let streamers = Streamers::default();
    let (_running, client) = place.serve(&streamers).await;
    let following = tokio::spawn(all(client.follow(1, 1)));
    let streams: Vec<_> = (0..100)
        .map(|first| {
            let first = first * 1000;
            let call = client
                .count(200)
                .with(|request| request.first = Some(first));
            let expected: Vec<_> = (first..first + 200).map(item).collect();
            tokio::spawn(async move { all(call).await == expected })
        })
        .collect();
    let calls: Vec<_> = (0..200)
        .map(|number| {
            let call = client.ping(number);
            tokio::spawn(async move { call.await.expect("an answer") == number })
        })
        .collect();
    for work in streams.into_iter().chain(calls) {
        assert!(work.await.expect("no panic"), "a value of another came");
    }
    streamers.gates.open(1);
    assert_eq!(following.await.expect("no panic"), [0]);
}

pub(crate) async fn dropped(place: Streams) {
    let streamers = Streamers::default();
    let (_running, client) = place.serve(&streamers).await;
    let other = tokio::spawn(all(client.follow(10, 1)));
    streamers.log.until_has("began 10").await;
    for round in 0..20 {
        // In the middle, before the first value, and before it is sent at all.
        let mut call = client.count(1000);
        if round % 3 == 0 {
            call.next().await.expect("a value").expect("a value");
        } else if round % 3 == 1 {
            let first = tokio::time::timeout(Duration::ZERO, call.next()).await;
            drop(first);
        }
        drop(call);
        assert_eq!(client.ping(round).await.expect("an answer"), round);
    }
    let whole = all(client.count(1000)).await;
    assert_eq!(whole, items(1000), "a value of one that was dropped came");
    streamers.gates.open(10);
    assert_eq!(other.await.expect("no panic"), [0]);
}

pub(crate) async fn not_taken(place: Streams) {
    let (_running, client) = place.serve(&Streamers::default()).await;
    let mut idle: Vec<_> = (0..5).map(|_| client.count(2000)).collect();
    for call in &mut idle {
        call.next().await.expect("a value").expect("a value");
    }
    for number in 0..100 {
        assert_eq!(client.ping(number).await.expect("an answer"), number);
    }
    assert_eq!(all(client.count(2000)).await, items(2000));
    for call in idle {
        assert_eq!(all(call).await, items(2000)[1..]);
    }
}

pub(crate) async fn timeout(place: Streams) {
    let streamers = Streamers::default();
    let (_running, client) = place.serve(&streamers).await;
    // Nobody opens the third gate.
    streamers.gates.open(1);
    streamers.gates.open(2);
    let call = client.follow(1, 3).timeout(Duration::from_millis(500));
    let (values, error) = collect(call).await;
    assert_eq!(values, [0, 1]);
    assert!(matches!(error, Some(CallError::Timeout)), "{error:?}");
    // Before the first value as well.
    let call = client.follow(3, 1).timeout(Duration::from_millis(30));
    let (values, error) = collect(call).await;
    assert!(values.is_empty());
    assert!(matches!(error, Some(CallError::Timeout)), "{error:?}");
    assert_eq!(client.ping(1).await.expect("an answer"), 1);
}

pub(crate) async fn endless(place: Streams) {
    let streamers = Streamers::default();
    let (running, client) = place.serve(&streamers).await;
    // The remaining time travels, so that nothing is made for a caller who has left.
    let call = client.flood(1, 100u32).timeout(Duration::from_millis(500));
    let (values, error) = collect(call).await;
    assert!(!values.is_empty());
    assert!(matches!(error, Some(CallError::Timeout)), "{error:?}");
    streamers.log.until_has("left 1").await;

    // Enough for it to be begun anywhere, even behind all that was made before.
    let call = client.follow(2, 1).timeout(Duration::from_secs(1));
    let (_, error) = collect(call).await;
    assert!(matches!(error, Some(CallError::Timeout)), "{error:?}");
    streamers.log.until_has("left 2").await;
    running.stop().await.expect("nothing is left");
}

pub(crate) async fn outlives(place: Streams) {
    let streamers = Streamers::default();
    let (_running, client) = place.serve(&streamers).await;
    let mut call = client.follow(0, 2);
    // The last that holds the connection, but for the stream.
    drop(client);
    for number in 0..2 {
        streamers.gates.open(number);
        let value = call.next().await.expect("a value").expect("a value");
        assert_eq!(value, number);
    }
    assert!(call.next().await.is_none());
}

pub(crate) async fn layers(place: Streams) {
    let (ours, theirs) = (Log::default(), Log::default());
    let app = App::new().serve(place.streaming(&Streamers::default()));
    let running = app.layer(notes(&theirs, "")).start().await;
    let running = running.expect("the app starts");
    let client = place.connect(&running).await.layer(&notes(&ours, ""));
    assert_eq!(all(client.count(100)).await, items(100));
    assert_eq!(client.ping(1).await.expect("an answer"), 1);
    for log in [ours, theirs] {
        assert_eq!(log.lines(), ["count", "ping"]);
    }
}

pub(crate) async fn drain(place: Streams) {
    let (streamers, stopping) = (Streamers::default(), Arc::new(Notify::new()));
    let app = App::new()
        .serve(place.streaming(&streamers))
        .serve(Probe(Arc::clone(&stopping)).bound())
        .grace_period(Duration::from_secs(40));
    let running = app.start().await.expect("the app starts");
    let client = place.connect(&running).await;
    let in_flight = tokio::spawn(all(client.follow(1, 3)));
    let dropped = tokio::spawn(all(client.follow(10, 1)));
    for line in ["began 1", "began 10"] {
        streamers.log.until_has(line).await;
    }
    let stopped = tokio::spawn(running.stop());
    stopping.notified().await;
    for gate in 1..=3 {
        streamers.gates.open(gate);
    }
    assert_eq!(in_flight.await.expect("no panic"), [0, 1, 2]);
    // One that is given up is not waited for, at the latest when it has a value.
    dropped.abort();
    streamers.gates.open(10);
    stopped.await.expect("no panic").expect("it stops in time");
    let call = client.count(1).timeout(Duration::from_secs(2));
    let (values, error) = collect(call).await;
    assert!(values.is_empty());
    match error {
        Some(CallError::Transport(_)) => {}
        Some(CallError::Timeout) if place.requests_are_stored() => {}
        error => panic!("expected a refusal, found {error:?}"),
    }
}
