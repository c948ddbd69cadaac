//! Calls that wait for their replies on one connection.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
    time::Instant,
};

use bytes::Bytes;
use tokio::sync::Notify;

use super::arrivals::{Arrivals, Full, Received, arrivals};
use crate::{
    Payloads, Pending, Reply, Request, TransportError, clock,
    transport::{CallSlot, CallTable},
    wire::nest::packet::ReplyPacket,
};

/// Below this many calls nobody looks for streams that were given up.
const FIRST_SWEEP: usize = 1024;

/// How many bytes of one stream's values wait for a caller that does not take
/// them: 16 MiB. Nest's wire cannot slow a sender down, so that beyond it the
/// stream ends with [`TransportError::Overloaded`].
pub(in crate::transport) const MAX_STREAM_BYTES: usize = 16 << 20;

/// Who is told of a call that is given up.
pub(in crate::transport) trait GivenUp: Send + Sync {
    /// Nobody waits for this call any more.
    fn given_up(&self, call: u64);
}

/// The calls of one connection, as those who make them and the one who reads
/// the replies share them.
pub(in crate::transport) struct SharedCalls {
    calls: Mutex<Calls>,
    /// The clock must be set earlier.
    earlier: Notify,
    /// Whom to tell of calls that nobody waits for any more.
    peer: Option<Arc<dyn GivenUp>>,
}

impl SharedCalls {
    /// Calls of which no more than `max` are under way at a time.
    pub(in crate::transport) fn new(max: usize) -> Arc<Self> {
        Self::of(max, None)
    }

    /// The same, for a peer that is told when one is given up, or its time is over.
    #[cfg(feature = "tcp")]
    pub(in crate::transport) fn with_peer(max: usize, peer: Arc<dyn GivenUp>) -> Arc<Self> {
        Self::of(max, Some(peer))
    }

