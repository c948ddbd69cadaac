//! The server's side of one connection on anywire's own wire.

use std::{
    collections::{BTreeMap, VecDeque},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    task::{AbortHandle, JoinSet},
};

use super::{
    super::{
        Cut, Limits,
        client::CALLS_PER_IN_FLIGHT,
        link::{self, Link},
    },
    flow::{Credit, Inflow, Outflow, Sent},
    most_waiting, window,
};
use crate::{
    Encoding, Payloads, REMAINING_MS, Reply, ReplyFuture, Request, Stop, TransportError,
    fingerprint,
    transport::{
        group,
        nest::{
            arrivals::{Arrivals, Full, arrivals},
            table::{Entry, Table, Target},
        },
    },
    wire::native::{
        MAX_ROUTES, Malformed,
        frame::{self, Frame, Hello, Message, Refusal, To},
        inbox::{Frames, Inbox},
    },
};

/// What a request that waits costs besides its payload, about.
const WAITING_COST: usize = 512;

/// Serves one peer until it leaves, misbehaves, or stop is requested.
pub(in super::super) async fn serve<S>(
    stream: S,
    table: Arc<Table>,
    limits: Limits,
    mut stop: Stop,
) -> Result<(), Cut>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let max_frame = limits.max_frame;
    let mut connection = Connection {
        link: Link::new(stream, Inbox::new(max_frame), Arc::default(), &limits),
        table,
        limits,
        max_reply: None,
        routes: Vec::new(),
        arrived: Frames::default(),
        running: JoinSet::new(),
        calls: BTreeMap::new(),
        streams: 0,
        waiting: VecDeque::new(),
        waiting_bytes: 0,
        begun: 0,
        turn: 0,
        phase: Phase::Open,
        fault: None,
    };
    frame::write_hello(&mut connection.link.batch.frames, Hello { max_frame });
    link::poll_until(stop.requested(), |is_stopping, cx| {
        connection.poll(is_stopping, cx)
    })
    .await
}

struct Connection<S> {
    link: Link<S, Inbox>,
    table: Arc<Table>,
    limits: Limits,
    /// The longest frame that the peer reads, once it has said so.
    max_reply: Option<usize>,
    /// The routes that have numbers.
    routes: Vec<Known>,
    arrived: Frames,
    /// Handlers that did not answer at once.
    running: JoinSet<Option<Done>>,
    /// The calls that are not answered yet.
    calls: BTreeMap<u64, Call>,
    /// How many of them stream.
    streams: usize,
    /// Requests for which there was no room in `running`.
    waiting: VecDeque<Waiting>,
    waiting_bytes: usize,
    /// How many calls were begun that did not end at once.
    begun: u64,
    /// Which member of a group is next.
    turn: usize,
    phase: Phase,
    /// What the peer did wrong.
    fault: Option<Cut>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    /// Nothing new is begun; what is under way goes on.
    Stopping,
    /// Nothing is read any more, and nobody waits for an answer.
    Over,
}

/// A route that has a number on this connection.
struct Known {
    /// Its place in the table; `None` if nobody has such an operation.
    place: Option<usize>,
    encoding: Encoding,
}

/// A call that was not answered at once.
struct Call {
    /// A number that no other call of the connection has, unlike the peer's.
    begun: u64,
    /// `None` as long as it waits for its turn.
    task: Option<AbortHandle>,
    /// Of the stream of replies, if there is one.
    credit: Option<Credit>,
    /// Where the stream of requests goes, until it has ended.
    upload: Option<Upload>,
    is_stream: bool,
}

impl Call {
    /// Nobody waits for it any more: its handler is dropped.
    fn give_up(self) {
        if let Some(task) = self.task {
            task.abort();
        }
    }
}

/// Where the values of a request go. However it is dropped, its handler must
/// not take that for the end of the stream.
struct Upload(Option<Arrivals>);

impl Upload {
    fn put(&self, value: &[u8], memory: &Bytes) -> Result<(), Full> {
        let arrivals = self.0.as_ref();
        arrivals.map_or(Ok(()), |arrivals| arrivals.put(value, memory))
    }

    fn end(mut self) {
        self.0 = None;
    }

    fn fail(mut self, failure: Reply) {
        if let Some(arrivals) = self.0.take() {
            arrivals.fail(failure);
        }
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Some(arrivals) = self.0.take() {
            arrivals.fail(Reply::Refused(TransportError::Closed));
        }
    }
}

/// A handler that has not run yet.
struct Job {
    /// The call that it answers, if it answers one.
    call: Option<u64>,
    /// The number in [`Call::begun`], if the call has an entry already.
    begun: Option<u64>,
    /// Whether it answers with a stream.
    streams: bool,
    reply: ReplyFuture,
}

