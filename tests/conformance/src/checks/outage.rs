//! A broker that is killed under load, or a server where there is no broker.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anywire::{CallError, Operation, StreamingCall, transport::ConnectionState};
use tokio::task::JoinHandle;

use super::streams::collect;
use crate::{
    Handlers, Heard, Log, Streamers,
    handlers::item,
    place::{Place, Setting, Storing, Streams, start},
};

/// How long each caller waits.
const TIMEOUT: Duration = Duration::from_secs(10);
/// When the last of them must have heard something.
const BOUND: Duration = Duration::from_secs(60);
/// How many calls, or streams, are under way when it is killed.
const IN_FLIGHT: u32 = 64;

/// What a caller may be told while nobody is there.
fn is_outage<E>(error: &CallError<E>) -> bool {
    matches!(error, CallError::Transport(_) | CallError::Timeout)
}

/// The value, or nothing for a caller who was told of the outage.
fn unless_lost<T, E: fmt::Debug>(outcome: Result<T, CallError<E>>) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(error) if is_outage(&error) => None,
        Err(error) => panic!("expected `Transport` or `Timeout`, found {error:?}"),
    }
}

/// Waits for what must happen, whatever dies.
async fn bounded<T>(what: &str, future: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(BOUND, future).await;
    done.unwrap_or_else(|_| panic!("{what}: not within {BOUND:?}"))
}

/// The ends of all of them, none of which hangs.
async fn ends<T>(what: &str, tasks: Vec<JoinHandle<T>>) -> Vec<T> {
    let mut ends = Vec::new();
    for task in tasks {
        ends.push(bounded(what, task).await.expect("every end is a right one"));
    }
    ends
}

/// Tries until it succeeds. Until then each attempt is told of the outage.
async fn again<T, E, A>(mut attempt: impl FnMut() -> A) -> T
where
    E: fmt::Debug,
    A: IntoFuture<Output = Result<T, CallError<E>>>,
{
    loop {
        if let Some(value) = unless_lost(attempt().await) {
            return value;
        }
        tokio::task::yield_now().await;
    }
}

/// The values of a stream, if all of them come.
async fn whole<Op: Operation>(
    call: StreamingCall<Op>,
) -> Result<Vec<Op::Response>, CallError<Op::Error>> {
    match collect(call).await {
        (values, None) => Ok(values),
        (_, Some(error)) => Err(error),
    }
}

pub(crate) async fn calls(setting: Setting<Place>) {
    let mut scene = setting.await;
    let (handlers, heard) = (Handlers::default(), Heard::default());
    let parts = |place: &Place| [place.checks(&handlers), place.announced(&heard, None)];
    let running = start(parts(&scene.place)).await;
    let clients = scene.place.connect(&running).await;
    let watch = scene.watch(&running).await;

    let in_flight: Vec<_> = (0..IN_FLIGHT)
        .map(|gate| {
            let call = clients.checks.wait(gate).timeout(TIMEOUT);
            tokio::spawn(async move {
                if let Some(answer) = unless_lost(call.await) {
                    assert_eq!(answer, gate, "another's answer");
                }
            })
        })
        .collect();
    let have_begun = |lines: &[String]| lines.len() == IN_FLIGHT as usize;
    handlers.log.until(have_begun).await;
    // Each goes on until it is told of the outage.
    let callers: Vec<_> = (0..IN_FLIGHT)
        .map(|caller| {
            let checks = clients.checks.clone();
            tokio::spawn(async move {
                let text = format!("caller {caller}");
                while let Some(echoed) =
                    unless_lost(checks.echo(text.as_str()).timeout(TIMEOUT).await)
                {
                    assert_eq!(echoed, text, "another's answer");
                }
            })
        })
        .collect();
    let is_away = Arc::new(AtomicBool::new(false));
    let publishing = tokio::spawn({
        let (publisher, is_away) = (clients.publisher.clone(), Arc::clone(&is_away));
        async move {
            // One that may be lost may be taken from who knows of no outage.
            while !is_away.load(Ordering::Relaxed) {
                let event = publisher.announced("before").timeout(TIMEOUT);
                if unless_lost(event.await).is_none() {
                    return;
                }
                tokio::task::yield_now().await;
            }
        }
    });
    heard.log.until_has("before").await;

    let (others, others_watch, gates) = (clients.clone(), watch.clone(), handlers.gates.clone());
    let meanwhile = async move {
        ends("the calls in flight", in_flight).await;
        ends("the callers", callers).await;
        is_away.store(true, Ordering::Relaxed);
        ends("the publisher", vec![publishing]).await;
        let lost = others_watch.until(ConnectionState::Reconnecting);
        bounded("the loss", lost).await;
        let refused = bounded("a refusal", others.checks.echo("x").timeout(TIMEOUT)).await;
        assert!(unless_lost(refused).is_none(), "nobody can have answered");
        // One that may be lost may be taken all the same.
        let lost = bounded("an end", others.publisher.announced("x").timeout(TIMEOUT)).await;
        unless_lost(lost);
        (0..IN_FLIGHT).for_each(|gate| gates.open(gate));
    };
    let back = scene.kill(running, parts, meanwhile);
    let running = bounded("the way back", back).await;

    bounded("a connection", watch.until(ConnectionState::Connected)).await;
    let echoed = again(|| clients.checks.echo("again").timeout(TIMEOUT));
    assert_eq!(bounded("an answer", echoed).await, "again");
    bounded("an event", async {
        while heard.log.count("again") == 0 {
            unless_lost(clients.publisher.announced("again").timeout(TIMEOUT).await);
            tokio::task::yield_now().await;
        }
    })
    .await;
    bounded("the stop", running.stop()).await.expect("it stops");
    for gate in 0..IN_FLIGHT {
        let times = handlers.log.count(&format!("wait {gate}"));
        assert_eq!(times, 1, "call {gate} was handled {times} times");
    }
}

