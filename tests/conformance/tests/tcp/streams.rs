//! Streams as Nest writes them, and what one of them can use of us.

use std::{net::SocketAddr, sync::atomic::Ordering, time::Duration};

use anywire::{App, CallError, Running, Tcp, TransportError, transport::tcp::TcpListen};
use anywire_conformance::{
    Streamers,
    streaming::{StreamingClient, StreamingServer},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::peer::{Peer, frame, soon};

type Outcome = Result<u32, CallError>;

async fn serve(streamers: &Streamers, listener: TcpListen) -> (Running, SocketAddr) {
    let app = App::new()
        .serve(StreamingServer::new(streamers.clone()).on(listener))
        .grace_period(Duration::from_secs(20));
    let running = app.start().await.expect("the app starts");
    let address = running.address("Streaming").expect("it has an address");
    (running, address)
}

/// A peer that asks our server.
async fn asking(streamers: &Streamers) -> (Running, Peer) {
    let (running, address) = serve(streamers, Tcp::listen("127.0.0.1:0")).await;
    (running, Peer::connect(address).await)
}

fn count(values: u32, ending: &str) -> Value {
    let data = json!({ "values": values, "ending": ending });
    json!({ "pattern": "streaming.count", "data": data, "id": "of-the-peer" })
}

fn follow(gate: u32, values: u32) -> Value {
    let data = json!({ "gate": gate, "values": values });
    json!({ "pattern": { "cmd": "streaming.follow" }, "data": data, "id": "of-the-peer" })
}

fn item(number: u32) -> Value {
    json!({ "number": number, "text": format!("item {number}") })
}

#[tokio::test]
async fn the_end_rides_on_the_last_value_if_it_is_known_by_then() {
    let (_running, mut peer) = asking(&Streamers::default()).await;
    peer.send(&count(3, "well")).await;
    for packet in [
        json!({ "response": item(1), "id": "of-the-peer" }),
        json!({ "response": item(2), "id": "of-the-peer" }),
        json!({ "response": item(3), "isDisposed": true, "id": "of-the-peer" }),
    ] {
        assert_eq!(peer.packet().await, packet);
    }
    peer.send(&count(0, "well")).await;
    let end = json!({ "isDisposed": true, "id": "of-the-peer" });
    assert_eq!(peer.packet().await, end);
}

#[tokio::test]
async fn the_end_follows_alone_if_it_is_known_later() {
    let streamers = Streamers::default();
    let (_running, mut peer) = asking(&streamers).await;
    let mut request = follow(1, 2);
    request["data"]["lingers"] = json!(true);
    peer.send(&request).await;
    for number in 0..2 {
        streamers.gates.open(1 + number);
        let packet = json!({ "response": number, "id": "of-the-peer" });
        assert_eq!(peer.packet().await, packet);
    }
    streamers.gates.open(3);
    let end = json!({ "isDisposed": true, "id": "of-the-peer" });
    assert_eq!(peer.packet().await, end);
}

#[tokio::test]
async fn an_error_is_a_packet_behind_the_values() {
    let (_running, mut peer) = asking(&Streamers::default()).await;
    peer.send(&count(2, "declared")).await;
    for number in 1..=2 {
        let packet = json!({ "response": item(number), "id": "of-the-peer" });
        assert_eq!(peer.packet().await, packet);
    }
    let packet = peer.packet().await;
    assert_eq!(packet["err"]["code"], "BROKEN_OFF");
    assert_eq!(packet["err"]["details"]["number"], 7);
    assert_eq!(packet["isDisposed"], true);
    let keys: Vec<_> = packet.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["err", "id", "isDisposed"]);

    peer.send(&count(0, "undeclared")).await;
    let err = json!({ "status": "error", "message": "Internal server error" });
    let packet = json!({ "err": err, "isDisposed": true, "id": "of-the-peer" });
    assert_eq!(peer.packet().await, packet);
}

/// An event for a handler that streams runs it, as in Nest, and answers nothing.
#[tokio::test]
async fn without_an_id_nothing_is_streamed() {
    let (_running, mut peer) = asking(&Streamers::default()).await;
    let mut packet = count(3, "well");
    packet.as_object_mut().expect("an object").remove("id");
    peer.send(&packet).await;
    peer.send(&json!({ "pattern": "streaming.ping", "data": { "number": 1 }, "id": 2 }))
        .await;
    assert_eq!(peer.packet().await["id"], 2);
}

/// A client, and the peer that answers it.
async fn answering() -> (StreamingClient<Tcp>, Peer) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let (tcp, peer) = tokio::join!(
        async { Tcp::connect(address).await.expect("a client can connect") },
        Peer::accept(&listener),
    );
    (StreamingClient::new(tcp), peer)
}

