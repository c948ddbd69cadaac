//! What handlers stream, and what is streamed to them.

use std::{
    convert::Infallible,
    fmt,
    marker::PhantomData,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context as TaskContext, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;

use super::{Decode, decode_request, encode, failure, in_time, read_checked};
use crate::{
    Context, Encoding, Failure, Operation, Payloads, Reply, Request, RpcException, Wire,
    check::Violations,
    error::Kind,
    json,
    service::{self, panicked},
};

/// What a handler answers with, one value after the other.
///
/// The first failure is the last item: callers see it after the values before
/// it. Dropped when the caller gives the stream up, where the wire says so.
///
/// ```
/// use anywire::Values;
///
/// let countdown: Values<u32> = Values::of([3, 2, 1]);
/// # drop(countdown);
/// ```
pub struct Values<T, E = Infallible>(Pin<Box<dyn Stream<Item = Result<T, Failure<E>>> + Send>>);

impl<T, E: 'static> Values<T, E> {
    /// The items of a stream.
    pub fn new(values: impl Stream<Item = Result<T, Failure<E>>> + Send + 'static) -> Self {
        Self(Box::pin(values))
    }

    /// Values that are there already, or are computed without waiting.
    pub fn of<I>(values: I) -> Self
    where
        I: IntoIterator<Item = T>,
        I::IntoIter: Send + 'static,
    {
        Self::new(Iterated(values.into_iter(), PhantomData))
    }
}

impl<T, E> fmt::Debug for Values<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Values")
    }
}

impl<T, E> Stream for Values<T, E> {
    type Item = Result<T, Failure<E>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx)
    }
}

struct Iterated<I, E>(I, PhantomData<fn() -> E>);

impl<I, E> Unpin for Iterated<I, E> {}

impl<I: Iterator, E> Stream for Iterated<I, E> {
    type Item = Result<I::Item, Failure<E>>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(Ok))
    }
}

/// Values that a caller streams to a handler.
///
/// Each is checked as it is taken. What does not decode or violates a
/// `#[check]` is an error and the last item; handed on with `?`, it tells the
/// caller what was wrong. So is the end of the connection.
pub struct Incoming<T> {
    payloads: Option<Payloads>,
    decode: Decode<T>,
    check: fn(&T, &mut Violations),
}

impl<T: Wire> Incoming<T> {
    /// These values, for calling a handler in a unit test.
    ///
    /// ```
    /// use anywire::{Failure, Incoming};
    ///
    /// async fn sum(mut numbers: Incoming<u32>) -> Result<u32, Failure> {
    ///     let mut sum = 0;
    ///     while let Some(number) = numbers.next().await {
    ///         sum += number?;
    ///     }
    ///     Ok(sum)
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// assert_eq!(sum(Incoming::of([1, 2, 3])).await.unwrap(), 6);
    /// # }
    /// ```
    pub fn of<I>(values: I) -> Self
    where
        I: IntoIterator<Item = T>,
        I::IntoIter: Send + 'static,
    {
        let encoded = values
            .into_iter()
            .map(|value| json::encode(&value).map_err(|error| service::failed(&error.into())));
        Self {
            payloads: Some(Payloads::new(Encoded(encoded))),
            decode: json::decode,
            check: T::check,
        }
    }

    /// The next value; `None` at the end.
    ///
    /// # Errors
    /// When a value is not of its type or violates a check, or the caller is gone.
    pub async fn next(&mut self) -> Option<Result<T, RpcException>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    fn take(&self, payload: &Bytes) -> Result<T, Reply> {
        read_checked(payload, self.decode, self.check)
    }
}

impl<T: Wire> Stream for Incoming<T> {
    type Item = Result<T, RpcException>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        let Some(payloads) = &mut self.payloads else {
            return Poll::Ready(None);
        };
        let item = ready!(Pin::new(payloads).poll_next(cx));
        let Some(item) = item else {
            self.payloads = None;
            return Poll::Ready(None);
        };
        let value = item
            .and_then(|payload| self.take(&payload))
            .map_err(Reply::into_exception);
        if value.is_err() {
            self.payloads = None;
        }
        Poll::Ready(Some(value))
    }
}

impl<T> fmt::Debug for Incoming<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Incoming")
    }
}

struct Encoded<I>(I);

impl<I> Unpin for Encoded<I> {}

impl<I: Iterator<Item = Result<Bytes, Reply>>> Stream for Encoded<I> {
    type Item = Result<Bytes, Reply>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next())
    }
}

/// Reads what a handler is called with that takes a stream.
///
/// # Errors
/// The reply to a request that comes too late, or that brings one value and no stream.
pub fn open_stream<Op: Operation>(
    mut request: Request,
) -> Result<(Context, Incoming<Op::Request>), Reply> {
    in_time(&request)?;
    let Some(payloads) = request.values.take() else {
        let message = "the operation takes a stream of values, not one";
        return Err(Reply::Error {
            exception: RpcException::of_kind(Kind::Invalid, message),
            retryable: false,
        });
    };
    let incoming = Incoming {
        payloads: Some(payloads),
        decode: decode_request::<Op>(request.encoding),
        check: Op::check,
    };
    Ok((Context::of(&mut request), incoming))
}

/// The values of an operation.
type ValuesOf<Op> = Values<<Op as Operation>::Response, <Op as Operation>::Error>;

/// Turns what a handler returned that answers with a stream into a reply.
pub fn respond_stream<Op: Operation>(
    cx: &Context,
    result: Result<ValuesOf<Op>, Failure<Op::Error>>,
) -> Reply {
    let encoding = cx.encoding();
    match result {
        Ok(values) => Reply::Values(Payloads::new(Produced::<Op> {
            values: Some(values),
            encoding,
        })),
        Err(error) => failure::<Op>(encoding, error),
    }
}

/// A handler's values, encoded. One that panics ends as one that failed.
struct Produced<Op: Operation> {
    values: Option<ValuesOf<Op>>,
    encoding: Encoding,
}

impl<Op: Operation> Unpin for Produced<Op> {}

impl<Op: Operation> Stream for Produced<Op> {
    type Item = Result<Bytes, Reply>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        let encoding = self.encoding;
        let Some(values) = &mut self.values else {
            return Poll::Ready(None);
        };
        let polled = catch_unwind(AssertUnwindSafe(|| values.0.as_mut().poll_next(cx)));
        let item = match polled {
            Ok(item) => ready!(item).map(|value| {
                value
                    .map_err(|error| failure::<Op>(encoding, error))
                    .and_then(|value| encode::<Op>(encoding, &value))
            }),
            Err(panic) => Some(Err(panicked(&*panic))),
        };
        if !matches!(item, Some(Ok(_))) {
            self.values = None;
        }
        Poll::Ready(item)
    }
}
