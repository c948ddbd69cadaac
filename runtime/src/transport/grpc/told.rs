//! When a client says the fingerprint of an operation.

use std::{
    collections::BTreeMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::Meta;

/// It is said with the first of so many calls of an operation: with each it
/// would be most of what we add to tonic's work. Behind one address there may
/// be many servers, who take turns; of a prime number all of them hear.
const EVERY: usize = 61;

/// How often each operation was called.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// By the places of the operations' facts.
    calls: RwLock<BTreeMap<usize, AtomicUsize>>,
}

impl Told {
    /// Whether this call of an operation is to say its fingerprint.
    pub(super) fn is_due(&self, meta: &'static Meta) -> bool {
        let place = std::ptr::from_ref(meta).addr();
        let known = self.calls.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(calls) = known.get(&place) {
            return calls.fetch_add(1, Ordering::Relaxed).is_multiple_of(EVERY);
        }
        drop(known);
        let mut known = self.calls.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(place).or_insert(AtomicUsize::new(1));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_many_calls_of_each_operation_is_due() {
        static GET: Meta = Meta::BLANK;
        static FIND: Meta = Meta::BLANK;
        let told = Told::default();
        let due: Vec<usize> = (0..200).filter(|_| told.is_due(&GET)).collect();
        assert_eq!(due, [0, 61, 122, 183]);
        assert!(told.is_due(&FIND));
        assert!(!told.is_due(&FIND));
    }
}