pub(crate) async fn streams(setting: Setting<Streams>) {
    let mut scene = setting.await;
    let streamers = Streamers::default();
    let parts = |place: &Streams| [place.streaming(&streamers)];
    let running = start(parts(&scene.place)).await;
    let client = scene.place.connect(&running).await;

    // Each has had its first value, and waits for its second.
    let mut open = Vec::new();
    for gate in (0..IN_FLIGHT).map(|stream| stream * 2) {
        streamers.gates.open(gate);
        let mut call = client.follow(gate, 2).timeout(TIMEOUT);
        let first = call.next().await.expect("a value").expect("a value");
        assert_eq!(first, 0);
        open.push(tokio::spawn(async move {
            let end = call.next().await.expect("it is not over");
            assert!(unless_lost(end).is_none(), "nobody has made a value");
            assert!(call.next().await.is_none(), "an error is the last item");
        }));
    }
    let (others, gates) = (client.clone(), streamers.gates.clone());
    let meanwhile = async move {
        ends("the streams", open).await;
        let mut refused = others.count(3).timeout(TIMEOUT);
        let refused = bounded("a refusal", refused.next()).await;
        let refused = refused.map(unless_lost);
        assert!(matches!(refused, Some(None)), "nobody can have answered");
        (0..IN_FLIGHT * 2).for_each(|gate| gates.open(gate));
    };
    let back = scene.kill(running, parts, meanwhile);
    let running = bounded("the way back", back).await;

    let items = again(|| whole(client.count(3).timeout(TIMEOUT)));
    let items = bounded("a stream", items).await;
    assert_eq!(items, (1..=3).map(item).collect::<Vec<_>>());
    bounded("the stop", running.stop()).await.expect("it stops");
    for gate in (0..IN_FLIGHT).map(|stream| stream * 2) {
        let times = streamers.log.count(&format!("began {gate}"));
        assert_eq!(times, 1, "stream {gate} was begun {times} times");
    }
}

pub(crate) async fn stored(setting: Setting<Storing>) {
    let mut scene = setting.await;
    let (alone, member) = (Heard::default(), Heard::default());
    let parts = |place: &Storing| {
        [
            place.stored(&alone, None),
            place.stored(&member, Some("blue")),
        ]
    };
    let (running, store) = scene.place.serve(parts(&scene.place)).await;
    let (store, confirmed) = (Arc::new(store), Log::default());
    let watch = scene.watch(&running).await;

    // One behind the other, until one is not confirmed.
    let publishing = tokio::spawn({
        let (store, confirmed) = (Arc::clone(&store), confirmed.clone());
        async move {
            let mut number = 0;
            loop {
                let text = format!("before {number}");
                if unless_lost(store(&text).timeout(TIMEOUT).await).is_none() {
                    return;
                }
                confirmed.add(text);
                number += 1;
            }
        }
    });
    for heard in [&alone, &member] {
        let some = heard.log.until(|lines| lines.len() >= 20);
        bounded("events", some).await;
    }

    let (others_store, others_watch) = (Arc::clone(&store), watch.clone());
    let meanwhile = async move {
        ends("the publisher", vec![publishing]).await;
        let lost = others_watch.until(ConnectionState::Reconnecting);
        bounded("the loss", lost).await;
        let refused = bounded("a refusal", others_store("x").timeout(TIMEOUT)).await;
        assert!(unless_lost(refused).is_none(), "nobody can have stored it");
    };
    let back = scene.kill(running, parts, meanwhile);
    let running = bounded("the way back", back).await;

    bounded("a connection", watch.until(ConnectionState::Connected)).await;
    for number in 0..20 {
        let text = format!("again {number}");
        let stored = again(|| store(&text).timeout(TIMEOUT));
        bounded("a confirmation", stored).await;
        confirmed.add(text);
    }
    let confirmed = confirmed.lines();
    for (who, heard) in [("the one alone", &alone), ("the member", &member)] {
        let missing = |lines: &[String]| {
            let mut missing = confirmed.clone();
            missing.retain(|text| !lines.contains(text));
            missing
        };
        let all = heard.log.until(|lines| missing(lines).is_empty());
        if tokio::time::timeout(BOUND, all).await.is_err() {
            let (missing, all) = (missing(&heard.log.lines()), confirmed.len());
            panic!("{who} has not heard {missing:?} of {all} within {BOUND:?}");
        }
    }
    bounded("the stop", running.stop()).await.expect("it stops");
}
