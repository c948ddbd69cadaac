//! Messages that are too large or of no known shape, and the bytes on the wire.

use anywire::{CallError, Kind, TransportError};
use anywire_brokers::Broker;
use anywire_conformance::{Handlers, conformance::ChecksClient};
use futures_util::StreamExt as _;

use crate::service::{broker, client, connect, serve, soon, until_answered};

/// What the brokers of these tests carry at most.
const MAX_PAYLOAD: usize = 8 << 20;

/// A peer that speaks NATS and nothing more.
async fn peer(broker: &Broker) -> async_nats::Client {
    async_nats::connect(broker.url())
        .await
        .expect("a peer can connect")
}

#[tokio::test]
async fn too_large_a_request_fails_alone() {
    let Some(broker) = broker().await else { return };
    let _running = serve(&Handlers::default(), connect(&broker)).await;
    let client = client(&broker).await;
    let half = "x".repeat(MAX_PAYLOAD / 2);
    let answer = soon("half of it", client.echo(half.as_str())).await;
    assert_eq!(answer.expect("an echo").len(), half.len());

    let whole = "x".repeat(MAX_PAYLOAD);
    match soon("a refusal", client.echo(whole.as_str())).await {
        Err(CallError::Transport(TransportError::TooLarge { size, limit, .. })) => {
            assert!(size > limit, "{size} bytes of {limit}");
        }
        answer => panic!(
            "expected it to be too large, found {:?}",
            answer.map(|text| text.len())
        ),
    }
    let noted = soon("a refusal", client.note(whole)).await;
    assert!(noted.is_err(), "a message is accepted that goes nowhere");
    // Headers count as well.
    let headed = client.echo("x").header("x", "x".repeat(MAX_PAYLOAD));
    match soon("a refusal", headed).await {
        Err(CallError::Transport(TransportError::TooLarge { size, limit, .. })) => {
            assert!(size > limit, "{size} bytes of {limit}");
        }
        answer => panic!("expected it to be too large, found {answer:?}"),
    }
    until_answered(&client).await;
}

