//! What transports carry: requests, replies, streams of values, headers.

use std::{
    any::Any,
    borrow::Cow,
    fmt,
    future::Future as _,
    pin::Pin,
    sync::{Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_core::Stream;
use tokio::{task::coop::poll_proceed, time::Sleep};

use crate::{Meta, OperationKind, RpcException, TransportError, clock};

/// A request, one-way message or event, encoded, on its way to a handler.
///
/// It cannot be cloned, since a stream of values cannot be; one without
/// [is copied](Self::try_clone).
#[derive(Debug)]
#[non_exhaustive]
pub struct Request {
    /// The operation.
    pub meta: &'static Meta,
    /// The place of the operation in its server's table; no meaning on the caller's side.
    pub operation: usize,
    /// Headers, which travel where the transport and the peer have a place for them.
    pub headers: Headers,
    /// How the payload, the values and the answer are encoded.
    pub encoding: Encoding,
    /// The encoded payload.
    pub payload: Bytes,
    /// When the caller stops waiting. A handler's side knows it only if the
    /// caller said so, in the header [`REMAINING_MS`].
    pub deadline: Option<Instant>,
    /// What orders an event: those of one key are handled one after the other.
    pub key: Option<String>,
    /// The route where it differs from that of the operation: an event's, with
    /// the values of its wildcards.
    pub route: Option<String>,
    /// The values that the caller streams, in place of one payload.
    pub values: Option<Payloads>,
}

impl Request {
    /// A request without headers and deadline.
    #[must_use]
    pub fn new(meta: &'static Meta, payload: Bytes) -> Self {
        Self {
            meta,
            operation: 0,
            headers: Headers::new(),
            encoding: Encoding::Json,
            payload,
            deadline: None,
            key: None,
            route: None,
            values: None,
        }
    }

    /// Takes over the headers of a message from a peer, and the time that they
    /// say its caller still waits, of which an hour counts at most. Nobody waits
    /// for what is not answered, so that it never comes too late.
    pub fn arrived_with(&mut self, headers: Headers) {
        let remaining = headers
            .get(REMAINING_MS)
            .filter(|_| self.meta.kind == OperationKind::Message)
            .and_then(|millis| millis.parse().ok())
            .map(|millis| Duration::from_millis(millis).min(MAX_REMAINING));
        self.deadline = remaining.and_then(|remaining| clock::now().checked_add(remaining));
        self.headers = headers;
    }

    /// The route by which it is addressed: `math.sum`, `users.admin.created`.
    #[must_use]
    pub fn route(&self) -> &str {
        self.route.as_deref().unwrap_or(self.meta.route)
    }

    /// The same request once more, for whoever tries again; `None` if it
    /// streams values, which can be sent only once.
    #[must_use]
    pub fn try_clone(&self) -> Option<Self> {
        self.values.is_none().then(|| self.without_values())
    }

    /// The same request without the values that it streams, which events never do.
    pub(crate) fn without_values(&self) -> Self {
        Self {
            meta: self.meta,
            operation: self.operation,
            headers: self.headers.clone(),
            encoding: self.encoding,
            payload: self.payload.clone(),
            deadline: self.deadline,
            key: self.key.clone(),
            route: self.route.clone(),
            values: None,
        }
    }
}

/// How values become bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Encoding {
    /// JSON, as NestJS has it.
    #[default]
    Json,
    /// Protocol buffers, by the numbers in the contract.
    Protobuf,
}

/// What became of a request.
#[derive(Debug)]
pub enum Reply {
    /// The encoded answer. Empty bytes are an answer without a value, as Nest
    /// sends it for a handler that returns nothing.
    Value(Bytes),
    /// The encoded answers of an operation that streams them.
    Values(Payloads),
    /// The handler failed.
    Error {
        /// What the caller is told.
        exception: RpcException,
        /// Whether an event may be delivered again; callers are not told.
        retryable: bool,
    },
    /// The request could not be served, and why: no handler, overloaded.
    Refused(TransportError),
}

impl Reply {
    /// Why there is no value, as it can be handed on.
    #[cold]
    pub(crate) fn into_exception(self) -> RpcException {
        match self {
            Self::Error { exception, .. } => exception,
            Self::Refused(error) => RpcException::of_kind(error.kind(), &error.to_string()),
            Self::Value(_) | Self::Values(_) => RpcException::internal(),
        }
    }
}

/// Encoded values, one after the other: what an operation streams, in either direction.
///
/// An error is the last item and says how the stream ended instead: with
/// [`Reply::Error`] or [`Reply::Refused`]. Dropping it gives the stream up.
pub struct Payloads {
    // Never locked, only reached through `&mut`: it makes requests and replies
    // `Sync`, so that layers can hold them over an await.
    values: Mutex<BoxStream>,
    // What lives as long as the stream: the permit of a limit, the sign of life of a server.
    held: Option<Mutex<Box<dyn Any + Send>>>,
}

type BoxStream = Pin<Box<dyn Stream<Item = Result<Bytes, Reply>> + Send>>;

impl Payloads {
    /// These values.
    pub fn new(values: impl Stream<Item = Result<Bytes, Reply>> + Send + 'static) -> Self {
        Self {
            values: Mutex::new(Box::pin(values)),
            held: None,
        }
    }

    /// Keeps a value until the stream is dropped.
    #[must_use]
    pub fn holding(mut self, held: impl Any + Send) -> Self {
        let held: Box<dyn Any + Send> = match self.held.take() {
            Some(before) => Box::new((before, held)),
            None => Box::new(held),
        };
        self.held = Some(Mutex::new(held));
        self
    }

    /// The same until its caller's time is over: then nobody wants more of it,
    /// and many wires have no other way to say so.
    pub(crate) fn until(self, deadline: Instant) -> Self {
        let clock = Box::pin(tokio::time::sleep_until(deadline.into()));
        Self::new(Until {
            clock,
            values: Some(self),
        })
    }

    /// The next value; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Bytes, Reply>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl Stream for Payloads {
    type Item = Result<Bytes, Reply>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // Values that are computed without waiting must not keep a thread for themselves.
        let turn = ready!(poll_proceed(cx));
        let values = self
            .values
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        let item = ready!(values.as_mut().poll_next(cx));
        turn.made_progress();
        Poll::Ready(item)
    }
}

