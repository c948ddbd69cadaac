//! Our server, checked by the client that tonic makes of the exported .proto.

use std::{collections::HashMap, time::Duration};

use anywire::BoxError;
use futures_util::future;
use hyper_util::{client::legacy, rt::TokioExecutor};
use tonic::{
    Code, Request, Status, Streaming, codegen::http::uri::PathAndQuery,
    metadata::BinaryMetadataValue, transport::Channel,
};
use tonic_prost::ProstCodec;

use super::{
    VERSION,
    proto::{
        interop::{
            EchoRequest, EventsSeenRequest, GetUserRequest, LogRequest, MetadataEchoRequest,
            NestedRequest, NothingRequest, SlowRequest, SumRequest, User, UserCreated, UserRenamed,
            ValuesOfNoneRequest, ValuesOfThreeRequest, ValuesThatFailRequest, ValuesUpToRequest,
            interop_client::InteropClient, user_error,
        },
        nest_only::{NoSuchMessageRequest, nest_only_client::NestOnlyClient},
        uploads::uploads_client::UploadsClient,
    },
    status::fields_of,
    uploads,
};
use crate::{
    check::{Check, checks, outcome},
    left_out,
    round::Round,
    server::Ours,
    wire::Wire,
};

/// Clients of our server.
#[derive(Clone)]
pub(super) struct Cx {
    interop: InteropClient<Channel>,
    nest_only: NestOnlyClient<Channel>,
    pub(super) uploads: UploadsClient<Channel>,
    channel: Channel,
    url: String,
}

/// Runs all checks against our server.
pub(crate) async fn checks_ours(wire: &Wire, round: &mut Round) -> Result<(), BoxError> {
    let running = wire.serve(Ours::default()).await?;
    let port = running
        .address("Interop")
        .map_or(0, |address| address.port());
    let url = format!("http://127.0.0.1:{port}");

    round.met(VERSION);
    for (name, check) in CHECKS.iter().chain(uploads::CHECKS) {
        let channel = Channel::from_shared(url.clone())?.connect().await?;
        let cx = Cx {
            interop: InteropClient::new(channel.clone()),
            nest_only: NestOnlyClient::new(channel.clone()),
            uploads: UploadsClient::new(channel.clone()),
            channel,
            url: url.clone(),
        };
        round.note(name, outcome(check(cx)).await);
    }
    for (name, why) in left_out::BY_TONIC {
        round.leave_out(name, why);
    }
    Ok(running.stop().await?)
}

/// Under the names that the checks of `nest/checks` have.
const CHECKS: &[(&str, Check<Cx>)] = checks! {
    "reply" => reply,
    "bare payload" => bare_payload,
    "sum beyond 32 bits" => beyond_32_bits,
    "object pattern" => object_pattern,
    "empty reply" => empty_reply,
    "declared error with its fields" => declared,
    "undeclared error hidden" => undeclared,
    "no handler" => no_handler,
    "stream of three values" => stream_of_three,
    "stream of none" => stream_of_none,
    "stream of 10,000 values" => long_stream,
    "stream that fails after a value" => stream_that_fails,
    "emoji" => emoji,
    "emoji joined with zero width joiners" => joined_emoji,
    "unicode of every width" => every_width,
    "empty text" => empty_text,
    "every kind of escape" => escapes,
    "1 MiB" => one_mebibyte,
    "1 MiB of emoji" => one_mebibyte_of_emoji,
    "1 MiB of escapes" => one_mebibyte_of_escapes,
    "replies out of order" => out_of_order,
    "200 concurrent" => concurrent,
    "event" => event,
    "event with an object pattern" => event_with_object_pattern,
    "oneway" => oneway,
    "every event of 100" => many_events,
    "declared error beyond ASCII" => declared_beyond_ascii,
    "declared error of 8 KiB" => declared_of_8_kib,
    "RpcException by its status" => exception,
    "metadata" => metadata,
    "deadline" => deadline,
    "a stream that is cancelled" => cancelled_stream,
};

