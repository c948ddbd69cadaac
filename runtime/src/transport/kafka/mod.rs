//! Kafka, on Nest's wire: the topic is the route, headers are the envelope.
//!
//! | | |
//! |---|---|
//! | request and reply | yes, by a reply topic beside each topic; replicas share a consumer group |
//! | streams | of replies; of requests no, since Nest's wire has no place for them |
//! | events | to one member of each group, or to every subscriber; stored, at least once |
//! | order | by key: the key is the partition's, and retries hold up their key only |
//! | wildcards | `users.{role}.created` is any number of topics, known by an expression |
//! | headers | Kafka's own; those that begin with `kafka_` are the envelope |
//! | peers | NestJS 10, 11 and 12, and anywire |
//!
//! Only operations that have a topic can be bound: those whose pattern is the
//! name of one, and those with `topic = ".."` in the contract.
//!
//! A request is stored as well. Where there is no topic, nobody ever served the
//! operation, and a call fails as [`NoHandler`](crate::TransportError::NoHandler);
//! where there is one and nobody serves it now, its caller's time runs out.
//!
//! A server or subscriber begins where the topic ends when its group is new, and
//! otherwise where the group had come to. It commits what it has handled, five
//! times a second: after a crash what was handled since then is handled again.
//! Requests whose callers have given up long ago are left out.
//!
//! While no broker can be reached calls fail at once, as do those under way when
//! the last one is lost: what became of them, nobody knows, and no request is
//! sent twice.

use std::{fmt, sync::Arc};

use crate::{
    BoxError, HasTopic, Listen, Pending, Request, Routes, Serve, Transport,
    capability::{AtLeastOnce, AtMostOnce, KeyOrder, RequestReply, StreamsReplies},
    service::BoxService,
    transport::ConnectionState,
};

mod answers;
mod client;
mod connect;
mod consumer;
mod health;
mod message;
mod offsets;
mod producer;
mod server;
mod topics;
mod value;
mod window;

pub use connect::KafkaConnect;

/// The Kafka transport: as a value a client, as a type what Kafka can carry.
#[derive(Clone)]
pub struct Kafka(Arc<client::Client>);

impl Kafka {
    /// A connection to `host:port`, or several brokers with commas between them:
    /// to be awaited for a client, or given to `.on(..)`.
    ///
    /// `kafka://` may stand in front, and a user and password before an `@`,
    /// which logs in by SASL PLAIN.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), anywire::TransportError> {
    /// use anywire::Kafka;
    ///
    /// let kafka = Kafka::connect("127.0.0.1:9092").await?;
    /// // let users = UsersClient::new(kafka);
    /// # Ok(()) }
    /// ```
    pub fn connect(brokers: impl Into<String>) -> KafkaConnect {
        KafkaConnect::new(&brokers.into())
    }

    /// Whether a broker can be reached.
    #[must_use]
    pub fn state(&self) -> ConnectionState {
        self.0.state()
    }

    /// Waits until the connection is in this state, or closed.
    pub async fn until(&self, state: ConnectionState) {
        self.0.until(state).await;
    }

    /// Sends what is waiting, closes the connection, and waits until that is done.
    /// Calls without an answer fail as [`Closed`](crate::TransportError::Closed).
    pub async fn close(&self) {
        self.0.close().await;
    }
}

impl Transport for Kafka {
    fn start(&self, request: Request) -> Pending {
        self.0.start(request)
    }
}

/// Serves with the options of a client, over connections of its own.
impl Listen for Kafka {
    type Profile = Self;

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        server::bind(self.0.options().clone(), routes, service).await
    }
}

impl fmt::Debug for Kafka {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kafka")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

impl<Op: HasTopic> RequestReply<Op> for Kafka {}
impl<Op: HasTopic> StreamsReplies<Op> for Kafka {}
impl<Op: HasTopic> AtMostOnce<Op> for Kafka {}
impl<Op: HasTopic> AtLeastOnce<Op> for Kafka {}
impl<Op: HasTopic> KeyOrder<Op> for Kafka {}

/// What a connection may use of us.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Handlers under way for one server or subscriber: 1024. Further messages
    /// wait in their topics. Of events that are delivered at least once
    /// [fewer](crate::delivery::MAX_CONCURRENT) are handled at a time.
    pub max_in_flight: usize,
    /// Bytes that one server or subscriber has fetched for handlers that are
    /// busy: 16 MiB.
    pub max_fetched: usize,
    /// Calls under way on one client: 65,536. Further ones are refused.
    pub max_calls: usize,
    /// Messages of one client or server that no broker has confirmed yet:
    /// 100,000. Further ones are refused.
    pub max_unsent: usize,
    /// Bytes of one stream that a server has sent and no broker has confirmed
    /// yet: 1 MiB. Its next value waits. When the broker does not take a value,
    /// the stream ends with an error, behind those that were under way.
    pub stream_window: usize,
    /// Bytes of one message: 8 MiB. Topics that are created here take as much.
    pub max_message: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_in_flight: 1024,
            max_fetched: 16 << 20,
            max_calls: 65_536,
            max_unsent: 100_000,
            stream_window: 1 << 20,
            max_message: 8 << 20,
        }
    }
}
