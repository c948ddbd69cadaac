//! Connections that break, and are made again.

use std::{net::SocketAddr, time::Duration};

use anywire::{CallError, Kind, NativeTcp, Tcp, TransportError, transport::ConnectionState};
use anywire_conformance::{Handlers, conformance::ChecksClient};
use serde_json::json;
use tokio::{net::TcpListener, time::Instant};

use crate::{
    peer::{Peer, soon},
    service::{client, serve, until_begun},
};

/// A client that tries again soon, as tests want it.
async fn eager(address: SocketAddr) -> ChecksClient<Tcp> {
    let connect = Tcp::connect(address.to_string());
    let connect = connect.backoff(Duration::from_millis(1), Duration::from_millis(10));
    ChecksClient::new(connect.await.expect("a client can connect"))
}

/// Calls until one is answered.
async fn until_answered(client: &ChecksClient<Tcp>) {
    soon("an answer", async {
        while client.echo("again").await.is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

fn is_transport<T: std::fmt::Debug, E: std::fmt::Debug>(result: &Result<T, CallError<E>>) -> bool {
    matches!(result, Err(CallError::Transport(_)))
}

/// Whether the peer has done the work nobody knows, so that nothing is sent twice.
#[tokio::test]
async fn nothing_is_sent_twice() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (client, mut peer) = tokio::join!(eager(address), Peer::accept(&listener));
    let mut seen = Vec::new();
    for round in 0..20 {
        let calls: Vec<_> = (0..10)
            .map(|call| tokio::spawn(client.echo(format!("{round} {call}").as_str())))
            .collect();
        // Some of them have arrived when the connection breaks, and some are on their way.
        for _ in 0..round % 10 {
            seen.push(peer.packet().await["data"].clone());
        }
        drop(peer);
        for call in calls {
            let answer = soon("the end of the call", call).await.expect("no panic");
            assert!(is_transport(&answer), "{answer:?}");
        }
        peer = Peer::accept(&listener).await;
    }
    // Whatever is still to come comes before the answer to this one.
    let last = tokio::spawn(client.echo("last"));
    loop {
        let packet = peer.packet().await;
        if packet["data"] == "last" {
            peer.send(&json!({ "response": "last", "isDisposed": true, "id": packet["id"] }))
                .await;
            break;
        }
        seen.push(packet["data"].clone());
    }
    soon("an answer", last)
        .await
        .expect("no panic")
        .expect("an echo");
    let count = seen.len();
    seen.sort_by_key(ToString::to_string);
    seen.dedup();
    assert_eq!(seen.len(), count, "a request came twice");
}

#[tokio::test]
async fn the_first_attempt_tells_whether_anybody_is_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let error = Tcp::connect(address.to_string())
        .await
        .expect_err("nobody listens");
    assert!(
        matches!(error, TransportError::Unreachable { .. }),
        "{error:?}"
    );
    assert!(error.to_string().contains(&address.to_string()), "{error}");
    assert_eq!(error.kind(), Kind::Unavailable);
}

#[tokio::test]
async fn a_lazy_client_may_be_there_first() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let connect = Tcp::connect(address.to_string());
    let client = ChecksClient::new(
        connect
            .backoff(Duration::from_millis(1), Duration::from_millis(10))
            .lazy(),
    );
    let answer = client.echo("x").await;
    assert!(is_transport(&answer), "{answer:?}");
    let (_running, _) = serve(&Handlers::default(), Tcp::listen(address.to_string())).await;
    until_answered(&client).await;
}

/// A macro, since the two clients share no trait that says it.
macro_rules! tells_its_state {
    ($transport:ident) => {{
        let (running, address) = serve(&Handlers::default(), Tcp::listen("127.0.0.1:0")).await;
        let connect = $transport::connect(address.to_string());
        let connect = connect.backoff(Duration::from_millis(1), Duration::from_millis(10));
        let tcp = connect.await.expect("a client can connect");
        assert_eq!(tcp.state(), ConnectionState::Connected);
        soon("it is so", tcp.until(ConnectionState::Connected)).await;

        soon("the stop", running.stop()).await.expect("it stops");
        soon("the loss", tcp.until(ConnectionState::Reconnecting)).await;
        let (_running, _) = serve(&Handlers::default(), Tcp::listen(address.to_string())).await;
        soon("a connection", tcp.until(ConnectionState::Connected)).await;
        let client = ChecksClient::new(tcp.clone());
        assert_eq!(client.echo("again").await.expect("an echo"), "again");

        soon("it closes", tcp.close()).await;
        assert_eq!(tcp.state(), ConnectionState::Closed);
        soon("the end", tcp.until(ConnectionState::Connected)).await;
    }};
}

