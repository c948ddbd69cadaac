//! Kafka against the suite.

use std::{net::SocketAddr, sync::OnceLock};

use anywire::{BoxError, Kafka, transport::kafka::KafkaConnect};
use anywire_brokers::{names, unless_missing};
use anywire_conformance::{Fixture, requests, stored_events};

struct OverKafka {
    group: String,
}

/// The broker of this process, and names that no other process uses on it.
static BROKER: OnceLock<(String, String)> = OnceLock::new();

fn connect() -> KafkaConnect {
    let (brokers, prefix) = BROKER.get().expect("a broker");
    Kafka::connect(brokers)
        .prefix(prefix)
        .partitions(3)
        .set("heartbeat.interval.ms", "100")
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

/// Whether there is a broker.
async fn has_broker() -> bool {
    let Some(brokers) = unless_missing(anywire_brokers::Kafka::shared_url().await) else {
        return false;
    };
    BROKER.get_or_init(|| (brokers.to_owned(), format!("{}.", names::unique("test"))));
    true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conformance() {
    if !has_broker().await {
        return;
    }
    let mut report = requests::<OverKafka>().await;
    report
        .outcomes
        .extend(stored_events::<OverKafka>().await.outcomes);
    report.expect_passed();
}
