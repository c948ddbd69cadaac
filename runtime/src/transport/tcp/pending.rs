//! Calls that wait for their replies on one connection.

use std::time::Instant;

use bytes::Bytes;
use tokio::sync::oneshot;

use crate::{Reply, TransportError, wire::nest::packet::ReplyPacket};

/// Below this many calls nobody looks for those that were given up.
const FIRST_SWEEP: usize = 1024;

/// The calls under way, each in a slot whose number is in the call's id.
///
/// A slot counts how often it was used, and the count is in the id as well: a
/// reply that comes after its call was given up must not answer the next one.
#[derive(Debug)]
pub(super) struct Calls {
    slots: Vec<Slot>,
    free: Vec<u32>,
    next_sweep: usize,
    max: usize,
    /// No call ends before this. Most calls are answered and most timeouts are
    /// equal, so that one clock for all is set once in a timeout, not once a call.
    earliest: Option<Instant>,
}

#[derive(Debug, Default)]
struct Slot {
    uses: u32,
    call: Option<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    reply: oneshot::Sender<Reply>,
    deadline: Option<Instant>,
    /// A value that came without the end. The end may follow alone.
    value: Option<Bytes>,
}

/// The id of a call: on the wire its text in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CallId(u64);

impl CallId {
    /// Sixteen hexadecimal digits.
    pub(super) fn text(self) -> [u8; 16] {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        std::array::from_fn(|at| HEX[(self.0 >> (60 - 4 * at)) as usize & 15])
    }

    /// Reads the text in quotes; nothing else is an id of ours.
    fn parse(json: &[u8]) -> Option<Self> {
        let text: &[u8; 16] = json
            .strip_prefix(b"\"")?
            .strip_suffix(b"\"")?
            .try_into()
            .ok()?;
        let mut id = 0;
        for &byte in text {
            let digit = match byte {
                b'0'..=b'9' => byte - b'0',
                b'a'..=b'f' => byte - b'a' + 10,
                _ => return None,
            };
            id = id << 4 | u64::from(digit);
        }
        Some(Self(id))
    }
}

impl Calls {
    pub(super) fn new(max: usize) -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            next_sweep: FIRST_SWEEP,
            max,
            earliest: None,
        }
    }

    /// Takes a slot for a call. Says besides whether the clock must be set earlier.
    pub(super) fn insert(
        &mut self,
        reply: oneshot::Sender<Reply>,
        deadline: Option<Instant>,
    ) -> Result<(CallId, bool), TransportError> {
        if self.len() >= self.next_sweep.min(self.max) {
            self.sweep();
        }
        if self.len() >= self.max {
            return Err(TransportError::Overloaded(
                "too many calls under way on one connection",
            ));
        }
        let is_earlier =
            deadline.is_some() && (self.earliest.is_none() || deadline < self.earliest);
        if is_earlier {
            self.earliest = deadline;
        }
        let place = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::default());
            u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
        });
        let slot = &mut self.slots[place as usize];
        slot.uses = slot.uses.wrapping_add(1);
        slot.call = Some(Waiting {
            reply,
            deadline,
            value: None,
        });
        Ok((
            CallId(u64::from(slot.uses) << 32 | u64::from(place)),
            is_earlier,
        ))
    }

    /// When to look for calls whose time is over.
    pub(super) fn earliest(&self) -> Option<Instant> {
        self.earliest
    }

    /// Ends the calls whose time is over.
    pub(super) fn expire(&mut self, now: Instant) {
        self.earliest = None;
        for (place, slot) in (0..).zip(&mut self.slots) {
            let is_over =
                |call: &mut Waiting| call.deadline.is_some_and(|deadline| deadline <= now);
            if let Some(call) = slot.call.take_if(is_over) {
                self.free.push(place);
                // Who has given the call up need not be told.
                let _ = call.reply.send(Reply::Refused(TransportError::TimedOut));
            } else if let Some(deadline) = slot.call.as_ref().and_then(|call| call.deadline) {
                self.earliest = Some(
                    self.earliest
                        .map_or(deadline, |earliest| earliest.min(deadline)),
                );
            }
        }
    }

    /// Frees the slot of a call that could not be sent.
    pub(super) fn remove(&mut self, id: CallId) {
        let place = id.0 as u32;
        if let Some(slot) = self.slots.get_mut(place as usize)
            && u64::from(slot.uses) == id.0 >> 32
            && slot.call.take().is_some()
        {
            self.free.push(place);
        }
    }

    /// Hands a reply to its call. A reply that nobody waits for is dropped.
    /// `memory` is what the packet was read from.
    pub(super) fn answer(&mut self, packet: &ReplyPacket<'_>, memory: &Bytes) {
        let Some(id) = packet.id.and_then(CallId::parse) else {
            return;
        };
        let place = id.0 as u32;
        let Some(slot) = self.slots.get_mut(place as usize) else {
            return;
        };
        if u64::from(slot.uses) != id.0 >> 32 {
            return;
        }
        let Some(waiting) = &mut slot.call else {
            return;
        };
        let is_last = packet.is_disposed || packet.err.is_some() || packet.response.is_none();
        let reply = match (packet.response, waiting.value.take()) {
            (Some(value), None) if !is_last => {
                waiting.value = Some(memory.slice_ref(value));
                return;
            }
            (Some(_), Some(_)) => Reply::Refused(TransportError::Protocol(
                "it answers with a stream of values, but the contract says one".to_owned(),
            )),
            (None, Some(value)) if packet.err.is_none() => Reply::Value(value),
            _ => packet.reply(memory),
        };
        if let Some(waiting) = slot.call.take() {
            self.free.push(place);
            // Who has given the call up need not be told.
            let _ = waiting.reply.send(reply);
        }
    }

    /// Fails every call: the connection is gone.
    pub(super) fn clear(&mut self) {
        for (place, slot) in (0..).zip(&mut self.slots) {
            if slot.call.take().is_some() {
                self.free.push(place);
            }
        }
    }

    /// How many calls are under way.
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Frees the slots of calls that were given up, now and then: a peer that
    /// never answers must not fill the table.
    fn sweep(&mut self) {
        for (place, slot) in (0..).zip(&mut self.slots) {
            if slot.call.take_if(|call| call.reply.is_closed()).is_some() {
                self.free.push(place);
            }
        }
        self.next_sweep = FIRST_SWEEP.max(self.len() * 2);
    }
}
