//! Between requests and replies and messages of Kafka.

use std::{
    borrow::Cow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use rdkafka::{
    Message, Timestamp,
    error::{KafkaError, RDKafkaErrorCode},
    message::{BorrowedMessage, Header, Headers as _, OwnedHeaders},
};

use super::value;
use crate::{
    Headers, Meta, Reply, Request, RpcException, TransportError,
    wire::nest::packet::{End, NO_HANDLER},
};

const CORRELATION_ID: &str = "kafka_correlationId";
const REPLY_TOPIC: &str = "kafka_replyTopic";
const REPLY_PARTITION: &str = "kafka_replyPartition";
const ERR: &str = "kafka_nest-err";
const IS_DISPOSED: &str = "kafka_nest-is-disposed";

/// What a server adds to the time that its clock and a caller's may differ by.
const CLOCKS: Duration = Duration::from_secs(60);

/// The topic of an operation, with its wildcards.
pub(super) fn topic_of(meta: &Meta) -> Result<&'static str, TransportError> {
    meta.topic.ok_or_else(|| {
        TransportError::NotCarried(format!(
            "Kafka cannot carry `{}.{}`, whose pattern is not the name of a topic: \
             write `topic = \"..\"` beside it in the contract",
            meta.service, meta.name
        ))
    })
}

/// Whether an operation has many topics.
pub(super) fn has_wildcards(topic: &str) -> bool {
    topic.contains('{')
}

/// The topic that a request goes to.
pub(super) fn topic(request: &Request) -> Result<&str, TransportError> {
    let topic = topic_of(request.meta)?;
    Ok(if has_wildcards(topic) {
        request.route()
    } else {
        topic
    })
}

/// The topic of the replies to what is sent to a topic.
pub(super) fn replies(topic: &str) -> String {
    format!("{topic}.reply")
}

/// The expression of the topics of an operation with wildcards.
pub(super) fn expression(prefix: &str, topic: &str) -> String {
    let escaped = |text: &str| text.replace('.', "\\.");
    let parts: Vec<_> = topic
        .split('.')
        .map(|part| {
            if part.starts_with('{') {
                Cow::Borrowed("[^.]+")
            } else {
                Cow::Owned(escaped(part))
            }
        })
        .collect();
    format!("^{}{}$", escaped(prefix), parts.join("\\."))
}

/// Who waits for the reply to a request, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Return {
    /// As it came: Nest's are text, but any bytes come back as they were sent.
    pub(super) correlation_id: Vec<u8>,
    pub(super) topic: Arc<str>,
    /// Any, where the caller names none.
    pub(super) partition: Option<i32>,
}

/// Where a caller waits for a reply: what it writes into its request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Back<'a> {
    pub(super) correlation_id: &'a [u8],
    pub(super) topic: &'a str,
    pub(super) partition: &'a str,
}

/// The headers of a request, a one-way message or an event.
pub(super) fn request_headers(
    headers: &Headers,
    back: Option<Back<'_>>,
) -> Result<OwnedHeaders, TransportError> {
    let mut all = OwnedHeaders::new_with_capacity(headers.len() + 3);
    if let Some(back) = back {
        all = with(all, CORRELATION_ID, back.correlation_id);
        all = with(all, REPLY_TOPIC, back.topic.as_bytes());
        all = with(all, REPLY_PARTITION, back.partition.as_bytes());
    }
    for (name, value) in headers.iter() {
        if name.starts_with("kafka_") || name.contains('\0') {
            return Err(TransportError::NotCarried(format!(
                "Kafka has no place for the header {name:?}: names that begin with `kafka_` are Nest's"
            )));
        }
        all = with(all, name, value.as_bytes());
    }
    Ok(all)
}

fn with(headers: OwnedHeaders, key: &str, value: &[u8]) -> OwnedHeaders {
    headers.insert(Header {
        key,
        value: Some(value),
    })
}

/// What a server reads of a message.
#[derive(Debug, Default)]
pub(super) struct Envelope {
    pub(super) back: Option<Return>,
    pub(super) headers: Headers,
}

impl Envelope {
    /// `last` is the topic of the last replies, which is not copied once more.
    pub(super) fn read(message: &BorrowedMessage<'_>, last: &mut Arc<str>) -> Self {
        let (mut id, mut topic, mut partition) = (None, None, None);
        let mut headers = Headers::new();
        each_header(message, |name, value| match (name, value) {
            (CORRELATION_ID, Some(value)) => id = Some(value.to_vec()),
            (REPLY_TOPIC, Some(value)) => topic = str::from_utf8(value).ok(),
            (REPLY_PARTITION, Some(value)) => {
                let text = str::from_utf8(value).ok();
                partition = text.and_then(|text| text.parse().ok());
            }
            (CORRELATION_ID | REPLY_TOPIC | REPLY_PARTITION, None) => {}
            (name, value) if headers.len() < Headers::MAX => {
                let value = String::from_utf8_lossy(value.unwrap_or_default());
                headers.set(name.to_owned(), value.into_owned());
            }
            _ => {}
        });
        let back = id.zip(topic).map(|(correlation_id, topic)| {
            if **last != *topic {
                *last = topic.into();
            }
            Return {
                correlation_id,
                topic: Arc::clone(last),
                partition: partition.filter(|partition: &i32| *partition >= 0),
            }
        });
        Self { back, headers }
    }
}

