//! Between requests and messages of NATS.

use async_nats::{
    HeaderMap, HeaderName, HeaderValue, Message, Subject, client::PublishErrorKind,
    message::OutboundMessage,
};

use crate::{
    Headers, Meta, Request, TransportError,
    transport::nest::calls::{CallId, SharedCalls},
    wire::nest::packet::{self, ReplyPacket},
};

/// The message of a request, with the id of the call and the subject for its
/// answer if it has one.
pub(in crate::transport) fn request(
    request: &Request,
    call: Option<(&str, Subject)>,
) -> Result<OutboundMessage, TransportError> {
    let headers = to_nats(&request.headers)?;
    let (id, reply) = call.unzip();
    Ok(OutboundMessage {
        subject: subject(request)?,
        reply,
        headers: (!headers.is_empty()).then_some(headers),
        payload: packet::request_message(request, &Headers::new(), id.unwrap_or_default()),
    })
}

/// Hands a reply to its call.
pub(super) fn read_reply(calls: &SharedCalls, id: CallId, message: &Message) {
    match ReplyPacket::parse(&message.payload) {
        Ok(packet) => calls.answer_to(id, &packet, &message.payload),
        Err(error) => calls.refuse(id, TransportError::Protocol(error.to_string())),
    }
}

/// The subject of a request.
fn subject(request: &Request) -> Result<Subject, TransportError> {
    match &request.route {
        Some(route) => checked(route).map(Subject::from),
        None => checked(request.meta.route).map(Subject::from_static),
    }
}

/// A route that can be a subject.
fn checked(route: &str) -> Result<&str, TransportError> {
    if route.contains(|c: char| c.is_ascii_whitespace()) {
        return Err(TransportError::NotCarried(format!(
            "the pattern {route:?} is no subject of NATS, since it has a space in it"
        )));
    }
    Ok(route)
}

/// The subject to subscribe to.
pub(in crate::transport) fn subscription(meta: &Meta) -> Result<String, TransportError> {
    if !meta.has_wildcards() {
        return checked(meta.route).map(str::to_owned);
    }
    let parts: Vec<&str> = meta
        .route
        .split('.')
        .map(|part| if part.starts_with('{') { "*" } else { part })
        .collect();
    Ok(parts.join("."))
}

/// Headers as NATS has them.
pub(in crate::transport) fn to_nats(headers: &Headers) -> Result<HeaderMap, TransportError> {
    let mut map = HeaderMap::new();
    for (name, value) in headers.iter() {
        let refused = || {
            TransportError::NotCarried(format!(
                "NATS has no place for the header {name:?}: its value has a line break, or its name is not plain"
            ))
        };
        let name: HeaderName = name.parse().map_err(|_| refused())?;
        let value: HeaderValue = value.parse().map_err(|_| refused())?;
        map.insert(name, value);
    }
    Ok(map)
}

/// Headers as a handler sees them. Of several values of one name the last counts.
pub(in crate::transport) fn from_nats(map: Option<&HeaderMap>) -> Headers {
    let mut headers = Headers::new();
    let all = map.into_iter().flat_map(HeaderMap::iter);
    for (name, values) in all.take(Headers::MAX) {
        if let Some(value) = values.last() {
            headers.set(name.to_string(), value.as_str());
        }
    }
    headers
}

/// What a server counts of a message: its body and its headers.
pub(super) fn size(message: &OutboundMessage) -> usize {
    let all = message.headers.iter().flat_map(HeaderMap::iter);
    let headers = all.flat_map(|(name, values)| {
        // `name: value` and a line break each.
        let line =
            |value: &HeaderValue| AsRef::<str>::as_ref(name).len() + value.as_str().len() + 4;
        values.iter().map(line)
    });
    headers.sum::<usize>() + message.payload.len()
}

/// Why something was not published.
pub(super) fn refusal(
    error: &async_nats::PublishError,
    size: usize,
    limit: usize,
) -> TransportError {
    match error.kind() {
        PublishErrorKind::MaxPayloadExceeded => TransportError::TooLarge {
            size,
            limit,
            unit: "bytes",
        },
        PublishErrorKind::InvalidSubject => TransportError::NotCarried(error.to_string()),
        PublishErrorKind::Send => TransportError::Closed,
    }
}

#[cfg(test)]
mod tests;
