//! Our client against the servers of others.

mod own;
mod uploads;

use std::{collections::BTreeMap, fmt::Debug, future::IntoFuture as _, time::Duration};

use anywire::{BoxError, CallError, Grpc, Operation, RpcException, StreamingCall, TransportError};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{
    check::{Check, PATIENCE, PATIENCE_WITH_NEST, checks, outcome, outcome_within},
    interop::{InteropClient, InteropPublisher, User, UserError},
    left_out,
    nest_only::NestOnlyClient,
    peer::Peer,
    round::Round,
    uploads::UploadsClient,
    wildcards::ScoresPublisher,
    wire::Wire,
};

/// A server of NestJS, and our clients of it.
#[derive(Clone)]
struct Cx {
    client: InteropClient,
    nest_only: NestOnlyClient,
    publisher: InteropPublisher,
    scores: ScoresPublisher,
    wire: Wire,
    /// Where the server listens, if it does.
    port: u64,
    /// What the server says that it heard.
    heard: watch::Receiver<Vec<Value>>,
    has_metadata: bool,
    /// Whether an exception keeps its text alone.
    has_statuses: bool,
}

impl Cx {
    async fn until_heard(mut self, event: &str, data: Value) {
        let line = json!({ "event": event, "data": data });
        let heard = self.heard.wait_for(|lines| lines.contains(&line));
        heard.await.expect("the server goes on");
    }

    async fn echoes(&self, text: String) {
        let echoed = self.client.echo(text.as_str()).await.expect("an echo");
        // Not `assert_eq`, which would print both of two long texts.
        assert!(
            echoed == text,
            "{} bytes came back as {}, or changed",
            text.len(),
            echoed.len()
        );
    }
}

/// Runs all checks against the server of that version.
pub(crate) async fn against(wire: &Wire, version: &str, round: &mut Round) -> Result<(), BoxError> {
    if round.cannot_be() {
        return Ok(());
    }
    let server = Peer::start(wire, version).await?;
    let (ready, heard) = (server.ready.clone(), server.heard.clone());
    let port = ready["port"].as_u64().unwrap_or_default();

    round.met(ready["nest"].as_str().unwrap_or_default());
    until_answered(InteropClient::new(wire.connect(port).await?)).await?;
    for (name, check) in CHECKS.iter().chain(own::of(wire)) {
        if let Some(why) = left_out::by_us(wire.name(), version, name) {
            round.leave_out(name, why);
            continue;
        }
        // A connection of its own, so that what one breaks fails no other.
        let transport = wire.connect(port).await?;
        let cx = Cx {
            client: InteropClient::new(transport.clone()),
            nest_only: NestOnlyClient::new(transport.clone()),
            publisher: InteropPublisher::new(transport.clone()),
            scores: ScoresPublisher::new(transport),
            wire: wire.clone(),
            port,
            heard: heard.clone(),
            // In its packets Nest has them since 12; others have a place beside them.
            has_metadata: version == "v12"
                || !matches!(wire, Wire::Tcp | Wire::TcpTls(_) | Wire::Redis(_)),
            has_statuses: matches!(wire, Wire::Grpc),
        };
        let patience = match *name {
            LONG_STREAM => PATIENCE_WITH_NEST,
            _ => PATIENCE,
        };
        round.note(name, outcome_within(patience, check(cx)).await);
    }
    if matches!(wire, Wire::Grpc) {
        // Nest has two ways to take streams, each on a port of its own.
        let ports = ["port", "streamCallPort"].map(|name| (name, ready[name].as_u64()));
        for (name, check) in uploads::CHECKS {
            let mut came = Ok(());
            for (way, port) in ports {
                let Some(port) = port else { continue };
                let grpc = Grpc::connect(format!("http://127.0.0.1:{port}")).await?;
                let client = UploadsClient::new(grpc);
                let outcome = outcome(check(client)).await;
                came = came.and(outcome.map_err(|why| format!("{way}: {why}")));
            }
            round.note(name, came);
        }
    }
    let ended_well = server.end().await?;
    let end = ended_well.then_some(()).ok_or("it did not".to_owned());
    round.note("the server ends well", end);
    Ok(())
}

