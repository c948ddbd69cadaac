//! Between requests and messages of Redis.

use bytes::Bytes;
use redis::{Cmd, Msg};

use crate::{Meta, TransportError, codec::json::escape};

/// Publishes a message.
pub(super) fn publish(channel: &str, message: &[u8]) -> Cmd {
    let name = "PUBLISH";
    let size = name.len() + channel.len() + message.len();
    let mut command = Cmd::with_capacity(3, size);
    command.arg(name).arg(channel).arg(message);
    command
}

/// Where the replies to what is sent on a channel are sent.
pub(super) fn reply_channel(channel: &str) -> String {
    [channel, ".reply"].concat()
}

/// What to subscribe to for a route with wildcards.
pub(super) fn pattern(meta: &Meta) -> String {
    let mut pattern = String::new();
    for (at, part) in meta.route.split('.').enumerate() {
        if at > 0 {
            pattern.push('.');
        }
        if part.starts_with('{') {
            pattern.push('*');
            continue;
        }
        for c in part.chars() {
            if matches!(c, '*' | '?' | '[' | ']' | '\\' | '^') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
    }
    pattern
}

/// The payload of a message.
pub(super) fn payload(message: &Msg) -> Bytes {
    Bytes::copy_from_slice(message.get_payload_bytes())
}

/// JSON of bytes that are text and no JSON.
pub(super) fn text(bytes: &[u8]) -> Bytes {
    let mut text = vec![b'"'];
    escape(&String::from_utf8_lossy(bytes), &mut text);
    text.push(b'"');
    text.into()
}

/// Refuses a message that is too large to be sent.
pub(super) fn check_size(size: usize, limit: usize) -> Result<(), TransportError> {
    if size > limit {
        return Err(TransportError::TooLarge {
            size,
            limit,
            unit: "bytes",
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
