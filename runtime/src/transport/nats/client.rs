//! The client's side: one inbox for all calls, whose last token says which.

use std::sync::Arc;

use async_nats::{Message, StatusCode, Subject, Subscriber, message::OutboundMessage};
use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _};

use super::{Limits, NatsConnect, connection::Connection};
use crate::{
    Pending, Reply, Request, Stop, TransportError,
    transport::{
        nest::calls::{CallId, SharedCalls},
        task::ClientTask,
    },
};

pub(in crate::transport) struct Client {
    connection: Connection,
    queue: Option<String>,
    limits: Limits,
    shared: Arc<Shared>,
    task: ClientTask,
}

struct Shared {
    calls: Arc<SharedCalls>,
    /// `_INBOX.<random>.`, in front of the id of a call.
    inbox: String,
    read: Read,
}

/// Hands the answer to a call to it.
pub(in crate::transport) type Read = fn(&SharedCalls, CallId, &Message);

/// Makes the message of a request, with the id of the call and the subject for
/// its answer if it has one.
pub(in crate::transport) type Write =
    fn(&Request, Option<(&str, Subject)>) -> Result<OutboundMessage, TransportError>;

impl Client {
    pub(in crate::transport) async fn connect(
        options: &NatsConnect,
        read: Read,
    ) -> Result<Self, TransportError> {
        let shared = Arc::new(Shared {
            calls: SharedCalls::new(options.limits.max_calls),
            inbox: format!("_INBOX.{}.", nuid()),
            read,
        });
        let of_events = Arc::downgrade(&shared);
        // Replies to what was sent before have no way back to us any more.
        let lost = move || {
            if let Some(shared) = of_events.upgrade() {
                shared.calls.clear();
            }
        };
        let connection = options.open(lost).await?;
        let inbox = format!("{}*", shared.inbox);
        let replies = connection.client().subscribe(inbox).await;
        let replies = replies.map_err(|_| TransportError::Closed)?;
        let task = ClientTask::spawn(|stop| receive(replies, Arc::clone(&shared), stop));
        Ok(Self {
            connection,
            queue: options.queue.clone(),
            limits: options.limits.clone(),
            shared,
            task,
        })
    }

    pub(in crate::transport) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(super) fn queue(&self) -> &Option<String> {
        &self.queue
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits.clone()
    }

    /// Sends what is answered.
    pub(in crate::transport) fn call(&self, request: &Request, write: Write) -> Pending {
        let (id, pending) = match self.shared.calls.begin(request) {
            Ok(begun) => begun,
            Err(error) => return Pending::Refused(error),
        };
        // Looked at only now: who ends all calls when the connection is lost
        // has this one in the table, or has said so before.
        if let Err(error) = self.connection.ready() {
            self.shared.calls.remove(id);
            return Pending::Refused(error);
        }
        let text = id.text();
        let text = str::from_utf8(&text).unwrap_or_default();
        let message = || {
            let reply_to = Subject::from(format!("{}{text}", self.shared.inbox));
            write(request, Some((text, reply_to)))
        };
        match self.send(&message) {
            Ok(None) => pending,
            Ok(Some(sending)) => Pending::boxed(async move {
                sending.await?;
                pending.await
            }),
            Err(error) => {
                self.shared.calls.remove(id);
                Pending::Refused(error)
            }
        }
    }

    /// Sends what is not answered.
    pub(super) fn publish(&self, request: &Request, write: Write) -> Pending {
        if let Err(error) = self.connection.ready() {
            return Pending::Refused(error);
        }
        let sent = Ok(Reply::Value(Bytes::new()));
        match self.send(&|| write(request, None)) {
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
        message: &dyn Fn() -> Result<OutboundMessage, TransportError>,
    ) -> Result<Option<impl Future<Output = Result<(), TransportError>> + use<>>, TransportError>
    {
        match self.connection.send(message()?).now_or_never() {
            Some(sent) => sent.map(|()| None),
            None => {
                // That one is gone with its future, unsent.
                let (connection, message) = (self.connection.clone(), message()?);
                Ok(Some(async move { connection.send(message).await }))
            }
        }
    }

    pub(in crate::transport) async fn close(&self) {
        self.connection.close().await;
        self.task.close().await;
    }
}

/// Hands replies to their calls until the client is closed or dropped.
async fn receive(mut replies: Subscriber, shared: Arc<Shared>, mut stop: Stop) {
    let receive = async {
        while let Some(message) = replies.next().await {
            shared.take(&message);
        }
    };
    tokio::select! {
        () = receive => {}
        () = shared.calls.keep_time() => {}
        () = stop.requested() => {}
    }
    shared.calls.clear();
}

impl Shared {
    fn take(&self, message: &Message) {
        let token = message.subject.as_str().strip_prefix(&*self.inbox);
        let Some(id) = token.and_then(|token| CallId::parse(token.as_bytes())) else {
            return;
        };
        // Nest takes any message without a body for this, and so do we.
        if message.status == Some(StatusCode::NO_RESPONDERS) || message.payload.is_empty() {
            self.calls.refuse(id, TransportError::NoHandler);
        } else {
            (self.read)(&self.calls, id, message);
        }
    }
}

/// A name that nobody else has.
pub(in crate::transport) fn nuid() -> String {
    uuid::Builder::from_random_bytes(fastrand::u128(..).to_le_bytes())
        .into_uuid()
        .simple()
        .to_string()
}
