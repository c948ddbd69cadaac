//! Our server's streams of requests, checked by tonic's client.

use futures_util::{Stream, StreamExt as _, stream};
use tonic::{Code, Status};

use super::{
    client::{Cx, values_of},
    proto::uploads::{CollectRequest, EchoRequest, upload_error},
    status::fields_of,
};
use crate::{
    check::{Check, checks},
    uploading::{channel, endless},
};

/// Under the names that the checks of `nest/checks/uploads.mjs` have.
pub(super) const CHECKS: &[(&str, Check<Cx>)] = checks! {
    "upload in order" => in_order,
    "upload of none" => none,
    "upload of 10,000 values" => long,
    "upload answered before its end" => answered_early,
    "upload broken off" => broken_off,
    "both ways in lockstep" => lockstep,
    "both ways, none" => both_none,
    "both ways, 10,000 values" => both_long,
    "both ways, ended by the server" => both_ended,
    "both ways, an error after values" => both_broken_off,
};

impl Cx {
    async fn collect(
        &mut self,
        numbers: impl Stream<Item = u32> + Send + 'static,
    ) -> Result<Vec<u32>, Status> {
        let numbers = numbers.map(|numbers| CollectRequest { numbers });
        Ok(self.uploads.collect(numbers).await?.into_inner().value)
    }

    /// What comes back, and the error if one came.
    async fn echo(
        &mut self,
        numbers: impl Stream<Item = u32> + Send + 'static,
    ) -> (Vec<u32>, Option<Status>) {
        let numbers = numbers.map(|numbers| EchoRequest { numbers });
        let echo = self.uploads.echo(numbers).await.expect("a stream");
        values_of(echo.into_inner(), |one| one.value).await
    }
}

fn assert_broken_off(status: &Status) {
    assert_eq!(status.message(), "13 breaks it off");
    let fields: upload_error::Aborted = fields_of(
        status,
        (Code::Aborted, "ABORTED"),
        "interop.uploads.v1.UploadError",
        "Aborted",
    );
    assert_eq!(fields.number, 13);
}

async fn in_order(mut cx: Cx) {
    let taken = cx.collect(stream::iter([3, 1, u32::MAX, 2])).await;
    assert_eq!(taken.expect("numbers"), [3, 1, u32::MAX, 2]);
}

async fn none(mut cx: Cx) {
    let taken = cx.collect(stream::empty()).await;
    assert_eq!(taken.expect("numbers"), [0; 0]);
}

async fn long(mut cx: Cx) {
    let taken = cx
        .collect(stream::iter(101..=10_100))
        .await
        .expect("numbers");
    assert!(
        taken.iter().copied().eq(101..=10_100),
        "{} numbers",
        taken.len()
    );
}

async fn answered_early(mut cx: Cx) {
    let taken = cx.collect(endless(&[1, 2, 0])).await;
    assert_eq!(taken.expect("numbers"), [1, 2]);
}

async fn broken_off(mut cx: Cx) {
    let error = cx.collect(endless(&[1, 2, 13])).await;
    assert_broken_off(&error.expect_err("it is broken off"));
}

async fn lockstep(mut cx: Cx) {
    let (sender, numbers) = channel();
    let numbers = numbers.map(|numbers| EchoRequest { numbers });
    let echo = cx.uploads.echo(numbers).await.expect("a stream");
    let mut echo = echo.into_inner();
    for number in 1..=10 {
        // The next one is sent only when this one has come back.
        sender.send(number).expect("it is wanted");
        let echoed = echo.message().await.expect("a value");
        assert_eq!(echoed.map(|one| one.value), Some(number));
    }
    drop(sender);
    assert_eq!(echo.message().await.expect("the end"), None);
}

async fn both_none(mut cx: Cx) {
    let (values, error) = cx.echo(stream::empty()).await;
    assert!(values.is_empty() && error.is_none(), "{values:?} {error:?}");
}

async fn both_long(mut cx: Cx) {
    let (values, error) = cx.echo(stream::iter(101..=10_100)).await;
    let count = values.len();
    assert!(
        values.into_iter().eq(101..=10_100) && error.is_none(),
        "{count} values, {error:?}"
    );
}

async fn both_ended(mut cx: Cx) {
    let (values, error) = cx.echo(endless(&[1, 2, 0])).await;
    assert!(values == [1, 2] && error.is_none(), "{values:?} {error:?}");
}

async fn both_broken_off(mut cx: Cx) {
    let (values, error) = cx.echo(endless(&[1, 2, 13])).await;
    assert_eq!(values, [1, 2]);
    assert_broken_off(&error.expect("it is broken off"));
}
