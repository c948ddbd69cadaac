use super::*;
use crate::{Delivery, OperationKind};

const CREATED: Meta = Meta {
    name: "created",
    kind: OperationKind::Event,
    pattern: r#""users.created""#,
    route: "users.created",
    delivery: Delivery::AtLeastOnce,
    ..Meta::BLANK
};

fn text(value: &str) -> Value {
    Value::BulkString(value.into())
}

/// What Redis sees.
fn words(command: &Cmd) -> Vec<String> {
    let packed = String::from_utf8(command.get_packed_command()).expect("text");
    let words = packed.split("\r\n").skip(2).step_by(2);
    words.map(str::to_owned).collect()
}

#[test]
fn an_event_is_an_entry_and_back() {
    let mut request = Request::new(&CREATED, Bytes::from_static(b"{}"));
    request.headers.set("anywire-message-id", "one");
    let (command, _) = add(&request, None).expect("it has a stream");
    let expected = ["XADD", "users.created", "*", "id", "one", "payload", "{}"];
    assert_eq!(words(&command), expected);

    request.headers.set("traceparent", "00-ab");
    let (command, size) = add(&request, Some(9)).expect("it has a stream");
    let words = words(&command);
    assert_eq!(words[1..6], ["users.created", "MAXLEN", "~", "9", "*"]);
    assert_eq!(words[10..12], ["headers", r#"{"traceparent":"00-ab"}"#]);
    assert_eq!(size, 2 + 23);

    let fields = words[6..12].iter().map(|word| text(word)).collect();
    let entry = Value::Array(vec![text("1-0"), Value::Array(fields)]);
    let stream = Value::Array(vec![text("users.created"), Value::Array(vec![entry])]);
    let mut entries = read(Value::Array(vec![stream]), &[&CREATED]);
    assert_eq!((entries.len(), entries[0].id.as_str()), (1, "1-0"));
    let found = entries[0].request(&CREATED).expect("an event");
    assert_eq!(found.payload, "{}");
    assert_eq!(found.headers.get("traceparent"), Some("00-ab"));
    assert_eq!(found.headers.get("anywire-message-id"), Some("one"));
}

#[test]
fn an_entry_that_was_removed_is_no_event() {
    let entry = Value::Array(vec![text("1-0"), Value::Nil]);
    let answer = Value::Array(vec![text("0-0"), Value::Array(vec![entry, Value::Nil])]);
    let mut entries = claimed(answer, 0);
    assert_eq!(entries.len(), 1);
    assert!(entries[0].request(&CREATED).is_none());
}

#[test]
fn answers_of_another_shape_have_no_entries() {
    for answer in [Value::Nil, Value::Int(1), Value::Array(vec![Value::Nil])] {
        assert!(read(answer.clone(), &[&CREATED]).is_empty());
        assert!(claimed(answer.clone(), 0).is_empty());
        assert_eq!(newest(answer), None);
    }
}
