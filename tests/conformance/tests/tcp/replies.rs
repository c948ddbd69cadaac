//! Replies as peers may send them.

use std::time::Duration;

use anywire::{CallError, Tcp, TransportError};
use anywire_conformance::conformance::ChecksClient;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::peer::{Peer, frame, soon};

/// A client, and the peer that answers it.
async fn pair() -> (ChecksClient<Tcp>, Peer) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let (tcp, peer) = tokio::join!(
        async { Tcp::connect(address).await.expect("a client can connect") },
        Peer::accept(&listener),
    );
    (ChecksClient::new(tcp), peer)
}

/// Asks for an echo, and has the peer send these packets; `id` is filled in.
async fn answered(packets: &[Value]) -> Result<String, CallError> {
    let (client, mut peer) = pair().await;
    let call = tokio::spawn(client.echo("a"));
    let request = peer.packet().await;
    for packet in packets {
        let mut packet = packet.clone();
        packet["id"] = request["id"].clone();
        peer.send(&packet).await;
    }
    let answer = soon("an answer", call).await.expect("no panic");
    // Whatever came, the connection goes on.
    let next = tokio::spawn(client.echo("b"));
    let request = peer.packet().await;
    assert_eq!(request["data"], "b");
    peer.send(&json!({ "response": "b", "isDisposed": true, "id": request["id"] }))
        .await;
    assert_eq!(
        soon("an answer", next)
            .await
            .expect("no panic")
            .expect("an echo"),
        "b"
    );
    answer
}

#[tokio::test]
async fn one_value_with_the_end_on_it_or_behind_it() {
    let on_it = [json!({ "response": "a", "isDisposed": true })];
    assert_eq!(answered(&on_it).await.expect("an echo"), "a");
    let behind_it = [json!({ "response": "a" }), json!({ "isDisposed": true })];
    assert_eq!(answered(&behind_it).await.expect("an echo"), "a");
}

#[tokio::test]
async fn several_values_are_a_clear_error() {
    let values = |last: Value| [json!({ "response": "a" }), json!({ "response": "b" }), last];
    for packets in [
        values(json!({ "isDisposed": true })),
        values(json!({ "response": "c", "isDisposed": true })),
        values(json!({ "err": "broken off", "isDisposed": true })),
    ] {
        match answered(&packets).await {
            Err(CallError::Transport(TransportError::Protocol(text))) => {
                assert!(text.contains("stream"), "{text}");
            }
            other => panic!("expected a breach of the protocol, found {other:?}"),
        }
    }
}

#[tokio::test]
async fn an_error_behind_a_value_is_the_error() {
    let err = json!({ "status": 409, "message": "broken off" });
    let packets = [
        json!({ "response": "a" }),
        json!({ "err": err, "isDisposed": true }),
    ];
    match answered(&packets).await {
        Err(CallError::Remote(exception)) => assert_eq!(exception.message(), "broken off"),
        other => panic!("expected the peer's error, found {other:?}"),
    }
}

#[tokio::test]
async fn a_reply_of_another_type_does_not_decode() {
    for response in [json!(7), json!(null), json!({ "a": [] })] {
        let answer = answered(&[json!({ "response": response, "isDisposed": true })]).await;
        assert!(
            matches!(answer, Err(CallError::Codec(_))),
            "{response}: {answer:?}"
        );
    }
    // As of a Nest handler that returns nothing, where the contract says text.
    let answer = answered(&[json!({ "isDisposed": true })]).await;
    assert!(matches!(answer, Err(CallError::Codec(_))), "{answer:?}");
}

#[tokio::test]
async fn packets_for_nobody_are_passed_over() {
    let (client, mut peer) = pair().await;
    let call = tokio::spawn(client.echo("a"));
    let id = peer.packet().await["id"].clone();
    let own = id.as_str().expect("text").to_owned();
    for id in [
        json!(null),
        json!(7),
        json!("no hex"),
        json!("ffffffffffffffff"),
        json!(own.to_uppercase() + "0"),
        json!({}),
    ] {
        peer.send(&json!({ "response": "wrong", "isDisposed": true, "id": id }))
            .await;
    }
    for text in [
        "null",
        "[]",
        "{}",
        "7",
        "\"text\"",
        r#"{"response":"wrong"}"#,
    ] {
        peer.write(frame(text)).await;
    }
    peer.send(&json!({ "response": "right", "isDisposed": true, "id": id }))
        .await;
    assert_eq!(
        soon("an answer", call)
            .await
            .expect("no panic")
            .expect("an echo"),
        "right"
    );
}

#[tokio::test]
async fn a_late_reply_never_answers_another_call() {
    let (client, mut peer) = pair().await;
    let mut late = Vec::new();
    for round in 0..50 {
        let text = format!("late {round}");
        let call = client.echo(text.as_str()).timeout(Duration::from_millis(5));
        let error = call.await.expect_err("nobody answers");
        assert!(matches!(error, CallError::Timeout), "{error:?}");
        late.push(peer.packet().await["id"].clone());
    }
    // The next call may take the place of any of them, but not its number.
    let call = tokio::spawn(client.echo("now"));
    let id = peer.packet().await["id"].clone();
    assert!(!late.contains(&id), "the number {id} is given twice");
    for late in late {
        peer.send(&json!({ "response": "late", "isDisposed": true, "id": late }))
            .await;
    }
    peer.send(&json!({ "response": "now", "isDisposed": true, "id": id }))
        .await;
    assert_eq!(
        soon("an answer", call)
            .await
            .expect("no panic")
            .expect("an echo"),
        "now"
    );
}

/// Calls that were given up make room for others, though the peer never answers.
#[tokio::test]
async fn calls_given_up_are_forgotten() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let connect = Tcp::connect(address).limits(|limits| limits.max_in_flight = 1);
    let (tcp, mut peer) = tokio::join!(
        async { connect.await.expect("a client can connect") },
        Peer::accept(&listener),
    );
    let client = ChecksClient::new(tcp);
    let mut most = 0;
    for round in 0..10 {
        // As many at once as are allowed.
        let mut calls = Vec::new();
        loop {
            let call = tokio::spawn(client.echo("x"));
            tokio::task::yield_now().await;
            if call.is_finished() {
                let answer = call.await.expect("no panic");
                let is_full = |answer: &Result<_, _>| {
                    matches!(
                        answer,
                        Err(CallError::Transport(TransportError::Overloaded(_)))
                    )
                };
                assert!(is_full(&answer), "{answer:?}");
                break;
            }
            calls.push(call);
        }
        assert!(
            round == 0 || calls.len() == most,
            "{} calls of {most} fit in",
            calls.len()
        );
        most = calls.len();
        for call in &calls {
            call.abort();
            peer.packet().await;
        }
        for call in calls {
            assert!(call.await.expect_err("it was dropped").is_cancelled());
        }
    }
    assert!(most > 0);
}
