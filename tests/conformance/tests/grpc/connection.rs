//! A client's connection: its states, how it ends, and what comes after.

use std::{future::IntoFuture as _, time::Duration};

use anywire::{
    CallError, Grpc, TransportError,
    transport::{ConnectionState, grpc::GrpcListen},
};
use anywire_conformance::{Handlers, conformance::ChecksClient};
use tokio::net::TcpListener;

use super::{connected, serve, serve_by, soon};

#[tokio::test]
async fn a_client_tells_whether_it_is_connected() {
    let (running, address) = serve(Grpc::listen("127.0.0.1:0")).await;
    let (grpc, client) = connected(address).await;
    assert_eq!(grpc.state(), ConnectionState::Connected);
    assert_eq!(client.echo("x").await.expect("an echo"), "x");

    soon("the stop", running.stop()).await.expect("it stops");
    soon("the loss", grpc.until(ConnectionState::Reconnecting)).await;
    assert!(soon("a refusal", client.echo("x")).await.is_err());
    assert_eq!(grpc.state(), ConnectionState::Reconnecting);

    let waiting = grpc.clone();
    let waiting = tokio::spawn(async move { waiting.until(ConnectionState::Connected).await });
    let (_running, _) = serve(Grpc::listen(address.to_string())).await;
    soon("a connection", waiting).await.expect("no panic");
    assert_eq!(grpc.state(), ConnectionState::Connected);
    assert_eq!(client.echo("again").await.expect("an echo"), "again");
}

#[tokio::test]
async fn a_lazy_client_connects_for_its_first_call() {
    let (_running, address) = serve(Grpc::listen("127.0.0.1:0")).await;
    let grpc = Grpc::connect(format!("http://{address}"));
    let grpc = grpc.lazy().expect("a sound URL");
    assert_eq!(grpc.state(), ConnectionState::Reconnecting);
    let client = ChecksClient::new(grpc.clone());
    assert_eq!(client.echo("x").await.expect("an echo"), "x");
    assert_eq!(grpc.state(), ConnectionState::Connected);
}

#[tokio::test]
async fn a_server_that_hangs_is_found_out_by_its_pings() {
    // It accepts, and says nothing ever.
    let hanging = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = hanging.local_addr().expect("it is bound");
    let grpc = Grpc::connect(format!("http://{address}"))
        .limits(|limits| limits.ping = Some(Duration::from_millis(100)));
    let client = ChecksClient::new(grpc.await.expect("a client"));
    let (_peer, _) = hanging.accept().await.expect("a connection");
    let call = client.echo("x").timeout(Duration::from_secs(3600));
    let error = soon("the loss", call).await.expect_err("nobody answers");
    assert!(matches!(error, CallError::Transport(_)), "{error:?}");
}

/// A server that stops answers what it has, and takes no more on its connections.
#[tokio::test]
async fn calls_go_to_the_next_server_while_the_last_one_answers_what_it_has() {
    let handlers = Handlers::default();
    let (running, address) = serve_by(&handlers, Grpc::listen("127.0.0.1:0")).await;
    let (grpc, client) = connected(address).await;
    let waiting = tokio::spawn(client.wait(1).into_future());
    soon("its handler", handlers.log.until_has("wait 1")).await;

    let stopped = tokio::spawn(running.stop());
    soon("the loss", grpc.until(ConnectionState::Reconnecting)).await;
    let (_next, _) = serve(Grpc::listen(address.to_string())).await;
    soon("a connection", grpc.until(ConnectionState::Connected)).await;
    assert_eq!(client.echo("next").await.expect("an echo"), "next");

    assert!(!waiting.is_finished() && !stopped.is_finished());
    handlers.gates.open(1);
    let answer = soon("the answer", waiting).await.expect("no panic");
    assert_eq!(answer.expect("an answer"), 1);
    let stopped = soon("the stop", stopped).await.expect("no panic");
    stopped.expect("it stops");
}

#[tokio::test]
async fn a_client_that_is_closed_makes_no_calls() {
    let handlers = Handlers::default();
    let (_running, address) = serve_by(&handlers, Grpc::listen("127.0.0.1:0")).await;
    let (grpc, client) = connected(address).await;
    let waiting = tokio::spawn(client.wait(1).into_future());
    soon("its handler", handlers.log.until_has("wait 1")).await;

    soon("the close", grpc.close()).await;
    assert_eq!(grpc.state(), ConnectionState::Closed);
    let error = soon("the loss", waiting).await.expect("no panic");
    let closed = |error| matches!(error, CallError::Transport(TransportError::Closed));
    assert!(closed(error.expect_err("it is not answered")));
    soon("its end", handlers.log.until_has("left 1")).await;
    assert!(closed(client.echo("x").await.expect_err("it is closed")));
}

#[tokio::test]
async fn a_url_that_is_wrong_is_refused_at_once() {
    for (url, reason) in [
        ("127.0.0.1:5000", "expected http://host:port"),
        ("ftp://127.0.0.1:5000", "expected http://host:port"),
        ("http://", "empty"),
        ("http://127.0.0.1:99999", "the port"),
        ("http://127.0.0.1:5000/users", "nothing after it"),
        ("http://ann:hid/hidden@127.0.0.1:5000", "nothing after it"),
        ("http://ann:hidden@127.0.0.1:5000", "no place for a user"),
    ] {
        let connect = Grpc::connect(url);
        assert!(!format!("{connect:?}").contains("hidden"), "{connect:?}");
        let error = connect.lazy().expect_err(url).to_string();
        assert!(error.contains(reason), "{error}");
        assert!(!error.contains("hidden"), "{error}");
    }
}

fn narrow() -> GrpcListen {
    Grpc::listen("127.0.0.1:0").limits(|limits| limits.max_in_flight = 1)
}

/// Nobody resets what was never begun: servers cut off those who reset much.
#[tokio::test]
async fn calls_that_are_given_up_before_there_is_room_harm_nobody() {
    let handlers = Handlers::default();
    let (_running, address) = serve_by(&handlers, narrow()).await;
    let (grpc, client) = connected(address).await;
    assert_eq!(client.echo("x").await.expect("an echo"), "x");
    let held = tokio::spawn(client.wait(1).into_future());
    soon("its handler", handlers.log.until_has("wait 1")).await;
    for _ in 0..100 {
        let call = client.wait(2).timeout(Duration::from_millis(1));
        let error = soon("the end", call).await.expect_err("there is no room");
        assert!(matches!(error, CallError::Timeout), "{error:?}");
    }
    handlers.gates.open(1);
    let answer = soon("the answer", held).await.expect("no panic");
    assert_eq!(answer.expect("an answer"), 1);
    assert_eq!(client.echo("y").await.expect("an echo"), "y");
    assert_eq!(handlers.log.count("wait 2"), 0);
    assert_eq!(grpc.state(), ConnectionState::Connected);
}

#[tokio::test]
async fn headers_of_connections_are_not_of_calls() {
    let (_running, address) = serve(Grpc::listen("127.0.0.1:0")).await;
    let (_, client) = connected(address).await;
    let call = client.headers().header("tenant", "acme");
    let call = call
        .header("Connection", "keep-alive")
        .header("upgrade", "h2c");
    let headers = call.await.expect("headers");
    assert_eq!(headers.get("tenant").map(String::as_str), Some("acme"));
    assert!(!headers.contains_key("connection"), "{headers:?}");
}
