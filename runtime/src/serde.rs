//! serde's interfaces for generated types, where they are asked for.
//!
//! Nothing is derived: a value goes through its own wire form, so that what
//! serde writes is what travels, and the cost in users' builds is two short
//! functions a type. Decoding into a type this way reads the input twice; the
//! transports do not.

pub use serde::{Deserialize, Deserializer, Serialize, Serializer};

use serde::{de, ser};

use crate::{Wire, json};

/// Writes a value as its JSON says it.
///
/// # Errors
/// When JSON cannot hold the value, or `to` fails.
pub fn serialize<T: Wire, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    let text = json::encode(value).map_err(ser::Error::custom)?;
    serde_transcode::transcode(&mut serde_json::Deserializer::from_slice(&text), to)
}

/// Reads a value from whatever says the same as its JSON.
///
/// # Errors
/// When `from` fails, or what it holds is not of the type; the error says where.
pub fn deserialize<'de, T: Wire, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let mut text = Vec::new();
    serde_transcode::transcode(from, &mut serde_json::Serializer::new(&mut text))
        .map_err(de::Error::custom)?;
    json::decode(&text).map_err(de::Error::custom)
}

/// Implements serde's traits for generated types.
#[doc(hidden)]
#[macro_export]
macro_rules! __serde_of {
    ($($ty:ident),*) => {$(
        #[automatically_derived]
        impl $crate::serde::Serialize for $ty {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                to: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::serde::serialize(self, to)
            }
        }

        #[automatically_derived]
        impl<'de> $crate::serde::Deserialize<'de> for $ty {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::serde::deserialize(from)
            }
        }
    )*};
}
