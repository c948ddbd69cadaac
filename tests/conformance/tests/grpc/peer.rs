//! Peers by hand, which end calls as those of other languages may.

use std::{future::IntoFuture as _, net::SocketAddr, sync::Arc};

use anywire::{App, Bytes, CallError, Grpc, Running, TransportError};
use anywire_conformance::{
    Uploaders,
    conformance::ChecksClient,
    streaming::{Item, StreamingClient, UploadingClient, UploadingServer},
};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use h2::{Reason, server::SendResponse};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Notify, mpsc},
};

use super::soon;

async fn serve_uploads(uploaders: &Uploaders) -> (Running, SocketAddr) {
    let listener = Grpc::listen("127.0.0.1:0");
    let app = App::new().serve(UploadingServer::new(uploaders.clone()).on(listener));
    let running = app.start().await.expect("the app starts");
    let address = running.address("Uploading").expect("it has an address");
    (running, address)
}

/// A caller that resets its stream, as those of other languages do, and does
/// not end it before.
#[tokio::test]
async fn an_upload_that_is_reset_is_not_taken_for_all_of_it() {
    let uploaders = Uploaders::default();
    let (_running, address) = serve_uploads(&uploaders).await;
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

/// A server that answers each call by hand. Returns a client of it.
async fn served(answer: impl Fn(SendResponse<Bytes>) + Send + 'static) -> Grpc {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        let (socket, _) = listener.accept().await.expect("a connection");
        let mut connection = h2::server::handshake(socket).await.expect("HTTP/2");
        while let Some(call) = connection.accept().await {
            answer(call.expect("a call").1);
        }
    });
    let connect = Grpc::connect(format!("http://{address}"));
    connect.await.expect("a client")
}

fn head() -> http::Response<()> {
    let response = http::Response::builder().header("content-type", "application/grpc");
    response.body(()).expect("a response")
}

/// What HTTP/2 recommends a server to take at least.
#[tokio::test]
async fn until_the_server_says_how_many_calls_it_takes_they_are_a_hundred() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("it is bound");
    let client = Grpc::connect(format!("http://{address}")).lazy();
    let client = ChecksClient::new(client.expect("a sound URL"));
    let calls: Vec<_> = (0..300)
        .map(|_| tokio::spawn(client.echo("x").into_future()))
        .collect();

    let (socket, _) = listener.accept().await.expect("a connection");
    // It says nothing before there are calls.
    let calls_come = async {
        while socket.peek(&mut [0; 1000]).await.expect("bytes") < 1000 {
            tokio::task::yield_now().await;
        }
    };
    soon("calls", calls_come).await;
    let mut server = h2::server::Builder::new();
    let server = server.max_concurrent_streams(100);
    let server = server.handshake::<_, Bytes>(socket).await;
    let mut connection = server.expect("HTTP/2");
    tokio::spawn(async move {
        while let Some(call) = connection.accept().await {
            let (_, mut answer) = call.expect("a call");
            let mut reply = answer.send_response(head(), false).expect("it is sent");
            // The text "x".
            let value: &[u8] = &[0, 0, 0, 0, 3, 10, 1, b'x'];
            reply.send_data(value.into(), false).expect("it is sent");
            let status = [(
                http::HeaderName::from_static("grpc-status"),
                http::HeaderValue::from_static("0"),
            )];
            let status = status.into_iter().collect();
            reply.send_trailers(status).expect("it is sent");
        }
    });
    for call in calls {
        let answer = soon("an answer", call).await.expect("no panic");
        assert_eq!(answer.expect("an answer"), "x");
    }
}

/// Whatever the reason says, there was no status.
#[tokio::test]
async fn replies_that_are_reset_are_not_taken_for_all_of_them() {
    for reason in [Reason::CANCEL, Reason::NO_ERROR, Reason::INTERNAL_ERROR] {
        let has_come = Arc::new(Notify::new());
        let is_there = Arc::clone(&has_come);
        let grpc = served(move |mut answer| {
            let mut values = answer.send_response(head(), false).expect("it is sent");
            // A message of two bytes: the number 7.
            let value: &[u8] = &[0, 0, 0, 0, 2, 8, 7];
            values.send_data(value.into(), false).expect("it is sent");
            let is_there = Arc::clone(&is_there);
            tokio::spawn(async move {
                is_there.notified().await;
                values.send_reset(reason);
            });
        });
        let mut values = StreamingClient::new(grpc.await).follow(1, 2);
        let value = soon("a value", values.next()).await.expect("a value");
        assert_eq!(value.expect("a value"), 7);
        has_come.notify_one();
        let end = soon("the end", values.next())
            .await
            .expect("it was cut off");
        let end = end.expect_err("it was cut off");
        assert!(
            matches!(end, CallError::Transport(TransportError::Closed)),
            "{reason:?}: {end:?}"
        );
    }
}

#[tokio::test]
async fn a_call_that_the_server_refuses_says_so() {
    let grpc = served(|mut answer| answer.send_reset(Reason::REFUSED_STREAM)).await;
    let error = soon("a refusal", ChecksClient::new(grpc).echo("x")).await;
    let error = error.expect_err("it is refused");
    assert!(
        matches!(error, CallError::Transport(TransportError::Overloaded(_))),
        "{error:?}"
    );
}

/// A server that wants no more of it, while nobody reads what it answers.
#[tokio::test]
async fn an_upload_that_waits_ends_when_the_server_resets_it() {
    let grpc = served(|mut answer| {
        let mut values = answer.send_response(head(), false).expect("it is sent");
        values.send_reset(Reason::CANCEL);
    });
    let (sender, mut receiver) = mpsc::channel::<Item>(1);
    let values = stream::poll_fn(move |cx| receiver.poll_recv(cx));
    let mut answers = UploadingClient::new(grpc.await).echo(values);
    // It is sent, and nobody asks for answers any more.
    assert!(answers.next().now_or_never().is_none());
    soon("the end", sender.closed()).await;
    let end = soon("the end", answers.next())
        .await
        .expect("it was cut off");
    end.expect_err("it was cut off");
}

/// What came before must not look like all of it.
#[tokio::test]
async fn an_upload_that_panics_is_reset() {
    let uploaders = Uploaders::default();
    let (_running, address) = serve_uploads(&uploaders).await;
    let grpc = Grpc::connect(format!("http://{address}"));
    let grpc = grpc.await.expect("a client can connect");
    let taken = uploaders.log.clone();
    let values = stream::iter(1..=2).then(move |number| {
        let taken = taken.clone();
        async move {
            if number == 2 {
                taken.until_has("took 1").await;
                panic!("there is no second one");
            }
            Item::new(number, "an item")
        }
    });
    let call = UploadingClient::new(grpc).sum(values);
    let error = soon("the loss", call).await.expect_err("it is not all");
    assert!(
        matches!(error, CallError::Transport(TransportError::Closed)),
        "{error:?}"
    );
    soon("the end", uploaders.log.until_has("left 0")).await;
    assert_eq!(uploaders.log.lines(), ["took 1", "left 0"]);
}
