//! JSON text into tokens (RFC 8259): what the reader of values and the scanner
//! of packets stand on.
//!
//! Everything here is called for a few bytes at a time. What is called often is
//! small enough to be inlined, and an error is one byte: where it is, the
//! tokens know.

use super::words::{LONG, ends, is_plain, is_same, pass_plain};

/// Why a text is not JSON. The tokens stand where it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Wrong {
    #[error("the text ends too early")]
    End,
    #[error("the text ends inside a string")]
    EndInString,
    #[error("not UTF-8")]
    Utf8,
    #[error("expected a value")]
    Value,
    #[error("expected `true`, `false` or `null`")]
    Word,
    #[error("invalid number")]
    Number,
    #[error("control characters in strings have to be escaped")]
    Control,
    #[error("invalid escape")]
    Escape,
    #[error("half a surrogate pair")]
    HalfPair,
    #[error("expected a key, which is a string")]
    Key,
    #[error("expected `:`")]
    Colon,
    #[error("expected `,` or `}}`")]
    Member,
    #[error("expected `,` or `]`")]
    Item,
    #[error("trailing comma")]
    TrailingComma,
    #[error("something follows the value")]
    More,
    #[error("nested too deep")]
    Depth,
}

/// What is left to be read of a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self { rest: text }
    }

    /// What is left.
    #[inline]
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Passes over white space and says what comes next.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.rest {
                [b' ' | b'\n' | b'\r' | b'\t', rest @ ..] => self.rest = rest,
                rest => return rest.first().copied(),
            }
        }
    }

    /// Passes over that many bytes, or what there is.
    #[inline]
    pub(crate) fn pass(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// Passes over a byte if it is this one.
    #[inline]
    pub(crate) fn pass_if(&mut self, byte: u8) -> bool {
        match self.rest {
            [first, rest @ ..] if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Passes over all bytes that are part of something.
    #[inline]
    pub(crate) fn pass_while(&mut self, is_part: impl Fn(u8) -> bool) {
        while let [first, rest @ ..] = self.rest
            && is_part(*first)
        {
            self.rest = rest;
        }
    }

    /// Makes sure that nothing follows.
    #[inline]
    pub(crate) fn finish(&mut self) -> Result<(), Wrong> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(Wrong::More),
        }
    }

    /// Goes to the next member of an object or item of an array, past the comma
    /// between them; `false` is past the end of it, `close`.
    #[inline]
    pub(crate) fn step(&mut self, close: u8, is_first: bool) -> Result<bool, Wrong> {
        match self.peek() {
            Some(byte) if byte == close => {
                self.pass(1);
                return Ok(false);
            }
            Some(_) if is_first => return Ok(true),
            Some(b',') => self.pass(1),
            Some(_) if close == b'}' => return Err(Wrong::Member),
            Some(_) => return Err(Wrong::Item),
            None => return Err(Wrong::End),
        }
        match self.peek() {
            Some(byte) if byte == close => Err(Wrong::TrailingComma),
            Some(_) => Ok(true),
            None => Err(Wrong::End),
        }
    }

    /// Passes over the name of the next member as others write it, without
    /// white space and escapes, with the comma before it: `,"name":`.
    #[inline]
    pub(crate) fn pass_name(&mut self, name: &str, is_first: bool) -> bool {
        let mut ahead = *self;
        if (is_first || ahead.pass_if(b','))
            && ahead.pass_if(b'"')
            && let Some((found, [b'"', b':', rest @ ..])) = ahead.rest.split_at_checked(name.len())
            && is_same(found, name.as_bytes())
        {
            self.rest = rest;
            return true;
        }
        false
    }

    /// Passes over the quote that begins a name.
    #[inline]
    pub(crate) fn begin_name(&mut self) -> Result<(), Wrong> {
        if self.pass_if(b'"') {
            Ok(())
        } else {
            Err(Wrong::Key)
        }
    }

    /// Passes over the colon behind a name.
    #[inline]
    pub(crate) fn colon(&mut self) -> Result<(), Wrong> {
        match self.peek() {
            Some(b':') => {
                self.pass(1);
                Ok(())
            }
            Some(_) => Err(Wrong::Colon),
            None => Err(Wrong::End),
        }
    }

    /// Passes over text in a string up to what ends it: a quote, a backslash or
    /// a control character.
    #[inline]
    pub(crate) fn stop(&mut self) -> Option<u8> {
        let mut rest = self.rest;
        let mut words = 0;
        while let Some((bytes, behind)) = rest.split_first_chunk() {
            let word = u64::from_le_bytes(*bytes);
            let found = ends(word);
            if found != 0 {
                let bit = found.trailing_zeros();
                self.rest = rest.get(bit as usize / 8..).unwrap_or_default();
                return Some((word >> (bit - 7)) as u8);
            }
            rest = behind;
            words += 1;
            if words == LONG {
                rest = pass_plain(rest);
            }
        }
        self.rest = rest;
        self.pass_while(is_plain);
        self.rest.first().copied()
    }

    /// Passes over text in a string up to its end, or else up to an escape, and
    /// over the quote or the backslash there.
    #[inline]
    pub(crate) fn is_escaped(&mut self) -> Result<bool, Wrong> {
        let stop = self.stop();
        self.pass_stop(stop)
    }

    /// Passes over what [`stop`](Self::stop) has found, if it is the end of the
    /// string or else the backslash of an escape.
    #[inline]
    pub(crate) fn pass_stop(&mut self, stop: Option<u8>) -> Result<bool, Wrong> {
        let is_escaped = match stop {
            Some(b'"') => false,
            Some(b'\\') => true,
            Some(_) => return Err(Wrong::Control),
            None => return Err(Wrong::EndInString),
        };
        self.pass(1);
        Ok(is_escaped)
    }

    /// Reads an escape, behind its backslash.
    pub(crate) fn escape(&mut self) -> Result<char, Wrong> {
        let found = match self.rest.first() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\x08',
            Some(b'f') => '\x0c',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.pass(1);
                return self.character();
            }
            Some(_) => return Err(Wrong::Escape),
            None => return Err(Wrong::EndInString),
        };
        self.pass(1);
        Ok(found)
    }

    /// Reads the rest of `\uXXXX`, or of two of them that are one character.
    fn character(&mut self) -> Result<char, Wrong> {
        let mut code = self.unit()?;
        if let 0xD800..=0xDBFF = code {
            for expected in *b"\\u" {
                if !self.pass_if(expected) {
                    return Err(match self.rest {
                        [] => Wrong::EndInString,
                        _ => Wrong::HalfPair,
                    });
                }
            }
            let low = self.unit()?;
            if !(0xDC00..=0xDFFF).contains(&low) {
                return Err(Wrong::HalfPair);
            }
            code = 0x1_0000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        }
        char::from_u32(code).ok_or(Wrong::HalfPair)
    }

    /// Reads four hexadecimal digits.
    fn unit(&mut self) -> Result<u32, Wrong> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.rest.first().ok_or(Wrong::EndInString)?;
            let value = char::from(*digit).to_digit(16).ok_or(Wrong::Escape)?;
            unit = unit << 4 | value;
            self.pass(1);
        }
        Ok(unit)
    }

    /// Passes over `true`, `false` or `null`.
    #[inline]
    pub(crate) fn word<const N: usize>(&mut self, word: &[u8; N]) -> Result<(), Wrong> {
        match self.rest.split_first_chunk() {
            Some((found, rest)) if found == word => {
                self.rest = rest;
                Ok(())
            }
            _ => Err(self.no_word(word)),
        }
    }

    #[cold]
    fn no_word(&mut self, word: &[u8]) -> Wrong {
        for byte in word {
            if !self.pass_if(*byte) {
                break;
            }
        }
        self.or_end(Wrong::Word)
    }

    /// Reads an integer without a sign, of no more than 18 digits, which surely
    /// fit. Anything else is left where it is.
    #[inline]
    pub(crate) fn natural(&mut self) -> Option<u64> {
        let [first @ b'0'..=b'9', rest @ ..] = self.rest else {
            return None;
        };
        let mut rest = rest;
        let mut value = u64::from(first - b'0');
        while let [digit @ b'0'..=b'9', behind @ ..] = rest {
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            rest = behind;
        }
        let digits = self.rest.len() - rest.len();
        if digits > 18 || (*first == b'0' && digits > 1) || matches!(rest, [b'.' | b'e' | b'E', ..])
        {
            return None;
        }
        self.rest = rest;
        Some(value)
    }

    /// Passes over a number, and says whether it is an integer.
    pub(crate) fn number(&mut self) -> Result<bool, Wrong> {
        self.pass_if(b'-');
        if self.pass_if(b'0') {
            if let [b'0'..=b'9', ..] = self.rest {
                return Err(Wrong::Number);
            }
        } else {
            self.digits()?;
        }
        let mut is_integer = true;
        if self.pass_if(b'.') {
            is_integer = false;
            self.digits()?;
        }
        if self.pass_if(b'e') || self.pass_if(b'E') {
            is_integer = false;
            let _ = self.pass_if(b'+') || self.pass_if(b'-');
            self.digits()?;
        }
        Ok(is_integer)
    }

    /// Passes over digits, of which there must be one.
    fn digits(&mut self) -> Result<(), Wrong> {
        let [b'0'..=b'9', rest @ ..] = self.rest else {
            return Err(self.or_end(Wrong::Number));
        };
        self.rest = rest;
        self.pass_while(|byte| byte.is_ascii_digit());
        Ok(())
    }

    #[cold]
    fn or_end(&self, wrong: Wrong) -> Wrong {
        if self.rest.is_empty() {
            Wrong::End
        } else {
            wrong
        }
    }

    /// What kind of value comes next, in the words of errors.
    #[cold]
    pub(crate) fn kind(&mut self) -> Result<&'static str, Wrong> {
        Ok(match self.peek() {
            Some(b'n') => "null",
            Some(b't' | b'f') => "bool",
            Some(b'"') => "string",
            Some(b'[') => "array",
            Some(b'{') => "object",
            Some(b'-' | b'0'..=b'9') => {
                let before = *self;
                let is_integer = self.number()?;
                *self = before;
                if is_integer { "int" } else { "float" }
            }
            Some(_) => return Err(Wrong::Value),
            None => return Err(Wrong::End),
        })
    }

    /// Passes over a value, in which no more than this many objects and arrays
    /// are inside each other. Takes no room on the stack for them.
    pub(crate) fn skip(&mut self, depth: u8) -> Result<(), Wrong> {
        // What closes each that is open, the innermost in the lowest bit.
        let mut open = 0_u128;
        let mut left = depth.min(128);
        let room = left;
        loop {
            let mut is_first = false;
            match self.peek() {
                Some(b'"') => {
                    self.pass(1);
                    self.skip_string()?;
                }
                Some(b'{' | b'[') if left == 0 => return Err(Wrong::Depth),
                Some(byte @ (b'{' | b'[')) => {
                    self.pass(1);
                    left -= 1;
                    open = open << 1 | u128::from(byte == b'{');
                    is_first = true;
                }
                Some(b'-' | b'0'..=b'9') => {
                    self.number()?;
                }
                Some(b't') => self.word(b"true")?,
                Some(b'f') => self.word(b"false")?,
                Some(b'n') => self.word(b"null")?,
                Some(_) => return Err(Wrong::Value),
                None => return Err(Wrong::End),
            }
            // To the next value, out of everything that ends before it.
            loop {
                if left == room {
                    return Ok(());
                }
                let is_object = open & 1 == 1;
                if self.step(if is_object { b'}' } else { b']' }, is_first)? {
                    if is_object {
                        self.begin_name()?;
                        self.skip_string()?;
                        self.colon()?;
                    }
                    break;
                }
                is_first = false;
                left += 1;
                open >>= 1;
            }
        }
    }

    /// Passes over the rest of a string, behind its first quote.
    fn skip_string(&mut self) -> Result<(), Wrong> {
        while self.is_escaped()? {
            self.escape()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
