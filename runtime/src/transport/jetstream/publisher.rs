//! The publisher's side.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_nats::jetstream::{self, Context};

use super::{connect::Options, message, stream};
use crate::{
    Meta, OperationKind, Pending, Reply, Request, TransportError,
    transport::nats::{NatsConnect, client::Client, connection::Connection},
};

pub(super) struct Publisher {
    client: Client,
    context: Context,
    options: Options,
    /// The routes of events that a stream is known to take.
    stored: Mutex<HashSet<&'static str>>,
}

impl Publisher {
    pub(super) async fn connect(
        nats: &NatsConnect,
        options: Options,
    ) -> Result<Self, TransportError> {
        let client = Client::connect(nats, message::read_confirmation).await?;
        Ok(Self {
            context: jetstream::new(client.connection().client().clone()),
            client,
            options,
            stored: Mutex::default(),
        })
    }

    pub(super) fn connection(&self) -> &Connection {
        self.client.connection()
    }

    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    pub(super) async fn close(&self) {
        self.client.close().await;
    }

    fn stored(&self) -> MutexGuard<'_, HashSet<&'static str>> {
        // No code that can panic leaves it half changed.
        self.stored.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sees to it that a stream takes an event: without one nobody would store
    /// it, and nobody say so if there is a subscriber of plain NATS.
    async fn ensure_stream(&self, meta: &'static Meta) -> Result<(), TransportError> {
        if self.stored().contains(meta.route) {
            return Ok(());
        }
        stream::of(&self.context, &self.options, meta).await?;
        self.stored().insert(meta.route);
        Ok(())
    }

    /// Publishes an event; done when a stream has it.
    async fn publish(&self, request: &Request) -> Result<Reply, TransportError> {
        self.connection().ready()?;
        self.ensure_stream(request.meta).await?;
        let reply = self.client.call(request, message::event).await?;
        if !matches!(reply, Reply::Refused(TransportError::NoHandler)) {
            return Ok(reply);
        }
        // The stream is gone, and nobody has got the event.
        self.stored().remove(request.meta.route);
        self.ensure_stream(request.meta).await?;
        match self.client.call(request, message::event).await? {
            Reply::Refused(TransportError::NoHandler) => {
                Err(message::refused("no stream takes the event"))
            }
            reply => Ok(reply),
        }
    }
}

pub(super) fn start(publisher: &Arc<Publisher>, request: Request) -> Pending {
    if request.meta.kind == OperationKind::Message {
        return Pending::Refused(TransportError::NotCarried(
            "JetStream stores events, and answers nothing".to_owned(),
        ));
    }
    let publisher = Arc::clone(publisher);
    Pending::boxed(async move { publisher.publish(&request).await })
}
