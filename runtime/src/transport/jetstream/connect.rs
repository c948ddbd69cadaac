//! How a connection is made, and which stream and consumers are used.

use std::{fmt, future::IntoFuture, sync::Arc, time::Duration};

use super::{JetStream, publisher::Publisher, subscriber};
use crate::{
    BoxError, BoxFuture, Listen, Routes, Serve, TransportError, service::BoxService,
    transport::nats::NatsConnect,
};

/// How long streams keep events: 7 days.
pub const DEFAULT_MAX_AGE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How long NATS waits for a sign of life of a handler: 30 seconds.
pub const DEFAULT_ACK_WAIT: Duration = Duration::from_secs(30);

/// A connection to be made: await it for a publisher, or give it to `.on(..)`.
///
/// [`NatsConnect::jetstream`] makes it. What it says of streams and consumers
/// holds for those that it makes; those that are there are used as they are.
#[must_use = "nothing is connected until it is awaited or served on"]
#[derive(Clone)]
pub struct JetStreamConnect {
    nats: NatsConnect,
    options: Options,
}

/// Which stream and consumers are used.
#[derive(Debug, Clone)]
pub(super) struct Options {
    /// Its name and its subjects.
    pub(super) stream: Option<(String, Vec<String>)>,
    pub(super) in_memory: bool,
    pub(super) replicas: usize,
    pub(super) max_age: Duration,
    pub(super) from_start: bool,
    pub(super) ack_wait: Duration,
    pub(super) max_ack_pending: u32,
    pub(super) queue: Option<String>,
}

impl NatsConnect {
    /// The same connection for stored events.
    pub fn jetstream(self) -> JetStreamConnect {
        let options = Options {
            stream: None,
            in_memory: false,
            replicas: 1,
            max_age: DEFAULT_MAX_AGE,
            from_start: false,
            ack_wait: DEFAULT_ACK_WAIT,
            max_ack_pending: 1024,
            queue: self.queue.clone(),
        };
        JetStreamConnect {
            nats: self,
            options,
        }
    }
}

impl JetStreamConnect {
    /// The stream of all events here, made with these subjects, such as
    /// `users.>`, if there is none of that name.
    ///
    /// Unless set, the stream that takes the subject of an event is used, or
    /// else one is made that takes it alone.
    pub fn stream<S: Into<String>>(
        mut self,
        name: impl Into<String>,
        subjects: impl IntoIterator<Item = S>,
    ) -> Self {
        let subjects = subjects.into_iter().map(Into::into).collect();
        self.options.stream = Some((name.into(), subjects));
        self
    }

    /// A stream is kept in the memory of the server, and lost when that ends;
    /// in files unless set.
    pub fn in_memory(mut self) -> Self {
        self.options.in_memory = true;
        self
    }

    /// On how many servers of a cluster a stream is kept, 5 at most: 1 unless set.
    pub fn replicas(mut self, replicas: usize) -> Self {
        self.options.replicas = replicas;
        self
    }

    /// How long a stream keeps an event, handled or not: 7 days unless set, and
    /// for ever if it is zero.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.options.max_age = age;
        self
    }

    /// A subscriber begins with the oldest event of the stream; unless set, with
    /// the next one. A group that is there already goes on where it was.
    pub fn from_start(mut self) -> Self {
        self.options.from_start = true;
        self
    }

    /// How long NATS waits for a sign of life before an event comes again: 30
    /// seconds unless set. A handler may work longer: it is told three times
    /// within that time.
    pub fn ack_wait(mut self, wait: Duration) -> Self {
        self.options.ack_wait = wait;
        self
    }

    /// How many events all members of a group have in hand together: 1024 unless set.
    pub fn max_ack_pending(mut self, events: u32) -> Self {
        self.options.max_ack_pending = events;
        self
    }
}

/// Connects, and fails if the first attempt does.
impl IntoFuture for JetStreamConnect {
    type Output = Result<JetStream, TransportError>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let publisher = Publisher::connect(&self.nats, self.options).await?;
            Ok(JetStream(Arc::new(publisher)))
        })
    }
}

/// Subscribes over a connection of its own.
impl Listen for JetStreamConnect {
    type Profile = JetStream;

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        let connection = self.nats.open(|| {}).await?;
        subscriber::bind(connection, &self.options, routes, service).await
    }
}

impl fmt::Debug for JetStreamConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JetStreamConnect")
            .field("nats", &self.nats)
            .field("options", &self.options)
            .finish()
    }
}
