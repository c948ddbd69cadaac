//! Requests that fail: five things that must never be confused.

use anywire::{CallError, Kind, RpcException, TransportError};

use crate::{
    Handlers,
    conformance::{Failing, FailingError},
    place::Place,
};

pub(crate) async fn declared(place: Place) {
    let (_running, clients) = place.serve(&Handlers::default()).await;
    let name = "Ada \"🦀\"".to_owned();
    let error = clients
        .checks
        .fail(Failing::Declared {
            id: 7,
            name: name.clone(),
        })
        .await;
    let error = error.expect_err("a declared error");
    assert_eq!(error.code(), "NAME_TAKEN");
    assert_eq!(error.status(), 409);
    assert_eq!(error.kind(), Kind::Conflict);
    assert!(!error.is_retryable());
    match error {
        CallError::Service(error) => assert_eq!(error, FailingError::Taken { id: 7, name }),
        other => panic!("expected the declared error, found {other:?}"),
    }
    match clients.checks.fail(Failing::Busy).await {
        Err(error @ CallError::Service(FailingError::Busy)) => assert!(error.is_retryable()),
        other => panic!("expected the declared error, found {other:?}"),
    }
}

/// The exception that a call failed with.
pub(crate) fn remote<T: std::fmt::Debug, E: std::fmt::Debug>(
    result: Result<T, CallError<E>>,
) -> RpcException {
    match result {
        Err(CallError::Remote(exception)) => exception,
        other => panic!("expected an undeclared error, found {other:?}"),
    }
}

pub(crate) async fn undeclared(place: Place) {
    let (_running, clients) = place.serve(&Handlers::default()).await;
    let exception = remote(clients.checks.fail(Failing::Undeclared).await);
    assert_eq!(
        exception.to_json(),
        r#"{"status":"error","message":"Internal server error"}"#
    );
    assert_eq!(exception.kind(), Kind::Internal);
}

pub(crate) async fn exception(place: Place) {
    let (_running, clients) = place.serve(&Handlers::default()).await;
    let exception = remote(clients.checks.fail(Failing::Exception).await);
    assert_eq!(
        exception.to_json(),
        r#"{"status":418,"message":"teapot","extra":[1]}"#
    );
}

pub(crate) async fn no_handler(place: Place) {
    let (_running, clients) = place.serve(&Handlers::default()).await;
    match clients.absent.absent().await {
        Err(CallError::Transport(TransportError::NoHandler)) => {}
        other => panic!("expected that there is no handler, found {other:?}"),
    }
}

pub(crate) async fn panic(place: Place) {
    let handlers = Handlers::default();
    let (_running, clients) = place.serve(&handlers).await;
    let waiting = tokio::spawn(clients.checks.wait(1));
    handlers.log.until_has("wait 1").await;

    let exception = remote(clients.checks.fail(Failing::Panic).await);
    assert_eq!(
        exception.to_json(),
        r#"{"status":"error","message":"Internal server error"}"#
    );
    assert_eq!(
        clients.checks.echo("still there").await.expect("an echo"),
        "still there"
    );
    handlers.gates.open(1);
    assert_eq!(waiting.await.expect("no panic").expect("a reply"), 1);
}
