//! Frames: `<length>#<json>`, the length in UTF-16 code units.

use std::ops::Range;

use bytes::{Bytes, BytesMut};

use super::{
    packet::{End, with_reply_parts, with_request_parts},
    utf16_len,
};
use crate::{Reply, Request};

/// What stands before `#` may have this many bytes: room for a number, white
/// space and junk, all of which Nest takes.
const MAX_HEADER: usize = 64;

/// How much room there is for the next read, at least.
const READ_ROOM: usize = 8 * 1024;
/// How much is set aside when that room is used up.
const READ_BUFFER: usize = 64 * 1024;

/// Input that is not a frame. The connection it came on cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FrameError {
    #[error("a frame begins with its length and `#`, found {0:?}")]
    Length(String),
    #[error("a frame of {units} UTF-16 units, more than the {max} that are allowed")]
    TooLarge { units: usize, max: usize },
    #[error("a frame ends inside a character")]
    SplitCharacter,
}

/// Collects bytes as they arrive, and cuts them into frames.
#[derive(Debug)]
pub(crate) struct Inbox {
    buffer: BytesMut,
    /// This many bytes at the front are UTF-8; the rest is the beginning of a character.
    text: usize,
    /// The frame that has begun.
    open: Option<Open>,
    max_units: usize,
    /// Memory that is used again.
    ranges: Vec<Range<usize>>,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    /// Where the JSON begins.
    start: usize,
    /// How far its units are counted.
    counted: usize,
    /// How many units are still to come from there.
    missing: usize,
}

impl Inbox {
    pub(crate) fn new(max_units: usize) -> Self {
        Self {
            buffer: BytesMut::new(),
            text: 0,
            open: None,
            max_units,
            ranges: Vec::new(),
        }
    }

    /// Where to read to. [`received`](Self::received) is due after that.
    pub(crate) fn room(&mut self) -> &mut BytesMut {
        if self.buffer.capacity() - self.buffer.len() < READ_ROOM {
            self.buffer.reserve(READ_BUFFER);
        }
        &mut self.buffer
    }

    /// Makes what has arrived UTF-8: what is not becomes U+FFFD, as Node's
    /// incremental decoder does it.
    pub(crate) fn received(&mut self) {
        if self.buffer[self.text..].is_ascii() {
            self.text = self.buffer.len();
            return;
        }
        match str::from_utf8(&self.buffer[self.text..]) {
            Ok(_) => self.text = self.buffer.len(),
            // The rest of the character may still come.
            Err(error) if error.error_len().is_none() => self.text += error.valid_up_to(),
            Err(_) => self.repair(),
        }
    }

    /// Replaces what is not UTF-8, in one pass: each byte may be a fault of its own.
    #[cold]
    fn repair(&mut self) {
        let arrived = self.buffer[self.text..].to_vec();
        self.buffer.truncate(self.text);
        let mut rest = &arrived[..];
        while let Err(error) = str::from_utf8(rest) {
            let (sound, broken) = rest.split_at(error.valid_up_to());
            self.buffer.extend_from_slice(sound);
            let Some(length) = error.error_len() else {
                self.text = self.buffer.len();
                self.buffer.extend_from_slice(broken);
                return;
            };
            self.buffer.extend_from_slice("\u{FFFD}".as_bytes());
            rest = &broken[length..];
        }
        self.buffer.extend_from_slice(rest);
        self.text = self.buffer.len();
    }

    /// Whether part of a frame waits for the rest.
    pub(crate) fn is_partial(&self) -> bool {
        !self.buffer.is_empty()
    }

