//! The scalars of the contract language in protobuf.

use bytes::Bytes;
use uuid::Uuid;

use super::{Proto, Reader, WireType, Writer};
use crate::{
    DecodeError,
    types::{Date, Decimal},
};

/// A number: zero is not written, and what is not there is zero.
macro_rules! numbers {
    ($($ty:ident $wire:ident: |$value:ident, $to:ident| $encode:expr, |$from:ident| $decode:expr, $is_zero:expr;)*) => {$(
        impl Proto for $ty {
            const WIRE: WireType = WireType::$wire;

            #[inline]
            fn encode(&self, $to: &mut Writer) {
                let $value = *self;
                $encode;
            }

            #[inline]
            fn decode($from: &mut Reader<'_>) -> Result<Self, DecodeError> {
                Ok($decode)
            }

            #[inline]
            fn absent() -> Option<Self> {
                Some(Self::default())
            }

            #[inline]
            fn is_absent(&self) -> bool {
                let $value = *self;
                $is_zero
            }
        }
    )*};
}

macro_rules! integers {
    ($($ty:ident)*) => {numbers! {$(
        $ty Varint:
            |value, to| to.signed(i64::from(value)),
            |from| from.integer(i64::from(Self::MIN), i64::from(Self::MAX))? as Self,
            value == 0;
    )*}};
}
integers!(i8 i16 i32 i64);

macro_rules! unsigned_integers {
    ($($ty:ident)*) => {numbers! {$(
        $ty Varint:
            |value, to| to.varint(u64::from(value)),
            |from| from.unsigned(u64::from(Self::MAX))? as Self,
            value == 0;
    )*}};
}
unsigned_integers!(u8 u16 u32 u64);

numbers! {
    bool Varint:
        |value, to| to.varint(u64::from(value)),
        |from| from.varint()? != 0,
        !value;
    // The negative zero is not the one that is left out.
    f32 Fixed32:
        |value, to| to.raw(&value.to_le_bytes()),
        |from| Self::from_le_bytes(from.fixed()?),
        value.to_bits() == 0;
    f64 Fixed64:
        |value, to| to.raw(&value.to_le_bytes()),
        |from| Self::from_le_bytes(from.fixed()?),
        value.to_bits() == 0;
}

impl Proto for String {
    fn encode(&self, to: &mut Writer) {
        to.raw(self.as_bytes());
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        text(from).map(str::to_owned)
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl Proto for Bytes {
    fn encode(&self, to: &mut Writer) {
        to.raw(self);
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self::copy_from_slice(from.rest()))
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

fn text<'a>(from: &mut Reader<'a>) -> Result<&'a str, DecodeError> {
    str::from_utf8(from.rest()).map_err(|error| DecodeError::new(format!("not text: {error}")))
}

/// Text with a grammar, which is never empty: it has to be there.
macro_rules! textual {
    ($($ty:ty: $expected:literal, |$value:ident| $text:expr;)*) => {$(
        impl Proto for $ty {
            fn encode(&self, to: &mut Writer) {
                let $value = self;
                to.raw($text.as_bytes());
            }

            fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let text = text(from)?;
                text.parse()
                    .map_err(|_| DecodeError::new(format!(concat!("expected ", $expected, ", found {:?}"), text)))
            }
        }
    )*};
}
textual! {
    Uuid: "a UUID", |value| value.hyphenated().encode_lower(&mut Self::encode_buffer());
    Decimal: "a decimal such as \"12.50\"", |value| value.as_str();
    Date: "a date such as \"2026-01-31\"", |value| value.to_string();
}

/// A message without fields. Any is read as `()`, so that an operation that
/// answers nothing today may answer something tomorrow.
impl Proto for () {
    fn encode(&self, _: &mut Writer) {}

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        from.message(&[]).finish()
    }
}
