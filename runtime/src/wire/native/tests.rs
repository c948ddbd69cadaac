use bytes::{Bytes, BytesMut};
use proptest::prelude::*;

use super::{
    MAGIC, Malformed,
    frame::{self, Frame, Hello, Message, Refusal, Route, To},
    inbox::Inbox,
    number,
};
use crate::{Encoding, Headers, Meta, REMAINING_MS, Request};

const DOCUMENT: &str = include_str!("../../../../docs/native-tcp.md");

static GET: Meta = Meta {
    name: "get",
    pattern: r#"{"cmd":"get"}"#,
    route: r#"{"cmd":"get"}"#,
    fingerprint: "0123456789abcdef",
    ..Meta::BLANK
};

fn request(payload: &'static [u8], headers: &[(&'static str, &str)]) -> Request {
    let mut request = Request::new(&GET, Bytes::from_static(payload));
    for (name, value) in headers {
        request.headers.set(*name, *value);
    }
    request
}

fn written(write: impl FnOnce(&mut BytesMut)) -> Vec<u8> {
    let mut out = BytesMut::new();
    write(&mut out);
    out.to_vec()
}

fn message(to: To<'static>, payload: &'static [u8]) -> Message<'static> {
    Message {
        to,
        remaining: None,
        headers: Headers::new(),
        streams: false,
        payload,
    }
}

