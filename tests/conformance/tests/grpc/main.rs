//! What only gRPC does.

use std::{net::SocketAddr, time::Duration};

use anywire::{App, Grpc, Running, transport::grpc::GrpcListen};
use anywire_conformance::{
    Handlers,
    conformance::{ChecksClient, ChecksServer},
};

mod connection;
mod peer;
mod tls;

/// Waits for what must happen.
async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    let patience = Duration::from_secs(20);
    tokio::time::timeout(patience, future)
        .await
        .unwrap_or_else(|_| panic!("{what}: not within {patience:?}"))
}

async fn serve(listener: GrpcListen) -> (Running, SocketAddr) {
    serve_by(&Handlers::default(), listener).await
}

async fn serve_by(handlers: &Handlers, listener: GrpcListen) -> (Running, SocketAddr) {
    let app = App::new().serve(ChecksServer::new(handlers.clone()).on(listener));
    let running = app.start().await.expect("the app starts");
    let address = running.address("Checks").expect("it has an address");
    (running, address)
}

async fn connected(address: SocketAddr) -> (Grpc, ChecksClient<Grpc>) {
    let grpc = Grpc::connect(format!("http://{address}"));
    let grpc = grpc.await.expect("a client can connect");
    (grpc.clone(), ChecksClient::new(grpc))
}
