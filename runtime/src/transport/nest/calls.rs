//! Calls that wait for their replies on one connection.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use bytes::Bytes;
use tokio::sync::{Notify, oneshot};

use super::arrivals::{Arrivals, Full, Received, arrivals};
use crate::{
    Payloads, Pending, Reply, Request, TransportError, clock, wire::nest::packet::ReplyPacket,
};

/// Below this many calls nobody looks for those that were given up.
const FIRST_SWEEP: usize = 1024;

/// How many bytes of one stream's values wait for a caller that does not take
/// them: 16 MiB. Nest's wire cannot slow a sender down, so that beyond it the
/// stream ends with [`TransportError::Overloaded`].
pub(in crate::transport) const MAX_STREAM_BYTES: usize = 16 << 20;

/// The calls of one connection, as those who make them and the one who reads
/// the replies share them.
#[derive(Debug)]
pub(in crate::transport) struct SharedCalls {
    calls: Mutex<Calls>,
    /// The clock must be set earlier.
    earlier: Notify,
}

impl SharedCalls {
    /// Calls of which no more than `max` are under way at a time.
    pub(in crate::transport) fn new(max: usize) -> Self {
        Self {
            calls: Mutex::new(Calls::new(max)),
            earlier: Notify::new(),
        }
    }

    pub(in crate::transport) fn lock(&self) -> MutexGuard<'_, Calls> {
        // No code that can panic leaves it half changed.
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a slot for a request that is answered, once or by a stream.
    ///
    /// # Errors
    /// When too many calls are under way.
    pub(in crate::transport) fn begin(
        &self,
        request: &Request,
    ) -> Result<(CallId, Pending), TransportError> {
        let (id, answers) = self.open(request, MAX_STREAM_BYTES)?;
        let pending = match answers {
            Answers::One(reply) => Pending::Slot(reply),
            Answers::Many(values) => Pending::values(Payloads::new(values)),
        };
        Ok((id, pending))
    }

    /// The same, for a transport that looks after the answers itself. Of a
    /// stream's values no more than `max_stream` bytes wait.
    pub(in crate::transport) fn open(
        &self,
        request: &Request,
        max_stream: usize,
    ) -> Result<(CallId, Answers), TransportError> {
        if request.meta.streams.replies() {
            let (id, received) = self.lock().insert_stream(max_stream)?;
            return Ok((id, Answers::Many(received)));
        }
        let (sender, receiver) = oneshot::channel();
        let (id, is_earlier) = self.lock().insert(sender, request.deadline)?;
        if is_earlier {
            self.earlier.notify_one();
        }
        Ok((id, Answers::One(receiver)))
    }

    /// Ends calls whose time is over, connected or not. Never returns.
    pub(in crate::transport) async fn keep_time(&self) {
        self.keep_time_and(|_| {}).await;
    }

    /// The same, and says which calls ended so.
    pub(in crate::transport) async fn keep_time_and(&self, expired: impl Fn(CallId)) {
        loop {
            let earliest = self.lock().earliest();
            let time_is_over = async {
                match earliest {
                    Some(earliest) => tokio::time::sleep_until(earliest.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = time_is_over => self.lock().expire(clock::now(), &expired),
                () = self.earlier.notified() => {}
            }
        }
    }
}

/// Where the answers to a call come out.
#[derive(Debug)]
pub(in crate::transport) enum Answers {
    One(oneshot::Receiver<Reply>),
    Many(Received),
}

/// What a peer says about a call.
#[derive(Debug)]
pub(in crate::transport) struct Answer<'a> {
    /// A value, or why there is none.
    pub(in crate::transport) item: Option<Result<&'a [u8], Reply>>,
    pub(in crate::transport) is_last: bool,
}

impl<'a> Answer<'a> {
    /// What a packet of Nest's wire says. `memory` is what the packet was read from.
    fn of(packet: &ReplyPacket<'a>, memory: &Bytes) -> Self {
        let item = match (packet.err, packet.response) {
            (Some(_), _) => Some(Err(packet.reply(memory))),
            (None, Some(value)) => Some(Ok(value)),
            // The end alone, or a packet that says nothing at all.
            (None, None) => None,
        };
        Self {
            item,
            is_last: packet.is_disposed,
        }
    }
}

/// The calls under way, each in a slot whose number is in the call's id.
///
/// A slot counts how often it was used, and the count is in the id as well: a
/// reply that comes after its call was given up must not answer the next one.
#[derive(Debug)]
pub(in crate::transport) struct Calls {
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

/// Who waits for what comes back.
#[derive(Debug)]
enum Waiting {
    One {
        reply: oneshot::Sender<Reply>,
        deadline: Option<Instant>,
        /// A value that came without the end. The end may follow alone.
        value: Option<Bytes>,
    },
    Many(Arrivals),
}

impl Waiting {
    fn is_given_up(&self) -> bool {
        match self {
            Self::One { reply, .. } => reply.is_closed(),
            Self::Many(values) => values.is_given_up(),
        }
    }

