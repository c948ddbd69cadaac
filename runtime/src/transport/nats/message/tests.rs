use bytes::Bytes;

use super::*;
use crate::{OperationKind, Reply, wire::nest::packet::End};

/// An operation of this kind and pattern.
const fn meta(kind: OperationKind, pattern: &'static str, route: &'static str) -> Meta {
    Meta {
        kind,
        pattern,
        route,
        ..Meta::BLANK
    }
}

static ECHO: Meta = meta(OperationKind::Message, r#""echo""#, "echo");
static OBJECT: Meta = meta(
    OperationKind::Message,
    r#"{"cmd":"obj","a":1}"#,
    r#"{"a":1,"cmd":"obj"}"#,
);
static CREATED: Meta = meta(OperationKind::Event, r#""users.created""#, "users.created");
static ANY_CREATED: Meta = meta(
    OperationKind::Event,
    r#""users.{role}.created""#,
    "users.{role}.created",
);
static SPACED: Meta = meta(OperationKind::Message, r#""a b""#, "a b");

const ID: &str = "6ab413534a590c7c4615f";

fn sent(meta: &'static Meta, payload: &'static str, id: &str) -> OutboundMessage {
    let message = Request::new(meta, Bytes::from_static(payload.as_bytes()));
    let call = (!id.is_empty()).then(|| (id, Subject::from_static("_INBOX.x.1")));
    request(&message, call).expect("a message")
}

/// The capture in section 4 of what Nest puts on this wire.
#[test]
fn requests_are_as_nest_writes_them() {
    let message = sent(&ECHO, r#""é🦀""#, ID);
    assert_eq!(message.subject.as_str(), "echo");
    assert_eq!(message.reply.as_deref(), Some("_INBOX.x.1"));
    assert_eq!(
        message.payload,
        r#"{"pattern":"echo","data":"é🦀","id":"6ab413534a590c7c4615f"}"#
    );
    assert!(message.headers.is_none(), "PUB, not HPUB");

    let message = sent(&OBJECT, "5", ID);
    assert_eq!(message.subject.as_str(), r#"{"a":1,"cmd":"obj"}"#);
    assert_eq!(
        message.payload,
        r#"{"pattern":{"cmd":"obj","a":1},"data":5,"id":"6ab413534a590c7c4615f"}"#
    );
}

#[test]
fn headers_are_natss_own() {
    let mut message = Request::new(&ECHO, Bytes::from_static(b"1"));
    message.headers.set("x-static", "s1");
    let message = request(&message, None).expect("a message");
    let headers = message.headers.expect("headers");
    assert_eq!(headers.get("x-static").map(HeaderValue::as_str), Some("s1"));
    assert_eq!(headers.len(), 1);
    assert_eq!(message.payload, r#"{"pattern":"echo","data":1}"#);
    assert_eq!(from_nats(Some(&headers)).get("x-static"), Some("s1"));
}

#[test]
fn events_have_no_id() {
    let message = sent(&CREATED, r#"{"id":1}"#, "");
    assert_eq!(message.subject.as_str(), "users.created");
    assert_eq!(message.reply, None);
    assert_eq!(
        message.payload,
        r#"{"pattern":"users.created","data":{"id":1}}"#
    );
}

#[test]
fn wildcards_are_natss_own() {
    assert_eq!(
        subscription(&ANY_CREATED).expect("a subject"),
        "users.*.created"
    );
    let mut message = Request::new(&ANY_CREATED, Bytes::from_static(b"{}"));
    message.route = Some("users.admin.created".to_owned());
    let message = request(&message, None).expect("a message");
    assert_eq!(message.subject.as_str(), "users.admin.created");
    assert_eq!(
        message.payload,
        r#"{"pattern":"users.admin.created","data":{}}"#
    );
}

#[test]
fn a_pattern_with_a_space_is_no_subject() {
    let refused = request(&Request::new(&SPACED, Bytes::new()), None).expect_err("a space");
    assert!(matches!(refused, TransportError::NotCarried(_)));
    assert!(matches!(
        subscription(&SPACED),
        Err(TransportError::NotCarried(_))
    ));
    let mut wild = Request::new(&ANY_CREATED, Bytes::new());
    wild.route = Some("users.a b.created".to_owned());
    assert!(matches!(
        request(&wild, None),
        Err(TransportError::NotCarried(_))
    ));
}

#[test]
fn a_header_with_a_line_break_is_refused() {
    let mut message = Request::new(&ECHO, Bytes::from_static(b"1"));
    message.headers.set("x", "one\r\nPUB two 0\r\n");
    let refused = request(&message, None).expect_err("a line break");
    assert!(matches!(refused, TransportError::NotCarried(_)));
}

/// What a server of Nest answers, in the same section.
#[test]
fn replies_are_as_nest_writes_them() {
    let id = format!("{ID:?}");
    let id = Some(id.as_bytes());
    let value = Reply::Value(Bytes::from_static(r#""é🦀""#.as_bytes()));
    assert_eq!(
        packet::reply_message(&value, End::Last, id),
        r#"{"response":"é🦀","isDisposed":true,"id":"6ab413534a590c7c4615f"}"#
    );
    assert_eq!(
        packet::reply_message(&value, End::More, id),
        r#"{"response":"é🦀","id":"6ab413534a590c7c4615f"}"#
    );
    let nothing = Reply::Value(Bytes::new());
    assert_eq!(
        packet::reply_message(&nothing, End::Last, Some(br#""z""#)),
        r#"{"isDisposed":true,"id":"z"}"#
    );
}

#[test]
fn a_server_counts_headers_as_well() {
    let mut message = sent(&ECHO, "1", "");
    let body = message.payload.len();
    assert_eq!(size(&message), body);
    let mut headers = HeaderMap::new();
    headers.insert("x", "12");
    message.headers = Some(headers);
    assert_eq!(size(&message), body + "x: 12\r\n".len());
}
