//! What holds other values: options, lists, maps, and what leaves no trace.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{BuildHasher, Hash},
};

use super::{Proto, Reader, WireType, Writer};
use crate::{DecodeError, MapKey, codec::Text};

/// A type that stands for another one, of which protobuf sees nothing: newtypes, boxes.
pub trait Transparent: Sized {
    /// The other one.
    type Inner: Proto;

    /// What is inside.
    fn inner(&self) -> &Self::Inner;

    /// The same, taken out.
    fn into_inner(self) -> Self::Inner;

    /// A value around it.
    fn of(inner: Self::Inner) -> Self;
}

impl<T: Transparent> Proto for T {
    const WIRE: WireType = T::Inner::WIRE;

    fn encode(&self, to: &mut Writer) {
        self.inner().encode(to);
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        T::Inner::decode(from).map(T::of)
    }

    fn absent() -> Option<Self> {
        T::Inner::absent().map(T::of)
    }

    fn is_absent(&self) -> bool {
        self.inner().is_absent()
    }

    fn write(&self, number: u32, to: &mut Writer) {
        self.inner().write(number, to);
    }

    fn read(
        slot: &mut Option<Self>,
        wire: WireType,
        from: &mut Reader<'_>,
    ) -> Result<(), DecodeError> {
        let mut inner = slot.take().map(T::into_inner);
        T::Inner::read(&mut inner, wire, from)?;
        *slot = inner.map(T::of);
        Ok(())
    }
}

impl<T: Proto> Transparent for Box<T> {
    type Inner = T;

    fn inner(&self) -> &T {
        self
    }

    fn into_inner(self) -> T {
        *self
    }

    fn of(inner: T) -> Self {
        Self::new(inner)
    }
}

/// Text is for JSON only.
impl<T: Proto> Transparent for Text<T> {
    type Inner = T;

    fn inner(&self) -> &T {
        &self.0
    }

    fn into_inner(self) -> T {
        self.0
    }

    fn of(inner: T) -> Self {
        Self(inner)
    }
}

/// What is a field and no value is a message with that field where a value is asked for.
macro_rules! wrapped_as_a_value {
    () => {
        fn encode(&self, to: &mut Writer) {
            self.write(1, to);
        }

        fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
            from.wrapped(1)
        }
    };
}

impl<T: Proto> Proto for Option<T> {
    wrapped_as_a_value!();

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn write(&self, number: u32, to: &mut Writer) {
        if let Some(value) = self {
            to.present(number, value);
        }
    }

    fn read(
        slot: &mut Option<Self>,
        wire: WireType,
        from: &mut Reader<'_>,
    ) -> Result<(), DecodeError> {
        let mut value = slot.take().flatten();
        T::read(&mut value, wire, from)?;
        *slot = Some(value);
        Ok(())
    }
}

/// Numbers are packed into one field, as proto3 has it.
impl<T: Proto> Proto for Vec<T> {
    wrapped_as_a_value!();

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn write(&self, number: u32, to: &mut Writer) {
        if T::WIRE == WireType::Len {
            for item in self {
                to.present(number, item);
            }
        } else if !self.is_empty() {
            to.message(number, |to| {
                for item in self {
                    item.encode(to);
                }
            });
        }
    }

    fn read(
        slot: &mut Option<Self>,
        wire: WireType,
        from: &mut Reader<'_>,
    ) -> Result<(), DecodeError> {
        let items = slot.get_or_insert_default();
        if T::WIRE == WireType::Len || wire != WireType::Len {
            let item = from.one(wire);
            items.push(item.map_err(|error| error.within(items.len()))?);
            return Ok(());
        }
        let mut packed = from.delimited(wire)?;
        while !packed.is_empty() {
            let item = T::decode(&mut packed);
            items.push(item.map_err(|error| error.within(items.len()))?);
        }
        Ok(())
    }
}

impl<K: Proto + MapKey + Ord, V: Proto> Proto for BTreeMap<K, V> {
    wrapped_as_a_value!();

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn write(&self, number: u32, to: &mut Writer) {
        write_entries(self.iter(), number, to);
    }

    fn read(
        slot: &mut Option<Self>,
        wire: WireType,
        from: &mut Reader<'_>,
    ) -> Result<(), DecodeError> {
        let (key, value) = read_entry(wire, from)?;
        slot.get_or_insert_default().insert(key, value);
        Ok(())
    }
}

impl<K, V, S> Proto for HashMap<K, V, S>
where
    K: Proto + MapKey + Eq + Hash,
    V: Proto,
    S: BuildHasher + Default,
{
    wrapped_as_a_value!();

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn write(&self, number: u32, to: &mut Writer) {
        write_entries(self.iter(), number, to);
    }

    fn read(
        slot: &mut Option<Self>,
        wire: WireType,
        from: &mut Reader<'_>,
    ) -> Result<(), DecodeError> {
        let (key, value) = read_entry(wire, from)?;
        slot.get_or_insert_default().insert(key, value);
        Ok(())
    }
}

fn write_entries<'a, K: Proto + 'a, V: Proto + 'a>(
    entries: impl Iterator<Item = (&'a K, &'a V)>,
    number: u32,
    to: &mut Writer,
) {
    for (key, value) in entries {
        to.message(number, |to| {
            to.field(1, key);
            to.field(2, value);
        });
    }
}

fn read_entry<K: Proto + MapKey, V: Proto>(
    wire: WireType,
    from: &mut Reader<'_>,
) -> Result<(K, V), DecodeError> {
    let mut entry = from.entry(wire)?;
    let (mut key, mut value) = (K::absent(), None);
    let mut message = entry.message(&[]);
    while let Some(number) = message.next_field() {
        match number {
            1 => message.read(&mut key),
            2 => message.read(&mut value),
            _ => message.skip(),
        }
    }
    let value = match value {
        _ if !message.is_sound() => Err(message.failure(&[])),
        Some(value) => Ok(value),
        None => absent_value(from),
    };
    let key = key.ok_or_else(|| DecodeError::new("an entry has no key"))?;
    let value = value.map_err(|error| {
        let mut text = String::new();
        key.write_key(&mut text);
        error.within(text)
    })?;
    Ok((key, value))
}

/// An empty message in a map is often left out.
fn absent_value<V: Proto>(from: &Reader<'_>) -> Result<V, DecodeError> {
    match V::absent() {
        Some(value) => Ok(value),
        None if V::WIRE == WireType::Len => V::decode(&mut from.nothing()),
        None => Err(DecodeError::new("missing")),
    }
}
