//! The client's side: a call of HTTP/2 for each call.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::FutureExt as _;
use http::uri::PathAndQuery;
use tokio::sync::oneshot;
use tonic::{Status, Streaming, client, transport::Channel};

use super::{
    Limits,
    codec::{Raw, Upload},
    connections::Connections,
    metadata, path_of, status,
    told::Told,
};
use crate::{
    Meta, OperationKind, Payloads, Pending, REMAINING_MS, Reply, Request, TransportError,
    backoff::Backoff, clock, transport::ConnectionState,
};

/// What every server of gRPC should answer, and does no harm.
const CHECK: &str = "/grpc.health.v1.Health/Check";

#[derive(Clone)]
pub(super) struct Client {
    channel: client::Grpc<Channel>,
    connections: Connections,
    address: Arc<str>,
    fingerprints: Arc<Told>,
}

impl Client {
    pub(super) fn new(
        channel: Channel,
        connections: Connections,
        address: String,
        limits: Limits,
    ) -> Self {
        Self {
            channel: client::Grpc::new(channel).max_decoding_message_size(limits.max_message),
            connections,
            address: address.into(),
            fingerprints: Arc::default(),
        }
    }

    pub(super) fn state(&self) -> ConnectionState {
        self.connections.state()
    }

    pub(super) async fn until(&self, wanted: ConnectionState) {
        tokio::select! {
            () = self.connections.until(wanted) => {}
            () = self.keep_asking(), if wanted == ConnectionState::Connected => {}
        }
    }

    /// Makes calls, since a channel connects for nothing else. Never returns.
    async fn keep_asking(&self) {
        let backoff = Backoff::default();
        for attempt in 0.. {
            let mut client = self.channel.clone();
            if client.ready().await.is_ok() {
                let request = tonic::Request::new(Bytes::new());
                // Whatever it answers, it is there.
                let _ = client
                    .unary(request, PathAndQuery::from_static(CHECK), Raw)
                    .await;
            }
            tokio::time::sleep(backoff.pause(attempt)).await;
        }
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) fn start(&self, request: Request) -> Pending {
        let path = match path_of(request.meta) {
            Ok(path) => PathAndQuery::from_static(path),
            Err(error) => return Pending::Refused(error),
        };
        let is_due = self.fingerprints.is_due(request.meta);
        let fingerprint = is_due.then_some(request.meta.fingerprint);
        let metadata = match metadata::to_metadata(fingerprint, &request.headers) {
            Ok(metadata) => metadata,
            Err(error) => return Pending::Refused(error),
        };
        let has_own_time = request.headers.get(REMAINING_MS).is_some();
        let remaining = request.deadline.filter(|_| has_own_time);
        let (call, values) = Outgoing::of(request.payload, request.values);
        let mut message = tonic::Request::new(values);
        *message.metadata_mut() = metadata;

        let meta = request.meta;
        let mut channel = self.channel.clone();
        let (address, of_failure) = (Arc::clone(&self.address), Arc::clone(&self.address));
        // What is awaited in another `async` is in the future twice, and one of a
        // kilobyte and more is slow to allocate.
        let answered = async move {
            let ready = channel.ready().await;
            ready.map_err(|error| Status::from_error(error.into()))?;
            set_timeout(&mut message, remaining);
            let replies = channel.streaming(message, path, Upload).await?;
            let mut replies = replies.into_inner();
            if meta.streams.replies() {
                return Ok(received(replies, address, call));
            }
            // Until the reply is there the upload is under way.
            let _call = call;
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
            answered
                .map(move |answered| answered.or_else(|status| failed(meta, &status, &of_failure))),
        )
    }
}

/// What a status other than OK says.
fn failed(meta: &Meta, status: &Status, address: &str) -> Result<Reply, TransportError> {
    match status::from_status(status, address) {
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

fn received(
    replies: Streaming<Bytes>,
    address: Arc<str>,
    call: Option<oneshot::Sender<()>>,
) -> Reply {
    let values = Payloads::new(Received {
        values: Some(replies),
        address,
    });
    // Dropped with the replies, which ends what is still sent.
    Reply::Values(match call {
        Some(call) => values.holding(call),
        None => values,
    })
}

/// The values that a server streams.
struct Received {
    values: Option<Streaming<Bytes>>,
    address: Arc<str>,
}

impl Stream for Received {
    type Item = Result<Bytes, Reply>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(values) = &mut self.values else {
            return Poll::Ready(None);
        };
        let item = ready!(Pin::new(values).poll_next(cx));
        if !matches!(item, Some(Ok(_))) {
            self.values = None;
        }
        Poll::Ready(item.map(|value| {
            value.map_err(|status| match status::from_status(&status, &self.address) {
                // The connection stood when the stream began.
                Reply::Refused(TransportError::Unreachable { .. }) => {
                    Reply::Refused(TransportError::Closed)
                }
                reply => reply,
            })
        }))
    }
}

/// What a caller sends. To gRPC one value is a stream of one.
enum Outgoing {
    One(Option<Bytes>),
    /// They break off with a value that cannot be encoded, and with a call that
    /// is given up: HTTP/2 goes on with the one direction of a stream when
    /// nobody listens to the other any more.
    Many {
        values: Option<Payloads>,
        /// Resolved when the call is dropped.
        given_up: oneshot::Receiver<()>,
    },
}

impl Outgoing {
    /// The values, or the payload in their place; and the call that, dropped, gives them up.
    fn of(payload: Bytes, values: Option<Payloads>) -> (Option<oneshot::Sender<()>>, Self) {
        if values.is_none() {
            return (None, Self::One(Some(payload)));
        }
        let (call, given_up) = oneshot::channel();
        (Some(call), Self::Many { values, given_up })
    }
}

impl Stream for Outgoing {
    type Item = Result<Bytes, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let (values, given_up) = match &mut *self {
            Self::One(value) => return Poll::Ready(value.take().map(Ok)),
            Self::Many { values, given_up } => (values, given_up),
        };
        let Some(stream) = values else {
            return Poll::Ready(None);
        };
        // First, since values that never wait would never be looked away from.
        let item = if Pin::new(given_up).poll(cx).is_ready() {
            Some(Err(Status::cancelled("the call was given up")))
        } else {
            match ready!(Pin::new(stream).poll_next(cx)) {
                Some(Ok(value)) => return Poll::Ready(Some(Ok(value))),
                Some(Err(reply)) => Some(Err(status::to_status(reply))),
                None => None,
            }
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