    fn deadline(&self) -> Option<Instant> {
        match self {
            Self::One { deadline, .. } => *deadline,
            // The caller of a stream keeps the time itself.
            Self::Many(_) => None,
        }
    }

    /// Takes an answer; `None` if it was the last.
    fn answered(self, Answer { item, is_last }: Answer<'_>, memory: &Bytes) -> Option<Self> {
        match self {
            Self::One {
                reply: to,
                deadline,
                value,
            } => {
                let reply = match (item, value) {
                    (Some(Ok(first)), None) if !is_last => {
                        return Some(Self::One {
                            reply: to,
                            deadline,
                            value: Some(memory.slice_ref(first)),
                        });
                    }
                    (Some(Ok(value)), None) => Reply::Value(memory.slice_ref(value)),
                    (Some(Ok(_)), Some(_)) => Reply::Refused(TransportError::Protocol(
                        "it answers with a stream of values, but the contract says one".to_owned(),
                    )),
                    (Some(Err(failure)), _) => failure,
                    (None, value) => Reply::Value(value.unwrap_or_default()),
                };
                // Who has given the call up need not be told.
                let _ = to.send(reply);
                None
            }
            Self::Many(values) => {
                match item {
                    Some(Ok(value)) => {
                        if let Err(Full) = values.put(value, memory) {
                            values.refuse(TransportError::Overloaded(
                                "the values of a stream arrive faster than they are taken",
                            ));
                            return None;
                        }
                    }
                    Some(Err(failure)) => {
                        values.fail(failure);
                        return None;
                    }
                    None => {}
                }
                (!is_last && !values.is_given_up()).then_some(Self::Many(values))
            }
        }
    }

    /// Ends the call without a further answer. Who has given it up need not be told.
    fn refuse(self, error: TransportError) {
        match self {
            Self::One { reply, .. } => drop(reply.send(Reply::Refused(error))),
            Self::Many(values) => values.refuse(error),
        }
    }
}

/// The id of a call: on the wire its text in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::transport) struct CallId(u64);

impl CallId {
    fn new(uses: u32, place: u32) -> Self {
        Self(u64::from(uses) << 32 | u64::from(place))
    }

    /// The id as a number, short for those of the first 65,536 slots.
    pub(in crate::transport) fn number(self) -> u64 {
        let (uses, place) = (self.0 >> 32, self.0 & 0xFFFF_FFFF);
        (place >> 16) << 48 | uses << 16 | place & 0xFFFF
    }

    /// Reads the number.
    pub(in crate::transport) fn of_number(number: u64) -> Self {
        let (uses, place) = (
            number >> 16 & 0xFFFF_FFFF,
            number >> 48 << 16 | number & 0xFFFF,
        );
        Self(uses << 32 | place)
    }

    /// Sixteen hexadecimal digits.
    pub(in crate::transport) fn text(self) -> [u8; 16] {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        std::array::from_fn(|at| HEX[(self.0 >> (60 - 4 * at)) as usize & 15])
    }

    /// Reads the text; nothing else is an id of ours.
    pub(in crate::transport) fn parse(text: &[u8]) -> Option<Self> {
        let text: &[u8; 16] = text.try_into().ok()?;
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

    /// The same in quotes, as JSON has it.
    fn parse_json(json: &[u8]) -> Option<Self> {
        Self::parse(json.strip_prefix(b"\"")?.strip_suffix(b"\"")?)
    }
}

impl Calls {
    fn new(max: usize) -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            next_sweep: FIRST_SWEEP,
            max,
            earliest: None,
        }
    }

    /// Takes a slot for a call. Says besides whether the clock must be set earlier.
    fn insert(
        &mut self,
        reply: oneshot::Sender<Reply>,
        deadline: Option<Instant>,
    ) -> Result<(CallId, bool), TransportError> {
        let id = self.take_slot(Waiting::One {
            reply,
            deadline,
            value: None,
        })?;
        let is_earlier =
            deadline.is_some() && (self.earliest.is_none() || deadline < self.earliest);
        if is_earlier {
            self.earliest = deadline;
        }
        Ok((id, is_earlier))
    }

    /// Takes a slot for a call that is answered by a stream.
    fn insert_stream(&mut self, max: usize) -> Result<(CallId, Received), TransportError> {
        let (arrivals, received) = arrivals(max);
        let id = self.take_slot(Waiting::Many(arrivals))?;
        Ok((id, received))
    }

