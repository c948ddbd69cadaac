//! Calls: given up, too many, too large, and during a stop.

use std::{net::SocketAddr, time::Duration};

use anywire::{CallError, Kind, NativeTcp, Operation as _, TransportError};
use anywire_conformance::{
    Handlers,
    conformance::{ChecksClient, ChecksPublisher, op},
};
use tokio::net::TcpListener;

use super::{
    CANCEL, ERROR, GOAWAY, Number, Peer, REFUSED, REPLY, REQUEST, Rest, SEND, Text, echo, frame,
    hello_of, request,
};
use crate::{
    peer::{self, soon},
    service::{begun, limited, until_begun},
};

const WAIT: &str = r#""conformance.wait""#;

fn wait(gate: u64) -> Vec<u8> {
    request(gate, &format!("{{\"gate\":{gate}}}"))
}

async fn client(address: SocketAddr) -> ChecksClient<NativeTcp> {
    let connect = NativeTcp::connect(address.to_string());
    ChecksClient::new(connect.await.expect("a client can connect"))
}

#[tokio::test]
async fn both_wires_are_served_on_one_port() {
    let handlers = Handlers::default();
    let (running, address) = limited(&handlers, |_| {}).await;
    let nest = crate::service::client(address).await;
    let native = client(address).await;
    for _ in 0..10 {
        assert_eq!(nest.echo("nest").await.expect("an echo"), "nest");
        assert_eq!(native.echo("native").await.expect("an echo"), "native");
    }
    // A peer that says nothing is of neither, and keeps nobody from stopping.
    let _silent = tokio::net::TcpStream::connect(address)
        .await
        .expect("a connection");
    drop((nest, native));
    soon("the stop", running.stop()).await.expect("it stops");
}

