//! A server and a client of the suite's contract, on a NATS server of one's own.

use std::time::Duration;

use anywire::{App, Running, transport::nats::NatsConnect};
use anywire_brokers::{Broker, unless_missing};
use anywire_conformance::{
    Handlers,
    conformance::{ChecksClient, ChecksServer},
};

/// After this it will not happen any more.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for what must happen.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future)
        .await
        .unwrap_or_else(|_| panic!("{what}: not within {PATIENCE:?}"))
}

/// A NATS server for one test; `None` where none is installed.
pub(crate) async fn broker() -> Option<Broker> {
    unless_missing(anywire_brokers::Nats::new().start().await)
}

pub(crate) fn connect(broker: &Broker) -> NatsConnect {
    anywire::Nats::connect(broker.url())
}

pub(crate) async fn client(broker: &Broker) -> ChecksClient<anywire::Nats> {
    ChecksClient::new(connect(broker).await.expect("a client can connect"))
}

pub(crate) async fn serve(handlers: &Handlers, listener: NatsConnect) -> Running {
    let app = App::new()
        .serve(ChecksServer::new(handlers.clone()).on(listener))
        .grace_period(Duration::from_secs(60));
    app.start().await.expect("the app starts")
}

/// Calls until one is answered.
pub(crate) async fn until_answered(client: &ChecksClient<anywire::Nats>) {
    soon("an answer", async {
        while client.echo("again").await.is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}
