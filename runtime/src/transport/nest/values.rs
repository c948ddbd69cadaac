//! Streams of replies on wires that send each value as a packet of its own.

use std::{future::poll_fn, pin::Pin, task::Poll};

use bytes::Bytes;
use futures_core::Stream as _;

use crate::{Payloads, Reply, wire::nest::packet::End};

/// The packets of a stream, in Nest's way: its end rides on the last value if
/// it is known by then, and otherwise follows alone.
pub(in crate::transport) struct Packets {
    values: Option<Payloads>,
    /// What was taken already.
    next: Option<Result<Bytes, Reply>>,
}

impl Packets {
    pub(in crate::transport) fn new(values: Payloads) -> Self {
        Self {
            values: Some(values),
            next: None,
        }
    }

    /// The next packet; `None` after the one that is the last.
    pub(in crate::transport) async fn next(&mut self) -> Option<(Reply, End)> {
        let values = self.values.as_mut()?;
        let item = match self.next.take() {
            Some(item) => Some(item),
            None => values.next().await,
        };
        let (reply, end) = match item {
            Some(Ok(value)) => {
                let after = poll_fn(|cx| match Pin::new(&mut *values).poll_next(cx) {
                    Poll::Ready(after) => Poll::Ready(Some(after)),
                    Poll::Pending => Poll::Ready(None),
                });
                match after.await {
                    Some(None) => (Reply::Value(value), End::Last),
                    Some(after) => {
                        self.next = after;
                        (Reply::Value(value), End::More)
                    }
                    None => (Reply::Value(value), End::More),
                }
            }
            Some(Err(reply)) => (reply, End::Last),
            None => (Reply::Value(Bytes::new()), End::Last),
        };
        if end == End::Last {
            self.values = None;
        }
        Some((reply, end))
    }
}

/// Sends a reply, or the values of a stream one after the other, until `send`
/// says that nobody takes them any more.
pub(in crate::transport) async fn send_packets<F>(
    reply: Reply,
    mut send: impl FnMut(Reply, End) -> F,
) where
    F: Future<Output = bool>,
{
    let Reply::Values(values) = reply else {
        send(reply, End::Last).await;
        return;
    };
    let mut packets = Packets::new(values);
    while let Some((reply, end)) = packets.next().await {
        if !send(reply, end).await {
            return;
        }
    }
}
