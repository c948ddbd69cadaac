//! Streams that services take, and streams that go both ways.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use anywire::{CallError, Kind, Stream, StreamingCall, TransportError};
use futures_util::stream;
use tokio::sync::mpsc;

use super::{
    errors::remote,
    input::violations,
    streams::{all, collect},
};
use crate::{
    Uploaders,
    handlers::{Leaves, Log, item},
    place::{Items, Uploads},
    streaming::{Item, StreamingError, op},
};

/// Items of these numbers.
fn numbered(numbers: impl IntoIterator<Item = u64, IntoIter: Send + 'static>) -> Items {
    Box::pin(stream::iter(numbers.into_iter().map(item)))
}

/// Items as they are sent to it, which notes `left 1` when nobody wants them any more.
fn channel(log: &Log) -> (mpsc::UnboundedSender<Item>, Items) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (sender, Box::pin(Channel(receiver, Leaves(log.clone(), 1))))
}

struct Channel(
    mpsc::UnboundedReceiver<Item>,
    #[expect(dead_code, reason = "it notes that it is dropped")] Leaves,
);

impl Stream for Channel {
    type Item = Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        self.0.poll_recv(cx)
    }
}

fn assert_unlucky(error: CallError<StreamingError>) {
    let unlucky = StreamingError::BrokenOff {
        number: 13,
        reason: "unlucky".to_owned(),
    };
    match error {
        CallError::Service(error) => assert_eq!(error, unlucky),
        other => panic!("expected the declared error, found {other:?}"),
    }
}

/// The third of three violates a check.
fn third_is_invalid() -> Items {
    let mut items: Vec<_> = (1..=5).map(item).collect();
    items[2].text = "x".repeat(41);
    Box::pin(stream::iter(items))
}

fn assert_invalid(error: CallError<StreamingError>) {
    let found = violations(&remote::<(), _>(Err(error)));
    let violation = ("/text", "must have at most 40 characters");
    assert_eq!(found, [(violation.0.to_owned(), violation.1.to_owned())]);
}

pub(crate) async fn every_length(place: Uploads) {
    let (_running, client) = place.serve(&Uploaders::default()).await;
    for count in [0, 1, 10_000] {
        let sum = (client.sum)(numbered((0..count).map(|at| 1_000 + at)));
        let sum = sum.await.expect("a sum");
        assert_eq!(u64::from(sum.items), count);
        assert_eq!(sum.total, (0..count).map(|at| 1_000 + at).sum::<u64>());
    }
}

pub(crate) async fn stops_early(place: Uploads) {
    let (_running, client) = place.serve(&Uploaders::default()).await;
    let numbers = (client.three)(numbered(1..=3)).await;
    assert_eq!(numbers.expect("three numbers"), [1, 2, 3]);
    let numbers = (client.three)(numbered(1..)).await;
    assert_eq!(numbers.expect("three numbers"), [1, 2, 3]);
    // One that never ends, and whose next value never comes.
    let log = Log::default();
    let (sender, items) = channel(&log);
    for number in 1..=3 {
        sender.send(item(number)).expect("it is wanted");
    }
    let numbers = (client.three)(items).await;
    assert_eq!(numbers.expect("three numbers"), [1, 2, 3]);
    log.until_has("left 1").await;
}

pub(crate) async fn invalid(place: Uploads) {
    let uploaders = Uploaders::default();
    let (_running, client) = place.serve(&uploaders).await;
    let error = (client.sum)(third_is_invalid()).await;
    assert_invalid(error.expect_err("it is invalid"));
    assert_eq!(uploaders.log.lines(), ["took 1", "took 2", "left 0"]);
}

