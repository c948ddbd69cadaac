//! The client's side: a call of HTTP/2 for each call.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::FutureExt as _;
use http::{Uri, uri::PathAndQuery};
use tonic::{Status, Streaming, client};

use super::{
    codec::Upload,
    connection::{Driver, Sender, Target},
    exchange::Exchange,
    metadata, path_of, status,
    told::Told,
};
use crate::{
    Meta, OperationKind, Payloads, Pending, REMAINING_MS, Reply, Request, TransportError,
    backoff::Backoff,
    clock,
    transport::{
        ConnectionState,
        reconnect::{self, Connection},
        task::ClientTask,
    },
};

/// Clones share the connection, which is closed with the last of them.
#[derive(Clone)]
pub(super) struct Client(Arc<Shared>);

struct Shared {
    connection: Arc<Connection<Sender>>,
    /// What goes before the paths of calls.
    origin: Uri,
    address: Arc<str>,
    max_message: usize,
    fingerprints: Told,
    task: ClientTask,
}

impl Client {
    pub(super) fn new(origin: Uri, target: Target, backoff: Backoff) -> Self {
        let connection = Arc::new(Connection::new());
        let (address, max_message) = (Arc::clone(&target.address), target.limits.max_message);
        let mut driver = Driver::new(target, Arc::clone(&connection));
        let task = ClientTask::spawn(|stop| async move {
            reconnect::keep_up(&mut driver, backoff, stop).await;
            driver.close().await;
        });
        Self(Arc::new(Shared {
            connection,
            origin,
            address,
            max_message,
            fingerprints: Told::default(),
            task,
        }))
    }

    pub(super) fn state(&self) -> ConnectionState {
        self.0.connection.state()
    }

    pub(super) async fn until(&self, wanted: ConnectionState) {
        self.0.connection.until(wanted).await;
    }

    /// Waits for the connection.
    pub(super) async fn connected(&self) -> Result<(), TransportError> {
        self.0.connection.connected().await.map(drop)
    }

    pub(super) async fn close(&self) {
        self.0.task.close().await;
    }

    pub(super) fn address(&self) -> &str {
        &self.0.address
    }

    pub(super) fn start(&self, request: Request) -> Pending {
        let path = match path_of(request.meta) {
            Ok(path) => PathAndQuery::from_static(path),
            Err(error) => return Pending::Refused(error),
        };
        let is_due = self.0.fingerprints.is_due(request.meta);
        let fingerprint = is_due.then_some(request.meta.fingerprint);
        let metadata = match metadata::to_metadata(fingerprint, &request.headers) {
            Ok(metadata) => metadata,
            Err(error) => return Pending::Refused(error),
        };
        let has_own_time = request.headers.get(REMAINING_MS).is_some();
        let remaining = request.deadline.filter(|_| has_own_time);
        let values = Outgoing::of(request.payload, request.values);
        let mut message = tonic::Request::new(values);
        *message.metadata_mut() = metadata;

        let meta = request.meta;
        let shared = Arc::clone(&self.0);
        // What is awaited in another `async` is in the future twice, and one of a
        // kilobyte and more is slow to allocate.
        let answered = async move {
            let exchange = shared.exchange().await;
            let exchange = exchange.map_err(|error| Status::from_error(Box::new(error)))?;
            set_timeout(&mut message, remaining);
            let mut http = client::Grpc::with_origin(exchange, shared.origin.clone())
                .max_decoding_message_size(shared.max_message);
            let replies = http.streaming(message, path, Upload).await?;
            let mut replies = replies.into_inner();
            if meta.streams.replies() {
                return Ok(Reply::Values(Payloads::new(Received(Some(replies)))));
            }
            let mut reply = None;
            // It is an answer if the status after it is OK.
            while let Some(value) = replies.message().await? {
                reply.get_or_insert(value);
            }
            let reply =
                reply.ok_or_else(|| Status::internal("there is no reply before the status"))?;
            Ok(answer(meta, reply))
        };
        Pending::boxed(
            answered.map(move |answered| answered.or_else(|status| failed(meta, &status))),
        )
    }
}

impl Shared {
    /// Waits for a connection with room for a call.
    async fn exchange(&self) -> Result<Exchange, TransportError> {
        loop {
            let sender = self.connection.connected().await?;
            if let Some(exchange) = Exchange::ready(sender).await {
                return Ok(exchange);
            }
        }
    }
}

/// What a status other than OK says.
fn failed(meta: &Meta, status: &Status) -> Result<Reply, TransportError> {
    match status::from_status(status) {
        Reply::Refused(error) => Err(error),
        // The answer to a stream's call is a stream, of which this is the only item.
        failed if meta.streams.replies() => Ok(Reply::Values(Payloads::new(Once(Some(failed))))),
        failed => Ok(failed),
    }
}

/// Who sends an event, or a message without an answer, is told nothing of the reply.
fn answer(meta: &Meta, reply: Bytes) -> Reply {
    match meta.kind {
        OperationKind::Message => Reply::Value(reply),
        OperationKind::Oneway | OperationKind::Event => Reply::Value(Bytes::new()),
    }
}

fn set_timeout(request: &mut tonic::Request<Outgoing>, deadline: Option<std::time::Instant>) {
    if let Some(deadline) = deadline {
        request.set_timeout(deadline.saturating_duration_since(clock::now()));
    }
}

/// The values that a server streams. Dropped, it ends what is still sent.
struct Received(Option<Streaming<Bytes>>);

impl Stream for Received {
    type Item = Result<Bytes, Reply>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(values) = &mut self.0 else {
            return Poll::Ready(None);
        };
        let item = ready!(Pin::new(values).poll_next(cx));
        if !matches!(item, Some(Ok(_))) {
            self.0 = None;
        }
        Poll::Ready(item.map(|value| value.map_err(|status| status::from_status(&status))))
    }
}

/// What a caller sends. To gRPC one value is a stream of one.
enum Outgoing {
    One(Option<Bytes>),
    /// They break off with a value that cannot be encoded.
    Many(Option<Payloads>),
}

impl Outgoing {
    /// The values, or the payload in their place.
    fn of(payload: Bytes, values: Option<Payloads>) -> Self {
        match values {
            Some(values) => Self::Many(Some(values)),
            None => Self::One(Some(payload)),
        }
    }
}

impl Stream for Outgoing {
    type Item = Result<Bytes, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let values = match &mut *self {
            Self::One(value) => return Poll::Ready(value.take().map(Ok)),
            Self::Many(values) => values,
        };
        let Some(stream) = values else {
            return Poll::Ready(None);
        };
        let item = match ready!(Pin::new(stream).poll_next(cx)) {
            Some(Ok(value)) => return Poll::Ready(Some(Ok(value))),
            Some(Err(reply)) => Some(Err(status::to_status(reply))),
            None => None,
        };
        *values = None;
        Poll::Ready(item)
    }
}

struct Once(Option<Reply>);

impl Stream for Once {
    type Item = Result<Bytes, Reply>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Err))
    }
}
