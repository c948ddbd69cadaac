//! Replies, byte for byte as NestJS's server writes them.

use super::*;
use crate::RpcException;

fn asked() -> BasicProperties {
    BasicProperties::default()
        .with_reply_to("amq.rabbitmq.reply-to.g1h2AA1y".into())
        .with_correlation_id("c103e4d0915a347d1c802".into())
}

fn back(body: &'static str, properties: BasicProperties) -> Option<Back> {
    let body = Bytes::from_static(body.as_bytes());
    let packet = RequestPacket::parse(&body).expect("JSON");
    Back::of(&packet, &body, &properties)
}

const REQUEST: &str = r#"{"pattern":"echo","data":{"a":1},"id":"pid"}"#;

#[test]
fn a_reply_has_no_id() {
    let back = back(REQUEST, asked()).expect("a way back");
    assert_eq!(back.to.as_str(), "amq.rabbitmq.reply-to.g1h2AA1y");
    let expected = BasicProperties::default().with_correlation_id("c103e4d0915a347d1c802".into());
    assert_eq!(back.properties, expected);
    let one = Reply::Value("1".into());
    assert_eq!(
        back.packet(&one, End::Last),
        r#"{"response":1,"isDisposed":true}"#
    );
    assert_eq!(back.packet(&one, End::More), r#"{"response":1}"#);
    assert_eq!(
        back.packet(&Reply::Value(Bytes::new()), End::Last),
        r#"{"isDisposed":true}"#
    );
    let exception = RpcException::internal();
    let retryable = false;
    assert_eq!(
        back.packet(
            &Reply::Error {
                exception,
                retryable
            },
            End::Last
        ),
        r#"{"err":{"status":"error","message":"Internal server error"},"isDisposed":true}"#
    );
}

#[test]
fn only_that_of_no_handler_has_an_id() {
    let back = back(REQUEST, asked()).expect("a way back");
    assert_eq!(
        back.packet(&Reply::Refused(TransportError::NoHandler), End::Last),
        r#"{"status":"error","err":"There is no matching message handler defined in the remote service.","id":"pid"}"#
    );
}

#[test]
fn who_has_no_id_or_no_way_back_is_not_answered() {
    assert!(back(r#"{"pattern":"echo","data":1}"#, asked()).is_none());
    assert!(back(REQUEST, BasicProperties::default()).is_none());
    // Any id is one, and so is a way back without a correlation.
    let only_reply_to = BasicProperties::default().with_reply_to("mine".into());
    let back = back(r#"{"pattern":"echo","id":null}"#, only_reply_to).expect("a way back");
    assert_eq!(back.properties, BasicProperties::default());
}
