//! The client's side: one inbox for all calls, whose last token says which.

use std::sync::{Arc, Mutex, PoisonError};

use async_nats::{Message, StatusCode, Subscriber};
use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::{sync::watch, task::JoinHandle};

use super::{Limits, NatsConnect, message, server::Connection};
use crate::{
    Headers, OperationKind, Pending, Reply, Request, TransportError,
    transport::{
        ConnectionState,
        nest::calls::{CallId, SharedCalls},
    },
    wire::nest::packet::{self, ReplyPacket},
};

pub(super) struct Client {
    connection: Connection,
    limits: Limits,
    shared: Arc<Shared>,
    close: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    calls: SharedCalls,
    state: Arc<watch::Sender<ConnectionState>>,
    /// `_INBOX.<random>.`, in front of the id of a call.
    inbox: String,
}

impl Client {
    pub(super) async fn connect(options: &NatsConnect) -> Result<Self, TransportError> {
        let (state, _) = watch::channel(ConnectionState::Connected);
        let state = Arc::new(state);
        let shared = Arc::new_cyclic(|_| Shared {
            calls: SharedCalls::new(options.limits.max_calls),
            state: Arc::clone(&state),
            inbox: format!("_INBOX.{}.", nuid()),
        });
        let of_events = Arc::downgrade(&shared);
        // Replies to what was sent before have no way back to us any more.
        let lost = move || {
            if let Some(shared) = of_events.upgrade() {
                shared.calls.lock().clear();
            }
        };
        let client = options.open(state, lost).await?;
        let replies = client
            .subscribe(format!("{}*", shared.inbox))
            .await
            .map_err(|_| TransportError::Closed)?;
        let (close, closing) = watch::channel(false);
        let task = tokio::spawn(receive(replies, Arc::clone(&shared), closing));
        Ok(Self {
            connection: Connection {
                client,
                queue: options.queue.clone(),
            },
            limits: options.limits.clone(),
            shared,
            close,
            task: Mutex::new(Some(task)),
        })
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits.clone()
    }

    pub(super) fn state(&self) -> ConnectionState {
        *self.shared.state.borrow()
    }

    pub(super) async fn until(&self, wanted: ConnectionState) {
        let mut states = self.shared.state.subscribe();
        let is_there =
            |state: &ConnectionState| *state == wanted || *state == ConnectionState::Closed;
        // The sender is in `self`, so that this cannot fail.
        let _ = states.wait_for(is_there).await;
    }

    pub(super) fn start(&self, request: Request) -> Pending {
        match self.state() {
            ConnectionState::Connected => {}
            ConnectionState::Reconnecting => {
                return Pending::Refused(TransportError::Unreachable {
                    address: "NATS".to_owned(),
                    reason: "the connection is lost".to_owned(),
                });
            }
            ConnectionState::Closed => return Pending::Refused(TransportError::Closed),
        }
        if request.values.is_some() {
            return Pending::Refused(TransportError::NotCarried(
                "Nest's wire takes one value for a request, not a stream".to_owned(),
            ));
        }
        if request.meta.kind == OperationKind::Message {
            self.call(request)
        } else {
            self.publish(&request)
        }
    }

    fn call(&self, request: Request) -> Pending {
        let (id, pending) = match self.shared.calls.begin(&request) {
            Ok(begun) => begun,
            Err(error) => return Pending::Refused(error),
        };
        let text = id.text();
        let text = str::from_utf8(&text).unwrap_or_default();
        let reply_to = format!("{}{text}", self.shared.inbox);
        match self.send(&request, text, Some(reply_to)) {
            Ok(None) => pending,
            Ok(Some(sending)) => Pending::boxed(async move {
                sending.await?;
                pending.await
            }),
            Err(error) => {
                self.shared.calls.lock().remove(id);
                Pending::Refused(error)
            }
        }
    }

    fn publish(&self, request: &Request) -> Pending {
        let sent = Ok(Reply::Value(Bytes::new()));
        match self.send(request, "", None) {
            Ok(None) => Pending::ready(sent),
            Ok(Some(sending)) => Pending::boxed(async move {
                sending.await?;
                sent
            }),
            Err(error) => Pending::Refused(error),
        }
    }

    /// Hands a message to the connection; what is returned is still to be done
    /// when that has no room for it now.
    fn send(
        &self,
        request: &Request,
        id: &str,
        reply_to: Option<String>,
    ) -> Result<Option<impl Future<Output = Result<(), TransportError>> + use<>>, TransportError>
    {
        let subject = message::subject(request)?;
        let headers = message::to_nats(&request.headers)?;
        let headers = (!headers.is_empty()).then_some(headers);
        let payload = packet::request_message(request, &Headers::new(), id);
        let sending = self.connection.send(subject, reply_to, headers, payload);
        let mut sending = Box::pin(sending);
        match sending.as_mut().now_or_never() {
            Some(Ok(())) => Ok(None),
            Some(Err(error)) => Err(error),
            None => Ok(Some(sending)),
        }
    }

    pub(super) async fn close(&self) {
        // Errors mean that it is closed already.
        let _ = self.connection.client.flush().await;
        let _ = self.close.send(true);
        let task = self
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(task) = task {
            // It does not panic, and nobody else cancels it.
            let _ = task.await;
        }
        let _ = self.connection.client.drain().await;
    }
}

/// Hands replies to their calls until the client is closed or dropped.
async fn receive(mut replies: Subscriber, shared: Arc<Shared>, mut closing: watch::Receiver<bool>) {
    let receive = async {
        while let Some(message) = replies.next().await {
            shared.take(message);
        }
    };
    tokio::select! {
        () = receive => {}
        () = shared.calls.keep_time() => {}
        // An error means that the last handle is gone.
        _ = closing.wait_for(|closing| *closing) => {}
    }
    shared.state.send_replace(ConnectionState::Closed);
    shared.calls.lock().clear();
}

impl Shared {
    fn take(&self, message: Message) {
        let token = message.subject.as_str().strip_prefix(&*self.inbox);
        let Some(id) = token.and_then(|token| CallId::parse(token.as_bytes())) else {
            return;
        };
        // Nest takes any message without a body for this, and so do we.
        if message.status == Some(StatusCode::NO_RESPONDERS) || message.payload.is_empty() {
            self.calls.lock().refuse(id, TransportError::NoHandler);
            return;
        }
        match ReplyPacket::parse(&message.payload) {
            Ok(packet) => self.calls.lock().answer_to(id, &packet, &message.payload),
            Err(error) => {
                let error = TransportError::Protocol(error.to_string());
                self.calls.lock().refuse(id, error);
            }
        }
    }
}

/// A name that no other connection has.
fn nuid() -> String {
    uuid::Builder::from_random_bytes(fastrand::u128(..).to_le_bytes())
        .into_uuid()
        .simple()
        .to_string()
}
