//! From a decoded message to a handler and back.

use std::{fmt, future::Future, marker::PhantomData, sync::Arc};

use bytes::Bytes;

use crate::{
    BoxError, BoxFuture, CarriedBy, Context, ContractError, Encoding, Event, Failure, Listen, Meta,
    Operation, Reply, Request, Routes, RpcException, Serve, Wire,
    check::{Violation, Violations},
    clock, json,
    service::{self, BoxService},
};

mod streams;

pub use streams::{Incoming, Values, open_stream, respond_stream};

/// Routes requests to handlers. Implemented by generated servers.
pub trait Dispatch: Clone + Send + Sync + 'static {
    /// The operations, in the order of their indexes.
    const OPERATIONS: &'static [&'static Meta];

    /// What gRPC's reflection tells of them: the bytes of a
    /// `google.protobuf.FileDescriptorSet`. Empty in contracts without numbers.
    const DESCRIPTORS: &'static [u8] = &[];

    /// Calls the handler of the operation with that index.
    fn dispatch(&self, operation: usize, request: Request) -> BoxFuture<Reply>;
}

/// Reads what a handler is called with, or the reply that says why it cannot be.
///
/// # Errors
/// The reply to a payload that does not decode, that violates a `#[check]`, or
/// that comes too late.
pub fn open<Op: Operation>(mut request: Request) -> Result<(Context, Op::Request), Reply> {
    in_time(&request)?;
    let decode = decode_request::<Op>(request.encoding);
    let payload = read_checked(&request.payload, decode, Op::check)?;
    Ok((Context::of(&mut request), payload))
}

fn in_time(request: &Request) -> Result<(), Reply> {
    match request.deadline {
        Some(deadline) if deadline <= clock::now() => Err(service::expired()),
        _ => Ok(()),
    }
}

/// How a request, or one of its values, is read.
fn decode_request<Op: Operation>(encoding: Encoding) -> Decode<Op::Request> {
    match (encoding, Op::PROTO) {
        (Encoding::Protobuf, Some(proto)) => proto.decode_request,
        (Encoding::Json | Encoding::Protobuf, _) => read,
    }
}

type Decode<T> = fn(&[u8]) -> Result<T, json::DecodeError>;

fn read_checked<T>(
    payload: &[u8],
    decode: Decode<T>,
    check: fn(&T, &mut Violations),
) -> Result<T, Reply> {
    let value = match decode(payload) {
        Ok(value) => value,
        Err(error) => return Err(undecodable(&error)),
    };
    let mut violations = Violations::default();
    check(&value, &mut violations);
    if violations.is_empty() {
        Ok(value)
    } else {
        Err(invalid(violations))
    }
}

/// Reads a payload. Where an object is asked for, nothing is one without
/// members: a peer in JavaScript that has no arguments to give gives none.
fn read<T: Wire>(payload: &[u8]) -> Result<T, json::DecodeError> {
    let decoded = json::decode(payload);
    if decoded.is_ok() || payload != b"null" {
        return decoded;
    }
    match json::decode(b"{}") {
        Err(error) if error.pointer().is_empty() => decoded,
        as_object => as_object,
    }
}

/// Turns what a handler returned into a reply.
pub fn respond<Op: Operation>(
    cx: &Context,
    result: Result<Op::Response, Failure<Op::Error>>,
) -> Reply {
    let encoding = cx.encoding();
    match result {
        Ok(value) => encode::<Op>(encoding, &value).map_or_else(|failed| failed, Reply::Value),
        Err(error) => failure::<Op>(encoding, error),
    }
}

/// A handler's value, or the reply to one that the encoding cannot hold.
fn encode<Op: Operation>(encoding: Encoding, value: &Op::Response) -> Result<Bytes, Reply> {
    match (encoding, Op::PROTO) {
        (Encoding::Protobuf, Some(proto)) => Ok((proto.encode_response)(value)),
        _ => json::encode(value).map_err(|error| service::failed(&error.into())),
    }
}

