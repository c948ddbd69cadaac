//! The way back to callers.

use std::sync::Arc;

use bytes::Bytes;
use lapin::{BasicProperties, Channel, options::BasicPublishOptions, types::ShortString};
use tokio::sync::{Notify, watch};

use super::intake::Arrived;
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
    pub(super) fn of(packet: &RequestPacket<'_>, arrived: &Arrived) -> Option<Self> {
        let id = arrived.body.slice_ref(packet.id?);
        let to = arrived.properties.reply_to().clone()?;
        let mut properties = BasicProperties::default();
        if let Some(of) = arrived.properties.correlation_id() {
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

/// Sends answers, on the channel that is open at that time.
#[derive(Clone)]
pub(super) struct Answers {
    channel: watch::Receiver<Channel>,
    /// Told when the channel takes no more.
    lost: Arc<Notify>,
    max_message: usize,
}

impl Answers {
    /// Over the channel that `channel` holds. When it takes no more, `lost` is
    /// told, and what could not be sent waits for the next one.
    pub(super) fn new(
        channel: watch::Receiver<Channel>,
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
        send_packets(reply, |reply, end| async move {
            let packet = back.packet(&reply, end);
            let (size, limit) = (packet.len(), self.max_message);
            if size <= limit {
                return self.publish(back, packet, is_stream).await;
            }
            tracing::warn!(size, limit, "a reply is too large");
            let refused = Reply::Refused(TransportError::TooLarge {
                size,
                limit,
                unit: "bytes",
            });
            let refused = back.packet(&refused, End::Last);
            self.publish(back, refused, is_stream).await;
            false
        })
        .await;
    }

    /// Publishes a packet, if the channel is lost on the next one; says whether
    /// more may follow.
    async fn publish(&self, back: &Back, mut packet: Bytes, is_of_stream: bool) -> bool {
        let mut channels = self.channel.clone();
        let channel = channels.borrow_and_update().clone();
        let Err(error) = publish(&channel, back, &packet).await else {
            return true;
        };
        tracing::warn!(%error, "a reply waits for the next channel");
        self.lost.notify_one();
        if is_of_stream {
            // Nobody knows which of its values have arrived.
            packet = back.packet(&Reply::Refused(TransportError::Closed), End::Last);
        }
        // There is none any more where the server stops.
        if channels.changed().await.is_ok() {
            let channel = channels.borrow().clone();
            if let Err(error) = publish(&channel, back, &packet).await {
                tracing::warn!(%error, "a reply is lost");
            }
        }
        false
    }
}

async fn publish(channel: &Channel, back: &Back, packet: &[u8]) -> lapin::Result<()> {
    let published = channel.basic_publish(
        ShortString::default(),
        back.to.clone(),
        BasicPublishOptions::default(),
        packet,
        back.properties.clone(),
    );
    published.await.map(drop)
}
