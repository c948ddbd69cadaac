//! NATS against the suite, and what only it does.

use std::{net::SocketAddr, sync::Arc, thread};

use anywire::{
    AnyTransport, BoxError, BoxFuture, Nats,
    transport::{ConnectionState, any::AnyConnect, nats::NatsConnect},
};
use anywire_brokers::{Broker, unless_missing};
use anywire_conformance::{
    Fixture, Killable, Outage, leave_out, requests, streams as streams_suite, wildcards,
};

mod faults;
mod leaving;
mod logins;
mod messages;
mod service;
mod streams;

/// A NATS server for each check, since an app that is dropped may get one more
/// request before its server knows: that of the next check.
struct OverNats(Arc<Broker>);

impl OverNats {
    fn killable() -> (Self, Outage) {
        let nats = Self::new();
        let killed = Arc::clone(&nats.0);
        let outage = Outage::of_broker(|meanwhile| Broker::kill_during(killed, meanwhile));
        (nats, outage)
    }
}

/// Starts a server from where nothing can be awaited.
fn start() -> Result<Broker, anywire_brokers::Error> {
    let start = || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(anywire_brokers::Nats::new().start())
    };
    thread::spawn(start).join().expect("no panic")
}

impl Fixture for OverNats {
    const NAME: &'static str = "Nats";
    // The client library forgets a subscription that is drained before the
    // server has seen the end of it: what was on its way by then gets lost.
    const MAY_LOSE_WHEN_STOPPED: bool = true;
    const KILLABLE: Option<Killable<Self>> = Some(|| Box::pin(async { Self::killable() }));
    type Listener = NatsConnect;
    type Client = Nats;

    fn new() -> Self {
        Self(Arc::new(start().expect("a NATS server")))
    }

    fn listener(&self) -> NatsConnect {
        service::connect(&self.0)
    }

    async fn connect(&self, _: Option<SocketAddr>) -> Result<Nats, BoxError> {
        Ok(service::connect(&self.0).await?)
    }

    fn until(client: &Nats, state: ConnectionState) -> Option<BoxFuture<()>> {
        let client = client.clone();
        Some(Box::pin(async move { client.until(state).await }))
    }
}

/// The same, chosen by its URL.
struct OverAny(OverNats);

impl Fixture for OverAny {
    const NAME: &'static str = "AnyTransport, nats";
    const MAY_LOSE_WHEN_STOPPED: bool = OverNats::MAY_LOSE_WHEN_STOPPED;
    const KILLABLE: Option<Killable<Self>> = Some(|| {
        Box::pin(async {
            let (nats, outage) = OverNats::killable();
            (Self(nats), outage)
        })
    });
    type Listener = AnyConnect;
    type Client = AnyTransport;

    fn new() -> Self {
        Self(OverNats::new())
    }

    fn listener(&self) -> AnyConnect {
        AnyTransport::connect(self.0.0.url())
    }

    async fn connect(&self, _: Option<SocketAddr>) -> Result<AnyTransport, BoxError> {
        Ok(self.listener().await?)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conformance() {
    if unless_missing(start()).is_none() {
        leave_out::<OverNats>("there is no NATS server");
    } else {
        requests::<OverNats>().await.expect_passed();
        streams_suite::<OverNats>().await.expect_passed();
        wildcards::<OverNats>().await.expect_passed();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conformance_by_url() {
    if unless_missing(start()).is_some() {
        requests::<OverAny>().await.expect_passed();
        streams_suite::<OverAny>().await.expect_passed();
        wildcards::<OverAny>().await.expect_passed();
    }
}