#[tokio::test]
async fn the_bytes_are_those_of_the_document() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |_| {}).await;
    let mut peer = Peer::of_route(address, r#"{ "opts": {"a":true,"b":1}, "cmd": "sum" }"#).await;
    peer.write(request(300, "[1,2,3]")).await;
    assert_eq!(peer.said().await, (REPLY, 300, "6".to_owned()));

    let pattern = Text(r#""conformance.headers""#);
    let header = [Number(1), Text("user"), Text("ada")];
    let fields = [Number(7), Number(0), pattern, Number(60_000)];
    let fields = [&fields[..], &header, &[Rest("{}")]].concat();
    peer.write(frame(REQUEST | 0x80 | 0x10 | 0x20, &fields))
        .await;
    assert_eq!(
        peer.said().await,
        (
            REPLY,
            7,
            r#"{"anywire-remaining-ms":"60000","user":"ada"}"#.to_owned()
        )
    );

    // What is sent without an answer has none.
    let pattern = Text(r#""conformance.note""#);
    let note = [Number(0), pattern, Rest(r#"{"line":"a"}"#)];
    peer.write(frame(SEND | 0x80, &note)).await;
    soon("the note", handlers.log.until_has("note a")).await;

    let nobody = [Number(8), Number(0), Text("\"nobody\""), Rest("{}")];
    peer.write(frame(REQUEST | 0x80, &nobody)).await;
    assert_eq!(peer.said().await, (REFUSED, 8, "\0".to_owned()));
    peer.write(request(9, "[true]")).await;
    let (kind, call, text) = peer.said().await;
    assert_eq!((kind, call), (ERROR, 9));
    assert!(
        text.contains(r#""status":400"#) && text.contains("/0"),
        "{text}"
    );
}

#[tokio::test]
async fn a_call_that_is_given_up_ends_its_handler() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |_| {}).await;
    let client = client(address).await;
    for round in 1..=3 {
        let call = client.wait(round);
        let call = tokio::spawn(call.timeout(Duration::from_secs(60)));
        until_begun(&handlers, round as usize).await;
        call.abort();
        // Nobody opens its gate.
        let left = format!("left {round}");
        soon("the end of the handler", handlers.log.until_has(&left)).await;
    }
    let error = client.wait(4).timeout(Duration::from_millis(50)).await;
    assert!(matches!(error, Err(CallError::Timeout)), "{error:?}");
    soon("the end", handlers.log.until_has("left 4")).await;
    // Nor does anything keep it that its client is gone.
    let call = tokio::spawn(client.wait(5));
    until_begun(&handlers, 5).await;
    drop(client);
    call.abort();
    soon("the end", handlers.log.until_has("left 5")).await;
}

#[tokio::test]
async fn a_connection_that_is_lost_ends_its_handlers() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |_| {}).await;
    let mut peer = Peer::of_route(address, WAIT).await;
    peer.write([wait(1), wait(2)].concat()).await;
    until_begun(&handlers, 2).await;
    drop(peer);
    for line in ["left 1", "left 2"] {
        soon("the end of the handlers", handlers.log.until_has(line)).await;
    }
}

#[tokio::test]
async fn requests_beyond_the_limit_wait_for_their_turn() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |limits| limits.max_in_flight = 4).await;
    let mut peer = Peer::of_route(address, WAIT).await;
    peer.write((1..=40).flat_map(wait).collect::<Vec<_>>())
        .await;
    until_begun(&handlers, 4).await;
    // What needs no turn to be told is told: the peer is read from all the while.
    let given_up = (2..=40).step_by(2);
    let cancels = given_up.flat_map(|call| frame(CANCEL, &[Number(call)]));
    peer.write(cancels.collect::<Vec<_>>()).await;
    let nobody = [Number(99), Number(0), Text("\"nobody\""), Rest("{}")];
    peer.write(frame(REQUEST | 0x80, &nobody)).await;
    assert_eq!(peer.said().await.0, REFUSED);
    for kept in (1..=39).step_by(2) {
        handlers.gates.open(kept);
    }
    for kept in (1..=39).step_by(2) {
        let (kind, call, _) = peer.said().await;
        assert_eq!((kind, call % 2), (REPLY, 1), "of {kept}");
    }
    for given_up in (6..=40).step_by(2) {
        let line = format!("wait {given_up}");
        assert_eq!(handlers.log.count(&line), 0, "it was given up in time");
    }
    assert_eq!(begun(&handlers), 20 + 2);
    // And beyond that they are refused.
    let mut peer = Peer::of_route(address, WAIT).await;
    let payload = format!("{{\"gate\":99,\"x\":\"{}\"}}", "x".repeat(1 << 20));
    peer.write(
        (1..=40)
            .flat_map(|call| request(call, &payload))
            .collect::<Vec<_>>(),
    )
    .await;
    let (kind, call, reason) = peer.said().await;
    assert_eq!((kind, reason.as_str()), (REFUSED, "\x01"));
    assert!((10..=40).contains(&call), "call {call}");
}

#[tokio::test]
async fn a_message_that_the_peer_would_not_read_is_an_error_of_its_own() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |limits| limits.max_frame = 1000).await;
    let client = client(address).await;
    let answer = client.echo("x".repeat(2000)).await;
    match answer {
        Err(CallError::Transport(error @ TransportError::TooLarge { .. })) => {
            assert_eq!(error.kind(), Kind::Exhausted);
        }
        other => panic!("expected that it is too large, found {other:?}"),
    }
    assert_eq!(client.echo("x").await.expect("an echo"), "x");

    // The other way round: a client that reads less than it is answered.
    let (_running, address) = limited(&handlers, |_| {}).await;
    let mut peer = Peer::of(tokio::net::TcpStream::connect(address).await.expect("one"));
    peer.write(hello_of(200)).await;
    peer.greeted().await;
    peer.write(echo(1, &"x".repeat(300))).await;
    let (kind, call, text) = peer.said().await;
    assert_eq!((kind, call), (ERROR, 1));
    assert!(text.contains("are allowed"), "{text}");
    peer.write(echo(2, "x")).await;
    assert_eq!(peer.said().await, (REPLY, 2, "\"x\"".to_owned()));
}