    /// Cuts off all frames that have arrived whole. They share one piece of
    /// memory, which is cheaper than one piece each.
    pub(crate) fn frames(&mut self) -> Frames {
        let mut ranges = std::mem::take(&mut self.ranges);
        ranges.clear();
        let mut end = 0;
        let error = loop {
            match self.next(end) {
                Ok(Some(frame)) => {
                    end = frame.end;
                    ranges.push(frame);
                }
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        self.text -= end;
        if let Some(open) = &mut self.open {
            open.start -= end;
            open.counted -= end;
        }
        let bytes = if end == 0 {
            Bytes::new()
        } else {
            self.buffer.split_to(end).freeze()
        };
        Frames {
            bytes,
            ranges,
            error,
        }
    }

    /// Takes back what [`frames`](Self::frames) handed out, for its memory.
    pub(crate) fn reuse(&mut self, frames: Frames) {
        self.ranges = frames.ranges;
    }

    /// Where the JSON of the frame stands that begins at `at`, if all of it has arrived.
    fn next(&mut self, at: usize) -> Result<Option<Range<usize>>, FrameError> {
        let mut open = match self.open.take() {
            Some(open) => open,
            None => match self.open(at)? {
                Some(open) => open,
                None => return Ok(None),
            },
        };
        while open.missing > 0 && open.counted < self.text {
            // No character has fewer bytes than units, so that this many bytes cannot be too many.
            let end = self.text.min(open.counted + open.missing);
            let units = utf16_len(&self.buffer[open.counted..end]);
            open.missing = open
                .missing
                .checked_sub(units)
                .ok_or(FrameError::SplitCharacter)?;
            open.counted = end;
        }
        // The last character's own bytes.
        while open.counted < self.text && self.buffer[open.counted] & 0xC0 == 0x80 {
            open.counted += 1;
        }
        if open.missing > 0 {
            self.open = Some(open);
            return Ok(None);
        }
        Ok(Some(open.start..open.counted))
    }

    /// Reads the length of the frame that begins at `at`.
    fn open(&self, at: usize) -> Result<Option<Open>, FrameError> {
        let head = &self.buffer[at..self.text.min(at + MAX_HEADER)];
        let Some(end) = head.iter().position(|byte| *byte == b'#') else {
            return if head.len() == MAX_HEADER {
                Err(no_length(head))
            } else {
                Ok(None)
            };
        };
        let units = parse_int(&head[..end]).ok_or_else(|| no_length(&head[..end]))?;
        if units > self.max_units {
            return Err(FrameError::TooLarge {
                units,
                max: self.max_units,
            });
        }
        let start = at + end + 1;
        Ok(Some(Open {
            start,
            counted: start,
            missing: units,
        }))
    }
}

fn no_length(head: &[u8]) -> FrameError {
    FrameError::Length(String::from_utf8_lossy(head).into_owned())
}

/// Frames that arrived together.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    /// The memory that all of them share.
    pub(crate) bytes: Bytes,
    /// Where the JSON of each stands in it.
    pub(crate) ranges: Vec<Range<usize>>,
    /// What came behind the last of them, if it was not the beginning of a frame.
    pub(crate) error: Option<FrameError>,
}

impl Frames {
    /// Whether there is nothing in them to be taken.
    pub(crate) fn is_empty(&self) -> bool {
        self.ranges.is_empty() && self.error.is_none()
    }
}

/// JavaScript's `parseInt(text, 10)`, of what can be a length: white space
/// before the digits and anything behind them are passed over.
fn parse_int(text: &[u8]) -> Option<usize> {
    let text = text.trim_ascii_start();
    let text = text.strip_prefix(b"+").unwrap_or(text);
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    // A number too long for `usize` is too long for any frame.
    let number = str::from_utf8(&text[..digits]).ok()?;
    if number.is_empty() {
        None
    } else {
        Some(number.parse().unwrap_or(usize::MAX))
    }
}

/// Writes a request, one-way message or event as a frame.
pub(crate) fn write_request(out: &mut BytesMut, request: &Request, id: &str) {
    with_request_parts(request, id, |parts| write(out, parts));
}

/// Writes a reply as a frame.
pub(crate) fn write_reply(out: &mut BytesMut, reply: &Reply, end: End, id: &[u8]) {
    with_reply_parts(reply, end, Some(id), |parts| write(out, parts));
}

fn write(out: &mut BytesMut, parts: &[&[u8]]) {
    let start = out.len();
    let bytes = parts.iter().map(|part| part.len()).sum();
    // In ASCII, which most packets are, these are the units as well.
    let json = put(out, bytes, parts);
    if !out[json..].is_ascii() {
        let units = utf16_len(&out[json..]);
        out.truncate(start);
        put(out, units, parts);
    }
}

/// Appends a frame of that many UTF-16 units, and says where its JSON begins.
fn put(out: &mut BytesMut, units: usize, parts: &[&[u8]]) -> usize {
    let mut header = [b'#'; 21];
    let mut at = header.len() - 1;
    let mut rest = units;
    loop {
        at -= 1;
        header[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&header[at..]);
    let json = out.len();
    for part in parts {
        out.extend_from_slice(part);
    }
    json
}

#[cfg(test)]
mod tests;
