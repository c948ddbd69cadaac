//! The bytes are those of Nest, as captured.

use super::*;
use crate::Bytes;

fn meta(topic: Option<&'static str>, route: &'static str) -> &'static Meta {
    Box::leak(Box::new(Meta {
        route,
        topic,
        timeout: Duration::from_secs(1),
        ..Meta::BLANK
    }))
}

fn read(headers: &OwnedHeaders) -> Vec<(String, Vec<u8>)> {
    let all = headers.iter().map(|header| {
        let value = header.value.expect("a value").to_vec();
        (header.key.to_owned(), value)
    });
    all.collect()
}

fn header(name: &str, value: &[u8]) -> (String, Vec<u8>) {
    (name.to_owned(), value.to_vec())
}

/// A value, and headers.
type Written = (Option<Vec<u8>>, Vec<(String, Vec<u8>)>);

fn written(reply: &Reply, end: End) -> Written {
    let message = ReplyMessage::of(reply, end);
    let headers = read(&message.headers(b"f7d1bf20095342fd22f99"));
    (message.value.map(Cow::into_owned), headers)
}

const ID: &str = "kafka_correlationId";

#[test]
fn a_request() {
    let mut headers = Headers::new();
    headers.set("traceparent", "00-abc");
    let back = Back {
        correlation_id: b"f7d1bf20095342fd22f99",
        topic: "echo.reply",
        partition: "0",
    };
    let written = request_headers(&headers, Some(back)).expect("they are sent");
    assert_eq!(
        read(&written),
        [
            header(ID, b"f7d1bf20095342fd22f99"),
            header("kafka_replyTopic", b"echo.reply"),
            header("kafka_replyPartition", b"0"),
            header("traceparent", b"00-abc"),
        ]
    );
    let event = request_headers(&Headers::new(), None).expect("they are sent");
    assert_eq!(read(&event), []);
}

#[test]
fn the_envelope_is_not_for_callers_to_write() {
    let mut headers = Headers::new();
    headers.set("kafka_replyTopic", "another");
    let refused = request_headers(&headers, None).expect_err("it is refused");
    assert!(refused.to_string().contains("kafka_replyTopic"));
}

#[test]
fn the_last_reply_and_one_with_more_to_come() {
    let id = header(ID, b"f7d1bf20095342fd22f99");
    let disposed = header("kafka_nest-is-disposed", &[0]);
    let object = Reply::Value(Bytes::from(r#"{"a":"é🦀"}"#));
    assert_eq!(
        written(&object, End::Last),
        (
            Some(r#"{"a":"é🦀"}"#.into()),
            vec![id.clone(), disposed.clone()]
        )
    );
    let one = Reply::Value(Bytes::from("1"));
    assert_eq!(
        written(&one, End::More),
        (Some(b"1".to_vec()), vec![id.clone()])
    );
    let text = Reply::Value(Bytes::from(r#""v""#));
    assert_eq!(
        written(&text, End::Last),
        (Some(b"v".to_vec()), vec![id.clone(), disposed.clone()])
    );
    for nothing in ["", "null"] {
        let nothing = Reply::Value(Bytes::from(nothing));
        assert_eq!(
            written(&nothing, End::Last),
            (None, vec![id.clone(), disposed.clone()])
        );
    }
}

#[test]
fn errors_have_no_value() {
    let id = header(ID, b"f7d1bf20095342fd22f99");
    let disposed = header("kafka_nest-is-disposed", &[0]);
    for (exception, err) in [
        (
            serde_json::json!({ "status": 404, "message": "nope" }),
            &br#"{"status":404,"message":"nope"}"#[..],
        ),
        (serde_json::json!(["a", "b"]), br#"["a","b"]"#),
        (serde_json::json!("text"), b"text"),
    ] {
        let reply = Reply::Error {
            exception: RpcException::from_value(&exception),
            retryable: false,
        };
        let expected = vec![id.clone(), header("kafka_nest-err", err), disposed.clone()];
        assert_eq!(written(&reply, End::Last), (None, expected));
    }
    let (value, headers) = written(&Reply::Refused(TransportError::NoHandler), End::Last);
    assert_eq!(value, None);
    assert_eq!(headers[1], header("kafka_nest-err", NO_HANDLER.as_bytes()));
}

#[test]
fn an_error_is_json_or_a_text() {
    assert_eq!(error_json(br#"{"a":1}"#), br#"{"a":1}"#);
    assert_eq!(error_json(b"[1]"), b"[1]");
    assert_eq!(error_json(b"{oh"), br#""{oh""#);
    assert_eq!(error_json(b"42"), br#""42""#);
    assert_eq!(error_json(b""), br#""""#);
}

#[test]
fn topics_and_their_expressions() {
    let mut request = Request::new(
        meta(Some("users.{role}.created"), "users.{role}.created"),
        Bytes::new(),
    );
    request.route = Some("users.admin.created".to_owned());
    assert_eq!(topic(&request).expect("a topic"), "users.admin.created");
    assert_eq!(
        expression("", "users.{role}.created"),
        r"^users\.[^.]+\.created$"
    );
    assert_eq!(expression("a.b-", "users.{role}"), r"^a\.b-users\.[^.]+$");
    let request = Request::new(meta(Some("sum"), r#"{"cmd":"sum"}"#), Bytes::new());
    assert_eq!(topic(&request).expect("a topic"), "sum");
    let request = Request::new(meta(None, r#"{"cmd":"sum"}"#), Bytes::new());
    topic(&request).expect_err("no topic");
}

#[test]
fn requests_of_callers_that_are_gone() {
    let meta = meta(Some("sum"), "sum");
    let at = |seconds: i64| Timestamp::CreateTime(1_000_000 + seconds * 1000);
    assert!(!is_stale(meta, at(0), at(0)));
    assert!(!is_stale(meta, at(0), at(60)));
    assert!(is_stale(meta, at(0), at(62)));
    // A clock that goes ahead.
    assert!(!is_stale(meta, at(100), at(0)));
    assert!(!is_stale(meta, Timestamp::NotAvailable, at(100)));
}