#[tokio::test]
async fn a_client_tells_whether_it_is_connected() {
    tells_its_state!(Tcp);
    tells_its_state!(NativeTcp);
}

#[tokio::test]
async fn a_lazy_client_connects_for_who_waits_for_it() {
    let (_running, address) = serve(&Handlers::default(), Tcp::listen("127.0.0.1:0")).await;
    let tcp = Tcp::connect(address.to_string()).lazy();
    assert_eq!(tcp.state(), ConnectionState::Reconnecting);
    soon("a connection", tcp.until(ConnectionState::Connected)).await;
    assert_eq!(tcp.state(), ConnectionState::Connected);
}

/// Calls that wait for the first attempt learn why it failed.
#[tokio::test]
async fn the_first_calls_of_a_lazy_client_are_told_why_they_fail() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let client = ChecksClient::new(Tcp::connect(address.to_string()).lazy());
    let (echo, note) = tokio::join!(client.echo("x"), client.note("x"));
    let (echo, note) = (echo.map(drop), note.map(drop));
    for answer in [echo, note] {
        assert!(
            matches!(
                answer,
                Err(CallError::Transport(TransportError::Unreachable { .. }))
            ),
            "{answer:?}"
        );
    }
}

/// The pauses between attempts grow, so that a server that comes back is not
/// overrun by those who wait for it.
#[tokio::test(start_paused = true)]
async fn attempts_come_at_growing_distances() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let connect = Tcp::connect(address.to_string());
    let client = ChecksClient::new(
        connect
            .backoff(Duration::from_millis(100), Duration::from_secs(10))
            .lazy(),
    );
    let lost = tokio::spawn(client.echo("x"));
    let mut pauses = Vec::new();
    let mut last: Option<Instant> = None;
    for _ in 0..12 {
        // Accepted only to be closed: no better than not to be accepted at all.
        let (stream, _) = listener.accept().await.expect("a connection");
        drop(stream);
        pauses.extend(last.map(|last| last.elapsed()));
        last = Some(Instant::now());
    }
    assert!(is_transport(&lost.await.expect("no panic")));
    let total: Duration = pauses.iter().sum();
    for (at, pause) in pauses.iter().enumerate() {
        let longest = Duration::from_millis(100 << at).min(Duration::from_secs(10));
        assert!(*pause <= longest * 2, "pause {at} of {pauses:?}");
    }
    assert!(total >= Duration::from_secs(20), "{pauses:?}");
}

#[tokio::test]
async fn a_closed_client_refuses() {
    let handlers = Handlers::default();
    let (_running, address) = serve(&handlers, Tcp::listen("127.0.0.1:0")).await;
    let tcp = Tcp::connect(address.to_string())
        .await
        .expect("a client can connect");
    let client = ChecksClient::new(tcp.clone());
    client.note("the last one").await.expect("it is sent");
    let waiting = tokio::spawn(client.wait(1));
    until_begun(&handlers, 1).await;
    soon("it closes", tcp.close()).await;
    let answer = soon("the end of the call", waiting)
        .await
        .expect("no panic");
    assert!(
        matches!(answer, Err(CallError::Transport(TransportError::Closed))),
        "{answer:?}"
    );
    let answer = soon("a refusal", client.echo("x")).await;
    assert!(
        matches!(answer, Err(CallError::Transport(TransportError::Closed))),
        "{answer:?}"
    );
    soon(
        "what was sent arrives",
        handlers.log.until_has("note the last one"),
    )
    .await;
}

/// Calls of many threads, and a connection that is closed under them: each has an end.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_call_hangs_when_its_client_is_closed() {
    let handlers = Handlers::default();
    let (_running, address) = serve(&handlers, Tcp::listen("127.0.0.1:0")).await;
    for _ in 0..50 {
        let tcp = Tcp::connect(address.to_string())
            .await
            .expect("a client can connect");
        let callers: Vec<_> = (0..4)
            .map(|_| {
                let client = ChecksClient::new(tcp.clone());
                tokio::spawn(async move {
                    while client.echo("x").await.is_ok() {
                        client.note("x").await.unwrap_or_default();
                    }
                })
            })
            .collect();
        tcp.close().await;
        for caller in callers {
            soon("the end of every call", caller)
                .await
                .expect("no panic");
        }
    }
}

#[tokio::test]
async fn a_message_without_an_answer_has_a_timeout_as_well() {
    // Accepts nothing, so that a large message is never taken.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let client = client(address).await;
    let call = client
        .note("x".repeat(8 << 20))
        .timeout(Duration::from_millis(50));
    let answer = soon("the end of the call", call).await;
    assert!(matches!(answer, Err(CallError::Timeout)), "{answer:?}");
}
