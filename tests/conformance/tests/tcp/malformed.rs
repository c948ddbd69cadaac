//! Peers that break the rules lose their own connection at most.

use anywire::Tcp;
use anywire_conformance::Handlers;
use serde_json::json;
use tokio::net::TcpListener;

use crate::{
    peer::{Peer, frame, soon},
    service::{client, limited, until_begun},
};

#[tokio::test]
async fn a_server_cuts_off_the_peer_and_serves_the_others() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |_| {}).await;
    let bystander = client(address).await;
    let waiting = tokio::spawn(bystander.wait(1));
    until_begun(&handlers, 1).await;
    for text in [
        "abc#{}".to_owned(),
        "#{}".to_owned(),
        "0#".to_owned(),
        "-5#{\"a\":1}".to_owned(),
        frame("{\"pattern\":"),
        frame("{\"pattern\" \"a\"}"),
        frame("{\"pattern\":\"a\"} x"),
        frame("{'pattern':1}"),
        frame("[1,"),
        "10#{\"pattern\":\"conformance.echo\",\"data\":\"a\",\"id\":1}".to_owned(),
        "1#\u{1F980}".to_owned(),
        "x".repeat(1000),
        "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n#".to_owned(),
    ] {
        let mut peer = Peer::connect(address).await;
        peer.write(&text).await;
        assert!(peer.closed().await.is_empty(), "a reply to {text:?}");
    }
    handlers.gates.open(1);
    assert_eq!(waiting.await.expect("no panic").expect("a reply"), 1);
    assert_eq!(bystander.echo("x").await.expect("an echo"), "x");
}

#[tokio::test]
async fn what_is_json_but_no_request_is_passed_over() {
    let (_running, address) = limited(&Handlers::default(), |_| {}).await;
    let mut peer = Peer::connect(address).await;
    for text in [
        "null",
        "7",
        "\"text\"",
        "[1,2]",
        "{}",
        "{\"pattern\":null,\"data\":1}",
        "{\"pattern\":\"nobody.hears\",\"data\":1}",
        "{\"data\":1}",
    ] {
        peer.write(frame(text)).await;
    }
    // A request has an answer, even if it has no pattern.
    for packet in [
        json!({ "id": 1 }),
        json!({ "pattern": { "a": 1 }, "id": 1 }),
    ] {
        peer.send(&packet).await;
        let reply = peer.packet().await;
        assert_eq!(reply["id"], 1);
        assert!(reply["err"].is_string(), "{reply}");
    }
}

/// JavaScript's text can hold half of a surrogate pair, and Rust's cannot.
#[tokio::test]
async fn half_a_surrogate_pair_is_refused_by_its_request_alone() {
    let (_running, address) = limited(&Handlers::default(), |_| {}).await;
    let mut peer = Peer::connect(address).await;
    for half in ["\\ud83d", "\\udc00", "\\udc00\\ud83d", "\\uD83Dx"] {
        peer.write(frame(&format!(
            r#"{{"pattern":"conformance.echo","data":"{half}","id":"odd"}}"#
        )))
        .await;
        let reply = peer.packet().await;
        assert_eq!(reply["id"], "odd");
        assert_eq!(reply["err"]["code"], "INVALID_ARGUMENT", "{reply}");
        let id = format!(r#""odd {half}""#);
        peer.write(frame(&format!(
            r#"{{"pattern":"conformance.echo","data":"a","id":{id}}}"#
        )))
        .await;
        let text = peer.text().await.expect("a reply");
        assert!(text.contains(&id), "the id comes back as it was: {text}");
    }
}

#[tokio::test]
async fn a_client_leaves_a_server_that_talks_nonsense() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    for nonsense in ["abc#{}", "12#{\"response\":", "x", "99999999999#"] {
        let connect = async {
            anywire_conformance::conformance::ChecksClient::new(
                Tcp::connect(address.to_string())
                    .await
                    .expect("a client can connect"),
            )
        };
        let (client, mut peer) = tokio::join!(connect, Peer::accept(&listener));
        let call = tokio::spawn(client.echo("a"));
        peer.packet().await;
        peer.write(nonsense.repeat(100)).await;
        let answer = soon("the end of the call", call).await.expect("no panic");
        answer.expect_err("there is no sense in it");
    }
}

#[tokio::test]
async fn peers_that_vanish_harm_nobody() {
    let handlers = Handlers::default();
    let (_running, address) = limited(&handlers, |_| {}).await;
    let bystander = client(address).await;
    let waiting = tokio::spawn(bystander.wait(1));
    until_begun(&handlers, 1).await;
    for round in 0..20 {
        let mut peer = Peer::connect(address).await;
        for id in 0..5 {
            let packet = json!({ "pattern": "conformance.wait", "data": { "gate": 2 }, "id": id });
            peer.send(&packet).await;
        }
        until_begun(&handlers, 1 + (round + 1) * 5).await;
        peer.write("100#{\"pattern\":").await;
    }
    handlers.gates.open(2);
    handlers.gates.open(1);
    assert_eq!(waiting.await.expect("no panic").expect("a reply"), 1);
}
