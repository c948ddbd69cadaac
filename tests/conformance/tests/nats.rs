//! NATS against the suite.

use std::net::SocketAddr;

use anywire::{BoxError, Nats, transport::nats::NatsConnect};
use anywire_conformance::{Fixture, requests};

struct OverNats;

fn connect() -> NatsConnect {
    let url = std::env::var(anywire_brokers::Nats::VARIABLE).expect("a NATS server");
    Nats::connect(url)
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
    let report = requests::<OverNats>().await;
    report.expect_passed();
}
