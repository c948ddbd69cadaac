//! From a message of a queue to its handlers, and back.

use std::{
    future::ready,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use lapin::{Acker, BasicProperties, message::Delivery};

use super::{
    RabbitMqConnect,
    answers::{Answers, Back},
    message,
    settling::{Settling, settle},
    stored::{Stored, Unsettled},
};
use crate::{
    Delivery as Guarantee, OperationKind, Reply, Request, TransportError,
    delivery::Outcome,
    transport::{
        group,
        nest::{
            handling::Handling,
            table::{Entry, Table, Target},
        },
    },
    wire::nest::packet::RequestPacket,
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
    settling: Settling,
    /// Whose turn it is in groups.
    turn: usize,
    answers: Answers,
    acks_when_handled: bool,
    /// Whether messages are taken in the order in which RabbitMQ counts them.
    has_one_queue: bool,
    /// Whether others have each message as well.
    is_fanout: bool,
}

impl Work {
    pub(super) fn new(options: &RabbitMqConnect, queues: usize, answers: Answers) -> Self {
        Self {
            handling: Handling::new(options.limits.max_in_flight.into()),
            stored: Stored::default(),
            settling: Settling::new(options.limits.max_in_flight),
            turn: 0,
            answers,
            acks_when_handled: options.acks_when_handled,
            has_one_queue: queues == 1,
            is_fanout: options.is_fanout,
        }
    }

    /// Whether another message may be taken.
    pub(super) fn has_room(&self) -> bool {
        self.handling.has_room() && self.stored.has_room()
    }

    /// Whether answers may be on their way.
    pub(super) fn is_answering(&self) -> bool {
        !self.handling.is_empty()
    }

    /// Forgets what RabbitMQ was to be told on a connection that is lost.
    pub(super) fn forget_messages(&mut self) {
        self.settling.forget();
    }

    /// Waits until something has ended; `None` if nothing is under way.
    pub(super) async fn ended(&mut self) -> Option<()> {
        let is_in_turn = self.has_one_queue && !self.acks_when_handled && self.stored.is_empty();
        tokio::select! {
            Some(()) = self.handling.ended() => {}
            Some((acker, outcome)) = self.stored.ended() => self.settling.settle(acker, outcome),
            Some(()) = self.settling.next(is_in_turn) => {}
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
                return self.settling.settle(message.acker, Outcome::GivenUp);
            }
        };
        let back = Back::of(&packet, &arrived.body, &arrived.properties);
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
                    self.answer(back, Reply::Value(Bytes::new()));
                }
            }
            None if self.is_fanout && packet.pattern.is_some() && back.is_none() => {
                tracing::debug!("a message for another queue, which has it too");
                self.settling.taken(message.acker);
            }
            None => {
                let pattern = packet.pattern.map(String::from_utf8_lossy);
                tracing::warn!(pattern = pattern.as_deref(), "a message of no handler");
                if let Some(back) = back {
                    self.answer(back, Reply::Refused(TransportError::NoHandler));
                }
                self.settling.settle(message.acker, Outcome::GivenUp);
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
            self.settling.taken(acker);
            None
        };
        let is_safe = late.is_some() || target.meta.idempotent || !arrived.is_again;
        if !is_safe {
            // It was given to somebody who was cut off, and has perhaps handled it.
            if let Some(back) = back {
                self.answer(back, Reply::Refused(TransportError::Closed));
            }
            return;
        }
        let answers = self.answers.clone();
        let reply = target.service.handle(arrived.request(target, packet));
        self.handling
            .run_apart(reply, move |reply| async move {
                if let Some(back) = back {
                    answers.send(&back, reply).await;
                }
                if let Some(acker) = late {
                    settle(acker, Outcome::Handled).await;
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
        self.settling.taken(acker);
        if arrived.is_again {
            // Somebody who was cut off has perhaps handled it.
            tracing::warn!(
                event = targets.first().map(|one| one.meta.name),
                "an event was cut off, and is not handled again"
            );
            return;
        }
        for target in chosen {
            let reply = target.service.handle(arrived.request(target, packet));
            self.handling.run(reply, |_| ready(())).await;
        }
    }

    /// Answers beside the messages that follow.
    fn answer(&mut self, back: Back, reply: Reply) {
        let answers = self.answers.clone();
        self.handling
            .answer(async move { answers.send(&back, reply).await });
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
