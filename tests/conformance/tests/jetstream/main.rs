//! JetStream against the suite, and what only it does.

use std::{net::SocketAddr, sync::OnceLock};

use anywire::{BoxError, JetStream, transport::jetstream::JetStreamConnect};
use anywire_brokers::{Nats, unless_missing};
use anywire_conformance::{Fixture, events, leave_out, stored_events, wildcards};

mod faults;
mod service;
mod streams;

/// The server of the suite.
static URL: OnceLock<&str> = OnceLock::new();

struct OverJetStream;

fn connect() -> JetStreamConnect {
    JetStream::connect(*URL.get().expect("a NATS server"))
}

impl Fixture for OverJetStream {
    const NAME: &'static str = "JetStream";
    type Listener = JetStreamConnect;
    type Client = JetStream;

    fn new() -> Self {
        Self
    }

    fn listener(&self) -> JetStreamConnect {
        connect()
    }

    async fn connect(&self, _: Option<SocketAddr>) -> Result<JetStream, BoxError> {
        Ok(connect().await?)
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