impl Cx {
    async fn get_user(&mut self, id: &str) -> Result<User, Status> {
        let user = self.interop.get_user(GetUserRequest { id: id.to_owned() });
        Ok(user.await?.into_inner())
    }

    async fn sum(&mut self, numbers: &[i32]) -> i64 {
        let numbers = numbers.to_vec();
        let sum = self.interop.sum(SumRequest { numbers }).await;
        sum.expect("a sum").into_inner().value
    }

    async fn slow(&mut self, ms: u32) -> u32 {
        let slow = self.interop.slow(SlowRequest { ms }).await;
        slow.expect("a reply").into_inner().value
    }

    async fn echoes(mut self, text: &str) {
        let text = text.to_owned();
        let echo = self.interop.echo(EchoRequest { text: text.clone() }).await;
        let echoed = echo.expect("an echo").into_inner().value;
        // Not `assert_eq`, which would print both of two long texts.
        assert!(
            echoed == text,
            "{} bytes came back as {}, or changed",
            text.len(),
            echoed.len()
        );
    }

    /// Asks for what was heard until the line is there; a check has its time.
    async fn until_seen(&mut self, line: &str) {
        loop {
            let seen = self.interop.events_seen(EventsSeenRequest {}).await;
            let seen = seen.expect("the events").into_inner().value;
            if seen.iter().any(|seen| seen == line) {
                return;
            }
        }
    }

    async fn rename(mut self, user_id: String) {
        let renamed = self.interop.user_renamed(UserRenamed { user_id });
        renamed.await.expect("it is taken");
    }

    async fn not_found(&mut self, id: &str) {
        let status = self.get_user(id).await.expect_err("nobody");
        assert_eq!(status.message(), format!("User {id} not found"));
        let fields: user_error::NotFound = fields_of(
            &status,
            (Code::NotFound, "NOT_FOUND"),
            "interop.v1.UserError",
            "NotFound",
        );
        assert_eq!(fields.id, id);
    }
}

/// All values, and the error if one came.
pub(super) async fn values_of<T>(
    mut stream: Streaming<T>,
    value: fn(T) -> u32,
) -> (Vec<u32>, Option<Status>) {
    let mut values = Vec::new();
    loop {
        match stream.message().await {
            Ok(Some(message)) => values.push(value(message)),
            Ok(None) => return (values, None),
            Err(status) => return (values, Some(status)),
        }
    }
}

async fn reply(mut cx: Cx) {
    let ada = User {
        id: "1".to_owned(),
        email: "ada@example.com".to_owned(),
        name: Some("Ada".to_owned()),
    };
    assert_eq!(cx.get_user("1").await.expect("a user"), ada);
}

async fn bare_payload(mut cx: Cx) {
    assert_eq!(cx.sum(&[1, 2, 3]).await, 6);
    assert_eq!(cx.sum(&[]).await, 0);
}

async fn beyond_32_bits(mut cx: Cx) {
    assert_eq!(cx.sum(&[i32::MAX; 2]).await, 2 * i64::from(i32::MAX));
    assert_eq!(cx.sum(&[i32::MIN; 2]).await, 2 * i64::from(i32::MIN));
}

async fn object_pattern(mut cx: Cx) {
    let nested = cx.interop.nested(NestedRequest {}).await;
    assert_eq!(nested.expect("a reply").into_inner().value, "nested");
}

async fn empty_reply(mut cx: Cx) {
    let nothing = cx.interop.nothing(NothingRequest {}).await;
    nothing.expect("an empty message");
}

async fn declared(mut cx: Cx) {
    cx.not_found("404").await;
}

async fn declared_beyond_ascii(mut cx: Cx) {
    cx.not_found("é 🦀 100%").await;
}

async fn declared_of_8_kib(mut cx: Cx) {
    // Its fields do not pass the limits of headers.
    let id = "x".repeat(8 << 10);
    let status = cx.get_user(&id).await.expect_err("nobody");
    assert_eq!(status.code(), Code::NotFound);
    assert_eq!(status.message(), format!("User {id} not found"));
}