pub(crate) async fn not_encodable(place: Uploads) {
    let uploaders = Uploaders::default();
    let (_running, client) = place.serve(&uploaders).await;
    // A number that JavaScript would round is never sent as another one.
    let sum = (client.sum)(numbered([1, 1 << 53, 3])).await;
    let error = match sum {
        Err(error) => error,
        // Protobuf holds every number.
        Ok(sum) => return assert_eq!((sum.items, sum.total), (3, (1 << 53) + 4)),
    };
    assert_eq!(error.kind(), Kind::Invalid, "{error:?}");
    uploaders.log.until_has("left 0").await;
    assert_eq!(uploaders.log.lines(), ["took 1", "left 0"]);
}

pub(crate) async fn broken_off(place: Uploads) {
    let uploaders = Uploaders::default();
    let (_running, client) = place.serve(&uploaders).await;
    // What comes behind it is not taken any more, and may never end.
    let error = (client.sum)(numbered(10..)).await;
    assert_unlucky(error.expect_err("it is unlucky"));
    let taken = ["took 10", "took 11", "took 12", "took 13", "left 0"];
    assert_eq!(uploaders.log.lines(), taken);
}

pub(crate) async fn panic(place: Uploads) {
    let (_running, client) = place.serve(&Uploaders::default()).await;
    let exception = remote((client.sum)(numbered([1, 666, 2])).await);
    assert_eq!(
        exception.to_json(),
        r#"{"status":"error","message":"Internal server error"}"#
    );
    let (values, error) = collect((client.echo)(numbered([1, 666, 2]))).await;
    assert_eq!(values, [item(1)]);
    let exception = remote(error.map_or(Ok(()), Err));
    assert_eq!(exception.kind(), Kind::Internal);
    assert_eq!((client.beside)(1).await.expect("an answer"), 1);
}

pub(crate) async fn no_handler(place: Uploads) {
    let (_running, client) = place.serve(&Uploaders::default()).await;
    for items in [numbered([]), numbered(1..)] {
        match (client.unload)(items).await {
            Err(CallError::Transport(TransportError::NoHandler)) => {}
            other => panic!("expected that there is no handler, found {other:?}"),
        }
    }
}

pub(crate) async fn headers(place: Uploads) {
    let (_running, client) = place.serve(&Uploaders::default()).await;
    let call = (client.tenant)(numbered([1])).header("tenant", "é 🦀 \"quoted\"\t{}");
    assert_eq!(call.await.expect("an answer"), "é 🦀 \"quoted\"\t{}");
}

pub(crate) async fn timeout(place: Uploads) {
    let uploaders = Uploaders::default();
    let (_running, client) = place.serve(&uploaders).await;
    // Nobody ends it.
    let (_sender, items) = channel(&uploaders.log);
    let error = (client.sum)(items).timeout(Duration::from_millis(30)).await;
    assert!(matches!(error, Err(CallError::Timeout)), "{error:?}");
    uploaders.log.until_has("left 1").await;
    uploaders.log.until_has("left 0").await;
    assert_eq!((client.beside)(1).await.expect("an answer"), 1);
}

pub(crate) async fn dropped(place: Uploads) {
    let uploaders = Uploaders::default();
    let (_running, client) = place.serve(&uploaders).await;
    let (sender, items) = channel(&uploaders.log);
    let call = tokio::spawn((client.sum)(items));
    sender.send(item(1)).expect("it is wanted");
    uploaders.log.until_has("took 1").await;
    call.abort();
    assert!(call.await.expect_err("it was dropped").is_cancelled());
    // Neither the values nor the handler are kept for nobody.
    uploaders.log.until_has("left 1").await;
    uploaders.log.until_has("left 0").await;
    // What came was not taken for all of it.
    assert_eq!(
        uploaders.log.lines().iter().find(|line| *line == "summed"),
        None
    );
    assert_eq!((client.beside)(1).await.expect("an answer"), 1);
}

