//! Protobuf into values.

use super::{Proto, WireType};
use crate::{DecodeError, json::MAX_DEPTH, types::Unrecognized};

/// Reads values out of the bytes of one message, or of one value in it.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a [u8],
    // How many values are around it, each with a length.
    depth: u8,
}

impl<'a> Reader<'a> {
    /// A reader of all of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            depth: 0,
        }
    }

    /// Reads the fields of a message. `names` says what errors call them.
    ///
    /// What goes wrong ends the message, and is told by [`Message::failure`].
    pub fn message<'r>(&'r mut self, names: &'static [(u32, &'static str)]) -> Message<'r, 'a> {
        let error = self.too_deep().err();
        Message {
            whole: self.rest,
            reader: self,
            names,
            number: 0,
            wire: WireType::Len,
            error,
        }
    }

    /// Enters the variant of an enum with data, whose numbers these are: the
    /// last one in the message. Stays before the message, and gives `None`, if
    /// it holds others only.
    ///
    /// # Errors
    /// When the bytes are not a message, or it is empty.
    pub fn variant(&mut self, numbers: &[u32]) -> Result<Option<u32>, DecodeError> {
        self.too_deep()?;
        if self.is_empty() {
            return Err(DecodeError::new("missing"));
        }
        let (mut ahead, mut found) = (*self, None);
        while !ahead.is_empty() {
            let (number, wire) = ahead.key()?;
            if numbers.contains(&number) {
                found = Some((number, ahead.delimited(wire)?));
            } else {
                ahead.skip(wire)?;
            }
        }
        let Some((number, variant)) = found else {
            return Ok(None);
        };
        *self = variant;
        Ok(Some(number))
    }

    /// Keeps a message whose variant is not known.
    #[must_use]
    pub fn keep_message(&mut self) -> Unrecognized {
        let number = self.first();
        Unrecognized::message(number, self.rest())
    }

    /// The error for a message whose variant is not known.
    #[cold]
    #[must_use]
    pub fn unknown_variant(&self) -> DecodeError {
        DecodeError::new(format!("unknown variant {}", self.first()))
    }

    /// The number of the first field.
    fn first(mut self) -> u32 {
        self.key().map_or(0, |(number, _)| number)
    }

    /// Reads the number of a value of an enum.
    ///
    /// # Errors
    /// When it is 0, by which protobuf says that there is none.
    pub fn value(&mut self) -> Result<i32, DecodeError> {
        match self.integer(i64::from(i32::MIN), i64::from(i32::MAX))? {
            0 => Err(DecodeError::new("unspecified")),
            number => Ok(number as i32),
        }
    }

    /// Keeps a value that is not known.
    #[must_use]
    pub fn keep_value(number: i32) -> Unrecognized {
        Unrecognized::value(number)
    }

    /// The error for a value that is not known.
    #[cold]
    #[must_use]
    pub fn unknown_value(number: i32) -> DecodeError {
        DecodeError::new(format!("unknown value {number}"))
    }

    /// Reads a value after its key.
    pub(super) fn one<T: Proto>(&mut self, wire: WireType) -> Result<T, DecodeError> {
        if T::WIRE == WireType::Len {
            return T::decode(&mut self.delimited(wire)?);
        }
        if wire != T::WIRE {
            return Err(mismatch(wire, T::WIRE));
        }
        T::decode(self)
    }

    /// Reads the message that is made around one field. The field is the value
    /// and has no name.
    pub(super) fn wrapped<T: Proto>(&mut self, number: u32) -> Result<T, DecodeError> {
        let mut value = T::absent();
        let mut message = self.message(&[]);
        while let Some(found) = message.next_field() {
            if found == number {
                message.read(&mut value);
            } else {
                message.skip();
            }
        }
        match (message.is_sound(), value) {
            (true, Some(value)) => Ok(value),
            _ => Err(message.failure(&[number])),
        }
    }

    /// Enters what stands behind its length.
    pub(super) fn delimited(&mut self, wire: WireType) -> Result<Self, DecodeError> {
        if wire != WireType::Len {
            return Err(mismatch(wire, WireType::Len));
        }
        let length = usize::try_from(self.varint()?).map_err(|_| cut_short())?;
        let rest = self.bytes(length)?;
        Ok(Self {
            rest,
            depth: self.depth + 1,
        })
    }

    /// The same for the entry of a map, which is not a level of its own.
    pub(super) fn entry(&mut self, wire: WireType) -> Result<Self, DecodeError> {
        let depth = self.depth;
        let entry = self.delimited(wire)?;
        Ok(Self { depth, ..entry })
    }

    /// What an absent value of that kind would be read out of.
    pub(super) fn nothing(&self) -> Self {
        Self {
            rest: &[],
            depth: self.depth + 1,
        }
    }

    /// All that is left.
    pub(super) fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.rest)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn integer(&mut self, least: i64, greatest: i64) -> Result<i64, DecodeError> {
        let found = self.varint()?.cast_signed();
        if (least..=greatest).contains(&found) {
            Ok(found)
        } else {
            Err(out_of_range(&found, &least, &greatest))
        }
    }

    pub(super) fn unsigned(&mut self, greatest: u64) -> Result<u64, DecodeError> {
        let found = self.varint()?;
        if found <= greatest {
            Ok(found)
        } else {
            Err(out_of_range(&found, &0, &greatest))
        }
    }

    #[inline]
    pub(super) fn varint(&mut self) -> Result<u64, DecodeError> {
        match *self.rest {
            [byte, ref rest @ ..] if byte < 0x80 => {
                self.rest = rest;
                Ok(u64::from(byte))
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Result<u64, DecodeError> {
        let mut value = 0;
        for (at, &byte) in self.rest.iter().enumerate() {
            // Nine bytes hold 63 bits, so that the tenth has one.
            if at == 9 && byte > 1 {
                return Err(DecodeError::new("a number of more than 64 bits"));
            }
            value |= u64::from(byte & 0x7F) << (7 * at);
            if byte < 0x80 {
                self.rest = &self.rest[at + 1..];
                return Ok(value);
            }
        }
        Err(cut_short())
    }

    pub(super) fn fixed<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or_else(cut_short)?;
        self.rest = rest;
        Ok(*bytes)
    }

    fn bytes(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or_else(cut_short)?;
        self.rest = rest;
        Ok(bytes)
    }

    #[inline]
    fn key(&mut self) -> Result<(u32, WireType), DecodeError> {
        let key = self.varint()?;
        let number = key >> 3;
        let wire = match key & 7 {
            0 => WireType::Varint,
            1 => WireType::Fixed64,
            2 => WireType::Len,
            5 => WireType::Fixed32,
            other => return Err(no_wire_type(other)),
        };
        if (1..=MAX_NUMBER).contains(&number) {
            Ok((number as u32, wire))
        } else {
            Err(no_number(number))
        }
    }

    fn skip(&mut self, wire: WireType) -> Result<(), DecodeError> {
        match wire {
            WireType::Varint => self.varint().map(drop),
            WireType::Fixed64 => self.fixed::<8>().map(drop),
            WireType::Fixed32 => self.fixed::<4>().map(drop),
            WireType::Len => self.delimited(wire).map(drop),
        }
    }

    fn too_deep(&self) -> Result<(), DecodeError> {
        if self.depth >= MAX_DEPTH {
            return Err(DecodeError::new(format!(
                "nested deeper than {MAX_DEPTH} levels"
            )));
        }
        Ok(())
    }
}

/// The greatest number of a field: 29 bits.
const MAX_NUMBER: u64 = (1 << 29) - 1;

/// A message that is being read, field by field, in whatever order they come.
///
/// As with [`json::Object`](crate::json::Object), an error ends it and is kept
/// until its end, so that generated code leaves in one place.
#[derive(Debug)]
pub struct Message<'r, 'a> {
    reader: &'r mut Reader<'a>,
    whole: &'a [u8],
    names: &'static [(u32, &'static str)],
    number: u32,
    wire: WireType,
    error: Option<DecodeError>,
}

