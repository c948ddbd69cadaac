//! The protobuf codec: a small writer, and a reader over the bytes.
//!
//! Messages are those of the `.proto` files that `anywire export proto` writes.

use std::convert::Infallible;

use bytes::Bytes;

use super::DecodeError;
use crate::{ProtoCodec, ProtoDetails};

mod container;
mod reader;
mod scalar;
mod well_known;
mod writer;

pub use container::Transparent;
pub use reader::{Message, Reader};
pub use writer::Writer;

/// A value that has numbers for its parts, so that protobuf can carry it.
///
/// Generated code implements it for every type of a contract with
/// `encodings(json, proto)`; there is rarely a reason to do so by hand.
///
/// What protobuf knows as a field only, a list, a map or an `Option`, is
/// wrapped where a value is asked for: in a message whose field 1 it is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be encoded as protobuf",
    label = "its contract has no numbers for it"
)]
pub trait Proto: Sized {
    /// How a value stands on the wire; all but numbers have a length before them.
    const WIRE: WireType = WireType::Len;

    /// Writes the value: the fields of a message, the bytes of a text, a number.
    fn encode(&self, to: &mut Writer);

    /// Reads a value. What has a length fills the whole of the reader.
    ///
    /// # Errors
    /// When the bytes are not of this type; the error says where.
    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// What a field is read as that is not there; `None` if it has to be there.
    #[must_use]
    fn absent() -> Option<Self> {
        None
    }

    /// Whether a field of this value is not written.
    fn is_absent(&self) -> bool {
        false
    }

    /// Writes the value as a field.
    fn write(&self, number: u32, to: &mut Writer) {
        if !self.is_absent() {
            to.present(number, self);
        }
    }

    /// Reads a field; of one given twice the last counts, and lists go on.
    ///
    /// # Errors
    /// When the bytes are not of this type.
    fn read(
        slot: &mut Option<Self>,
        wire: WireType,
        from: &mut Reader<'_>,
    ) -> Result<(), DecodeError> {
        *slot = Some(from.one(wire)?);
        Ok(())
    }
}

/// How a value stands on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireType {
    /// A number, seven bits a byte.
    Varint,
    /// Eight bytes.
    Fixed64,
    /// Any number of bytes, which stands before them.
    Len,
    /// Four bytes.
    Fixed32,
}

/// Writes a message.
#[must_use]
pub fn encode<T: Proto>(message: &T) -> Bytes {
    let mut to = Writer::new();
    message.encode(&mut to);
    to.finish()
}

/// Reads a message that fills the whole of `bytes`.
///
/// # Errors
/// When the bytes are not such a message; the error says where.
pub fn decode<T: Proto>(bytes: &[u8]) -> Result<T, DecodeError> {
    T::decode(&mut Reader::new(bytes))
}

/// What an absent field of that type is read as.
#[doc(hidden)]
#[must_use]
pub fn absent<T: Proto>() -> Option<T> {
    T::absent()
}

/// How a value of an operation becomes a message.
#[doc(hidden)]
pub trait Body<T> {
    fn encode(value: &T) -> Bytes;
    fn decode(bytes: &[u8]) -> Result<T, DecodeError>;
}

/// The value is a message itself.
#[doc(hidden)]
#[derive(Debug)]
pub enum Whole {}

impl<T: Proto> Body<T> for Whole {
    fn encode(value: &T) -> Bytes {
        encode(value)
    }

    fn decode(bytes: &[u8]) -> Result<T, DecodeError> {
        decode(bytes)
    }
}

/// The value is a field of a message made for it.
#[doc(hidden)]
#[derive(Debug)]
pub enum Wrapped<const NUMBER: u32> {}

impl<T: Proto, const NUMBER: u32> Body<T> for Wrapped<NUMBER> {
    fn encode(value: &T) -> Bytes {
        let mut to = Writer::new();
        to.field(NUMBER, value);
        to.finish()
    }

    fn decode(bytes: &[u8]) -> Result<T, DecodeError> {
        Reader::new(bytes).wrapped(NUMBER)
    }
}

impl<Request, Response, Error: ProtoError> ProtoCodec<Request, Response, Error> {
    /// The codec of an operation whose values become messages in these ways.
    #[doc(hidden)]
    #[must_use]
    pub const fn of<A: Body<Request>, B: Body<Response>>() -> Self {
        Self {
            encode_request: A::encode,
            decode_request: A::decode,
            encode_response: B::encode,
            decode_response: B::decode,
            encode_error: Error::encode,
            decode_error: Error::decode,
        }
    }
}

/// Declared errors whose fields have numbers. Generated code implements it.
pub trait ProtoError: Sized {
    /// Writes the fields as the message of the variant.
    fn encode(&self) -> ProtoDetails;

    /// Reads the error with this code; `None` if there is none.
    ///
    /// # Errors
    /// When the bytes are not the fields of that error.
    fn decode(code: &str, message: &[u8]) -> Result<Option<Self>, DecodeError>;
}

impl ProtoError for Infallible {
    fn encode(&self) -> ProtoDetails {
        match *self {}
    }

    fn decode(_: &str, _: &[u8]) -> Result<Option<Self>, DecodeError> {
        Ok(None)
    }
}

/// The details of an error: the full name of a message, and what is in it.
#[doc(hidden)]
#[must_use]
pub fn details(name: &str, fields: impl FnOnce(&mut Writer)) -> ProtoDetails {
    let mut to = Writer::new();
    fields(&mut to);
    ProtoDetails {
        name: name.to_owned(),
        message: to.finish(),
    }
}

#[cfg(test)]
mod tests;
