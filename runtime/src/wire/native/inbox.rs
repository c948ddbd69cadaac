//! From bytes as they arrive to whole frames.

use bytes::{Buf as _, Bytes, BytesMut};

use super::{MAGIC, Malformed, number};

/// How much room there is for the next read, at least.
const READ_ROOM: usize = 8 * 1024;
/// How much is set aside when that room is used up.
const READ_BUFFER: usize = 64 * 1024;

/// Collects bytes as they arrive, and cuts them into frames.
#[derive(Debug)]
pub(crate) struct Inbox {
    buffer: BytesMut,
    /// Whether the magic bytes have been taken.
    has_begun: bool,
    max_frame: usize,
}

impl Inbox {
    pub(crate) fn new(max_frame: usize) -> Self {
        Self {
            buffer: BytesMut::new(),
            has_begun: false,
            max_frame,
        }
    }

    /// Where to read to.
    pub(crate) fn room(&mut self) -> &mut BytesMut {
        if self.buffer.capacity() - self.buffer.len() < READ_ROOM {
            self.buffer.reserve(READ_BUFFER);
        }
        &mut self.buffer
    }

    /// Whether part of a frame waits for the rest.
    pub(crate) fn is_partial(&self) -> bool {
        !self.buffer.is_empty()
    }

    /// Cuts off the next frame alone, if it has arrived.
    pub(crate) fn frame(&mut self) -> Result<Option<Bytes>, Malformed> {
        if !self.begin()? {
            return Ok(None);
        }
        let Some((start, end)) = self.whole(0)? else {
            return Ok(None);
        };
        let mut frame = self.buffer.split_to(end).freeze();
        frame.advance(start);
        Ok(Some(frame))
    }

    /// Cuts off all frames that have arrived whole. They share one piece of memory.
    pub(crate) fn frames(&mut self) -> Frames {
        let mut end = 0;
        let error = self.begin().and_then(|has_begun| {
            while has_begun && let Some((_, next)) = self.whole(end)? {
                end = next;
            }
            Ok(())
        });
        Frames {
            bytes: self.buffer.split_to(end).freeze(),
            at: 0,
            error: error.err(),
        }
    }

    /// Takes the magic bytes, if they have arrived. What is wrong with them shows at once.
    fn begin(&mut self) -> Result<bool, Malformed> {
        if !self.has_begun {
            let arrived = self.buffer.len().min(MAGIC.len());
            if self.buffer[..arrived] != MAGIC[..arrived] {
                return Err(Malformed::Magic);
            }
            if arrived == MAGIC.len() {
                self.buffer.advance(MAGIC.len());
                self.has_begun = true;
            }
        }
        Ok(self.has_begun)
    }

    /// Where the frame begins behind its length that stands at `at`, and where
    /// it ends, if all of it has arrived.
    fn whole(&self, at: usize) -> Result<Option<(usize, usize)>, Malformed> {
        let Some((size, width)) = number::read(&self.buffer[at..])? else {
            return Ok(None);
        };
        let max = self.max_frame;
        let fitting = usize::try_from(size).ok().filter(|size| *size <= max);
        let length = fitting.ok_or(Malformed::TooLarge { size, max })?;
        let start = at + width;
        Ok((self.buffer.len() - start >= length).then(|| (start, start + length)))
    }
}

/// Frames that arrived together.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    /// The memory that all of them share.
    pub(crate) bytes: Bytes,
    at: usize,
    /// What came behind the last of them, if it was not the beginning of a frame.
    pub(crate) error: Option<Malformed>,
}

impl Frames {
    /// The next frame's place in the memory.
    pub(crate) fn next(&mut self) -> Option<std::ops::Range<usize>> {
        // All of them are whole: the inbox has seen to it.
        let (length, width) = number::read(&self.bytes[self.at..]).ok()??;
        let start = self.at + width;
        self.at = start + length as usize;
        Some(start..self.at)
    }

    /// Whether there is nothing in them to be taken.
    pub(crate) fn is_empty(&self) -> bool {
        self.at == self.bytes.len() && self.error.is_none()
    }
}
