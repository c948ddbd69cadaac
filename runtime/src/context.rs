//! What a handler knows about the message in hand.

use std::time::{Duration, Instant};

use crate::{Encoding, Headers, Meta, Request, clock};

/// The message that a handler is called for: its operation, headers and remaining time.
#[derive(Debug, Clone)]
pub struct Context {
    meta: &'static Meta,
    headers: Headers,
    deadline: Option<Instant>,
    encoding: Encoding,
}

impl Context {
    /// A context without headers and deadline, for calling a handler in a unit test.
    #[must_use]
    pub fn new(meta: &'static Meta) -> Self {
        Self {
            meta,
            headers: Headers::new(),
            deadline: None,
            encoding: Encoding::Json,
        }
    }

    pub(crate) fn of(request: &mut Request) -> Self {
        Self {
            meta: request.meta,
            headers: std::mem::take(&mut request.headers),
            deadline: request.deadline,
            encoding: request.encoding,
        }
    }

    /// The operation.
    #[must_use]
    pub fn operation(&self) -> &'static Meta {
        self.meta
    }

    /// The headers of the message. On TCP they are the `metadata` of Nest 12.
    #[must_use]
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// How long the caller still waits; `None` if it did not say.
    ///
    /// Zero means that nobody waits any more. [`Call::within`](crate::Call::within)
    /// hands the remaining time to the calls that the handler makes.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        self.deadline
            .map(|deadline| deadline.saturating_duration_since(clock::now()))
    }

    /// How the message was encoded, and its answer is to be.
    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }
}
