//! Values of a stream that have arrived and wait to be taken.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use tokio::sync::mpsc;

use crate::Reply;

/// What a value costs besides its bytes, about.
pub(in crate::transport) const VALUE_COST: usize = 64;

/// Room for the values of one stream, of which no more than `max` bytes wait.
pub(in crate::transport) fn arrivals(max: usize) -> (Arrivals, Received) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let waiting = Arc::new(AtomicUsize::new(0));
    let received = Received {
        receiver,
        waiting: Arc::clone(&waiting),
    };
    let arrivals = Arrivals {
        sender,
        waiting,
        max,
    };
    (arrivals, received)
}

/// Where a connection puts the values.
#[derive(Debug)]
pub(in crate::transport) struct Arrivals {
    sender: mpsc::UnboundedSender<Result<Bytes, Reply>>,
    /// Bytes that were put in and not taken yet.
    waiting: Arc<AtomicUsize>,
    max: usize,
}

/// More waits already than is allowed.
#[derive(Debug)]
pub(in crate::transport) struct Full;

impl Arrivals {
    /// Puts in a value that was read from `memory`. That nobody takes it any
    /// more is no error.
    pub(in crate::transport) fn put(&self, value: &[u8], memory: &Bytes) -> Result<(), Full> {
        let cost = value.len() + VALUE_COST;
        if self.waiting.fetch_add(cost, Ordering::Relaxed) + cost > self.max {
            return Err(Full);
        }
        let _ = self.sender.send(Ok(taken_out(value, memory)));
        Ok(())
    }

    /// Ends the stream with a failure; nothing is to be put in after it.
    pub(in crate::transport) fn fail(&self, reply: Reply) {
        let _ = self.sender.send(Err(reply));
    }

    /// Whether nobody takes the values any more.
    pub(in crate::transport) fn is_given_up(&self) -> bool {
        self.sender.is_closed()
    }
}

/// A value that may wait for long. A small one is copied: it must not keep all
/// that it was received with, which the bytes that wait do not count.
fn taken_out(value: &[u8], memory: &Bytes) -> Bytes {
    if value.len() < memory.len() / 2 {
        Bytes::copy_from_slice(value)
    } else {
        memory.slice_ref(value)
    }
}

/// Where they are taken.
#[derive(Debug)]
pub(in crate::transport) struct Received {
    receiver: mpsc::UnboundedReceiver<Result<Bytes, Reply>>,
    waiting: Arc<AtomicUsize>,
}

impl Stream for Received {
    type Item = Result<Bytes, Reply>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = ready!(self.receiver.poll_recv(cx));
        if let Some(Ok(value)) = &item {
            self.waiting
                .fetch_sub(value.len() + VALUE_COST, Ordering::Relaxed);
        }
        Poll::Ready(item)
    }
}
