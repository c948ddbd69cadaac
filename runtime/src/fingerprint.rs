//! Peers whose contracts are not ours.
//!
//! A fingerprint says whether two peers mean the same by an operation. Where it
//! differs, much may still work: a field that one of them does not know may be
//! optional. So it is told to whoever reads the log, and the peer is served.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use crate::Meta;

/// What this process has told of.
static TOLD: Told = Told(Mutex::new(BTreeSet::new()));

/// Compares an operation with that of a peer, if the peer says what it has. A
/// difference is told once, however many peers and connections have it.
pub(crate) fn compare(meta: &'static Meta, theirs: Option<&str>) {
    if let Some(theirs) = theirs
        && theirs != meta.fingerprint
        && TOLD.is_new(meta, theirs)
    {
        tracing::warn!(
            operation = format_args!("{}.{}", meta.service, meta.name),
            ours = meta.fingerprint,
            theirs,
            "a peer has another version of the contract"
        );
    }
}

/// Differences: the place of an operation's facts, and what a peer has.
struct Told(Mutex<BTreeSet<(usize, u64)>>);

impl Told {
    /// How many there are at most, so that a peer which makes them up fills
    /// neither memory nor log.
    const MAX: usize = 1024;

    #[cold]
    fn is_new(&self, meta: &'static Meta, theirs: &str) -> bool {
        // Facts that were written by hand need not have one.
        let (Some(_), Some(theirs)) = (number(meta.fingerprint), number(theirs)) else {
            return false;
        };
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.len() < Self::MAX && told.insert((std::ptr::from_ref(meta).addr(), theirs))
    }
}

/// The sixteen hexadecimal digits of a fingerprint; `None` for what is none.
fn number(text: &str) -> Option<u64> {
    let is_whole = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    u64::from_str_radix(text, 16).ok().filter(|_| is_whole)
}

#[cfg(all(test, feature = "tcp"))]
mod tests;
