//! A contract as protobuf.
//!
//! [`names`] says what everything is called, [`bodies`] what carries a request
//! and a reply. Both are the same for the `.proto` files that other languages
//! compile and for generated code.

#[allow(dead_code, reason = "so far only the names are looked at")]
pub(crate) mod bodies;
#[allow(dead_code, reason = "so far only the names are looked at")]
pub(crate) mod names;
