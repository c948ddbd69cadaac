//! The server's side of one connection on Nest's wire.

use std::{
    future::Future as _,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    task::JoinSet,
};

use super::super::{
    Cut, Limits,
    link::{self, Link},
    outbox::Outbox,
};
use crate::{
    Payloads, Reply, ReplyFuture, Request, Stop, TransportError,
    transport::{
        group,
        nest::{
            table::{Entry, Table, Target},
            values::Packets,
        },
    },
    wire::nest::{
        frame::{self, Frames, Inbox},
        packet::{self, End, RequestPacket},
    },
};

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
    let outbox = Arc::new(Outbox::default());
    let mut connection = Connection {
        link: Link::new(stream, Inbox::new(limits.max_frame), outbox, &limits),
        table,
        limits,
        waiting: JoinSet::new(),
        arrived: Frames::default(),
        taken: 0,
        turn: 0,
        is_open: true,
        fault: None,
    };
    link::poll_until(stop.requested(), |is_stopping, cx| {
        connection.is_open &= !is_stopping;
        connection.poll(cx)
    })
    .await
}

struct Connection<S> {
    link: Link<S, Inbox>,
    table: Arc<Table>,
    limits: Limits,
    /// Handlers that did not answer at once. They put their replies into the outbox.
    waiting: JoinSet<()>,
    /// The frames of the last read, and how many of them are taken: one read can
    /// bring more than may be under way.
    arrived: Frames,
    taken: usize,
    /// Which member of a group is next.
    turn: usize,
    /// Whether requests are still taken.
    is_open: bool,
    /// What the peer did wrong. What it asked for before that is still answered.
    fault: Option<Cut>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Cut>> {
        let is_gathering = self.waiting.len() > 1 && !self.link.outbox.is_empty();
        ready!(self.link.poll_gather(is_gathering, cx));
        loop {
            while let Poll::Ready(Some(_)) = self.waiting.poll_join_next(cx) {}
            let is_sent = self.link.poll_send(cx)?.is_ready();
            let is_full = self.is_full(is_sent);
            // Only a peer that is read from can keep us waiting for its frame.
            let is_reading = self.is_open && !is_full;
            if self.link.poll_stalled(is_reading, cx).is_ready() {
                return Poll::Ready(Err(Cut::Stalled));
            }
            if !self.is_open {
                if !is_sent || !self.waiting.is_empty() {
                    return Poll::Pending;
                }
                ready!(self.link.poll_close(cx))?;
                return Poll::Ready(self.fault.take().map_or(Ok(()), Err));
            }
            if is_full {
                return Poll::Pending;
            }
            if self.arrived.is_empty() {
                match self.link.poll_receive(cx)? {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(0) => {
                        self.link.outbox.peer_leaves();
                        self.is_open = false;
                        continue;
                    }
                    Poll::Ready(_) => self.arrived = self.link.inbox.frames(),
                }
            }
            if let Err(fault) = self.take_frames(cx) {
                self.is_open = false;
                self.fault = Some(fault);
            }
        }
    }

    /// Whether the peer does not take its replies, or has enough under way, so
    /// that nothing more is taken from it for now.
    fn is_full(&self, is_sent: bool) -> bool {
        self.waiting.len() >= self.limits.max_in_flight
            || (!is_sent && self.link.unsent() >= self.limits.max_unsent)
    }

    fn take_frames(&mut self, cx: &mut Context<'_>) -> Result<(), Cut> {
        let table = Arc::clone(&self.table);
        let memory = self.arrived.bytes.clone();
        while let Some(range) = self.arrived.ranges.get(self.taken).cloned() {
            if self.waiting.len() >= self.limits.max_in_flight
                || self.link.batch.frames.len() >= self.limits.max_unsent
            {
                return Ok(());
            }
            self.taken += 1;
            let packet = RequestPacket::parse(&memory[range])?;
            self.take(&packet, &table, &memory, cx);
        }
        let mut arrived = std::mem::take(&mut self.arrived);
        self.taken = 0;
        // What stands behind the last frame counts when that is taken.
        let error = arrived.error.take();
        self.link.inbox.reuse(arrived);
        error.map_or(Ok(()), |error| Err(error.into()))
    }

