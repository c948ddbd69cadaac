//! What callers see.

use std::{convert::Infallible, error::Error};

use super::{BoxError, ContractError, Failure, Kind, RpcException};
use crate::json::{DecodeError, EncodeError};

/// Why a call has no answer: five things that must never be confused.
#[derive(Debug, thiserror::Error)]
pub enum CallError<E = Infallible> {
    /// An error that the contract declares.
    #[error("{0}")]
    Service(E),
    /// An error that the contract does not declare, with all that the peer said.
    #[error("{0}")]
    Remote(RpcException),
    /// No answer in time. The peer may have done the work, or may still do it.
    #[error("no answer in time")]
    Timeout,
    /// No connection, or nobody there who handles the operation.
    #[error(transparent)]
    Transport(TransportError),
    /// A request that cannot be encoded, or an answer that does not decode.
    #[error(transparent)]
    Codec(CodecError),
}

impl<E> From<TransportError> for CallError<E> {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::TimedOut => Self::Timeout,
            other => Self::Transport(other),
        }
    }
}

impl<E> From<EncodeError> for CallError<E> {
    fn from(error: EncodeError) -> Self {
        Self::Codec(CodecError::Encode(error))
    }
}

impl<E> From<DecodeError> for CallError<E> {
    fn from(error: DecodeError) -> Self {
        Self::Codec(CodecError::Decode(error))
    }
}

impl<E: ContractError> CallError<E> {
    /// The code: of the contract's error, of the peer's, or of the [`Kind`].
    ///
    /// Code that matches on it keeps working when the contract later declares
    /// an error that was undeclared.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Service(error) => error.code(),
            Self::Remote(exception) => exception.code().unwrap_or_else(|| exception.kind().code()),
            _ => self.kind().code(),
        }
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Service(error) => error.kind(),
            Self::Remote(exception) => exception.kind(),
            Self::Timeout => Kind::Deadline,
            Self::Transport(error) => error.kind(),
            Self::Codec(_) => Kind::Internal,
        }
    }

    /// The HTTP status: the peer's own number if it sent one, else that of the kind.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Remote(exception) => exception.status().unwrap_or(Kind::Internal.status()),
            _ => self.kind().status(),
        }
    }

    /// Whether trying again, unchanged and a little later, can help. Whether it
    /// may be done is another question: that of `idempotent`.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Service(error) => error.is_retryable(),
            Self::Remote(exception) => exception.is_retryable(),
            _ => self.kind().is_retryable(),
        }
    }

    /// Hands the error on to the caller of the handler in hand, unhidden: a
    /// declared one as declared, an undeclared one unchanged, the rest by its kind.
    #[must_use]
    pub fn pass_on(self) -> Failure<E> {
        match self {
            Self::Service(error) => Failure::Service(error),
            Self::Remote(exception) => Failure::Rpc(exception),
            Self::Codec(error) => Failure::Internal(error.into()),
            other => Failure::Rpc(RpcException::of_kind(other.kind(), &other.to_string())),
        }
    }
}

/// Why a transport did not deliver.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// Nobody handles this operation there.
    #[error("there is no handler for this operation at the peer")]
    NoHandler,
    /// There is no connection, and making one failed.
    #[error("cannot connect to {address}: {reason}")]
    Unreachable {
        /// Where to.
        address: String,
        /// Why not.
        reason: String,
    },
    /// The connection was closed before the answer came. The peer may have done the work.
    #[error("the connection was closed before the answer came")]
    Closed,
    /// A layer or the transport gave up waiting; callers see [`CallError::Timeout`].
    #[error("no answer in time")]
    TimedOut,
    /// A limit is reached: too many calls in flight, or too many bytes waiting to be sent.
    #[error("overloaded: {0}")]
    Overloaded(&'static str),
    /// A message is larger than a limit allows.
    #[error("the message has {size} {unit}, more than the {limit} that are allowed")]
    TooLarge {
        /// How large it is.
        size: usize,
        /// The limit.
        limit: usize,
        /// What is counted.
        unit: &'static str,
    },
    /// The peer said something that the wire does not allow here.
    #[error("the peer broke the protocol: {0}")]
    Protocol(String),
    /// A layer of the client refused the call.
    #[error("a layer of the client failed: {0}")]
    Layer(String),
    /// The transport chosen at run time cannot carry the operation.
    #[error("{0}")]
    NotCarried(String),
}

impl TransportError {
    /// The kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::NoHandler => Kind::Unimplemented,
            Self::TimedOut => Kind::Deadline,
            Self::Unreachable { .. } | Self::Closed | Self::Overloaded(_) => Kind::Unavailable,
            Self::TooLarge { .. } => Kind::Exhausted,
            Self::Protocol(_) | Self::Layer(_) | Self::NotCarried(_) => Kind::Internal,
        }
    }
}

/// A value that could not be encoded or decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// The request holds what the encoding cannot.
    #[error(transparent)]
    Encode(EncodeError),
    /// The answer is not of the contract's type.
    #[error("the answer does not decode: {0}")]
    Decode(DecodeError),
}

/// The kind of an error that a tower layer raised, so that nobody sees
/// "Internal server error" for an overload; `None` for any other error.
pub(crate) fn layer_error(error: &BoxError) -> Option<(Kind, &'static str)> {
    fn is<T: Error + 'static>(error: &BoxError) -> bool {
        let mut source: Option<&(dyn Error + 'static)> = Some(&**error);
        while let Some(error) = source {
            if error.is::<T>() {
                return true;
            }
            source = error.source();
        }
        false
    }
    if is::<tower::timeout::error::Elapsed>(error) {
        Some((Kind::Deadline, "it took too long"))
    } else if is::<tower::load_shed::error::Overloaded>(error) {
        Some((Kind::Unavailable, "overloaded"))
    } else {
        None
    }
}
