//! Where the members of a packet begin and end, without reading their values.
//!
//! A payload is decoded by the operation's own types, once its pattern is
//! known. To read it twice would cost a fifth of the time of a small call, so
//! that this only follows quotes and brackets; what is wrong inside a value is
//! found by whoever decodes it.

use crate::codec::json::{MAX_DEPTH, Reader, Tokens, Wrong};

/// A packet that is not JSON, and the byte where that shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a packet is not JSON at byte {at}: {wrong}")]
pub(crate) struct NotJson {
    at: usize,
    wrong: Wrong,
}

/// The JSON of those members of an object that have these names. Other values have none.
pub(crate) fn members<'a, const N: usize>(
    packet: &'a [u8],
    names: &[&str; N],
) -> Result<[Option<&'a [u8]>; N], NotJson> {
    let mut tokens = Tokens::new(packet);
    let mut found = [None; N];
    match scan(&mut tokens, names, &mut found) {
        Ok(()) => Ok(found),
        Err(wrong) => Err(NotJson {
            at: packet.len() - tokens.rest().len(),
            wrong,
        }),
    }
}

fn scan<'a>(
    tokens: &mut Tokens<'a>,
    names: &[&str],
    found: &mut [Option<&'a [u8]>],
) -> Result<(), Wrong> {
    if tokens.peek() != Some(b'{') {
        // Nobody decodes it later, so that here it is read to its end.
        tokens.skip(MAX_DEPTH)?;
        return tokens.finish();
    }
    tokens.pass(1);
    let mut is_first = true;
    // Members mostly come in the order of the names: the one behind the last is tried first.
    let mut expected = 0;
    loop {
        let known = match names.get(expected) {
            Some(name) if tokens.pass_name(name, is_first) => expected,
            _ => match name(tokens, names, is_first)? {
                Some(known) => known,
                None => return tokens.finish(),
            },
        };
        is_first = false;
        let value = value(tokens)?;
        if let Some(slot) = found.get_mut(known) {
            // Of a member given twice, the last counts, as in JavaScript.
            *slot = Some(value);
            expected = known + 1;
        }
    }
}

/// Passes over the name of the next member, and says which it is, or that it
/// is none of them by an index that there is not.
#[inline(never)]
fn name(tokens: &mut Tokens<'_>, names: &[&str], is_first: bool) -> Result<Option<usize>, Wrong> {
    if !tokens.step(b'}', is_first)? {
        return Ok(None);
    }
    tokens.begin_name()?;
    let before = tokens.rest();
    let is_escaped = string(tokens)?;
    let written = read(before, tokens);
    tokens.colon()?;
    let unescaped;
    let found = if is_escaped {
        // Nobody writes the names of a packet with escapes, but anybody may. One with
        // half a surrogate pair, which JavaScript can hold, is none that is known.
        let quoted = [b"\"", written].concat();
        unescaped = Reader::new(&quoted).string().map(str::to_owned);
        unescaped.as_deref().unwrap_or_default().as_bytes()
    } else {
        &written[..written.len() - 1]
    };
    let known = names.iter().position(|name| name.as_bytes() == found);
    Ok(Some(known.unwrap_or(usize::MAX)))
}

/// Passes over a value.
fn value<'a>(tokens: &mut Tokens<'a>) -> Result<&'a [u8], Wrong> {
    let first = tokens.peek();
    let before = tokens.rest();
    match first {
        Some(b'"') => {
            tokens.pass(1);
            string(tokens)?;
        }
        Some(b'{' | b'[') => nested(tokens)?,
        // A number or a word.
        Some(b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
            tokens.pass_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        }
        Some(_) => return Err(Wrong::Value),
        None => return Err(Wrong::End),
    }
    Ok(read(before, tokens))
}

/// Passes over an object or an array.
#[inline(never)]
fn nested(tokens: &mut Tokens<'_>) -> Result<(), Wrong> {
    let mut depth = 0_usize;
    loop {
        tokens.pass_while(|byte| !matches!(byte, b'"' | b'{' | b'[' | b'}' | b']'));
        let found = tokens.rest().first();
        tokens.pass(1);
        match found {
            Some(b'"') => drop(string(tokens)?),
            Some(b'{' | b'[') => depth += 1,
            Some(_) => depth -= 1,
            None => return Err(Wrong::End),
        }
        if depth == 0 {
            return Ok(());
        }
    }
}

/// Passes over the rest of a string, behind its first quote. Says whether
/// anything in it is escaped.
#[inline]
fn string(tokens: &mut Tokens<'_>) -> Result<bool, Wrong> {
    let mut is_escaped = false;
    loop {
        match tokens.stop() {
            Some(b'"') => {
                tokens.pass(1);
                return Ok(is_escaped);
            }
            Some(b'\\') => {
                // Whatever is escaped, it is not the end of the string.
                tokens.pass(2);
                is_escaped = true;
            }
            Some(_) => tokens.pass(1),
            None => return Err(Wrong::EndInString),
        }
    }
}

/// What has been read since this was left.
fn read<'a>(before: &'a [u8], tokens: &Tokens<'_>) -> &'a [u8] {
    &before[..before.len() - tokens.rest().len()]
}
