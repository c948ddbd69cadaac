//! Frames that wait for the task that owns the connection to write them.

use std::{
    pin::pin,
    sync::{Mutex, MutexGuard, PoisonError},
    task::Waker,
};

use bytes::{Bytes, BytesMut};
use tokio::sync::{Notify, oneshot};

use crate::{Reply, TransportError};

/// Shared by the connection's task, which sends, and everybody who has something to send.
///
/// `K` is what the peer will know when it has read all that waits: of the native
/// wire, the numbers of routes. It is forgotten with the connection.
#[derive(Debug, Default)]
pub(super) struct Outbox<K = ()> {
    waiting: Mutex<Waiting<K>>,
    /// What waited was taken: streams that wait for room look again.
    taken: Notify,
    /// The peer has left.
    left: Notify,
}

#[derive(Debug, Default)]
struct Waiting<K> {
    frames: BytesMut,
    known: K,
    /// Who wants to know when the frames are written.
    written: Vec<oneshot::Sender<Reply>>,
    /// The connection's task, if it sleeps.
    sleeper: Option<Waker>,
    /// Nobody will write what is added.
    is_closed: bool,
    /// The peer sends nothing any more.
    peer_has_left: bool,
}

impl<K> Waiting<K> {
    fn wake(&mut self) {
        if let Some(sleeper) = self.sleeper.take() {
            sleeper.wake();
        }
    }
}

impl<K: Default> Outbox<K> {
    fn lock(&self) -> MutexGuard<'_, Waiting<K>> {
        // No code that can panic leaves it half changed.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds frames for which there always is room, and wakes the connection's
    /// task. Says whether they will be written: who is not there any more need
    /// not be told.
    pub(super) fn tell(&self, write: impl FnOnce(&mut BytesMut)) -> bool {
        let mut waiting = self.lock();
        if waiting.is_closed {
            return false;
        }
        write(&mut waiting.frames);
        waiting.wake();
        true
    }

    /// Looks at what the peer will know, or changes it.
    pub(super) fn known<T>(&self, with: impl FnOnce(&mut K) -> T) -> T {
        with(&mut self.lock().known)
    }

    /// Adds frames, unless `max` bytes wait already. Tells `written` when they
    /// have left. What `write` refuses to write must not be written in part.
    pub(super) fn try_push<T>(
        &self,
        max: usize,
        written: Option<oneshot::Sender<Reply>>,
        write: impl FnOnce(&mut BytesMut, &mut K) -> Result<T, TransportError>,
    ) -> Result<T, TransportError> {
        let waiting = &mut *self.lock();
        if waiting.is_closed {
            return Err(TransportError::Closed);
        }
        if waiting.frames.len() >= max {
            return Err(TransportError::Overloaded(
                "too many bytes wait to be sent on one connection",
            ));
        }
        let done = write(&mut waiting.frames, &mut waiting.known)?;
        waiting.written.extend(written);
        waiting.wake();
        Ok(done)
    }

    /// Waits until less than half of `max` bytes wait, so that a stream does not
    /// fill the room that single replies need.
    pub(super) async fn room(&self, max: usize) {
        loop {
            let mut taken = pin!(self.taken.notified());
            // What is taken from here on is noticed.
            taken.as_mut().enable();
            if self.len() < max / 2 {
                return;
            }
            taken.await;
        }
    }

    /// Says that the peer sends nothing any more.
    pub(super) fn peer_leaves(&self) {
        self.lock().peer_has_left = true;
        self.left.notify_waiters();
    }

    /// Waits until the peer sends nothing any more.
    pub(super) async fn peer_has_left(&self) {
        let mut left = pin!(self.left.notified());
        // What is said from here on is noticed.
        left.as_mut().enable();
        if !self.lock().peer_has_left {
            left.await;
        }
    }

    /// Whether anything waits.
    pub(super) fn is_empty(&self) -> bool {
        self.lock().frames.is_empty()
    }

    /// How many bytes wait.
    pub(super) fn len(&self) -> usize {
        self.lock().frames.len()
    }

    /// Takes all that waits into `batch`; if that is nothing, remembers whom to wake.
    pub(super) fn take(&self, batch: &mut Batch, waker: &Waker) {
        let mut waiting = self.lock();
        if waiting.frames.is_empty() && waiting.written.is_empty() {
            if !waiting
                .sleeper
                .as_ref()
                .is_some_and(|sleeper| sleeper.will_wake(waker))
            {
                waiting.sleeper = Some(waker.clone());
            }
            return;
        }
        if batch.frames.is_empty() {
            // The batch's empty buffer is filled next, so that two buffers serve all batches.
            std::mem::swap(&mut batch.frames, &mut waiting.frames);
        } else {
            batch.frames.extend_from_slice(&waiting.frames);
            waiting.frames.clear();
        }
        batch.written.append(&mut waiting.written);
        drop(waiting);
        self.taken.notify_waiters();
    }

    /// Takes frames again.
    pub(super) fn reopen(&self) {
        self.lock().is_closed = false;
    }

    /// Forgets all that waits: the connection is gone, and why. `is_closed` says
    /// that there will be no other one for now, so that nothing must be added either.
    pub(super) fn clear(&self, is_closed: bool, error: &TransportError) {
        let mut waiting = self.lock();
        waiting.is_closed = is_closed;
        waiting.frames.clear();
        let lost = std::mem::take(&mut waiting.written);
        let known = std::mem::take(&mut waiting.known);
        drop(waiting);
        self.taken.notify_waiters();
        drop(known);
        for lost in lost {
            // Who does not wait any more need not be told.
            let _ = lost.send(Reply::Refused(error.clone()));
        }
    }
}

/// Frames that are being written.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) frames: BytesMut,
    written: Vec<oneshot::Sender<Reply>>,
}

impl Batch {
    /// Tells everybody who waited that the frames have left.
    pub(super) fn is_written(&mut self) {
        for written in self.written.drain(..) {
            // Who does not wait any more need not be told.
            let _ = written.send(Reply::Value(Bytes::new()));
        }
    }
}
