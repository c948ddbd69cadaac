//! The bytes that transports put on the wire.

#[cfg(feature = "tcp")]
pub(crate) mod native;
#[cfg(feature = "_nest")]
#[cfg_attr(
    not(feature = "_all"),
    allow(dead_code, unused_imports, reason = "each transport uses some of it")
)]
pub(crate) mod nest;
