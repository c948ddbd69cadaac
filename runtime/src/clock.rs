//! The clock of deadlines.

use std::time::Instant;

/// The time now, by tokio's clock: where a test pauses that, deadlines pause with it.
pub(crate) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
