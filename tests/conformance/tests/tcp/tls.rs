//! TLS: who trusts whom, and peers that do not get through the handshake.

use std::{fs, future::IntoFuture as _, net::SocketAddr, time::Duration};

use anywire::{
    App, CallError, NativeTcp, Running, Tcp, TransportError,
    transport::{
        ConnectionState,
        tcp::{TcpConnect, TcpListen},
    },
};
use anywire_brokers::{Certificates, Files};
use anywire_conformance::{
    Handlers,
    conformance::{ChecksClient, ChecksServer},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{TcpListener, TcpStream},
};

use crate::{
    peer::soon,
    service::{serve, until_begun},
};

const SHORT: Duration = Duration::from_millis(150);
/// Enough for who means it, on a machine that is busy.
const HANDSHAKE: Duration = Duration::from_secs(1);

fn listener(files: &Files) -> TcpListen {
    let (certificate, key) = &files.server;
    Tcp::listen("127.0.0.1:0").identity(certificate, key)
}

/// One that asks for certificates.
fn strict(files: &Files) -> TcpListen {
    listener(files).authority(&files.authority)
}

async fn echoes(connect: TcpConnect) {
    let client = ChecksClient::new(connect.await.expect("it is let in"));
    assert_eq!(client.echo("safe").await.expect("an echo"), "safe");
    client.note("safe").await.expect("it is sent");
}

/// The connection is not made, and the reason is told.
async fn fails<T>(attempt: impl Future<Output = Result<T, TransportError>>, reason: &str) {
    let Err(error) = soon("a refusal", attempt).await else {
        panic!("connected, but expected {reason:?}");
    };
    assert!(
        matches!(error, TransportError::Unreachable { .. }),
        "{error:?}"
    );
    assert!(error.to_string().contains(reason), "{error}");
}

#[tokio::test]
async fn a_server_is_trusted_by_its_authority_and_its_name() {
    let (files, strangers) = (Certificates::new().files(), Certificates::new().files());
    let (running, address) = serve(&Handlers::default(), listener(&files)).await;
    let connect = |host: &str| {
        let connect = Tcp::connect(format!("{host}:{}", address.port()));
        connect.authority(&files.authority)
    };
    echoes(connect("127.0.0.1")).await;
    echoes(connect("tls://127.0.0.1")).await;
    echoes(connect("127.0.0.1").domain("localhost")).await;
    // Of a client that nobody asks for a certificate, it does not matter.
    let (certificate, key) = &strangers.client;
    echoes(connect("127.0.0.1").identity(certificate, key)).await;

    let url = format!("tls://{address}");
    fails(Tcp::connect(&url).into_future(), "UnknownIssuer").await;
    fails(
        Tcp::connect(address.to_string()).tls().into_future(),
        "UnknownIssuer",
    )
    .await;
    let strange = Tcp::connect(&url).authority(&strangers.authority);
    fails(strange.into_future(), "UnknownIssuer").await;
    let renamed = connect("127.0.0.1").domain("users.example");
    fails(renamed.into_future(), "users.example").await;
    let native = NativeTcp::connect(&url).authority(&strangers.authority);
    fails(native.into_future(), "UnknownIssuer").await;
    soon("the stop", running.stop()).await.expect("it stops");
}

#[tokio::test]
async fn both_wires_are_served_on_one_port() {
    let files = Certificates::new().files();
    let (_running, address) = serve(&Handlers::default(), listener(&files)).await;
    echoes(Tcp::connect(address.to_string()).authority(&files.authority)).await;
    let native = NativeTcp::connect(address.to_string()).authority(&files.authority);
    let native = ChecksClient::new(native.await.expect("a client"));
    assert_eq!(native.echo("native").await.expect("an echo"), "native");
}

#[tokio::test]
async fn a_client_is_let_in_by_its_certificate() {
    let (files, strangers) = (Certificates::new().files(), Certificates::new().files());
    let (_running, address) = serve(&Handlers::default(), strict(&files)).await;
    let address = format!("tls://{address}");
    let (certificate, key) = &files.client;
    let tcp = Tcp::connect(&address).authority(&files.authority);
    echoes(tcp.identity(certificate, key)).await;

    let native = || NativeTcp::connect(&address).authority(&files.authority);
    let known = ChecksClient::new(native().identity(certificate, key).await.expect("a client"));
    assert_eq!(known.echo("native").await.expect("an echo"), "native");
    fails(native().into_future(), "none was shown").await;
    let (certificate, key) = &strangers.client;
    let strange = native().identity(certificate, key);
    fails(strange.into_future(), "does not trust").await;
}

