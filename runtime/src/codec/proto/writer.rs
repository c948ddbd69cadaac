//! Values into protobuf.

use bytes::Bytes;

use super::{Proto, WireType};
use crate::{codec::buffer, types::Unrecognized};

/// Writes a message into a buffer.
#[derive(Debug)]
pub struct Writer {
    out: Vec<u8>,
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
        }
    }

    /// What was written.
    #[must_use]
    pub fn finish(self) -> Bytes {
        buffer::finish(self.out)
    }

    /// Writes a field, unless its absence says the same.
    #[inline]
    pub fn field<T: Proto>(&mut self, number: u32, value: &T) {
        value.write(number, self);
    }

    /// Writes a field whatever its value, so that zero differs from nothing.
    pub fn present<T: Proto>(&mut self, number: u32, value: &T) {
        match T::WIRE {
            WireType::Len => self.message(number, |to| value.encode(to)),
            wire => {
                self.key(number, wire);
                value.encode(self);
            }
        }
    }

    /// Writes a field of type message, whose own fields `fields` writes.
    #[inline]
    pub fn message(&mut self, number: u32, fields: impl FnOnce(&mut Self)) {
        let start = self.open(number);
        fields(self);
        self.close(start);
    }

    /// Writes the number of a value of an enum.
    pub fn value(&mut self, number: i32) {
        self.signed(i64::from(number));
    }

    /// Writes a value of an enum that was not known when it was read.
    ///
    /// One that came as JSON has no number: the reader is told that there is none.
    pub fn kept_value(&mut self, unknown: &Unrecognized) {
        self.value(unknown.as_value().unwrap_or_default());
    }

    /// Writes a message with a variant that was not known when it was read.
    ///
    /// One that came as JSON has no fields: the reader finds no variant.
    pub fn kept_message(&mut self, unknown: &Unrecognized) {
        self.raw(unknown.as_message().unwrap_or_default());
    }

    #[inline]
    pub(super) fn key(&mut self, number: u32, wire: WireType) {
        let wire = match wire {
            WireType::Varint => 0,
            WireType::Fixed64 => 1,
            WireType::Len => 2,
            WireType::Fixed32 => 5,
        };
        self.varint(u64::from(number) << 3 | wire);
    }

    #[inline]
    pub(super) fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.out.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.out.push(value as u8);
    }

    /// Negative numbers take ten bytes, whatever their type.
    #[inline]
    pub(super) fn signed(&mut self, value: i64) {
        self.varint(value as u64);
    }

    #[inline]
    pub(super) fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Writes a key, and room for a length of one byte. Gives where the content starts.
    fn open(&mut self, number: u32) -> usize {
        self.key(number, WireType::Len);
        self.out.push(0);
        self.out.len()
    }

    /// Writes the length of what was written since; a longer one makes room for itself.
    fn close(&mut self, start: usize) {
        let end = self.out.len();
        let length = end - start;
        if length < 0x80 {
            self.out[start - 1] = length as u8;
            return;
        }
        // Seven bits a byte.
        let size = (length.ilog2() / 7 + 1) as usize;
        self.out.resize(end + size - 1, 0);
        self.out.copy_within(start..end, start - 1 + size);
        let mut left = length;
        for byte in &mut self.out[start - 1..start - 1 + size] {
            *byte = left as u8 | 0x80;
            left >>= 7;
        }
        self.out[start - 2 + size] &= 0x7F;
    }
}
