//! What sends messages, and hears what became of them.

use std::{borrow::Cow, sync::Arc, time::Duration};

use rdkafka::{
    ClientContext,
    config::RDKafkaLogLevel,
    error::KafkaError,
    message::{Message as _, OwnedHeaders},
    producer::{BaseRecord, DeliveryResult, Producer as _, ProducerContext, ThreadedProducer},
};
use tokio::sync::oneshot;

use super::{
    KafkaConnect,
    health::{self, Health, OffThread, blocking},
    message,
    window::Room,
};
use crate::{
    Reply, TransportError,
    transport::nest::calls::{CallId, SharedCalls},
};

/// How long it may take until what was sent is confirmed, when all else is done.
const LAST_CONFIRMATIONS: Duration = Duration::from_secs(10);

/// Who wants to know what becomes of a message.
pub(super) enum Report {
    /// The call, if it does not reach the broker.
    Call(Arc<SharedCalls>, CallId),
    /// The publisher, in any case.
    Publisher(oneshot::Sender<Reply>),
    /// The stream that it belongs to.
    Stream(Room),
    /// Whoever reads the log.
    Nobody,
}

/// A message to be sent.
pub(super) struct Outgoing<'a> {
    pub(super) topic: &'a str,
    pub(super) partition: Option<i32>,
    pub(super) key: Option<&'a str>,
    pub(super) value: Option<Cow<'a, [u8]>>,
    pub(super) headers: OwnedHeaders,
}

pub(super) struct Producer {
    producer: OffThread<ThreadedProducer<Reports>>,
    limit: usize,
    nobody: Arc<Report>,
}

impl Producer {
    /// Connects, and fails if no broker can be reached.
    pub(super) async fn connect(
        options: &KafkaConnect,
        health: Arc<Health>,
    ) -> Result<Arc<Self>, TransportError> {
        let reports = Reports {
            health: Arc::clone(&health),
            limit: options.limits.max_message,
        };
        let producer = options
            .producer()
            .create_with_context(reports)
            .map_err(|error| refused_options(&error))?;
        let producer = Arc::new(Self {
            producer: OffThread::new(producer),
            limit: options.limits.max_message,
            nobody: Arc::new(Report::Nobody),
        });
        let (connecting, timeout) = (Arc::clone(&producer), options.connect_timeout);
        let is_there = blocking(move || connecting.is_connected(&health, timeout)).await;
        is_there.map_err(|reason| options.unreachable(reason))?;
        Ok(producer)
    }

    fn is_connected(&self, health: &Health, timeout: Duration) -> Result<(), String> {
        let client = self.producer.client();
        let end = std::time::Instant::now() + timeout;
        while client.fetch_cluster_id(Duration::from_millis(50)).is_none() {
            if health.is_refused() || std::time::Instant::now() > end {
                return Err(health.reason());
            }
        }
        Ok(())
    }

    /// Whether a broker answers.
    pub(super) fn is_answered(&self, timeout: Duration) -> bool {
        self.producer.client().fetch_metadata(None, timeout).is_ok()
    }

    /// Hands a message to the library.
    pub(super) fn send(
        &self,
        message: Outgoing<'_>,
        report: Report,
    ) -> Result<(), (TransportError, Report)> {
        let size = message.value.as_ref().map_or(0, |value| value.len());
        let report = match report {
            Report::Nobody => Arc::clone(&self.nobody),
            report => Arc::new(report),
        };
        let mut record = BaseRecord::with_opaque_to(message.topic, report);
        record.partition = message.partition;
        record.key = message.key;
        record.payload = message.value.as_deref();
        record.headers = Some(message.headers);
        self.producer.send(record).map_err(|(error, record)| {
            let refusal = message::refusal(&error, size, self.limit);
            (refusal, own(record.delivery_opaque))
        })
    }

    /// Waits until all that was sent is confirmed.
    pub(super) async fn flush(self: &Arc<Self>) {
        let producer = Arc::clone(self);
        let flushed = blocking(move || producer.producer.flush(LAST_CONFIRMATIONS)).await;
        if let Err(error) = flushed {
            tracing::warn!(%error, "Kafka has not confirmed all that was sent");
        }
    }
}

/// An error of the options, without their values, which may be secret.
pub(super) fn refused_options(error: &KafkaError) -> TransportError {
    TransportError::NotCarried(match error {
        KafkaError::ClientConfig(_, reason, option, _) => {
            format!("the option {option:?} of Kafka is wrong: {reason}")
        }
        other => format!("a client of Kafka cannot be made: {other}"),
    })
}

/// Hears of what became of messages.
struct Reports {
    health: Arc<Health>,
    limit: usize,
}

impl ClientContext for Reports {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        health::log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.health.note(&error, reason);
    }
}

impl ProducerContext for Reports {
    type DeliveryOpaque = Arc<Report>;

    fn delivery(&self, result: &DeliveryResult<'_>, report: Arc<Report>) {
        let failed = result.as_ref().err();
        let failed =
            failed.map(|(error, sent)| message::refusal(error, sent.payload_len(), self.limit));
        match (own(report), failed) {
            (Report::Call(..) | Report::Nobody, None) => {}
            (Report::Call(calls, id), Some(error)) => calls.refuse(id, error),
            (Report::Publisher(publisher), failed) => {
                let reply = failed.map_or(Reply::Value(bytes::Bytes::new()), Reply::Refused);
                // Who has given up need not be told.
                let _ = publisher.send(reply);
            }
            // There is room again.
            (Report::Stream(_), None) => {}
            (Report::Stream(room), Some(error)) => room.lost(error),
            (Report::Nobody, Some(error)) => {
                let topic = result.as_ref().err().map(|(_, sent)| sent.topic());
                tracing::warn!(topic, %error, "a reply was not sent");
            }
        }
    }
}

/// Only that of nobody is shared.
fn own(report: Arc<Report>) -> Report {
    Arc::into_inner(report).unwrap_or(Report::Nobody)
}

/// Whether a message was refused since too many wait already.
pub(super) fn is_full(error: &TransportError) -> bool {
    matches!(error, TransportError::Overloaded(_))
}
