//! Subscribers and publishers of the suite's stored event, on a server of one's own.

use std::time::Duration;

use anywire::{App, JetStream, Running, transport::jetstream::JetStreamConnect};
use anywire_brokers::{Broker, Nats, unless_missing};
use anywire_conformance::{
    Heard,
    conformance::{ChecksPublisher, StoredSubscriber},
};
use async_nats::jetstream::Context;

/// After this it will not happen any more.
const PATIENCE: Duration = Duration::from_secs(30);

/// What stores the suite's event where nobody says otherwise.
pub(crate) const STREAM: &str = "conformance_v1-Checks-stored";

/// Waits for what must happen.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future)
        .await
        .unwrap_or_else(|_| panic!("{what}: not within {PATIENCE:?}"))
}

/// A NATS server for one test; `None` where none is installed.
pub(crate) async fn broker() -> Option<Broker> {
    unless_missing(Nats::new().start().await)
}

pub(crate) fn connect(broker: &Broker) -> JetStreamConnect {
    JetStream::connect(broker.url())
}

pub(crate) async fn publisher(connect: JetStreamConnect) -> ChecksPublisher<JetStream> {
    ChecksPublisher::new(connect.await.expect("a publisher can connect"))
}

pub(crate) async fn subscribe(
    heard: &Heard,
    group: Option<&str>,
    connect: JetStreamConnect,
) -> Running {
    let subscriber = StoredSubscriber::new(heard.clone());
    let bound = match group {
        Some(group) => subscriber.group(group).on(connect),
        None => subscriber.on(connect),
    };
    let app = App::new().subscribe(bound);
    let app = app.grace_period(Duration::from_secs(60));
    app.start().await.expect("the app starts")
}

/// JetStream as others see it.
pub(crate) async fn admin(broker: &Broker) -> Context {
    let client = async_nats::connect(broker.url()).await;
    async_nats::jetstream::new(client.expect("an admin can connect"))
}

/// How many events of a group are delivered and not settled.
pub(crate) async fn unsettled(admin: &Context, consumer: &str) -> usize {
    let consumer: async_nats::jetstream::consumer::PullConsumer = admin
        .get_consumer_from_stream(consumer, STREAM)
        .await
        .expect("a consumer");
    consumer.cached_info().num_ack_pending
}
