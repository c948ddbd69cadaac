//! The server's side: a subscription for each operation.

use std::sync::Arc;

use async_nats::{Message, Subject, Subscriber, message::OutboundMessage};
use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _, stream::SelectAll};

use super::{Limits, connection::Connection, message};
use crate::{
    BoxError, Meta, OperationKind, Reply, Request, Routes, Serve, Stop,
    service::BoxService,
    transport::{
        ConnectionState,
        nest::{handling::Handling, values::send_packets},
    },
    wire::nest::packet::{self, End, RequestPacket},
};

/// How many messages are taken before all else gets its turn.
const MAX_TAKEN: usize = 64;

/// Subscribes to every operation.
pub(super) async fn bind(
    connection: Connection,
    queue: &Option<String>,
    limits: Limits,
    routes: Routes,
    service: BoxService,
) -> Result<NatsServe, BoxError> {
    let mut messages = SelectAll::new();
    for (operation, meta) in routes.operations.iter().enumerate() {
        let subject = message::subscription(meta)?;
        let client = connection.client();
        let subscriber = match group(&routes, meta, queue) {
            Some(group) => client.queue_subscribe(subject, group).await?,
            None => client.subscribe(subject).await?,
        };
        messages.push(Subscription {
            operation,
            meta,
            subscriber,
        });
    }
    connection.reach().await?;
    Ok(NatsServe {
        connection,
        messages,
        service,
        limits,
    })
}

/// The group of which one member gets each message: the subscriber's, or that
/// of a service's replicas.
pub(in crate::transport) fn group(
    routes: &Routes,
    meta: &Meta,
    queue: &Option<String>,
) -> Option<String> {
    match (&routes.group, meta.kind) {
        (Some(group), _) => Some(group.clone()),
        // Every subscriber without a group gets every event.
        (None, OperationKind::Event) => None,
        (None, _) => Some(
            queue
                .clone()
                .unwrap_or_else(|| format!("{}.{}", meta.package, meta.service)),
        ),
    }
}

struct Subscription {
    operation: usize,
    meta: &'static Meta,
    subscriber: Subscriber,
}

impl futures_core::Stream for Subscription {
    type Item = (usize, &'static Meta, Message);

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        let (operation, meta) = (self.operation, self.meta);
        self.subscriber
            .poll_next_unpin(cx)
            .map(|message| message.map(|message| (operation, meta, message)))
    }
}

pub(super) struct NatsServe {
    connection: Connection,
    messages: SelectAll<Subscription>,
    service: BoxService,
    limits: Limits,
}

impl Serve for NatsServe {
    async fn serve(mut self, mut stop: Stop) {
        let connection = Arc::new(self.connection);
        let mut handling = Handling::new(self.limits.max_in_flight);
        let mut is_stopping = false;
        loop {
            tokio::select! {
                next = self.messages.next(), if handling.has_room() && !self.messages.is_empty() => {
                    let (mut next, mut left) = (next, MAX_TAKEN);
                    while let Some((operation, meta, message)) = next {
                        take(&connection, &self.service, &mut handling, operation, meta, message).await;
                        left -= 1;
                        // Those that came with it, without a look at all else for each.
                        next = if left > 0 && handling.has_room() {
                            self.messages.next().now_or_never().flatten()
                        } else {
                            None
                        };
                    }
                }
                Some(()) = handling.ended() => {}
                () = stop.requested(), if !is_stopping => {
                    is_stopping = true;
                    // Nothing new is sent to us; what has arrived is still handled.
                    for subscription in self.messages.iter_mut() {
                        // An error means that the connection is closed.
                        let _ = subscription.subscriber.drain().await;
                    }
                }
                // Whoever asked has no way to hear an answer any more.
                () = connection.until(ConnectionState::Reconnecting), if is_stopping && !self.messages.is_empty() => {
                    self.messages.clear();
                }
                else => break,
            }
        }
        // What was answered must have left before the connection goes.
        connection.flush().await;
    }
}

/// Has a message handled, and its reply sent.
async fn take(
    connection: &Arc<Connection>,
    service: &BoxService,
    handling: &mut Handling,
    operation: usize,
    meta: &'static Meta,
    message: Message,
) {
    let packet = match RequestPacket::parse(&message.payload) {
        Ok(packet) => packet,
        Err(error) => {
            tracing::warn!(subject = %message.subject, %error, "a message is not JSON");
            return;
        }
    };
    let mut request = Request::new(meta, packet.payload(&message.payload));
    request.operation = operation;
    request.arrived_with(message::from_nats(message.headers.as_ref()));
    let id = packet.id.map(|id| message.payload.slice_ref(id));
    let reply = service.handle(request);
    let asker = id.zip(message.reply);
    match asker {
        Some((id, to)) if meta.kind == OperationKind::Message => {
            let connection = Arc::clone(connection);
            let answer = move |reply| answer(connection, to, id, reply);
            return handling.run(reply, answer).await;
        }
        // A request for an event's handler ends without a value.
        Some((id, to)) => {
            let nothing = Reply::Value(Bytes::new());
            answer(Arc::clone(connection), to, id, nothing).await;
        }
        None => {}
    }
    handling.run(reply, |_| std::future::ready(())).await;
}

async fn answer(connection: Arc<Connection>, to: Subject, id: Bytes, reply: Reply) {
    send_packets(reply, |reply, end| {
        let (connection, to, id) = (&connection, &to, &id);
        async move {
            let send = |reply, end| {
                connection.send(OutboundMessage {
                    subject: to.clone(),
                    reply: None,
                    headers: None,
                    payload: packet::reply_message(&reply, end, Some(id)),
                })
            };
            match send(reply, end).await {
                Ok(()) => true,
                Err(error) => {
                    tracing::warn!(subject = %to, %error, "a reply cannot be sent");
                    // The caller learns why, which is shorter than what it asked for.
                    let _ = send(Reply::Refused(error), End::Last).await;
                    false
                }
            }
        }
    })
    .await;
}
