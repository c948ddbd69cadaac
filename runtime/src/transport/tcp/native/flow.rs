//! Streams that go as fast as they are taken.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use tokio::sync::watch;

use super::super::outbox::Outbox;
use crate::{
    Payloads, Reply,
    transport::nest::{arrivals::Received, calls::GivenUp},
    wire::native::{FIRST_CREDIT, VALUE_COST, frame},
};

/// How many bytes of a stream may still be sent; `None` if no more are wanted.
/// A value may take it below zero, so that any value can be sent at some time.
#[derive(Debug, Clone)]
pub(super) struct Credit(Arc<watch::Sender<Option<i64>>>);

impl Credit {
    pub(super) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Some(FIRST_CREDIT as i64))))
    }

    pub(super) fn add(&self, bytes: u64) {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        self.change(|left| left.saturating_add(bytes));
    }

    /// No more values are wanted.
    pub(super) fn close(&self) {
        self.0.send_replace(None);
    }

    fn change(&self, change: impl FnOnce(i64) -> i64) {
        self.0.send_modify(|left| *left = left.map(change));
    }

    /// Waits until there is some, and says whether there ever will be.
    async fn is_there(&self) -> bool {
        let mut left = self.0.subscribe();
        let found = left.wait_for(|left| left.is_none_or(|left| left > 0)).await;
        found.is_ok_and(|left| left.is_some())
    }
}

/// The values of one call on their way to the peer.
pub(super) struct Outflow<K> {
    pub(super) outbox: Arc<Outbox<K>>,
    pub(super) call: u64,
    pub(super) credit: Credit,
    /// How many bytes may wait to be sent.
    pub(super) max_unsent: usize,
    /// The longest frame that the peer reads.
    pub(super) max_frame: usize,
}

/// How a stream that was sent ended.
#[derive(Debug)]
pub(super) enum Sent {
    /// With its last value.
    Whole,
    /// With a failure.
    Failed(Reply),
    /// The peer wants no more.
    Unwanted,
}

impl<K: Default> Outflow<K> {
    /// Asks for values as fast as they can be sent, and sends them.
    pub(super) async fn send(self, mut values: Payloads) -> Sent {
        while self.credit.is_there().await {
            self.outbox.room(self.max_unsent).await;
            let value = match values.next().await {
                Some(Ok(value)) => value,
                Some(Err(failure)) => return Sent::Failed(failure),
                None => return Sent::Whole,
            };
            if let Err(error) = frame::fits(value.len(), self.max_frame) {
                return Sent::Failed(Reply::Refused(error));
            }
            let cost = (value.len() + VALUE_COST) as i64;
            self.credit.change(|left| left - cost);
            if !self
                .outbox
                .tell(|frames| frame::write_value(frames, self.call, &value))
            {
                break;
            }
        }
        Sent::Unwanted
    }
}

/// Who is told how fast values are taken.
pub(super) trait Taken: GivenUp {
    /// So many more bytes of a call's stream are wanted.
    fn wanted(&self, call: u64, bytes: usize);
}

/// The values of one call that come from the peer.
pub(super) struct Inflow {
    received: Received,
    peer: Arc<dyn Taken>,
    call: u64,
    /// How many bytes may be on their way or wait here.
    window: usize,
    /// How many of these the peer does not know of yet.
    unused: usize,
    is_over: bool,
}

impl Inflow {
    pub(super) fn new(received: Received, peer: Arc<dyn Taken>, call: u64, window: usize) -> Self {
        Self {
            received,
            peer,
            call,
            window,
            unused: window - FIRST_CREDIT,
            is_over: false,
        }
    }
}

impl Stream for Inflow {
    type Item = Result<Bytes, Reply>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = ready!(Pin::new(&mut self.received).poll_next(cx));
        if let Some(Ok(value)) = &item {
            self.unused += value.len() + VALUE_COST;
            // Not for every value: a frame for each would cost as much as the values.
            if self.unused >= self.window / 2 {
                self.peer.wanted(self.call, self.unused);
                self.unused = 0;
            }
        } else {
            self.is_over = true;
        }
        Poll::Ready(item)
    }
}

impl Drop for Inflow {
    fn drop(&mut self) {
        if !self.is_over {
            self.peer.given_up(self.call);
        }
    }
}

impl<K: Default + Send> GivenUp for Outbox<K> {
    fn given_up(&self, call: u64) {
        self.tell(|frames| frame::write_cancel(frames, call));
    }
}

impl<K: Default + Send> Taken for Outbox<K> {
    fn wanted(&self, call: u64, bytes: usize) {
        self.tell(|frames| frame::write_credit(frames, call, bytes));
    }
}
