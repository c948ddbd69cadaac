//! Where the members of a packet begin and end, without reading their values.
//!
//! A payload is decoded by the operation's own types, once its pattern is
//! known. To read it twice would cost a fifth of the time of a small call, so
//! that this only follows quotes and brackets; what is wrong inside a value is
//! found by whoever decodes it.

use std::borrow::Cow;

use memchr::memchr2;

/// A packet that is not JSON, and the byte where that shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a packet is not JSON at byte {0}")]
pub(crate) struct NotJson(usize);

/// Calls `member` with the name, in UTF-8, and the JSON of each member of an
/// object. Other values have none.
pub(crate) fn members<'a>(
    packet: &'a [u8],
    mut member: impl FnMut(&[u8], &'a [u8]),
) -> Result<(), NotJson> {
    let mut scan = Scan {
        text: packet,
        at: 0,
    };
    scan.white_space();
    if scan.peek() == Some(b'{') {
        scan.at += 1;
        scan.white_space();
        if scan.peek() == Some(b'}') {
            scan.at += 1;
        } else {
            loop {
                let name = scan.name()?;
                scan.white_space();
                scan.expect(b':')?;
                scan.white_space();
                member(&name, scan.value()?);
                scan.white_space();
                if scan.peek() == Some(b'}') {
                    scan.at += 1;
                    break;
                }
                scan.expect(b',')?;
                scan.white_space();
            }
        }
    } else {
        // Nobody decodes it later, so that here it is read to its end.
        let mut json = jiter::Jiter::new(packet);
        return json
            .next_skip()
            .and_then(|()| json.finish())
            .map_err(|error| NotJson(error.index));
    }
    scan.white_space();
    if scan.at == packet.len() {
        Ok(())
    } else {
        Err(scan.wrong())
    }
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    fn wrong(&self) -> NotJson {
        NotJson(self.at)
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn expect(&mut self, byte: u8) -> Result<(), NotJson> {
        if self.peek() != Some(byte) {
            return Err(self.wrong());
        }
        self.at += 1;
        Ok(())
    }

    fn white_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// The name of a member.
    fn name(&mut self) -> Result<Cow<'a, [u8]>, NotJson> {
        let start = self.at;
        self.expect(b'"')?;
        if !self.string()? {
            return Ok(Cow::Borrowed(&self.text[start + 1..self.at - 1]));
        }
        // Nobody writes the names of a packet with escapes, but anybody may. One with
        // half a surrogate pair, which JavaScript can hold, is none that is known.
        let name: String = serde_json::from_slice(&self.text[start..self.at]).unwrap_or_default();
        Ok(Cow::Owned(name.into_bytes()))
    }

    /// Passes over a value.
    fn value(&mut self) -> Result<&'a [u8], NotJson> {
        let start = self.at;
        match self.peek().ok_or_else(|| self.wrong())? {
            b'"' => {
                self.at += 1;
                self.string()?;
            }
            b'{' | b'[' => self.nested()?,
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => self.word(),
            _ => return Err(self.wrong()),
        }
        Ok(&self.text[start..self.at])
    }

    /// Passes over an object or an array.
    fn nested(&mut self) -> Result<(), NotJson> {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'"' => {
                    self.string()?;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
        Err(self.wrong())
    }

    /// Passes over a number, `true`, `false` or `null`.
    fn word(&mut self) {
        let is_part =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-');
        self.at += self.text[self.at..]
            .iter()
            .take_while(|byte| is_part(byte))
            .count();
    }

    /// Passes over the rest of a string, behind its first quote. Says whether
    /// anything in it is escaped.
    fn string(&mut self) -> Result<bool, NotJson> {
        let mut is_escaped = false;
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let Some(stop) = memchr2(b'"', b'\\', rest) else {
                return Err(NotJson(self.text.len()));
            };
            self.at += stop + 1;
            if rest[stop] == b'"' {
                return Ok(is_escaped);
            }
            // Whatever is escaped, it is not the end of the string.
            self.at += 1;
            is_escaped = true;
        }
    }
}
