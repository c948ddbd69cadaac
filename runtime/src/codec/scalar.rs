//! The scalars of the contract language on the wire.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use uuid::Uuid;

use super::{
    MapKey, Wire,
    json::{DecodeError, Reader, Writer},
};

macro_rules! integers {
    ($($ty:ident)*) => {$(
        impl Wire for $ty {
            fn encode(&self, to: &mut Writer) {
                to.integer(i64::from(*self));
            }

            #[inline]
            fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let value = from.integer(i64::from(Self::MIN), i64::from(Self::MAX))?;
                Ok(value as Self)
            }
        }
    )*};
}
integers!(i8 i16 i32 i64 u8 u16 u32);

impl Wire for u64 {
    fn encode(&self, to: &mut Writer) {
        to.unsigned(*self);
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        from.unsigned()
    }
}

impl Wire for bool {
    fn encode(&self, to: &mut Writer) {
        to.bool(*self);
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        from.bool()
    }
}

impl Wire for f64 {
    fn encode(&self, to: &mut Writer) {
        to.float(*self);
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        from.float()
    }
}

impl Wire for f32 {
    fn encode(&self, to: &mut Writer) {
        // By way of text, so that `0.1_f32` is `0.1` and not `0.10000000149011612`.
        match self.to_string().parse::<f64>() {
            Ok(value) => to.float(value),
            Err(_) => to.float(f64::from(*self)),
        }
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let wide = from.float()?;
        let value = wide as Self;
        if value.is_finite() {
            Ok(value)
        } else {
            Err(DecodeError::new(format!(
                "{wide} is out of range, expected a 32-bit float"
            )))
        }
    }
}

impl Wire for String {
    fn encode(&self, to: &mut Writer) {
        to.string(self);
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        from.string().map(str::to_owned)
    }
}

/// Base64 with padding (RFC 4648, section 4).
impl Wire for Bytes {
    fn encode(&self, to: &mut Writer) {
        to.string(&STANDARD.encode(self));
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        STANDARD
            .decode(from.string()?)
            .map(Self::from)
            .map_err(|error| DecodeError::new(format!("expected base64: {error}")))
    }
}

impl Wire for Uuid {
    fn encode(&self, to: &mut Writer) {
        to.string(self.hyphenated().encode_lower(&mut Self::encode_buffer()));
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let text = from.string()?;
        Self::try_parse(text)
            .map_err(|_| DecodeError::new(format!("expected a UUID, found {text:?}")))
    }
}

/// `()` is `{}`: a client of Nest rejects empty data, and an object can grow.
/// Any value is read as `()`, so that an operation that answers nothing today
/// may answer something tomorrow.
impl Wire for () {
    fn encode(&self, to: &mut Writer) {
        to.begin_object();
        to.end_object();
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        from.raw().map(drop)
    }
}

/// Wire of types that are text with a grammar: one `Display`, one `FromStr`.
macro_rules! textual {
    ($($ty:ty: $expected:literal)*) => {$(
        impl Wire for $ty {
            fn encode(&self, to: &mut Writer) {
                to.string(&self.to_string());
            }

            fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let text = from.string()?;
                text.parse().map_err(|_| DecodeError::new(format!(concat!("expected ", $expected, ", found {:?}"), text)))
            }
        }
    )*};
}
textual! {
    crate::types::Timestamp: "an RFC 3339 timestamp"
    crate::types::Duration: "seconds such as \"1.5s\""
    crate::types::Date: "a date such as \"2026-01-31\""
    crate::types::Decimal: "a decimal such as \"12.50\""
}

impl Wire for crate::types::Json {
    fn encode(&self, to: &mut Writer) {
        to.raw(self.0.to_string().as_bytes());
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let raw = from.raw()?;
        serde_json::from_str(raw)
            .map(Self)
            .map_err(|error| DecodeError::new(format!("not JSON: {error}")))
    }
}

macro_rules! keys {
    ($($ty:ty)*) => {$(
        impl MapKey for $ty {
            fn write_key(&self, to: &mut String) {
                use std::fmt::Write as _;
                // Writing to a string cannot fail.
                let _ = write!(to, "{self}");
            }

            fn read_key(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        }
    )*};
}
keys!(i8 i16 i32 i64 u8 u16 u32 u64 bool String);

/// 64-bit integers as text, for fields marked `#[json(string)]`. Numbers are read too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<T>(pub T);

macro_rules! text {
    ($($ty:ident)*) => {$(
        impl Wire for Text<$ty> {
            fn encode(&self, to: &mut Writer) {
                to.string(&self.0.to_string());
            }

            fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
                if !from.at_string()? {
                    return $ty::decode(from).map(Self);
                }
                let text = from.string()?;
                text.parse()
                    .map(Self)
                    .map_err(|_| DecodeError::new(format!("expected an integer as text, found {text:?}")))
            }
        }
    )*};
}
text!(i64 u64);
