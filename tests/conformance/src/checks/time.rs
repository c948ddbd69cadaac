//! Time: how long callers wait, and who knows of it.

use std::time::Duration;

use anywire::{CallError, Kind};

use crate::{Handlers, place::Place};

pub(crate) async fn timeout(place: Place) {
    let handlers = Handlers::default();
    let (_running, clients) = place.serve(&handlers).await;
    // Nobody opens this gate.
    let error = clients
        .checks
        .wait(1)
        .timeout(Duration::from_millis(30))
        .await;
    let error = error.expect_err("a timeout");
    assert!(matches!(error, CallError::Timeout), "{error:?}");
    assert_eq!(error.kind(), Kind::Deadline);
    assert!(error.is_retryable());
    assert_eq!(clients.checks.echo("next").await.expect("an echo"), "next");
}

pub(crate) async fn remaining(place: Place) {
    let (_running, clients) = place.serve(&Handlers::default()).await;
    let remaining = clients
        .checks
        .remaining()
        .timeout(Duration::from_secs(20))
        .await;
    let millis = remaining
        .expect("a reply")
        .millis
        .expect("the remaining time");
    assert!((1..=20_000).contains(&millis), "{millis} ms of 20 s remain");
    // The contract's own timeout is known to both and does not travel.
    let remaining = clients.checks.remaining().await.expect("a reply");
    assert_eq!(remaining.millis, None);
}

pub(crate) async fn expired(place: Place) {
    let handlers = Handlers::default();
    let (_running, clients) = place.serve(&handlers).await;
    let error = clients.checks.wait(1).timeout(Duration::ZERO).await;
    let error = error.expect_err("no time at all");
    assert_eq!(error.kind(), Kind::Deadline, "{error:?}");
    // What comes later on the same way is handled, so that the first one never will be.
    assert_eq!(clients.checks.echo("next").await.expect("an echo"), "next");
    assert_eq!(
        handlers.log.count("wait 1"),
        0,
        "work was begun that nobody waits for"
    );
}

pub(crate) async fn cancellation(place: Place) {
    let handlers = Handlers::default();
    let (_running, clients) = place.serve(&handlers).await;
    let dropped = tokio::spawn(clients.checks.wait(1));
    let kept = tokio::spawn(clients.checks.wait(2));
    handlers.log.until_has("wait 1").await;
    handlers.log.until_has("wait 2").await;
    dropped.abort();
    assert!(dropped.await.expect_err("it was dropped").is_cancelled());

    assert_eq!(clients.checks.echo("next").await.expect("an echo"), "next");
    // Where a server is not told, the answer comes and is for nobody.
    handlers.gates.open(1);
    handlers.log.until_has("left 1").await;
    assert_eq!(
        clients.checks.echo("later").await.expect("an echo"),
        "later"
    );
    handlers.gates.open(2);
    assert_eq!(kept.await.expect("no panic").expect("a reply"), 2);
}