/// Asks for a stream of numbers, and has the peer send these packets; `id` is filled in.
async fn streamed(packets: &[Value]) -> Vec<Outcome> {
    let (client, mut peer) = answering().await;
    let mut call = client.follow(1, 9);
    let taken = tokio::spawn(async move {
        let mut outcomes = Vec::new();
        while let Some(outcome) = call.next().await {
            outcomes.push(outcome);
        }
        outcomes
    });
    let request = peer.packet().await;
    for packet in packets {
        let mut packet = packet.clone();
        packet["id"] = request["id"].clone();
        peer.send(&packet).await;
    }
    let outcomes = soon("the end", taken).await.expect("no panic");
    is_served(&client, &mut peer).await;
    outcomes
}

/// Whatever came before, the connection goes on.
async fn is_served(client: &StreamingClient<Tcp>, peer: &mut Peer) {
    let next = tokio::spawn(client.ping(7));
    let request = peer.packet().await;
    assert_eq!(request["data"]["number"], 7);
    peer.send(&json!({ "response": 7, "isDisposed": true, "id": request["id"] }))
        .await;
    let answer = soon("an answer", next).await.expect("no panic");
    assert_eq!(answer.expect("an answer"), 7);
}

fn values(outcomes: Vec<Outcome>) -> Vec<u32> {
    let value = |outcome: Outcome| outcome.expect("a value");
    outcomes.into_iter().map(value).collect()
}

/// The values, and the error behind them.
fn broken_off(mut outcomes: Vec<Outcome>) -> (Vec<u32>, CallError) {
    let last = outcomes.pop().expect("an item");
    (
        values(outcomes),
        last.expect_err("an error is the last item"),
    )
}

#[tokio::test]
async fn both_ways_to_say_the_end_are_understood() {
    let on_it = [
        json!({ "response": 1 }),
        json!({ "response": 2, "isDisposed": true }),
    ];
    assert_eq!(values(streamed(&on_it).await), [1, 2]);
    let behind_it = [
        json!({ "response": 1 }),
        json!({ "response": 2 }),
        json!({ "isDisposed": true }),
    ];
    assert_eq!(values(streamed(&behind_it).await), [1, 2]);
    let none = [json!({ "isDisposed": true })];
    assert!(streamed(&none).await.is_empty());
}

/// As of a Nest handler that returns no observable.
#[tokio::test]
async fn one_answer_is_a_stream_of_one_value() {
    let one = [json!({ "response": 1, "isDisposed": true })];
    assert_eq!(values(streamed(&one).await), [1]);
}

#[tokio::test]
async fn what_comes_behind_the_end_is_for_nobody() {
    let packets = [
        json!({ "response": 1, "isDisposed": true }),
        json!({ "response": 2 }),
        json!({ "err": "late", "isDisposed": true }),
    ];
    assert_eq!(values(streamed(&packets).await), [1]);
}

#[tokio::test]
async fn an_error_comes_behind_its_values() {
    let err = json!({ "status": 409, "message": "broken off" });
    let packets = [
        json!({ "response": 1 }),
        json!({ "response": 2 }),
        json!({ "err": err, "isDisposed": true }),
    ];
    match broken_off(streamed(&packets).await) {
        (values, CallError::Remote(exception)) => {
            assert_eq!(values, [1, 2]);
            assert_eq!(exception.message(), "broken off");
        }
        other => panic!("expected the peer's error, found {other:?}"),
    }
    let packets = [
        json!({ "status": "error", "err": "There is no matching message handler defined in the remote service." }),
    ];
    match broken_off(streamed(&packets).await) {
        (_, CallError::Transport(TransportError::NoHandler)) => {}
        other => panic!("expected that there is no handler, found {other:?}"),
    }
}

#[tokio::test]
async fn a_value_of_another_type_ends_the_stream() {
    let packets = [
        json!({ "response": 1 }),
        json!({ "response": null }),
        json!({ "response": 3, "isDisposed": true }),
    ];
    match broken_off(streamed(&packets).await) {
        (values, CallError::Codec(_)) => assert_eq!(values, [1]),
        other => panic!("expected that it does not decode, found {other:?}"),
    }
}

#[tokio::test]
async fn a_stream_for_a_call_of_one_answer_is_a_clear_error() {
    let (client, mut peer) = answering().await;
    let call = tokio::spawn(client.ping(1));
    let id = peer.packet().await["id"].clone();
    for number in 0..2 {
        peer.send(&json!({ "response": number, "id": id })).await;
    }
    let answer = soon("an answer", call).await.expect("no panic");
    match answer {
        Err(CallError::Transport(TransportError::Protocol(text))) => {
            assert!(text.contains("stream"), "{text}");
        }
        other => panic!("expected a breach of the protocol, found {other:?}"),
    }
    is_served(&client, &mut peer).await;
}

