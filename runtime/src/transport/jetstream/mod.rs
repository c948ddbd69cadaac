//! NATS JetStream: events that NATS stores, in Nest's packets.
//!
//! | | |
//! |---|---|
//! | events | stored, at least once; to one member of each group, or to every subscriber |
//! | order | none: of several members of a group each takes what is next |
//! | wildcards | `users.{role}.created` is the subject `users.*.created` |
//! | headers | NATS's own; a value cannot hold a line break |
//! | requests | no: use [`Nats`](crate::Nats) |
//! | peers | anywire, and whoever reads `{"pattern":..,"data":..}` from a subject or a stream |
//!
//! An event goes to the stream that takes its subject. Where there is none one
//! is made, for that event alone, unless [`stream`](JetStreamConnect::stream)
//! says which. A publisher is done when the stream has confirmed. The header
//! `anywire-message-id` is the event's id, made where the caller sets none: of
//! several with the same id the stream keeps one, within two minutes.
//!
//! A group is a durable consumer that its members share: what nobody takes
//! waits for whoever comes next. A subscriber without a group gets every event
//! as long as it runs, through a consumer of its own.
//!
//! While a handler works, or an event waits to be tried again here, NATS is
//! told so. It is told as well when an event is handled and when it is given
//! up; one of which it hears nothing comes again, to any member of the group.
//! A subscriber that stops takes nothing new, which NATS knows within a second,
//! and finishes what it has.

use std::{fmt, sync::Arc};

use crate::{
    BoxError, Listen, Pending, Request, Routes, Serve, Transport,
    capability::{AtLeastOnce, AtMostOnce},
    service::BoxService,
    transport::ConnectionState,
};

mod connect;
mod message;
mod publisher;
mod stream;
mod subscriber;

pub use connect::{DEFAULT_ACK_WAIT, DEFAULT_MAX_AGE, JetStreamConnect};

/// The JetStream transport: as a value a connection, for publishers and for
/// subscribers, as a type what JetStream can carry.
#[derive(Clone)]
pub struct JetStream(Arc<publisher::Publisher>);

impl JetStream {
    /// A connection to `nats://host:port`: to be awaited for a publisher, or
    /// given to `.on(..)`.
    ///
    /// It is short for `Nats::connect(url).jetstream()`, which has more options
    /// for logging in.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), anywire::TransportError> {
    /// use anywire::{JetStream, Nats};
    ///
    /// let events = JetStream::connect("nats://127.0.0.1:4222").await?;
    /// let events = Nats::connect("nats://127.0.0.1:4222").token("secret").jetstream().await?;
    /// // let users = UsersPublisher::new(events);
    /// # Ok(()) }
    /// ```
    pub fn connect(url: impl Into<String>) -> JetStreamConnect {
        crate::Nats::connect(url).jetstream()
    }

    /// Whether there is a connection.
    #[must_use]
    pub fn state(&self) -> ConnectionState {
        self.0.connection().state()
    }

    /// Waits until the connection is in this state, or closed.
    pub async fn until(&self, state: ConnectionState) {
        self.0.connection().until(state).await;
    }

    /// Sends what is waiting, closes the connection, and waits until that is done.
    /// What is not confirmed fails as [`Closed`](crate::TransportError::Closed).
    pub async fn close(&self) {
        self.0.close().await;
    }
}

impl Transport for JetStream {
    fn start(&self, request: Request) -> Pending {
        publisher::start(&self.0, request)
    }
}

/// Subscribes over the connection of a publisher.
impl Listen for JetStream {
    type Profile = Self;

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        let connection = self.0.connection().clone();
        subscriber::bind(connection, self.0.options(), routes, service).await
    }
}

impl fmt::Debug for JetStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JetStream")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

impl<Op> AtMostOnce<Op> for JetStream {}
impl<Op> AtLeastOnce<Op> for JetStream {}
