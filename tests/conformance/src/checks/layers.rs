//! Layers of tower on both sides.

use std::time::Duration;

use anywire::{App, CallError, Kind, Request};
use tower::{
    ServiceBuilder,
    timeout::TimeoutLayer,
    util::{MapRequestLayer, MapResponseLayer},
};

use super::errors::remote;
use crate::{
    Handlers, Heard,
    handlers::Log,
    place::{Clients, Place},
};

/// Notes the name of the operation that passes.
pub(super) fn notes<'a>(
    log: &Log,
    prefix: &'a str,
) -> MapRequestLayer<impl Fn(Request) -> Request + Clone + use<'a>>
where
    'a: 'static,
{
    let log = log.clone();
    MapRequestLayer::new(move |request: Request| {
        log.add(format!("{prefix}{}", request.meta.name));
        request
    })
}

pub(crate) async fn apply_to_all(place: Place) {
    let (log, handlers, heard) = (Log::default(), Handlers::default(), Heard::default());
    // The layer is added between the parts, and applies to those before it as well.
    let app = App::new()
        .serve(place.checks(&handlers))
        .layer(notes(&log, ""))
        .serve(place.more())
        .subscribe(place.announced(&heard, None));
    let running = app.start().await.expect("the app starts");
    let clients = place.connect(&running).await;
    clients.checks.echo("a").await.expect("an echo");
    clients.more.more().await.expect("a reply");
    clients.checks.note("a").await.expect("it is sent");
    clients.publisher.announced("a").await.expect("it is sent");
    let mut lines = log.until(|lines| lines.len() == 4).await;
    lines.sort();
    assert_eq!(lines, ["announced", "echo", "more", "note"]);
}

pub(crate) async fn order(place: Place) {
    let log = Log::default();
    let leaves = |name: &'static str| {
        let log = log.clone();
        MapResponseLayer::new(move |reply: anywire::Reply| {
            log.add(format!("{name} out"));
            reply
        })
    };
    let app = App::new()
        .layer(notes(&log, "outer "))
        .layer(leaves("outer"))
        .layer(notes(&log, "inner "))
        .layer(leaves("inner"))
        .serve(place.checks(&Handlers::default()));
    let running = app.start().await.expect("the app starts");
    let clients = place.connect(&running).await;
    clients.checks.echo("a").await.expect("an echo");
    assert_eq!(
        log.lines(),
        ["outer echo", "inner echo", "inner out", "outer out"]
    );
}

pub(crate) async fn timeout(place: Place) {
    let app = App::new()
        .layer(TimeoutLayer::new(Duration::from_millis(30)))
        .serve(place.checks(&Handlers::default()));
    let running = app.start().await.expect("the app starts");
    let clients = place.connect(&running).await;
    // Nobody opens this gate.
    let exception = remote(clients.checks.wait(1).await);
    assert_eq!(exception.kind(), Kind::Deadline, "{exception:?}");
    assert_eq!(exception.code(), Some("DEADLINE_EXCEEDED"));
    assert_eq!(exception.status(), Some(504));
}

pub(crate) async fn shed(place: Place) {
    let handlers = Handlers::default();
    // As one layer: a limit that is full is seen only by what wraps it directly.
    let one_at_a_time = ServiceBuilder::new()
        .load_shed()
        .concurrency_limit(1)
        .into_inner();
    let app = App::new()
        .layer(one_at_a_time)
        .serve(place.checks(&handlers));
    let running = app.start().await.expect("the app starts");
    let clients = place.connect(&running).await;
    let waiting = tokio::spawn(clients.checks.wait(1));
    handlers.log.until_has("wait 1").await;

    let error = clients
        .checks
        .echo("one too many")
        .await
        .expect_err("an overload");
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    assert!(error.is_retryable());
    let exception = remote::<String, _>(Err(error));
    assert_eq!(exception.status(), Some(503));

    handlers.gates.open(1);
    assert_eq!(waiting.await.expect("no panic").expect("a reply"), 1);
}

pub(crate) async fn client(place: Place) {
    let handlers = Handlers::default();
    let (_running, Clients { checks, .. }) = place.serve(&handlers).await;
    let log = Log::default();
    let noting = checks.clone().layer(&notes(&log, ""));
    noting.echo("a").await.expect("an echo");
    assert_eq!(log.lines(), ["echo"]);

    let hasty = checks
        .clone()
        .layer(&TimeoutLayer::new(Duration::from_millis(30)));
    let error = hasty.wait(1).await.expect_err("a timeout");
    assert!(matches!(error, CallError::Timeout), "{error:?}");

    let one_at_a_time = ServiceBuilder::new()
        .load_shed()
        .concurrency_limit(1)
        .into_inner();
    let limited = checks.layer(&one_at_a_time);
    let waiting = tokio::spawn(limited.wait(2));
    handlers.log.until_has("wait 2").await;
    let error = limited.echo("one too many").await.expect_err("an overload");
    assert!(matches!(error, CallError::Transport(_)), "{error:?}");
    assert_eq!(error.kind(), Kind::Unavailable, "{error:?}");
    handlers.gates.open(2);
    assert_eq!(waiting.await.expect("no panic").expect("a reply"), 2);
}
