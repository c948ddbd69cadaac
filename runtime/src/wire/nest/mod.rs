//! NestJS's own wire: packets, patterns, and the frames that carry them over TCP.

pub(crate) mod frame;
pub(crate) mod packet;
pub(crate) mod pattern;

/// The length of UTF-8 text in UTF-16 code units, which is what JavaScript calls the length of a string.
///
/// Counts bytes without looking at characters: each byte that begins one counts
/// one, and the first of four counts two. So a text may be counted in pieces,
/// cut anywhere. Written for the compiler to vectorise.
pub(crate) fn utf16_len(text: &[u8]) -> usize {
    text.iter()
        .map(|&byte| usize::from(byte & 0xC0 != 0x80) + usize::from(byte >= 0xF0))
        .sum()
}
