//! What only gRPC does.

use std::{future::IntoFuture as _, net::SocketAddr, time::Duration};

use anywire::{
    App, CallError, Grpc, Running, TransportError,
    transport::{ConnectionState, grpc::GrpcListen},
};
use anywire_brokers::Certificates;
use anywire_conformance::{
    Handlers, Uploaders,
    conformance::{ChecksClient, ChecksServer},
    streaming::UploadingServer,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    process::Command,
};

/// Waits for what must happen.
async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    let patience = Duration::from_secs(20);
    tokio::time::timeout(patience, future)
        .await
        .unwrap_or_else(|_| panic!("{what}: not within {patience:?}"))
}

async fn serve(listener: GrpcListen) -> (Running, SocketAddr) {
    let app = App::new().serve(ChecksServer::new(Handlers::default()).on(listener));
    let running = app.start().await.expect("the app starts");
    let address = running.address("Checks").expect("it has an address");
    (running, address)
}

#[tokio::test]
async fn a_client_tells_whether_it_is_connected() {
    let (running, address) = serve(Grpc::listen("127.0.0.1:0")).await;
    let grpc = Grpc::connect(format!("http://{address}"));
    let grpc = grpc.await.expect("a client can connect");
    assert_eq!(grpc.state(), ConnectionState::Connected);
    let client = ChecksClient::new(grpc.clone());
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

/// A caller that resets its stream, as those of other languages do, and does
/// not end it before.
#[tokio::test]
async fn an_upload_that_is_reset_is_not_taken_for_all_of_it() {
    let uploaders = Uploaders::default();
    let listener = Grpc::listen("127.0.0.1:0");
    let app = App::new().serve(UploadingServer::new(uploaders.clone()).on(listener));
    let running = app.start().await.expect("the app starts");
    let address = running.address("Uploading").expect("it has an address");

    let socket = TcpStream::connect(address).await.expect("a connection");
    let (client, connection) = h2::client::handshake(socket).await.expect("HTTP/2");
    tokio::spawn(connection);
    let mut client = client.ready().await.expect("room for a call");
    let url = format!("http://{address}/conformance.streaming.v1.Uploading/Sum");
    let request = http::Request::post(url)
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(())
        .expect("a request");
    let (_answer, mut items) = client.send_request(request, false).expect("it is sent");
    // A message of two bytes: the number 7.
    let item: &[u8] = &[0, 0, 0, 0, 2, 8, 7];
    items.send_data(item.into(), false).expect("it is sent");
    soon("the item", uploaders.log.until_has("took 7")).await;
    items.send_reset(h2::Reason::CANCEL);
    soon("the end", uploaders.log.until_has("left 0")).await;
    assert_eq!(uploaders.log.lines(), ["took 7", "left 0"]);
}
