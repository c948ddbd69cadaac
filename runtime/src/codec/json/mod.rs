//! The JSON codec: a small writer, and a reader over a small tokenizer.

use bytes::Bytes;

use super::Wire;

mod error;
mod reader;
mod tokens;
mod words;
mod writer;

pub use error::DecodeError;
pub use reader::{Array, MAX_DEPTH, Object, Reader};
pub use writer::{EncodeError, MAX_SAFE_INTEGER, Writer};
#[cfg(feature = "_nest")]
pub(crate) use {
    tokens::{Tokens, Wrong},
    writer::escape,
};

/// Writes a value as JSON.
///
/// # Errors
/// When JSON cannot hold the value: `NaN`, an infinity, or an integer beyond
/// [`MAX_SAFE_INTEGER`] that the contract does not mark `#[json(string)]`.
///
/// ```
/// assert_eq!(anywire::json::encode(&vec![1_u32, 2])?, "[1,2]");
/// # Ok::<(), anywire::EncodeError>(())
/// ```
pub fn encode<T: Wire>(value: &T) -> Result<Bytes, EncodeError> {
    let mut to = Writer::new();
    value.encode(&mut to);
    to.finish()
}

/// Reads a value that fills the whole of `bytes`.
///
/// # Errors
/// When the bytes are not JSON, or not of the type; the error says where.
///
/// ```
/// let numbers: Vec<u8> = anywire::json::decode(b"[1, 2]")?;
/// assert_eq!(numbers, [1, 2]);
///
/// let wrong = anywire::json::decode::<Vec<u8>>(b"[1, 256]").unwrap_err();
/// assert_eq!(wrong.to_string(), "at `/1`: 256 is out of range, expected an integer from 0 to 255");
/// # Ok::<(), anywire::DecodeError>(())
/// ```
pub fn decode<T: Wire>(bytes: &[u8]) -> Result<T, DecodeError> {
    let mut from = Reader::new(bytes);
    let value = T::decode(&mut from)?;
    from.finish()?;
    Ok(value)
}

#[cfg(test)]
mod tests;
