//! Kafka: the suite, the bytes, brokers that fail, groups that change.

use std::{net::SocketAddr, sync::OnceLock};

use anywire::{BoxError, Kafka, transport::kafka::KafkaConnect};
use anywire_brokers::{names, unless_missing};
use anywire_conformance::{
    Fixture, Report, leave_out, ordered_events, requests, stored_events, streams, wildcards,
};

mod bytes;
mod faults;
mod groups;
mod secured;
mod shapes;

/// A part of the shared broker that nobody else uses.
struct Apart {
    brokers: &'static str,
    prefix: String,
}

impl Apart {
    /// `None` if there is no broker.
    async fn new() -> Option<Self> {
        let brokers = unless_missing(anywire_brokers::Kafka::shared_url().await)?;
        Some(Self {
            brokers,
            prefix: names::unique("test") + ".",
        })
    }

    fn connect(&self) -> KafkaConnect {
        Kafka::connect(self.brokers)
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
    group: String,
}

/// Where the suite takes place. Its checks share topics, which take a while to be made.
static SUITE: OnceLock<Apart> = OnceLock::new();

fn connect() -> KafkaConnect {
    SUITE.get().expect("a broker").connect()
}

impl Fixture for OverKafka {
    const NAME: &'static str = "Kafka";
    // Requests are stored in their topics, for whoever serves them next.
    const STORES_REQUESTS: bool = true;
    type Listener = KafkaConnect;
    type Client = Kafka;

    fn new() -> Self {
        Self {
            group: names::unique("group"),
        }
    }

    fn listener(&self) -> KafkaConnect {
        connect().group(&self.group)
    }

    async fn connect(&self, _: Option<SocketAddr>) -> Result<Kafka, BoxError> {
        Ok(connect().await?)
    }
}

/// Runs one part of the suite. Parts run beside each other, since most of their
/// time goes by while groups are joined and left.
async fn check<F: Future<Output = Report>>(part: impl FnOnce() -> F) {
    let Some(suite) = Apart::new().await else {
        leave_out::<OverKafka>("there is no Kafka broker");
        return;
    };
    SUITE.get_or_init(|| suite);
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
