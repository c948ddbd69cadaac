//! The client's side: channels and calls.

use std::{
    fmt,
    future::Future,
    marker::PhantomData,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context as TaskContext, Poll, ready},
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_core::Stream;
use pin_project_lite::pin_project;
use tokio::time::Sleep;
use tower::{Layer, Service, ServiceExt as _};

use crate::{
    AnyTransport, BoxError, CallError, Context, Delivery, Encoding, Headers, Operation,
    OperationKind, Pending, Reply, Request, RpcException, Transport, TransportError, clock,
    error::{Kind, layer_error},
    message::{self, MESSAGE_ID, REMAINING_MS},
};

mod codec;
mod streams;

pub use streams::StreamingCall;

/// What a generated client holds: a transport, whose type is kept only for the compiler.
pub struct Channel<T> {
    transport: Arc<dyn Transport>,
    profile: PhantomData<fn() -> T>,
}

impl<T: Transport> Channel<T> {
    /// A channel over a transport.
    pub fn new(transport: T) -> Self {
        Self {
            transport: Arc::new(transport),
            profile: PhantomData,
        }
    }

    /// Wraps every call in a layer.
    #[must_use]
    pub fn layer<L>(self, layer: &L) -> Self
    where
        L: Layer<ClientService>,
        L::Service: Service<Request, Response = Reply> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Error: Into<BoxError>,
        <L::Service as Service<Request>>::Future: Send,
    {
        let layered = Layered {
            encoding: self.transport.encoding(),
            service: layer.layer(ClientService(self.transport)),
        };
        Self {
            transport: Arc::new(layered),
            profile: PhantomData,
        }
    }

    /// Forgets the transport's type.
    #[must_use]
    pub fn erase(self) -> Channel<AnyTransport> {
        Channel {
            transport: self.transport,
            profile: PhantomData,
        }
    }

    /// A call of an operation.
    pub fn call<Op: Operation>(&self, request: Op::Request) -> Call<Op> {
        Call {
            transport: Arc::clone(&self.transport),
            state: State::Building(Building::new(Body::Value(request))),
            sleep: None,
        }
    }

    /// A call that streams its values to an operation, which answers once.
    pub fn upload<Op: Operation>(
        &self,
        values: impl Stream<Item = Op::Request> + Send + 'static,
    ) -> Call<Op> {
        Call {
            transport: Arc::clone(&self.transport),
            state: State::Building(Building::new(Body::Values(Some(Box::pin(values))))),
            sleep: None,
        }
    }

    /// A call of an operation that answers with a stream.
    pub fn stream<Op: Operation>(&self, request: Op::Request) -> StreamingCall<Op> {
        let building = Building::new(Body::Value(request));
        StreamingCall::new(Arc::clone(&self.transport), building)
    }

    /// A call where both sides stream.
    pub fn exchange<Op: Operation>(
        &self,
        values: impl Stream<Item = Op::Request> + Send + 'static,
    ) -> StreamingCall<Op> {
        let building = Building::new(Body::Values(Some(Box::pin(values))));
        StreamingCall::new(Arc::clone(&self.transport), building)
    }
}

impl<T> Clone for Channel<T> {
    fn clone(&self) -> Self {
        Self {
            transport: Arc::clone(&self.transport),
            profile: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Channel<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel")
            .field("transport", &std::any::type_name::<T>())
            .finish()
    }
}

pin_project! {
    /// A call that is being made: set its options, then await it.
    ///
    /// Nothing is sent before it is first polled; dropping it gives the call up.
    /// It holds neither a lifetime nor the transport's type, so that it can be
    /// spawned, stored and raced.
    #[must_use = "a call is not sent until it is awaited"]
    pub struct Call<Op: Operation> {
        state: State<Op>,
        #[pin]
        sleep: Option<Sleep>,
        // Held, and dropped last: its client may be the last that holds the
        // connection, and be dropped before the call is.
        transport: Arc<dyn Transport>,
    }
}

enum State<Op: Operation> {
    Building(Building<Op>),
    Flying(Started),
    Done,
}

/// A call that is on its way.
struct Started {
    pending: Pending,
    encoding: Encoding,
    /// When to stop waiting; `None` is never.
    deadline: Option<Instant>,
}

/// A call that is not on its way yet.
struct Building<Op: Operation> {
    body: Body<Op>,
    headers: Headers,
    timeout: Duration,
    // Whether the timeout is this call's own and not the contract's.
    explicit: bool,
    // When the caller of the message in hand stops waiting.
    callers: Option<Instant>,
}

/// What a call sends.
enum Body<Op: Operation> {
    Value(Op::Request),
    /// `None` once they are sent.
    Values(Option<BoxStream<Op::Request>>),
}

type BoxStream<T> = Pin<Box<dyn Stream<Item = T> + Send>>;

impl<Op: Operation> Call<Op> {
    /// How long to wait for the answer, in place of the contract's `timeout`
    /// (10 seconds if it has none). The remaining time travels with a request;
    /// what is not answered, such as an event, is handled however late it comes.
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
    /// waits no longer than that message's caller does.
    pub fn within(self, cx: &Context) -> Self {
        self.building(|call| call.join(cx))
    }

    fn building(mut self, change: impl FnOnce(&mut Building<Op>)) -> Self {
        // A call that was polled is pinned by then and cannot get here.
        if let State::Building(call) = &mut self.state {
            change(call);
        }
        self
    }
}

impl<Op: Operation> Building<Op> {
    fn new(body: Body<Op>) -> Self {
        Self {
            body,
            headers: Headers::new(),
            timeout: Op::META.timeout,
            explicit: false,
            callers: None,
        }
    }

    fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
        self.explicit = true;
    }