/// One for which there was no room.
struct Waiting {
    job: Job,
    cost: usize,
}

/// A handler that has ended.
struct Done {
    call: u64,
    begun: u64,
    /// What is to be answered; `None` is the end of a stream.
    last: Option<Reply>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    fn poll(&mut self, is_stopping: bool, cx: &mut Context<'_>) -> Poll<Result<(), Cut>> {
        if is_stopping && self.phase == Phase::Open {
            self.phase = Phase::Stopping;
            frame::write_goaway(&mut self.link.batch.frames, "the server is stopping");
        }
        self.reap(cx);
        let has_frames = !self.link.batch.frames.is_empty() || !self.link.outbox.is_empty();
        ready!(
            self.link
                .poll_gather(has_frames && self.running.len() > 1, cx)
        );
        loop {
            self.reap(cx);
            let is_sent = self.link.poll_send(cx)?.is_ready();
            // A peer that does not take what it is sent is not read from.
            let is_full = !is_sent && self.link.unsent() >= self.limits.max_unsent;
            let is_reading = self.phase != Phase::Over && !is_full;
            if self.link.poll_stalled(is_reading, cx).is_ready() {
                return Poll::Ready(Err(Cut::Stalled));
            }
            if self.is_done() {
                if !is_sent {
                    return Poll::Pending;
                }
                ready!(self.link.poll_close(cx))?;
                return Poll::Ready(self.fault.take().map_or(Ok(()), Err));
            }
            if !is_reading {
                return Poll::Pending;
            }
            if is_sent && self.has_turn() {
                continue;
            }
            if self.arrived.is_empty() {
                match self.link.poll_receive(cx)? {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(0) => {
                        self.end();
                        continue;
                    }
                    Poll::Ready(_) => self.arrived = self.link.inbox.frames(),
                }
            }
            if let Err(fault) = self.take_frames(cx) {
                self.end();
                frame::write_goaway(&mut self.link.batch.frames, &fault.to_string());
                self.fault = Some(fault.into());
            }
        }
    }

    /// Whether everything is done that there was to do.
    fn is_done(&self) -> bool {
        self.phase != Phase::Open
            && self.running.is_empty()
            && self.waiting.is_empty()
            && self.arrived.is_empty()
    }

    /// Nothing more comes from the peer: its calls are given up. Messages that
    /// nobody waits for are still handled.
    fn end(&mut self) {
        self.phase = Phase::Over;
        self.arrived = Frames::default();
        while let Some((_, call)) = self.calls.pop_first() {
            call.give_up();
        }
        self.streams = 0;
        self.waiting.retain(|waiting| waiting.job.call.is_none());
    }

    fn take_frames(&mut self, cx: &mut Context<'_>) -> Result<(), Malformed> {
        let table = Arc::clone(&self.table);
        let memory = self.arrived.bytes.clone();
        while let Some(range) = self.arrived.next() {
            let frame = Frame::parse(&memory[range])?;
            self.take(frame, &table, &memory, cx)?;
            if self.link.batch.frames.len() >= self.limits.max_unsent {
                return Ok(());
            }
        }
        // What stands behind the last frame counts when that is taken.
        self.arrived.error.take().map_or(Ok(()), Err)
    }

    fn take(
        &mut self,
        frame: Frame<'_>,
        table: &Table,
        memory: &Bytes,
        cx: &mut Context<'_>,
    ) -> Result<(), Malformed> {
        match frame {
            Frame::Hello(hello) if self.max_reply.is_none() => {
                self.max_reply = Some(hello.max_frame);
            }
            _ if self.max_reply.is_none() => return Err(Malformed::Unexpected),
            Frame::Request { call, message } => {
                if self.calls.contains_key(&call) {
                    return Err(Malformed::SameCall(call));
                }
                self.request(Some(call), message, table, memory, cx)?;
            }
            Frame::Send(message) => self.request(None, message, table, memory, cx)?,
            Frame::Route { route, fingerprint } if self.routes.len() < MAX_ROUTES => {
                let place = table.place(route.pattern);
                let targets = place.map_or(&[][..], |place| table.entry(place).targets());
                for target in targets {
                    fingerprint::compare(target.meta, fingerprint);
                }
                let encoding = route.encoding;
                self.routes.push(Known { place, encoding });
            }
            // Frames of calls that have been answered were on their way by then.
            Frame::Value { call, payload } => {
                if let Some(Some(upload)) = self.upload(call) {
                    let put = upload.put(payload, memory);
                    put.map_err(|Full| Malformed::Credit)?;
                }
            }
            Frame::End { call } => {
                if let Some(upload) = self.upload(call).and_then(Option::take) {
                    upload.end();
                }
            }
            Frame::Error { call, exception } => {
                if let Some(upload) = self.upload(call).and_then(Option::take) {
                    upload.fail(super::failure(exception));
                }
            }
            Frame::Cancel { call } => {
                if let Some(call) = self.forget(call) {
                    call.give_up();
                }
            }
            Frame::Credit { call, bytes } => {
                if let Some(Call {
                    credit: Some(credit),
                    ..
                }) = self.calls.get(&call)
                {
                    credit.add(bytes);
                }
            }
            // The peer takes nothing more for itself; there is nothing that we would ask it for.
            Frame::Goaway { .. } => {}
            Frame::Hello(_) | Frame::Route { .. } | Frame::Reply { .. } | Frame::Refused { .. } => {
                return Err(Malformed::Unexpected);
            }
        }
        Ok(())
    }

