//! A connection as both sides use it: frames in, batches of frames out.

use std::{
    future::poll_fn,
    io,
    pin::{Pin, pin},
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
    Cut, Limits,
    outbox::{Batch, Outbox},
};
use crate::wire::{native, nest};

/// What has been received and is not taken yet.
pub(super) trait Inbox {
    /// Where to read to. [`received`](Self::received) is due after that.
    fn room(&mut self) -> &mut BytesMut;

    /// More has arrived.
    fn received(&mut self) {}

    /// Whether part of a frame waits for the rest.
    fn is_partial(&self) -> bool;
}

impl Inbox for nest::frame::Inbox {
    fn room(&mut self) -> &mut BytesMut {
        self.room()
    }

    fn received(&mut self) {
        self.received();
    }

    fn is_partial(&self) -> bool {
        self.is_partial()
    }
}

impl Inbox for native::inbox::Inbox {
    fn room(&mut self) -> &mut BytesMut {
        self.room()
    }

    fn is_partial(&self) -> bool {
        self.is_partial()
    }
}

/// Polls a connection until it is done, and tells it when the other future is.
pub(super) async fn poll_until<T>(
    until: impl Future<Output = ()>,
    mut poll: impl FnMut(bool, &mut Context<'_>) -> Poll<T>,
) -> T {
    let mut until = pin!(until);
    let mut is_over = false;
    poll_fn(|cx| {
        is_over = is_over || until.as_mut().poll(cx).is_ready();
        poll(is_over, cx)
    })
    .await
}

/// The largest buffer that is kept for the next batch: one large message must
/// not cost its connection that memory for ever.
const MOST_KEPT: usize = 256 * 1024;

/// Owns the stream.
pub(super) struct Link<S, I, K = ()> {
    stream: S,
    pub(super) inbox: I,
    /// What is being written. The owner may write to it directly, without the outbox's lock.
    pub(super) batch: Batch,
    pub(super) outbox: Arc<Outbox<K>>,
    stall: Stall,
    /// TLS has something left that the peer does not take.
    is_flushing: bool,
    has_waited: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin, I: Inbox, K: Default> Link<S, I, K> {
    pub(super) fn new(stream: S, inbox: I, outbox: Arc<Outbox<K>>, limits: &Limits) -> Self {
        Self {
            stream,
            inbox,
            batch: Batch::default(),
            outbox,
            stall: Stall::new(limits.stall_timeout),
            is_flushing: false,
            has_waited: false,
        }
    }

    /// Gives way once to the tasks that are about to send, where there is
    /// something to be sent already and more is expected.
    ///
    /// The runtime of several threads runs a task that was woken right after
    /// the one that woke it. The first frame in the outbox would be sent alone,
    /// and the next alone again: a system call for each, and twice the CPU time
    /// at 64 calls in flight. Due before [`poll_send`](Self::poll_send).
    pub(super) fn poll_gather(&mut self, is_gathering: bool, cx: &Context<'_>) -> Poll<()> {
        self.has_waited = !self.has_waited && is_gathering;
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
                let flushed = Pin::new(&mut self.stream).poll_flush(cx);
                self.is_flushing = flushed.is_pending();
                ready!(flushed)?;
                self.batch.is_written();
                self.outbox.take(&mut self.batch, cx.waker());
                if !self.batch.frames.has_remaining() {
                    self.batch.is_written();
                    return Poll::Ready(Ok(()));
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

    /// Takes over what others have put into the outbox, so that what is written
    /// to the batch from here on comes after it.
    pub(super) fn take_waiting(&mut self, cx: &Context<'_>) {
        self.outbox.take(&mut self.batch, cx.waker());
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
        let is_waiting = (is_reading && self.inbox.is_partial())
            || self.batch.frames.has_remaining()
            || self.is_flushing;
        self.stall.poll(is_waiting, cx)
    }

    /// Says to the peer that nothing more will be sent, if it takes that in time.
    pub(super) fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Cut>> {
        if let Poll::Ready(closed) = Pin::new(&mut self.stream).poll_shutdown(cx) {
            return Poll::Ready(closed.map_err(Cut::Io));
        }
        self.is_flushing = true;
        self.stall.poll(true, cx).map(|()| Err(Cut::Stalled))
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
