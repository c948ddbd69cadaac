//! Objects and arrays that are being read.

use super::Reader;
use crate::codec::{Wire, json::error::DecodeError};

/// An object that is being read, field by field, in whatever order they come.
///
/// An error ends the object and is kept until its end: generated code leaves
/// each decoding function in one place, which a compiler checks much faster
/// than one place a field.
#[derive(Debug)]
pub struct Object<'r, 'a> {
    reader: &'r mut Reader<'a>,
    names: &'static [&'static str],
    // Fields mostly come in the order of the contract: the one behind the last is tried first.
    expected: usize,
    // One bit for each of the first 128 fields.
    seen: [u64; 2],
    is_first: bool,
    error: Option<DecodeError>,
}

/// What is expected in an object that has ended.
const ENDED: usize = usize::MAX;

impl<'r, 'a> Object<'r, 'a> {
    pub(super) fn enter(reader: &'r mut Reader<'a>, names: &'static [&'static str]) -> Self {
        let error = reader.deeper(b'{', "object").err();
        Self {
            reader,
            names,
            expected: if error.is_some() { ENDED } else { 0 },
            seen: [0; 2],
            is_first: true,
            error,
        }
    }

    /// The index of the next field that is known, or `None` at the end or
    /// after an error.
    pub fn next_field(&mut self) -> Option<usize> {
        if let Some(name) = self.names.get(self.expected)
            && self.reader.tokens.pass_name(name, self.is_first)
        {
            return Some(self.found(self.expected));
        }
        self.find_field()
    }

    #[inline]
    fn found(&mut self, field: usize) -> usize {
        self.is_first = false;
        self.expected = field + 1;
        if let Some(seen) = self.seen.get_mut(field / 64) {
            *seen |= 1 << (field % 64);
        }
        field
    }

    /// Finds the next field that is known, when it is not the expected one or
    /// is written in some other way.
    #[inline(never)]
    fn find_field(&mut self) -> Option<usize> {
        if self.expected == ENDED {
            return None;
        }
        let error = loop {
            match self.reader.next_name(self.is_first) {
                Ok(Some(key)) => {
                    if let Some(field) = self.names.iter().position(|name| *name == key) {
                        return Some(self.found(field));
                    }
                }
                Ok(None) => {
                    self.reader.depth -= 1;
                    break None;
                }
                Err(error) => break Some(error),
            }
            self.is_first = false;
            if let Err(error) = self.reader.skip() {
                break Some(error);
            }
        };
        self.error = error;
        self.expected = ENDED;
        None
    }

    /// Reads the value of the field; of a field given twice, the last counts, as in JavaScript.
    pub fn read<T: Wire>(&mut self, slot: &mut Option<T>) {
        match T::decode(self.reader) {
            Ok(value) => *slot = Some(value),
            Err(error) => self.fail(error),
        }
    }

    /// Reads the value of an optional field, where `null` is the same as nothing.
    pub fn read_optional<T: Wire>(&mut self, slot: &mut Option<T>) {
        match Option::decode(self.reader) {
            Ok(value) => *slot = value,
            Err(error) => self.fail(error),
        }
    }

    /// Passes over the value of the field.
    pub fn skip(&mut self) {
        if let Err(error) = self.reader.skip() {
            self.fail(error);
        }
    }

    /// Whether nothing went wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.error.is_none()
    }

    /// What went wrong: the error, or else the first of these fields that is missing.
    #[cold]
    #[must_use]
    pub fn failure(self, required: &[usize]) -> DecodeError {
        if let Some(error) = self.error {
            return error;
        }
        let was_seen = |index: usize| match self.seen.get(index / 64) {
            Some(seen) => seen & (1 << (index % 64)) != 0,
            None => true,
        };
        match required.iter().find(|index| !was_seen(**index)) {
            Some(missing) => DecodeError::new("missing").within(self.names[*missing]),
            None => DecodeError::new("a field is missing"),
        }
    }

    /// Passes over everything that is left of the object.
    ///
    /// # Errors
    /// When something went wrong.
    pub fn finish(mut self) -> Result<(), DecodeError> {
        while self.next_field().is_some() {
            self.skip();
        }
        self.error.map_or(Ok(()), Err)
    }

    #[cold]
    fn fail(&mut self, error: DecodeError) {
        self.error = Some(match self.names.get(self.expected.wrapping_sub(1)) {
            Some(name) => error.within(name),
            None => error,
        });
        self.expected = ENDED;
    }
}

/// An array that is being read.
#[derive(Debug)]
pub struct Array<'r, 'a> {
    reader: &'r mut Reader<'a>,
    is_first: bool,
}

impl<'r, 'a> Array<'r, 'a> {
    pub(super) fn enter(reader: &'r mut Reader<'a>) -> Result<Self, DecodeError> {
        reader.deeper(b'[', "array")?;
        Ok(Self {
            reader,
            is_first: true,
        })
    }

    /// Whether there is another item.
    ///
    /// # Errors
    /// When the text is not JSON, or not an array.
    pub fn next_item(&mut self) -> Result<bool, DecodeError> {
        let reader = &mut *self.reader;
        match reader.tokens.step(b']', self.is_first) {
            Ok(is_item) => {
                self.is_first = false;
                reader.depth -= u8::from(!is_item);
                Ok(is_item)
            }
            Err(wrong) => Err(reader.wrong(wrong)),
        }
    }

    /// Reads the item; `index` only says where, should that fail.
    ///
    /// # Errors
    /// When it is not of the type.
    pub fn read<T: Wire>(&mut self, index: usize) -> Result<T, DecodeError> {
        T::decode(self.reader).map_err(|error| error.within(index))
    }
}
