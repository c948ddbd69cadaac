//! Packets: the JSON objects inside frames, messages and channels.

use std::borrow::Cow;

use bytes::Bytes;

use super::scan::{NotJson, members};
use crate::{
    Headers, OperationKind, Reply, Request, RpcException, TransportError, codec::json::escape,
};

/// What Nest's server answers, bare, when no handler has the pattern.
pub(crate) const NO_HANDLER: &str =
    "There is no matching message handler defined in the remote service.";

/// The members of a packet that were there, as JSON.
#[derive(Debug, Default)]
pub(crate) struct RequestPacket<'a> {
    pub(crate) pattern: Option<&'a [u8]>,
    pub(crate) data: Option<&'a [u8]>,
    /// Absent in events, and only there: `null` and `0` are ids as well.
    pub(crate) id: Option<&'a [u8]>,
    pub(crate) metadata: Option<&'a [u8]>,
}

impl<'a> RequestPacket<'a> {
    /// Reads a request or an event. JSON that is no object has no members.
    pub(crate) fn parse(packet: &'a [u8]) -> Result<Self, NotJson> {
        let [pattern, data, id, metadata] =
            members(packet, &["pattern", "data", "id", "metadata"])?;
        Ok(Self {
            pattern,
            data,
            id,
            metadata,
        })
    }
}

impl RequestPacket<'_> {
    /// The payload. `memory` is what the packet was read from.
    ///
    /// A packet without data is what JavaScript sends for `undefined`; JSON that
    /// has neither pattern nor data is a payload from somebody who knows no packets.
    pub(crate) fn payload(&self, memory: &Bytes) -> Bytes {
        match (self.data, self.pattern) {
            (Some(data), _) => memory.slice_ref(data),
            (None, None) => memory.clone(),
            (None, Some(_)) => Bytes::from_static(b"null"),
        }
    }
}

/// A reply, as far as a client must look into it.
#[derive(Debug, Default)]
pub(crate) struct ReplyPacket<'a> {
    pub(crate) id: Option<&'a [u8]>,
    pub(crate) response: Option<&'a [u8]>,
    pub(crate) err: Option<&'a [u8]>,
    pub(crate) is_disposed: bool,
}

impl<'a> ReplyPacket<'a> {
    pub(crate) fn parse(packet: &'a [u8]) -> Result<Self, NotJson> {
        let [response, is_disposed, id, err] =
            members(packet, &["response", "isDisposed", "id", "err"])?;
        Ok(Self {
            id,
            response,
            err: err.filter(|value| is_truthy(value)),
            is_disposed: is_disposed.is_some_and(is_truthy),
        })
    }

    /// The reply's meaning, but for whether more is to come. `memory` is what it was read from.
    pub(crate) fn reply(&self, memory: &Bytes) -> Reply {
        match self.err {
            Some(err) if err.get(1..err.len() - 1) == Some(NO_HANDLER.as_bytes()) => {
                Reply::Refused(TransportError::NoHandler)
            }
            Some(err) => {
                let exception = RpcException::from_wire(err);
                Reply::Error {
                    retryable: exception.is_retryable(),
                    exception,
                }
            }
            None => Reply::Value(
                self.response
                    .map(|value| memory.slice_ref(value))
                    .unwrap_or_default(),
            ),
        }
    }
}

/// JavaScript's idea of what counts as true.
fn is_truthy(json: &[u8]) -> bool {
    !matches!(json, b"null" | b"false" | b"0" | b"\"\"")
}

/// Reads the `metadata` of a packet: text as it is, anything else as its JSON.
pub(crate) fn headers(metadata: &[u8]) -> Headers {
    let mut headers = Headers::new();
    if let Ok(serde_json::Value::Object(members)) = serde_json::from_slice(metadata) {
        for (name, value) in members.into_iter().take(Headers::MAX) {
            match value {
                serde_json::Value::String(text) => headers.set(name, text),
                other => headers.set(name, other.to_string()),
            }
        }
    }
    headers
}

/// A request, one-way message or event in pieces, as Nest's TCP client writes
/// it. `id` is text that needs no escaping.
pub(crate) fn with_request_parts(request: &Request, id: &str, write: impl FnOnce(&[&[u8]])) {
    // An event has no id.
    let is_message = request.meta.kind == OperationKind::Message;
    let id = if is_message { id } else { "" };
    let pattern = pattern(request);
    let metadata = metadata(&request.headers);
    write(&request_parts(&pattern, &request.payload, &metadata, id));
}

