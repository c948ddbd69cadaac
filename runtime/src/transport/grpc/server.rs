//! The server's side: from a path to a handler and back.

use std::{
    collections::HashMap,
    convert::Infallible,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt as _;
use tonic::{Status, Streaming, body::Body, metadata::MetadataMap};
use tower::Service;

use super::{Limits, codec::Raw, metadata, status};
use crate::{
    BoxError, BoxFuture, Encoding, Meta, Payloads, Reply, Request, Routes, RpcException,
    TransportError, error::Kind, service::BoxService,
};

/// What is served on one port, by path.
#[derive(Clone, Default)]
pub(super) struct Methods(HashMap<&'static str, Method>);

#[derive(Clone)]
struct Method {
    service: BoxService,
    operation: usize,
    meta: &'static Meta,
}

impl Methods {
    /// Adds the operations of a service.
    pub(super) fn add(&mut self, routes: &Routes, service: &BoxService) -> Result<(), BoxError> {
        for (operation, &meta) in routes.operations.iter().enumerate() {
            let path = meta.grpc.ok_or_else(|| {
                format!(
                    "`{}` has no method of gRPC: its contract is not encoded as protobuf",
                    meta.name
                )
            })?;
            let method = Method {
                service: service.clone(),
                operation,
                meta,
            };
            if self.0.insert(path, method).is_some() {
                return Err(format!("{path} is already served on this port").into());
            }
        }
        Ok(())
    }
}

/// All methods of a port, as a service of HTTP.
#[derive(Clone)]
pub(super) struct Handler {
    // Replaced as a whole when a service is added.
    pub(super) methods: Arc<Mutex<Arc<Methods>>>,
    pub(super) limits: Limits,
}

impl Service<http::Request<axum::body::Body>> for Handler {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<axum::body::Body>) -> Self::Future {
        let methods = Arc::clone(&self.methods.lock().unwrap_or_else(PoisonError::into_inner));
        let max_message = self.limits.max_message;
        Box::pin(async move {
            let Some(method) = methods.0.get(request.uri().path()) else {
                let status = status::to_status(Reply::Refused(TransportError::NoHandler));
                return Ok(status.into_http());
            };
            let mut grpc = tonic::server::Grpc::new(Raw).max_decoding_message_size(max_message);
            let calling = Calling(method.clone());
            Ok(if method.meta.streams.requests() {
                grpc.streaming(calling, request).await
            } else {
                grpc.server_streaming(calling, request).await
            })
        })
    }
}

/// One call of a method. To gRPC one value is a stream of one, in either direction.
struct Calling(Method);

impl Calling {
    fn handle(
        &self,
        metadata: &MetadataMap,
        payload: Bytes,
        values: Option<Payloads>,
    ) -> BoxFuture<Result<tonic::Response<Replies>, Status>> {
        let mut request = Request::new(self.0.meta, payload);
        request.operation = self.0.operation;
        request.encoding = Encoding::Protobuf;
        request.values = values;
        request.arrived_with(metadata::from_metadata(metadata));
        if request.deadline.is_none() {
            request.deadline = timeout(metadata).and_then(|left| Instant::now().checked_add(left));
        }
        let reply = self.0.service.handle(request);
        Box::pin(async move {
            let Ok(reply) = reply.await;
            let replies = match reply {
                Reply::Value(value) => Replies::One(Some(value)),
                Reply::Values(values) => Replies::Many(Some(values)),
                failed => return Err(status::to_status(failed)),
            };
            Ok(tonic::Response::new(replies))
        })
    }
}

impl tonic::server::ServerStreamingService<Bytes> for Calling {
    type Response = Bytes;
    type ResponseStream = Replies;
    type Future = BoxFuture<Result<tonic::Response<Replies>, Status>>;

    fn call(&mut self, request: tonic::Request<Bytes>) -> Self::Future {
        let (metadata, _, payload) = request.into_parts();
        self.handle(&metadata, payload, None)
    }
}

impl tonic::server::StreamingService<Bytes> for Calling {
    type Response = Bytes;
    type ResponseStream = Replies;
    type Future = BoxFuture<Result<tonic::Response<Replies>, Status>>;

    fn call(&mut self, request: tonic::Request<Streaming<Bytes>>) -> Self::Future {
        let (metadata, _, values) = request.into_parts();
        let values = Payloads::new(values.map(|value| value.map_err(|status| broken_off(&status))));
        self.handle(&metadata, Bytes::new(), Some(values))
    }
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

/// What `grpc-timeout` says.
fn timeout(metadata: &MetadataMap) -> Option<Duration> {
    let text = metadata.get("grpc-timeout")?.to_str().ok()?;
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
