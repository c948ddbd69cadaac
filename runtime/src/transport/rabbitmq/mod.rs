//! RabbitMQ, on Nest's wire: requests by queue, events by topic exchange.
//!
//! | | |
//! |---|---|
//! | request and reply | yes, each by one of a queue's servers; a queue that does not exist is no handler |
//! | streams | of replies; of requests no, since Nest's wire has no place for them |
//! | events | to every subscriber, to one member of each group, at most and at least once |
//! | order by key | no: the members of a group take turns |
//! | wildcards | `users.{role}.created` is bound as `users.*.created` |
//! | headers | RabbitMQ's own |
//! | peers | NestJS 10, 11 and 12, and anywire |
//!
//! # Requests
//!
//! They go through the default exchange into one queue: the one that
//! [`queue`](RabbitMqConnect::queue) names, as in NestJS, or else one for each
//! service with its name, `acme.users.v1.Users`. Servers declare it, clients do
//! not. While no server is there a request waits in its queue, until its caller
//! stops waiting and RabbitMQ drops it.
//!
//! [By the exchange](RabbitMqConnect::requests_to_exchange) they go to whichever
//! queue is bound for their route, by a [fanout exchange](RabbitMqConnect::fanout)
//! to every queue, as events then do.
//!
//! # Events
//!
//! They go through one durable topic exchange, `anywire.events` unless
//! [`exchange`](RabbitMqConnect::exchange) names another, with the route as the
//! key. A publisher is told when RabbitMQ has confirmed them. One that nobody
//! subscribes to is confirmed and dropped.
//!
//! What `delivery = at_least_once` stores is persistent, and acknowledged when
//! its handler has ended. An event that is given up is rejected, so that it
//! reaches the dead-letter exchange of the queue, if that has one.
//!
//! While there is no connection calls fail at once, as do those under way when
//! it is lost: what became of them, nobody knows, and nothing is sent twice.

use std::{fmt, sync::Arc, time::Duration};

use crate::{
    BoxError, Listen, Pending, Request, Routes, Serve, Transport,
    capability::{AtLeastOnce, AtMostOnce, RequestReply, StreamsReplies},
    service::BoxService,
    transport::ConnectionState,
};

mod answers;
mod client;
mod connect;
mod declare;
mod dial;
mod intake;
mod message;
mod publisher;
mod server;
mod settling;
mod stored;

pub use connect::{Argument, DEFAULT_EXCHANGE, RabbitMqConnect};

/// How long RabbitMQ keeps the queue of a subscriber without a group for it,
/// with the stored events in it, when its connection is lost: 5 minutes.
pub const QUEUE_EXPIRY: Duration = Duration::from_secs(5 * 60);

/// The RabbitMQ transport: as a value a client's connection, as a type what
/// RabbitMQ can carry.
#[derive(Clone)]
pub struct RabbitMq(Arc<client::Client>);

impl RabbitMq {
    /// A connection to `amqp://user:password@host:port/vhost`, or to the first
    /// of several with commas between them that answers: to be awaited for a
    /// client, or given to `.on(..)`.
    ///
    /// `amqps://` asks for TLS.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), anywire::TransportError> {
    /// use anywire::RabbitMq;
    ///
    /// let rabbitmq = RabbitMq::connect("amqp://127.0.0.1:5672").await?;
    /// // let users = UsersClient::new(rabbitmq);
    /// # Ok(()) }
    /// ```
    pub fn connect(url: impl Into<String>) -> RabbitMqConnect {
        RabbitMqConnect::new(url.into())
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

    /// Waits until all is sent, and confirmed where it is to be, closes the connection, and waits
    /// until that is done. Calls without an answer fail as
    /// [`Closed`](crate::TransportError::Closed).
    pub async fn close(&self) {
        self.0.close().await;
    }
}

impl Transport for RabbitMq {
    fn start(&self, request: Request) -> Pending {
        self.0.start(request)
    }
}

/// Serves with the options of a client, on a connection of its own: RabbitMQ
/// stops reading from those who publish when it is short of memory, and who
/// consumes must not be stopped with them.
impl Listen for RabbitMq {
    type Profile = Self;

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        server::bind(self.0.options().clone(), &routes, &service).await
    }
}

impl fmt::Debug for RabbitMq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RabbitMq")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

impl<Op> RequestReply<Op> for RabbitMq {}
impl<Op> StreamsReplies<Op> for RabbitMq {}
impl<Op> AtMostOnce<Op> for RabbitMq {}
impl<Op> AtLeastOnce<Op> for RabbitMq {}

/// What a connection may use of us.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Handlers under way for one server or subscriber: 1024. As many further
    /// messages wait here (RabbitMQ's prefetch), all others in their queue.
    pub max_in_flight: u16,
    /// Stored events that one subscriber holds: 64. All others wait in their queue.
    pub max_stored: u16,
    /// Calls under way on one connection, and messages that are not sent, or
    /// not confirmed where they are to be: 65,536. Further ones are refused.
    pub max_calls: usize,
    /// The largest message that is sent, in bytes: 16 MiB, which is RabbitMQ's
    /// own limit since version 4. It closes the channel on larger ones.
    pub max_message: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_in_flight: 1024,
            max_stored: 64,
            max_calls: 65_536,
            max_message: 16 << 20,
        }
    }
}