/// On Nest's wire nothing comes before the first call, and in TLS 1.3 a server
/// says only after the client's handshake that it does not let it in.
#[tokio::test]
async fn a_client_without_a_certificate_learns_that_from_its_calls() {
    let (files, strangers) = (Certificates::new().files(), Certificates::new().files());
    let handlers = Handlers::default();
    let (_running, address) = serve(&handlers, strict(&files)).await;
    let connect = || Tcp::connect(format!("tls://{address}")).authority(&files.authority);
    let (certificate, key) = &strangers.client;
    for (connect, reason) in [
        (connect(), "none was shown"),
        (connect().identity(certificate, key), "does not trust"),
    ] {
        let tcp = connect.lazy();
        let client = ChecksClient::new(tcp.clone());
        let refused = async { soon("a refusal", client.echo("x")).await };
        let (one, other) = tokio::join!(refused, soon("a refusal", client.note("x")));
        // The message without an answer may have left by then.
        if let Err(error) = other {
            assert!(matches!(error, CallError::Transport(_)), "{error:?}");
        }
        let error = one.expect_err("it is not let in");
        assert!(error.to_string().contains(reason), "{error}");
        soon("the loss", tcp.until(ConnectionState::Reconnecting)).await;
    }
    assert_eq!(handlers.log.count("note x"), 0);
}

/// Who wants TLS does not go on without it.
#[tokio::test]
async fn tls_is_not_given_up() {
    let files = Certificates::new().files();
    let handlers = Handlers::default();
    let (_plain, plain) = serve(&handlers, Tcp::listen("127.0.0.1:0")).await;
    let connect = Tcp::connect(plain.to_string()).authority(&files.authority);
    let connect = connect.connect_timeout(Duration::from_secs(20));
    fails(connect.into_future(), "closed the connection").await;

    // A server that answers, but not in TLS.
    let other = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = other.local_addr().expect("an address");
    let answers = async {
        let (mut stream, _) = other.accept().await.expect("a connection");
        stream.write_all(b"2#{}").await.expect("it is written");
        stream
    };
    let connect = Tcp::connect(format!("tls://{address}")).into_future();
    let refused = fails(connect, "does not speak TLS");
    tokio::join!(refused, answers);

    let (_secure, secure) = serve(&handlers, listener(&files)).await;
    let plain = ChecksClient::new(Tcp::connect(secure.to_string()).await.expect("a client"));
    let answer = soon("a refusal", plain.echo("x")).await;
    assert!(matches!(answer, Err(CallError::Transport(_))), "{answer:?}");
    let native = NativeTcp::connect(secure.to_string()).into_future();
    assert!(soon("a refusal", native).await.is_err());
}

#[tokio::test]
async fn wrong_files_are_named() {
    let files = Certificates::new().files();
    let (certificate, key) = &files.server;
    for (listener, reason) in [
        (listener(&files).authority("absent.pem"), "absent.pem"),
        (
            Tcp::listen("127.0.0.1:0").identity("absent.pem", key),
            "absent.pem",
        ),
        (
            Tcp::listen("127.0.0.1:0").identity(key, key),
            "no certificate",
        ),
        (
            Tcp::listen("127.0.0.1:0").identity(certificate, certificate),
            "server.pem",
        ),
        (
            Tcp::listen("127.0.0.1:0").identity(certificate, &files.client.1),
            "keys may not be consistent",
        ),
        (
            Tcp::listen("127.0.0.1:0").authority(&files.authority),
            "identity",
        ),
    ] {
        let shown = format!("{listener:?}");
        assert!(!shown.contains("PRIVATE"), "{shown}");
        let app = App::new().serve(ChecksServer::new(Handlers::default()).on(listener));
        let error = app.start().await.expect_err("a wrong file").to_string();
        assert!(error.contains(reason), "{error}");
    }
    let connect = Tcp::connect("tls://127.0.0.1:1").authority("absent.pem");
    assert!(!format!("{connect:?}").contains("PRIVATE"), "{connect:?}");
    let (_running, address) = serve(&Handlers::default(), self::listener(&files)).await;
    let connect = Tcp::connect(address.to_string()).authority("absent.pem");
    fails(connect.into_future(), "absent.pem").await;
}

#[tokio::test]
async fn certificates_are_renewed_while_a_server_runs() {
    let (files, renewed) = (Certificates::new().files(), Certificates::new());
    let (_running, address) = serve(&Handlers::default(), listener(&files)).await;
    let before = Tcp::connect(address.to_string()).authority(&files.authority);
    let before = ChecksClient::new(before.await.expect("a client"));

    let (certificate, key) = &files.server;
    fs::write(certificate, &renewed.server.certificate).expect("it is written");
    let connect = || Tcp::connect(address.to_string());
    // The key does not fit yet, so that the old ones are used.
    echoes(connect().authority(&files.authority)).await;
    fs::write(key, &renewed.server.key).expect("it is written");
    let renewed = renewed.files();
    echoes(connect().authority(&renewed.authority)).await;
    let old = connect().authority(&files.authority);
    fails(old.into_future(), "UnknownIssuer").await;
    assert_eq!(before.echo("still").await.expect("an echo"), "still");
}

