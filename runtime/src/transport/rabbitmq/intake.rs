//! From a message of a queue to its handlers, and back.

use std::{
    future::ready,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use lapin::{
    Acker, BasicProperties, Channel,
    message::Delivery,
    options::{BasicAckOptions, BasicNackOptions, BasicPublishOptions},
    types::ShortString,
};
use tokio::sync::watch;

use super::{
    RabbitMqConnect, message,
    stored::{Stored, Unsettled},
};
use crate::{
    BoxFuture, Delivery as Guarantee, OperationKind, Reply, Request, TransportError,
    delivery::Outcome,
    transport::{
        group,
        nest::{
            handling::Handling,
            table::{Entry, Table, Target},
            values::send_packets,
        },
    },
    wire::nest::packet::{self, End, RequestPacket},
};

/// Who handles what a queue brings.
pub(super) enum Lead {
    /// Whoever has the pattern of the packet.
    ByPattern(Arc<Mutex<Arc<Table>>>),
    /// The subscriber whose queue it is.
    Event(Entry),
}

/// What one server has under way, whatever becomes of its connection.
pub(super) struct Work {
    handling: Handling,
    stored: Stored,
    /// What RabbitMQ is told of messages that are done with.
    settling: FuturesUnordered<BoxFuture<()>>,
    /// Whose turn it is in groups.
    turn: usize,
    answers: Answers,
    acks_when_handled: bool,
}

impl Work {
    pub(super) fn new(options: &RabbitMqConnect, channel: watch::Receiver<Channel>) -> Self {
        Self {
            handling: Handling::new(options.limits.max_in_flight.into()),
            stored: Stored::default(),
            settling: FuturesUnordered::new(),
            turn: 0,
            answers: Answers {
                channel,
                max_message: options.limits.max_message,
            },
            acks_when_handled: options.acks_when_handled,
        }
    }

    /// Whether another message may be taken.
    pub(super) fn has_room(&self) -> bool {
        self.handling.has_room() && self.stored.has_room()
    }

    /// Waits until something has ended; `None` if nothing is under way.
    pub(super) async fn ended(&mut self) -> Option<()> {
        tokio::select! {
            Some(()) = self.handling.ended() => {}
            Some((acker, outcome)) = self.stored.ended() => match outcome {
                Outcome::Handled => self.acknowledge(acker),
                Outcome::GivenUp => self.reject(acker),
            },
            Some(()) = self.settling.next() => {}
            else => return None,
        }
        Some(())
    }

    /// Has a message handled.
    pub(super) async fn take(&mut self, lead: &Lead, message: Delivery) {
        let arrived = Arrived {
            body: Bytes::from(message.data),
            properties: message.properties,
            is_again: message.redelivered,
        };
        let packet = match RequestPacket::parse(&arrived.body) {
            Ok(packet) => packet,
            Err(error) => {
                tracing::warn!(key = %message.routing_key, %error, "a message is not JSON");
                return self.reject(message.acker);
            }
        };
        let back = Back::of(&packet, &arrived);
        let table;
        let found = match lead {
            Lead::Event(entry) => Some(entry),
            Lead::ByPattern(of) => {
                table = Arc::clone(&of.lock().unwrap_or_else(PoisonError::into_inner));
                packet.pattern.and_then(|pattern| table.find(pattern))
            }
        };
        match found {
            Some(Entry::Message(target)) => {
                self.message(target, &packet, &arrived, back, message.acker)
                    .await;
            }
            Some(Entry::Events(targets)) => {
                self.event(targets, &packet, &arrived, message.acker).await;
                // A request for an event's handler ends without a value.
                if let Some(back) = back {
                    self.answers.send(&back, Reply::Value(Bytes::new())).await;
                }
            }
            None => {
                let pattern = packet.pattern.map(String::from_utf8_lossy);
                tracing::warn!(pattern = pattern.as_deref(), "a message of no handler");
                if let Some(back) = back {
                    let reply = Reply::Refused(TransportError::NoHandler);
                    self.answers.send(&back, reply).await;
                }
                self.reject(message.acker);
            }
        }
    }

    async fn message(
        &mut self,
        target: &Target,
        packet: &RequestPacket<'_>,
        arrived: &Arrived,
        back: Option<Back>,
        acker: Acker,
    ) {
        let late = if self.acks_when_handled {
            Some(acker)
        } else {
            self.acknowledge(acker);
            None
        };
        let is_safe = late.is_some() || target.meta.idempotent || !arrived.is_again;
        let answers = self.answers.clone();
        if !is_safe {
            // It was given to somebody who was cut off, and has perhaps handled it.
            if let Some(back) = back {
                answers
                    .send(&back, Reply::Refused(TransportError::Closed))
                    .await;
            }
            return;
        }
        let reply = target.service.handle(arrived.request(target, packet));
        self.handling
            .run_apart(reply, move |reply| async move {
                if let Some(back) = back {
                    answers.send(&back, reply).await;
                }
                if let Some(acker) = late {
                    acknowledge(acker).await;
                }
            })
            .await;
    }

    async fn event(
        &mut self,
        targets: &[Target],
        packet: &RequestPacket<'_>,
        arrived: &Arrived,
        acker: Acker,
    ) {
        self.turn = self.turn.wrapping_add(1);
        let turn = self.turn;
        let chosen = group::receivers(targets, turn, |target| target.group.as_deref());
        if is_stored(targets) {
            let event = Unsettled::new(acker);
            for target in chosen {
                let request = arrived.request(target, packet);
                let place = targets.iter().position(|one| std::ptr::eq(one, target));
                self.stored
                    .deliver(place.unwrap_or(0), target, request, Arc::clone(&event));
            }
            return;
        }
        self.acknowledge(acker);
        if arrived.is_again {
            // Somebody who was cut off has perhaps handled it.
            tracing::warn!(
                event = targets.first().map(|one| one.meta.name),
                "an event is lost"
            );
            return;
        }
        for target in chosen {
            let reply = target.service.handle(arrived.request(target, packet));
            self.handling.run(reply, |_| ready(())).await;
        }
    }

    fn acknowledge(&self, acker: Acker) {
        self.settling.push(Box::pin(acknowledge(acker)));
    }

    /// Gives a message to the dead-letter exchange of its queue, if that has one.
    fn reject(&self, acker: Acker) {
        self.settling.push(Box::pin(async move {
            let options = BasicNackOptions {
                requeue: false,
                multiple: false,
            };
            settled(acker.nack(options).await);
        }));
    }
}

async fn acknowledge(acker: Acker) {
    settled(acker.ack(BasicAckOptions::default()).await);
}

fn settled(settled: lapin::Result<bool>) {
    if !matches!(settled, Ok(true)) {
        tracing::debug!("the connection of a message was lost before it was settled");
    }
}

/// Whether these subscribers must not lose their event.
fn is_stored(targets: &[Target]) -> bool {
    targets.iter().any(|target| {
        target.meta.kind == OperationKind::Event && target.meta.delivery == Guarantee::AtLeastOnce
    })
}

/// A message as it has arrived.
struct Arrived {
    body: Bytes,
    properties: BasicProperties,
    /// Whether somebody had it before who has not acknowledged it.
    is_again: bool,
}

impl Arrived {
    fn request(&self, target: &Target, packet: &RequestPacket<'_>) -> Request {
        let mut request = Request::new(target.meta, packet.payload(&self.body));
        request.operation = target.operation;
        request.arrived_with(message::headers(&self.properties));
        request
    }
}

/// The way back to a caller.
struct Back {
    to: ShortString,
    properties: BasicProperties,
    id: Bytes,
}

impl Back {
    /// That of a request: of a message that has an id and says where to answer.
    fn of(packet: &RequestPacket<'_>, arrived: &Arrived) -> Option<Self> {
        let id = arrived.body.slice_ref(packet.id?);
        let to = arrived.properties.reply_to().clone()?;
        let mut properties = BasicProperties::default();
        if let Some(of) = arrived.properties.correlation_id() {
            properties = properties.with_correlation_id(of.clone());
        }
        Some(Self { to, properties, id })
    }
}

/// Sends answers, on the channel that is open at that time.
#[derive(Clone)]
struct Answers {
    channel: watch::Receiver<Channel>,
    max_message: usize,
}

impl Answers {
    async fn send(&self, back: &Back, reply: Reply) {
        send_packets(reply, |reply, end| async move {
            let packet = back.packet(&reply, end);
            let (size, limit) = (packet.len(), self.max_message);
            if size <= limit {
                return self.publish(back, &packet).await;
            }
            tracing::warn!(size, limit, "a reply is too large");
            let refused = Reply::Refused(TransportError::TooLarge {
                size,
                limit,
                unit: "bytes",
            });
            self.publish(back, &back.packet(&refused, End::Last)).await;
            false
        })
        .await;
    }

    async fn publish(&self, back: &Back, packet: &[u8]) -> bool {
        let channel = self.channel.borrow().clone();
        let published = channel
            .basic_publish(
                ShortString::default(),
                back.to.clone(),
                BasicPublishOptions::default(),
                packet,
                back.properties.clone(),
            )
            .await;
        match published {
            Ok(_) => true,
            Err(error) => {
                tracing::debug!(%error, "a reply is lost with its connection");
                false
            }
        }
    }
}

impl Back {
    /// A reply without an id, as Nest's server writes it, which has one only in
    /// that of no handler.
    fn packet(&self, reply: &Reply, end: End) -> Bytes {
        let has_id = matches!(reply, Reply::Refused(TransportError::NoHandler));
        packet::reply_message(reply, end, has_id.then_some(&self.id))
    }
}

#[cfg(test)]
mod tests;
