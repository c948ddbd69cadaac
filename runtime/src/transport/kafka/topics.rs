//! Topics: made where they are missing, and what the brokers say of them.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use rdkafka::{
    admin::{AdminClient, AdminOptions, NewTopic, TopicReplication},
    consumer::{Consumer, ConsumerContext},
    error::{KafkaError, KafkaResult, RDKafkaErrorCode},
    metadata::MetadataTopic,
    types::RDKafkaRespErr,
};

use super::{
    KafkaConnect,
    health::{OffThread, Quiet},
    producer::refused_options,
};
use crate::TransportError;

/// How long to wait before the brokers are asked again for what they do not know yet.
const AGAIN: Duration = Duration::from_millis(10);

/// Makes and removes topics and groups.
pub(super) struct Admin {
    client: OffThread<AdminClient<Quiet>>,
    partitions: i32,
    replication: i32,
    max_message: String,
    timeout: Duration,
}

impl Admin {
    pub(super) fn new(options: &KafkaConnect) -> Result<Arc<Self>, TransportError> {
        let client = options
            .admin()
            .create_with_context(Quiet)
            .map_err(|error| refused_options(&error))?;
        Ok(Arc::new(Self {
            client: OffThread::new(client),
            // -1 is what the broker says.
            partitions: options.partitions.map_or(-1, i32::from),
            replication: options.replication.map_or(-1, i32::from),
            max_message: options.limits.max_message.to_string(),
            timeout: options.connect_timeout,
        }))
    }

    /// Makes those of these topics that are missing, and says whether all are
    /// there. What cannot be made is logged: it may be there, for somebody who
    /// may not ask.
    pub(super) async fn create(&self, names: &[&str]) -> bool {
        let topics: Vec<_> = names
            .iter()
            .map(|name| {
                let replication = TopicReplication::Fixed(self.replication);
                NewTopic::new(name, self.partitions, replication)
                    .set("max.message.bytes", &self.max_message)
            })
            .collect();
        let results = match self.client.create_topics(&topics, &self.options()).await {
            Ok(results) => results,
            Err(error) => {
                tracing::warn!(?names, %error, "topics were not created");
                return false;
            }
        };
        let mut are_there = true;
        for (topic, error) in results.into_iter().filter_map(Result::err) {
            if error != RDKafkaErrorCode::TopicAlreadyExists {
                tracing::warn!(topic, %error, "a topic was not created");
                are_there = false;
            }
        }
        are_there
    }

    /// Removes a group that nobody will join any more.
    pub(super) async fn forget_group(&self, group: &str) {
        let deleted = self.client.delete_groups(&[group], &self.options()).await;
        if let Err(error) = deleted {
            tracing::debug!(group, %error, "a group was not removed");
        }
    }

    fn options(&self) -> AdminOptions {
        AdminOptions::new()
            .request_timeout(Some(self.timeout))
            .operation_timeout(Some(self.timeout))
    }
}

/// Asks until there is an answer or the time is over: what was made a moment ago
/// is not known to every broker yet. Blocks.
pub(super) fn ask<T>(
    timeout: Duration,
    mut question: impl FnMut() -> KafkaResult<T>,
) -> KafkaResult<T> {
    let end = Instant::now() + timeout;
    loop {
        match question() {
            Ok(answer) => return Ok(answer),
            Err(error) if Instant::now() > end => return Err(error),
            Err(_) => thread::sleep(AGAIN),
        }
    }
}

/// How many partitions a topic has; `None` if there is no such topic. Blocks.
pub(super) fn partitions<C: ConsumerContext>(
    consumer: &impl Consumer<C>,
    topic: &str,
    timeout: Duration,
) -> KafkaResult<Option<i32>> {
    ask(timeout, || {
        let metadata = consumer.client().fetch_metadata(Some(topic), timeout)?;
        let found = metadata.topics().iter().find(|found| found.name() == topic);
        match found.map(|found| (found.error(), count(found))) {
            None | Some((Some(RDKafkaRespErr::RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART), _)) => {
                Ok(None)
            }
            Some((None, Some(count))) => Ok(Some(count)),
            Some((None, None)) => Err(RDKafkaErrorCode::LeaderNotAvailable),
            Some((Some(error), _)) => Err(error.into()),
        }
        .map_err(KafkaError::MetadataFetch)
    })
}

/// The same for a topic that is there or is being made: waits until it is. Blocks.
pub(super) fn partitions_when_there<C: ConsumerContext>(
    consumer: &impl Consumer<C>,
    topic: &str,
    timeout: Duration,
) -> KafkaResult<i32> {
    ask(timeout, || {
        let count = partitions(consumer, topic, timeout)?;
        count.ok_or(KafkaError::MetadataFetch(RDKafkaErrorCode::UnknownTopic))
    })
}

/// How many partitions it has, if each has a leader.
pub(super) fn count(topic: &MetadataTopic) -> Option<i32> {
    let partitions = topic.partitions();
    let have_leaders = partitions.iter().all(|partition| partition.leader() >= 0);
    if partitions.is_empty() || !have_leaders {
        return None;
    }
    i32::try_from(partitions.len()).ok()
}
