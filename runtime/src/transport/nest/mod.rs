//! What the transports on Nest's wire share, whatever carries the packets.

pub(super) mod arrivals;
pub(super) mod calls;
pub(super) mod handling;
pub(super) mod table;
pub(super) mod values;

use crate::{Request, TransportError};

/// Nest's wire has no place for a stream of requests.
///
/// # Errors
/// When the request is one. Where types are compared, they refuse it before.
pub(super) fn one_value(request: &Request) -> Result<(), TransportError> {
    if request.values.is_some() {
        return Err(TransportError::NotCarried(
            "Nest's wire takes one value for a request, not a stream".to_owned(),
        ));
    }
    Ok(())
}
