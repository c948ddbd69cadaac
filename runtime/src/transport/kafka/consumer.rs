//! A member of a consumer group: what is assigned to it, and where it begins.

use std::{collections::HashMap, sync::Arc, time::Duration};

use rdkafka::{
    ClientContext, Offset, TopicPartitionList,
    config::RDKafkaLogLevel,
    consumer::{BaseConsumer, CommitMode, Consumer as _, ConsumerContext, StreamConsumer},
    error::{KafkaError, KafkaResult},
    types::RDKafkaRespErr,
};
use tokio::sync::mpsc;

use super::{
    KafkaConnect,
    health::{self, OffThread},
    message,
    offsets::Position,
    producer::refused_options,
    topics,
};
use crate::{TransportError, wire::nest::pattern};

/// The partitions of a member change.
#[derive(Debug)]
pub(super) enum Change {
    /// These are its partitions now.
    Assigned(Vec<(String, i32)>),
    /// It has to give all up.
    Revoked,
    /// What was handled is not committed.
    NotCommitted,
}

/// Hands on what the library tells of a member.
pub(super) struct Member {
    changes: mpsc::UnboundedSender<Change>,
}

impl ClientContext for Member {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        health::log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::warn!(%error, reason, "Kafka");
    }
}

impl ConsumerContext for Member {
    /// The change is made by whoever reads the messages, in its turn: this is
    /// called in the midst of that, and must not block.
    fn rebalance(
        &self,
        consumer: &BaseConsumer<Self>,
        what: RDKafkaRespErr,
        partitions: &mut TopicPartitionList,
    ) {
        let change = if what == RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            let all = partitions.elements();
            let all = all.iter();
            Change::Assigned(
                all.map(|one| (one.topic().to_owned(), one.partition()))
                    .collect(),
            )
        } else {
            Change::Revoked
        };
        if self.changes.send(change).is_err()
            && let Err(error) = consumer.unassign()
        {
            // Nobody reads any more: the consumer is being closed.
            tracing::debug!(%error, "partitions were not given up");
        }
    }

    fn commit_callback(&self, result: KafkaResult<()>, _: &TopicPartitionList) {
        if let Err(error) = result {
            tracing::warn!(%error, "Kafka has not taken a commit, another will follow");
            // Nobody may read any more.
            let _ = self.changes.send(Change::NotCommitted);
        }
    }
}

pub(super) type Consumer = OffThread<StreamConsumer<Member>>;

/// A consumer that is in no group yet.
pub(super) fn consumer(
    options: &KafkaConnect,
    group: &str,
    has_wildcards: bool,
) -> Result<(Arc<Consumer>, mpsc::UnboundedReceiver<Change>), TransportError> {
    let (changes, of_changes) = mpsc::unbounded_channel();
    let mut config = options.consumer(group);
    if has_wildcards && config.get("topic.metadata.refresh.interval.ms").is_none() {
        // So soon is a topic known that a publisher has made.
        config.set("topic.metadata.refresh.interval.ms", "2000");
    }
    let consumer = config
        .create_with_context(Member { changes })
        .map_err(|error| refused_options(&error))?;
    Ok((Arc::new(OffThread::new(consumer)), of_changes))
}

/// Where partitions begin that the group has committed nothing of.
#[derive(Debug, Default)]
pub(super) struct Start {
    /// Whether there is a topic to be read. Where there is none yet, no group is
    /// joined before there is.
    pub(super) has_topics: bool,
    /// Where they ended when this was asked. What is not here came later, and
    /// is read from its beginning.
    ends: HashMap<(String, i32), i64>,
}

