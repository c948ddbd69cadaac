//! TCP, on Nest's wire: frames of `<length>#<json>` on one connection for everything.
//!
//! | | |
//! |---|---|
//! | request and reply | yes; many at a time on one connection, answered in any order |
//! | streams | of replies; of requests no, since Nest's wire has no place for them |
//! | events | to the one server at the other end, at most once |
//! | peers | NestJS 10, 11 and 12, and anywire |
//!
//! Nest's wire cannot give a stream up: it ends at the server when the time that
//! its caller has set is over, or when the caller closes the connection.
//!
//! A handler that answers without waiting is run where its request was read. One
//! that has to wait gets a task of its own. Handlers that compute for long belong
//! on [`tokio::task::spawn_blocking`], as everywhere in tokio.
//!
//! # Limits
//!
//! Every limit has a name and a default, in [`Limits`].

use std::{fmt, sync::Arc, time::Duration};

use crate::{
    Pending, Request, Transport,
    capability::{AtMostOnce, RequestReply, StreamsReplies},
};

mod client;
mod connection;
mod link;
mod outbox;
mod server;

pub use client::TcpConnect;
pub use server::TcpListen;

/// The TCP transport: as a value a client's connection, as a type what TCP can carry.
#[derive(Clone)]
pub struct Tcp(Arc<client::Client>);

impl Tcp {
    /// A connection to `host:port`, to be awaited or made [lazy](TcpConnect::lazy).
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), anywire::TransportError> {
    /// use anywire::Tcp;
    ///
    /// let tcp = Tcp::connect("127.0.0.1:3001").await?;
    /// // let users = UsersClient::new(tcp);
    /// # Ok(()) }
    /// ```
    pub fn connect(address: impl Into<String>) -> TcpConnect {
        TcpConnect::new(address.into())
    }

    /// A listener on `host:port`, to be given to `.on(..)`. Port 0 takes any free port.
    ///
    /// Clones share the port, so that several services can be served on one.
    pub fn listen(address: impl Into<String>) -> TcpListen {
        TcpListen::new(address.into())
    }

    /// Sends what is waiting, closes the connection, and waits until that is done.
    /// Calls without an answer fail as [`Closed`](crate::TransportError::Closed).
    pub async fn close(&self) {
        self.0.close().await;
    }
}

impl Transport for Tcp {
    fn start(&self, request: Request) -> Pending {
        self.0.start(&request)
    }
}

impl fmt::Debug for Tcp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tcp").field(&self.0.address()).finish()
    }
}

impl<Op> RequestReply<Op> for Tcp {}
impl<Op> AtMostOnce<Op> for Tcp {}
impl<Op> StreamsReplies<Op> for Tcp {}

/// What a connection may use of us, and how long it may keep us waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The largest frame that is read, in UTF-16 units: 16 Mi. A larger one closes the connection.
    pub max_frame: usize,
    /// Calls under way on one connection: 1024 that a server runs before it
    /// stops reading; a client refuses more than 64 times as many.
    pub max_in_flight: usize,
    /// Bytes that wait to be sent on one connection: 16 MiB. A server stops
    /// reading from such a peer; a client refuses further calls.
    pub max_unsent: usize,
    /// How long a peer may neither take what is sent to it nor finish the frame
    /// that it began: 30 seconds. Then its connection is cut.
    pub stall_timeout: Duration,
    /// Connections that a server holds at a time: 4096. Further ones wait to be accepted.
    pub max_connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_frame: 16 << 20,
            max_in_flight: 1024,
            max_unsent: 16 << 20,
            stall_timeout: Duration::from_secs(30),
            max_connections: 4096,
        }
    }
}