async fn undeclared(mut cx: Cx) {
    let status = cx.get_user("boom").await.expect_err("it fails");
    assert_eq!(status.code(), Code::Unknown);
    assert_eq!(status.message(), "Internal server error");
    let text = format!("{status:?}{}", String::from_utf8_lossy(status.details()));
    assert!(!text.contains("secret"), "{text}");
}

async fn exception(mut cx: Cx) {
    let status = cx.get_user("rpc").await.expect_err("it fails");
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(status.message(), "teapot");
}

async fn no_handler(mut cx: Cx) {
    let status = cx.nest_only.no_such_message(NoSuchMessageRequest {}).await;
    assert_eq!(status.expect_err("no service").code(), Code::Unimplemented);
    // A method that a later .proto may have.
    let mut later = tonic::client::Grpc::new(cx.channel.clone());
    later.ready().await.expect("a connection");
    let path = PathAndQuery::from_static("/interop.v1.Interop/Later");
    let codec = ProstCodec::<NothingRequest, NothingRequest>::default();
    let status = later
        .unary(Request::new(NothingRequest {}), path, codec)
        .await;
    assert_eq!(status.expect_err("no method").code(), Code::Unimplemented);
}

async fn stream_of_three(mut cx: Cx) {
    let stream = cx.interop.values_of_three(ValuesOfThreeRequest {}).await;
    let (values, error) = values_of(stream.expect("a stream").into_inner(), |one| one.value).await;
    assert!(
        values == [1, 2, 3] && error.is_none(),
        "{values:?} {error:?}"
    );
}

async fn stream_of_none(mut cx: Cx) {
    let stream = cx.interop.values_of_none(ValuesOfNoneRequest {}).await;
    let (values, error) = values_of(stream.expect("a stream").into_inner(), |one| one.value).await;
    assert!(values.is_empty() && error.is_none(), "{values:?} {error:?}");
}

async fn long_stream(mut cx: Cx) {
    let stream = cx
        .interop
        .values_up_to(ValuesUpToRequest { last: 10_000 })
        .await;
    let (values, error) = values_of(stream.expect("a stream").into_inner(), |one| one.value).await;
    let count = values.len();
    assert!(
        values.into_iter().eq(1..=10_000) && error.is_none(),
        "{count} values, {error:?}"
    );
}

async fn stream_that_fails(mut cx: Cx) {
    let stream = cx.interop.values_that_fail(ValuesThatFailRequest {}).await;
    let (values, error) = values_of(stream.expect("a stream").into_inner(), |one| one.value).await;
    assert_eq!(values, [1]);
    let status = error.expect("it fails");
    assert_eq!(status.code(), Code::AlreadyExists);
    assert_eq!(status.message(), "broken off");
}

async fn emoji(cx: Cx) {
    cx.echoes("🦀").await;
}

async fn joined_emoji(cx: Cx) {
    cx.echoes("👩‍👩‍👧‍👦 🏳️‍🌈 👩🏽‍💻").await;
}

async fn every_width(cx: Cx) {
    cx.echoes("a é 漢 🦀 𝔘𝔫𝔦 \u{10FFFF} e\u{301} \u{FEFF} שלום \u{FFFD}")
        .await;
}

async fn empty_text(cx: Cx) {
    cx.echoes("").await;
}

async fn escapes(cx: Cx) {
    let controls: String = (0..32).filter_map(char::from_u32).collect();
    let others = "\" \\ / \\u0041 \\\" \u{7F} \u{2028} \u{2029} {\"a\":\"#1#\"} 12#";
    cx.echoes(&(controls + others)).await;
}

async fn one_mebibyte(cx: Cx) {
    cx.echoes(&"x".repeat(1 << 20)).await;
}

async fn one_mebibyte_of_emoji(cx: Cx) {
    cx.echoes(&"🦀".repeat(1 << 18)).await;
}

async fn one_mebibyte_of_escapes(cx: Cx) {
    cx.echoes(&"\"\\\n\u{1}".repeat(1 << 18)).await;
}

