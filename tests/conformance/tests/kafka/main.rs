//! Kafka: the suite, the bytes, brokers that fail, groups that change.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
};

use anywire::{
    BoxError, BoxFuture, Kafka,
    transport::{ConnectionState, kafka::KafkaConnect},
};
use anywire_brokers::{Broker, names, unless_missing};
use anywire_conformance::{
    Fixture, Killable, Outage, Report, leave_out, ordered_events, requests, stored_events, streams,
    wildcards,
};

mod bytes;
mod faults;
mod groups;
mod secured;
mod shapes;

/// A part of the shared broker that nobody else uses.
struct Apart {
    brokers: String,
    prefix: String,
}

impl Apart {
    /// `None` if there is no broker.
    async fn new() -> Option<Self> {
        let brokers = unless_missing(anywire_brokers::Kafka::shared_url().await)?;
        Some(Self::of(brokers))
    }

    fn of(brokers: &str) -> Self {
        Self {
            brokers: brokers.to_owned(),
            prefix: names::unique("test") + ".",
        }
    }

    fn connect(&self) -> KafkaConnect {
        Kafka::connect(&*self.brokers)
            .prefix(&self.prefix)
            .partitions(3)
            .set("heartbeat.interval.ms", "100")
            .set("topic.metadata.refresh.interval.ms", "100")
    }

    /// The name of a topic or group as it stands on the broker.
    fn named(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

struct OverKafka {
    apart: Arc<Apart>,
    group: String,
}

impl OverKafka {
    fn of(apart: Arc<Apart>) -> Self {
        Self {
            apart,
            group: names::unique("group"),
        }
    }

    async fn killable() -> (Self, Outage) {
        let killed = anywire_brokers::Kafka::new().start().await;
        let killed = killed.expect("a Kafka broker");
        let kafka = Self::of(Arc::new(Apart::of(killed.url())));
        let outage = Outage::of_broker(|meanwhile| Broker::kill_during(killed, meanwhile));
        (kafka, outage)
    }
}

/// Where the suite takes place. Its checks share topics, which take a while to be made.
static SUITE: OnceLock<Arc<Apart>> = OnceLock::new();

impl Fixture for OverKafka {
    const NAME: &'static str = "Kafka";
    // Requests are stored in their topics, for whoever serves them next.
    const STORES_REQUESTS: bool = true;
    const KILLABLE: Option<Killable<Self>> = Some(|| Box::pin(Self::killable()));
    type Listener = KafkaConnect;
    type Client = Kafka;

    fn new() -> Self {
        Self::of(Arc::clone(SUITE.get().expect("a broker")))
    }

    fn listener(&self) -> KafkaConnect {
        self.apart.connect().group(&self.group)
    }

    async fn connect(&self, _: Option<SocketAddr>) -> Result<Kafka, BoxError> {
        Ok(self.apart.connect().await?)
    }

    fn until(client: &Kafka, state: ConnectionState) -> Option<BoxFuture<()>> {
        let client = client.clone();
        Some(Box::pin(async move { client.until(state).await }))
    }
}

/// Runs one part of the suite. Parts run beside each other, since most of their
/// time goes by while groups are joined and left.
async fn check<F: Future<Output = Report>>(part: impl FnOnce() -> F) {
    let Some(suite) = Apart::new().await else {
        leave_out::<OverKafka>("there is no Kafka broker");
        return;
    };
    SUITE.get_or_init(|| Arc::new(suite));
    part().await.expect_passed();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suite_requests() {
    check(requests::<OverKafka>).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suite_streams() {
    check(streams::<OverKafka>).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suite_wildcards() {
    check(wildcards::<OverKafka>).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suite_stored_events() {
    check(stored_events::<OverKafka>).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suite_ordered_events() {
    check(ordered_events::<OverKafka>).await;
}