#[tokio::test]
async fn a_broken_connection_ends_a_stream_behind_its_values() {
    let (client, mut peer) = answering().await;
    let mut call = client.follow(1, 9);
    let mut first = tokio::spawn(async move {
        let first = call.next().await;
        (first, call)
    });
    let id = tokio::select! {
        request = peer.packet() => request["id"].clone(),
        _ = &mut first => panic!("nobody has answered"),
    };
    for number in 1..=3 {
        peer.send(&json!({ "response": number, "id": id })).await;
    }
    // A frame that is never whole.
    peer.write("100#{\"response\":4").await;
    let (first, mut call) = soon("a value", first).await.expect("no panic");
    drop(peer);
    let mut outcomes = vec![first.expect("a value")];
    while let Some(outcome) = soon("the next item", call.next()).await {
        outcomes.push(outcome);
    }
    match broken_off(outcomes) {
        (values, CallError::Transport(TransportError::Closed)) => assert_eq!(values, [1, 2, 3]),
        other => panic!("expected that the connection is lost, found {other:?}"),
    }
}

/// Nest's wire cannot slow a sender down, so that a stream that nobody takes
/// from has to end when it holds too much.
#[tokio::test]
async fn values_that_nobody_takes_end_their_stream_and_no_other() {
    let (client, mut peer) = answering().await;
    let mut idle = client.flood(1, 10u32);
    let first = tokio::spawn(async move { (idle.next().await, idle) });
    let id = peer.packet().await["id"].clone();
    let mib = "x".repeat(1 << 20);
    let packet = |id| frame(&json!({ "response": mib, "id": id }).to_string());
    let value = packet(id);
    peer.write(&value).await;
    let (first, mut idle) = soon("a value", first).await.expect("no panic");
    assert_eq!(first.expect("a value").expect("a value").len(), mib.len());

    for _ in 0..20 {
        peer.write(&value).await;
    }
    is_served(&client, &mut peer).await;
    let mut taken = 0;
    let end = loop {
        match soon("an item", idle.next()).await {
            Some(Ok(text)) => taken += text.len(),
            end => break end,
        }
    };
    match end {
        Some(Err(CallError::Transport(TransportError::Overloaded(text)))) => {
            assert!(text.contains("stream"), "{text}");
        }
        other => panic!("expected an overload, found {other:?}"),
    }
    assert_eq!(taken, 15 << 20, "as much as fits into 16 MiB");
    assert!(idle.next().await.is_none());

    // One that is taken from may be as long as it likes.
    let mut busy = client.flood(1, 10u32);
    let first = tokio::spawn(async move { (busy.next().await, busy) });
    let value = packet(peer.packet().await["id"].clone());
    peer.write(&value).await;
    let (_, mut busy) = soon("a value", first).await.expect("no panic");
    for _ in 0..20 {
        peer.write(&value).await;
        let text = soon("a value", busy.next()).await.expect("a value");
        assert_eq!(text.expect("a value").len(), mib.len());
    }
}

/// A reader that does not keep up makes the handler wait, and fills no memory.
#[tokio::test]
async fn a_stream_is_made_as_fast_as_its_peer_takes_it() {
    const VALUE: usize = 16 << 10;
    const UNSENT: usize = 1 << 20;
    /// What the system may hold of a connection on both sides, generously.
    const SYSTEM: usize = 12 << 20;
    let streamers = Streamers::default();
    let listener = Tcp::listen("127.0.0.1:0").limits(|limits| limits.max_unsent = UNSENT);
    let (_running, address) = serve(&streamers, listener).await;
    let bystander = StreamingClient::new(
        Tcp::connect(address.to_string())
            .await
            .expect("a client can connect"),
    );
    let mut peer = Peer::connect(address).await;
    let data = json!({ "name": 1, "size": VALUE });
    peer.send(&json!({ "pattern": "streaming.flood", "data": data, "id": 1 }))
        .await;
    let mut taken = 0;
    for _ in 0..4 {
        // Meanwhile it is not read from, and others are served.
        for number in 0..100 {
            assert_eq!(bystander.ping(number).await.expect("an answer"), number);
        }
        let made = streamers.made.load(Ordering::Relaxed) * VALUE;
        assert!(
            made <= taken + UNSENT + SYSTEM,
            "{made} bytes were made for a peer that took {taken}"
        );
        taken += peer.skim(4 << 20).await;
    }
    assert!(taken >= 16 << 20);
    // With its peer gone nothing is made any more.
    drop(peer);
    soon("the end of the stream", streamers.log.until_has("left 1")).await;
}

/// There is no other way to say that nobody wants a stream any more.
#[tokio::test]
async fn a_stream_ends_with_its_connection() {
    let streamers = Streamers::default();
    let (_running, mut peer) = asking(&streamers).await;
    peer.send(&follow(1, 2)).await;
    soon("the stream", streamers.log.until_has("began 1")).await;
    drop(peer);
    // Though it has nothing to send for now.
    soon("its end", streamers.log.until_has("left 1")).await;
}