    fn take(
        &mut self,
        packet: &RequestPacket<'_>,
        table: &Table,
        memory: &Bytes,
        cx: &mut Context<'_>,
    ) {
        let found = packet.pattern.and_then(|pattern| table.find(pattern));
        match (found, packet.id) {
            (Some(Entry::Message(target)), id) => self.run(target.handle(packet, memory), id, cx),
            (Some(Entry::Events(targets)), id) => {
                self.turn = self.turn.wrapping_add(1);
                for target in group::receivers(targets, self.turn, |one| one.group.as_deref()) {
                    self.run(target.handle(packet, memory), None, cx);
                }
                // A request for an event's handler ends without a value.
                if let Some(id) = id {
                    self.reply(&Reply::Value(Bytes::new()), id);
                }
            }
            (None, Some(id)) => self.reply(&Reply::Refused(TransportError::NoHandler), id),
            (None, None) => {
                let pattern = packet.pattern.map(String::from_utf8_lossy);
                tracing::warn!(
                    pattern = pattern.as_deref(),
                    "an event that nobody subscribes to"
                );
            }
        }
    }

    /// Runs a handler as far as it gets without waiting. If that is not to its
    /// end, it goes on in a task of its own.
    fn run(&mut self, mut reply: ReplyFuture, id: Option<&[u8]>, cx: &mut Context<'_>) {
        let polled = Pin::new(&mut reply).poll(cx);
        let Some(id) = id else {
            if polled.is_pending() {
                self.waiting.spawn(async move {
                    let Ok(_) = reply.await;
                });
            }
            return;
        };
        let ready = match polled {
            Poll::Ready(Ok(values @ Reply::Values(_))) => Some(values),
            Poll::Ready(Ok(reply)) => return self.reply(&reply, id),
            Poll::Pending => None,
        };
        let replies = Replies {
            outbox: Arc::clone(&self.link.outbox),
            id: id.into(),
            max_unsent: self.limits.max_unsent,
        };
        self.waiting.spawn(async move {
            let reply = match ready {
                Some(ready) => ready,
                None => {
                    let Ok(reply) = reply.await;
                    reply
                }
            };
            replies.send(reply).await;
        });
    }

    fn reply(&mut self, reply: &Reply, id: &[u8]) {
        frame::write_reply(&mut self.link.batch.frames, reply, End::Last, id);
    }
}

/// Where the replies to one request go that has a task of its own.
struct Replies {
    outbox: Arc<Outbox>,
    id: Box<[u8]>,
    max_unsent: usize,
}

impl Replies {
    async fn send(self, reply: Reply) {
        let Reply::Values(values) = reply else {
            return self.push(&reply, End::Last);
        };
        tokio::select! {
            () = self.stream(values) => {}
            // A single reply is still sent to a peer that has only closed its
            // own side. A stream is not: this is the only way to give it up.
            () = self.outbox.peer_has_left() => {}
        }
    }

    /// Sends values as fast as the peer takes them.
    async fn stream(&self, values: Payloads) {
        let mut packets = Packets::new(values);
        while let Some((reply, end)) = packets.next().await {
            self.outbox.room(self.max_unsent).await;
            self.push(&reply, end);
        }
    }

    fn push(&self, reply: &Reply, end: End) {
        self.outbox
            .tell(|frames| frame::write_reply(frames, reply, end, &self.id));
    }
}

impl Target {
    /// Hands a packet to the service. `memory` is what the packet was read from.
    fn handle(&self, packet: &RequestPacket<'_>, memory: &Bytes) -> ReplyFuture {
        // A packet without data is what JavaScript sends for `undefined`.
        let payload = packet
            .data
            .map_or(Bytes::from_static(b"null"), |data| memory.slice_ref(data));
        let mut request = Request::new(self.meta, payload);
        request.operation = self.operation;
        if let Some(metadata) = &packet.metadata {
            request.arrived_with(packet::headers(metadata));
        }
        self.service.handle(request)
    }
}
