//! How connections are asked for, and how streams are read and kept.

use std::{fmt, future::IntoFuture, sync::Arc, time::Duration};

use super::{Limits, RedisStreams, client::Client, subscriber};
use crate::{
    BoxError, BoxFuture, Listen, Routes, Serve, TransportError,
    service::BoxService,
    transport::redis_connection::{Server, server_options},
};

/// How many entries a stream keeps unless it is told otherwise.
pub const DEFAULT_MAX_LEN: u64 = 1_000_000;

/// A connection to be made: await it for a publisher, or give it to `.on(..)`.
#[must_use = "nothing is connected until it is awaited or subscribed on"]
#[derive(Clone)]
pub struct RedisStreamsConnect {
    pub(super) server: Server,
    pub(super) limits: Limits,
    pub(super) max_len: Option<u64>,
    pub(super) reads_all: bool,
    pub(super) consumer: Option<String>,
    pub(super) claim_after: Duration,
}

impl RedisStreamsConnect {
    pub(super) fn new(url: String) -> Self {
        Self {
            server: Server::new(url),
            limits: Limits::default(),
            max_len: Some(DEFAULT_MAX_LEN),
            reads_all: false,
            consumer: None,
            claim_after: Duration::from_secs(60),
        }
    }

    server_options!();

    /// How many entries a stream keeps, about: [`DEFAULT_MAX_LEN`] unless set.
    /// Publishing removes the oldest beyond it, handled or not, so that it must
    /// be more than what a group can lag behind.
    pub fn max_len(mut self, entries: u64) -> Self {
        self.max_len = Some(entries);
        self
    }

    /// Removes no entries when publishing: streams are trimmed by somebody else,
    /// or fill the memory of Redis.
    pub fn keep_all(mut self) -> Self {
        self.max_len = None;
        self
    }

    /// Begins with the oldest entry of a stream and not with what is published
    /// from now on. A group that there is already goes on where it was.
    pub fn from_start(mut self) -> Self {
        self.reads_all = true;
        self
    }

    /// The name of a member of a group, which no other running member may have:
    /// a random one unless set. One that stays the same over restarts gets back
    /// at once what it left unfinished, and not only after
    /// [`claim_after`](Self::claim_after).
    pub fn consumer(mut self, name: impl Into<String>) -> Self {
        self.consumer = Some(name.into());
        self
    }

    /// How long a member of a group may give no sign of life of an event before
    /// another member takes it over: 60 seconds unless set, 100 ms at least. A
    /// member that runs gives one three times as often, however long its handlers take.
    pub fn claim_after(mut self, silence: Duration) -> Self {
        self.claim_after = silence.max(Duration::from_millis(100));
        self
    }
}

/// Connects, and fails if the first attempt does.
impl IntoFuture for RedisStreamsConnect {
    type Output = Result<RedisStreams, TransportError>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(RedisStreams(Arc::new(Client::connect(self).await?))) })
    }
}

/// Subscribes over connections of its own.
impl Listen for RedisStreamsConnect {
    type Profile = RedisStreams;

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        subscriber::bind(self, routes, service).await
    }
}

impl fmt::Debug for RedisStreamsConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStreamsConnect")
            .field("address", &self.server)
            .field("limits", &self.limits)
            .field("max_len", &self.max_len)
            .finish_non_exhaustive()
    }
}