impl Start {
    /// Asks where a group begins that has never committed anything: where its
    /// topics end now. Blocks.
    pub(super) fn ask(
        consumer: &Consumer,
        names: &[String],
        from_start: bool,
        timeout: Duration,
    ) -> KafkaResult<Self> {
        let mut all = TopicPartitionList::new();
        for name in names {
            if message::has_wildcards(name) {
                let metadata = consumer.client().fetch_metadata(None, timeout)?;
                let fitting = metadata.topics().iter();
                for topic in fitting.filter(|topic| pattern::fits(name, topic.name())) {
                    if let Some(count) = topics::count(topic) {
                        all.add_partition_range(topic.name(), 0, count - 1);
                    }
                }
            } else {
                let count = topics::partitions_when_there(&**consumer, name, timeout)?;
                all.add_partition_range(name, 0, count - 1);
            }
        }
        let has_topics = all.count() > 0;
        if from_start || !has_topics {
            let ends = HashMap::new();
            return Ok(Self { has_topics, ends });
        }
        let committed = topics::ask(timeout, || consumer.committed_offsets(all.clone(), timeout))?;
        let is_new = committed
            .elements()
            .iter()
            .all(|one| !matches!(one.offset(), Offset::Offset(_)));
        let ends = if is_new {
            let ends = edges(consumer, all, Offset::End, timeout)?.into_iter();
            ends.map(|end| ((end.topic, end.partition), end.offset))
                .collect()
        } else {
            HashMap::new()
        };
        Ok(Self { has_topics, ends })
    }

    /// Begins to read partitions: where the group had come to, or at the start. Blocks.
    pub(super) fn assign(
        &self,
        consumer: &Consumer,
        partitions: &[(String, i32)],
        timeout: Duration,
    ) -> KafkaResult<Vec<Position>> {
        let positions = self.positions(consumer, partitions, timeout)?;
        consumer.assign(&list(&positions)?)?;
        Ok(positions)
    }

    fn positions(
        &self,
        consumer: &Consumer,
        partitions: &[(String, i32)],
        timeout: Duration,
    ) -> KafkaResult<Vec<Position>> {
        let mut ours = TopicPartitionList::new();
        for (topic, partition) in partitions {
            ours.add_partition(topic, *partition);
        }
        if ours.count() == 0 {
            return Ok(Vec::new());
        }
        let (mut positions, mut unread) = (Vec::new(), TopicPartitionList::new());
        for one in consumer.committed_offsets(ours, timeout)?.elements() {
            let (topic, partition) = (one.topic().to_owned(), one.partition());
            let offset = match one.offset() {
                Offset::Offset(offset) => Some(offset),
                _ => self.ends.get(&(topic.clone(), partition)).copied(),
            };
            match offset {
                Some(offset) => positions.push(Position {
                    topic,
                    partition,
                    offset,
                }),
                None => drop(unread.add_partition(&topic, partition)),
            }
        }
        if unread.count() > 0 {
            positions.extend(edges(consumer, unread, Offset::Beginning, timeout)?);
        }
        Ok(positions)
    }
}

/// Where partitions begin or end now. Blocks.
pub(super) fn edges(
    consumer: &Consumer,
    mut partitions: TopicPartitionList,
    edge: Offset,
    timeout: Duration,
) -> KafkaResult<Vec<Position>> {
    // The edges are asked for by times that stand for them.
    partitions.set_all_offsets(edge)?;
    topics::ask(timeout, || {
        let found = consumer.offsets_for_times(partitions.clone(), timeout)?;
        let found = found.elements();
        let positions = found.iter().map(|one| {
            one.error()?;
            let offset = one.offset().to_raw().unwrap_or_default().max(0);
            Ok(Position {
                topic: one.topic().to_owned(),
                partition: one.partition(),
                offset,
            })
        });
        positions.collect()
    })
}

/// Positions as the library has them.
pub(super) fn list(positions: &[Position]) -> KafkaResult<TopicPartitionList> {
    let mut list = TopicPartitionList::with_capacity(positions.len());
    for position in positions {
        let offset = Offset::Offset(position.offset);
        list.add_partition_offset(&position.topic, position.partition, offset)?;
    }
    Ok(list)
}

/// Commits positions, and waits for it if that is asked for.
pub(super) fn commit(consumer: &Consumer, positions: &[Position], mode: CommitMode) {
    let committed = list(positions).and_then(|list| consumer.commit(&list, mode));
    if let Err(error) = committed {
        tracing::warn!(%error, "what was handled is not committed, and may be handled again");
    }
}
