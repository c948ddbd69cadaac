//! The client's side: all clients hear the replies to all, and each knows its
//! own calls by its name, with which their ids begin.

use std::sync::Arc;

use bytes::Bytes;
use memchr::memmem::Finder;
use redis::Msg;
use tokio::sync::{oneshot, watch};

use super::{
    RedisConnect,
    link::{Connections, Link, Subscriptions, User},
    message,
};
use crate::{
    OperationKind, Pending, Reply, Request, TransportError,
    transport::{
        ConnectionState,
        nest::{
            calls::{CallId, SharedCalls},
            one_value,
        },
        redis_connection::{Outbox, Queue},
        state::reached,
        task::ClientTask,
    },
    wire::nest::packet::{self, ReplyPacket},
};

pub(super) struct Client {
    options: RedisConnect,
    shared: Arc<Shared>,
    outbox: Outbox<Told>,
    task: ClientTask,
}

struct Shared {
    calls: Arc<SharedCalls>,
    state: watch::Sender<ConnectionState>,
    /// Sixteen hexadecimal digits that no other client has.
    name: String,
}

/// Whom to tell what became of a message.
pub(super) enum Told {
    Call { id: CallId, pattern: &'static str },
    Event(oneshot::Sender<Reply>),
}

impl Client {
    pub(super) async fn connect(options: RedisConnect) -> Result<Self, TransportError> {
        let connections = Connections::open(&options.server, &Subscriptions::default()).await?;
        let shared = Arc::new(Shared {
            calls: SharedCalls::new(options.limits.max_calls),
            state: watch::Sender::new(ConnectionState::Connected),
            name: format!("{:016x}", fastrand::u64(..)),
        });
        let (outbox, queue) = Outbox::new(options.limits.max_unsent);
        let link = Link {
            server: options.server.clone(),
            subscriptions: Subscriptions::default(),
            queue,
            user: Caller {
                own: Finder::new(&shared.name).into_owned(),
                shared: Arc::clone(&shared),
            },
        };
        let of_task = Arc::clone(&shared);
        let task = ClientTask::spawn(|mut stop| async move {
            tokio::select! {
                () = link.run(connections, stop.requested()) => {}
                () = of_task.calls.keep_time() => {}
            }
        });
        Ok(Self {
            options,
            shared,
            outbox,
            task,
        })
    }

    pub(super) fn options(&self) -> &RedisConnect {
        &self.options
    }

    pub(super) fn state(&self) -> ConnectionState {
        *self.shared.state.borrow()
    }

    pub(super) async fn until(&self, wanted: ConnectionState) {
        reached(self.shared.state.subscribe(), wanted).await;
    }

    pub(super) fn start(&self, request: &Request) -> Pending {
        match self.state() {
            ConnectionState::Connected => {}
            ConnectionState::Reconnecting => {
                return Pending::Refused(self.options.server.unreachable("the connection is lost"));
            }
            ConnectionState::Closed => return Pending::Refused(TransportError::Closed),
        }
        if let Err(error) = one_value(request) {
            return Pending::Refused(error);
        }
        let started = if request.meta.kind == OperationKind::Message {
            self.call(request)
        } else {
            self.publish(request)
        };
        started.unwrap_or_else(Pending::Refused)
    }

    fn call(&self, request: &Request) -> Result<Pending, TransportError> {
        let (id, pending) = self.shared.calls.begin(request)?;
        let text = [self.shared.name.as_bytes(), &id.text()].concat();
        let text = str::from_utf8(&text).unwrap_or_default();
        let pattern = request.meta.route;
        self.send(request, text, Told::Call { id, pattern })
            .inspect_err(|_| {
                self.shared.calls.remove(id);
            })?;
        Ok(pending)
    }

    fn publish(&self, request: &Request) -> Result<Pending, TransportError> {
        let (sender, receiver) = oneshot::channel();
        self.send(request, "", Told::Event(sender))?;
        Ok(Pending::Slot(receiver))
    }

    fn send(&self, request: &Request, id: &str, told: Told) -> Result<(), TransportError> {
        let packet = packet::request_message(request, &request.headers, id);
        message::check_size(packet.len(), self.options.limits.max_message)?;
        let command = message::publish(request.route(), &packet);
        self.outbox.try_send(command, packet.len(), told)
    }

    pub(super) async fn close(&self) {
        self.task.close().await;
    }
}

/// A client, as its connections know it.
struct Caller {
    shared: Arc<Shared>,
    /// Finds the client's name.
    own: Finder<'static>,
}

impl Caller {
    /// The call that an id is of, if it is one of ours.
    fn call(&self, id: &[u8]) -> Option<CallId> {
        let text = id.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        CallId::parse(text.strip_prefix(self.shared.name.as_bytes())?)
    }
}

impl User for Caller {
    type Told = Told;

    fn pattern(told: &Told) -> Option<&'static str> {
        match told {
            Told::Call { pattern, .. } => Some(pattern),
            Told::Event(_) => None,
        }
    }

    fn heard(&mut self, message: Msg) {
        // Most replies are for others: without our name one need not be read.
        if self.own.find(message.get_payload_bytes()).is_none() {
            return;
        }
        let payload = message::payload(&message);
        let packet = match ReplyPacket::parse(&payload) {
            Ok(packet) => packet,
            Err(error) => {
                let channel = message.get_channel_name();
                return tracing::warn!(channel, %error, "a reply is not JSON");
            }
        };
        if let Some(id) = packet.id.and_then(|id| self.call(id)) {
            self.shared.calls.answer_to(id, &packet, &payload);
        }
    }

    fn told(&mut self, told: Told, outcome: Result<usize, TransportError>) {
        match (told, outcome) {
            (Told::Call { .. }, Ok(1..)) => {}
            (Told::Call { id, .. }, Ok(0)) => {
                let error = TransportError::NoHandler;
                self.shared.calls.refuse(id, error);
            }
            (Told::Call { id, .. }, Err(error)) => self.shared.calls.refuse(id, error),
            // Who has given it up need not be told.
            (Told::Event(sender), Ok(_)) => drop(sender.send(Reply::Value(Bytes::new()))),
            (Told::Event(sender), Err(error)) => drop(sender.send(Reply::Refused(error))),
        }
    }

    fn state(&mut self, state: ConnectionState) {
        self.shared.state.send_replace(state);
        if state != ConnectionState::Connected {
            // Replies to what was sent before have no way back to us any more.
            self.shared.calls.clear();
        }
    }

    fn ended(&mut self, queue: &mut Queue<Told>) {
        queue.close();
    }
}
