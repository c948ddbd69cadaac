//! Between events and entries of a stream.

use bytes::Bytes;
use redis::{Cmd, Value};

use crate::{Headers, MESSAGE_ID, Meta, Request, TransportError, message::new_id};

/// Adds an event to its stream. Says besides how many bytes that are.
pub(super) fn add(request: &Request, max_len: Option<u64>) -> Result<(Cmd, usize), TransportError> {
    let stream = stream(request.meta)?;
    let mut command = redis::cmd("XADD");
    command.arg(stream);
    if let Some(max_len) = max_len {
        command.arg("MAXLEN").arg("~").arg(max_len);
    }
    let id = match request.headers.get(MESSAGE_ID) {
        Some(id) => id.to_owned(),
        None => new_id(),
    };
    command.arg("*").arg("id").arg(&id);
    command.arg("payload").arg(&request.payload[..]);
    let mut size = request.payload.len();
    let headers: serde_json::Map<_, _> = request
        .headers
        .iter()
        .filter(|(name, _)| *name != MESSAGE_ID)
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    if !headers.is_empty() {
        let headers = serde_json::Value::Object(headers).to_string();
        size += headers.len();
        command.arg("headers").arg(headers);
    }
    Ok((command, size))
}

/// The stream of an operation.
pub(super) fn stream(meta: &Meta) -> Result<&'static str, TransportError> {
    if meta.has_wildcards() {
        return Err(TransportError::NotCarried(format!(
            "Redis reads streams by their names, so that {} with its wildcards cannot be carried: \
             publish it over Redis or Nats, or give it a name without wildcards",
            meta.name
        )));
    }
    Ok(meta.route)
}

/// An entry of one of the streams that are read.
#[derive(Debug, PartialEq)]
pub(super) struct Entry {
    /// The place of the stream among those.
    pub(super) stream: usize,
    pub(super) id: String,
    /// Without any if the entry was removed.
    fields: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Entry {
    /// The event in it, if it is one.
    pub(super) fn request(&mut self, meta: &'static Meta) -> Option<Request> {
        let mut request = Request::new(meta, Bytes::from(self.take(b"payload")?));
        let mut headers = Headers::new();
        if let Some(text) = self.take(b"headers")
            && let Ok(serde_json::Value::Object(members)) = serde_json::from_slice(&text)
        {
            for (name, value) in members.into_iter().take(Headers::MAX) {
                if let serde_json::Value::String(value) = value {
                    headers.set(name, value);
                }
            }
        }
        if let Some(id) = self.take(b"id") {
            headers.set(MESSAGE_ID, String::from_utf8_lossy(&id));
        }
        request.arrived_with(headers);
        request.operation = self.stream;
        Some(request)
    }

    fn take(&mut self, name: &[u8]) -> Option<Vec<u8>> {
        let (_, value) = self.fields.iter_mut().find(|(known, _)| known == name)?;
        Some(std::mem::take(value))
    }
}

/// The entries in the answer to `XREAD` and `XREADGROUP`.
pub(super) fn read(answer: Value, streams: &[&'static Meta]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for stream in items(answer) {
        let mut parts = items(stream).into_iter();
        let (Some(Value::BulkString(name)), Some(found)) = (parts.next(), parts.next()) else {
            continue;
        };
        let place = streams
            .iter()
            .position(|meta| meta.route.as_bytes() == name);
        if let Some(place) = place {
            entries.extend(of_stream(found, place));
        }
    }
    entries
}

/// The entries in the answer to `XAUTOCLAIM`.
pub(super) fn claimed(answer: Value, stream: usize) -> Vec<Entry> {
    let found = items(answer).into_iter().nth(1);
    of_stream(found.unwrap_or_default(), stream)
}

/// The ids of the entries in the answer to `XREVRANGE`.
pub(super) fn newest(answer: Value) -> Option<String> {
    of_stream(answer, 0)
        .into_iter()
        .next()
        .map(|entry| entry.id)
}

fn of_stream(found: Value, stream: usize) -> Vec<Entry> {
    let entry = |entry: Value| {
        let mut parts = items(entry).into_iter();
        let id = match parts.next()? {
            Value::BulkString(id) => String::from_utf8(id).ok()?,
            _ => return None,
        };
        let mut fields = Vec::new();
        let mut texts = items(parts.next().unwrap_or_default()).into_iter();
        while let (Some(Value::BulkString(name)), Some(Value::BulkString(value))) =
            (texts.next(), texts.next())
        {
            fields.push((name, value));
        }
        Some(Entry { stream, id, fields })
    };
    items(found).into_iter().filter_map(entry).collect()
}

fn items(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