/// Who is silent in the handshake, or says nonsense.
#[tokio::test]
async fn a_handshake_that_fails_harms_nobody() {
    let files = Certificates::new().files();
    let handlers = Handlers::default();
    let listener = strict(&files).limits(|limits| limits.handshake_timeout = HANDSHAKE);
    let (running, address) = serve(&handlers, listener).await;
    let (certificate, key) = &files.client;
    let tcp = Tcp::connect(address.to_string()).authority(&files.authority);
    let client = ChecksClient::new(tcp.identity(certificate, key).await.expect("a client"));
    let waiting = tokio::spawn(client.wait(1));
    until_begun(&handlers, 1).await;
    let hello = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01];
    for said in [&b""[..], &hello, b"12#{\"pattern\":1}", &[0; 64 << 10]] {
        let mut peer = TcpStream::connect(address).await.expect("a connection");
        // It may be cut off in the middle of it.
        let _ = peer.write_all(said).await;
        assert_eq!(client.echo("x").await.expect("an echo"), "x");
        let mut heard = Vec::new();
        // A reset is as good a way to be cut off as an orderly end.
        let _ = soon("the end", peer.read_to_end(&mut heard)).await;
        // An alert at most.
        assert!(heard.len() < 16, "{heard:?}");
    }
    handlers.gates.open(1);
    assert_eq!(waiting.await.expect("no panic").expect("a reply"), 1);

    // Nobody has to wait for those who have not finished theirs.
    let _silent = TcpStream::connect(address).await.expect("a connection");
    drop(client);
    soon("the stop", running.stop()).await.expect("it stops");
}

/// A handshake takes one of the places, and gives it back.
#[tokio::test]
async fn a_handshake_counts_as_a_connection() {
    let files = Certificates::new().files();
    let listener = listener(&files).limits(|limits| {
        limits.max_connections = 1;
        limits.handshake_timeout = HANDSHAKE;
    });
    let (_running, address) = serve(&Handlers::default(), listener).await;
    let mut silent = TcpStream::connect(address).await.expect("a connection");
    let began = tokio::time::Instant::now();
    echoes(Tcp::connect(address.to_string()).authority(&files.authority)).await;
    assert!(began.elapsed() >= HANDSHAKE / 2, "{:?}", began.elapsed());
    let end = soon("the end", silent.read(&mut [0])).await;
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
}

/// What is larger than TLS holds back, to a peer that takes it late.
#[tokio::test]
async fn large_messages_come_whole_and_a_peer_that_reads_nothing_is_cut_off() {
    let files = Certificates::new().files();
    let handlers = Handlers::default();
    let (_running, address) = serve(&handlers, listener(&files)).await;
    let connect =
        |address: SocketAddr| Tcp::connect(address.to_string()).authority(&files.authority);
    let client = ChecksClient::new(connect(address).await.expect("a client"));
    let text = "x".repeat(8 << 20);
    let (one, other) = tokio::join!(client.echo(text.as_str()), client.echo(text.as_str()));
    assert_eq!(one.expect("an echo"), text);
    assert_eq!(other.expect("an echo"), text);

    // Between the two it can be held back.
    let between = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let at = between.local_addr().expect("an address");
    let held = tokio::spawn(async move {
        let (mut client, _) = between.accept().await.expect("a connection");
        let mut server = TcpStream::connect(address).await.expect("a connection");
        let (from_client, mut to_client) = client.split();
        let (mut from_server, mut to_server) = server.split();
        // Enough for the handshake, and then nothing more.
        let mut some = from_client.take(64 << 10);
        let _ = tokio::join!(
            copy(&mut some, &mut to_server),
            copy(&mut from_server, &mut to_client)
        );
    });
    let connect = connect(at).limits(|limits| limits.stall_timeout = SHORT);
    let client = ChecksClient::new(connect.await.expect("a client"));
    let answer = soon(
        "the end",
        client.echo(text.as_str()).timeout(Duration::from_secs(20)),
    )
    .await;
    assert!(
        matches!(answer, Err(CallError::Transport(TransportError::Closed))),
        "{answer:?}"
    );
    held.abort();
}

/// Clones that were made before TLS was asked for are not served on its port, nor it on theirs.
#[tokio::test]
async fn a_listener_with_tls_shares_its_port_with_its_own_clones_only() {
    let files = Certificates::new().files();
    let plain = Tcp::listen("127.0.0.1:0");
    let (certificate, key) = &files.server;
    let secure = plain.clone().identity(certificate, key);
    let (_plain, without) = serve(&Handlers::default(), plain).await;
    let (_secure, with): (Running, _) = serve(&Handlers::default(), secure.clone()).await;
    assert_ne!(without, with);
    echoes(Tcp::connect(without.to_string())).await;
    echoes(Tcp::connect(with.to_string()).authority(&files.authority)).await;
}
