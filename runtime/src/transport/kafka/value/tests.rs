use super::*;
use crate::{Json, Wire, json};

/// What a message holds of a value.
fn written(value: &impl Wire) -> Option<Vec<u8>> {
    let json = json::encode(value).expect("it can be encoded");
    to_kafka(&json).map(Cow::into_owned)
}

/// The value that is read from what a message holds.
fn read<T: Wire>(value: Option<&[u8]>, is_text: bool) -> T {
    json::decode(&from_kafka(value, is_text)).expect("it decodes")
}

#[test]
fn a_text_is_written_without_quotes_and_all_else_as_json() {
    assert_eq!(written(&"v".to_owned()).as_deref(), Some(&b"v"[..]));
    assert_eq!(written(&String::new()).as_deref(), Some(&b""[..]));
    let text = "a \"quoted\"\n\\ \u{1} é🦀";
    assert_eq!(written(&text.to_owned()).as_deref(), Some(text.as_bytes()));
    assert_eq!(written(&7_u32).as_deref(), Some(&b"7"[..]));
    assert_eq!(written(&true).as_deref(), Some(&b"true"[..]));
    assert_eq!(written(&vec![1_u32, 2]).as_deref(), Some(&b"[1,2]"[..]));
    let object = Json(serde_json::json!({ "a": "é🦀" }));
    assert_eq!(
        written(&object).as_deref(),
        Some(r#"{"a":"é🦀"}"#.as_bytes())
    );
    assert_eq!(written(&None::<String>), None);
}

#[test]
fn a_text_is_read_whatever_it_looks_like() {
    for text in [
        "",
        "v",
        "42",
        "true",
        "null",
        "{\"a\":1}",
        "[",
        "\"q\"",
        "a\\n",
        "é🦀\u{0}",
    ] {
        assert_eq!(read::<String>(Some(text.as_bytes()), true), text);
        let json = json::encode(&text.to_owned()).expect("it can be encoded");
        let back = to_kafka(&json).expect("a value");
        assert_eq!(&*back, text.as_bytes());
    }
    assert_eq!(read::<Option<String>>(None, true), None);
    assert_eq!(
        read::<Option<String>>(Some(b"null"), true).as_deref(),
        Some("null")
    );
}

#[test]
fn what_is_no_text_is_read_by_its_type() {
    assert_eq!(read::<u32>(Some(b"42"), false), 42);
    assert_eq!(read::<i32>(Some(b"-1"), false), -1);
    assert!(read::<bool>(Some(b"true"), false));
    assert_eq!(read::<Vec<u32>>(Some(b"[1, 2]"), false), [1, 2]);
    assert_eq!(read::<Option<u32>>(None, false), None);
    read::<()>(None, false);
    // A payload of any JSON may be a text as well.
    let text = read::<Json>(Some(b"v"), false);
    assert_eq!(text.0, serde_json::json!("v"));
}

#[test]
fn bytes_that_are_no_text_do_no_harm() {
    assert_eq!(
        &from_kafka(Some(b"\xff"), true)[..],
        "\"\u{fffd}\"".as_bytes()
    );
    let error = json::decode::<u32>(&from_kafka(Some(b"\x00\x01"), false));
    error.expect_err("no number");
}
