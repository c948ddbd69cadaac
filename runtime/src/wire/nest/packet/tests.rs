//! Packets there and back, and packets that nobody should send.

use proptest::{collection::vec, prelude::*};
use serde_json::{Map, Value, json};

use super::*;
use crate::wire::nest::frame::{write_reply, write_request};
use crate::{Kind, Meta};
use bytes::BytesMut;

/// The text of the only frame in these bytes.
fn unframed(frame: &[u8]) -> Bytes {
    let text = str::from_utf8(frame).expect("frames are UTF-8");
    let (length, text) = text.split_once('#').expect("a frame has a length");
    assert_eq!(length, text.encode_utf16().count().to_string());
    Bytes::copy_from_slice(text.as_bytes())
}

fn request_packet(text: &[u8]) -> RequestPacket<'_> {
    RequestPacket::parse(text).expect("a packet")
}

/// What a client makes of a packet.
fn reply_in(text: &Bytes) -> Reply {
    ReplyPacket::parse(text).expect("a packet").reply(text)
}

fn value(json: &[u8]) -> Value {
    serde_json::from_slice(json).expect("JSON")
}

fn meta(kind: OperationKind, pattern: &'static str, route: &'static str) -> Meta {
    Meta {
        kind,
        pattern,
        route,
        ..Meta::BLANK
    }
}

fn written(kind: OperationKind, payload: &[u8], headers: &[(String, String)]) -> Bytes {
    let meta = Box::leak(Box::new(meta(
        kind,
        r#"{"cmd":"a","b":1}"#,
        r#"{"b":1,"cmd":"a"}"#,
    )));
    let mut request = Request::new(meta, Bytes::copy_from_slice(payload));
    for (name, value) in headers {
        request.headers.set(name.clone(), value.clone());
    }
    let mut out = BytesMut::new();
    write_request(&mut out, &request, "00000001a");
    unframed(&out)
}

fn written_reply(reply: &Reply, id: &str) -> Bytes {
    let mut out = BytesMut::new();
    write_reply(&mut out, reply, End::Last, id.as_bytes());
    unframed(&out)
}

