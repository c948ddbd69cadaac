//! The buffer that values are written into.

use std::cell::Cell;

use bytes::Bytes;

thread_local! {
    /// The buffer of the last writer, for the next one.
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// What is up to this length, in bytes, is copied out of the buffer, which is
/// then used again: one allocation of the right size, however the text grew.
const COPY: usize = 4096;

/// An empty buffer.
pub(super) fn take() -> Vec<u8> {
    SPARE.take()
}

/// What was written into a buffer.
pub(super) fn finish(mut out: Vec<u8>) -> Bytes {
    if out.len() > COPY {
        return Bytes::from(out);
    }
    let bytes = Bytes::copy_from_slice(&out);
    out.clear();
    SPARE.set(out);
    bytes
}
