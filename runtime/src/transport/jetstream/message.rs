//! Between events and messages of JetStream.

use async_nats::{HeaderMap, Message, Subject, message::OutboundMessage};

use crate::{
    Headers, MESSAGE_ID, Request, TransportError,
    transport::{
        nats::{client::nuid, message},
        nest::calls::{CallId, SharedCalls},
    },
    wire::nest::{
        packet::{ReplyPacket, RequestPacket},
        scan::members,
    },
};

/// The header by which a stream knows what it has stored already.
const NATS_MESSAGE_ID: &str = "Nats-Msg-Id";

/// The message of an event, with the subject for the stream's confirmation.
pub(super) fn event(
    request: &Request,
    call: Option<(&str, Subject)>,
) -> Result<OutboundMessage, TransportError> {
    // Not the id of the call: an event that has an id in its body is a request.
    let reply_to = call.map(|(_, reply_to)| ("", reply_to));
    let mut message = message::request(request, reply_to)?;
    let headers = message.headers.get_or_insert_default();
    match request.headers.get(MESSAGE_ID) {
        Some(id) => headers.insert(NATS_MESSAGE_ID, id),
        None => headers.insert(NATS_MESSAGE_ID, nuid()),
    }
    Ok(message)
}

/// Hands a stream's answer to whoever publishes:
/// `{"stream":"EVENTS","seq":7}` or `{"error":{"code":400,"description":".."}}`.
pub(super) fn read_confirmation(calls: &SharedCalls, id: CallId, message: &Message) {
    match members(&message.payload, &["seq", "error"]) {
        Ok([Some(_), None]) => {
            let done = ReplyPacket {
                is_disposed: true,
                ..ReplyPacket::default()
            };
            calls.answer_to(id, &done, &message.payload);
        }
        Ok([_, Some(error)]) => {
            let error = serde_json::from_slice(error).unwrap_or(serde_json::Value::Null);
            let reason = error["description"].as_str().unwrap_or("refused");
            calls.refuse(id, refused(reason));
        }
        _ => {
            let found = String::from_utf8_lossy(&message.payload);
            let found: String = found.chars().take(100).collect();
            let error = format!("a stream confirms with {found}");
            calls.refuse(id, TransportError::Protocol(error));
        }
    }
}

/// What JetStream refuses now, and may not refuse later.
pub(super) fn refused(reason: impl ToString) -> TransportError {
    TransportError::Unreachable {
        address: "JetStream".to_owned(),
        reason: reason.to_string(),
    }
}

/// The event in a message; `None` if it is not JSON.
pub(super) fn read_event(meta: &'static crate::Meta, message: &Message) -> Option<Request> {
    let packet = RequestPacket::parse(&message.payload).ok()?;
    let mut request = Request::new(meta, packet.payload(&message.payload));
    request.arrived_with(headers(message.headers.as_ref()));
    Some(request)
}

fn headers(map: Option<&HeaderMap>) -> Headers {
    let mut headers = message::from_nats(map);
    if headers.get(MESSAGE_ID).is_none()
        && let Some(id) = headers.get(NATS_MESSAGE_ID).map(str::to_owned)
    {
        headers.set(MESSAGE_ID, id);
    }
    headers
}

#[cfg(test)]
mod tests;
