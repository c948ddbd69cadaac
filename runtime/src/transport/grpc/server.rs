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
use futures_util::{StreamExt as _, TryStreamExt as _};
use http::HeaderMap;
use tokio::task::JoinSet;
use tonic::{Status, Streaming, body::Body, metadata::MetadataMap};
use tower::Service;

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
    by_path: HashMap<&'static str, Vec<Method>>,
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
            if meta.kind == OperationKind::Message && !methods.is_empty() {
                return Err(format!("{path} is already served on this port").into());
            }
            methods.push(method);
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

/// All methods of a port, as a service of HTTP.
#[derive(Clone)]
pub(super) struct Handler {
    pub(super) methods: Services<Methods>,
    pub(super) limits: Limits,
    /// Which member of a group is next.
    pub(super) turn: Arc<AtomicUsize>,
    pub(super) events: Arc<Events>,
}

impl Service<http::Request<axum::body::Body>> for Handler {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<axum::body::Body>) -> Self::Future {
        let methods = self.methods.now();
        let max_message = self.limits.max_message;
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let events = Arc::clone(&self.events);
        let deadline = deadline(request.headers());
        let answer = async move {
            let found = methods.by_path.get(request.uri().path());
            let Some((found, first)) = found.and_then(|found| Some((found, found.first()?))) else {
                let status = status::to_status(Reply::Refused(TransportError::NoHandler));
                return Ok(status.into_http());
            };
            let theirs = metadata::fingerprint(request.headers());
            for method in found {
                fingerprint::compare(method.meta, theirs);
            }
            let mut grpc = tonic::server::Grpc::new(Raw).max_decoding_message_size(max_message);
            let receivers = group::receivers(found, turn, |one| one.group.as_deref());
            let calling = Calling {
                methods: receivers.cloned().collect(),
                events,
                deadline,
            };
            Ok(if first.meta.streams.requests() {
                grpc.streaming(calling, request.map(whole)).await
            } else {
                grpc.server_streaming(calling, request).await
            })
        };
        Box::pin(async move {
            let Some(deadline) = deadline else {
                return answer.await;
            };
            let answered = tokio::time::timeout_at(deadline.into(), answer).await;
            answered.unwrap_or_else(|_| {
                let status = status::to_status(Reply::Refused(TransportError::TimedOut));
                Ok(status.into_http())
            })
        })
    }
}

/// One call: of the handler of a message, or of every receiver of an event. To
/// gRPC one value is a stream of one, in either direction.
struct Calling {
    methods: Vec<Method>,
    events: Arc<Events>,
    deadline: Option<Instant>,
}

/// The handlers under way that nobody waits for.
pub(super) struct Events {
    tasks: Mutex<JoinSet<()>>,
    max: usize,
}

impl Events {
    pub(super) fn new(max: usize) -> Self {
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
    pub(super) async fn ended(&self) {
        let mut tasks =
            std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        while tasks.join_next().await.is_some() {}
    }
}

impl Calling {
    fn handle(
        &self,
        metadata: &MetadataMap,
        payload: &Bytes,
        mut values: Option<Payloads>,
    ) -> BoxFuture<Result<tonic::Response<Replies>, Status>> {
        let mut replies = Vec::new();
        for method in &self.methods {
            let mut request = Request::new(method.meta, payload.clone());
            request.operation = method.operation;
            request.encoding = Encoding::Protobuf;
            request.values = values.take();
            request.arrived_with(metadata::from_metadata(metadata));
            request.deadline = request.deadline.or(self.deadline);
            replies.push(method.service.handle(request));
        }
        let is_answered = self
            .methods
            .first()
            .is_some_and(|method| method.meta.kind == OperationKind::Message);
        if !is_answered {
            // Nobody waits for what becomes of an event, or of a message without an answer.
            let taken = self.events.take(replies);
            let taken = taken.map(|()| tonic::Response::new(Replies::One(Some(Bytes::new()))));
            return Box::pin(std::future::ready(taken.map_err(status::to_status)));
        }
        Box::pin(async move {
            // A message has one handler.
            let Some(reply) = replies.pop() else {
                return Err(status::to_status(Reply::Refused(TransportError::NoHandler)));
            };
            let Ok(reply) = reply.await;
            let answer = match reply {
                Reply::Value(value) => Replies::One(Some(value)),
                Reply::Values(values) => Replies::Many(Some(values)),
                failed => return Err(status::to_status(failed)),
            };
            Ok(tonic::Response::new(answer))
        })
    }
}

impl tonic::server::ServerStreamingService<Bytes> for Calling {
    type Response = Bytes;
    type ResponseStream = Replies;
    type Future = BoxFuture<Result<tonic::Response<Replies>, Status>>;

    fn call(&mut self, request: tonic::Request<Bytes>) -> Self::Future {
        let (metadata, _, payload) = request.into_parts();
        self.handle(&metadata, &payload, None)
    }
}

impl tonic::server::StreamingService<Bytes> for Calling {
    type Response = Bytes;
    type ResponseStream = Replies;
    type Future = BoxFuture<Result<tonic::Response<Replies>, Status>>;

    fn call(&mut self, request: tonic::Request<Streaming<Bytes>>) -> Self::Future {
        let (metadata, _, values) = request.into_parts();
        let values = Payloads::new(values.map(|value| value.map_err(|status| broken_off(&status))));
        self.handle(&metadata, &Bytes::new(), Some(values))
    }
}

/// Values that break off when their caller gives them up. tonic would take that
/// for their end, and the handler what came so far for all of it.
fn whole(values: axum::body::Body) -> axum::body::Body {
    let values = values.into_data_stream();
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
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
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
