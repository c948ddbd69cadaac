//! Redis against the suite, and what only Redis does.

use std::net::SocketAddr;

use anywire::{BoxError, Redis, transport::redis::RedisConnect};
use anywire_brokers::unless_missing;
use anywire_conformance::{Fixture, requests};
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

struct OverRedis;

fn connect() -> RedisConnect {
    let url = URL.get().copied().flatten();
    Redis::connect(url.expect("the test has asked for the server"))
}

impl Fixture for OverRedis {
    const NAME: &'static str = "Redis";
    // Redis hands every message to everybody who listens.
    const HAS_GROUPS: bool = false;
    type Listener = RedisConnect;
    type Client = Redis;

    fn new() -> Self {
        Self
    }

    fn listener(&self) -> RedisConnect {
        connect()
    }

    async fn connect(&self, _: Option<SocketAddr>) -> Result<Redis, BoxError> {
        Ok(connect().await?)
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
