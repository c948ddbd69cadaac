//! The server's side: from a path to a handler and back.

use std::{
    collections::HashMap,
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
    time::Instant,
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use http::{HeaderMap, HeaderName};
use tokio::task::JoinSet;
use tonic::{Status, Streaming, body::Body, metadata::MetadataMap};
use tower::{Service as _, service_fn};

use super::{Limits, codec::Raw, metadata, path_of, status};
use crate::{
    BoxError, BoxFuture, Encoding, Meta, OperationKind, Payloads, Reply, Request, Routes,
    RpcException, TransportError, clock,
    error::Kind,
    fingerprint,
    service::{BoxService, ReplyFuture},
    transport::{group, port::Services},
};

/// What is served on one port.
#[derive(Clone, Default)]
pub(super) struct Methods {
    by_path: HashMap<&'static str, Arc<Vec<Method>>>,
    /// What reflection tells of them, a set for each contract file.
    pub(super) descriptors: Vec<&'static [u8]>,
}

#[derive(Clone)]
struct Method {
    service: BoxService,
    operation: usize,
    meta: &'static Meta,
    /// Of the members of a group on one port, one gets each event.
    group: Option<String>,
}

impl Methods {
    /// Adds the operations of a service.
    pub(super) fn add(&mut self, routes: &Routes, service: &BoxService) -> Result<(), BoxError> {
        for (operation, &meta) in routes.operations.iter().enumerate() {
            let path = path_of(meta)?;
            let method = Method {
                service: service.clone(),
                operation,
                meta,
                group: routes.group.clone(),
            };
            let methods = self.by_path.entry(path).or_default();
            // A message has one handler.
            let is_message = |meta: &Meta| meta.kind == OperationKind::Message;
            let mut known = methods.iter().map(|method| method.meta);
            if known.any(|known| is_message(known) || is_message(meta)) {
                return Err(format!("{path} is already served on this port").into());
            }
            Arc::make_mut(methods).push(method);
        }
        if !self.descriptors.contains(&routes.descriptors) {
            self.descriptors.push(routes.descriptors);
        }
        Ok(())
    }

    /// The path of every method.
    pub(super) fn paths(&self) -> impl Iterator<Item = &'static str> {
        self.by_path.keys().copied()
    }
}

/// What answers the requests of a port.
pub(super) struct Handler {
    methods: Services<Methods>,
    limits: Limits,
    /// What is served beside the methods, and answers whatever is none of them.
    beside: tonic::service::Routes,
    /// Which member of a group is next.
    turn: AtomicUsize,
    events: Events,
}

impl Handler {
    pub(super) fn new(
        methods: Services<Methods>,
        limits: Limits,
        beside: tonic::service::Routes,
    ) -> Self {
        Self {
            methods,
            limits,
            beside,
            turn: AtomicUsize::new(0),
            events: Events::new(limits.max_in_flight as usize),
        }
    }

    /// The answer is on the heap before tonic passes it from hand to hand.
    pub(super) fn answer(
        self: Arc<Self>,
        request: http::Request<Body>,
    ) -> BoxFuture<Result<http::Response<Body>, Infallible>> {
        let methods = self.methods.now();
        let Some(found) = methods.by_path.get(request.uri().path()) else {
            return Box::pin(self.beside.clone().call(request));
        };
        let theirs = metadata::fingerprint(request.headers());
        for method in found.iter() {
            fingerprint::compare(method.meta, theirs);
        }
        let deadline = deadline(request.headers());
        let answer = self.call(Arc::clone(found), deadline, request);
        let Some(deadline) = deadline else {
            return Box::pin(answer.map(Ok));
        };
        let answered = tokio::time::timeout_at(deadline.into(), answer);
        Box::pin(answered.map(|answered| {
            Ok(answered.unwrap_or_else(|_| {
                status::to_status(Reply::Refused(TransportError::TimedOut)).into_http()
            }))
        }))
    }

    /// Waits until the handlers that nobody waits for have ended.
    pub(super) async fn ended(&self) {
        self.events.ended().await;
    }

    /// To gRPC one value is a stream of one, in either direction.
    async fn call(
        self: Arc<Self>,
        found: Arc<Vec<Method>>,
        deadline: Option<Instant>,
        request: http::Request<Body>,
    ) -> http::Response<Body> {
        let mut grpc =
            tonic::server::Grpc::new(Raw).max_decoding_message_size(self.limits.max_message);
        if found.iter().any(|method| method.meta.streams.requests()) {
            let reply = service_fn(|request: tonic::Request<Streaming<Bytes>>| {
                let (metadata, _, values) = request.into_parts();
                let values = values.map(|value| value.map_err(|status| broken_off(&status)));
                let values = Some(Payloads::new(values));
                self.reply(&found, deadline, metadata, Bytes::new(), values)
            });
            grpc.streaming(reply, request.map(whole)).await
        } else {
            let reply = service_fn(|request: tonic::Request<Bytes>| {
                let (metadata, _, payload) = request.into_parts();
                self.reply(&found, deadline, metadata, payload, None)
            });
            grpc.server_streaming(reply, request).await
        }
    }

