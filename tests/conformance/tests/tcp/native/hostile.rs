//! Peers that do not keep to the wire, or that keep us waiting.

use std::time::Duration;

use anywire::NativeTcp;
use anywire_conformance::{Handlers, conformance::ChecksClient};
use tokio::net::{TcpListener, TcpStream};

use super::{
    CANCEL, CREDIT, END, ERROR, Number, Peer, REFUSED, REPLY, REQUEST, Rest, UPLOAD, VALUE, echo,
    frame, hello, request, route,
};
use crate::{
    peer::soon,
    service::{client, limited, until_begun},
};

const SHORT: Duration = Duration::from_millis(150);

/// A number of so many bytes that never ends.
fn endless() -> Vec<u8> {
    vec![0xFF; 12]
}

#[tokio::test]
async fn a_peer_that_breaks_the_wire_is_cut_off_and_others_are_served() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |limits| limits.max_frame = 1000).await;
    let bystander = client(address).await;
    let waiting = tokio::spawn(bystander.wait(1));
    until_begun(&handlers, 1).await;
    let wait = |call| request(call, "{\"gate\":2}");
    let pattern = route("\"conformance.wait\"");
    let after_hello: &[(&str, Vec<u8>)] = &[
        ("an unknown type", frame(15, &[Number(1)])),
        (
            "flags that a frame does not have",
            frame(0x14, &[Number(1)]),
        ),
        ("a stream without a call", frame(0x43, &[Number(0)])),
        ("no type at all", vec![0]),
        (
            "a frame that is too long",
            [&[0xE9, 0x07][..], &[6; 1001]].concat(),
        ),
        ("a length without an end", endless()),
        ("a call without an end", frame(REQUEST, &[Rest("\u{7f}")])),
        ("a second hello", hello()[8..].to_vec()),
        (
            "a reply from a client",
            frame(REPLY, &[Number(1), Rest("1")]),
        ),
        (
            "a refusal from a client",
            frame(REFUSED, &[Number(1), Number(0)]),
        ),
        ("a route that has no number yet", request(1, "1")),
        (
            "a route that can have no number",
            frame(REQUEST, &[Number(1), Number(4096)]),
        ),
        ("an unknown encoding", frame(1, &[Number(2), Rest("\0")])),
        (
            "a pattern that is cut short",
            frame(1, &[Number(0), Number(9), Rest("\"")]),
        ),
        (
            "headers that are cut short",
            frame(REQUEST | 0x20, &[Number(1), Number(0), Number(1 << 60)]),
        ),
        (
            "a call that is under way",
            [pattern.clone(), wait(7), wait(7)].concat(),
        ),
        (
            "an upload that is under way",
            [
                pattern.clone(),
                frame(UPLOAD, &[Number(7), Number(0)]),
                frame(UPLOAD, &[Number(7), Number(0)]),
                frame(UPLOAD, &[Number(7), Number(0)]),
            ]
            .concat(),
        ),
    ];
    for (what, bytes) in after_hello {
        let mut peer = Peer::connect(address).await;
        peer.write(echo(1, "before")).await;
        assert_eq!(peer.said().await.0, REPLY, "{what}");
        peer.write(bytes).await;
        if *what == "an upload that is under way" {
            // Each is answered at once, since no stream is taken there.
            assert_eq!(peer.said().await.0, ERROR);
            continue;
        }
        peer.cut().await;
    }
    let too_many: Vec<_> = (0..4097).flat_map(|_| route("\"x\"")).collect();
    let before_hello: &[(&str, Vec<u8>)] = &[
        ("no hello", [&b"\0anywire"[..], &echo(1, "x")].concat()),
        (
            "another version",
            [&b"\0anywire"[..], &frame(0, &[Number(2)])].concat(),
        ),
        (
            "an empty hello",
            [&b"\0anywire"[..], &frame(0, &[])].concat(),
        ),
        (
            "half a setting",
            [&b"\0anywire"[..], &frame(0, &[Number(1), Number(1)])].concat(),
        ),
        ("another magic", b"\0ANYWIRE".to_vec()),
        ("nothing but zeros", vec![0; 1000]),
        ("too many routes", [hello(), too_many].concat()),
    ];
    for (what, bytes) in before_hello {
        let mut peer = Peer::of(TcpStream::connect(address).await.expect("a connection"));
        // It may be cut off before it has said all.
        let _ = tokio::io::AsyncWriteExt::write_all(&mut peer.stream, bytes).await;
        peer.greeted().await;
        assert!(!peer.cut().await.is_empty(), "{what}");
    }
    handlers.gates.open(1);
    assert_eq!(waiting.await.expect("no panic").expect("a reply"), 1);
    assert_eq!(bystander.echo("x").await.expect("an echo"), "x");
}