    fn upload(&mut self, call: u64) -> Option<&mut Option<Upload>> {
        self.calls.get_mut(&call).map(|call| &mut call.upload)
    }

    /// Finds who handles a message.
    fn request(
        &mut self,
        call: Option<u64>,
        message: Message<'_>,
        table: &Table,
        memory: &Bytes,
        cx: &mut Context<'_>,
    ) -> Result<(), Malformed> {
        let (place, encoding) = match &message.to {
            To::Number(number) => {
                let known = self
                    .routes
                    .get(*number)
                    .ok_or(Malformed::Route(*number as u64))?;
                (known.place, known.encoding)
            }
            To::Named(route) => (table.place(route.pattern), route.encoding),
        };
        if self.phase == Phase::Stopping {
            self.refuse(call, Refusal::Stopping);
            return Ok(());
        }
        match (place.map(|place| table.entry(place)), call) {
            (Some(Entry::Message(target)), call) => {
                self.begin(target, call, message, encoding, memory, cx);
            }
            (Some(Entry::Events(targets)), call) => {
                self.turn = self.turn.wrapping_add(1);
                for target in group::receivers(targets, self.turn, |one| one.group.as_deref()) {
                    self.begin(target, None, message.clone(), encoding, memory, cx);
                }
                // A request for an event's handler ends without a value.
                if let Some(call) = call {
                    self.answer(call, Some(Reply::Value(Bytes::new())));
                }
            }
            (None, call) => self.refuse(call, Refusal::NoHandler),
        }
        Ok(())
    }

    fn refuse(&mut self, call: Option<u64>, reason: Refusal) {
        match call {
            Some(call) => frame::write_refused(&mut self.link.batch.frames, call, reason),
            None => tracing::warn!(?reason, "a message that nobody answers is not handled"),
        }
    }

    /// Hands a message to its handler, now or when there is room for it.
    fn begin(
        &mut self,
        target: &Target,
        call: Option<u64>,
        message: Message<'_>,
        encoding: Encoding,
        memory: &Bytes,
        cx: &mut Context<'_>,
    ) {
        let limits = &self.limits;
        let has_room = self.running.len() < limits.max_in_flight;
        let is_stream = message.streams || target.meta.streams.replies();
        let cost = message.payload.len() + WAITING_COST;
        if (is_stream && self.streams >= limits.max_streams)
            || self.calls.len() >= limits.max_in_flight.saturating_mul(CALLS_PER_IN_FLIGHT)
            || (!has_room && self.waiting_bytes + cost > limits.max_unsent)
        {
            return self.refuse(call, Refusal::Overloaded);
        }
        let payload = if has_room {
            memory.slice_ref(message.payload)
        } else {
            Bytes::copy_from_slice(message.payload)
        };
        let mut request = Request::new(target.meta, payload);
        request.operation = target.operation;
        request.encoding = encoding;
        let mut headers = message.headers;
        if let Some(remaining) = message.remaining {
            headers.set(REMAINING_MS, remaining.to_string());
        }
        if !headers.is_empty() {
            request.arrived_with(headers);
        }
        let streams = target.meta.streams.replies();
        let mut begun = None;
        if let Some(call) = call
            && (is_stream || !has_room)
        {
            let upload = message.streams.then(|| {
                let (arrivals, received) = arrivals(most_waiting(&self.limits));
                let outbox = Arc::clone(&self.link.outbox);
                let values = Inflow::new(received, outbox, call, window(&self.limits));
                request.values = Some(Payloads::new(values));
                Upload(Some(arrivals))
            });
            begun = Some(self.track(call, upload, streams));
        }
        let job = Job {
            call,
            begun,
            streams,
            reply: target.service.handle(request),
        };
        if has_room {
            self.run(job, cx);
        } else {
            self.waiting_bytes += cost;
            self.waiting.push_back(Waiting { job, cost });
        }
    }

