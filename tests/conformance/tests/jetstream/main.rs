//! JetStream against the suite, and what only it does.

use std::{net::SocketAddr, sync::OnceLock};

use anywire::{
    BoxError, BoxFuture, JetStream,
    transport::{ConnectionState, jetstream::JetStreamConnect},
};
use anywire_brokers::{Broker, Nats, unless_missing};
use anywire_conformance::{Fixture, Killable, Outage, events, leave_out, stored_events, wildcards};

mod faults;
mod service;
mod streams;

/// The server of the suite.
static URL: OnceLock<&str> = OnceLock::new();

/// By its URL.
struct OverJetStream(String);

impl OverJetStream {
    fn connect(&self) -> JetStreamConnect {
        JetStream::connect(&*self.0)
    }

    async fn killable() -> (Self, Outage) {
        let killed = Nats::new().start().await.expect("a NATS server");
        let events = Self(killed.url().to_owned());
        let outage = Outage::of_broker(|meanwhile| Broker::kill_during(killed, meanwhile));
        (events, outage)
    }
}

impl Fixture for OverJetStream {
    const NAME: &'static str = "JetStream";
    const KILLABLE: Option<Killable<Self>> = Some(|| Box::pin(Self::killable()));
    type Listener = JetStreamConnect;
    type Client = JetStream;

    fn new() -> Self {
        Self((*URL.get().expect("a NATS server")).to_owned())
    }

    fn listener(&self) -> JetStreamConnect {
        self.connect()
    }

    async fn connect(&self, _: Option<SocketAddr>) -> Result<JetStream, BoxError> {
        Ok(self.connect().await?)
    }

    fn until(client: &JetStream, state: ConnectionState) -> Option<BoxFuture<()>> {
        let client = client.clone();
        Some(Box::pin(async move { client.until(state).await }))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conformance() {
    let Some(url) = unless_missing(Nats::shared_url().await) else {
        leave_out::<OverJetStream>("there is no NATS server");
        return;
    };
    URL.get_or_init(|| url);
    events::<OverJetStream>().await.expect_passed();
    wildcards::<OverJetStream>().await.expect_passed();
    stored_events::<OverJetStream>().await.expect_passed();
}
