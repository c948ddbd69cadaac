//! What transports carry: requests, replies, headers.

use std::{borrow::Cow, time::Instant};

use bytes::Bytes;

use crate::{Meta, RpcException, TransportError};

/// A request, one-way message or event, encoded, on its way to a handler.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Request {
    /// The operation.
    pub meta: &'static Meta,
    /// The place of the operation in its server's table; no meaning on the caller's side.
    pub operation: usize,
    /// Headers, which travel where the transport and the peer have a place for them.
    pub headers: Headers,
    /// The encoded payload.
    pub payload: Bytes,
    /// When the caller stops waiting. A handler's side knows it only if the
    /// caller said so, in the header [`REMAINING_MS`].
    pub deadline: Option<Instant>,
    /// What orders an event: those of one key are handled one after the other.
    pub key: Option<String>,
}

impl Request {
    /// A request without headers and deadline.
    #[must_use]
    pub fn new(meta: &'static Meta, payload: Bytes) -> Self {
        Self {
            meta,
            operation: 0,
            headers: Headers::new(),
            payload,
            deadline: None,
            key: None,
        }
    }
}

/// What became of a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// The encoded answer. Empty bytes are an answer without a value, as Nest
    /// sends it for a handler that returns nothing.
    Value(Bytes),
    /// The handler failed.
    Error {
        /// What the caller is told.
        exception: RpcException,
        /// Whether an event may be delivered again; callers are not told.
        retryable: bool,
    },
    /// The request could not be served, and why: no handler, overloaded.
    Refused(TransportError),
}

/// The header that carries the milliseconds that a caller still waits.
pub const REMAINING_MS: &str = "anywire-remaining-ms";

/// Headers of a message, in the order in which they were set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(Cow<'static, str>, String)>);

impl Headers {
    /// The most headers that a message from a peer may have; more are dropped.
    pub const MAX: usize = 64;

    /// No headers.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The value of a header. Names are compared exactly.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Sets a header, in place of one of the same name.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// All headers.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_ref(), value.as_str()))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