    /// Notes a call that may not end at once.
    fn track(&mut self, call: u64, upload: Option<Upload>, streams: bool) -> u64 {
        self.begun += 1;
        let is_stream = streams || upload.is_some();
        self.streams += usize::from(is_stream);
        let entry = Call {
            begun: self.begun,
            task: None,
            credit: streams.then(Credit::new),
            upload,
            is_stream,
        };
        self.calls.insert(call, entry);
        self.begun
    }

    /// Forgets a call that has ended.
    fn forget(&mut self, call: u64) -> Option<Call> {
        let call = self.calls.remove(&call)?;
        self.streams -= usize::from(call.is_stream);
        Some(call)
    }

    /// The call that a handler answers, unless it was given up meanwhile.
    fn tracked(&mut self, call: u64, begun: u64) -> Option<&mut Call> {
        let found = self.calls.get_mut(&call)?;
        (found.begun == begun).then_some(found)
    }

    /// Runs a handler as far as it gets without waiting. If that is not to its
    /// end, it goes on in a task of its own.
    fn run(&mut self, mut job: Job, cx: &mut Context<'_>) {
        let polled = Pin::new(&mut job.reply).poll(cx);
        let Some(call) = job.call else {
            if polled.is_pending() {
                self.running.spawn(async move {
                    let Ok(_) = job.reply.await;
                    None
                });
            }
            return;
        };
        let values = match polled {
            Poll::Ready(Ok(values @ Reply::Values(_))) if job.streams => Some(values),
            Poll::Ready(Ok(reply)) => {
                if job.begun.is_some() {
                    self.forget(call);
                }
                return self.answer(call, Some(reply));
            }
            Poll::Pending => None,
        };
        let begun = match job.begun {
            Some(begun) => begun,
            None => self.track(call, None, job.streams),
        };
        let (outbox, max_unsent) = (Arc::clone(&self.link.outbox), self.limits.max_unsent);
        let max_frame = self.max_reply.unwrap_or(usize::MAX);
        let Some(entry) = self.calls.get_mut(&call) else {
            return;
        };
        let outflow = entry.credit.clone().map(|credit| Outflow {
            outbox,
            call,
            credit,
            max_unsent,
            max_frame,
        });
        entry.task = Some(self.running.spawn(async move {
            let reply = match values {
                Some(values) => values,
                None => {
                    let Ok(reply) = job.reply.await;
                    reply
                }
            };
            let last = match (reply, outflow) {
                (Reply::Values(values), Some(outflow)) => match outflow.send(values).await {
                    Sent::Failed(failure) => Some(failure),
                    Sent::Whole | Sent::Unwanted => None,
                },
                (reply, _) => Some(reply),
            };
            Some(Done { call, begun, last })
        }));
    }

    /// Answers calls whose handlers have ended, and runs handlers that waited for that.
    fn reap(&mut self, cx: &mut Context<'_>) {
        while let Poll::Ready(Some(ended)) = self.running.poll_join_next(cx) {
            // An error is a call that was given up, and no `Done` a message without an answer.
            let Ok(Some(Done { call, begun, last })) = ended else {
                continue;
            };
            if self.tracked(call, begun).is_none() {
                continue;
            }
            let forgotten = self.forget(call);
            if forgotten.is_some_and(|call| call.is_stream) {
                // Its values are to be sent before its end.
                self.link.take_waiting(cx);
            }
            self.answer(call, last);
        }
        while self.has_turn()
            && self.link.batch.frames.len() < self.limits.max_unsent
            && let Some(Waiting { job, cost }) = self.waiting.pop_front()
        {
            self.waiting_bytes -= cost;
            let is_wanted = match (job.call, job.begun) {
                (Some(call), Some(begun)) => self.tracked(call, begun).is_some(),
                _ => true,
            };
            if is_wanted {
                self.run(job, cx);
            }
        }
    }

    /// Whether a handler waits and there is room for it.
    fn has_turn(&self) -> bool {
        !self.waiting.is_empty() && self.running.len() < self.limits.max_in_flight
    }

    /// Ends a call, with a reply or as a stream.
    fn answer(&mut self, call: u64, last: Option<Reply>) {
        let out = &mut self.link.batch.frames;
        let fits = |payload: &Bytes| {
            let max_frame = self.max_reply.unwrap_or(usize::MAX);
            frame::fits(payload.len(), max_frame)
        };
        let failure = match last {
            None | Some(Reply::Values(_)) => return frame::write_end(out, call),
            Some(Reply::Refused(TransportError::NoHandler)) => {
                return frame::write_refused(out, call, Refusal::NoHandler);
            }
            Some(Reply::Value(payload)) => match fits(&payload) {
                Ok(()) => return frame::write_reply(out, call, &payload),
                Err(error) => Reply::Refused(error),
            },
            Some(failure) => failure,
        };
        frame::write_error(out, call, failure.into_exception().to_json());
    }
}
