//! Packets: the JSON objects inside frames, messages and channels.

use bytes::{Bytes, BytesMut};

use super::{
    frame,
    scan::{NotJson, members},
    utf16_len,
};
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

/// Writes a request, one-way message or event as a frame. `id` is text that needs no escaping.
pub(crate) fn write_request(out: &mut BytesMut, request: &Request, id: &str) {
    let is_message = request.meta.kind == OperationKind::Message;
    // An event's pattern is the route as text, as Nest's TCP client writes it.
    let mut route = Vec::new();
    let pattern = if is_message || request.meta.pattern.starts_with('"') {
        request.meta.pattern.as_bytes()
    } else {
        route.push(b'"');
        escape(request.meta.route, &mut route);
        route.push(b'"');
        &route
    };
    let metadata = metadata(&request.headers);

    const PATTERN: &[u8] = br#"{"pattern":"#;
    const DATA: &[u8] = br#","data":"#;
    const METADATA: &[u8] = br#","metadata":"#;
    const ID: &[u8] = br#","id":""#;
    let mut units =
        PATTERN.len() + utf16_len(pattern) + DATA.len() + utf16_len(&request.payload) + 1;
    if !metadata.is_empty() {
        units += METADATA.len() + utf16_len(&metadata);
    }
    if is_message {
        units += ID.len() + id.len() + 1;
    }

    out.reserve(units * 2);
    frame::begin(out, units);
    out.extend_from_slice(PATTERN);
    out.extend_from_slice(pattern);
    out.extend_from_slice(DATA);
    out.extend_from_slice(&request.payload);
    if !metadata.is_empty() {
        out.extend_from_slice(METADATA);
        out.extend_from_slice(&metadata);
    }
    if is_message {
        out.extend_from_slice(ID);
        out.extend_from_slice(id.as_bytes());
        out.extend_from_slice(b"\"");
    }
    out.extend_from_slice(b"}");
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

/// Writes a reply as a frame, with nothing but the keys that a client of Nest 12 allows.
pub(crate) fn write_reply(out: &mut BytesMut, reply: &Reply, id: &[u8]) {
    match reply {
        Reply::Value(payload) if payload.is_empty() => {
            write_parts(out, [br#"{"#, b"", br#""isDisposed":true,"id":"#, id, b"}"])
        }
        Reply::Value(payload) => {
            write_parts(
                out,
                [
                    br#"{"response":"#,
                    payload,
                    br#","isDisposed":true,"id":"#,
                    id,
                    b"}",
                ],
            );
        }
        Reply::Error { exception, .. } => write_err(out, exception, id),
        Reply::Refused(TransportError::NoHandler) => write_parts(
            out,
            [
                br#"{"id":"#,
                id,
                br#","status":"error","err":""#,
                NO_HANDLER.as_bytes(),
                b"\"}",
            ],
        ),
        Reply::Refused(error) => write_err(
            out,
            &RpcException::of_kind(error.kind(), &error.to_string()),
            id,
        ),
    }
}

fn write_err(out: &mut BytesMut, exception: &RpcException, id: &[u8]) {
    write_parts(
        out,
        [
            br#"{"err":"#,
            exception.to_json().as_bytes(),
            br#","isDisposed":true,"id":"#,
            id,
            b"}",
        ],
    );
}

fn write_parts(out: &mut BytesMut, parts: [&[u8]; 5]) {
    frame::begin(out, parts.iter().map(|part| utf16_len(part)).sum());
    for part in parts {
        out.extend_from_slice(part);
    }
}

#[cfg(test)]
mod tests;
