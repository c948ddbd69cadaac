//! Redis, on Nest's wire: the channel is the route, replies come on
//! `<route>.reply`.
//!
//! | | |
//! |---|---|
//! | request and reply | yes; every replica of a server handles every request, the first answer counts |
//! | streams | of replies, from a server without replicas; of requests no, since Nest's wire has no place for them |
//! | events | to every subscriber, at most once |
//! | groups | no: a subscriber with one is refused when it is bound |
//! | wildcards | `users.{role}.created` is the pattern `users.*.created` |
//! | headers | in `metadata`, which NestJS 12 reads and sends |
//! | peers | NestJS 10, 11 and 12, and anywire |
//!
//! Redis hands each message to everybody who listens and stores none. For
//! events that reach one member of a group there are
#![cfg_attr(
    feature = "redis-streams",
    doc = "[`RedisStreams`](crate::RedisStreams)"
)]
#![cfg_attr(not(feature = "redis-streams"), doc = "`RedisStreams`")]
//! and NATS.
//!
//! A request that nobody listens for fails as
//! [`NoHandler`](crate::TransportError::NoHandler) at once, since Redis says how
//! many have got a message. In a cluster it counts those of one node only: there
//! such a request ends with its caller's time.
//!
//! A server that stops answers all that has reached it.
//!
//! While there is no connection calls fail at once, as do those under way when
//! it is lost: what became of them, nobody knows, and nothing is sent twice.

use std::{fmt, sync::Arc};

use crate::{
    BoxError, Listen, Pending, Request, Routes, Serve, Transport,
    capability::{AtMostOnce, RequestReply, StreamsReplies},
    service::BoxService,
    transport::ConnectionState,
};

mod client;
mod connect;
mod link;
mod message;
mod server;

pub use connect::RedisConnect;

/// The Redis transport: as a value a client's connections, as a type what Redis
/// can carry.
#[derive(Clone)]
pub struct Redis(Arc<client::Client>);

impl Redis {
    /// A connection to `redis://host:port`: to be awaited for a client, or given
    /// to `.on(..)`.
    ///
    /// A user and password may stand before the `@`; `rediss://` asks for TLS.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), anywire::TransportError> {
    /// use anywire::Redis;
    ///
    /// let redis = Redis::connect("redis://127.0.0.1:6379").await?;
    /// // let users = UsersClient::new(redis);
    /// # Ok(()) }
    /// ```
    pub fn connect(url: impl Into<String>) -> RedisConnect {
        RedisConnect::new(url.into())
    }

    /// Whether there is a connection.
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

impl Transport for Redis {
    fn start(&self, request: Request) -> Pending {
        self.0.start(&request)
    }
}

/// Serves over connections of its own, which are made as those of the client.
impl Listen for Redis {
    type Profile = Self;

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        server::bind(self.0.options(), routes, service).await
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

impl<Op> RequestReply<Op> for Redis {}
impl<Op> StreamsReplies<Op> for Redis {}
impl<Op> AtMostOnce<Op> for Redis {}

/// What a client or a server may use of us, and of Redis.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Handlers under way for one server or subscriber: 1024. Further messages
    /// wait, up to [`max_waiting`](Self::max_waiting).
    pub max_in_flight: usize,
    /// Bytes of the messages that wait for handlers that are busy: 64 MiB.
    /// Further messages are dropped, since others may have got them as well, and
    /// their callers' time runs out.
    pub max_waiting: usize,
    /// Calls under way on one client: 65,536. Further ones are refused.
    pub max_calls: usize,
    /// The largest message that is sent, in bytes: 16 MiB. Redis cuts off
    /// subscribers for which more than 32 MiB wait, unless it is told otherwise.
    pub max_message: usize,
    /// Bytes that wait to be sent, or to be taken by Redis: 64 MiB. Beyond it a
    /// client refuses calls, and a server's handlers wait with their replies.
    pub max_unsent: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_in_flight: 1024,
            max_waiting: 64 << 20,
            max_calls: 65_536,
            max_message: 16 << 20,
            max_unsent: 64 << 20,
        }
    }
}
