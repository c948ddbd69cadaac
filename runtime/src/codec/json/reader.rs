//! JSON text into values.

use super::{
    error::DecodeError,
    tokens::{Tokens, Wrong},
};
use crate::codec::{MapKey, Wire};

mod object;

pub use object::{Array, Object};

/// How deep objects and arrays may nest: a peer must not exhaust the stack.
pub const MAX_DEPTH: u8 = 96;

/// Reads values out of one JSON text.
#[derive(Debug)]
pub struct Reader<'a> {
    /// What of the text is UTF-8.
    text: &'a str,
    /// Whether that is not all.
    is_cut: bool,
    tokens: Tokens<'a>,
    /// The last text that was written with escapes, without them.
    unescaped: String,
    depth: u8,
}

impl<'a> Reader<'a> {
    /// A reader at the start of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        let text = str::from_utf8(bytes).unwrap_or_else(|error| {
            // Read up to there, so that what is wrong before is found first.
            str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
        });
        Self {
            text,
            is_cut: text.len() < bytes.len(),
            tokens: Tokens::new(text.as_bytes()),
            unescaped: String::new(),
            depth: 0,
        }
    }

    /// Makes sure that nothing follows the value.
    ///
    /// # Errors
    /// When something but white space does.
    pub fn finish(&mut self) -> Result<(), DecodeError> {
        match self.tokens.finish() {
            Ok(()) if self.is_cut => Err(self.wrong(Wrong::End)),
            Ok(()) => Ok(()),
            Err(wrong) => Err(self.wrong(wrong)),
        }
    }

    /// How much has been read.
    fn at(&self) -> usize {
        self.text.len() - self.tokens.rest().len()
    }

    /// Reads `null` if that is what comes next.
    ///
    /// # Errors
    /// When the text ends or is not JSON.
    pub fn null(&mut self) -> Result<bool, DecodeError> {
        match self.tokens.peek() {
            Some(b'n') => self.word(b"null").map(|()| true),
            Some(_) => Ok(false),
            None => Err(self.wrong(Wrong::End)),
        }
    }

    /// Reads `true` or `false`.
    ///
    /// # Errors
    /// When something else comes next.
    pub fn bool(&mut self) -> Result<bool, DecodeError> {
        match self.tokens.peek() {
            Some(b't') => self.word(b"true").map(|()| true),
            Some(b'f') => self.word(b"false").map(|()| false),
            _ => Err(self.unexpected("bool")),
        }
    }

    /// Reads an integer from `least` to `greatest`.
    ///
    /// # Errors
    /// When something else comes next, or a number with a fraction, or one out of range.
    pub fn integer(&mut self, least: i64, greatest: i64) -> Result<i64, DecodeError> {
        self.tokens.peek();
        let start = self.tokens;
        let is_negative = self.tokens.pass_if(b'-');
        if let Some(digits) = self.tokens.natural() {
            let found = digits as i64;
            let found = if is_negative { -found } else { found };
            if (least..=greatest).contains(&found) {
                return Ok(found);
            }
        }
        self.tokens = start;
        self.any_integer(least, greatest)
    }

    #[cold]
    fn any_integer(&mut self, least: i64, greatest: i64) -> Result<i64, DecodeError> {
        let (text, is_integer) = self.number("int")?;
        if !is_integer {
            return Err(DecodeError::new("expected int, found float"));
        }
        match text.parse() {
            Ok(found) if (least..=greatest).contains(&found) => Ok(found),
            _ => Err(DecodeError::new(format!(
                "{} is out of range, expected an integer from {least} to {greatest}",
                short(text)
            ))),
        }
    }

    /// Reads an integer that is not negative.
    ///
    /// # Errors
    /// When something else comes next, or a number with a fraction, a sign, or beyond 2^64-1.
    pub fn unsigned(&mut self) -> Result<u64, DecodeError> {
        self.tokens.peek();
        match self.tokens.natural() {
            Some(found) => Ok(found),
            None => self.any_unsigned(),
        }
    }

    #[cold]
    fn any_unsigned(&mut self) -> Result<u64, DecodeError> {
        let (text, _) = self.number("int")?;
        text.parse().map_err(|_| {
            DecodeError::new(format!(
                "expected an integer from 0 to {}, found {}",
                u64::MAX,
                short(text)
            ))
        })
    }

    /// Reads a number.
    ///
    /// # Errors
    /// When something else comes next.
    pub fn float(&mut self) -> Result<f64, DecodeError> {
        let (text, _) = self.number("float")?;
        // Rust reads every number of JSON, as the nearest that there is.
        text.parse()
            .map_err(|_| DecodeError::new(format!("expected float, found {}", short(text))))
    }

    /// Reads text.
    ///
    /// # Errors
    /// When something else comes next, or text with half a surrogate pair,
    /// which JavaScript can hold and Rust cannot.
    pub fn string(&mut self) -> Result<&str, DecodeError> {
        if self.tokens.peek() != Some(b'"') {
            return Err(self.unexpected("string"));
        }
        self.tokens.pass(1);
        match self.rest_of_string() {
            Ok(text) => Ok(text.unwrap_or(&self.unescaped)),
            Err(wrong) => Err(self.wrong(wrong)),
        }
    }

    /// Whether text comes next.
    pub(crate) fn at_string(&mut self) -> Result<bool, DecodeError> {
        match self.tokens.peek() {
            Some(next) => Ok(next == b'"'),
            None => Err(self.wrong(Wrong::End)),
        }
    }

    /// Passes over the next value and returns its JSON.
    pub(crate) fn raw(&mut self) -> Result<&'a str, DecodeError> {
        self.tokens.peek();
        let start = self.at();
        self.skip()?;
        Ok(&self.text[start..self.at()])
    }

    /// Reads one of the names of an enum and returns its index; a name that is
    /// not known is `None`, and still to be read.
    ///
    /// # Errors
    /// When something but text comes next.
    pub fn variant(&mut self, names: &[&str]) -> Result<Option<usize>, DecodeError> {
        let before = self.tokens;
        let name = self.string()?;
        let found = names.iter().position(|known| *known == name);
        if found.is_none() {
            self.tokens = before;
        }
        Ok(found)
    }

    /// Finds the tag of the object that comes next, wherever in it the tag
    /// stands, without consuming anything: the index of its name, or `None` for
    /// a name that is not known.
    ///
    /// # Errors
    /// When something but an object comes next, or one without the tag.
    pub fn tag(&mut self, tag: &'static str, names: &[&str]) -> Result<Option<usize>, DecodeError> {
        let before = self.tokens;
        let found = self.find_tag(tag, names)?;
        self.tokens = before;
        Ok(found)
    }

    fn find_tag(
        &mut self,
        tag: &'static str,
        names: &[&str],
    ) -> Result<Option<usize>, DecodeError> {
        self.enter(b'{', "object")?;
        let mut is_first = true;
        // Senders write the tag first, so that this rarely reads any further.
        while !self.tokens.pass_name(tag, is_first) {
            let Some(name) = self.next_name(is_first)? else {
                return Err(DecodeError::new("missing").within(tag));
            };
            if name == tag {
                break;
            }
            self.skip()?;
            is_first = false;
        }
        let name = self.string().map_err(|error| error.within(tag))?;
        Ok(names.iter().position(|known| *known == name))
    }

    /// The error for a name that is none of `names`.
    #[cold]
    #[must_use]
    pub fn unknown_variant(names: &[&str]) -> DecodeError {
        DecodeError::new(format!(
            "unknown value, expected one of `{}`",
            names.join("`, `")
        ))
    }

    /// The error for a tag whose name is none of `names`.
    #[cold]
    #[must_use]
    pub fn unknown_tag(tag: &'static str, names: &[&str]) -> DecodeError {
        Self::unknown_variant(names).within(tag)
    }

    /// Enters an object with these fields. Others are passed over.
    ///
    /// What goes wrong in it ends it, and is told by [`Object::failure`].
    pub fn object<'r>(&'r mut self, names: &'static [&'static str]) -> Object<'r, 'a> {
        Object::enter(self, names)
    }

    /// Enters an array.
    ///
    /// # Errors
    /// When something else comes next, or it nests deeper than [`MAX_DEPTH`].
    pub fn array<'r>(&'r mut self) -> Result<Array<'r, 'a>, DecodeError> {
        Array::enter(self)
    }

    /// Reads an object as a map.
    ///
    /// # Errors
    /// When something else comes next, or a key or value is not of its type.
    pub fn map<K: MapKey, V: Wire>(
        &mut self,
        mut insert: impl FnMut(K, V),
    ) -> Result<(), DecodeError> {
        self.deeper(b'{', "object")?;
        let mut next = self.next_name(true)?.map(str::to_owned);
        while let Some(text) = next {
            let key = K::read_key(&text).ok_or_else(|| {
                DecodeError::new("the key is not of the map's key type").within(&text)
            })?;
            insert(key, V::decode(self).map_err(|error| error.within(&text))?);
            next = self.next_name(false)?.map(str::to_owned);
        }
        self.depth -= 1;
        Ok(())
    }

    /// Passes over the byte that begins a value of this type.
    #[inline]
    fn enter(&mut self, first: u8, expected: &str) -> Result<(), DecodeError> {
        if self.tokens.peek() != Some(first) {
            return Err(self.unexpected(expected));
        }
        self.tokens.pass(1);
        Ok(())
    }

    /// Enters an object or an array, one level deeper.
    fn deeper(&mut self, open: u8, expected: &str) -> Result<(), DecodeError> {
        self.enter(open, expected)?;
        if self.depth == MAX_DEPTH {
            return Err(self.wrong(Wrong::Depth));
        }
        self.depth += 1;
        Ok(())
    }

    /// The name of the next member of the object that was entered, past its colon.
    fn next_name(&mut self, is_first: bool) -> Result<Option<&str>, DecodeError> {
        match self.member(is_first) {
            Ok(Some(name)) => Ok(Some(name.unwrap_or(&self.unescaped))),
            Ok(None) => Ok(None),
            Err(wrong) => Err(self.wrong(wrong)),
        }
    }

    /// `Some(None)` is a name that was written with escapes.
    fn member(&mut self, is_first: bool) -> Result<Option<Option<&'a str>>, Wrong> {
        if !self.tokens.step(b'}', is_first)? {
            return Ok(None);
        }
        self.tokens.begin_name()?;
        let name = self.rest_of_string()?;
        self.tokens.colon()?;
        Ok(Some(name))
    }

    /// Reads a string, behind its first quote. `None` is one that was written
    /// with escapes, and is now in `unescaped`.
    #[inline]
    fn rest_of_string(&mut self) -> Result<Option<&'a str>, Wrong> {
        let start = self.at();
        let stop = self.tokens.stop();
        if stop == Some(b'"')
            && let Some(text) = self.text.get(start..self.at())
        {
            self.tokens.pass(1);
            return Ok(Some(text));
        }
        self.unescape(start, stop).map(|()| None)
    }

    /// Reads a string that begins at `start`, from its first escape on.
    #[inline(never)]
    fn unescape(&mut self, mut start: usize, mut stop: Option<u8>) -> Result<(), Wrong> {
        self.unescaped.clear();
        self.unescaped.reserve((self.text.len() - start).min(4096));
        loop {
            let plain = self.text.get(start..self.at());
            self.unescaped.push_str(plain.unwrap_or_default());
            if !self.tokens.pass_stop(stop)? {
                return Ok(());
            }
            self.unescaped.push(self.tokens.escape()?);
            start = self.at();
            stop = self.tokens.stop();
        }
    }

    /// Reads the text of a number, and whether it is an integer.
    fn number(&mut self, expected: &str) -> Result<(&'a str, bool), DecodeError> {
        let Some(b'-' | b'0'..=b'9') = self.tokens.peek() else {
            return Err(self.unexpected(expected));
        };
        let start = self.at();
        match self.tokens.number() {
            Ok(is_integer) => Ok((&self.text[start..self.at()], is_integer)),
            Err(wrong) => Err(self.wrong(wrong)),
        }
    }

    #[inline]
    fn word<const N: usize>(&mut self, word: &[u8; N]) -> Result<(), DecodeError> {
        self.tokens.word(word).map_err(|wrong| self.wrong(wrong))
    }

    fn skip(&mut self) -> Result<(), DecodeError> {
        self.tokens
            .skip(MAX_DEPTH - self.depth)
            .map_err(|wrong| self.wrong(wrong))
    }

    /// The error for a value of another type than `expected`.
    #[cold]
    fn unexpected(&mut self, expected: &str) -> DecodeError {
        match self.tokens.kind() {
            Ok(found) => DecodeError::new(format!("expected {expected}, found {found}")),
            Err(wrong) => self.wrong(wrong),
        }
    }

    /// The error for what is wrong where the tokens stand.
    #[cold]
    fn wrong(&self, wrong: Wrong) -> DecodeError {
        let wrong = match wrong {
            Wrong::Depth => {
                return DecodeError::new(format!("nested deeper than {MAX_DEPTH} levels"));
            }
            Wrong::End | Wrong::EndInString if self.is_cut => Wrong::Utf8,
            wrong => wrong,
        };
        DecodeError::new(format!("not JSON at byte {}: {wrong}", self.at()))
    }
}

/// The text of a number, which may be as long as a peer likes.
fn short(number: &str) -> String {
    match number.get(..40) {
        Some(start) if start.len() < number.len() => format!("{start}…"),
        _ => number.to_owned(),
    }
}