fn failure<Op: Operation>(encoding: Encoding, error: Failure<Op::Error>) -> Reply {
    match error {
        Failure::Service(error) => {
            let mut exception = RpcException::from_contract(&error);
            if let (Encoding::Protobuf, Some(proto)) = (encoding, Op::PROTO) {
                exception = exception.with_proto((proto.encode_error)(&error));
            }
            Reply::Error {
                retryable: error.is_retryable(),
                exception,
            }
        }
        Failure::Rpc(exception) => Reply::Error {
            retryable: exception.is_retryable(),
            exception,
        },
        Failure::Internal(cause) => service::failed(&cause),
    }
}

/// The reply to an index that is none of the server's.
#[must_use]
pub fn no_handler() -> BoxFuture<Reply> {
    Box::pin(std::future::ready(Reply::Refused(
        crate::TransportError::NoHandler,
    )))
}

#[cold]
fn undecodable(error: &json::DecodeError) -> Reply {
    let violation = Violation {
        pointer: error.pointer(),
        message: error.reason().to_owned(),
    };
    let message = format!("the payload does not decode: {error}");
    Reply::Error {
        exception: RpcException::invalid(&message, &[violation]),
        retryable: false,
    }
}

#[cold]
fn invalid(violations: Violations) -> Reply {
    let (found, left_out) = violations.finish();
    let count = found.len() + left_out;
    let message = match found.first() {
        Some(first) if count == 1 => {
            format!("invalid input: `{}` {}", first.pointer, first.message)
        }
        _ => format!("invalid input: {count} violations"),
    };
    Reply::Error {
        exception: RpcException::invalid(&message, &found),
        retryable: false,
    }
}

/// Handles an event.
///
/// Implement it once an event; a subscriber made of the handler delivers to it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not handle `{E}`",
    label = "this handler has no `on` for the event",
    note = "write `impl On<{E}> for {Self}`"
)]
pub trait On<E: Event>: Send + Sync + 'static {
    /// Handles one event. Returning settles it: a retryable failure has it
    /// delivered again where the contract says `at_least_once`.
    fn on(&self, cx: &Context, event: E) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// How a server becomes a service.
///
/// It is made together with the server, where the handler is given: only there
/// its traits are asked for, so that one that is missing is one error.
pub struct AsService<S> {
    operations: &'static [&'static Meta],
    descriptors: &'static [u8],
    service: fn(S) -> BoxService,
}

impl<S: Dispatch> AsService<S> {
    /// That of a server that can dispatch.
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "generated code calls it, nobody else"
    )]
    pub fn new() -> Self {
        Self {
            operations: S::OPERATIONS,
            descriptors: S::DESCRIPTORS,
            service: BoxService::new,
        }
    }
}

impl<S> AsService<S> {
    /// Binds the server to a transport.
    pub fn bind<L: Listen>(
        self,
        name: &'static str,
        server: S,
        group: Option<String>,
        listener: L,
    ) -> Bound {
        let routes = Routes {
            operations: self.operations,
            descriptors: self.descriptors,
            group,
        };
        Bound::new(name, routes, (self.service)(server), listener)
    }
}

impl<S> Clone for AsService<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for AsService<S> {}

impl<S> fmt::Debug for AsService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AsService")
    }
}

/// Delivers the events of one kind to a handler.
pub struct Subscriber<E, H> {
    handler: Arc<H>,
    group: Option<String>,
    service: AsService<Self>,
    event: PhantomData<fn(E)>,
}

impl<E: Event, H> Subscriber<E, H> {
    /// A subscriber that gets every event.
    pub fn new(handler: H) -> Self
    where
        H: On<E>,
    {
        Self {
            handler: Arc::new(handler),
            group: None,
            service: AsService::new(),
            event: PhantomData,
        }
    }

