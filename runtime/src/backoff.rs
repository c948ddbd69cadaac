//! Pauses between attempts.

use std::time::Duration;

/// Pauses that double, each less up to half of it at random, so that those who
/// failed together do not come back together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Backoff {
    pub(crate) first: Duration,
    pub(crate) longest: Duration,
}

impl Default for Backoff {
    /// That of connections: 50 ms up to 1 s.
    fn default() -> Self {
        Self {
            first: Duration::from_millis(50),
            longest: Duration::from_secs(1),
        }
    }
}

impl Backoff {
    /// The pause after a failed attempt; the first one has number 0.
    pub(crate) fn pause(&self, attempt: u32) -> Duration {
        self.exact(attempt).mul_f64(0.5 + fastrand::f64() / 2.0)
    }

    /// The same, of which nothing is taken at random.
    pub(crate) fn exact(&self, attempt: u32) -> Duration {
        let factor = 1_u32.checked_shl(attempt).unwrap_or(u32::MAX);
        self.first.saturating_mul(factor).min(self.longest)
    }
}
