//! Five things that must never be confused, and what handlers fail with.
//!
//! A caller sees a [`CallError`]: the contract's own error, somebody's
//! undeclared error, no answer in time, no connection or handler, an answer
//! that does not decode. A handler returns a [`Failure`].

mod call;
mod exception;
mod failure;
mod kind;

pub(crate) use call::layer_error;
pub use call::{CallError, CodecError, TransportError};
pub use exception::RpcException;
pub use failure::{Failure, Hidden, OrInternal};
pub use kind::Kind;

use std::convert::Infallible;

use crate::json::{DecodeError, Reader, Writer};

/// Any error, as layers and listeners return it.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// An error enum of a contract. Implemented by generated code.
pub trait ContractError: std::error::Error + Send + Sync + Sized + 'static {
    /// The enum's name on the wire: `acme.users.v1.UserError`.
    const TYPE: &'static str;

    /// The code that says on the wire which error it is: `NOT_FOUND`.
    fn code(&self) -> &'static str;

    /// The kind, which decides HTTP and gRPC status.
    fn kind(&self) -> Kind;

    /// Whether trying again can help.
    fn is_retryable(&self) -> bool {
        false
    }

    /// Writes the fields of the variant as one object.
    fn encode_details(&self, to: &mut Writer);

    /// Reads the variant of `code` from its fields; `None` if there is no such variant.
    ///
    /// # Errors
    /// When the fields are not those of the variant.
    fn decode_details(code: &str, details: &mut Reader<'_>) -> Result<Option<Self>, DecodeError>;
}

/// The error of operations that declare none.
impl ContractError for Infallible {
    const TYPE: &'static str = "";

    fn code(&self) -> &'static str {
        match *self {}
    }

    fn kind(&self) -> Kind {
        match *self {}
    }

    fn encode_details(&self, _: &mut Writer) {
        match *self {}
    }

    fn decode_details(_: &str, _: &mut Reader<'_>) -> Result<Option<Self>, DecodeError> {
        Ok(None)
    }
}
