//! What messages are published by, and what RabbitMQ says of them.

use std::{
    collections::HashMap,
    future::ready,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use futures_util::{FutureExt as _, future::Shared, stream::FuturesUnordered};
use lapin::{
    BasicProperties, Channel, Confirmation, Connection, message::BasicReturnMessage,
    options::BasicPublishOptions, types::ShortString,
};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::{RabbitMqConnect, declare, message};
use crate::{BoxFuture, OperationKind, Request, TransportError, transport::nest::calls::CallId};

/// What messages are published by.
pub(super) struct Publisher {
    /// In front of the ids of messages, so that they are nobody else's.
    pub(super) name: String,
    pub(super) connection: Connection,
    /// For requests, which are not confirmed: their replies say as much.
    pub(super) requests: Channel,
    /// For events and one-way messages, which are. On its own besides, since
    /// RabbitMQ closes the channel of what it refuses.
    pub(super) confirmed: Channel,
    /// The exchange and queues of events, and what RabbitMQ says of declaring
    /// them. Locked while a message that is confirmed is handed over: the
    /// library counts those before it sends them, and two at a time would take
    /// each other's confirmations.
    pub(super) declared: Mutex<HashMap<ShortString, Declaring>>,
    pub(super) begun: mpsc::UnboundedSender<BoxFuture<Published>>,
}

/// A message to be published.
pub(super) struct Message {
    pub(super) id: CallId,
    pub(super) is_answered: bool,
    pub(super) address: Address,
    pub(super) properties: BasicProperties,
    pub(super) body: Bytes,
}

/// Where a message goes.
pub(super) struct Address {
    is_event: bool,
    exchange: ShortString,
    key: ShortString,
}

/// What RabbitMQ has said of a message.
pub(super) struct Published {
    pub(super) id: CallId,
    pub(super) is_answered: bool,
    pub(super) outcome: Result<Confirmation, TransportError>,
}

impl Published {
    /// The message that came back with the confirmation, of this call or another.
    pub(super) fn returned(&self) -> Option<&BasicReturnMessage> {
        match &self.outcome {
            Ok(Confirmation::Ack(returned) | Confirmation::Nack(returned)) => returned.as_ref(),
            _ => None,
        }
    }
}

impl Address {
    pub(super) fn of(request: &Request, options: &RabbitMqConnect) -> Result<Self, TransportError> {
        let is_event = request.meta.kind == OperationKind::Event;
        let is_exchanged = if is_event {
            options.is_fanout || !options.events_to_queue
        } else {
            options.exchanges_requests()
        };
        let (exchange, key) = if is_exchanged {
            let exchange = message::short("exchange", &options.exchange)?;
            (exchange, message::short("route", request.route())?)
        } else {
            let queue = options.queue_of(request.meta);
            (ShortString::default(), message::short("queue", &queue)?)
        };
        Ok(Self {
            is_event,
            exchange,
            key,
        })
    }

    /// A request that no queue takes is an error, and so is a queue that is not
    /// there; an exchange without subscribers is not.
    pub(super) fn is_mandatory(&self) -> bool {
        !self.is_event || self.is_queue()
    }

    fn is_queue(&self) -> bool {
        self.exchange.as_str().is_empty()
    }
}

impl Publisher {
    /// Hands a message to the connection; the outcome comes later.
    pub(super) fn publish(
        &self,
        message: Message,
        options: &RabbitMqConnect,
        permit: OwnedSemaphorePermit,
    ) -> Result<(), TransportError> {
        if message.is_answered {
            let sending = publish(self.requests.clone(), message, None, permit);
            return self.begin(Box::pin(sending));
        }
        let mut declared = self.declared.lock().unwrap_or_else(PoisonError::into_inner);
        let declaring = if message.address.is_event && options.declares {
            Some(self.declare(&message.address, options, &mut declared)?)
        } else {
            None
        };
        let publishing = publish(self.confirmed.clone(), message, declaring, permit);
        self.begin(Box::pin(publishing))
    }

    fn begin(&self, mut publishing: BoxFuture<Published>) -> Result<(), TransportError> {
        if let Some(published) = (&mut publishing).now_or_never() {
            // Known already. It may be about another message that came back, and
            // is looked through with the outcomes of all.
            publishing = Box::pin(ready(published));
        }
        let begun = self.begun.send(publishing);
        begun.map_err(|_| TransportError::Closed)
    }

    /// Takes over what has been published by now.
    pub(super) fn take_begun(
        &self,
        begun: &mut mpsc::UnboundedReceiver<BoxFuture<Published>>,
        under_way: &FuturesUnordered<BoxFuture<Published>>,
    ) {
        let _nobody_publishes = self.declared.lock().unwrap_or_else(PoisonError::into_inner);
        while let Ok(begun) = begun.try_recv() {
            under_way.push(begun);
        }
    }

    /// What says in a message that comes back whose it is, where nothing else does.
    pub(super) fn message_id(&self, id: &str) -> String {
        format!("{}{id}", self.name)
    }

    /// The calls whose requests have come back by now, since no queue takes them.
    /// The library keeps those of a channel without confirmations until it is asked.
    pub(super) async fn returned(&self) -> Vec<CallId> {
        let returned = self.requests.wait_for_confirms().await;
        let returned = returned.unwrap_or_default();
        let properties = returned.iter().map(|returned| &returned.properties);
        properties.filter_map(|of| self.id_of(of)).collect()
    }

    /// The call that a message which came back is of.
    pub(super) fn id_of(&self, properties: &BasicProperties) -> Option<CallId> {
        let id = match (properties.correlation_id(), properties.message_id()) {
            (Some(of), _) => of.as_str(),
            (None, Some(id)) => id.as_str().strip_prefix(&*self.name)?,
            (None, None) => return None,
        };
        CallId::parse(id.as_bytes())
    }

    /// Declares the place of an event in front of the first one, and gives what
    /// RabbitMQ says of that.
    fn declare(
        &self,
        address: &Address,
        options: &RabbitMqConnect,
        declared: &mut HashMap<ShortString, Declaring>,
    ) -> Result<Declaring, TransportError> {
        let is_queue = address.is_queue();
        let name = if is_queue {
            &address.key
        } else {
            &address.exchange
        };
        if let Some(declaring) = declared.get(name) {
            return Ok(declaring.clone());
        }
        let (channel, of, options) = (self.confirmed.clone(), name.clone(), options.clone());
        let declaring: BoxFuture<_> = Box::pin(async move {
            if is_queue {
                declare::queue_of_requests(&channel, of, &options).await
            } else {
                declare::exchange(&channel, of, &options).await
            }
        });
        let declaring = declaring.shared();
        // Asked once, it is on its way.
        if let Some(Err(error)) = declaring.clone().now_or_never() {
            return Err(error);
        }
        declared.insert(name.clone(), declaring.clone());
        Ok(declaring)
    }
}

/// The place of events that is being declared. All of them can ask what came of it.
pub(super) type Declaring = Shared<BoxFuture<Result<(), TransportError>>>;

/// Publishes a message and waits until RabbitMQ has confirmed it, or a request
/// until it is sent. Where the channel was closed by then, the place of an event
/// that was refused may be why.
async fn publish(
    channel: Channel,
    message: Message,
    declaring: Option<Declaring>,
    permit: OwnedSemaphorePermit,
) -> Published {
    let Message {
        id,
        is_answered,
        address,
        properties,
        body,
    } = message;
    let options = BasicPublishOptions {
        mandatory: address.is_mandatory(),
        immediate: false,
    };
    let published = async {
        channel
            .basic_publish(address.exchange, address.key, options, &body, properties)
            .await?
            .await
    };
    let outcome = match (published.await, declaring) {
        (Ok(confirmation), _) => Ok(confirmation),
        (Err(error), declaring) => Err(match (message::failure(&error), declaring) {
            (TransportError::Closed, Some(declaring)) => {
                declaring.await.err().unwrap_or(TransportError::Closed)
            }
            (failure, _) => failure,
        }),
    };
    drop(permit);
    Published {
        id,
        is_answered,
        outcome,
    }
}