impl Message<'_, '_> {
    /// The number of the next field, or `None` at the end or after an error.
    #[inline]
    pub fn next_field(&mut self) -> Option<u32> {
        if self.error.is_some() || self.reader.is_empty() {
            return None;
        }
        match self.reader.key() {
            Ok((number, wire)) => {
                self.number = number;
                self.wire = wire;
                Some(number)
            }
            Err(error) => {
                self.error = Some(error);
                None
            }
        }
    }

    /// Reads the field; of one given twice the last counts, and lists go on.
    pub fn read<T: Proto>(&mut self, slot: &mut Option<T>) {
        if let Err(error) = T::read(slot, self.wire, self.reader) {
            self.fail(error);
        }
    }

    /// Reads the field as one value, even if it is a list; anything, if that fails.
    pub(super) fn take<T: Proto + Default>(&mut self) -> T {
        self.reader.one(self.wire).unwrap_or_else(|error| {
            self.fail(error);
            T::default()
        })
    }

    /// Passes over the field.
    pub fn skip(&mut self) {
        if let Err(error) = self.reader.skip(self.wire) {
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
    pub fn failure(self, required: &[u32]) -> DecodeError {
        if let Some(error) = self.error {
            return error;
        }
        // Nobody counts the fields while all goes well.
        let mut missing = required.to_vec();
        let mut again = Reader {
            rest: self.whole,
            ..*self.reader
        };
        while let Ok((number, wire)) = again.key() {
            missing.retain(|required| *required != number);
            if again.skip(wire).is_err() {
                break;
            }
        }
        let missing = missing.first().copied();
        within(self.names, missing, DecodeError::new("missing"))
    }

    /// Passes over everything that is left of the message.
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
        self.error = Some(within(self.names, Some(self.number), error));
    }
}

/// The error at the field of that number, if it has a name.
fn within(names: &[(u32, &str)], number: Option<u32>, error: DecodeError) -> DecodeError {
    match names.iter().find(|(known, _)| Some(*known) == number) {
        Some((_, name)) => error.within(name),
        None => error,
    }
}

#[cold]
fn cut_short() -> DecodeError {
    DecodeError::new("the bytes end too early")
}

#[cold]
fn no_wire_type(wire: u64) -> DecodeError {
    DecodeError::new(format!("no field has wire type {wire}"))
}

#[cold]
fn no_number(number: u64) -> DecodeError {
    DecodeError::new(format!("no field has number {number}"))
}

#[cold]
fn mismatch(found: WireType, expected: WireType) -> DecodeError {
    DecodeError::new(format!("expected wire type {expected:?}, found {found:?}"))
}

#[cold]
fn out_of_range(
    found: &dyn std::fmt::Display,
    least: &dyn std::fmt::Display,
    greatest: &dyn std::fmt::Display,
) -> DecodeError {
    DecodeError::new(format!(
        "{found} is out of range, expected an integer from {least} to {greatest}"
    ))
}
