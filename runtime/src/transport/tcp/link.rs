//! A connection as both sides use it: frames in, batches of frames out.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Buf as _;
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

/// Owns the stream. The stream is any stream, which is where TLS comes in.
pub(super) struct Link<S> {
    stream: S,
    pub(super) inbox: Inbox,
    /// What is being written. The owner may write to it directly, without the outbox's lock.
    pub(super) batch: Batch,
    pub(super) outbox: Arc<Outbox>,
    stall: Stall,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Link<S> {
    pub(super) fn new(stream: S, outbox: Arc<Outbox>, limits: &Limits) -> Self {
        Self {
            stream,
            inbox: Inbox::new(limits.max_frame),
            batch: Batch::default(),
            outbox,
            stall: Stall::new(limits.stall_timeout),
        }
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

    /// How many bytes wait to be written.
    pub(super) fn unsent(&self) -> usize {
        self.batch.frames.len()
    }

    /// Ready when the peer has kept us waiting for too long.
    pub(super) fn poll_stalled(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let is_waiting = self.inbox.is_partial() || self.unsent() > 0;
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
