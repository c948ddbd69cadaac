//! Redis against the suite, and what only Redis does.

use std::net::SocketAddr;

use anywire::{
    BoxError, BoxFuture, Redis,
    transport::{ConnectionState, redis::RedisConnect},
};
use anywire_brokers::{Broker, unless_missing};
use anywire_conformance::{Fixture, Killable, Outage, requests};
use tokio::sync::OnceCell;

mod faults;
mod messages;
mod secured;

/// The server that all tests share, which no test may stop.
static URL: OnceCell<Option<&'static str>> = OnceCell::const_new();

async fn url() -> Option<&'static str> {
    let started = || async { unless_missing(anywire_brokers::Redis::shared_url().await) };
    *URL.get_or_init(started).await
}

/// By its URL.
struct OverRedis(String);

impl OverRedis {
    fn connect(&self) -> RedisConnect {
        Redis::connect(&*self.0)
    }

    async fn killable() -> (Self, Outage) {
        let killed = anywire_brokers::Redis::new().start().await;
        let killed = killed.expect("a Redis server");
        let redis = Self(killed.url().to_owned());
        let outage = Outage::of_broker(|meanwhile| Broker::kill_during(killed, meanwhile));
        (redis, outage)
    }
}

impl Fixture for OverRedis {
    const NAME: &'static str = "Redis";
    // Redis hands every message to everybody who listens.
    const HAS_GROUPS: bool = false;
    const KILLABLE: Option<Killable<Self>> = Some(|| Box::pin(Self::killable()));
    type Listener = RedisConnect;
    type Client = Redis;

    fn new() -> Self {
        let url = URL.get().copied().flatten();
        Self(url.expect("the test has asked for the server").to_owned())
    }

    fn listener(&self) -> RedisConnect {
        self.connect()
    }

    async fn connect(&self, _: Option<SocketAddr>) -> Result<Redis, BoxError> {
        Ok(self.connect().await?)
    }

    fn until(client: &Redis, state: ConnectionState) -> Option<BoxFuture<()>> {
        let client = client.clone();
        Some(Box::pin(async move { client.until(state).await }))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conformance() {
    if url().await.is_none() {
        anywire_conformance::leave_out::<OverRedis>("there is no Redis server");
        return;
    }
    requests::<OverRedis>().await.expect_passed();
    anywire_conformance::streams::<OverRedis>()
        .await
        .expect_passed();
    anywire_conformance::wildcards::<OverRedis>()
        .await
        .expect_passed();
}