/// A server of Nest on Kafka reads a topic from where it ends when it is first
/// looked at, which is some time after the server is ready.
async fn until_answered(client: InteropClient) -> Result<(), BoxError> {
    let answered = async {
        let soon = Duration::from_millis(500);
        while client.echo("ready").timeout(soon).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    let answered = tokio::time::timeout(PATIENCE, answered).await;
    answered.map_err(|_| "the server is ready, and does not answer".into())
}

const LONG_STREAM: &str = "stream of 10,000 values";

const CHECKS: &[(&str, Check<Cx>)] = checks! {
    "reply" => reply,
    "optional field that is absent or null" => optional,
    "bare payload, numbers at their edges" => numbers,
    "object pattern, nested" => object_pattern,
    "empty reply" => empty_reply,
    "empty stream as a reply" => empty_stream_as_reply,
    "null and undefined as replies" => nothing_as_reply,
    "a value, and the end later" => late_end,
    "a stream is a clear error" => stream,
    "a stream that fails is its error" => stream_that_fails,
    "stream of 3 values" => stream_of_three,
    "stream of none" => stream_of_none,
    "stream of 10,000 values" => long_stream,
    "an error after a value comes after it" => values_that_fail,
    "declared error with its fields" => declared,
    "undeclared error hidden" => undeclared,
    "RpcException unchanged" => exception,
    "no handler" => no_handler,
    "unicode outside the BMP, every escape" => unicode,
    "1 MiB, of emoji and of escapes as well" => one_mebibyte,
    "200 concurrent, answered out of order" => concurrent,
    "timeout, and a late reply" => timeout,
    "a dropped call" => dropped,
    "event" => event,
    "event with an object pattern" => event_with_object_pattern,
    "message without an answer" => oneway,
    "every event of 100" => many_events,
    "headers as metadata" => metadata,
};

async fn reply(cx: Cx) {
    let ada = cx.client.get_user("1").await.expect("a user");
    let expected = User {
        name: Some("Ada".to_owned()),
        ..User::new("1", "ada@example.com")
    };
    assert_eq!(ada, expected);
}

async fn optional(cx: Cx) {
    for (id, email) in [("2", "grace@example.com"), ("3", "edsger@example.com")] {
        assert_eq!(
            cx.client.get_user(id).await.expect("a user"),
            User::new(id, email)
        );
    }
}

async fn numbers(cx: Cx) {
    for (numbers, sum) in [
        (vec![1, 2, 3], 6),
        (vec![], 0),
        (vec![-1, 0], -1),
        (vec![i32::MAX, i32::MAX], 2 * i64::from(i32::MAX)),
        (vec![i32::MIN, i32::MIN], 2 * i64::from(i32::MIN)),
    ] {
        assert_eq!(cx.client.sum(numbers).await.expect("a sum"), sum);
    }
}

async fn object_pattern(cx: Cx) {
    assert_eq!(cx.client.nested().await.expect("a reply"), "nested");
}

async fn empty_reply(cx: Cx) {
    cx.client.nothing().await.expect("an end without a value");
}

async fn empty_stream_as_reply(cx: Cx) {
    let nothing = cx.nest_only.stream_of_none().await;
    nothing.expect("an end without a value");
}

async fn nothing_as_reply(cx: Cx) {
    let null = cx.nest_only.reply_null().await.expect("a reply");
    assert_eq!(null.0, Value::Null);
    cx.nest_only.reply_undefined().await.expect("a reply");
}

async fn late_end(cx: Cx) {
    assert_eq!(
        cx.nest_only.reply_late_end().await.expect("a reply"),
        "late"
    );
}

async fn stream(cx: Cx) {
    match cx.nest_only.stream_of_three().await {
        Err(CallError::Transport(TransportError::Protocol(text))) => {
            assert!(text.contains("stream"), "{text}");
        }
        other => panic!("expected a breach of the protocol, found {other:?}"),
    }
    cx.echoes("still there".to_owned()).await;
}

impl Cx {
    /// An error of Nest's own is a status of gRPC with its text alone.
    fn assert_is(&self, exception: &RpcException, expected: &str) {
        let fields: Value = serde_json::from_str(expected).expect("JSON");
        assert_eq!(exception.message(), fields["message"]);
        assert_eq!(exception.code(), None);
        if !self.has_statuses {
            assert_eq!(exception.to_json(), expected);
            let status = exception.status().map(u64::from);
            assert_eq!(status, fields["status"].as_u64());
        }
    }
}

/// The exception that a call failed with.
pub(crate) fn remote<T: Debug, E: Debug>(result: Result<T, CallError<E>>) -> RpcException {
    match result {
        Err(CallError::Remote(exception)) => exception,
        other => panic!("expected the peer's own error, found {other:?}"),
    }
}

async fn stream_that_fails(cx: Cx) {
    let exception = remote(cx.nest_only.stream_that_fails().await);
    cx.assert_is(&exception, r#"{"status":409,"message":"broken off"}"#);
}

/// All values, and the error if one came.
async fn values_of<Op: Operation<Response = u32>>(
    mut call: StreamingCall<Op>,
) -> (Vec<u32>, Option<CallError<Op::Error>>) {
    let mut values = Vec::new();
    while let Some(value) = call.next().await {
        match value {
            Ok(value) => values.push(value),
            Err(error) => return (values, Some(error)),
        }
    }
    (values, None)
}

async fn stream_of_three(cx: Cx) {
    let (values, error) = values_of(cx.client.values_of_three()).await;
    assert!(
        values == [1, 2, 3] && error.is_none(),
        "{values:?} {error:?}"
    );
}

async fn stream_of_none(cx: Cx) {
    let (values, error) = values_of(cx.client.values_of_none()).await;
    assert!(values.is_empty() && error.is_none(), "{values:?} {error:?}");
}

async fn long_stream(cx: Cx) {
    let (values, error) = values_of(cx.client.values_up_to(10_000_u32)).await;
    let count = values.len();
    assert!(
        values.into_iter().eq(1..=10_000) && error.is_none(),
        "{count} values, {error:?}"
    );
}

async fn values_that_fail(cx: Cx) {
    let (values, error) = values_of(cx.client.values_that_fail()).await;
    assert_eq!(values, [1]);
    let exception = remote(error.map_or(Ok(()), Err));
    cx.assert_is(&exception, r#"{"status":409,"message":"broken off"}"#);
}

async fn declared(cx: Cx) {
    for id in ["404", "é 🦀 \"quoted\""] {
        match cx.client.get_user(id).await {
            Err(CallError::Service(error)) => {
                assert_eq!(error, UserError::NotFound { id: id.to_owned() });
            }
            other => panic!("expected the declared error, found {other:?}"),
        }
    }
}

async fn undeclared(cx: Cx) {
    let exception = remote(cx.client.get_user("boom").await);
    cx.assert_is(
        &exception,
        r#"{"status":"error","message":"Internal server error"}"#,
    );
}

async fn exception(cx: Cx) {
    let exception = remote(cx.client.get_user("rpc").await);
    cx.assert_is(
        &exception,
        r#"{"status":418,"message":"teapot","extra":[1]}"#,
    );
}

async fn no_handler(cx: Cx) {
    for answer in [
        cx.nest_only.no_such_message().await,
        cx.nest_only.no_such_command().await,
    ] {
        match answer {
            Err(CallError::Transport(TransportError::NoHandler)) => {}
            other => panic!("expected that there is no handler, found {other:?}"),
        }
    }
}

async fn unicode(cx: Cx) {
    let controls: String = (0..32).filter_map(char::from_u32).collect();
    for text in [
        "",
        "🦀",
        "👩‍👩‍👧‍👦 🏳️‍🌈 👩🏽‍💻",
        "a é 漢 🦀 𝔘𝔫𝔦 \u{10FFFF} \u{FFFF} e\u{301} \u{FEFF} שלום \u{FFFD}",
        "\" \\ / \\u0041 \\\" \u{7F} \u{2028} \u{2029} {\"a\":\"#1#\"} 12#",
        &controls,
    ] {
        cx.echoes(text.to_owned()).await;
    }
}

async fn one_mebibyte(cx: Cx) {
    cx.echoes("x".repeat(1 << 20)).await;
    cx.echoes("🦀".repeat(1 << 18)).await;
    cx.echoes("\"\\\n\u{1}".repeat(1 << 18)).await;
}

async fn concurrent(cx: Cx) {
    let order = watch::Sender::new(Vec::new());
    let calls: Vec<_> = (0..200_u32)
        .map(|index| {
            let (cx, order) = (cx.clone(), order.clone());
            tokio::spawn(async move {
                let ms = index * 37 % 100;
                let slow = cx.client.slow(ms);
                let echo = cx.client.echo(format!("🦀 {index}").as_str());
                let (slow, echo) = tokio::join!(slow, echo);
                assert_eq!(slow.expect("a reply"), ms);
                assert_eq!(echo.expect("an echo"), format!("🦀 {index}"));
                order.send_modify(|order| order.push(index));
            })
        })
        .collect();
    for call in calls {
        call.await.expect("its own answer");
    }
    assert!(
        !order.borrow().is_sorted(),
        "every reply kept the order of the requests"
    );
}

async fn timeout(cx: Cx) {
    let answer = cx
        .client
        .slow(300_u32)
        .timeout(Duration::from_millis(30))
        .await;
    assert!(matches!(answer, Err(CallError::Timeout)), "{answer:?}");
    // Its reply comes before this one's, and is for nobody.
    assert_eq!(cx.client.slow(400_u32).await.expect("a reply"), 400);
}

async fn dropped(cx: Cx) {
    let call = cx.client.slow(300_u32).into_future();
    let dropped = tokio::time::timeout(Duration::from_millis(100), call).await;
    assert!(dropped.is_err(), "it was answered before its time");
    // Its reply comes before this one's, and is for nobody.
    assert_eq!(cx.client.slow(400_u32).await.expect("a reply"), 400);
}

async fn event(cx: Cx) {
    let email = "é 🦀@example.com";
    cx.publisher
        .user_created("7", email)
        .await
        .expect("it is sent");
    cx.until_heard("user_created", json!({ "userId": "7", "email": email }))
        .await;
}

async fn event_with_object_pattern(cx: Cx) {
    cx.publisher.user_renamed("8").await.expect("it is sent");
    cx.until_heard("user_renamed", json!({ "userId": "8" }))
        .await;
}

async fn oneway(cx: Cx) {
    let line = "a \"line\" \\ of text";
    cx.client.log(line).await.expect("it is sent");
    cx.until_heard("log", json!({ "line": line })).await;
}

async fn many_events(cx: Cx) {
    let ids: Vec<_> = (0..100).map(|number| format!("many {number}")).collect();
    for id in &ids {
        cx.publisher
            .user_renamed(id.as_str())
            .await
            .expect("it is sent");
    }
    let last = json!({ "userId": ids.last() });
    cx.clone().until_heard("user_renamed", last).await;
    let seen = cx.client.events_seen().await.expect("the events");
    let seen: Vec<_> = seen
        .iter()
        .filter_map(|line| line.strip_prefix("user_renamed many "))
        .collect();
    let expected: Vec<_> = (0..100).map(|number| number.to_string()).collect();
    assert_eq!(seen, expected);
}

async fn metadata(cx: Cx) {
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let sent = [("traceparent", trace), ("tenant", "é 🦀 \"quoted\"")];
    let mut call = cx.client.metadata_echo();
    for (name, value) in sent {
        call = call.header(name, value);
    }
    let arrived = call.await.expect("the metadata");
    // Nest passes it to handlers since 12, and takes no offence before that.
    let expected: BTreeMap<_, _> = if cx.has_metadata {
        sent.map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    } else {
        BTreeMap::new()
    };
    assert_eq!(arrived, expected);
}
