//! Our bytes and those of prost say the same.
//!
//! What passes through prost's types and is the same afterwards had the right
//! numbers, wire types and presence: prost drops what it does not know.

mod operations;
mod random;
mod unknown;
mod values;

use std::fmt::Debug;

use anywire::{Proto, proto};
use prost::Message;

/// What prost makes of a value; its bytes are read as the same value.
fn theirs<T: Proto + PartialEq + Debug, P: Message + Default>(value: &T) -> P {
    let bytes = proto::encode(value);
    let theirs = P::decode(bytes).expect("prost reads it");
    let back: T = proto::decode(&theirs.encode_to_vec()).expect("we read what prost writes");
    assert_eq!(back, *value);
    theirs
}

/// What we make of a value of prost's.
fn ours<T: Proto>(theirs: &impl Message) -> Result<T, String> {
    proto::decode(&theirs.encode_to_vec()).map_err(|error: anywire::DecodeError| error.to_string())
}
