//! Calls that stream: the answers, the request, or both.

use std::{
    fmt, mem,
    pin::Pin,
    sync::Arc,
    task::{Context as TaskContext, Poll},
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_core::Stream;
use tokio::time::Sleep;

use super::{BoxStream, Building, codec, read};
use crate::{
    CallError, Context, Encoding, Operation, Payloads, Pending, Reply, RpcException, Transport,
    error::Kind,
};

/// A call that is answered by a stream: set its options, then take its values.
///
/// It is the stream itself. Nothing is sent before it is first polled; dropping
/// it gives the stream up, which the peer learns where the wire can say so.
/// An error is the last item, whether the handler refused the call or the
/// stream broke off.
///
#[cfg_attr(feature = "macros", doc = "```")]
#[cfg_attr(not(feature = "macros"), doc = "```ignore")]
/// # #[anywire::contract(package = "acme.users.v1")]
/// # mod users {
/// #     #[service]
/// #     pub trait Users {
/// #         #[message("users.watch")]
/// #         fn watch(id: u32) -> Stream<String>;
/// #     }
/// # }
/// # async fn watch(client: users::UsersClient) -> Result<(), anywire::CallError> {
/// let mut names = client.watch(7u32);
/// while let Some(name) = names.next().await {
///     println!("{}", name?);
/// }
/// # Ok(()) }
/// ```
#[must_use = "a call is not sent until its values are asked for"]
pub struct StreamingCall<Op: Operation> {
    state: State<Op>,
    // Boxed, so that the call can be moved while it runs; most streams have no timeout.
    sleep: Option<Pin<Box<Sleep>>>,
    // Held, and dropped last: its client may be the last that holds the
    // connection, and be dropped before the stream is.
    transport: Arc<dyn Transport>,
}

enum State<Op: Operation> {
    Building(Building<Op>),
    Starting(Pending, Encoding),
    Flowing(Payloads, Encoding),
    Done,
}

// Nothing in it is pinned in place.
impl<Op: Operation> Unpin for StreamingCall<Op> {}

impl<Op: Operation> StreamingCall<Op> {
    pub(super) fn new(transport: Arc<dyn Transport>, building: Building<Op>) -> Self {
        Self {
            transport,
            state: State::Building(building),
            sleep: None,
        }
    }

    /// How long the stream may last as a whole, in place of the contract's
    /// `timeout`; without either it lasts as long as it likes. Values that are
    /// not taken by then are lost.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.building(|call| call.set_timeout(timeout))
    }

    /// Sets a header.
    pub fn header(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.building(|call| call.headers.set(name.into(), value))
    }

    /// Changes the request, for its optional fields.
    pub fn with(self, set: impl FnOnce(&mut Op::Request)) -> Self {
        self.building(|call| call.change(set))
    }

    /// Makes the call part of the message in hand: it takes over its trace and
    /// lasts no longer than that message's caller waits.
    pub fn within(self, cx: &Context) -> Self {
        self.building(|call| call.join(cx))
    }

    fn building(mut self, change: impl FnOnce(&mut Building<Op>)) -> Self {
        if let State::Building(call) = &mut self.state {
            change(call);
        }
        self
    }

    /// The next value; `None` at the end.
    ///
    /// # Errors
    /// Whatever ends the stream in another way, once: the contract's own error,
    /// an undeclared one, its time, the connection, a value that does not decode.
    pub async fn next(&mut self) -> Option<Result<Op::Response, CallError<Op::Error>>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// Sends the request, unless that is done.
    fn start(&mut self) -> Result<(), CallError<Op::Error>> {
        if let State::Building(call) = &mut self.state {
            let started = call.start(&*self.transport);
            self.state = State::Done;
            let started = started?;
            let clock = |end: Instant| Box::pin(tokio::time::sleep_until(end.into()));
            self.sleep = started.deadline.map(clock);
            self.state = State::Starting(started.pending, started.encoding);
        }
        Ok(())
    }

    fn poll_values(&mut self, cx: &mut TaskContext<'_>) -> Poll<Option<Outcome<Op>>> {
        loop {
            match mem::replace(&mut self.state, State::Done) {
                State::Starting(mut pending, encoding) => match Pin::new(&mut pending).poll(cx) {
                    Poll::Pending => {
                        self.state = State::Starting(pending, encoding);
                        return Poll::Pending;
                    }
                    Poll::Ready(Ok(Reply::Values(values))) => {
                        self.state = State::Flowing(values, encoding);
                    }
                    // A peer that answers once streams one value.
                    Poll::Ready(Ok(Reply::Value(none))) if none.is_empty() => {}
                    Poll::Ready(Ok(reply)) => {
                        return Poll::Ready(Some(read::<Op>(encoding, reply)));
                    }
                    Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                },
                State::Flowing(mut values, encoding) => match Pin::new(&mut values).poll_next(cx) {
                    Poll::Pending => {
                        self.state = State::Flowing(values, encoding);
                        return Poll::Pending;
                    }
                    Poll::Ready(Some(Ok(payload))) => {
                        let value = codec::decode_response::<Op>(encoding, &payload);
                        if value.is_ok() {
                            self.state = State::Flowing(values, encoding);
                        }
                        return Poll::Ready(Some(value.map_err(Into::into)));
                    }
                    Poll::Ready(Some(Err(reply))) => {
                        return Poll::Ready(Some(read::<Op>(encoding, reply)));
                    }
                    Poll::Ready(None) => {}
                },
                State::Building(_) | State::Done => return Poll::Ready(None),
            }
        }
    }
}

type Outcome<Op> = Result<<Op as Operation>::Response, CallError<<Op as Operation>::Error>>;

impl<Op: Operation> Stream for StreamingCall<Op> {
    type Item = Outcome<Op>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        this.start()?;
        // The time is looked at first: values may come without a pause.
        if let Some(sleep) = &mut this.sleep
            && !matches!(this.state, State::Done)
            && sleep.as_mut().poll(cx).is_ready()
        {
            this.state = State::Done;
            return Poll::Ready(Some(Err(CallError::Timeout)));
        }
        this.poll_values(cx)
    }
}

impl<Op: Operation> fmt::Debug for StreamingCall<Op> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamingCall")
            .field("operation", &Op::META.name)
            .finish_non_exhaustive()
    }
}

/// Values on their way to a handler, encoded one by one as they are asked for.
pub(super) fn encoded<Op: Operation>(
    encoding: Encoding,
    values: BoxStream<Op::Request>,
) -> Payloads {
    Payloads::new(Encoded::<Op> { values, encoding })
}

struct Encoded<Op: Operation> {
    values: BoxStream<Op::Request>,
    encoding: Encoding,
}

impl<Op: Operation> Stream for Encoded<Op> {
    type Item = Result<Bytes, Reply>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        let encoding = self.encoding;
        self.values.as_mut().poll_next(cx).map(|value| {
            // A value that the encoding cannot hold ends the call, and says why.
            let encoded = |value: Op::Request| {
                codec::encode_request::<Op>(encoding, &value).map_err(|error| Reply::Error {
                    exception: RpcException::of_kind(Kind::Invalid, &error.to_string()),
                    retryable: false,
                })
            };
            value.map(encoded)
        })
    }
}
