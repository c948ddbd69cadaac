//! What callers get: a reply, or the values of a stream.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;

use super::{
    message::{ReplyMessage, Return},
    producer::{self, Outgoing, Producer, Report},
    window::Window,
};
use crate::{
    Payloads, Reply, TransportError, transport::nest::values::Packets, wire::nest::packet::End,
};

/// The pause before a message is sent again for which there was no room.
const A_MOMENT: Duration = Duration::from_millis(10);

/// Sends a reply where its caller waits for it.
pub(super) async fn answer(producer: &Producer, back: &Return, reply: Reply, window: usize) {
    let sent = match reply {
        Reply::Values(values) => stream(producer, back, values, window).await,
        reply => send(producer, back, &reply, End::Last, Report::Nobody).await,
    };
    if let Err(error) = sent {
        tracing::warn!(topic = %back.topic, %error, "a reply cannot be sent");
        // The caller learns why, which is shorter than what it asked for.
        let refused = Reply::Refused(error);
        let _ = send(producer, back, &refused, End::Last, Report::Nobody).await;
    }
}

/// Sends the values of a stream, no faster than the broker takes them. When it
/// does not take one, the stream ends with that: the caller would not see that
/// a value is missing, and would wait for ever for an end that is.
async fn stream(
    producer: &Producer,
    back: &Return,
    values: Payloads,
    window: usize,
) -> Result<(), TransportError> {
    let window = Window::new(window);
    let sent = tokio::select! {
        sent = parts(producer, back, values, &window) => sent,
        // The next value may be long in coming.
        error = window.loss() => Err(error),
    };
    // The error that its caller gets then must not be refused with it, in one batch.
    let confirmed = window.all_of_it().await;
    sent.and(confirmed.map(drop))
}

/// Sends values, and behind them the end.
async fn parts(
    producer: &Producer,
    back: &Return,
    values: Payloads,
    window: &Arc<Window>,
) -> Result<(), TransportError> {
    let part = async |reply: &Reply, end| {
        let room = match (reply, end) {
            (Reply::Value(payload), End::More) => window.room_for(payload.len()).await?,
            // The end says that all before it is there.
            _ => window.all_of_it().await?,
        };
        send(producer, back, reply, end, Report::Stream(room)).await
    };
    let mut packets = Packets::new(values);
    while let Some((reply, end)) = packets.next().await {
        let is_null = matches!(&reply, Reply::Value(payload) if &payload[..] == b"null");
        if end == End::Last && is_null {
            // The end and no value is the end alone: a last value that is `null` goes before it.
            part(&reply, End::More).await?;
            part(&Reply::Value(Bytes::new()), end).await?;
        } else {
            part(&reply, end).await?;
        }
    }
    Ok(())
}

/// Sends one message of a reply, when there is room for it.
async fn send(
    producer: &Producer,
    back: &Return,
    reply: &Reply,
    end: End,
    mut report: Report,
) -> Result<(), TransportError> {
    loop {
        let reply = ReplyMessage::of(reply, end);
        let outgoing = Outgoing {
            topic: &back.topic,
            partition: back.partition,
            key: None,
            headers: reply.headers(&back.correlation_id),
            value: reply.value,
        };
        match producer.send(outgoing, report) {
            Err((error, unsent)) if producer::is_full(&error) => report = unsent,
            sent => return sent.map_err(|(error, _)| error),
        }
        tokio::time::sleep(A_MOMENT).await;
    }
}
