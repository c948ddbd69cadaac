//! Numbers: seven bits a byte, the lowest first; all bytes but the last have the eighth bit.

use super::Malformed;

/// The most bytes that a number has.
pub(super) const LONGEST: usize = 10;

/// Writes a number to the front of `to`, and says how many bytes it took.
pub(super) fn write(to: &mut [u8], mut number: u64) -> usize {
    let mut at = 0;
    while number >= 0x80 {
        to[at] = number as u8 | 0x80;
        number >>= 7;
        at += 1;
    }
    to[at] = number as u8;
    at + 1
}

/// How many bytes a number takes.
pub(super) fn width(number: u64) -> usize {
    let bits = u64::BITS - (number | 1).leading_zeros();
    bits.div_ceil(7) as usize
}

/// Reads a number, and says how many bytes it took; `None` if not all of it is there.
#[inline]
pub(super) fn read(from: &[u8]) -> Result<Option<(u64, usize)>, Malformed> {
    match from.first() {
        // As most are.
        Some(&byte) if byte < 0x80 => Ok(Some((u64::from(byte), 1))),
        _ => read_long(from),
    }
}

fn read_long(from: &[u8]) -> Result<Option<(u64, usize)>, Malformed> {
    let mut number = 0;
    for (at, &byte) in from.iter().take(LONGEST).enumerate() {
        let bits = u64::from(byte & 0x7F);
        if at == LONGEST - 1 && bits > 1 {
            return Err(Malformed::Number);
        }
        number |= bits << (7 * at);
        if byte < 0x80 {
            return Ok(Some((number, at + 1)));
        }
    }
    if from.len() < LONGEST {
        Ok(None)
    } else {
        Err(Malformed::Number)
    }
}
