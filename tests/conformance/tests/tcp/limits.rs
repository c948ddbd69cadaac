//! What one peer can use of us.

use std::time::Duration;

use anywire::{CallError, Tcp};
use anywire_conformance::{Handlers, conformance::ChecksClient};
use serde_json::json;
use tokio::net::TcpListener;

use crate::{
    peer::{Peer, frame, soon},
    service::{begun, client, limited, until_begun},
};

const SHORT: Duration = Duration::from_millis(150);

fn wait(gate: u32, id: u32) -> String {
    let pattern = "conformance.wait";
    frame(&json!({ "pattern": pattern, "data": { "gate": gate }, "id": id }).to_string())
}

fn echo(text: &str, id: u32) -> String {
    let pattern = "conformance.echo";
    frame(&json!({ "pattern": pattern, "data": text, "id": id }).to_string())
}

#[tokio::test]
async fn no_more_than_the_limit_is_under_way() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |limits| limits.max_in_flight = 4).await;
    let mut peer = Peer::connect(address).await;
    // All in one write, which one read may bring.
    let requests: String = (0..40).map(|id| wait(id, id)).collect();
    peer.write(requests).await;
    until_begun(&handlers, 4).await;

    // Others are served meanwhile, and when they are, more would have been begun.
    let other = client(address).await;
    for _ in 0..10 {
        assert_eq!(other.echo("x").await.expect("an echo"), "x");
    }
    for done in 0..40 {
        let most = (done + 4).min(40);
        until_begun(&handlers, most).await;
        assert_eq!(begun(&handlers), most);
        let gate = u32::try_from(done).expect("a small number");
        handlers.gates.open(gate);
        assert_eq!(peer.packet().await["response"], gate);
    }
}

#[tokio::test]
async fn requests_that_wait_for_their_turn_are_not_a_stall() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |limits| {
        limits.max_in_flight = 1;
        limits.stall_timeout = SHORT;
    })
    .await;
    let mut peer = Peer::connect(address).await;
    let last = wait(3, 3);
    let (half, rest) = last.split_at(last.len() / 2);
    peer.write(wait(1, 1) + &wait(2, 2) + half).await;
    until_begun(&handlers, 1).await;
    // It is we who keep the peer waiting: another connection shows that time has passed.
    let mut other = Peer::connect(address).await;
    other.write("100#half of a fra").await;
    other.closed().await;

    handlers.gates.open(1);
    assert_eq!(peer.packet().await["response"], 1);
    peer.write(rest).await;
    handlers.gates.open(2);
    handlers.gates.open(3);
    assert_eq!(peer.packet().await["response"], 2);
    assert_eq!(peer.packet().await["response"], 3);
}

#[tokio::test]
async fn half_a_frame_is_waited_for_but_not_for_ever() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |limits| limits.stall_timeout = SHORT).await;
    let bystander = client(address).await;
    let waiting = tokio::spawn(bystander.wait(1));
    until_begun(&handlers, 1).await;
    for half in ["1", "100#", "100#{\"pattern\":", "5#\"\u{e9}"] {
        let mut peer = Peer::connect(address).await;
        peer.write(echo("whole", 1)).await;
        assert_eq!(peer.packet().await["response"], "whole");
        peer.write(half).await;
        assert!(peer.closed().await.is_empty(), "a reply to {half:?}");
    }
    // A peer that owes nothing may be silent for as long as it likes.
    handlers.gates.open(1);
    assert_eq!(waiting.await.expect("no panic").expect("a reply"), 1);
    assert_eq!(bystander.echo("x").await.expect("an echo"), "x");
}

/// Reads nothing, and asks for more and more.
async fn floods(peer: &mut Peer, request: &str) -> usize {
    let mut written = 0;
    while written < 256 << 20 {
        if !peer.try_write(request.as_bytes()).await {
            return written;
        }
        written += request.len();
    }
    panic!("{written} bytes were taken from a peer that reads nothing");
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
    let waiting = tokio::spawn(bystander.wait(1));
    until_begun(&handlers, 1).await;
    let mut peer = Peer::connect(address).await;
    soon(
        "the end",
        floods(&mut peer, &echo(&"x".repeat(64 << 10), 1)),
    )
    .await;
    assert_eq!(bystander.echo("x").await.expect("an echo"), "x");
    handlers.gates.open(1);
    assert_eq!(waiting.await.expect("no panic").expect("a reply"), 1);
}

/// The same where handlers have to wait, so that their replies come from other tasks.
#[tokio::test]
async fn a_peer_that_does_not_read_late_replies_is_cut_off() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |limits| {
        limits.stall_timeout = SHORT;
        limits.max_unsent = 64 << 10;
    })
    .await;
    let mut peer = Peer::connect(address).await;
    // A request of a few bytes whose reply is as long: the peer's own id, thousands of bytes.
    let pattern = "conformance.later";
    let request = json!({ "pattern": pattern, "data": {}, "id": "i".repeat(16 << 10) });
    soon("the end", floods(&mut peer, &frame(&request.to_string()))).await;
    assert_eq!(client(address).await.echo("x").await.expect("an echo"), "x");
}

#[tokio::test]
async fn a_frame_beyond_the_limit_is_not_waited_for() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |limits| limits.max_frame = 1000).await;
    let mut peer = Peer::connect(address).await;
    peer.write(echo("fits", 1) + "1001#").await;
    assert_eq!(peer.closed().await.len(), 1, "what came before is answered");
    assert_eq!(client(address).await.echo("x").await.expect("an echo"), "x");

    // What is counted are UTF-16 units, of which these are fewer than bytes.
    let text = "\u{6f22}".repeat(900);
    let mut peer = Peer::connect(address).await;
    peer.write(echo(&text, 1)).await;
    assert_eq!(peer.packet().await["response"], text);
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_their_turn() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |limits| limits.max_connections = 1).await;
    let mut first = Peer::connect(address).await;
    first.write(echo("first", 1)).await;
    assert_eq!(first.packet().await["response"], "first");
    let mut second = Peer::connect(address).await;
    second.write(echo("second", 2)).await;
    first.write(echo("first again", 3)).await;
    assert_eq!(first.packet().await["response"], "first again");
    drop(first);
    assert_eq!(second.packet().await["response"], "second");
}

#[tokio::test]
async fn a_client_refuses_what_it_cannot_send() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let connect = Tcp::connect(address).limits(|limits| limits.max_unsent = 1 << 20);
    let client = ChecksClient::new(connect.await.expect("a client can connect"));
    let text = "x".repeat(1 << 20);
    let mut calls = Vec::new();
    // The system takes some of it, and then nobody does.
    let error = loop {
        assert!(
            calls.len() < 256,
            "256 MiB wait for a peer that reads nothing"
        );
        let call = tokio::spawn(client.echo(text.as_str()));
        tokio::task::yield_now().await;
        if call.is_finished() {
            break call.await.expect("no panic").expect_err("a refusal");
        }
        calls.push(call);
    };
    assert!(matches!(error, CallError::Transport(_)), "{error:?}");
    assert!(error.is_retryable());
}
