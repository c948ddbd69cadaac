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

/// How many differences a process tells of, so that a peer which makes them up
/// fills neither its memory nor its log.
const MOST: usize = 1024;

/// Those that were told: the place of an operation's facts, and what a peer has.
static TOLD: Mutex<BTreeSet<(usize, u64)>> = Mutex::new(BTreeSet::new());

/// Compares an operation with that of a peer, if it says what it has. A
/// difference is told once, however many peers have it.
pub(crate) fn compare(meta: &'static Meta, theirs: Option<&str>) {
    if let Some(theirs) = theirs
        && theirs != meta.fingerprint
    {
        differs(meta, theirs);
    }
}

#[cold]
fn differs(meta: &'static Meta, theirs: &str) {
    // Facts that were written by hand need not have one.
    let (Some(_), Some(number)) = (number(meta.fingerprint), number(theirs)) else {
        return;
    };
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    if told.len() < MOST && told.insert((std::ptr::from_ref(meta).addr(), number)) {
        tracing::warn!(
            operation = format_args!("{}.{}", meta.service, meta.name),
            ours = meta.fingerprint,
            theirs,
            "a peer has another version of the contract"
        );
    }
}

/// A fingerprint as a number; `None` for what is none.
fn number(text: &str) -> Option<u64> {
    let is_whole = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    u64::from_str_radix(text, 16).ok().filter(|_| is_whole)
}
