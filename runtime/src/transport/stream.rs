//! The bytes of a connection, in the clear or in TLS.

use tokio::io::{AsyncRead, AsyncWrite};

/// What bytes go through, both ways.
pub(super) trait Bytes: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Bytes for S {}

/// A connection, its type forgotten.
pub(super) type Stream = Box<dyn Bytes>;

/// A host without the brackets that an IPv6 address has before a port.
#[cfg(any(feature = "grpc", feature = "tcp-tls"))]
pub(super) fn without_brackets(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}