pub(crate) async fn many(place: Uploads) {
    let (_running, client) = place.serve(&Uploaders::default()).await;
    let uploads: Vec<_> = (1..=100_u64)
        .map(|number| {
            let call = (client.sum)(numbered((0..200).map(move |_| 1_000 + number)));
            tokio::spawn(async move { call.await.expect("a sum").total == 200 * (1_000 + number) })
        })
        .collect();
    let echoes: Vec<_> = (1..=100_u64)
        .map(|number| {
            let call = (client.echo)(numbered((0..200).map(move |_| 1_000 + number)));
            tokio::spawn(async move { all(call).await == vec![item(1_000 + number); 200] })
        })
        .collect();
    let calls: Vec<_> = (0..200)
        .map(|number| {
            let call = (client.beside)(number);
            tokio::spawn(async move { call.await.expect("an answer") == number })
        })
        .collect();
    for work in uploads.into_iter().chain(echoes).chain(calls) {
        assert!(work.await.expect("no panic"), "a value of another came");
    }
}

pub(crate) async fn echoed(place: Uploads) {
    let (_running, client) = place.serve(&Uploaders::default()).await;
    for count in [0, 1, 10_000] {
        let values = all((client.echo)(numbered((0..count).map(|at| 1_000 + at)))).await;
        let expected: Vec<_> = (0..count).map(|at| item(1_000 + at)).collect();
        assert!(values == expected, "of {count} values");
    }
}

async fn next(call: &mut StreamingCall<op::Echo>) -> Item {
    call.next().await.expect("a value").expect("a value")
}

pub(crate) async fn lockstep(place: Uploads) {
    let uploaders = Uploaders::default();
    let (_running, client) = place.serve(&uploaders).await;
    let (sender, items) = channel(&uploaders.log);
    let mut call = (client.echo)(items);
    for number in 1..=10 {
        // The next one is sent only when this one has come back.
        sender.send(item(number)).expect("it is wanted");
        assert_eq!(next(&mut call).await, item(number));
    }
    drop(sender);
    assert!(call.next().await.is_none());
    uploaders.log.until_has("left 0").await;
}

pub(crate) async fn echo_broken_off(place: Uploads) {
    let (_running, client) = place.serve(&Uploaders::default()).await;
    let (values, error) = collect((client.echo)(numbered(10..))).await;
    assert_eq!(values, [item(10), item(11), item(12)]);
    assert_unlucky(error.expect("it is unlucky"));
}

pub(crate) async fn echo_invalid(place: Uploads) {
    let (_running, client) = place.serve(&Uploaders::default()).await;
    let (values, error) = collect((client.echo)(third_is_invalid())).await;
    assert_eq!(values, [item(1), item(2)]);
    assert_invalid(error.expect("it is invalid"));
}

pub(crate) async fn echo_dropped(place: Uploads) {
    let uploaders = Uploaders::default();
    let (_running, client) = place.serve(&uploaders).await;
    let (sender, items) = channel(&uploaders.log);
    let mut call = (client.echo)(items);
    sender.send(item(1)).expect("it is wanted");
    assert_eq!(next(&mut call).await, item(1));
    drop(call);
    uploaders.log.until_has("left 1").await;
    uploaders.log.until_has("left 0").await;
    assert_eq!((client.beside)(1).await.expect("an answer"), 1);
}

pub(crate) async fn drain(place: Uploads) {
    let uploaders = Uploaders::default();
    let (running, client) = place.serve(&uploaders).await;
    let (sender, items) = channel(&uploaders.log);
    let call = tokio::spawn((client.sum)(items));
    sender.send(Item::new(1_u64, "gate")).expect("it is wanted");
    uploaders.log.until_has("took 1").await;
    let stopped = tokio::spawn(running.stop());
    uploaders.gates.open(1);
    sender.send(item(2)).expect("it is wanted");
    drop(sender);
    let sum = call.await.expect("no panic").expect("a sum");
    assert_eq!((sum.items, sum.total), (2, 3));
    stopped.await.expect("no panic").expect("it stops in time");
}
