//! NATS, on Nest's wire: the subject is the route.
//!
//! | | |
//! |---|---|
//! | request and reply | yes, each server's replicas in one queue group |
//! | streams | of replies; of requests no, since Nest's wire has no place for them |
//! | events | to every subscriber, to one member of each group, at most once |
//! | wildcards | `users.{role}.created` is the subject `users.*.created` |
//! | headers | NATS's own; a value cannot hold a line break |
//! | peers | NestJS 10, 11 and 12, and anywire |
//!
//! A message can be no larger than the server's `max_payload`: 1 MiB unless it
//! is set there. What the server cannot carry fails as
//! [`TooLarge`](crate::TransportError::TooLarge), replies included.
//!
//! A server that stops answers what has arrived. A request that is on its way to
//! it at that moment can get lost, and its caller's time runs out: the client
//! library forgets a subscription before the server has seen the end of it.
//!
//! While there is no connection calls fail at once, as do those under way when
//! it is lost: what became of them, nobody knows, and nothing is sent twice.
//! A client that is closed or dropped by then goes on trying in the background
//! until there is a connection to end: the library looks only then.

use std::{fmt, sync::Arc};

use crate::{
    BoxError, Listen, OperationKind, Pending, Request, Routes, Serve, Transport,
    capability::{AtMostOnce, RequestReply, StreamsReplies},
    service::BoxService,
    transport::{ConnectionState, nest::one_value},
};

pub(super) mod client;
mod connect;
pub(super) mod connection;
pub(super) mod message;
pub(super) mod server;

pub use connect::NatsConnect;

/// The NATS transport: as a value a connection, for clients and for servers, as
/// a type what NATS can carry.
#[derive(Clone)]
pub struct Nats(Arc<client::Client>);

impl Nats {
    /// A connection to `nats://host:port`, or several addresses with commas
    /// between them: to be awaited for a client, or given to `.on(..)`.
    ///
    /// A user and password, or a token, may stand before the `@`; `tls://`
    /// asks for TLS.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), anywire::TransportError> {
    /// use anywire::Nats;
    ///
    /// let nats = Nats::connect("nats://127.0.0.1:4222").await?;
    /// // let users = UsersClient::new(nats);
    /// # Ok(()) }
    /// ```
    pub fn connect(url: impl Into<String>) -> NatsConnect {
        NatsConnect::new(url.into())
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
    /// Calls without an answer fail as [`Closed`](crate::TransportError::Closed).
    pub async fn close(&self) {
        self.0.close().await;
    }
}

impl Transport for Nats {
    fn start(&self, request: Request) -> Pending {
        if let Err(error) = one_value(&request) {
            return Pending::Refused(error);
        }
        if request.meta.kind == OperationKind::Message {
            self.0.call(&request, message::request)
        } else {
            self.0.publish(&request, message::request)
        }
    }
}

/// Serves over the connection of a client.
impl Listen for Nats {
    type Profile = Self;

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        let (connection, queue) = (self.0.connection().clone(), self.0.queue());
        server::bind(connection, queue, self.0.limits(), routes, service).await
    }
}

impl fmt::Debug for Nats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nats")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

impl<Op> RequestReply<Op> for Nats {}
impl<Op> StreamsReplies<Op> for Nats {}
impl<Op> AtMostOnce<Op> for Nats {}

/// What a connection may use of us.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Handlers under way for one server or subscriber: 1024. Further messages
    /// wait, up to [`max_waiting`](Self::max_waiting).
    pub max_in_flight: usize,
    /// Messages that one subscription holds for handlers that are busy: 65,536.
    /// NATS drops further ones, and their callers' time runs out.
    pub max_waiting: usize,
    /// Calls under way on one connection: 65,536. Further ones are refused.
    pub max_calls: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_in_flight: 1024,
            max_waiting: 65_536,
            max_calls: 65_536,
        }
    }
}
