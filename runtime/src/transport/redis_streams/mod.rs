//! Redis Streams: stored events. The stream is the route.
//!
//! | | |
//! |---|---|
//! | request and reply | no |
//! | events | to every subscriber, to one member of each group |
//! | at least once | published when Redis has stored it; delivered again until its handler has returned, also by another member of the group when the first one is gone |
//! | order | of publishing, while handlers take turns; none by `key` |
//! | wildcards | no: streams are read by their names. Such an event is refused, when it is bound and when it is published |
//! | headers | in the entry |
//! | peers | anywire; NestJS has no such transport |
//!
//! An entry of a stream has the fields `payload` (JSON), `id` (of the event, the
//! same however often it is delivered), and `headers` (a JSON object) if there are some.
//!
//! A group is a consumer group of Redis and stays when its members stop: what is
//! published meanwhile waits for them. A new one begins with what is published
//! from then on, or [with all that is there](RedisStreamsConnect::from_start). A
//! subscriber without a group reads on its own, begins likewise each time, and
//! has its events again only while its process lives.
//!
//! A subscriber that stops finishes what it has, takes once more what is there
//! already, [`MAX_CONCURRENT`] events of each stream at most, and leaves the rest to its group.
//!
//! Streams grow until they are trimmed: see [`RedisStreamsConnect::max_len`].
//! Redis may lose what it has confirmed when it dies, unless it is told to write
//! each command to disk (`appendfsync always`).

use std::{fmt, sync::Arc};

use crate::{
    BoxError, Listen, Pending, Request, Routes, Serve, Transport,
    capability::{AtLeastOnce, AtMostOnce},
    service::BoxService,
    transport::ConnectionState,
};

mod client;
mod connect;
mod entry;
mod reader;
mod subscriber;

pub use crate::delivery::{MAX_ATTEMPTS, MAX_CONCURRENT};
pub use connect::{DEFAULT_MAX_LEN, RedisStreamsConnect};

/// The transport over Redis Streams: as a value a publisher's connection, as a
/// type what it can carry.
#[derive(Clone)]
pub struct RedisStreams(Arc<client::Client>);

impl RedisStreams {
    /// A connection to `redis://host:port` or `redis://host:port/database`: to be
    /// awaited for a publisher, or given to `.on(..)`.
    ///
    /// A user and password may stand before the `@`; `rediss://` asks for TLS.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), anywire::TransportError> {
    /// use anywire::RedisStreams;
    ///
    /// let streams = RedisStreams::connect("redis://127.0.0.1:6379").await?;
    /// // let users = UsersPublisher::new(streams);
    /// # Ok(()) }
    /// ```
    pub fn connect(url: impl Into<String>) -> RedisStreamsConnect {
        RedisStreamsConnect::new(url.into())
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

    /// Stores what is waiting, closes the connection, and waits until that is done.
    pub async fn close(&self) {
        self.0.close().await;
    }
}

impl Transport for RedisStreams {
    fn start(&self, request: Request) -> Pending {
        self.0.start(request)
    }
}

/// Subscribes over connections of its own, which are made as that of the publisher.
impl Listen for RedisStreams {
    type Profile = Self;

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        subscriber::bind(self.0.options().clone(), routes, service).await
    }
}

impl fmt::Debug for RedisStreams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStreams")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

impl<Op> AtMostOnce<Op> for RedisStreams {}
impl<Op> AtLeastOnce<Op> for RedisStreams {}

/// What a publisher may use of us, and of Redis.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The largest event that is published, in bytes: 16 MiB.
    pub max_message: usize,
    /// Bytes that wait to be sent, or to be stored by Redis: 64 MiB. Beyond it
    /// events are refused.
    pub max_unsent: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_message: 16 << 20,
            max_unsent: 64 << 20,
        }
    }
}