/// Asks for answers that take so long, and gives them in the order in which they came.
async fn order_of(cx: &Cx, times: &[u32]) -> Vec<u32> {
    let order = std::sync::Mutex::new(Vec::new());
    future::join_all(times.iter().map(|&ms| {
        let (mut cx, order) = (cx.clone(), &order);
        async move {
            assert_eq!(cx.slow(ms).await, ms);
            order.lock().expect("no panic").push(ms);
        }
    }))
    .await;
    order.into_inner().expect("no panic")
}

async fn out_of_order(cx: Cx) {
    assert_eq!(order_of(&cx, &[400, 200, 0]).await, [0, 200, 400]);
}

async fn concurrent(cx: Cx) {
    let times: Vec<_> = (0..200).map(|index| index * 37 % 100).collect();
    let slow = order_of(&cx, &times);
    let echoes = (0..200).map(|index| {
        let cx = cx.clone();
        async move { cx.echoes(&format!("🦀 {index}")).await }
    });
    let sums = (0..200).map(|index| {
        let mut cx = cx.clone();
        async move { assert_eq!(cx.sum(&[index, 1]).await, i64::from(index) + 1) }
    });
    let (order, _, _) = tokio::join!(slow, future::join_all(echoes), future::join_all(sums));
    assert_ne!(order, times, "every reply kept the order of the requests");
}

async fn event(mut cx: Cx) {
    let created = UserCreated {
        user_id: "é 🦀".to_owned(),
        email: "ada@example.com".to_owned(),
    };
    cx.interop.user_created(created).await.expect("it is taken");
    cx.until_seen("user_created é 🦀 ada@example.com").await;
}

async fn event_with_object_pattern(mut cx: Cx) {
    cx.clone().rename("8".to_owned()).await;
    cx.until_seen("user_renamed 8").await;
}

async fn oneway(mut cx: Cx) {
    let line = "a \"line\" \\ of text".to_owned();
    cx.interop
        .log(LogRequest { line })
        .await
        .expect("it is taken");
    cx.until_seen("log a \"line\" \\ of text").await;
}

async fn many_events(mut cx: Cx) {
    let ids: Vec<_> = (0..100).map(|number| format!("many {number}")).collect();
    let renamed = ids.iter().map(|id| cx.clone().rename(id.clone()));
    future::join_all(renamed).await;
    for id in ids {
        cx.until_seen(&format!("user_renamed {id}")).await;
    }
}

async fn metadata(mut cx: Cx) {
    let mut request = Request::new(MetadataEchoRequest {});
    let metadata = request.metadata_mut();
    metadata.insert("traceparent", "00-abc".parse().expect("ASCII"));
    let tenant = BinaryMetadataValue::from_bytes("é 🦀".as_bytes());
    metadata.insert_bin("tenant-bin", tenant);
    let arrived = cx.interop.metadata_echo(request).await;
    let sent = [("traceparent", "00-abc"), ("tenant", "é 🦀")];
    let sent = sent.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(
        arrived.expect("the metadata").into_inner().value,
        HashMap::from(sent)
    );
}

/// A request with a deadline.
fn hurried() -> Request<SlowRequest> {
    let mut request = Request::new(SlowRequest { ms: 5_000 });
    request.set_timeout(Duration::from_millis(50));
    request
}

async fn deadline(mut cx: Cx) {
    // A client of hyper has no clock of its own, so that it is the server who says so.
    let hyper = legacy::Client::builder(TokioExecutor::new())
        .http2_only(true)
        .build_http();
    let url = cx.url.parse().expect("a URL");
    let status = InteropClient::with_origin(hyper, url).slow(hurried()).await;
    let status = status.expect_err("it is late");
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
    // With tonic's own clock, whoever is first.
    let status = cx.interop.slow(hurried()).await.expect_err("it is late");
    assert!(
        matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled),
        "{status:?}"
    );
}

async fn cancelled_stream(mut cx: Cx) {
    let stream = cx
        .interop
        .values_up_to(ValuesUpToRequest { last: 1_000_000 })
        .await;
    let mut stream = stream.expect("a stream").into_inner();
    for value in 1..=3 {
        let message = stream.message().await.expect("a value");
        assert_eq!(message.map(|message| message.value), Some(value));
    }
    drop(stream);
    cx.echoes("still there").await;
}
