//! What a transport is, on both sides. One transport, one room, one feature.

use std::{
    any::type_name,
    fmt,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker, ready},
};

use tokio::sync::{oneshot, watch};

use crate::{
    BoxError, BoxFuture, Encoding, Meta, Payloads, Reply, Request, TransportError,
    service::BoxService, service::ReplyFuture,
};

pub mod any;
#[cfg(any(
    feature = "grpc",
    feature = "memory",
    feature = "rabbitmq",
    feature = "tcp"
))]
mod group;
#[cfg(feature = "grpc")]
pub mod grpc;
#[cfg(feature = "jetstream")]
pub mod jetstream;
#[cfg(feature = "kafka")]
pub mod kafka;
#[cfg(feature = "memory")]
pub mod memory;
#[cfg(feature = "nats")]
pub mod nats;
#[cfg(feature = "_nest")]
#[cfg_attr(
    not(feature = "_all"),
    allow(dead_code, reason = "each transport uses some of it")
)]
mod nest;
#[cfg(any(feature = "grpc", feature = "tcp"))]
mod port;
#[cfg(feature = "rabbitmq")]
pub mod rabbitmq;
#[cfg(any(feature = "grpc", feature = "tcp"))]
mod reconnect;
#[cfg(feature = "redis")]
pub mod redis;
#[cfg(feature = "_redis")]
#[cfg_attr(
    not(all(feature = "redis", feature = "redis-streams")),
    allow(dead_code, reason = "each transport uses some of it")
)]
mod redis_connection;
#[cfg(feature = "redis-streams")]
pub mod redis_streams;
#[cfg(any(feature = "grpc", feature = "tcp"))]
mod socket;
#[cfg_attr(
    not(any(
        feature = "_redis",
        feature = "grpc",
        feature = "kafka",
        feature = "nats",
        feature = "rabbitmq",
        feature = "tcp"
    )),
    allow(dead_code, reason = "transports elsewhere say it by this type as well")
)]
mod state;
#[cfg(any(feature = "_redis", feature = "grpc", feature = "tcp"))]
mod stream;
#[cfg(any(
    feature = "_redis",
    feature = "grpc",
    feature = "nats",
    feature = "rabbitmq",
    feature = "tcp"
))]
mod task;
#[cfg(feature = "tcp")]
pub mod tcp;
#[cfg(feature = "_tls")]
#[cfg_attr(
    not(all(feature = "grpc", feature = "tcp-tls")),
    allow(dead_code, reason = "each transport uses some of it")
)]
mod tls;

pub use any::AnyTransport;
pub use state::ConnectionState;

/// The client's side: sends requests and hands out their replies.
pub trait Transport: Send + Sync + 'static {
    /// Starts a call. It is on its way when what is returned has been polled;
    /// dropping that gives the call up.
    fn start(&self, request: Request) -> Pending;

    /// How requests are to be encoded.
    fn encoding(&self) -> Encoding {
        Encoding::Json
    }
}

impl Transport for Arc<dyn Transport> {
    fn encoding(&self) -> Encoding {
        (**self).encoding()
    }

    fn start(&self, request: Request) -> Pending {
        (**self).start(request)
    }
}

/// A call on its way. Concrete, so that [`Transport`] can be a trait object
/// and most calls need no box.
#[derive(Debug)]
pub enum Pending {
    /// The transport will put the reply here, or [`TransportError::TimedOut`] at
    /// the deadline of a message that is answered; it drops the sender when the
    /// connection closes.
    Slot(oneshot::Receiver<Reply>),
    /// The reply will be in the table of a connection's calls, or one that says
    /// why there is none: the deadline, the end of the connection.
    Call(CallSlot),
    /// The answers of an operation that streams them. The caller keeps the time.
    Values(Option<Payloads>),
    /// The handler itself, in this process.
    Handler(ReplyFuture),
    /// Anything else.
    Boxed(PendingFuture),
    /// The call never left.
    Refused(TransportError),
}

impl Pending {
    /// A call whose outcome is known already.
    #[must_use]
    pub fn ready(outcome: Result<Reply, TransportError>) -> Self {
        Self::boxed(std::future::ready(outcome))
    }

    /// A call whose answers are a stream.
    #[must_use]
    pub fn values(values: Payloads) -> Self {
        Self::Values(Some(values))
    }

    /// A call whose reply comes out of any future.
    pub fn boxed(
        future: impl Future<Output = Result<Reply, TransportError>> + Send + 'static,
    ) -> Self {
        Self::Boxed(PendingFuture(Box::pin(future)))
    }
}