/// The other side may have sent them before it knew that the call is over.
#[tokio::test]
async fn frames_for_calls_that_nobody_knows_are_passed_over() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |_| {}).await;
    let mut peer = Peer::connect(address).await;
    for bytes in [
        frame(VALUE, &[Number(9), Rest("1")]),
        frame(END, &[Number(9)]),
        frame(ERROR, &[Number(9), Rest("no json")]),
        frame(CANCEL, &[Number(u64::MAX)]),
        frame(CREDIT, &[Number(9), Number(u64::MAX)]),
    ] {
        peer.write(bytes).await;
    }
    for call in [9, 9, u64::MAX] {
        peer.write(echo(call, "x")).await;
        assert_eq!(peer.said().await, (REPLY, call, "\"x\"".to_owned()));
    }
}

#[tokio::test]
async fn half_a_frame_is_waited_for_but_not_for_ever() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |limits| limits.stall_timeout = SHORT).await;
    let bystander = Peer::connect(address).await;
    for half in [&b"\0"[..], b"\0anywir", b"\0anywire\x07\0\x01"] {
        let mut peer = Peer::of(TcpStream::connect(address).await.expect("a connection"));
        peer.write(half).await;
        peer.greeted().await;
        peer.cut().await;
    }
    for half in [&[0x80][..], &[5], &[5, REQUEST, 1]] {
        let mut peer = Peer::connect(address).await;
        peer.write(echo(1, "whole")).await;
        assert_eq!(peer.said().await.0, REPLY);
        peer.write(half).await;
        peer.cut().await;
    }
    // A peer that owes nothing may be silent for as long as it likes.
    let mut bystander = bystander;
    bystander.write(echo(1, "x")).await;
    assert_eq!(bystander.said().await.0, REPLY);
}

#[tokio::test]
async fn a_peer_that_does_not_read_is_cut_off() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |limits| {
        limits.stall_timeout = SHORT;
        limits.max_unsent = 1 << 20;
    })
    .await;
    let bystander = client(address).await;
    let mut peer = Peer::connect(address).await;
    let request = echo(1, &"x".repeat(64 << 10));
    let written = soon("the end", async {
        let mut written = 0;
        while written < 256 << 20 {
            let sent = tokio::io::AsyncWriteExt::write_all(&mut peer.stream, &request).await;
            if sent.is_err() {
                break;
            }
            written += request.len();
        }
        written
    });
    assert!(
        written.await < 256 << 20,
        "all was taken from a peer that reads nothing"
    );
    assert_eq!(bystander.echo("x").await.expect("an echo"), "x");
}

/// A generator that needs no crate: xorshift.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

