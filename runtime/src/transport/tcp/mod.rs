//! TCP, on Nest's wire and on anywire's own.
//!
//! | | [`Tcp`] | [`NativeTcp`] |
//! |---|---|---|
//! | wire | frames of `<length>#<json>`, as NestJS 10, 11 and 12 have them | binary frames, described in `docs/native-tcp.md` |
//! | payloads | JSON | protobuf where the contract has numbers for it, else JSON |
//! | request and reply | yes | yes |
//! | streams | of replies, into a buffer | both ways, as fast as they are taken |
//! | a dropped call | is answered for nobody | ends its handler |
//! | events | to the one server at the other end, at most once | the same |
//!
//! On either, many calls are under way at a time on one connection, and are
//! answered in any order. A server hears both wires on one port: it tells them
//! apart by the first byte.
//!
//! Nest's wire cannot give a stream up: it ends at the server when the time that
//! its caller has set is over, or when the caller closes the connection.
//!
//! A handler that answers without waiting is run where its request was read. One
//! that has to wait gets a task of its own. Handlers that compute for long belong
//! on [`tokio::task::spawn_blocking`], as everywhere in tokio.
//!
//! # TLS
//!
//! With the feature `tcp-tls` both sides can speak TLS, on either wire. A client
//! asks for it by `tls://` before the address, or by one of the options of
//! [`TcpConnect`]; a server by its identity, an option of [`TcpListen`]. Who asks
//! for it never goes on without it.
//!
//! # Limits
//!
//! Every limit has a name and a default, in [`Limits`].

use std::{fmt, io, sync::Arc, time::Duration};

use crate::{
    Pending, Request, Transport,
    capability::{AtMostOnce, RequestReply, StreamsReplies},
    transport::ConnectionState,
    wire::{
        native::Malformed,
        nest::{frame::FrameError, scan::NotJson},
    },
};

mod client;
mod link;
mod native;
mod nest;
mod outbox;
mod server;
#[cfg(feature = "tcp-tls")]
mod tls;
#[cfg(not(feature = "tcp-tls"))]
#[path = "no_tls.rs"]
mod tls;

pub use client::TcpConnect;
pub use native::NativeTcp;
pub use server::TcpListen;

/// TCP on Nest's wire: as a value a client's connection, as a type what that wire can carry.
#[derive(Clone)]
pub struct Tcp(Arc<client::Client<Self>>);

impl Tcp {
    /// A connection to `host:port`, or `tls://host:port` for TLS: to be awaited
    /// or made [lazy](TcpConnect::lazy).
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
    /// Clients of [`NativeTcp`] are served on it as well.
    pub fn listen(address: impl Into<String>) -> TcpListen {
        TcpListen::new(address.into())
    }

    /// Whether there is a connection.
    #[must_use]
    pub fn state(&self) -> ConnectionState {
        self.0.state()
    }

    /// Waits until the connection is in this state, or closed. A lazy client
    /// connects when one waits for [`ConnectionState::Connected`].
    pub async fn until(&self, state: ConnectionState) {
        self.0.until(state).await;
    }

    /// Sends what is waiting, closes the connection, and waits until that is done.
    /// Calls without an answer fail as [`Closed`](crate::TransportError::Closed).
    pub async fn close(&self) {
        self.0.close().await;
    }
}

impl Transport for Tcp {
    fn start(&self, request: Request) -> Pending {
        self.0.start(request)
    }
}

impl fmt::Debug for Tcp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tcp").field(&self.0).finish()
    }
}

impl<Op> RequestReply<Op> for Tcp {}
impl<Op> AtMostOnce<Op> for Tcp {}
impl<Op> StreamsReplies<Op> for Tcp {}

/// Why a connection is cut off.
#[derive(Debug, thiserror::Error)]
enum Cut {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("no handshake of TLS: {0}")]
    Handshake(io::Error),
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error(transparent)]
    Packet(#[from] NotJson),
    #[error("{0}")]
    Native(#[from] Malformed),
    #[error("the peer neither took what was sent nor finished what it began")]
    Stalled,
}

/// What a connection may use of us, and how long it may keep us waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The largest frame that is read, in bytes, on Nest's wire in UTF-16 units:
    /// 16 Mi. A larger one closes the connection.
    pub max_frame: usize,
    /// Calls under way on one connection: 1024 that a server runs at a time. On
    /// Nest's wire it then stops reading; on its own it lets 64 times as many
    /// wait. A client refuses more than those.
    pub max_in_flight: usize,
    /// Calls that stream on one connection of the native wire: a server refuses
    /// more than 1024.
    pub max_streams: usize,
    /// Bytes of one stream that may wait for who takes them, on the native wire:
    /// 256 KiB, and no less than 64.
    pub stream_window: usize,
    /// Bytes that wait to be sent on one connection: 16 MiB. A server stops
    /// reading from such a peer; a client refuses further calls.
    pub max_unsent: usize,
    /// How long a peer may neither take what is sent to it nor finish the frame
    /// that it began: 30 seconds. Then its connection is cut.
    pub stall_timeout: Duration,
    /// How long a peer may be silent before the system asks it for a sign of
    /// life, and then owe one: 20 seconds each, between 1 and 32,767. Then its
    /// connection is cut, and on Linux as well if what the system sends to it
    /// waits as long as both, or as long as `stall_timeout` if that is longer.
    pub keep_alive: Duration,
    /// How long a server waits for a client to finish the handshake of TLS: 10
    /// seconds. Then its connection is cut.
    pub handshake_timeout: Duration,
    /// Connections that a server holds at a time, those in their handshake among
    /// them: 4096. Further ones wait to be accepted.
    pub max_connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_frame: 16 << 20,
            max_in_flight: 1024,
            max_streams: 1024,
            stream_window: 256 << 10,
            max_unsent: 16 << 20,
            stall_timeout: Duration::from_secs(30),
            keep_alive: Duration::from_secs(20),
            handshake_timeout: Duration::from_secs(10),
            max_connections: 4096,
        }
    }
}
