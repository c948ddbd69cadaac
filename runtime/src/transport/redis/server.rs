//! The server's side: one connection hears the channels of all operations, the
//! other publishes the replies.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use redis::Msg;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::{
    Limits, RedisConnect,
    link::{Connections, Link, Subscriptions, User},
    message,
};
use crate::{
    BoxError, Meta, OperationKind, Reply, Request, Routes, Serve, Stop, TransportError,
    service::BoxService,
    transport::{
        ConnectionState,
        nest::{handling::Handling, values::send_packets},
        redis_connection::{Outbox, Queue},
    },
    wire::nest::{
        packet::{self, End, RequestPacket},
        pattern,
    },
};

/// Subscribes to every operation.
pub(super) async fn bind(
    options: &RedisConnect,
    routes: Routes,
    service: BoxService,
) -> Result<RedisServe, BoxError> {
    if let Some(group) = &routes.group {
        return Err(format!(
            "Redis delivers every event to every subscriber and knows no groups, such as {group:?}: \
             bind it to RedisStreams or Nats, or subscribe without a group"
        )
        .into());
    }
    let operations = Operations::new(routes.operations);
    let subscriptions = operations.subscriptions();
    let connections = Connections::open(&options.server, &subscriptions).await?;
    let (outbox, queue) = Outbox::new(options.limits.max_unsent);
    let (sender, arrived) = mpsc::unbounded_channel();
    let link = Link {
        server: options.server.clone(),
        subscriptions,
        queue,
        user: Answerer {
            operations,
            arrived: Some(sender),
            room: Arc::new(Semaphore::new(
                options.limits.max_waiting.min(Semaphore::MAX_PERMITS),
            )),
            dropped: 0,
        },
    };
    Ok(RedisServe {
        link,
        connections,
        arrived,
        server: Server {
            service,
            outbox,
            limits: options.limits.clone(),
        },
    })
}

/// The operations by channel.
struct Operations {
    all: &'static [&'static Meta],
    channels: HashMap<&'static str, usize>,
    /// Those whose routes have wildcards.
    patterns: HashMap<String, usize>,
}

impl Operations {
    fn new(all: &'static [&'static Meta]) -> Self {
        let (mut channels, mut patterns) = (HashMap::new(), HashMap::new());
        for (operation, meta) in all.iter().enumerate() {
            if meta.has_wildcards() {
                patterns.insert(message::pattern(meta), operation);
            } else {
                channels.insert(meta.route, operation);
            }
        }
        Self {
            all,
            channels,
            patterns,
        }
    }

    fn subscriptions(&self) -> Subscriptions {
        Subscriptions {
            channels: self.channels.keys().map(|&route| route.into()).collect(),
            patterns: self.patterns.keys().cloned().collect(),
        }
    }

    /// The operation that a message is for.
    fn find(&self, message: &Msg) -> Option<usize> {
        let channel = message.get_channel_name();
        if !message.from_pattern() {
            return self.channels.get(channel).copied();
        }
        let operation = *self.patterns.get(&message.get_pattern::<String>().ok()?)?;
        // A `*` of Redis stands for dots as well.
        pattern::fits(self.all[operation].route, channel).then_some(operation)
    }
}

/// A message that waits for its handler.
struct Arrived {
    meta: &'static Meta,
    operation: usize,
    message: Msg,
    /// Its place among those that wait.
    _room: OwnedSemaphorePermit,
}

/// A server, as its connections know it.
struct Answerer {
    operations: Operations,
    arrived: Option<mpsc::UnboundedSender<Arrived>>,
    room: Arc<Semaphore>,
    /// Messages that were dropped since there was room the last time.
    dropped: u64,
}

/// What a message costs besides its bytes, about.
const MESSAGE_BYTES: usize = 256;

impl User for Answerer {
    /// Of the values of a stream, what is set when nobody hears them.
    type Told = Option<Arc<AtomicBool>>;

    fn pattern(_: &Self::Told) -> Option<&'static str> {
        None
    }

    fn heard(&mut self, message: Msg) {
        let Some(operation) = self.operations.find(&message) else {
            return;
        };
        let size = message.get_payload_bytes().len() + MESSAGE_BYTES;
        let room = u32::try_from(size)
            .ok()
            .and_then(|size| Arc::clone(&self.room).try_acquire_many_owned(size).ok());
        let Some(room) = room else {
            if self.dropped == 0 {
                let channel = message.get_channel_name();
                tracing::error!(channel, "messages are dropped: handlers are too slow");
            }
            self.dropped += 1;
            return;
        };
        if self.dropped > 0 {
            tracing::error!(count = self.dropped, "messages were dropped");
            self.dropped = 0;
        }
        if let Some(arrived) = &self.arrived {
            // An error means that the server was dropped, and this with it.
            let _ = arrived.send(Arrived {
                meta: self.operations.all[operation],
                operation,
                message,
                _room: room,
            });
        }
    }

    fn told(&mut self, told: Self::Told, outcome: Result<usize, TransportError>) {
        if let Err(error) = &outcome {
            tracing::warn!(%error, "a reply cannot be sent");
        }
        if let Some(is_given_up) = told
            && !matches!(outcome, Ok(1..))
        {
            is_given_up.store(true, Ordering::Relaxed);
        }
    }

    fn state(&mut self, _: ConnectionState) {}

    fn ended(&mut self, _: &mut Queue<Self::Told>) {
        self.arrived = None;
    }
}