/// What comes back has another envelope than what was sent, and a longer one.
#[tokio::test]
async fn too_large_a_reply_is_an_error_that_says_so() {
    let Some(broker) = broker().await else { return };
    let _running = serve(&Handlers::default(), connect(&broker)).await;
    let peer = peer(&broker).await;
    let max = peer.max_payload();
    // `{"data":"…","id":"z"}` fits, and `{"response":"…","isDisposed":true,"id":"z"}` does not.
    let text = "x".repeat(max - r#"{"data":"","id":"z"}"#.len());
    let body = format!(r#"{{"data":"{text}","id":"z"}}"#);
    let answer = soon("an answer", peer.request("conformance.echo", body.into())).await;
    let answer: serde_json::Value =
        serde_json::from_slice(&answer.expect("an answer").payload).expect("JSON");
    assert_eq!(answer["id"], "z");
    assert_eq!(answer["isDisposed"], true);
    assert_eq!(answer["err"]["status"], Kind::Exhausted.status());
    until_answered(&client(&broker).await).await;
}

#[tokio::test]
async fn a_header_with_a_line_break_is_refused() {
    let Some(broker) = broker().await else { return };
    let client = client(&broker).await;
    let call = client.echo("x").header("x", "one\r\nPUB two 0\r\n");
    let answer = soon("a refusal", call).await;
    assert!(
        matches!(
            answer,
            Err(CallError::Transport(TransportError::NotCarried(_)))
        ),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_service_survives_what_is_no_packet() {
    let Some(broker) = broker().await else { return };
    let handlers = Handlers::default();
    let _running = serve(&handlers, connect(&broker)).await;
    let peer = peer(&broker).await;
    for body in ["", "x", "{", "\u{0}", "[1,2", "{\"pattern\":}", "nul"] {
        for subject in ["conformance.echo", "conformance.note"] {
            peer.publish(subject, body.into())
                .await
                .expect("it is sent");
        }
    }
    // No packet, but JSON: it is the payload, and without an id nobody answers.
    let bare = r#"{"line":"bare"}"#;
    peer.publish("conformance.note", bare.into())
        .await
        .expect("it is sent");
    soon("the bare one", handlers.log.until_has("note bare")).await;
    // Section 4: an id and no pattern is a request.
    let request = peer.request("conformance.echo", r#"{"data":"5","id":"z"}"#.into());
    let answer = soon("an answer", request).await.expect("an answer");
    assert_eq!(
        answer.payload,
        r#"{"response":"5","isDisposed":true,"id":"z"}"#
    );
    // A payload of the wrong type is answered.
    let request = peer.request("conformance.echo", r#"{"data":5,"id":7}"#.into());
    let answer = soon("an answer", request).await.expect("an answer");
    let answer: serde_json::Value = serde_json::from_slice(&answer.payload).expect("JSON");
    assert_eq!(answer["id"], 7);
    assert_eq!(answer["err"]["status"], 400);
    // An id without a subject to answer to: handled, and not answered.
    let note = r#"{"data":{"line":"no way back"},"id":"z"}"#;
    peer.publish("conformance.note", note.into())
        .await
        .expect("it is sent");
    soon("the note", handlers.log.until_has("note no way back")).await;
}

#[tokio::test]
async fn a_one_way_handler_that_is_asked_says_that_it_is_done() {
    let Some(broker) = broker().await else { return };
    let handlers = Handlers::default();
    let _running = serve(&handlers, connect(&broker)).await;
    let peer = peer(&broker).await;
    let body = r#"{"pattern":"conformance.note","data":{"line":"x"},"id":"z"}"#;
    let request = peer.request("conformance.note", body.into());
    let answer = soon("an answer", request).await.expect("an answer");
    assert_eq!(answer.payload, r#"{"isDisposed":true,"id":"z"}"#);
}

/// A peer that answers each of these with its own text.
#[tokio::test]
async fn a_client_survives_what_is_no_reply() {
    let Some(broker) = broker().await else { return };
    let peer = peer(&broker).await;
    let mut requests = peer
        .subscribe("conformance.echo")
        .await
        .expect("a subscription");
    let answering = peer.clone();
    peer.flush().await.expect("it is sent");
    let answers = tokio::spawn(async move {
        while let Some(request) = requests.next().await {
            let packet: serde_json::Value =
                serde_json::from_slice(&request.payload).expect("a packet");
            let body = packet["data"].as_str().expect("a text").to_owned();
            let reply = request.reply.expect("a way back");
            answering
                .publish(reply, body.into())
                .await
                .expect("it is sent");
        }
    });
    let client = client(&broker).await;
    for body in ["x", "{", "[", "nul"] {
        let answer = soon("the end of the call", client.echo(body)).await;
        assert!(
            matches!(
                answer,
                Err(CallError::Transport(TransportError::Protocol(_)))
            ),
            "{body}: {answer:?}"
        );
    }
    let answer = soon("the end of the call", client.echo("")).await;
    assert!(
        matches!(answer, Err(CallError::Transport(TransportError::NoHandler))),
        "{answer:?}"
    );
    // A reply needs no id, since its subject says whose it is.
    let answer = client.echo(r#"{"response":"a","isDisposed":true}"#);
    assert_eq!(soon("an answer", answer).await.expect("an answer"), "a");
    answers.abort();
}

#[tokio::test]
async fn what_a_client_sends_is_nests_packet() {
    let Some(broker) = broker().await else { return };
    let peer = peer(&broker).await;
    let mut requests = peer.subscribe(">").await.expect("a subscription");
    peer.flush().await.expect("it is sent");
    let nats = connect(&broker).await.expect("a client can connect");
    let client = ChecksClient::new(nats);
    let call = tokio::spawn(client.sum(vec![1, 2]).header("x-static", "s1"));
    let request = soon("the request", async {
        loop {
            let message = requests.next().await.expect("a message");
            if message.subject.starts_with('{') {
                break message;
            }
        }
    })
    .await;
    assert_eq!(
        request.subject.as_str(),
        r#"{"cmd":"sum","opts":{"a":true,"b":1}}"#
    );
    let packet = str::from_utf8(&request.payload).expect("UTF-8");
    let id = packet
        .strip_prefix(r#"{"pattern":{"cmd":"sum","opts":{"b":1,"a":true}},"data":[1,2],"id":""#)
        .and_then(|rest| rest.strip_suffix("\"}"))
        .unwrap_or_else(|| panic!("{packet}"));
    let headers = request.headers.expect("headers");
    assert_eq!(
        headers.get("x-static").map(|value| value.as_str()),
        Some("s1")
    );
    let answer = format!(r#"{{"response":3,"isDisposed":true,"id":"{id}"}}"#);
    let reply = request.reply.expect("a way back");
    peer.publish(reply, answer.into())
        .await
        .expect("it is sent");
    let answer = soon("an answer", call).await.expect("no panic");
    assert_eq!(answer.expect("a number"), 3);
}