    /// Makes it a member of a group: each event reaches one member.
    #[must_use]
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// Binds it to a transport that carries the event.
    pub fn on<L: Listen>(self, listener: L) -> Bound
    where
        Self: CarriedBy<L::Profile>,
    {
        let group = self.group.clone();
        self.service.bind(E::META.name, self, group, listener)
    }
}

/// What an event lacks is said of the event; a bound on the event itself would
/// have rustc say of it only that it is not carried.
impl<E: CarriedBy<P>, H, P> CarriedBy<P> for Subscriber<E, H> {}

impl<E, H> Clone for Subscriber<E, H> {
    fn clone(&self) -> Self {
        Self {
            handler: Arc::clone(&self.handler),
            group: self.group.clone(),
            service: self.service,
            event: PhantomData,
        }
    }
}

impl<E: Event, H> fmt::Debug for Subscriber<E, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscriber")
            .field("event", &E::META.name)
            .field("group", &self.group)
            .finish_non_exhaustive()
    }
}

impl<E: Event, H: On<E>> Dispatch for Subscriber<E, H> {
    const OPERATIONS: &'static [&'static Meta] = &[E::META];
    const DESCRIPTORS: &'static [u8] = E::DESCRIPTORS;

    fn dispatch(&self, _: usize, request: Request) -> BoxFuture<Reply> {
        let handler = Arc::clone(&self.handler);
        Box::pin(async move {
            match open::<E>(request) {
                Ok((cx, event)) => {
                    let result = handler.on(&cx, event).await.map_err(widen);
                    respond::<E>(&cx, result)
                }
                Err(reply) => reply,
            }
        })
    }
}

/// The same failure: both types are uninhabited in `Service`.
fn widen<E>(failure: Failure) -> Failure<E> {
    match failure {
        Failure::Service(never) => match never {},
        Failure::Rpc(exception) => Failure::Rpc(exception),
        Failure::Internal(cause) => Failure::Internal(cause),
    }
}

/// A server or subscriber bound to a transport: what an [`App`](crate::App) serves.
pub struct Bound {
    /// The service or the event.
    pub(crate) name: &'static str,
    /// The transport, as error texts name it.
    pub(crate) transport: &'static str,
    pub(crate) routes: Routes,
    pub(crate) service: BoxService,
    pub(crate) listener: Box<dyn ErasedListen>,
}

impl Bound {
    /// Binds a service to a transport. Generated code calls it where the
    /// capabilities have been checked.
    pub fn new<L: Listen>(
        name: &'static str,
        routes: Routes,
        service: BoxService,
        listener: L,
    ) -> Self {
        Self {
            name,
            transport: listener.transport(),
            routes,
            service,
            listener: Box::new(listener),
        }
    }
}

impl fmt::Debug for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bound")
            .field("name", &self.name)
            .field("transport", &self.transport)
            .finish_non_exhaustive()
    }
}

/// A listener whose type is forgotten: an app holds many kinds.
pub(crate) trait ErasedListen: Send {
    fn bind(
        self: Box<Self>,
        routes: Routes,
        service: BoxService,
    ) -> BoxFuture<Result<Box<dyn ErasedServe>, BoxError>>;
}

impl<L: Listen> ErasedListen for L {
    fn bind(
        self: Box<Self>,
        routes: Routes,
        service: BoxService,
    ) -> BoxFuture<Result<Box<dyn ErasedServe>, BoxError>> {
        Box::pin(async move {
            let serve = Listen::bind(*self, routes, service).await?;
            Ok(Box::new(serve) as Box<dyn ErasedServe>)
        })
    }
}

pub(crate) trait ErasedServe: Send {
    fn address(&self) -> Option<std::net::SocketAddr>;
    fn serve(self: Box<Self>, stop: crate::Stop) -> BoxFuture<()>;
}

impl<S: Serve> ErasedServe for S {
    fn address(&self) -> Option<std::net::SocketAddr> {
        Serve::address(self)
    }

    fn serve(self: Box<Self>, stop: crate::Stop) -> BoxFuture<()> {
        Box::pin(Serve::serve(*self, stop))
    }
}
