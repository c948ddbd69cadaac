//! Values into JSON text.

use bytes::Bytes;

use crate::codec::{MapKey, Wire, buffer};

/// The greatest integer that JavaScript holds exactly: 2^53 - 1.
///
/// Beyond it a peer written in JavaScript would read another number, so that
/// encoding fails instead; `#[json(string)]` in the contract lifts the limit.
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// A value that JSON cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot encode: {reason}")]
pub struct EncodeError {
    reason: String,
}

/// Writes JSON into a buffer, without white space.
///
/// Separators need no state: a comma is due unless the last byte has just
/// opened an object or an array.
#[derive(Debug)]
pub struct Writer {
    out: Vec<u8>,
    error: Option<EncodeError>,
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// An empty writer.
    #[must_use]
    pub fn new() -> Self {
        Self {
            out: buffer::take(),
            error: None,
        }
    }

    /// What was written.
    ///
    /// # Errors
    /// The first value that JSON cannot hold.
    pub fn finish(self) -> Result<Bytes, EncodeError> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(buffer::finish(self.out)),
        }
    }

    /// Opens an object.
    pub fn begin_object(&mut self) {
        self.out.push(b'{');
    }

    /// Closes the object.
    pub fn end_object(&mut self) {
        self.out.push(b'}');
    }

    /// Writes a field of the open object.
    ///
    /// Names come from contracts, whose compiler refuses those that need escaping.
    pub fn field<T: Wire>(&mut self, name: &str, value: &T) {
        self.key(name);
        value.encode(self);
    }

    /// Writes a field that is left out when it is `None`.
    pub fn optional<T: Wire>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.field(name, value);
        }
    }

    /// Writes a field of text, such as the tag of an enum.
    pub fn tag(&mut self, name: &str, value: &str) {
        self.key(name);
        self.string(value);
    }

    /// Opens an array.
    pub fn begin_array(&mut self) {
        self.out.push(b'[');
    }

    /// Closes the array.
    pub fn end_array(&mut self) {
        self.out.push(b']');
    }

    /// Writes an item of the open array.
    pub fn item<T: Wire>(&mut self, value: &T) {
        self.separate(b'[');
        value.encode(self);
    }

    /// Writes `null`.
    pub fn null(&mut self) {
        self.out.extend_from_slice(b"null");
    }

    /// Writes `true` or `false`.
    pub fn bool(&mut self, value: bool) {
        self.out
            .extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// Writes an integer, which must be one that JavaScript holds exactly.
    pub fn integer(&mut self, value: i64) {
        if value.unsigned_abs() > MAX_SAFE_INTEGER {
            self.fail(|| {
                format!("{value} is beyond 2^53-1, which JavaScript cannot hold; mark it `#[json(string)]`")
            });
        }
        if value < 0 {
            self.out.push(b'-');
        }
        self.digits(value.unsigned_abs());
    }

    /// Writes an integer that is not negative, with the same limit.
    pub fn unsigned(&mut self, value: u64) {
        if value > MAX_SAFE_INTEGER {
            self.fail(|| {
                format!("{value} is beyond 2^53-1, which JavaScript cannot hold; mark it `#[json(string)]`")
            });
        }
        self.digits(value);
    }

    /// Writes a number, which must be finite.
    pub fn float(&mut self, value: f64) {
        // `serde_json` writes the shortest text that reads back as the same number.
        match serde_json::Number::from_f64(value) {
            Some(number) => self.out.extend_from_slice(number.to_string().as_bytes()),
            None => self.fail(|| format!("{value} is not a JSON number")),
        }
    }

    /// Writes text with quotes, escaping what JSON demands and nothing else.
    pub fn string(&mut self, value: &str) {
        self.out.push(b'"');
        escape(value, &mut self.out);
        self.out.push(b'"');
    }

    /// Writes a map whose keys become text.
    pub fn map<'a, K: MapKey, V: Wire>(&mut self, entries: impl Iterator<Item = (&'a K, &'a V)>) {
        self.begin_object();
        let mut text = String::new();
        for (key, value) in entries {
            text.clear();
            key.write_key(&mut text);
            self.separate(b'{');
            self.string(&text);
            self.out.push(b':');
            value.encode(self);
        }
        self.end_object();
    }

    /// Writes a field whose name may need escaping and whose value is JSON already.
    pub(crate) fn raw_field(&mut self, name: &str, json: &[u8]) {
        self.separate(b'{');
        self.string(name);
        self.out.push(b':');
        self.raw(json);
    }

    /// Starts an item of the open array, which is then written by other calls.
    pub(crate) fn next_item(&mut self) {
        self.separate(b'[');
    }

    /// What was written, whether or not JSON could hold all of it.
    pub(crate) fn into_text(self) -> String {
        String::from_utf8(self.out).unwrap_or_default()
    }

    /// Writes text that is already JSON.
    pub(crate) fn raw(&mut self, json: &[u8]) {
        self.out.extend_from_slice(json);
    }

    /// Notes the first value that cannot be written.
    #[cold]
    pub(crate) fn fail(&mut self, reason: impl FnOnce() -> String) {
        if self.error.is_none() {
            self.error = Some(EncodeError { reason: reason() });
        }
    }

    /// The key of the next field.
    pub(crate) fn key(&mut self, name: &str) {
        debug_assert!(
            !needs_escape(name),
            "the contract compiler refuses the name {name:?}"
        );
        // Room for all of it, so that nothing below has to ask again.
        self.out.reserve(name.len() + 4);
        self.separate(b'{');
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    fn separate(&mut self, opened: u8) {
        if self.out.last() != Some(&opened) {
            self.out.push(b',');
        }
    }

    fn digits(&mut self, mut value: u64) {
        let mut text = [0; 20];
        let mut at = text.len();
        loop {
            at -= 1;
            text[at] = b'0' + (value % 10) as u8;
            value /= 10;
            if value == 0 {
                break;
            }
        }
        self.out.extend_from_slice(&text[at..]);
    }
}

fn needs_escape(text: &str) -> bool {
    let is_special = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
    // Eight bytes without a branch among them, which a compiler makes vectors of.
    let any_special =
        |chunk: &[u8; 8]| chunk.iter().fold(false, |any, byte| any | is_special(byte));
    let text = text.as_bytes();
    match text.last_chunk() {
        // The last eight may have been looked at in part before.
        Some(last) => text.as_chunks().0.iter().any(any_special) || any_special(last),
        None => text.iter().any(is_special),
    }
}

/// Appends `text` with JSON's escapes: the quote, the backslash and what is
/// below U+0020, which is what `JSON.stringify` escapes in well-formed text.
pub(crate) fn escape(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    if !needs_escape(text) {
        out.extend_from_slice(bytes);
        return;
    }
    let mut copied = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&bytes[copied..at]);
        copied = at + 1;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0c => out.extend_from_slice(b"\\f"),
            control => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(control >> 4)]);
                out.push(HEX[usize::from(control & 15)]);
            }
        }
    }
    out.extend_from_slice(&bytes[copied..]);
}
