//! Eight bytes at a time, and more, as one number.

const ONES: u64 = u64::MAX / 255;
/// The highest bit of each of eight bytes, which [`marks`] are made of.
const HIGHEST: u64 = ONES << 7;

/// Marks those of eight bytes that are this one by their highest bits; other
/// bits mean nothing. A byte behind one that is may be marked and not be it.
#[inline]
fn marks(word: u64, byte: u8) -> u64 {
    // What is equal becomes zero, and that borrows.
    let zero = word ^ (ONES * u64::from(byte));
    zero.wrapping_sub(ONES) & !zero
}

/// Marks what ends text in a string: quotes, backslashes and control
/// characters. Only the first mark counts, and there are no other bits.
#[inline]
pub(super) fn ends(word: u64) -> u64 {
    // With the second bit turned over, a quote is just above the control
    // characters, and what borrows when the byte above it is subtracted is
    // either, or else part of a character beyond ASCII.
    let quotes_and_controls = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21) & !word;
    (quotes_and_controls | marks(word, b'\\')) & HIGHEST
}

/// A text of this many words without an end is taken for a long one.
pub(super) const LONG: usize = 4;

/// Passes over text in a string that has no end within 32 bytes. A compiler
/// looks at many of them at once.
#[inline(never)]
pub(super) fn pass_plain(mut text: &[u8]) -> &[u8] {
    while let Some((bytes, behind)) = text.split_first_chunk::<32>()
        && bytes.iter().fold(true, |all, byte| all & is_plain(*byte))
    {
        text = behind;
    }
    text
}

/// Whether a byte in a string is none that ends its text.
#[inline]
pub(super) fn is_plain(byte: u8) -> bool {
    (byte >= b' ') & (byte != b'"') & (byte != b'\\')
}

/// Whether two texts of the same length are the same. Most names are short, and
/// a call of a function for long ones costs more than to compare them here.
#[inline]
pub(super) fn is_same(left: &[u8], right: &[u8]) -> bool {
    // Beginning and end, which may be in part the same bytes.
    match left.len() {
        0..4 => left.iter().eq(right),
        4..=8 => {
            left.first_chunk::<4>() == right.first_chunk()
                && left.last_chunk::<4>() == right.last_chunk()
        }
        9..=16 => {
            left.first_chunk::<8>() == right.first_chunk()
                && left.last_chunk::<8>() == right.last_chunk()
        }
        _ => left == right,
    }
}
