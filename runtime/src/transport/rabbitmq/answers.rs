//! The way back to callers.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use lapin::{BasicProperties, Channel, options::BasicPublishOptions, types::ShortString};
use tokio::sync::{Notify, watch};

use crate::{
    Reply, TransportError,
    transport::nest::values::send_packets,
    wire::nest::packet::{self, End, RequestPacket},
};

/// The way back to a caller.
pub(super) struct Back {
    to: ShortString,
    properties: BasicProperties,
    id: Bytes,
}

impl Back {
    /// That of a request: of a message that has an id and says where to answer.
    pub(super) fn of(
        packet: &RequestPacket<'_>,
        body: &Bytes,
        asked: &BasicProperties,
    ) -> Option<Self> {
        let id = body.slice_ref(packet.id?);
        let to = asked.reply_to().clone()?;
        let mut properties = BasicProperties::default();
        if let Some(of) = asked.correlation_id() {
            properties = properties.with_correlation_id(of.clone());
        }
        Some(Self { to, properties, id })
    }

    /// A reply without an id, as Nest's server writes it, which has one only in
    /// that of no handler.
    fn packet(&self, reply: &Reply, end: End) -> Bytes {
        let has_id = matches!(reply, Reply::Refused(TransportError::NoHandler));
        packet::reply_message(reply, end, has_id.then_some(&self.id))
    }
}

/// A channel for replies, whose troubles are not those of the queues.
pub(super) struct Replies {
    channel: Channel,
    /// Whether it has refused one. The library fails replies before it says
    /// that their channel is closed.
    is_lost: AtomicBool,
}

impl Replies {
    pub(super) fn new(channel: Channel) -> Arc<Self> {
        Arc::new(Self {
            channel,
            is_lost: AtomicBool::new(false),
        })
    }

    /// Whether it takes no more.
    pub(super) fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Relaxed)
    }

    async fn publish(&self, back: &Back, packet: &[u8]) -> lapin::Result<()> {
        let published = self.channel.basic_publish(
            ShortString::default(),
            back.to.clone(),
            BasicPublishOptions::default(),
            packet,
            back.properties.clone(),
        );
        let published = published.await.map(drop);
        if published.is_err() {
            self.is_lost.store(true, Ordering::Relaxed);
        }
        published
    }
}

/// Sends answers, on the channel that is open at that time.
#[derive(Clone)]
pub(super) struct Answers {
    channel: watch::Receiver<Arc<Replies>>,
    /// Told when the channel takes no more.
    lost: Arc<Notify>,
    max_message: usize,
}

impl Answers {
    /// Over the channel that `channel` holds. When it takes no more, `lost` is
    /// told, and what could not be sent waits for the next one.
    pub(super) fn new(
        channel: watch::Receiver<Arc<Replies>>,
        lost: Arc<Notify>,
        max_message: usize,
    ) -> Self {
        Self {
            channel,
            lost,
            max_message,
        }
    }

    pub(super) async fn send(&self, back: &Back, reply: Reply) {
        let is_stream = matches!(reply, Reply::Values(_));
        // All of a stream goes over one channel, which takes no more once it is lost.
        let mut channels = self.channel.clone();
        let channel = channels.borrow_and_update().clone();
        let (channels, channel) = (&channels, &channel);
        send_packets(reply, |reply, end| async move {
            let mut packet = back.packet(&reply, end);
            let (size, limit) = (packet.len(), self.max_message);
            let is_too_large = size > limit;
            if is_too_large {
                tracing::warn!(size, limit, "a reply is too large");
                let refused = Reply::Refused(TransportError::TooLarge {
                    size,
                    limit,
                    unit: "bytes",
                });
                packet = back.packet(&refused, End::Last);
            }
            let Err(error) = channel.publish(back, &packet).await else {
                return !is_too_large;
            };
            tracing::warn!(%error, "a reply waits for the next channel");
            self.lost.notify_one();
            if is_stream {
                // Nobody knows which of its values have arrived.
                packet = back.packet(&Reply::Refused(TransportError::Closed), End::Last);
            }
            Self::publish_on_next(channels.clone(), back, &packet).await;
            false
        })
        .await;
    }

    /// Publishes a packet on the channel behind the one that `channels` has
    /// shown, if there is one to come.
    async fn publish_on_next(
        mut channels: watch::Receiver<Arc<Replies>>,
        back: &Back,
        packet: &[u8],
    ) {
        // An error means that the server stops.
        if channels.changed().await.is_ok() {
            let channel = channels.borrow().clone();
            if let Err(error) = channel.publish(back, packet).await {
                tracing::warn!(%error, "a reply is lost");
            }
        }
    }
}

#[cfg(test)]
mod tests;
