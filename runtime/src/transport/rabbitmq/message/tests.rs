//! What surrounds a message, as NestJS writes and reads it.

use std::time::{Duration, Instant};

use lapin::{
    protocol::{AMQPError, AMQPSoftError},
    types::LongString,
};

use super::*;
use crate::{Meta, OperationKind};

fn request(kind: OperationKind, delivery: Delivery) -> Request {
    let meta = Meta {
        kind,
        pattern: r#""echo""#,
        route: "echo",
        delivery,
        ..Meta::BLANK
    };
    Request::new(Box::leak(Box::new(meta)), "{}".into())
}

#[test]
fn a_request_says_where_to_answer() {
    let id = "c103e4d0915a347d";
    let request = request(OperationKind::Message, Delivery::AtMostOnce);
    let expected = BasicProperties::default()
        .with_reply_to("amq.rabbitmq.reply-to".into())
        .with_correlation_id(id.into())
        .with_delivery_mode(1);
    assert_eq!(properties(&request, Some(id)), Ok(expected));
}

#[test]
fn a_request_ends_with_its_deadline() {
    let mut request = request(OperationKind::Message, Delivery::AtMostOnce);
    request.deadline = Some(Instant::now() + Duration::from_secs(5));
    let properties = properties(&request, Some("1")).expect("properties");
    let expiration = properties.expiration().as_ref().expect("an expiration");
    let millis: u32 = expiration.as_str().parse().expect("milliseconds");
    assert!((4000..=5000).contains(&millis), "{millis}");
}

#[test]
fn a_message_that_nobody_answers_has_no_way_back() {
    let request = request(OperationKind::Event, Delivery::AtMostOnce);
    let expected = BasicProperties::default().with_delivery_mode(1);
    assert_eq!(properties(&request, None), Ok(expected));
}

#[test]
fn a_stored_event_is_persistent() {
    let request = request(OperationKind::Event, Delivery::AtLeastOnce);
    let properties = properties(&request, None).expect("properties");
    assert_eq!(*properties.delivery_mode(), Some(2));
    assert_eq!(*properties.expiration(), None);
}

#[test]
fn headers_there_and_back() {
    let mut request = request(OperationKind::Event, Delivery::AtMostOnce);
    request.headers.set("tenant", "é 🦀\n");
    let properties = properties(&request, None).expect("properties");
    let table = properties.headers().as_ref().expect("headers");
    let value = AMQPValue::LongString(LongString::from("é 🦀\n"));
    assert_eq!(table.inner().get("tenant"), Some(&value));
    assert_eq!(headers(&properties), request.headers);
}

#[test]
fn headers_of_other_types_are_read_as_text() {
    let mut table = FieldTable::default();
    table.insert("flag".into(), AMQPValue::Boolean(true));
    table.insert("number".into(), AMQPValue::LongInt(-7));
    table.insert("table".into(), AMQPValue::FieldTable(FieldTable::default()));
    let raw = LongString::from(b"\xFF".to_vec());
    table.insert("bytes".into(), AMQPValue::LongString(raw));
    let headers = headers(&BasicProperties::default().with_headers(table));
    assert_eq!(headers.get("flag"), Some("true"));
    assert_eq!(headers.get("number"), Some("-7"));
    assert_eq!(headers.get("bytes"), Some("\u{FFFD}"));
    assert_eq!(headers.get("table"), None);
}

#[test]
fn headers_are_no_more_than_allowed() {
    let mut table = FieldTable::default();
    for number in 0..1000 {
        table.insert(number.to_string().into(), AMQPValue::Boolean(true));
    }
    let headers = headers(&BasicProperties::default().with_headers(table));
    assert_eq!(headers.len(), Headers::MAX);
}

#[test]
fn a_name_that_is_too_long_is_refused() {
    assert!(short("route", &"x".repeat(255)).is_ok());
    let error = short("route", &"x".repeat(256)).expect_err("too long");
    assert!(matches!(error, TransportError::NotCarried(_)), "{error:?}");
    let mut request = request(OperationKind::Event, Delivery::AtMostOnce);
    request.headers.set("x".repeat(256), "");
    properties(&request, None).expect_err("no place for the header");
}

#[test]
fn what_rabbitmq_refuses_is_told() {
    let text = "PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'users'";
    let refused = AMQPError::new(AMQPSoftError::PRECONDITIONFAILED.into(), text.into());
    let error = failure(&ErrorKind::ProtocolError(refused).into());
    assert!(error.to_string().ends_with(text), "{error}");
    let lost = failure(&ErrorKind::MissingHeartbeatError.into());
    assert_eq!(lost, TransportError::Closed);
}
