//! NestJS's own wire: packets, patterns, and the frames that carry them over TCP.

pub(crate) mod frame;
pub(crate) mod packet;
pub(crate) mod pattern;
pub(crate) mod scan;

/// The length of UTF-8 text in UTF-16 code units, which is what JavaScript calls the length of a string.
///
/// A text may be counted in pieces, cut anywhere: each byte that begins a
/// character counts one, and the first of four counts two.
pub(crate) fn utf16_len(text: &[u8]) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.iter()
        .map(|&byte| usize::from(byte & 0xC0 != 0x80) + usize::from(byte >= 0xF0))
        .sum()
}
