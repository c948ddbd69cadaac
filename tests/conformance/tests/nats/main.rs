//! NATS against the suite, and what only it does.

use std::{net::SocketAddr, sync::OnceLock};

use anywire::{BoxError, Nats, transport::nats::NatsConnect};
use anywire_brokers::unless_missing;
use anywire_conformance::{Fixture, requests};

mod faults;
mod logins;
mod messages;
mod service;
mod streams;

/// The server of the suite.
static URL: OnceLock<&str> = OnceLock::new();

struct OverNats;

fn connect() -> NatsConnect {
    Nats::connect(*URL.get().expect("a NATS server"))
}

impl Fixture for OverNats {
    const NAME: &'static str = "Nats";
    // The client library forgets a subscription that is drained before the
    // server has seen the end of it: what was on its way by then gets lost.
    const MAY_LOSE_WHEN_STOPPED: bool = true;
    type Listener = NatsConnect;
    type Client = Nats;

    fn new() -> Self {
        Self
    }

    fn listener(&self) -> NatsConnect {
        connect()
    }

    async fn connect(&self, _: Option<SocketAddr>) -> Result<Nats, BoxError> {
        Ok(connect().await?)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conformance() {
    let Some(url) = unless_missing(anywire_brokers::Nats::shared_url().await) else {
        return;
    };
    URL.get_or_init(|| url);
    requests::<OverNats>().await.expect_passed();
}