/// Every frame of the document's examples: how it is written, what it says, and its line there.
fn examples() -> Vec<(Vec<u8>, Frame<'static>, &'static str)> {
    let route = |encoding| Route {
        encoding,
        pattern: br#"{"cmd":"get"}"#,
    };
    let event = || Route {
        encoding: Encoding::Json,
        pattern: br#""users.admin.created""#,
    };
    let hello = Hello {
        max_frame: 16 << 20,
    };
    let mut headers = Headers::new();
    headers.set("user", "ada");
    vec![
        (
            written(|out| frame::write_hello(out, hello))[MAGIC.len()..].to_vec(),
            Frame::Hello(hello),
            "HELLO: version 1, frames of at most 16777216 bytes",
        ),
        (
            written(|out| frame::write_route(out, &route(Encoding::Json), GET.fingerprint)),
            Frame::Route {
                route: route(Encoding::Json),
                fingerprint: Some(GET.fingerprint),
            },
            r#"ROUTE 0: JSON, `{"cmd":"get"}`, `0123456789abcdef`"#,
        ),
        (
            written(|out| {
                let request = request(br#"{"id":7}"#, &[]);
                frame::write_message(out, &request, Some(300), &To::Number(0), false);
            }),
            Frame::Request {
                call: 300,
                message: message(To::Number(0), br#"{"id":7}"#),
            },
            r#"REQUEST: call 300, route 0, `{"id":7}`"#,
        ),
        (
            written(|out| frame::write_reply(out, 300, br#""Ada""#)),
            Frame::Reply {
                call: 300,
                payload: br#""Ada""#,
            },
            r#"REPLY: call 300, `"Ada"`"#,
        ),
        (
            written(|out| frame::write_route(out, &route(Encoding::Protobuf), GET.fingerprint)),
            Frame::Route {
                route: route(Encoding::Protobuf),
                fingerprint: Some(GET.fingerprint),
            },
            r#"ROUTE 1: protobuf, `{"cmd":"get"}`, `0123456789abcdef`"#,
        ),
        (
            written(|out| {
                let headers = [(REMAINING_MS, "1500"), ("user", "ada")];
                let request = request(b"\x08\x07", &headers);
                frame::write_message(out, &request, Some(2), &To::Number(1), false);
            }),
            Frame::Request {
                call: 2,
                message: Message {
                    remaining: Some(1500),
                    headers,
                    ..message(To::Number(1), b"\x08\x07")
                },
            },
            "REQUEST: call 2, route 1, 1500 ms, `user: ada`, `08 07`",
        ),
        (
            written(|out| frame::write_cancel(out, 2)),
            Frame::Cancel { call: 2 },
            "CANCEL: call 2, by the client",
        ),
        (
            written(|out| frame::write_error(out, 2, r#"{"status":404}"#)),
            Frame::Error {
                call: 2,
                exception: br#"{"status":404}"#,
            },
            r#"ERROR: call 2, `{"status":404}`"#,
        ),
        (
            written(|out| frame::write_refused(out, 2, Refusal::NoHandler)),
            Frame::Refused {
                call: 2,
                reason: Refusal::NoHandler,
            },
            "REFUSED: call 2, nobody handles it",
        ),
        (
            written(|out| {
                frame::write_message(out, &request(b"", &[]), Some(3), &To::Number(0), true);
            }),
            Frame::Request {
                call: 3,
                message: Message {
                    streams: true,
                    ..message(To::Number(0), b"")
                },
            },
            "REQUEST: call 3, route 0, values follow",
        ),
        (
            written(|out| frame::write_value(out, 3, b"1")),
            Frame::Value {
                call: 3,
                payload: b"1",
            },
            "VALUE: call 3, `1`",
        ),
        (
            written(|out| frame::write_credit(out, 3, 128 << 10)),
            Frame::Credit {
                call: 3,
                bytes: 128 << 10,
            },
            "CREDIT: call 3, 131072 bytes",
        ),
        (
            written(|out| frame::write_end(out, 3)),
            Frame::End { call: 3 },
            "END: call 3",
        ),
        (
            written(|out| {
                frame::write_message(out, &request(b"{}", &[]), None, &To::Named(event()), false);
            }),
            Frame::Send(message(To::Named(event()), b"{}")),
            r#"SEND: JSON, `"users.admin.created"`, `{}`"#,
        ),
        (
            written(|out| frame::write_goaway(out, "the server is stopping")),
            Frame::Goaway {
                reason: b"the server is stopping",
            },
            "GOAWAY: the server is stopping",
        ),
    ]
}

#[test]
fn every_example_of_the_document_is_written_and_read_as_it_says() {
    for (bytes, frame, line) in examples() {
        let hex: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let line = format!("\n{}  # {line}\n", hex.join(" "));
        assert!(DOCUMENT.contains(&line), "not in the document:{line}");
        assert_eq!(Frame::parse(&bytes[1..]), Ok(frame), "{line}");
    }
    let lines = DOCUMENT
        .lines()
        .filter(|line| line.contains("  # "))
        .count();
    // The magic bytes are the one line that is no frame.
    assert_eq!(lines, examples().len() + 1, "an example that no test has");
}

#[test]
fn a_frame_that_is_cut_short_is_refused_or_means_something_else() {
    for (bytes, frame, line) in examples() {
        for end in 1..bytes.len() - 1 {
            assert_ne!(Frame::parse(&bytes[1..=end]), Ok(frame.clone()), "{line}");
        }
    }
}

#[test]
fn types_that_nobody_has_are_refused() {
    for kind in (0x0C..0x10).chain([0x14, 0xC3, 0x43, 0x10, 0xFF]) {
        assert_eq!(Frame::parse(&[kind, 0, 0, 0]), Err(Malformed::Type(kind)));
    }
    assert_eq!(Frame::parse(&[]), Err(Malformed::Truncated));
    assert_eq!(Frame::parse(&[0, 2]), Err(Malformed::Version(2)));
    assert_eq!(Frame::parse(&[1, 2, 0]), Err(Malformed::Encoding(2)));
    assert_eq!(
        Frame::parse(&[2, 1, 0x80, 0x20]),
        Err(Malformed::Route(4096))
    );
}

#[test]
fn what_a_later_version_adds_is_passed_over() {
    let Hello { max_frame } = Hello { max_frame: 5 };
    let hello = Frame::Hello(Hello { max_frame });
    assert_eq!(Frame::parse(&[0, 1, 9, 9, 1, 5]), Ok(hello));
    assert_eq!(Frame::parse(&[9, 7, 1, 2]), Ok(Frame::Cancel { call: 7 }));
    let refused = Frame::Refused {
        call: 7,
        reason: Refusal::Unknown,
    };
    assert_eq!(Frame::parse(&[8, 7, 77]), Ok(refused));
}

/// All frames that come out of the bytes, given in these pieces.
fn received(pieces: &[&[u8]], max_frame: usize) -> (Vec<Vec<u8>>, Option<Malformed>) {
    let mut inbox = Inbox::new(max_frame);
    let mut all = Vec::new();
    for piece in pieces {
        inbox.room().extend_from_slice(piece);
        let mut frames = inbox.frames();
        let memory = frames.bytes.clone();
        while let Some(range) = frames.next() {
            all.push(memory[range].to_vec());
        }
        if frames.error.is_some() {
            return (all, frames.error);
        }
        assert!(frames.is_empty());
    }
    (all, None)
}

#[test]
fn frames_arrive_in_any_pieces() {
    let mut bytes = MAGIC.to_vec();
    let mut expected = Vec::new();
    for (frame, ..) in examples() {
        bytes.extend_from_slice(&frame);
        expected.push(frame[1..].to_vec());
    }
    for place in 0..=bytes.len() {
        let (one, other) = bytes.split_at(place);
        assert_eq!(
            received(&[one, other], 100),
            (expected.clone(), None),
            "cut at {place}"
        );
    }
    let single: Vec<_> = bytes.chunks(1).collect();
    assert_eq!(received(&single, 100), (expected, None));
}

#[test]
fn a_frame_beyond_the_limit_is_refused_by_its_length() {
    let frame = |length: &[u8]| [&MAGIC, length].concat();
    let refused = |size| (vec![], Some(Malformed::TooLarge { size, max: 100 }));
    assert_eq!(received(&[&frame(&[101])], 100), refused(101));
    let most = [&[0xFF; 9][..], &[1]].concat();
    assert_eq!(received(&[&frame(&most)], 100), refused(u64::MAX));
    assert_eq!(received(&[&frame(&[100])], 100), (vec![], None));
    let endless = [0xFF; 11];
    assert_eq!(
        received(&[&frame(&endless)], 100),
        (vec![], Some(Malformed::Number))
    );
}

#[test]
fn what_does_not_begin_with_the_magic_bytes_is_refused_at_once() {
    for bytes in [&b"1"[..], b"\0A", b"\0anywirf", b"GET / HTTP/1.1"] {
        assert_eq!(received(&[bytes], 100), (vec![], Some(Malformed::Magic)));
    }
    assert_eq!(received(&[b"\0any"], 100), (vec![], None));
}

proptest! {
    #[test]
    fn numbers_are_read_as_they_were_written(value: u64, behind: Vec<u8>) {
        let mut bytes = [0; number::LONGEST];
        let width = number::write(&mut bytes, value);
        let all = [&bytes[..width], &behind].concat();
        prop_assert_eq!(number::read(&all), Ok(Some((value, width))));
        for end in 0..width {
            prop_assert_eq!(number::read(&all[..end]), Ok(None));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        let _ = Frame::parse(&bytes);
        let begun = [&MAGIC[..], &bytes].concat();
        for (all, max) in [(&bytes, 100), (&begun, 100), (&begun, usize::MAX)] {
            received(&[all], max);
        }
    }

    #[test]
    fn requests_are_read_as_they_were_written(
        call: u64,
        number in 0_usize..4096,
        remaining: Option<u32>,
        headers in prop::collection::btree_map("[a-z]{1,9}", ".{0,40}", 0..9),
        payload: Vec<u8>,
        streams: bool,
    ) {
        let mut request = Request::new(&GET, payload.clone().into());
        for (name, value) in &headers {
            request.headers.set(name.clone(), value);
        }
        let expected = request.headers.clone();
        if let Some(remaining) = remaining {
            request.headers.set(REMAINING_MS, remaining.to_string());
        }
        let bytes = written(|out| {
            frame::write_message(out, &request, Some(call), &To::Number(number), streams);
        });
        let (_, width) = number::read(&bytes)
            .expect("a number")
            .expect("all of it");
        let message = Message {
            to: To::Number(number),
            remaining: remaining.map(u64::from),
            headers: expected,
            streams,
            payload: &payload,
        };
        prop_assert_eq!(Frame::parse(&bytes[width..]), Ok(Frame::Request { call, message }));
    }
}
