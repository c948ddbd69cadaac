use super::*;
use crate::OperationKind;

fn meta(route: &'static str, pattern: &'static str) -> Meta {
    Meta {
        kind: OperationKind::Event,
        pattern,
        route,
        ..Meta::BLANK
    }
}

/// As in Nest's documents: the bytes that a client sends.
#[test]
fn a_published_message_is_nests() {
    let command = publish(r#"{"a":1,"cmd":"obj"}"#, br#"{"pattern":1}"#);
    let expected =
        "*3\r\n$7\r\nPUBLISH\r\n$19\r\n{\"a\":1,\"cmd\":\"obj\"}\r\n$13\r\n{\"pattern\":1}\r\n";
    assert_eq!(command.get_packed_command(), expected.as_bytes());
}

#[test]
fn text_that_is_no_json_is_json_text() {
    assert_eq!(text(b"a \"b\""), r#""a \"b\"""#);
}

#[test]
fn replies_have_the_channel_of_the_route() {
    assert_eq!(reply_channel("echo"), "echo.reply");
    assert_eq!(reply_channel("users.get"), "users.get.reply");
}

#[test]
fn wildcards_are_stars() {
    let meta = meta("users.{role}.created", r#""users.{role}.created""#);
    assert_eq!(pattern(&meta), "users.*.created");
}

#[test]
fn what_redis_takes_for_a_pattern_is_escaped() {
    let meta = meta("a*b.{x}.[c]?", r#""a*b.{x}.[c]?""#);
    assert_eq!(pattern(&meta), r"a\*b.*.\[c\]\?");
}
