//! How many calls a server takes on one connection.
//!
//! h2 itself queues those that are too many, and opens and resets in one go the
//! ones that were given up meanwhile: servers cut off who resets that much.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::Semaphore;

/// How many a server is trusted to take before it has said how many (RFC 9113,
/// section 6.5.2).
pub(super) const AT_FIRST: usize = 100;

#[derive(Debug)]
pub(super) struct Room {
    left: Semaphore,
    /// What is left, and what is taken.
    all: AtomicUsize,
    /// What the server has said. With less than before there are too many
    /// places, until enough of them are given back.
    wanted: AtomicUsize,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            left: Semaphore::new(AT_FIRST),
            all: AtomicUsize::new(AT_FIRST),
            wanted: AtomicUsize::new(AT_FIRST),
        }
    }
}

impl Room {
    /// Waits for a place, in turn; `None` when there will be none.
    pub(super) async fn take(self: &Arc<Self>) -> Option<Place> {
        self.left.acquire().await.ok()?.forget();
        Some(Place(Arc::clone(self)))
    }

    /// What the server says by now. To be called by one at a time.
    pub(super) fn set(&self, wanted: usize) {
        let wanted = wanted.min(Semaphore::MAX_PERMITS);
        self.wanted.store(wanted, Ordering::Relaxed);
        let all = self.all.load(Ordering::Relaxed);
        if wanted > all {
            self.all.fetch_add(wanted - all, Ordering::Relaxed);
            self.left.add_permits(wanted - all);
        } else if wanted < all {
            let fewer = self.left.forget_permits(all - wanted);
            self.all.fetch_sub(fewer, Ordering::Relaxed);
        }
    }

    pub(super) fn is_used(&self) -> bool {
        self.left.available_permits() < self.all.load(Ordering::Relaxed)
    }

    pub(super) fn close(&self) {
        self.left.close();
    }
}

/// That of a call, as long as it lasts.
pub(super) struct Place(Arc<Room>);

impl Drop for Place {
    fn drop(&mut self) {
        let Room { left, all, wanted } = &*self.0;
        // Of several at once too many may go; the next `set` brings them back.
        if all.load(Ordering::Relaxed) > wanted.load(Ordering::Relaxed) {
            all.fetch_sub(1, Ordering::Relaxed);
        } else {
            left.add_permits(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn take(room: &Arc<Room>) -> Option<Place> {
        room.take().now_or_never().flatten()
    }

    #[test]
    fn a_server_that_takes_fewer_gets_no_more_even_if_calls_wait() {
        let room = Arc::new(Room::default());
        let mut places: Vec<_> = (0..AT_FIRST).map(|_| take(&room).expect("room")).collect();
        assert!(take(&room).is_none());
        room.set(2);
        let mut waiting = Box::pin(room.take());
        assert!((&mut waiting).now_or_never().is_none());
        while places.len() > 2 {
            places.pop();
            assert!((&mut waiting).now_or_never().is_none());
        }
        places.pop();
        let next = waiting.now_or_never().flatten().expect("room");
        assert!(take(&room).is_none());
        drop((places, next));
        assert!(!room.is_used());
    }

    #[test]
    fn a_server_that_takes_more_gets_more() {
        let room = Arc::new(Room::default());
        room.set(0);
        assert!(take(&room).is_none() && !room.is_used());
        room.set(usize::MAX);
        let place = take(&room);
        assert!(place.is_some() && room.is_used());
        room.set(1);
        assert!(take(&room).is_none());
        drop(place);
        assert!(take(&room).is_some());
        room.close();
        assert!(take(&room).is_none());
    }
}
