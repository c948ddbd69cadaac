//! How values become bytes: the [`Wire`] trait and the JSON codec under it,
//! the [`Proto`] trait and the protobuf codec under that.
//!
//! Generated code implements both by hand-written-looking calls on non-generic
//! writers and readers. Everything that costs compile time is compiled once,
//! here, and not once a type in user's crates.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
};

use crate::check::Violations;

mod buffer;
pub mod json;
pub mod proto;
mod scalar;

pub use json::{DecodeError, EncodeError};
pub use proto::Proto;
pub use scalar::Text;

/// A value that a contract can carry.
///
/// Implemented by generated types and by the vocabulary of the contract
/// language; there is rarely a reason to implement it by hand.
pub trait Wire: Sized + Send + 'static {
    /// Writes the value as JSON.
    ///
    /// What JSON cannot hold (`NaN`, an integer beyond 2^53-1) is noted in the
    /// writer, which then refuses to [finish](json::Writer::finish).
    fn encode(&self, to: &mut json::Writer);

    /// Reads a value.
    ///
    /// # Errors
    /// When the bytes are not JSON, or not of this type; the error says where.
    fn decode(from: &mut json::Reader<'_>) -> Result<Self, DecodeError>;

    /// Notes every `#[check]` of the contract that the value does not satisfy.
    ///
    /// Called by servers on the input that they decoded, never by clients.
    fn check(&self, violations: &mut Violations) {
        let _ = violations;
    }
}

impl<T: Wire> Wire for Option<T> {
    fn encode(&self, to: &mut json::Writer) {
        match self {
            Some(value) => value.encode(to),
            None => to.null(),
        }
    }

    fn decode(from: &mut json::Reader<'_>) -> Result<Self, DecodeError> {
        if from.null()? {
            Ok(None)
        } else {
            T::decode(from).map(Some)
        }
    }

    fn check(&self, violations: &mut Violations) {
        if let Some(value) = self {
            value.check(violations);
        }
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn encode(&self, to: &mut json::Writer) {
        to.begin_array();
        for item in self {
            to.item(item);
        }
        to.end_array();
    }

    fn decode(from: &mut json::Reader<'_>) -> Result<Self, DecodeError> {
        let mut items = Vec::new();
        let mut array = from.array()?;
        while array.next_item()? {
            items.push(array.read(items.len())?);
        }
        Ok(items)
    }

    fn check(&self, violations: &mut Violations) {
        for (index, item) in self.iter().enumerate() {
            violations.item(index, item);
        }
    }
}

impl<T: Wire> Wire for Box<T> {
    fn encode(&self, to: &mut json::Writer) {
        T::encode(self, to);
    }

    fn decode(from: &mut json::Reader<'_>) -> Result<Self, DecodeError> {
        T::decode(from).map(Box::new)
    }

    fn check(&self, violations: &mut Violations) {
        T::check(self, violations);
    }
}

/// A type that can be the key of a map: in JSON every key is text.
pub trait MapKey: Sized + Send + 'static {
    /// Writes the key's text, without quotes.
    fn write_key(&self, to: &mut String);

    /// Reads the key's text; `None` if it is not of this type.
    fn read_key(text: &str) -> Option<Self>;
}

impl<K: MapKey + Ord, V: Wire> Wire for BTreeMap<K, V> {
    fn encode(&self, to: &mut json::Writer) {
        to.map(self.iter());
    }

    fn decode(from: &mut json::Reader<'_>) -> Result<Self, DecodeError> {
        let mut map = Self::new();
        from.map(|key, value| {
            map.insert(key, value);
        })?;
        Ok(map)
    }

    fn check(&self, violations: &mut Violations) {
        violations.entries(self.iter());
    }
}

impl<K, V, S> Wire for HashMap<K, V, S>
where
    K: MapKey + Eq + Hash,
    V: Wire,
    S: std::hash::BuildHasher + Default + Send + 'static,
{
    fn encode(&self, to: &mut json::Writer) {
        to.map(self.iter());
    }

    fn decode(from: &mut json::Reader<'_>) -> Result<Self, DecodeError> {
        let mut map = Self::default();
        from.map(|key, value| {
            map.insert(key, value);
        })?;
        Ok(map)
    }

    fn check(&self, violations: &mut Violations) {
        violations.entries(self.iter());
    }
}