    /// Calls the handler of a message, or every receiver of an event.
    async fn reply(
        &self,
        found: &[Method],
        deadline: Option<Instant>,
        metadata: MetadataMap,
        payload: Bytes,
        values: Option<Payloads>,
    ) -> Result<tonic::Response<Replies>, Status> {
        let handle = |method: &Method, payload, values| {
            let mut request = Request::new(method.meta, payload);
            request.operation = method.operation;
            request.encoding = Encoding::Protobuf;
            request.values = values;
            request.arrived_with(metadata::from_metadata(&metadata));
            request.deadline = request.deadline.or(deadline);
            method.service.handle(request)
        };
        let replies = match found {
            [method] if method.meta.kind == OperationKind::Message => {
                let Ok(reply) = handle(method, payload, values).await;
                match reply {
                    Reply::Value(value) => Replies::One(Some(value)),
                    Reply::Values(values) => Replies::Many(Some(values)),
                    failed => return Err(status::to_status(failed)),
                }
            }
            // Nobody waits for what becomes of an event, or of a message without an answer.
            _ => {
                let turn = self.turn.fetch_add(1, Ordering::Relaxed);
                let receivers = group::receivers(found, turn, |one| one.group.as_deref());
                let handlers = receivers.map(|method| handle(method, payload.clone(), None));
                let taken = self.events.take(handlers.collect());
                taken.map_err(status::to_status)?;
                Replies::One(Some(Bytes::new()))
            }
        };
        Ok(tonic::Response::new(replies))
    }
}

/// Serves nothing yet, and says so of every path.
pub(super) fn nothing() -> tonic::service::Routes {
    let router = tonic::service::Routes::default().into_axum_router();
    tonic::service::Routes::from(router.fallback(async || {
        let status = status::to_status(Reply::Refused(TransportError::NoHandler));
        status.into_http::<Body>()
    }))
}

/// The handlers under way that nobody waits for.
struct Events {
    tasks: Mutex<JoinSet<()>>,
    max: usize,
}

impl Events {
    fn new(max: usize) -> Self {
        Self {
            tasks: Mutex::new(JoinSet::new()),
            max,
        }
    }

    fn take(&self, handlers: Vec<ReplyFuture>) -> Result<(), Reply> {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        if tasks.len() >= self.max {
            return Err(Reply::Refused(TransportError::Overloaded(
                "too many events are being handled",
            )));
        }
        for handler in handlers {
            tasks.spawn(async move {
                let Ok(_) = handler.await;
            });
        }
        Ok(())
    }

    /// Waits until all have ended.
    async fn ended(&self) {
        let mut tasks =
            std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        while tasks.join_next().await.is_some() {}
    }
}

/// Values that break off when their caller gives them up. tonic would take that
/// for their end, and the handler what came so far for all of it.
fn whole(values: Body) -> axum::body::Body {
    let values = axum::body::Body::new(values).into_data_stream();
    axum::body::Body::from_stream(values.map_err(|error| {
        let status = Status::from_error(error.into());
        match status.code() {
            tonic::Code::Cancelled => Status::unavailable("the caller has given up the call"),
            _ => status,
        }
    }))
}

/// Why the values of a caller end before their end.
fn broken_off(status: &Status) -> Reply {
    let (kind, text) = match status.code() {
        tonic::Code::OutOfRange | tonic::Code::ResourceExhausted => {
            (Kind::Exhausted, status.message())
        }
        tonic::Code::Cancelled | tonic::Code::Unavailable | tonic::Code::Unknown => {
            return Reply::Refused(TransportError::Closed);
        }
        _ => (Kind::Invalid, status.message()),
    };
    Reply::Error {
        exception: RpcException::of_kind(kind, text),
        retryable: false,
    }
}

/// When the caller's time is over: a little before tonic's own clock, which
/// would tell the caller that it has cancelled the call.
fn deadline(headers: &HeaderMap) -> Option<Instant> {
    let left = timeout(headers)?.saturating_sub(Duration::from_millis(1));
    clock::now().checked_add(left)
}

/// What `grpc-timeout` says.
fn timeout(headers: &HeaderMap) -> Option<Duration> {
    static NAME: HeaderName = HeaderName::from_static("grpc-timeout");
    let text = headers.get(&NAME)?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    // The specification allows eight digits.
    let count: u32 = digits.parse().ok().filter(|_| digits.len() <= 8)?;
    let unit = match unit {
        "H" => Duration::from_secs(60 * 60),
        "M" => Duration::from_secs(60),
        "S" => Duration::from_secs(1),
        "m" => Duration::from_millis(1),
        "u" => Duration::from_micros(1),
        "n" => Duration::from_nanos(1),
        _ => return None,
    };
    unit.checked_mul(count)
}

/// The replies of a handler.
enum Replies {
    One(Option<Bytes>),
    Many(Option<Payloads>),
}

impl Stream for Replies {
    type Item = Result<Bytes, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut *self {
            Self::One(value) => Poll::Ready(value.take().map(Ok)),
            Self::Many(values) => {
                let Some(stream) = values else {
                    return Poll::Ready(None);
                };
                let item = ready!(Pin::new(stream).poll_next(cx));
                if !matches!(item, Some(Ok(_))) {
                    *values = None;
                }
                Poll::Ready(item.map(|value| value.map_err(status::to_status)))
            }
        }
    }
}
