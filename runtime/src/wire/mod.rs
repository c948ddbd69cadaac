//! The bytes that transports put on the wire.

#[cfg(feature = "tcp")]
pub(crate) mod nest;