/// Any JSON value that is not nested out of all proportion.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((any::<String>(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_request_comes_back_as_it_was_written(
        data in any_json(), headers in vec((any::<String>(), any::<String>()), 0..5),
    ) {
        let payload = data.to_string();
        let text = written(OperationKind::Message, payload.as_bytes(), &headers);
        let packet = request_packet(&text);
        prop_assert_eq!(packet.data, Some(payload.as_bytes()));
        prop_assert_eq!(packet.pattern, Some(&br#"{"cmd":"a","b":1}"#[..]));
        prop_assert_eq!(packet.id, Some(&br#""00000001a""#[..]));
        let mut expected = Headers::new();
        for (name, value) in headers {
            expected.set(name, value);
        }
        let read = packet.metadata.map(super::headers).unwrap_or_default();
        prop_assert_eq!(read.len(), expected.len());
        for (name, value) in expected.iter() {
            prop_assert_eq!(read.get(name), Some(value));
        }
    }

    #[test]
    fn a_reply_comes_back_as_it_was_written(data in any_json(), id in any_json()) {
        let payload = data.to_string();
        let reply = Reply::Value(payload.clone().into());
        let text = written_reply(&reply, &id.to_string());
        prop_assert_eq!(value(&text), json!({ "response": data, "isDisposed": true, "id": id }));
        match reply_in(&text) {
            Reply::Value(read) => prop_assert_eq!(read, payload),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn an_error_passes_unchanged(err in any_json()) {
        let exception = RpcException::from_value(&err);
        let reply = Reply::Error { exception: exception.clone(), retryable: false };
        let text = written_reply(&reply, "7");
        prop_assert_eq!(value(&text), json!({ "err": err, "isDisposed": true, "id": 7 }));
        match reply_in(&text) {
            Reply::Error { exception: read, .. } => prop_assert_eq!(read.to_json(), exception.to_json()),
            // What JavaScript takes for false is no error.
            Reply::Value(_) => prop_assert!(!is_truthy(err.to_string().as_bytes())),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn members_are_found_in_whatever_json_they_stand(
        members in vec((prop_oneof![
            Just("pattern".to_owned()), Just("data".to_owned()), Just("id".to_owned()),
            Just("metadata".to_owned()), any::<String>(),
        ], any_json()), 0..8),
        is_pretty in any::<bool>(),
    ) {
        let object: Map<String, Value> = members.into_iter().collect();
        let text = if is_pretty {
            serde_json::to_string_pretty(&object).expect("JSON")
        } else {
            serde_json::to_string(&object).expect("JSON")
        };
        let text = Bytes::from(text);
        let packet = request_packet(&text);
        let found = [
            ("pattern", packet.pattern), ("data", packet.data),
            ("id", packet.id), ("metadata", packet.metadata),
        ];
        for (name, member) in found {
            let member = member.map(value);
            prop_assert_eq!(member.as_ref(), object.get(name));
        }
    }

    #[test]
    fn quotes_and_brackets_in_strings_end_nothing(
        texts in vec("[\"\\\\\\[\\]{}a#Yé]{0,20}", 0..6), blanks in 0..16_usize, is_map in any::<bool>(),
    ) {
        let data = if is_map {
            Value::Object(texts.iter().map(|text| (text.clone(), json!([text]))).collect())
        } else {
            json!([texts, {}])
        };
        let blanks = " ".repeat(blanks);
        let text = format!("{{{blanks}\"data\":{data}{blanks},\"id\":[{blanks}{data}],\"pattern\":1}}");
        let packet = request_packet(text.as_bytes());
        prop_assert_eq!(str::from_utf8(packet.data.unwrap_or_default()), Ok(&*data.to_string()));
        prop_assert_eq!(str::from_utf8(packet.id.unwrap_or_default()), Ok(&*format!("[{blanks}{data}]")));
        prop_assert_eq!(packet.pattern, Some(&b"1"[..]));
        for cut in 0..text.len() {
            if text.is_char_boundary(cut) {
                prop_assert!(RequestPacket::parse(&text.as_bytes()[..cut]).is_err());
            }
        }
    }

    #[test]
    fn any_json_is_a_packet(json in any_json()) {
        let text = Bytes::from(json.to_string());
        prop_assert!(RequestPacket::parse(&text).is_ok());
        prop_assert!(ReplyPacket::parse(&text).is_ok());
    }

    #[test]
    fn what_is_json_is_a_packet_and_what_is_not_does_no_harm(text in prop_oneof![
        "[\\[\\]{}\",:0-9a-eE.+\\-\\\\ntrufals ]{0,40}", any::<String>(),
    ]) {
        let is_json = serde_json::from_str::<Value>(&text).is_ok();
        let is_packet = RequestPacket::parse(text.as_bytes()).is_ok();
        prop_assert!(is_packet || !is_json, "{:?} is JSON", text);
        let _ = ReplyPacket::parse(text.as_bytes());
        let _ = headers(text.as_bytes());
        let _ = RpcException::from_wire(text.as_bytes());
    }
}

#[test]
fn an_event_carries_its_route_as_text_and_no_id() {
    for kind in [OperationKind::Event, OperationKind::Oneway] {
        let packet = value(&written(kind, b"{}", &[]));
        assert_eq!(
            packet,
            json!({ "pattern": r#"{"b":1,"cmd":"a"}"#, "data": {} })
        );
    }
}

#[test]
fn keys_stand_in_the_order_of_nest() {
    let text = written(
        OperationKind::Message,
        b"1",
        &[("a".to_owned(), "\"\n".to_owned())],
    );
    assert_eq!(
        text,
        r#"{"pattern":{"cmd":"a","b":1},"data":1,"metadata":{"a":"\"\n"},"id":"00000001a"}"#
    );
}

#[test]
fn replies_hold_only_the_keys_that_nest_12_allows() {
    let replies = [
        Reply::Value(Bytes::new()),
        Reply::Value(Bytes::from_static(b"null")),
        Reply::Error {
            exception: RpcException::new("no"),
            retryable: true,
        },
        Reply::Refused(TransportError::NoHandler),
        Reply::Refused(TransportError::Closed),
        Reply::Refused(TransportError::Overloaded("busy")),
    ];
    for reply in &replies {
        let text = written_reply(reply, "null");
        let Value::Object(members) = value(&text) else {
            panic!("{reply:?} is written as {text:?}")
        };
        assert_eq!(members.get("id"), Some(&Value::Null));
        for key in members.keys() {
            assert!(
                ["id", "err", "response", "isDisposed", "status"].contains(&key.as_str()),
                "{reply:?} is written with the key {key}"
            );
        }
    }
}

#[test]
fn every_form_of_reply_is_understood() {
    let reply = |text: &'static str| reply_in(&Bytes::from_static(text.as_bytes()));
    let value_of = |text| match reply(text) {
        Reply::Value(value) => value,
        other => panic!("{text} is {other:?}"),
    };
    assert_eq!(
        value_of(r#"{"response":null,"isDisposed":true,"id":"1"}"#),
        "null"
    );
    assert_eq!(value_of(r#"{"isDisposed":true,"id":"1"}"#), "");
    assert_eq!(
        value_of(r#"{"err":null,"response":1,"isDisposed":true}"#),
        "1"
    );
    assert_eq!(value_of(r#"{"id":"1","response":1,"response":2}"#), "2");
    assert!(matches!(
        reply(
            r#"{"id":"1","status":"error","err":"There is no matching message handler defined in the remote service."}"#
        ),
        Reply::Refused(TransportError::NoHandler)
    ));
    for (text, kind) in [
        (r#"{"err":"text","isDisposed":true}"#, Kind::Internal),
        (r#"{"err":7,"isDisposed":true}"#, Kind::Internal),
        (
            r#"{"err":{"status":404},"isDisposed":true}"#,
            Kind::NotFound,
        ),
        (r#"{"err":{"statusCode":409}}"#, Kind::Conflict),
        (r#"{"err":["a"]}"#, Kind::Internal),
    ] {
        match reply(text) {
            Reply::Error { exception, .. } => assert_eq!(exception.kind(), kind, "{text}"),
            other => panic!("{text} is {other:?}"),
        }
    }
}

/// JavaScript's strings can hold them and its `JSON.stringify` writes them as
/// escapes. One handler cannot read its payload then; all others go on.
#[test]
fn half_a_surrogate_pair_does_not_spoil_the_packet() {
    for half in [
        r"\ud83d",
        r"\udc00",
        r"\udc00\ud83d",
        r"\uD83Dx",
        r"\ud83d\n",
        r"\ud83d\ud83d\udc00",
    ] {
        let text = Bytes::from(format!(
            r#"{{"{half}":[{{"a{half}":1}}],"pattern":"echo","data":{{"a":["{half}"]}},"id":"odd"}}"#
        ));
        let packet = request_packet(&text);
        assert_eq!(packet.pattern, Some(&b"\"echo\""[..]), "{half}");
        assert_eq!(packet.id, Some(&b"\"odd\""[..]), "{half}");
        assert!(packet.data.is_some(), "{half}");
    }
}

#[test]
fn values_nest_deep_before_they_are_refused() {
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        Bytes::from(format!(r#"{{"pattern":"a","data":{open}{close},"id":1}}"#))
    };
    assert!(RequestPacket::parse(&nested(96)).is_ok());
    // Refused or not, it is judged without exhausting the stack.
    let _ = RequestPacket::parse(&nested(1 << 20));
    let _ = ReplyPacket::parse(&nested(1 << 20));
}
