//! What goes wrong on the way, on purpose.

use crate::{Delivery, Meta, Operation, OperationKind};

/// How many events are held back together, at most.
pub const MAX_REORDER: usize = 64;

/// What goes wrong on the way, on purpose; nothing at first. Set by
/// [`Memory::faults`](super::Memory::faults).
///
/// Nothing breaks what the contract asks for: a stored event that was accepted
/// is not lost, one that may be lost is not delivered twice, and the events of
/// one key keep their order.
///
/// Each kind befalls the next few messages, or a part of all of them. What is
/// drawn for that comes from [a seed](Self::seed), so that a test that sends the
/// same messages in the same order has the same faults, today and tomorrow.
#[derive(Debug, Clone)]
pub struct Faults {
    only: Option<&'static Meta>,
    losses: Chance,
    lost_replies: Chance,
    duplicates: Chance,
    reorder: usize,
    random: fastrand::Rng,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            only: None,
            losses: Chance::default(),
            lost_replies: Chance::default(),
            duplicates: Chance::default(),
            reorder: 0,
            random: fastrand::Rng::with_seed(0),
        }
    }
}

impl Faults {
    /// Only messages of this operation have faults: `op::GetUser`, or an event
    /// such as `UserCreated`. All others arrive as they should.
    #[must_use]
    pub fn only<Op: Operation>(mut self) -> Self {
        self.only = Some(Op::META);
        self
    }

    /// The next `count` messages are lost before they arrive.
    ///
    /// The time of a request's caller runs out, and so does that of whoever
    /// publishes an event with `delivery = at_least_once`: it is not stored.
    /// Anything else is lost without a word. A caller who has all the time in
    /// the world hears that the connection is closed.
    #[must_use]
    pub fn lose_next(mut self, count: usize) -> Self {
        self.losses.next = count;
        self
    }

    /// This part of all messages is lost, from 0.0 to 1.0: see [`lose_next`](Self::lose_next).
    #[must_use]
    pub fn lose(mut self, part: f64) -> Self {
        self.losses.part = part;
        self
    }

    /// The next `count` replies are lost: the handler has done its work, and the
    /// caller's time runs out. The confirmation of an event with
    /// `delivery = at_least_once` is a reply, too: it is stored, and its
    /// publisher does not know.
    #[must_use]
    pub fn lose_next_replies(mut self, count: usize) -> Self {
        self.lost_replies.next = count;
        self
    }

    /// This part of all replies is lost, from 0.0 to 1.0: see
    /// [`lose_next_replies`](Self::lose_next_replies).
    #[must_use]
    pub fn lose_replies(mut self, part: f64) -> Self {
        self.lost_replies.part = part;
        self
    }

    /// The next `count` events with `delivery = at_least_once` are delivered
    /// twice, with the same id; of a group perhaps to two members.
    #[must_use]
    pub fn duplicate_next(mut self, count: usize) -> Self {
        self.duplicates.next = count;
        self
    }

    /// This part of the events with `delivery = at_least_once` is delivered
    /// twice, from 0.0 to 1.0: see [`duplicate_next`](Self::duplicate_next).
    #[must_use]
    pub fn duplicate(mut self, part: f64) -> Self {
        self.duplicates.part = part;
        self
    }

    /// Events and one-way messages are held back until a subscriber has `count`
    /// of them, [`MAX_REORDER`] at most, or for 100 ms; then the last one is
    /// handled first. Those of one key keep their order.
    #[must_use]
    pub fn reorder(mut self, count: usize) -> Self {
        self.reorder = count.min(MAX_REORDER);
        self
    }

    /// What the parts are drawn from; 0 unless it is set.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.random = fastrand::Rng::with_seed(seed);
        self
    }

    /// What becomes of the next message.
    pub(super) fn draw(&mut self, meta: &Meta) -> Fate {
        let is_other = |only: &Meta| {
            (only.package, only.service, only.name) != (meta.package, meta.service, meta.name)
        };
        if self.only.is_some_and(is_other) {
            return Fate::default();
        }
        let is_request = meta.kind == OperationKind::Message;
        let is_stored = meta.delivery == Delivery::AtLeastOnce;
        if self.losses.befalls(&mut self.random) {
            return Fate {
                is_lost: true,
                ..Fate::default()
            };
        }
        Fate {
            is_lost: false,
            reply_is_lost: (is_request || is_stored) && self.lost_replies.befalls(&mut self.random),
            is_twice: is_stored && self.duplicates.befalls(&mut self.random),
            reorder: if is_request { 0 } else { self.reorder },
        }
    }
}

/// Whom a fault befalls.
#[derive(Debug, Clone, Copy, Default)]
struct Chance {
    next: usize,
    part: f64,
}

impl Chance {
    fn befalls(&mut self, random: &mut fastrand::Rng) -> bool {
        if let Some(left) = self.next.checked_sub(1) {
            self.next = left;
            return true;
        }
        random.f64() < self.part
    }
}

/// What becomes of one message.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fate {
    pub(super) is_lost: bool,
    pub(super) reply_is_lost: bool,
    pub(super) is_twice: bool,
    /// With how many others it is held back.
    pub(super) reorder: usize,
}

#[cfg(test)]
mod tests;
