//! How far a stream of replies may be ahead of the broker.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, SetOnce};

use crate::TransportError;

/// What of a stream the broker has not confirmed: no more than so many bytes.
pub(super) struct Window {
    room: Arc<Semaphore>,
    bytes: u32,
    /// Why a message has not reached the broker. No other is sent then.
    lost: SetOnce<TransportError>,
}

impl Window {
    pub(super) fn new(bytes: usize) -> Arc<Self> {
        let bytes = bytes.clamp(1, Semaphore::MAX_PERMITS);
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        Arc::new(Self {
            room: Arc::new(Semaphore::new(bytes as usize)),
            bytes,
            lost: SetOnce::new(),
        })
    }

    /// Waits until there is room for a message. One that is larger than the
    /// window has all of it.
    ///
    /// # Errors
    /// When one before it was lost.
    pub(super) async fn room_for(self: &Arc<Self>, bytes: usize) -> Result<Room, TransportError> {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room);
        let permit = room.acquire_many_owned(bytes.clamp(1, self.bytes)).await;
        match self.lost.get() {
            Some(error) => Err(error.clone()),
            None => Ok(Room {
                window: Arc::clone(self),
                _permit: permit.expect("nobody closes it"),
            }),
        }
    }

    /// Waits until it is known what came of all messages, and then for room for
    /// one that nothing may follow.
    ///
    /// # Errors
    /// When one was lost.
    pub(super) async fn all_of_it(self: &Arc<Self>) -> Result<Room, TransportError> {
        self.room_for(usize::MAX).await
    }

    /// Waits until a message is lost, and says why.
    pub(super) async fn loss(&self) -> TransportError {
        self.lost.wait().await.clone()
    }
}

/// The room of a message in its window, until it is dropped.
pub(super) struct Room {
    window: Arc<Window>,
    _permit: OwnedSemaphorePermit,
}

impl Room {
    /// The message has not reached the broker.
    pub(super) fn lost(self, error: TransportError) {
        // Of several the first says why.
        let _ = self.window.lost.set(error);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_window_has_room_for_so_many_bytes() {
        let window = Window::new(10);
        let first = window.room_for(6).await.expect("room");
        assert!(window.room_for(6).now_or_never().is_none());
        let second = window.room_for(4).await.expect("room");
        assert!(window.all_of_it().now_or_never().is_none());
        drop((first, second));
        drop(window.all_of_it().await.expect("all is there"));
        // Nothing at all counts, and more than everything fits alone.
        let all = window.room_for(1000).await.expect("room");
        assert!(window.room_for(0).now_or_never().is_none());
        drop(all);
    }

    #[tokio::test]
    async fn nothing_follows_a_message_that_is_lost() {
        let window = Window::new(10);
        let lost = window.room_for(3).await.expect("room");
        let after = window.room_for(3).await.expect("room");
        assert!(window.loss().now_or_never().is_none());
        lost.lost(TransportError::TimedOut);
        assert_eq!(window.loss().await, TransportError::TimedOut);
        let refused = window.room_for(1).await.err();
        assert_eq!(refused, Some(TransportError::TimedOut));
        // Those that were under way are waited for.
        assert!(window.all_of_it().now_or_never().is_none());
        after.lost(TransportError::Closed);
        let refused = window.all_of_it().await.err();
        assert_eq!(refused, Some(TransportError::TimedOut));
    }
}
