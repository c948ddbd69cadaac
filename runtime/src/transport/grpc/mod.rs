//! gRPC, over HTTP/2, by protobuf messages.
//!
//! | | |
//! |---|---|
//! | request and reply | yes, as unary calls |
//! | streams | of replies, of requests, both ways; HTTP/2 slows a sender down whose receiver is slow |
//! | events, messages without an answer | as unary calls with an empty reply, to the one server at the other end, at most once |
//! | headers | metadata; text that is not visible ASCII as `<name>-bin` |
//! | errors | gRPC's status, with `google.rpc.Status` details |
//! | deadlines | `grpc-timeout`, where the call sets a timeout of its own |
//! | cancellation | a call that is dropped resets its stream, and its handler is dropped |
//! | peers | NestJS, grpc-js, tonic, and whatever else compiles the exported .proto |
//!
//! The contract needs `encodings(json, proto)`. A message of `Users` in the
//! package `acme.users.v1` is `/acme.users.v1.Users/GetUser`, unless the
//! contract says otherwise by `grpc = ".."`. `anywire export proto` prints what
//! other languages compile.
//!
//! # Statuses
//!
//! A declared error has the code of its kind. What a handler did not declare is
//! code 2 with "Internal server error", as in Nest. An operation that nobody
//! serves is code 12, input that violates the contract code 3.

use std::{fmt, time::Duration};

use crate::{
    Encoding, Meta, Pending, Request, Transport, TransportError,
    capability::{
        AtMostOnce, HasProto, RequestReply, StreamsBoth, StreamsReplies, StreamsRequests,
    },
    transport::ConnectionState,
};

mod client;
mod codec;
mod connect;
mod connection;
mod exchange;
mod listen;
mod metadata;
mod reflection;
mod refusal;
mod room;
mod server;
mod status;
mod told;

pub use connect::GrpcConnect;
pub use listen::GrpcListen;

/// The gRPC transport: as a value a client's connection, as a type what gRPC can carry.
#[derive(Clone)]
pub struct Grpc(client::Client);

impl Grpc {
    /// A connection to `http://host:port`, or `https://` for TLS: to be awaited or
    /// made [lazy](GrpcConnect::lazy).
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), anywire::TransportError> {
    /// use anywire::Grpc;
    ///
    /// let grpc = Grpc::connect("http://127.0.0.1:5000").await?;
    /// // let users = UsersClient::new(grpc);
    /// # Ok(()) }
    /// ```
    pub fn connect(url: impl Into<String>) -> GrpcConnect {
        GrpcConnect::new(url.into())
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

    /// Closes the connection, and waits until that is done. Calls without an
    /// answer fail as [`Closed`](TransportError::Closed).
    pub async fn close(&self) {
        self.0.close().await;
    }

    /// A listener on `host:port`, to be given to `.on(..)`. Port 0 takes any free port.
    ///
    /// Clones share the port, so that several services can be served on one.
    pub fn listen(address: impl Into<String>) -> GrpcListen {
        GrpcListen::new(address.into())
    }
}

impl Transport for Grpc {
    fn start(&self, request: Request) -> Pending {
        self.0.start(request)
    }

    fn encoding(&self) -> Encoding {
        Encoding::Protobuf
    }
}

impl fmt::Debug for Grpc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Grpc").field(&self.0.address()).finish()
    }
}

impl<Op: HasProto> RequestReply<Op> for Grpc {}
impl<Op: HasProto> StreamsReplies<Op> for Grpc {}
impl<Op: HasProto> StreamsRequests<Op> for Grpc {}
impl<Op: HasProto> StreamsBoth<Op> for Grpc {}
impl<Op: HasProto> AtMostOnce<Op> for Grpc {}

/// The path of an operation.
///
/// # Errors
/// When it has none. Where types are compared, they refuse it before.
fn path_of(meta: &Meta) -> Result<&'static str, TransportError> {
    meta.grpc.ok_or_else(|| {
        TransportError::NotCarried(format!(
            "Grpc cannot carry `{}.{}`, which has no numbers for protobuf: \
             write `encodings(json, proto)` in `#![contract(..)]`",
            meta.service, meta.name
        ))
    })
}

/// How many bytes of a connection may wait to be read: 16 MiB. Beside them h2
/// allows for half as much of what values need that are small and many, and
/// closes a connection with more; with its own window of 1 MiB that would be
/// after two thousand numbers that a handler has not taken yet.
const CONNECTION_WINDOW: u32 = 16 << 20;

/// What a connection may use of us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The largest message that is read, in bytes: 16 MiB. A larger one is
    /// refused with code 11. The peer has a limit of its own: grpc-js 4 MiB.
    pub max_message: usize,
    /// Calls under way on one connection: 1024 that a server takes; further ones wait at the client.
    pub max_in_flight: u32,
    /// How long a peer may be silent before the system asks it for a sign of
    /// life, and then owe one: 20 seconds each, between 1 and 32,767. Then its
    /// connection is cut, and on Linux as well if what is sent to it waits as
    /// long as both.
    pub keep_alive: Duration,
    /// How often HTTP/2 itself asks the other end, a client only while there are
    /// calls, and how long that may take to answer, or the connection is cut:
    /// never, unless set. It finds out that a process hangs, where `keep_alive` only finds
    /// out that a machine or a network is gone. Servers of other languages close
    /// the connection of a client that asks more often than every five minutes,
    /// unless they are told to permit it.
    pub ping: Option<Duration>,
    /// How long a server waits for a client to finish the handshake of TLS: 10
    /// seconds. Then its connection is cut.
    pub handshake_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_message: 16 << 20,
            max_in_flight: 1024,
            keep_alive: Duration::from_secs(20),
            ping: None,
            handshake_timeout: Duration::from_secs(10),
        }
    }
}
