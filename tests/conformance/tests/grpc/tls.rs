//! TLS, on both sides.

use std::{future::IntoFuture as _, time::Duration};

use anywire::{App, CallError, Grpc, Tcp, TransportError, transport::ConnectionState};
use anywire_brokers::Certificates;
use anywire_conformance::{
    Handlers,
    conformance::{ChecksClient, ChecksServer},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    process::Command,
};

use super::{serve, soon};

#[tokio::test]
async fn tls_that_both_sides_prove() {
    let (certificates, strangers) = (Certificates::new(), Certificates::new());
    let (server, client) = (&certificates.server, &certificates.client);
    let listener = Grpc::listen("127.0.0.1:0")
        .identity(&server.certificate, &server.key)
        .authority(&certificates.authority);
    let (_running, address) = serve(listener).await;
    let connect = || Grpc::connect(format!("https://{address}"));
    let trusting = || connect().authority(&certificates.authority);
    let known = trusting().identity(&client.certificate, &client.key);
    let shown = format!("{known:?}");
    assert!(!shown.contains("PRIVATE"), "{shown}");
    let grpc = known.await.expect("it is let in");
    assert_eq!(grpc.state(), ConnectionState::Connected);
    let client = ChecksClient::new(grpc);
    assert_eq!(client.echo("safe").await.expect("an echo"), "safe");

    for (connect, reason) in [
        (connect().authority(&strangers.authority), "UnknownIssuer"),
        (trusting().domain("users.example"), "users.example"),
    ] {
        let error = soon("a refusal", connect.into_future()).await;
        let error = error.expect_err("it is not let in");
        assert!(
            matches!(error, TransportError::Unreachable { .. }),
            "{error:?}"
        );
        assert!(error.to_string().contains(reason), "{error}");
    }
    // In TLS 1.3 the server says only after the handshake that it wants a certificate.
    if let Ok(grpc) = soon("an end", trusting().into_future()).await {
        let client = ChecksClient::new(grpc);
        assert!(soon("a refusal", client.echo("x")).await.is_err());
    }
}

/// It runs itself again, in a process whose system trusts another authority.
#[tokio::test]
async fn without_an_authority_those_of_the_system_are_trusted() {
    if let Ok(url) = std::env::var("ANYWIRE_TEST_TRUSTING") {
        let client = ChecksClient::new(Grpc::connect(url).await.expect("it is trusted"));
        assert_eq!(client.echo("x").await.expect("an echo"), "x");
        return;
    }
    let certificates = Certificates::new();
    let (files, server) = (certificates.files(), &certificates.server);
    let listener = Grpc::listen("127.0.0.1:0").identity(&server.certificate, &server.key);
    let (_running, address) = serve(listener).await;
    let url = format!("https://{address}");
    let error = soon("a refusal", Grpc::connect(&url).into_future()).await;
    let error = error.expect_err("nobody trusts it").to_string();
    assert!(error.contains("UnknownIssuer"), "{error}");
    let again = Command::new(std::env::current_exe().expect("a program"))
        .args([
            "--exact",
            "without_an_authority_those_of_the_system_are_trusted",
        ])
        .env("SSL_CERT_FILE", &files.authority)
        .env("ANYWIRE_TEST_TRUSTING", &url)
        .output();
    let output = soon("its end", again).await.expect("it runs");
    assert!(output.status.success(), "{output:?}");
}

#[tokio::test]
async fn a_listener_with_tls_shares_its_port_with_its_own_clones_only() {
    let certificates = Certificates::new();
    let plain = Grpc::listen("127.0.0.1:0");
    let server = &certificates.server;
    let secure = plain.clone().identity(&server.certificate, &server.key);
    let (_plain, without) = serve(plain).await;
    let (_secure, with) = serve(secure).await;
    assert_ne!(without, with);
    let connect = Grpc::connect(format!("https://{with}")).authority(&certificates.authority);
    let client = ChecksClient::new(connect.await.expect("a client"));
    assert_eq!(client.echo("x").await.expect("an echo"), "x");
}

#[tokio::test]
async fn a_handshake_that_is_not_finished_is_cut_off() {
    let certificates = Certificates::new();
    let listener = Grpc::listen("127.0.0.1:0")
        .identity(&certificates.server.certificate, &certificates.server.key)
        .limits(|limits| limits.handshake_timeout = Duration::from_secs(1));
    let (_running, address) = serve(listener).await;
    let mut peer = TcpStream::connect(address).await.expect("a connection");
    let hello = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01];
    peer.write_all(&hello).await.expect("it is written");
    let connect = Grpc::connect(format!("https://{address}")).authority(&certificates.authority);
    let client = ChecksClient::new(connect.await.expect("a client"));
    assert_eq!(client.echo("x").await.expect("an echo"), "x");
    let end = soon("the end", peer.read_to_end(&mut Vec::new())).await;
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
}

#[tokio::test]
async fn a_peer_that_speaks_something_else_in_tls_is_no_server() {
    let certificates = Certificates::new();
    let files = certificates.files();
    let (certificate, key) = &files.server;
    let tcp = Tcp::listen("127.0.0.1:0").identity(certificate, key);
    let app = App::new().serve(ChecksServer::new(Handlers::default()).on(tcp));
    let running = app.start().await.expect("the app starts");
    let address = running.address("Checks").expect("it has an address");
    let connect = Grpc::connect(format!("https://{address}")).authority(&certificates.authority);
    let error = soon("a refusal", connect.into_future()).await;
    let error = error.expect_err("it is not let in").to_string();
    assert!(error.contains("does not speak HTTP/2"), "{error}");
}

#[tokio::test]
async fn what_tls_cannot_be_spoken_with_is_refused_at_once() {
    let connect = || Grpc::connect("https://127.0.0.1:5000");
    for connect in [
        connect().authority("no PEM"),
        connect().identity("no PEM", "no PEM"),
    ] {
        let error = connect.lazy().expect_err("it is no PEM").to_string();
        assert!(error.contains("no certificate in PEM"), "{error}");
    }
    let (ours, strangers) = (Certificates::new().client, Certificates::new().client);
    let unlike = connect().identity(&ours.certificate, &strangers.key);
    let error = unlike.lazy().expect_err("it is another's key").to_string();
    assert!(error.contains("KeyMismatch"), "{error}");
    let nameless = connect().domain("no name");
    let error = nameless.lazy().expect_err("it is no name").to_string();
    assert!(error.contains("invalid dns name"), "{error}");
}

/// In TLS 1.3 it does so only when the client takes itself for connected.
#[tokio::test]
async fn a_server_that_lets_nobody_in_says_why() {
    let certificates = Certificates::new();
    let server = &certificates.server;
    let listener = Grpc::listen("127.0.0.1:0")
        .identity(&server.certificate, &server.key)
        .authority(&certificates.authority);
    let (_running, address) = serve(listener).await;
    let connect = Grpc::connect(format!("https://{address}"))
        .authority(&certificates.authority)
        .backoff(Duration::from_secs(60), Duration::from_secs(60));
    let client = ChecksClient::new(connect.lazy().expect("a sound URL"));
    let said = async {
        loop {
            let error = client.echo("x").await.expect_err("it is not let in");
            if error.to_string().contains("none was shown") {
                return error;
            }
        }
    };
    let error = soon("the reason", said).await;
    assert!(
        matches!(
            error,
            CallError::Transport(TransportError::Unreachable { .. })
        ),
        "{error:?}"
    );
}
