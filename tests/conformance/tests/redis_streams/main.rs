//! Redis Streams: stored events, and what becomes of them when somebody dies.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anywire::{
    App, Bound, BoxError, BoxFuture, RedisStreams, Running,
    transport::{ConnectionState, redis_streams::RedisStreamsConnect},
};
use anywire_brokers::{Broker, unless_missing};
use anywire_conformance::{
    Fixture, Heard, Killable, Outage,
    conformance::{ChecksPublisher, StoredSubscriber},
    events, leave_out, stored_events, wildcards,
};

mod faults;
mod groups;
mod streams;

/// A server of Redis that only one test uses.
async fn start() -> Option<Broker> {
    unless_missing(anywire_brokers::Redis::new().start().await)
}

fn connect(broker: &Broker) -> RedisStreamsConnect {
    RedisStreams::connect(broker.url()).backoff(Duration::from_millis(5), Duration::from_millis(50))
}

fn subscriber(heard: &Heard, group: Option<&str>, connect: RedisStreamsConnect) -> Bound {
    let subscriber = StoredSubscriber::new(heard.clone());
    match group {
        Some(group) => subscriber.group(group).on(connect),
        None => subscriber.on(connect),
    }
}

async fn run(parts: impl IntoIterator<Item = Bound>) -> Running {
    let app = parts.into_iter().fold(App::new(), App::subscribe);
    app.start().await.expect("the app starts")
}

async fn publisher(broker: &Broker) -> ChecksPublisher<RedisStreams> {
    ChecksPublisher::new(connect(broker).await.expect("a publisher"))
}

async fn store(publisher: &ChecksPublisher<RedisStreams>, text: &str) {
    publisher.stored(text).await.expect("it is stored");
}

/// A client that is not ours.
async fn plain(broker: &Broker) -> redis::aio::MultiplexedConnection {
    let client = redis::Client::open(broker.url()).expect("a URL");
    let connection = client.get_multiplexed_async_connection().await;
    connection.expect("a connection")
}

/// How many entries of the group are not settled.
async fn pending(broker: &Broker, group: &str) -> i64 {
    let mut command = redis::cmd("XPENDING");
    command.arg("conformance.stored").arg(group);
    let (count, ..): (i64, redis::Value, redis::Value, redis::Value) = command
        .query_async(&mut plain(broker).await)
        .await
        .expect("it is told");
    count
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

/// A server of its own for each check, since what a group has not read yet
/// outlives the check.
struct OverRedisStreams(Arc<Broker>);

impl OverRedisStreams {
    async fn killable() -> (Self, Outage) {
        let started = anywire_brokers::Redis::new().durable().start().await;
        let killed = Arc::new(started.expect("a Redis server"));
        let streams = Self(Arc::clone(&killed));
        let outage = Outage::of_broker(|meanwhile| Broker::kill_during(killed, meanwhile));
        (streams, outage)
    }
}

impl Fixture for OverRedisStreams {
    const NAME: &'static str = "RedisStreams";
    // Streams are read by their names.
    const HAS_WILDCARDS: bool = false;
    const KILLABLE: Option<Killable<Self>> = Some(|| Box::pin(Self::killable()));
    type Listener = RedisStreamsConnect;
    type Client = RedisStreams;

    fn new() -> Self {
        let start = || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(anywire_brokers::Redis::new().start())
        };
        let broker = std::thread::spawn(start).join().expect("no panic");
        Self(Arc::new(broker.expect("a Redis server")))
    }

    fn listener(&self) -> RedisStreamsConnect {
        connect(&self.0)
    }

    async fn connect(&self, _: Option<SocketAddr>) -> Result<RedisStreams, BoxError> {
        Ok(connect(&self.0).await?)
    }

    fn until(client: &RedisStreams, state: ConnectionState) -> Option<BoxFuture<()>> {
        let client = client.clone();
        Some(Box::pin(async move { client.until(state).await }))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conformance() {
    if start().await.is_none() {
        leave_out::<OverRedisStreams>("there is no Redis server");
    } else {
        events::<OverRedisStreams>().await.expect_passed();
        wildcards::<OverRedisStreams>().await.expect_passed();
        stored_events::<OverRedisStreams>().await.expect_passed();
    }
}