    fn of(max: usize, peer: Option<Arc<dyn GivenUp>>) -> Arc<Self> {
        Arc::new(Self {
            calls: Mutex::new(Calls::new(max)),
            earlier: Notify::new(),
            peer,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Calls> {
        // No code that can panic leaves it half changed.
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the calls or changes them, and wakes those that were answered
    /// once nobody keeps them from taking their replies.
    pub(in crate::transport) fn with<T>(&self, with: impl FnOnce(&mut Calls) -> T) -> T {
        let mut calls = self.lock();
        let done = with(&mut calls);
        // Of one reply at a time the memory is kept.
        let last = calls.answered.pop();
        let others = if calls.answered.is_empty() {
            Vec::new()
        } else {
            mem::take(&mut calls.answered)
        };
        drop(calls);
        for caller in others.into_iter().chain(last) {
            caller.wake();
        }
        done
    }

    /// Hands a reply to the call that the transport says it is of.
    pub(in crate::transport) fn answer_to(
        &self,
        id: CallId,
        packet: &ReplyPacket<'_>,
        memory: &Bytes,
    ) {
        self.with(|calls| calls.hand(id, Answer::of(packet, memory), memory));
    }

    /// Ends a call that the transport knows to be in vain.
    pub(in crate::transport) fn refuse(&self, id: CallId, error: TransportError) {
        self.with(|calls| calls.refuse(id, error));
    }

    /// Ends every call without an answer.
    pub(in crate::transport) fn refuse_all(&self, error: &TransportError) {
        self.with(|calls| calls.refuse_all(error));
    }

    /// Fails every call: the connection is gone.
    pub(in crate::transport) fn clear(&self) {
        self.refuse_all(&TransportError::Closed);
    }

    /// Takes a call out that could not be sent.
    pub(in crate::transport) fn remove(&self, id: CallId) {
        // Not dropped while the calls are locked.
        let call = self.lock().take(id);
        drop(call);
    }

    /// How many calls are under way, those among them whose replies are not taken yet.
    pub(in crate::transport) fn len(&self) -> usize {
        self.lock().len()
    }

    /// Takes a slot for a request that is answered, once or by a stream.
    ///
    /// # Errors
    /// When too many calls are under way.
    pub(in crate::transport) fn begin(
        self: &Arc<Self>,
        request: &Request,
    ) -> Result<(CallId, Pending), TransportError> {
        let (id, answers) = self.open(request, MAX_STREAM_BYTES)?;
        let pending = match answers {
            Answers::One(reply) => Pending::Call(reply),
            Answers::Many(values) => Pending::values(Payloads::new(values)),
        };
        Ok((id, pending))
    }

    /// The same, for a transport that looks after the answers itself. Of a
    /// stream's values no more than `max_stream` bytes wait.
    pub(in crate::transport) fn open(
        self: &Arc<Self>,
        request: &Request,
        max_stream: usize,
    ) -> Result<(CallId, Answers), TransportError> {
        if request.meta.streams.replies() {
            let (id, received) = self.lock().insert_stream(max_stream)?;
            return Ok((id, Answers::Many(received)));
        }
        let (id, is_earlier) = self.lock().insert(request.deadline)?;
        if is_earlier {
            self.earlier.notify_one();
        }
        let table: Arc<Self> = Arc::clone(self);
        Ok((id, Answers::One(CallSlot::new(table, id.number()))))
    }

    /// Ends calls whose time is over, connected or not. Never returns.
    pub(in crate::transport) async fn keep_time(&self) {
        loop {
            let earliest = self.lock().earliest;
            let time_is_over = async {
                match earliest {
                    Some(earliest) => tokio::time::sleep_until(earliest.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = time_is_over => {
                    for expired in self.with(|calls| calls.expire(clock::now())) {
                        self.tell(expired.number());
                    }
                }
                () = self.earlier.notified() => {}
            }
        }
    }

    /// Tells the peer that nobody waits for a call.
    fn tell(&self, call: u64) {
        if let Some(peer) = &self.peer {
            peer.given_up(call);
        }
    }
}

impl CallTable for SharedCalls {
    fn poll(&self, call: u64, caller: &Waker) -> Poll<Result<Reply, TransportError>> {
        // The waker of the last poll, which is not dropped while the calls are locked.
        let mut last = None;
        self.lock().poll(CallId::of_number(call), caller, &mut last)
    }

    fn give_up(&self, call: u64) {
        let taken = self.lock().take(CallId::of_number(call));
        if let Some(Waiting::One { .. } | Waiting::Many(_)) = taken {
            self.tell(call);
        }
    }
}

/// Where the answers to a call come out.
#[derive(Debug)]
pub(in crate::transport) enum Answers {
    One(CallSlot),
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
    /// Callers whose replies have come, and who are not woken yet.
    answered: Vec<Waker>,
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
        /// `None` until it first waits.
        caller: Option<Waker>,
        deadline: Option<Instant>,
        /// A value that came without the end. The end may follow alone.
        value: Option<Bytes>,
    },
    /// The caller, for its reply, which is here.
    Answered(Reply),
    Many(Arrivals),
}

impl Waiting {
    /// Hands over a call's only reply. Gives whom to wake.
    fn end(&mut self, reply: Reply) -> Option<Waker> {
        match mem::replace(self, Self::Answered(reply)) {
            Self::One { caller, .. } => caller,
            Self::Answered(_) | Self::Many(_) => None,
        }
    }
}

/// The only reply to a call; `None` if the end is still to come. `memory` is
/// what the answer was read from.
fn only_reply(
    value: &mut Option<Bytes>,
    Answer { item, is_last }: Answer<'_>,
    memory: &Bytes,
) -> Option<Reply> {
    Some(match (item, value.take()) {
        (Some(Ok(first)), None) if !is_last => {
            *value = Some(memory.slice_ref(first));
            return None;
        }
        (Some(Ok(value)), None) => Reply::Value(memory.slice_ref(value)),
        (Some(Ok(_)), Some(_)) => Reply::Refused(TransportError::Protocol(
            "it answers with a stream of values, but the contract says one".to_owned(),
        )),
        (Some(Err(failure)), _) => failure,
        (None, value) => Reply::Value(value.unwrap_or_default()),
    })
}

/// Puts an answer into a call's stream. Says whether more is wanted.
fn put_value(values: &Arrivals, Answer { item, is_last }: Answer<'_>, memory: &Bytes) -> bool {
    match item {
        Some(Ok(value)) => {
            if let Err(Full) = values.put(value, memory) {
                values.fail(Reply::Refused(TransportError::Overloaded(
                    "the values of a stream arrive faster than they are taken",
                )));
                return false;
            }
        }
        Some(Err(failure)) => {
            values.fail(failure);
            return false;
        }
        None => {}
    }
    !is_last && !values.is_given_up()
}

/// The id of a call: on the wire its text in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::transport) struct CallId(u64);

impl CallId {
    fn new(uses: u32, place: u32) -> Self {
        Self(u64::from(uses) << 32 | u64::from(place))
    }

    /// Where its slot is.
    fn place(self) -> u32 {
        self.0 as u32
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
        hexadecimal(self.0)
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

/// A number in sixteen hexadecimal digits.
pub(in crate::transport) fn hexadecimal(number: u64) -> [u8; 16] {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    std::array::from_fn(|at| HEX[(number >> (60 - 4 * at)) as usize & 15])
}

impl Calls {
    fn new(max: usize) -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            next_sweep: FIRST_SWEEP,
            max,
            earliest: None,
            answered: Vec::new(),
        }
    }

    /// Takes a slot for a call. Says besides whether the clock must be set earlier.
    fn insert(&mut self, deadline: Option<Instant>) -> Result<(CallId, bool), TransportError> {
        let id = self.take_slot(Waiting::One {
            caller: None,
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

    /// Takes the reply to a call, or remembers whom to wake when it is there;
    /// `last` is who was to be woken before.
    fn poll(
        &mut self,
        id: CallId,
        waker: &Waker,
        last: &mut Option<Waker>,
    ) -> Poll<Result<Reply, TransportError>> {
        if let Some(Waiting::One { caller, .. }) = self.call(id) {
            let is_known = caller.as_ref().is_some_and(|last| last.will_wake(waker));
            if !is_known {
                *last = caller.replace(waker.clone());
            }
            return Poll::Pending;
        }
        match self.take(id) {
            Some(Waiting::Answered(reply)) => Poll::Ready(Ok(reply)),
            // Taken out before, by who could not send it.
            _ => Poll::Ready(Err(TransportError::Closed)),
        }
    }

    /// Ends the calls whose time is over, and says which.
    fn expire(&mut self, now: Instant) -> Vec<CallId> {
        let mut expired = Vec::new();
        self.earliest = None;
        for (place, slot) in (0..).zip(&mut self.slots) {
            // The caller of a stream keeps the time itself.
            let Some(call) = &mut slot.call else { continue };
            let &mut Waiting::One {
                deadline: Some(deadline),
                ..
            } = call
            else {
                continue;
            };
            if deadline <= now {
                self.answered
                    .extend(call.end(Reply::Refused(TransportError::TimedOut)));
                expired.push(CallId::new(slot.uses, place));
            } else {
                let earliest = self
                    .earliest
                    .map_or(deadline, |earliest| earliest.min(deadline));
                self.earliest = Some(earliest);
            }
        }
        expired
    }

    /// Takes a call out, which frees its slot.
    fn take(&mut self, id: CallId) -> Option<Waiting> {
        let slot = slot(&mut self.slots, id)?;
        let call = slot.call.take()?;
        self.free.push(id.place());
        Some(call)
    }

    fn call(&mut self, id: CallId) -> Option<&mut Waiting> {
        slot(&mut self.slots, id)?.call.as_mut()
    }

    fn refuse(&mut self, id: CallId, error: TransportError) {
        if let Some(Waiting::Many(values)) = self.call(id) {
            values.fail(Reply::Refused(error));
            self.take(id);
        } else if let Some(call @ Waiting::One { .. }) = self.call(id) {
            let caller = call.end(Reply::Refused(error));
            self.answered.extend(caller);
        }
    }

    /// Hands a reply to its call, by the id in the packet. A reply that nobody
    /// waits for is dropped. `memory` is what the packet was read from.
    pub(in crate::transport) fn answer(&mut self, packet: &ReplyPacket<'_>, memory: &Bytes) {
        if let Some(id) = packet.id.and_then(CallId::parse_json) {
            self.hand(id, Answer::of(packet, memory), memory);
        }
    }

    /// Hands a call what its peer says about it. `memory` is what that was read from.
    pub(in crate::transport) fn hand(&mut self, id: CallId, answer: Answer<'_>, memory: &Bytes) {
        let Some(call) = slot(&mut self.slots, id).and_then(|slot| slot.call.as_mut()) else {
            return;
        };
        match call {
            Waiting::One { value, .. } => {
                if let Some(reply) = only_reply(value, answer, memory) {
                    self.answered.extend(call.end(reply));
                }
            }
            Waiting::Many(values) => {
                if !put_value(values, answer, memory) {
                    self.take(id);
                }
            }
            Waiting::Answered(_) => {}
        }
    }

    fn refuse_all(&mut self, error: &TransportError) {
        for place in 0..self.slots.len() {
            let slot = &self.slots[place];
            if slot.call.is_some() {
                self.refuse(CallId::new(slot.uses, place as u32), error.clone());
            }
        }
    }

    fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Frees the slots of streams that were given up, now and then: a peer that
    /// never answers must not fill the table. Single calls free theirs at once.
    fn sweep(&mut self) {
        for (place, slot) in (0..).zip(&mut self.slots) {
            let is_given_up =
                |call: &mut Waiting| matches!(call, Waiting::Many(values) if values.is_given_up());
            if slot.call.take_if(is_given_up).is_some() {
                self.free.push(place);
            }
        }
        self.next_sweep = FIRST_SWEEP.max(self.len() * 2);
    }
}

/// The slot of a call, unless that is another call's by now.
fn slot(slots: &mut [Slot], id: CallId) -> Option<&mut Slot> {
    let slot = slots.get_mut(id.place() as usize)?;
    (u64::from(slot.uses) == id.0 >> 32).then_some(slot)
}

#[cfg(test)]
mod tests;
