//! A server and a client of the suite's contract, with limits to be set.

use std::{net::SocketAddr, time::Duration};

use anywire::{
    App, Running, Tcp,
    transport::tcp::{Limits, TcpListen},
};
use anywire_conformance::{
    Handlers,
    conformance::{ChecksClient, ChecksServer},
};

use crate::peer::soon;

/// Serves on this listener.
pub(crate) async fn serve(handlers: &Handlers, listener: TcpListen) -> (Running, SocketAddr) {
    let app = App::new()
        .serve(ChecksServer::new(handlers.clone()).on(listener))
        .grace_period(Duration::from_secs(20));
    let running = app.start().await.expect("the app starts");
    let address = running.address("Checks").expect("it has an address");
    (running, address)
}

/// Serves with these limits.
pub(crate) async fn limited(
    handlers: &Handlers,
    change: impl FnOnce(&mut Limits),
) -> (Running, SocketAddr) {
    serve(handlers, Tcp::listen("127.0.0.1:0").limits(change)).await
}

pub(crate) async fn client(address: SocketAddr) -> ChecksClient<Tcp> {
    ChecksClient::new(
        Tcp::connect(address.to_string())
            .await
            .expect("a client can connect"),
    )
}

/// How many handlers of `wait` have begun.
pub(crate) fn begun(handlers: &Handlers) -> usize {
    let lines = handlers.log.lines();
    lines
        .iter()
        .filter(|line| line.starts_with("wait "))
        .count()
}

/// Waits until that many handlers of `wait` have begun.
pub(crate) async fn until_begun(handlers: &Handlers, count: usize) {
    let is_begun = |lines: &[String]| {
        lines
            .iter()
            .filter(|line| line.starts_with("wait "))
            .count()
            >= count
    };
    soon("the handlers begin", handlers.log.until(is_begun)).await;
}
