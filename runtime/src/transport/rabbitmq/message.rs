//! Between requests and messages of RabbitMQ.

use lapin::{
    BasicProperties, ErrorKind,
    protocol::AMQPErrorKind,
    types::{AMQPValue, FieldTable, ShortString},
};

use crate::{Delivery, Headers, Request, TransportError, clock};

/// The queue that stands for the way back to whoever publishes.
pub(super) const REPLY_TO: &str = "amq.rabbitmq.reply-to";

/// A name on RabbitMQ's wire, which has no more than 255 bytes.
pub(super) fn short(what: &str, text: &str) -> Result<ShortString, TransportError> {
    ShortString::try_new(text).map_err(|_| {
        TransportError::NotCarried(format!(
            "the {what} {text:?} has {} bytes, more than the 255 that RabbitMQ has room for",
            text.len()
        ))
    })
}

/// What surrounds a request, or a message that nobody answers.
pub(super) fn properties(
    request: &Request,
    id: Option<&str>,
) -> Result<BasicProperties, TransportError> {
    let is_stored = request.meta.delivery == Delivery::AtLeastOnce;
    let mut properties =
        BasicProperties::default().with_delivery_mode(if is_stored { 2 } else { 1 });
    if let Some(id) = id {
        properties = properties
            .with_reply_to(REPLY_TO.into())
            .with_correlation_id(id.into());
        // RabbitMQ drops what nobody waits for any more.
        if let Some(deadline) = request.deadline {
            let left = deadline.saturating_duration_since(clock::now());
            let millis = u32::try_from(left.as_millis()).unwrap_or(u32::MAX);
            properties = properties.with_expiration(millis.to_string().into());
        }
    }
    if !request.headers.is_empty() {
        properties = properties.with_headers(to_table(&request.headers)?);
    }
    Ok(properties)
}

/// Headers as RabbitMQ has them.
fn to_table(headers: &Headers) -> Result<FieldTable, TransportError> {
    let mut table = FieldTable::default();
    for (name, value) in headers.iter() {
        table.insert(short("header", name)?, AMQPValue::LongString(value.into()));
    }
    Ok(table)
}

/// Headers as a handler sees them: texts, and what else has one.
pub(super) fn headers(properties: &BasicProperties) -> Headers {
    let mut headers = Headers::new();
    let all = properties.headers().iter().flat_map(FieldTable::inner);
    for (name, value) in all.take(Headers::MAX) {
        let text = match value {
            AMQPValue::LongString(text) => String::from_utf8_lossy(text.as_bytes()).into_owned(),
            AMQPValue::ShortString(text) => text.to_string(),
            AMQPValue::Boolean(flag) => flag.to_string(),
            AMQPValue::ShortShortInt(number) => number.to_string(),
            AMQPValue::ShortShortUInt(number) => number.to_string(),
            AMQPValue::ShortInt(number) => number.to_string(),
            AMQPValue::ShortUInt(number) => number.to_string(),
            AMQPValue::LongInt(number) => number.to_string(),
            AMQPValue::LongUInt(number) => number.to_string(),
            AMQPValue::LongLongInt(number) => number.to_string(),
            AMQPValue::Float(number) => number.to_string(),
            AMQPValue::Double(number) => number.to_string(),
            // The broker's own notes, such as the history of a dead letter.
            _ => continue,
        };
        headers.set(name.to_string(), text);
    }
    headers
}

/// Why something could not be done.
pub(super) fn failure(error: &lapin::Error) -> TransportError {
    match error.kind() {
        // What RabbitMQ refuses by itself: a queue of other arguments, no permission.
        ErrorKind::ProtocolError(refusal) if matches!(refusal.kind(), AMQPErrorKind::Soft(_)) => {
            TransportError::NotCarried(format!("RabbitMQ refused it: {}", refusal.get_message()))
        }
        _ => TransportError::Closed,
    }
}

#[cfg(test)]
mod tests;