/// Values that end at a time.
struct Until {
    clock: Pin<Box<Sleep>>,
    values: Option<Payloads>,
}

impl Stream for Until {
    type Item = Result<Bytes, Reply>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(values) = &mut this.values else {
            return Poll::Ready(None);
        };
        if this.clock.as_mut().poll(cx).is_ready() {
            this.values = None;
            return Poll::Ready(Some(Err(Reply::Refused(TransportError::TimedOut))));
        }
        Pin::new(values).poll_next(cx)
    }
}

impl fmt::Debug for Payloads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Payloads")
    }
}

/// The longest time that a caller may ask us to keep its work: one hour.
const MAX_REMAINING: Duration = Duration::from_secs(60 * 60);

/// The header that carries the milliseconds that a caller still waits.
pub const REMAINING_MS: &str = "anywire-remaining-ms";

/// The header that holds the id of a stored event. It is made once, so that a
/// publisher that tries again sends the same one; a caller may set its own.
pub const MESSAGE_ID: &str = "anywire-message-id";

/// An id that no other message has: thirty-two hexadecimal digits.
pub(crate) fn new_id() -> String {
    format!("{:032x}", fastrand::u128(..))
}

/// Headers of a message, in the order in which they were set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(Cow<'static, str>, String)>);

impl Headers {
    /// The most headers that a message from a peer may have; more are dropped.
    pub const MAX: usize = 64;

    /// No headers.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The value of a header. Names are compared exactly.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Sets a header, in place of one of the same name.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// All headers.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_ref(), value.as_str()))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