/// What a client reads of a reply.
#[derive(Debug)]
pub(super) struct ReplyHeaders<'m> {
    pub(super) correlation_id: &'m [u8],
    /// As JSON.
    pub(super) err: Option<Vec<u8>>,
    pub(super) is_disposed: bool,
}

impl<'m> ReplyHeaders<'m> {
    /// `None` if nobody can know whose reply it is.
    pub(super) fn read(message: &'m BorrowedMessage<'_>) -> Option<Self> {
        let (mut id, mut err, mut is_disposed) = (None, None, false);
        each_header(message, |name, value| match name {
            CORRELATION_ID => id = value,
            ERR => err = Some(error_json(value.unwrap_or_default())),
            IS_DISPOSED => is_disposed = true,
            _ => {}
        });
        Some(Self {
            correlation_id: id?,
            err,
            is_disposed,
        })
    }
}

/// An error as JSON: what Nest takes for JSON, and everything else as text.
fn error_json(value: &[u8]) -> Vec<u8> {
    let is_json = matches!(value, [b'{' | b'[', ..])
        && serde_json::from_slice::<serde_json::Value>(value).is_ok();
    if is_json {
        value.to_vec()
    } else {
        value::quoted(value).into()
    }
}

/// Calls `see` for every header.
fn each_header<'m>(
    message: &'m BorrowedMessage<'_>,
    mut see: impl FnMut(&'m str, Option<&'m [u8]>),
) {
    let Some(headers) = message.headers() else {
        return;
    };
    for at in 0..headers.count() {
        // The library panics where a name is not UTF-8, which a peer can send.
        let header = catch_unwind(AssertUnwindSafe(|| headers.try_get(at)));
        if let Ok(Some(Header { key, value })) = header {
            see(key, value);
        }
    }
}

/// A reply as it stands in a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ReplyMessage<'a> {
    pub(super) value: Option<Cow<'a, [u8]>>,
    pub(super) err: Option<Cow<'a, [u8]>>,
    pub(super) is_disposed: bool,
}

impl<'a> ReplyMessage<'a> {
    pub(super) fn of(reply: &'a Reply, end: End) -> Self {
        let (value, err) = match reply {
            Reply::Value(payload) => (value::to_kafka(payload), None),
            Reply::Error { exception, .. } => (None, Some(error_text(exception.to_json()))),
            Reply::Refused(TransportError::NoHandler) => {
                (None, Some(Cow::Borrowed(NO_HANDLER.as_bytes())))
            }
            Reply::Refused(error) => {
                let exception = RpcException::of_kind(error.kind(), &error.to_string());
                let err = exception.to_json().as_bytes().to_vec();
                (None, Some(Cow::Owned(err)))
            }
            // Whoever drives a stream writes its values one by one.
            Reply::Values(_) => (None, None),
        };
        Self {
            is_disposed: end == End::Last || err.is_some(),
            value,
            err,
        }
    }

    pub(super) fn headers(&self, correlation_id: &[u8]) -> OwnedHeaders {
        let mut headers = with(
            OwnedHeaders::new_with_capacity(3),
            CORRELATION_ID,
            correlation_id,
        );
        if let Some(err) = &self.err {
            headers = with(headers, ERR, err);
        }
        if self.is_disposed {
            headers = with(headers, IS_DISPOSED, &[0]);
        }
        headers
    }
}

/// An error as Nest writes it: a text without quotes.
fn error_text(json: &str) -> Cow<'_, [u8]> {
    value::to_kafka(json.as_bytes()).unwrap_or(Cow::Borrowed(json.as_bytes()))
}

/// Whether the caller of a request has given up long ago: messages wait in
/// their topics for as long as there is no server.
pub(super) fn is_stale(meta: &Meta, sent: Timestamp, now: Timestamp) -> bool {
    let (Some(sent), Some(now)) = (sent.to_millis(), now.to_millis()) else {
        return false;
    };
    let age = u64::try_from(now.saturating_sub(sent)).unwrap_or_default();
    Duration::from_millis(age) > meta.timeout.saturating_add(CLOCKS)
}

/// Why a message was not sent.
pub(super) fn refusal(error: &KafkaError, size: usize, limit: usize) -> TransportError {
    match error.rdkafka_error_code() {
        Some(RDKafkaErrorCode::MessageSizeTooLarge) if size > limit => TransportError::TooLarge {
            size,
            limit,
            unit: "bytes",
        },
        Some(RDKafkaErrorCode::QueueFull) => {
            TransportError::Overloaded("too many messages wait for Kafka to confirm them")
        }
        Some(RDKafkaErrorCode::MessageTimedOut) => TransportError::TimedOut,
        Some(RDKafkaErrorCode::PurgeQueue | RDKafkaErrorCode::PurgeInflight) => {
            TransportError::Closed
        }
        Some(RDKafkaErrorCode::UnknownTopic | RDKafkaErrorCode::UnknownTopicOrPartition) => {
            TransportError::NoHandler
        }
        _ => TransportError::NotCarried(format!("Kafka does not take the message: {error}")),
    }
}

#[cfg(test)]
mod tests;
