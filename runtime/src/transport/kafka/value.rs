//! Between JSON and what Nest writes into a message of Kafka.
//!
//! Nest writes objects and arrays as JSON and a text as it is, without quotes;
//! it reads as JSON only what begins with a brace or a bracket. So `42` may be
//! a number or a text, and only the contract knows: `is_text` says what it says.

use std::borrow::Cow;

use bytes::Bytes;

use crate::codec::json::escape;

/// What stands in a message for a payload; `None` is a message without a value.
pub(super) fn to_kafka(json: &[u8]) -> Option<Cow<'_, [u8]>> {
    match json {
        b"" | b"null" => None,
        [b'"', text @ .., b'"'] if !text.contains(&b'\\') => Some(Cow::Borrowed(text)),
        [b'"', ..] => {
            let text: String = serde_json::from_slice(json).ok()?;
            Some(Cow::Owned(text.into_bytes()))
        }
        other => Some(Cow::Borrowed(other)),
    }
}

/// The payload that a message stands for.
pub(super) fn from_kafka(value: Option<&[u8]>, is_text: bool) -> Bytes {
    match value {
        None => Bytes::from_static(b"null"),
        Some(value) if !is_text && begins_as_json(value) => Bytes::copy_from_slice(value),
        Some(value) => quoted(value),
    }
}

/// Whether this can be JSON that is no text: a text where the contract has none
/// is handed on as one, so that the error says so.
fn begins_as_json(value: &[u8]) -> bool {
    matches!(value, b"true" | b"false" | b"null")
        || matches!(value, [b'{' | b'[' | b'-' | b'0'..=b'9', ..])
}

/// A text as JSON.
pub(super) fn quoted(text: &[u8]) -> Bytes {
    let mut json = Vec::with_capacity(text.len() + 2);
    json.push(b'"');
    escape(&String::from_utf8_lossy(text), &mut json);
    json.push(b'"');
    json.into()
}

#[cfg(test)]
mod tests;