#[tokio::test]
async fn random_frames_harm_nobody() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |_| {}).await;
    let bystander = client(address).await;
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for round in 0..200 {
        let mut bytes = hello();
        bytes.extend(route("\"conformance.wait\""));
        bytes.extend(route("\"conformance.echo\""));
        for _ in 0..random.next() % 40 {
            let kind = [
                2,
                2,
                3,
                4,
                5,
                7,
                9,
                10,
                0x42,
                0x12,
                0x22,
                random.next() as u8,
            ];
            let kind = kind[random.next() as usize % kind.len()];
            let fields = [
                Number(random.next() % 4),
                Number(random.next() % 3),
                Rest("{\"gate\":1}"),
            ];
            let mut one = frame(kind, &fields);
            if random.next().is_multiple_of(50) {
                let at = random.next() as usize % one.len();
                one[at] = random.next() as u8;
            }
            bytes.extend(one);
        }
        let mut peer = Peer::of(TcpStream::connect(address).await.expect("a connection"));
        // It may be cut off before it has said all.
        let _ = tokio::io::AsyncWriteExt::write_all(&mut peer.stream, &bytes).await;
        if round % 2 == 0 {
            peer.greeted().await;
        }
        drop(peer);
        assert_eq!(bystander.echo("x").await.expect("an echo"), "x");
    }
    handlers.gates.open(1);
}

#[tokio::test]
async fn a_client_leaves_a_server_that_talks_nonsense() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    for nonsense in [
        frame(15, &[]),
        endless(),
        vec![0],
        hello()[8..].to_vec(),
        route("\"x\""),
        echo(1, "x"),
        vec![0xFF, 0xFF, 0xFF, 0x7F],
    ] {
        let connect = NativeTcp::connect(address.to_string());
        let (tcp, mut peer) = tokio::join!(async { connect.await }, Peer::accept(&listener));
        let client = ChecksClient::new(tcp.expect("a client can connect"));
        let call = tokio::spawn(client.echo("a"));
        peer.frame().await;
        peer.write(nonsense).await;
        let answer = soon("the end of the call", call).await.expect("no panic");
        answer.expect_err("there is no sense in it");
    }
}

/// Replies that nobody waits for, twice, of another kind: the call in hand is not theirs.
#[tokio::test]
async fn a_reply_answers_its_own_call_alone() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let connect = NativeTcp::connect(address.to_string());
    let (tcp, mut peer) = tokio::join!(async { connect.await }, Peer::accept(&listener));
    let client = ChecksClient::new(tcp.expect("a client can connect"));
    peer.frame_after(&client).await;
    let mut late = Vec::new();
    for _ in 0..20 {
        let call = client.echo("late").timeout(Duration::from_millis(5));
        call.await.expect_err("nobody answers");
        let mut asked = peer.frame().await;
        late.push(asked.number());
        let mut cancel = peer.frame().await;
        assert_eq!(
            (cancel.kind, cancel.number()),
            (CANCEL, late[late.len() - 1])
        );
    }
    let call = tokio::spawn(client.echo("now"));
    let id = peer.frame().await.number();
    assert!(!late.contains(&id), "the number {id} is given twice");
    for late in late.into_iter().chain([0, u64::MAX, id ^ 1]) {
        for bytes in [
            frame(REPLY, &[Number(late), Rest("\"late\"")]),
            frame(VALUE, &[Number(late), Rest("\"late\"")]),
            frame(END, &[Number(late)]),
            frame(ERROR, &[Number(late), Rest("{}")]),
            frame(REFUSED, &[Number(late), Number(1)]),
            frame(CREDIT, &[Number(late), Number(1)]),
            frame(CANCEL, &[Number(late)]),
        ] {
            peer.write(bytes).await;
        }
    }
    peer.write(frame(REPLY, &[Number(id), Rest("\n\u{3}now")]))
        .await;
    let answer = soon("an answer", call).await.expect("no panic");
    assert_eq!(answer.expect("an echo"), "now");
}

impl Peer {
    /// Answers one call, so that its route is known.
    async fn frame_after(&mut self, client: &ChecksClient<NativeTcp>) {
        let call = tokio::spawn(client.echo("first"));
        self.frame().await;
        let id = self.frame().await.number();
        self.write(frame(REPLY, &[Number(id), Rest("\n\u{5}first")]))
            .await;
        let answer = call.await.expect("no panic");
        assert_eq!(answer.expect("an echo"), "first");
    }
}