/// The pattern by which a request, one-way message or event is found, as JSON.
pub(crate) fn pattern(request: &Request) -> Cow<'static, [u8]> {
    // An event's pattern is the route as text.
    if request.meta.kind == OperationKind::Message {
        Cow::Borrowed(request.meta.pattern.as_bytes())
    } else {
        pattern_text(request)
    }
}

/// A request, one-way message or event as a message of its own. Its metadata
/// are `headers`, which stay empty where the transport has headers itself.
pub(crate) fn request_message(request: &Request, headers: &Headers, id: &str) -> Bytes {
    let pattern = if request.route.is_some() {
        pattern_text(request)
    } else {
        Cow::Borrowed(request.meta.pattern.as_bytes())
    };
    let metadata = metadata(headers);
    request_parts(&pattern, &request.payload, &metadata, id)
        .concat()
        .into()
}

/// The pieces of a packet. Without an id it is one that nobody answers.
fn request_parts<'a>(
    pattern: &'a [u8],
    payload: &'a [u8],
    metadata: &'a [u8],
    id: &'a str,
) -> [&'a [u8]; 9] {
    let when = |is_there: bool, text: &'static [u8]| if is_there { text } else { b"" };
    let (has_metadata, has_id) = (!metadata.is_empty(), !id.is_empty());
    [
        br#"{"pattern":"#,
        pattern,
        br#","data":"#,
        payload,
        when(has_metadata, br#","metadata":"#),
        metadata,
        when(has_id, br#","id":""#),
        id.as_bytes(),
        if has_id { b"\"}" } else { b"}" },
    ]
}

/// The route as JSON text.
fn pattern_text(request: &Request) -> Cow<'static, [u8]> {
    if request.route.is_none() && request.meta.pattern.starts_with('"') {
        return Cow::Borrowed(request.meta.pattern.as_bytes());
    }
    let mut route = vec![b'"'];
    escape(request.route(), &mut route);
    route.push(b'"');
    Cow::Owned(route)
}

fn metadata(headers: &Headers) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, value) in headers.iter() {
        out.push(if out.is_empty() { b'{' } else { b',' });
        out.push(b'"');
        escape(name, &mut out);
        out.extend_from_slice(b"\":\"");
        escape(value, &mut out);
        out.push(b'"');
    }
    if !out.is_empty() {
        out.push(b'}');
    }
    out
}

/// What a reply says about the call that it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing follows.
    Last,
    /// Further values of a stream do.
    More,
}

/// A reply as a message of its own, without an id where the transport itself
/// says whose reply it is.
pub(crate) fn reply_message(reply: &Reply, end: End, id: Option<&[u8]>) -> Bytes {
    let mut message = Bytes::new();
    with_reply_parts(reply, end, id, |parts| message = parts.concat().into());
    message
}

/// A reply in pieces, with nothing but the keys that a client of Nest 12 allows.
pub(crate) fn with_reply_parts(
    reply: &Reply,
    end: End,
    id: Option<&[u8]>,
    write: impl FnOnce(&[&[u8]]),
) {
    let (key, id): (&[u8], &[u8]) = match id {
        Some(id) => (br#","id":"#, id),
        None => (b"", b""),
    };
    let disposed: &[u8] = match end {
        End::Last => br#","isDisposed":true"#,
        End::More => b"",
    };
    match reply {
        Reply::Value(payload) if payload.is_empty() => {
            write(&[br#"{"isDisposed":true"#, key, id, b"}"]);
        }
        Reply::Value(payload) => {
            write(&[br#"{"response":"#, payload, disposed, key, id, b"}"]);
        }
        Reply::Error { exception, .. } => {
            let err = exception.to_json().as_bytes();
            write(&[br#"{"err":"#, err, br#","isDisposed":true"#, key, id, b"}"]);
        }
        Reply::Refused(TransportError::NoHandler) => {
            let text = NO_HANDLER.as_bytes();
            write(&[br#"{"status":"error","err":""#, text, b"\"", key, id, b"}"]);
        }
        Reply::Refused(error) => {
            let exception = RpcException::of_kind(error.kind(), &error.to_string());
            let err = exception.to_json().as_bytes();
            write(&[br#"{"err":"#, err, br#","isDisposed":true"#, key, id, b"}"]);
        }
        // Whoever drives a stream writes its values one by one.
        Reply::Values(_) => write(&[br#"{"isDisposed":true"#, key, id, b"}"]),
    }
}

#[cfg(test)]
mod tests;
