//! A connection as both sides use it: frames in, batches of frames out.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Buf as _, BytesMut};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, Sleep},
};
use tokio_util::io::poll_read_buf;

use super::{
    Limits,
    outbox::{Batch, Outbox},
};
use crate::wire::nest::frame::Inbox;

/// The largest buffer that is kept for the next batch: one large message must
/// not cost its connection that memory for ever.
const MOST_KEPT: usize = 256 * 1024;

/// Owns the stream. The stream is any stream, which is where TLS comes in.
pub(super) struct Link<S> {
    stream: S,
    pub(super) inbox: Inbox,
    /// What is being written. The owner may write to it directly, without the outbox's lock.
    pub(super) batch: Batch,
    pub(super) outbox: Arc<Outbox>,
    stall: Stall,
    has_waited: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Link<S> {
    pub(super) fn new(stream: S, outbox: Arc<Outbox>, limits: &Limits) -> Self {
        Self {
            stream,
            inbox: Inbox::new(limits.max_frame),
            batch: Batch::default(),
            outbox,
            stall: Stall::new(limits.stall_timeout),
            has_waited: false,
        }
    }

    /// Gives way once to the tasks that are about to send, where there are any.
    ///
    /// The runtime of several threads runs a task that was woken right after
    /// the one that woke it. The first frame in the outbox would be sent alone,
    /// and the next alone again: a system call for each, and twice the CPU time
    /// at 64 calls in flight. Due before [`poll_send`](Self::poll_send).
    pub(super) fn poll_gather(&mut self, more_is_expected: bool, cx: &Context<'_>) -> Poll<()> {
        self.has_waited = !self.has_waited && more_is_expected && !self.outbox.is_empty();
        if self.has_waited {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    }

    /// Writes until nothing waits. Pending: the peer does not take any more for now.
    pub(super) fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            if !self.batch.frames.has_remaining() {
                self.batch.is_written();
                self.outbox.take(&mut self.batch, cx.waker());
                if !self.batch.frames.has_remaining() {
                    self.batch.is_written();
                    return Pin::new(&mut self.stream).poll_flush(cx);
                }
            }
            let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.batch.frames))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.stall.moved();
            if written == self.batch.frames.len() {
                if self.batch.frames.capacity() > MOST_KEPT {
                    self.batch.frames = BytesMut::new();
                }
                // Unlike `advance`, this keeps the whole buffer for the next batch.
                self.batch.frames.clear();
            } else {
                self.batch.frames.advance(written);
            }
        }
    }

    /// Reads what has arrived; 0 at the end of the stream.
    pub(super) fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let read = ready!(poll_read_buf(
            Pin::new(&mut self.stream),
            cx,
            self.inbox.room()
        ))?;
        self.inbox.received();
        self.stall.moved();
        Poll::Ready(Ok(read))
    }

    /// How many bytes wait to be written, by us or by handlers.
    pub(super) fn unsent(&self) -> usize {
        self.batch.frames.len() + self.outbox.len()
    }

    /// Ready when the peer has kept us waiting for too long: with what it is
    /// sent or, if it is read from, with the rest of its frame.
    pub(super) fn poll_stalled(&mut self, is_reading: bool, cx: &mut Context<'_>) -> Poll<()> {
        let is_waiting =
            (is_reading && self.inbox.is_partial()) || self.batch.frames.has_remaining();
        self.stall.poll(is_waiting, cx)
    }

    /// Says to the peer that nothing more will be sent.
    pub(super) fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A clock that runs only while we wait for the peer.
struct Stall {
    timeout: Duration,
    since: Option<Instant>,
    clock: Option<Pin<Box<Sleep>>>,
}

impl Stall {
    fn new(timeout: Duration) -> Self {
        Self {
            timeout,
            since: None,
            clock: None,
        }
    }

    fn moved(&mut self) {
        self.since = None;
    }

    fn poll(&mut self, is_waiting: bool, cx: &mut Context<'_>) -> Poll<()> {
        if !is_waiting {
            self.since = None;
            return Poll::Pending;
        }
        let since = *self.since.get_or_insert_with(Instant::now);
        let clock = self
            .clock
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(since + self.timeout)));
        loop {
            ready!(clock.as_mut().poll(cx));
            // The clock may have been set before the peer last moved.
            if clock.deadline() >= since + self.timeout {
                return Poll::Ready(());
            }
            clock.as_mut().reset(since + self.timeout);
        }
    }
}
