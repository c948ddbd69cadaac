//! What handlers fail with.

use std::{convert::Infallible, error::Error, fmt};

use super::{BoxError, CallError, ContractError, RpcException};

/// Why a handler did not answer.
///
/// Made by `?` from the contract's own errors, from [`RpcException`], and from
/// the [`CallError`] of a call that the handler made, whose cause is then
/// hidden ([`CallError::pass_on`] shows it). For any other error there is
/// [`OrInternal::internal`].
#[derive(Debug)]
pub enum Failure<E = Infallible> {
    /// An error that the contract declares. The caller gets the same value.
    Service(E),
    /// An error that is sent unchanged.
    Rpc(RpcException),
    /// Anything else. It is logged here; the caller only hears "Internal server error".
    Internal(BoxError),
}

impl<E: fmt::Display> fmt::Display for Failure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(error) => error.fmt(f),
            Self::Rpc(exception) => exception.fmt(f),
            Self::Internal(cause) => write!(f, "internal failure: {cause}"),
        }
    }
}

impl<E: ContractError> From<E> for Failure<E> {
    fn from(error: E) -> Self {
        Self::Service(error)
    }
}

impl<E> From<RpcException> for Failure<E> {
    fn from(exception: RpcException) -> Self {
        Self::Rpc(exception)
    }
}

impl<E, X: Error + Send + Sync + 'static> From<CallError<X>> for Failure<E> {
    fn from(error: CallError<X>) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl<E> From<Hidden> for Failure<E> {
    fn from(hidden: Hidden) -> Self {
        Self::Internal(hidden.0)
    }
}

/// An error on its way to becoming [`Failure::Internal`].
#[derive(Debug)]
pub struct Hidden(BoxError);

/// Hides any error from the caller, so that `?` takes it.
pub trait OrInternal<T> {
    /// Turns the error into one that is logged here and hidden from the caller.
    ///
    /// # Errors
    /// The error itself, hidden.
    ///
    /// ```
    /// use anywire::{Failure, OrInternal};
    ///
    /// fn parse(text: &str) -> Result<u32, Failure> {
    ///     Ok(text.parse::<u32>().internal()?)
    /// }
    /// assert!(matches!(parse("x"), Err(Failure::Internal(_))));
    /// ```
    fn internal(self) -> Result<T, Hidden>;
}

impl<T, X: Into<BoxError>> OrInternal<T> for Result<T, X> {
    fn internal(self) -> Result<T, Hidden> {
        self.map_err(|error| Hidden(error.into()))
    }
}