    fn change(&mut self, set: impl FnOnce(&mut Op::Request)) {
        // Who streams values has no request to change, and no generated method to do it by.
        if let Body::Value(request) = &mut self.body {
            set(request);
        }
    }

    fn join(&mut self, cx: &Context) {
        if let Some(trace) = cx.headers().get("traceparent") {
            self.headers.set("traceparent", trace);
        }
        self.callers = cx.deadline();
    }

    /// Sends the request, of which nothing is left then.
    fn start(&mut self, transport: &dyn Transport) -> Result<Started, CallError<Op::Error>> {
        let now = clock::now();
        let left = self.callers.map(|end| end.saturating_duration_since(now));
        let wait = left.map_or(self.timeout, |left| left.min(self.timeout));
        let deadline = now.checked_add(wait);
        let encoding = codec::encoding::<Op>(transport.encoding());
        let mut request = Request::new(Op::META, Bytes::new());
        match &mut self.body {
            Body::Value(value) => {
                request.payload = codec::encode_request::<Op>(encoding, value)?;
                request.key = Op::key(value);
                request.route = Op::route(value);
            }
            Body::Values(values) => {
                let values = values.take();
                request.values = values.map(|values| streams::encoded::<Op>(encoding, values));
            }
        }
        request.encoding = encoding;
        let is_answered = Op::META.kind == OperationKind::Message;
        if is_answered && (self.explicit || left.is_some()) {
            // The contract's own timeout is known to the peer and need not travel.
            self.headers.set(REMAINING_MS, wait.as_millis().to_string());
        }
        if Op::META.delivery == Delivery::AtLeastOnce && self.headers.get(MESSAGE_ID).is_none() {
            self.headers.set(MESSAGE_ID, message::new_id());
        }
        request.deadline = deadline;
        request.headers = mem::take(&mut self.headers);
        Ok(Started {
            pending: transport.start(request),
            encoding,
            deadline,
        })
    }
}

impl<Op: Operation> Future for Call<Op> {
    type Output = Result<Op::Response, CallError<Op::Error>>;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if let State::Building(call) = this.state {
            *this.state = match call.start(&**this.transport) {
                Ok(started) => State::Flying(started),
                Err(error) => {
                    *this.state = State::Done;
                    return Poll::Ready(Err(error));
                }
            };
        }
        let State::Flying(started) = this.state else {
            // As every future that is polled after it was ready.
            return Poll::Pending;
        };
        let outcome = if let Poll::Ready(outcome) = Pin::new(&mut started.pending).poll(cx) {
            outcome
        } else {
            // A slot's transport keeps the time for all its messages together.
            if let Pending::Slot(_) | Pending::Call(_) = started.pending
                && Op::META.kind == OperationKind::Message
            {
                return Poll::Pending;
            }
            // A timeout that no clock can hold never ends.
            let Some(deadline) = started.deadline else {
                return Poll::Pending;
            };
            if this.sleep.is_none() {
                let sleep = tokio::time::sleep_until(deadline.into());
                this.sleep.set(Some(sleep));
            }
            if let Some(sleep) = this.sleep.as_mut().as_pin_mut() {
                ready!(sleep.poll(cx));
            }
            Err(TransportError::TimedOut)
        };
        let encoding = started.encoding;
        *this.state = State::Done;
        Poll::Ready(match outcome {
            Ok(reply) => read::<Op>(encoding, reply),
            Err(error) => Err(error.into()),
        })
    }
}

impl<Op: Operation> fmt::Debug for Call<Op> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &Op::META.name)
            .finish_non_exhaustive()
    }
}

fn read<Op: Operation>(
    encoding: Encoding,
    reply: Reply,
) -> Result<Op::Response, CallError<Op::Error>> {
    match reply {
        Reply::Value(payload) => Ok(codec::decode_response::<Op>(encoding, &payload)?),
        Reply::Values(_) => Err(TransportError::Protocol(
            "it answers with a stream of values, but the contract says one".to_owned(),
        )
        .into()),
        Reply::Error { exception, .. } => Err(declared::<Op>(exception)),
        Reply::Refused(error) => Err(error.into()),
    }
}

/// A declared error is known by its code, with details that decode; never by its status.
fn declared<Op: Operation>(exception: RpcException) -> CallError<Op::Error> {
    if let Some(code) = exception.code()
        && let Some(error) = codec::decode_error::<Op>(code, &exception)
    {
        return CallError::Service(error);
    }
    CallError::Remote(exception)
}

/// A transport as a tower service: what the layers of a client wrap.
#[derive(Clone)]
pub struct ClientService(Arc<dyn Transport>);

impl fmt::Debug for ClientService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientService")
    }
}

impl Service<Request> for ClientService {
    type Response = Reply;
    type Error = TransportError;
    type Future = Pending;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Pending {
        self.0.start(request)
    }
}

struct Layered<S> {
    service: S,
    encoding: Encoding,
}

impl<S> Transport for Layered<S>
where
    S: Service<Request, Response = Reply> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
{
    fn start(&self, request: Request) -> Pending {
        let service = self.service.clone();
        Pending::boxed(async move {
            service
                .oneshot(request)
                .await
                .map_err(|error| refused(error.into()))
        })
    }

    fn encoding(&self) -> Encoding {
        self.encoding
    }
}

fn refused(error: BoxError) -> TransportError {
    match layer_error(&error) {
        Some((Kind::Deadline, _)) => TransportError::TimedOut,
        Some(_) => TransportError::Overloaded("a layer of the client sheds load"),
        None => match error.downcast::<TransportError>() {
            Ok(error) => *error,
            Err(error) => TransportError::Layer(error.to_string()),
        },
    }
}