#[tokio::test]
async fn a_server_that_stops_says_so_and_answers_what_it_has() {
    let handlers = Handlers::default();
    let (running, address) = limited(&handlers, |_| {}).await;
    let mut peer = Peer::of_route(address, WAIT).await;
    peer.write(wait(1)).await;
    until_begun(&handlers, 1).await;
    let client = client(address).await;
    let call = tokio::spawn(client.wait(1));
    until_begun(&handlers, 2).await;
    let stopped = tokio::spawn(running.stop());
    let goaway = peer.frame().await;
    assert_eq!(
        (goaway.kind, goaway.text()),
        (GOAWAY, "the server is stopping")
    );
    // A request that was on its way is refused, and not lost.
    peer.write(wait(2)).await;
    assert_eq!(peer.said().await, (REFUSED, 2, "\x02".to_owned()));
    let refused = soon("a refusal", async {
        loop {
            if let Err(error) = client.echo("new").await {
                break error;
            }
            tokio::task::yield_now().await;
        }
    });
    match refused.await {
        CallError::Transport(error @ TransportError::Unreachable { .. }) => {
            assert!(error.to_string().contains("stopping"), "{error}");
        }
        other => panic!("expected that it cannot be reached, found {other:?}"),
    }
    handlers.gates.open(1);
    assert_eq!(peer.said().await.0, REPLY);
    assert_eq!(call.await.expect("no panic").expect("a reply"), 1);
    assert!(peer.next().await.is_none());
    stopped.await.expect("no panic").expect("it stops in time");
}

#[tokio::test]
async fn a_last_event_arrives_though_the_connection_is_closed() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |_| {}).await;
    let tcp = NativeTcp::connect(address.to_string())
        .await
        .expect("a client");
    let client = ChecksClient::new(tcp.clone());
    client.note("the last one").await.expect("it is sent");
    soon("it closes", tcp.close()).await;
    let line = "note the last one";
    soon("what was sent arrives", handlers.log.until_has(line)).await;
    let answer = client.echo("x").await;
    let is_closed = matches!(answer, Err(CallError::Transport(TransportError::Closed)));
    assert!(is_closed, "{answer:?}");
    // An event that nobody hears harms nobody.
    let publisher = ChecksPublisher::new(NativeTcp::connect(address.to_string()).lazy());
    publisher.announced("x").await.expect("it is sent");
}

/// A server that speaks Nest's wire alone, as NestJS, is no server for this one.
#[tokio::test]
async fn a_server_of_the_other_wire_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let connect = NativeTcp::connect(address.to_string());
    let connect = tokio::spawn(async move { connect.await.map(drop) });
    let mut nest = peer::Peer::accept(&listener).await;
    nest.write("2#{}").await;
    let error = connect.await.expect("no panic").expect_err("another wire");
    assert!(error.to_string().contains("anywire"), "{error}");
    // One that says nothing at all is given up in time.
    let connect = NativeTcp::connect(address.to_string());
    let connect = connect.connect_timeout(Duration::from_millis(50));
    connect.await.expect_err("no answer");
}

#[tokio::test]
async fn a_connection_is_made_again_and_knows_its_routes_anew() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let connect = NativeTcp::connect(address);
    let connect = connect.backoff(Duration::from_millis(1), Duration::from_millis(10));
    let client = ChecksClient::new(connect.lazy());
    let pattern = format!(
        "\u{1}\u{12}\"conformance.echo\"\u{10}{}",
        op::Echo::META.fingerprint
    );
    for round in 0..3 {
        let call = tokio::spawn({
            let client = client.clone();
            async move {
                loop {
                    match client.echo("x").await {
                        Err(CallError::Transport(_)) => tokio::task::yield_now().await,
                        answer => break answer,
                    }
                }
            }
        });
        let mut peer = Peer::accept(&listener).await;
        let route = peer.frame().await;
        assert_eq!(route.text(), pattern, "round {round}");
        let mut asked = peer.frame().await;
        let id = asked.number();
        let reply = frame(REPLY, &[Number(id), Rest("\n\u{1}x")]);
        peer.write(reply).await;
        assert_eq!(call.await.expect("no panic").expect("an echo"), "x");
    }
}