/// Where the reply to a call will be, in the table of its connection. Dropped
/// before that, it gives the call up.
pub struct CallSlot {
    table: Arc<dyn CallTable>,
    call: u64,
    is_over: bool,
}

/// The calls that are under way on a connection, by their numbers.
pub(crate) trait CallTable: Send + Sync {
    /// Takes the reply to a call, or remembers whom to wake when it is there.
    /// An error says that none will come: the call could not be sent.
    fn poll(&self, call: u64, caller: &Waker) -> Poll<Result<Reply, TransportError>>;

    /// Nobody waits for this call any more.
    fn give_up(&self, call: u64);
}

impl CallSlot {
    /// The place of a call in a table.
    #[cfg(feature = "_nest")]
    pub(crate) fn new(table: Arc<dyn CallTable>, call: u64) -> Self {
        Self {
            table,
            call,
            is_over: false,
        }
    }
}

impl Future for CallSlot {
    type Output = Result<Reply, TransportError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let reply = ready!(self.table.poll(self.call, cx.waker()));
        self.is_over = true;
        Poll::Ready(reply)
    }
}

impl Drop for CallSlot {
    fn drop(&mut self) {
        if !self.is_over {
            self.table.give_up(self.call);
        }
    }
}

impl fmt::Debug for CallSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallSlot")
    }
}

/// The future in [`Pending::Boxed`].
pub struct PendingFuture(BoxFuture<Result<Reply, TransportError>>);

impl fmt::Debug for PendingFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PendingFuture")
    }
}

impl Future for Pending {
    type Output = Result<Reply, TransportError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Slot(slot) => Pin::new(slot).poll(cx).map_err(|_| TransportError::Closed),
            Self::Call(slot) => Pin::new(slot).poll(cx),
            Self::Values(values) => match values.take() {
                Some(values) => Poll::Ready(Ok(Reply::Values(values))),
                // As every future that is polled after it was ready.
                None => Poll::Pending,
            },
            Self::Handler(reply) => Pin::new(reply).poll(cx).map(|Ok(reply)| Ok(reply)),
            Self::Boxed(future) => future.0.as_mut().poll(cx),
            Self::Refused(error) => Poll::Ready(Err(error.clone())),
        }
    }
}

/// The server's side, before it is bound: `Tcp::listen(..)`, `Memory`.
pub trait Listen: Send + 'static {
    /// The transport's type, whose capabilities the contract is held against.
    type Profile;

    /// What errors and [`Endpoint`](crate::Endpoint)s call the transport: the
    /// name of the profile's type, unless it says otherwise.
    fn transport(&self) -> &'static str {
        let path = type_name::<Self::Profile>();
        let path = path.split_once('<').map_or(path, |(path, _)| path);
        path.rsplit_once("::").map_or(path, |(_, name)| name)
    }

    /// Listens or subscribes. When this returns, peers can reach the routes.
    ///
    /// # Errors
    /// Whatever keeps it from being ready: an address in use, a broker that is not there.
    fn bind(
        self,
        routes: Routes,
        service: BoxService,
    ) -> impl Future<Output = Result<impl Serve, BoxError>> + Send;
}

/// A bound server.
pub trait Serve: Send + 'static {
    /// Where peers reach it, if it has an address of its own.
    fn address(&self) -> Option<SocketAddr> {
        None
    }

    /// Serves until stop is requested, then takes nothing new, finishes what
    /// it has, and closes.
    fn serve(self, stop: Stop) -> impl Future<Output = ()> + Send;
}

/// What a server answers.
#[derive(Debug, Clone)]
pub struct Routes {
    /// The operations; their places are the `operation` of a [`Request`].
    pub operations: &'static [&'static Meta],
    /// What gRPC's reflection tells of them, as
    /// [`Dispatch::DESCRIPTORS`](crate::Dispatch::DESCRIPTORS).
    pub descriptors: &'static [u8],
    /// The group of a subscriber: each event reaches one member. Without a
    /// group each subscriber gets every event.
    pub group: Option<String>,
}

/// Says when to stop serving.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// A stop, and the sender that requests it by sending `true` or by being dropped.
    #[must_use]
    pub fn new() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(receiver))
    }

    /// Waits until stop is requested. Can be called again, and dropped, at any time.
    pub async fn requested(&mut self) {
        // An error means that the sender is gone: then too there is nobody left to serve for.
        let _ = self.0.wait_for(|stop| *stop).await;
    }

    /// Whether stop is requested.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }
}