    fn take_slot(&mut self, call: Waiting) -> Result<CallId, TransportError> {
        if self.len() >= self.next_sweep.min(self.max) {
            self.sweep();
        }
        if self.len() >= self.max {
            return Err(TransportError::Overloaded(
                "too many calls under way on one connection",
            ));
        }
        let place = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::default());
            u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
        });
        let slot = &mut self.slots[place as usize];
        slot.uses = slot.uses.wrapping_add(1);
        slot.call = Some(call);
        Ok(CallId::new(slot.uses, place))
    }

    /// When to look for calls whose time is over.
    fn earliest(&self) -> Option<Instant> {
        self.earliest
    }

    /// Ends the calls whose time is over.
    fn expire(&mut self, now: Instant, expired: impl Fn(CallId)) {
        self.earliest = None;
        for (place, slot) in (0..).zip(&mut self.slots) {
            let is_over =
                |call: &mut Waiting| call.deadline().is_some_and(|deadline| deadline <= now);
            if let Some(call) = slot.call.take_if(is_over) {
                self.free.push(place);
                call.refuse(TransportError::TimedOut);
                expired(CallId::new(slot.uses, place));
            } else if let Some(deadline) = slot.call.as_ref().and_then(Waiting::deadline) {
                self.earliest = Some(
                    self.earliest
                        .map_or(deadline, |earliest| earliest.min(deadline)),
                );
            }
        }
    }

    /// Frees the slot of a call that could not be sent, or that was given up.
    pub(in crate::transport) fn remove(&mut self, id: CallId) {
        self.give_up(id);
    }

    /// The same, and says whether the call was still under way.
    pub(in crate::transport) fn give_up(&mut self, id: CallId) -> bool {
        let is_there = self.slot(id).is_some_and(|slot| slot.call.take().is_some());
        if is_there {
            self.free.push(id.0 as u32);
        }
        is_there
    }

    /// Ends a call that the transport knows to be in vain.
    pub(in crate::transport) fn refuse(&mut self, id: CallId, error: TransportError) {
        if let Some(call) = self.slot(id).and_then(|slot| slot.call.take()) {
            self.free.push(id.0 as u32);
            call.refuse(error);
        }
    }

    /// The slot of a call, unless that is another call's by now.
    fn slot(&mut self, id: CallId) -> Option<&mut Slot> {
        let slot = self.slots.get_mut(id.0 as u32 as usize)?;
        (u64::from(slot.uses) == id.0 >> 32).then_some(slot)
    }

    /// Hands a reply to its call, by the id in the packet. A reply that nobody
    /// waits for is dropped. `memory` is what the packet was read from.
    pub(in crate::transport) fn answer(&mut self, packet: &ReplyPacket<'_>, memory: &Bytes) {
        if let Some(id) = packet.id.and_then(CallId::parse_json) {
            self.answer_to(id, packet, memory);
        }
    }

    /// Hands a reply to the call that the transport says it is of.
    pub(in crate::transport) fn answer_to(
        &mut self,
        id: CallId,
        packet: &ReplyPacket<'_>,
        memory: &Bytes,
    ) {
        self.hand(id, Answer::of(packet, memory), memory);
    }

    /// Hands a call what its peer says about it. `memory` is what that was read from.
    pub(in crate::transport) fn hand(&mut self, id: CallId, answer: Answer<'_>, memory: &Bytes) {
        let Some(slot) = self.slot(id) else { return };
        let Some(call) = slot.call.take() else { return };
        match call.answered(answer, memory) {
            Some(call) => slot.call = Some(call),
            None => self.free.push(id.0 as u32),
        }
    }

    /// Fails every call: the connection is gone.
    pub(in crate::transport) fn clear(&mut self) {
        self.refuse_all(&TransportError::Closed);
    }

    /// Ends every call without an answer.
    pub(in crate::transport) fn refuse_all(&mut self, error: &TransportError) {
        for (place, slot) in (0..).zip(&mut self.slots) {
            if let Some(call) = slot.call.take() {
                self.free.push(place);
                call.refuse(error.clone());
            }
        }
    }

    /// How many calls are under way.
    pub(in crate::transport) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Frees the slots of calls that were given up, now and then: a peer that
    /// never answers must not fill the table.
    fn sweep(&mut self) {
        for (place, slot) in (0..).zip(&mut self.slots) {
            if slot.call.take_if(|call| call.is_given_up()).is_some() {
                self.free.push(place);
            }
        }
        self.next_sweep = FIRST_SWEEP.max(self.len() * 2);
    }
}

#[cfg(test)]
mod tests;
