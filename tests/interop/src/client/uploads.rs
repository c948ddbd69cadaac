//! Streams that we send to the servers of others.

use std::{fmt::Debug, future::IntoFuture as _};

use anywire::{CallError, Grpc};
use futures_util::stream;

use super::values_of;
use crate::{
    check::{Check, checks},
    uploading::{channel, endless},
    uploads::{UploadError, UploadsClient},
};

/// Whom other transports cannot carry.
pub(super) type Client = UploadsClient<Grpc>;

/// Under the names that the checks of `nest/checks/uploads.mjs` have.
pub(super) const CHECKS: &[(&str, Check<Client>)] = checks! {
    "upload in order" => in_order,
    "upload of none" => none,
    "upload of 10,000 values" => long,
    "upload answered before its end" => answered_early,
    "upload broken off" => broken_off,
    "upload that its caller gives up" => given_up,
    "both ways in lockstep" => lockstep,
    "both ways, none" => both_none,
    "both ways, 10,000 values" => both_long,
    "both ways, ended by the server" => both_ended,
    "both ways, an error after values" => both_broken_off,
    "both ways, given up by the caller" => both_given_up,
};

fn assert_broken_off<T: Debug>(answer: Result<T, CallError<UploadError>>) {
    match answer {
        Err(CallError::Service(error)) => assert_eq!(error, UploadError::Aborted { number: 13 }),
        other => panic!("expected the declared error, found {other:?}"),
    }
}

async fn in_order(client: Client) {
    let taken = client.collect(stream::iter([3, 1, u32::MAX, 2])).await;
    assert_eq!(taken.expect("numbers"), [3, 1, u32::MAX, 2]);
}

async fn none(client: Client) {
    let taken = client.collect(stream::empty()).await;
    assert_eq!(taken.expect("numbers"), [0; 0]);
}

async fn long(client: Client) {
    let taken = client.collect(stream::iter(101..=10_100)).await;
    let taken = taken.expect("numbers");
    let count = taken.len();
    assert!(taken.into_iter().eq(101..=10_100), "{count} numbers");
}

async fn answered_early(client: Client) {
    let taken = client.collect(endless(&[1, 2, 0])).await;
    assert_eq!(taken.expect("numbers"), [1, 2]);
}

async fn broken_off(client: Client) {
    assert_broken_off(client.collect(endless(&[1, 2, 13])).await);
}

async fn given_up(client: Client) {
    let call = tokio::spawn(client.collect(endless(&[1001])).into_future());
    client.noted("began 1001").await.expect("it is noted");
    call.abort();
    client.noted("given up 1001").await.expect("it is noted");
}

async fn lockstep(client: Client) {
    let (sender, numbers) = channel();
    let mut echo = client.echo(numbers);
    for number in 1..=10 {
        // The next one is sent only when this one has come back.
        sender.send(number).expect("it is wanted");
        let echoed = echo.next().await.expect("a value");
        assert_eq!(echoed.expect("a value"), number);
    }
    drop(sender);
    assert!(echo.next().await.is_none());
}

async fn both_none(client: Client) {
    let (values, error) = values_of(client.echo(stream::empty())).await;
    assert!(values.is_empty() && error.is_none(), "{values:?} {error:?}");
}

async fn both_long(client: Client) {
    let (values, error) = values_of(client.echo(stream::iter(101..=10_100))).await;
    let count = values.len();
    assert!(
        values.into_iter().eq(101..=10_100) && error.is_none(),
        "{count} values, {error:?}"
    );
}

async fn both_ended(client: Client) {
    let (values, error) = values_of(client.echo(endless(&[1, 2, 0]))).await;
    assert!(values == [1, 2] && error.is_none(), "{values:?} {error:?}");
}

async fn both_broken_off(client: Client) {
    let (values, error) = values_of(client.echo(endless(&[1, 2, 13]))).await;
    assert_eq!(values, [1, 2]);
    assert_broken_off(error.map_or(Ok(()), Err));
}

async fn both_given_up(client: Client) {
    let mut echo = client.echo(endless(&[1002]));
    let echoed = echo.next().await.expect("a value");
    assert_eq!(echoed.expect("a value"), 1002);
    drop(echo);
    client.noted("given up 1002").await.expect("it is noted");
}