pub(super) struct RedisServe {
    link: Link<Answerer>,
    connections: Connections,
    arrived: mpsc::UnboundedReceiver<Arrived>,
    server: Server,
}

impl Serve for RedisServe {
    async fn serve(self, mut stop: Stop) {
        let link = self.link.run(self.connections, stop.requested());
        tokio::join!(link, self.server.handle(self.arrived));
    }
}

struct Server {
    service: BoxService,
    outbox: Outbox<Option<Arc<AtomicBool>>>,
    limits: Limits,
}

impl Server {
    /// Handles what arrives until nothing can any more and all is answered.
    async fn handle(self, mut queue: mpsc::UnboundedReceiver<Arrived>) {
        let mut handling = Handling::new(self.limits.max_in_flight);
        loop {
            tokio::select! {
                Some(arrived) = queue.recv(), if handling.has_room() => {
                    self.take(&mut handling, arrived).await;
                    // Those that came with it, without a look at all else for each.
                    while handling.has_room()
                        && let Ok(arrived) = queue.try_recv()
                    {
                        self.take(&mut handling, arrived).await;
                    }
                }
                Some(()) = handling.ended() => {}
                else => break,
            }
        }
    }

    /// Has a message handled, and its reply sent.
    async fn take(&self, handling: &mut Handling, arrived: Arrived) {
        let Arrived {
            meta,
            operation,
            message,
            _room,
        } = arrived;
        let mut payload = message::payload(&message);
        let channel = message.get_channel_name();
        let packet = match RequestPacket::parse(&payload) {
            Ok(packet) => packet,
            Err(error) => {
                tracing::warn!(channel, %error, "a message is not JSON and taken for text");
                // As in Nest: an event whose data is that text.
                payload = message::text(&payload);
                RequestPacket::default()
            }
        };
        let mut request = Request::new(meta, packet.payload(&payload));
        request.operation = operation;
        if let Some(metadata) = packet.metadata {
            request.arrived_with(packet::headers(metadata));
        }
        let id = packet.id.map(|id| payload.slice_ref(id));
        let reply = self.service.handle(request);
        let Some(id) = id else {
            return handling.run(reply, |_| std::future::ready(())).await;
        };
        let answer = Answer {
            outbox: self.outbox.clone(),
            max_message: self.limits.max_message,
            channel: message::reply_channel(channel),
            id,
        };
        let is_answered = meta.kind == OperationKind::Message;
        let answer = move |reply| {
            // As in Nest, what asks a handler that answers nothing hears of its end.
            let reply = if is_answered {
                reply
            } else {
                Reply::Value(Bytes::new())
            };
            answer.send(reply)
        };
        handling.run(reply, answer).await;
    }
}

/// The way back to a caller.
struct Answer {
    outbox: Outbox<Option<Arc<AtomicBool>>>,
    max_message: usize,
    channel: String,
    id: Bytes,
}

impl Answer {
    async fn send(self, reply: Reply) {
        let is_given_up = matches!(reply, Reply::Values(_)).then(Arc::<AtomicBool>::default);
        send_packets(reply, |reply, end| {
            let (answer, is_given_up) = (&self, is_given_up.clone());
            async move {
                let sent = answer.send_one(&reply, end, is_given_up.clone()).await;
                sent && !is_given_up.is_some_and(|given_up| given_up.load(Ordering::Relaxed))
            }
        })
        .await;
    }

    /// Sends one packet; says whether the next one may follow.
    async fn send_one(
        &self,
        reply: &Reply,
        end: End,
        is_given_up: Option<Arc<AtomicBool>>,
    ) -> bool {
        let mut packet = packet::reply_message(reply, end, Some(&self.id));
        let fits = message::check_size(packet.len(), self.max_message);
        if let Err(error) = &fits {
            tracing::warn!(channel = self.channel, %error, "a reply cannot be sent");
            // The caller learns why, which is shorter than what it asked for.
            let refused = Reply::Refused(error.clone());
            packet = packet::reply_message(&refused, End::Last, Some(&self.id));
        }
        let command = message::publish(&self.channel, &packet);
        let sent = self.outbox.send(command, packet.len(), is_given_up).await;
        fits.is_ok() && sent.is_ok()
    }
}
