//! A member of a consumer group: what is assigned to it, and where it begins.

use std::{
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rdkafka::{
    ClientContext, Offset, TopicPartitionList,
    config::RDKafkaLogLevel,
    consumer::{BaseConsumer, CommitMode, Consumer as _, ConsumerContext, StreamConsumer},
    error::{KafkaError, KafkaResult},
    types::RDKafkaRespErr,
};
use tokio::sync::{Notify, mpsc};

use super::{
    KafkaConnect,
    health::{self, OffThread},
    message,
    offsets::{Position, UNKNOWN},
    producer::refused_options,
    topics,
};
use crate::{TransportError, wire::nest::pattern};

/// The partitions of a member change.
#[derive(Debug)]
pub(super) enum Change {
    /// These are its partitions now, and are being read from where the group had
    /// come to, or from the offsets that are known.
    Assigned(Vec<Position>),
    /// It has to give all up.
    Revoked,
}

/// Hands on what the library tells of a member.
pub(super) struct Member {
    changes: mpsc::UnboundedSender<Change>,
    not_committed: Arc<Notify>,
    /// Whether what is assigned is read.
    is_serving: AtomicBool,
    /// Where partitions begin at first of which nobody has committed anything.
    ends: Mutex<Vec<Position>>,
}

impl Member {
    /// From now on what is assigned is read at once.
    pub(super) fn begin_serving(&self) {
        self.is_serving.store(true, Ordering::Relaxed);
    }

    /// Begins to read partitions: where the group had come to, or else at their
    /// beginnings, as the library is told in its options.
    fn assign(
        &self,
        consumer: &BaseConsumer<Self>,
        partitions: &mut TopicPartitionList,
    ) -> KafkaResult<()> {
        for end in mem::take(&mut *self.ends()) {
            if let Some(mut one) = partitions.find_partition(&end.topic, end.partition) {
                one.set_offset(Offset::Offset(end.offset))?;
            }
        }
        consumer.assign(partitions)?;
        if self.is_serving.load(Ordering::Relaxed) {
            // A pause outlasts an assignment: it may be from before this served.
            consumer.resume(partitions)
        } else {
            consumer.pause(partitions)
        }
    }

    fn ends(&self) -> MutexGuard<'_, Vec<Position>> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
    /// This is called by whoever reads the messages, in the midst of that, and
    /// must not block. Partitions are taken at once: what was taken later might
    /// belong to a generation of the group that is over by then. They are given up
    /// by the reader, in its turn, when it is done with them.
    fn rebalance(
        &self,
        consumer: &BaseConsumer<Self>,
        what: RDKafkaRespErr,
        partitions: &mut TopicPartitionList,
    ) {
        let change = if what == RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            if let Err(error) = self.assign(consumer, partitions) {
                tracing::error!(%error, "Kafka does not begin with partitions");
            }
            Change::Assigned(positions(partitions))
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
            self.not_committed.notify_one();
        }
    }
}

pub(super) type Consumer = OffThread<StreamConsumer<Member>>;

/// What a consumer tells of itself.
pub(super) struct News {
    pub(super) changes: mpsc::UnboundedReceiver<Change>,
    /// What was handled is not committed.
    pub(super) not_committed: Arc<Notify>,
}

/// A consumer that is in no group yet.
pub(super) fn consumer(
    options: &KafkaConnect,
    group: &str,
    has_wildcards: bool,
) -> Result<(Arc<Consumer>, News), TransportError> {
    let (changes, of_changes) = mpsc::unbounded_channel();
    let not_committed = Arc::new(Notify::new());
    let news = News {
        changes: of_changes,
        not_committed: Arc::clone(&not_committed),
    };
    let member = Member {
        changes,
        not_committed,
        is_serving: AtomicBool::new(false),
        ends: Mutex::default(),
    };
    let mut config = options.consumer(group);
    if has_wildcards && config.get("topic.metadata.refresh.interval.ms").is_none() {
        // So soon is a topic known that a publisher has made.
        config.set("topic.metadata.refresh.interval.ms", "2000");
    }
    let consumer = config
        .create_with_context(member)
        .map_err(|error| refused_options(&error))?;
    Ok((Arc::new(OffThread::new(consumer)), news))
}

/// Finds the topics of these names, and has a new group begin where they end now.
/// Says whether there is a topic: where there is none, no group is joined before
/// there is one. Blocks.
pub(super) fn begin(
    consumer: &Consumer,
    names: &[String],
    from_start: bool,
    timeout: Duration,
) -> KafkaResult<bool> {
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
    if has_topics && !from_start {
        begin_at_ends(consumer, all, timeout)?;
    }
    Ok(has_topics)
}

/// Commits where partitions end now, if the group has never committed anything.
/// What it has committed nothing of later came later, and is read from its beginning.
fn begin_at_ends(
    consumer: &Consumer,
    all: TopicPartitionList,
    timeout: Duration,
) -> KafkaResult<()> {
    let is_new = || {
        let committed = topics::ask(timeout, || consumer.committed_offsets(all.clone(), timeout))?;
        let committed = committed.elements();
        let mut offsets = committed.iter().map(|one| one.offset());
        KafkaResult::Ok(!offsets.any(|offset| matches!(offset, Offset::Offset(_))))
    };
    if !is_new()? {
        return Ok(());
    }
    let ends = ends(consumer, all.clone(), timeout)?;
    // Refused when the group has members by now, of which the first has done the same ..
    if consumer.commit(&list(&ends)?, CommitMode::Sync).is_err() && is_new()? {
        // .. unless it is not one of ours, and has not come to commit anything.
        *consumer.context().ends() = ends;
    }
    Ok(())
}

/// Where partitions are read from that the group has committed. Blocks.
pub(super) fn committed(
    consumer: &Consumer,
    partitions: &TopicPartitionList,
    timeout: Duration,
) -> KafkaResult<Vec<Position>> {
    let committed = consumer.committed_offsets(partitions.clone(), timeout)?;
    Ok(positions(&committed))
}

/// Partitions of the library with their offsets, where there are any.
fn positions(partitions: &TopicPartitionList) -> Vec<Position> {
    let all = partitions.elements();
    let positions = all.iter().map(|one| Position {
        topic: one.topic().to_owned(),
        partition: one.partition(),
        offset: match one.offset() {
            Offset::Offset(offset) => offset,
            _ => UNKNOWN,
        },
    });
    positions.collect()
}

/// Where partitions end now. Blocks.
pub(super) fn ends(
    consumer: &Consumer,
    mut partitions: TopicPartitionList,
    timeout: Duration,
) -> KafkaResult<Vec<Position>> {
    // The ends are asked for by a time that stands for them.
    partitions.set_all_offsets(Offset::End)?;
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
fn list(positions: &[Position]) -> KafkaResult<TopicPartitionList> {
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
