//! JSON text into values.

use std::fmt;

use jiter::{Jiter, JiterError, JiterErrorType, NumberInt, Peek};

use crate::codec::{MapKey, Wire};

/// How deep objects and arrays may nest: a peer must not exhaust the stack.
pub const MAX_DEPTH: u8 = 96;

/// Bytes that are not a value of the expected type: where, and why.
///
/// The place is a JSON pointer (RFC 6901) into the value that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError(Box<Fault>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    // Innermost first: each level adds itself while the error travels up.
    path: Vec<String>,
    reason: String,
}

impl DecodeError {
    /// An error at the current place; the levels above add where that is.
    #[cold]
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self(Box::new(Fault {
            path: Vec::new(),
            reason: reason.into(),
        }))
    }

    /// Where: a JSON pointer, empty for the value itself.
    #[must_use]
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        for level in self.0.path.iter().rev() {
            pointer.push('/');
            pointer.push_str(&level.replace('~', "~0").replace('/', "~1"));
        }
        pointer
    }

    /// Why, without the place.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    #[cold]
    pub(in crate::codec) fn within(mut self, level: impl ToString) -> Self {
        self.0.path.push(level.to_string());
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.path.is_empty() {
            f.write_str(&self.0.reason)
        } else {
            write!(f, "at `{}`: {}", self.pointer(), self.0.reason)
        }
    }
}

impl std::error::Error for DecodeError {}

impl From<JiterError> for DecodeError {
    #[cold]
    fn from(error: JiterError) -> Self {
        match error.error_type {
            JiterErrorType::WrongType { expected, actual } => {
                Self::new(format!("expected {expected}, found {actual}"))
            }
            JiterErrorType::JsonError(fault) => {
                Self::new(format!("not JSON at byte {}: {fault}", error.index))
            }
        }
    }
}

/// Reads values out of one JSON text.
#[derive(Debug)]
pub struct Reader<'a> {
    json: Jiter<'a>,
    depth: u8,
}

impl<'a> Reader<'a> {
    /// A reader at the start of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            json: Jiter::new(bytes),
            depth: 0,
        }
    }

    /// Makes sure that nothing follows the value.
    ///
    /// # Errors
    /// When something but white space does.
    pub fn finish(&mut self) -> Result<(), DecodeError> {
        Ok(self.json.finish()?)
    }

    /// Reads `null` if that is what comes next.
    ///
    /// # Errors
    /// When the text ends or is not JSON.
    pub fn null(&mut self) -> Result<bool, DecodeError> {
        if self.json.peek()? != Peek::Null {
            return Ok(false);
        }
        self.json.known_null()?;
        Ok(true)
    }

    /// Reads `true` or `false`.
    ///
    /// # Errors
    /// When something else comes next.
    pub fn bool(&mut self) -> Result<bool, DecodeError> {
        Ok(self.json.next_bool()?)
    }

    /// Reads an integer from `least` to `greatest`.
    ///
    /// # Errors
    /// When something else comes next, or a number with a fraction, or one out of range.
    pub fn integer(&mut self, least: i64, greatest: i64) -> Result<i64, DecodeError> {
        let found = match self.json.next_int() {
            Ok(NumberInt::Int(found)) if (least..=greatest).contains(&found) => return Ok(found),
            Ok(NumberInt::Int(found)) => found.to_string(),
            Err(JiterError {
                error_type: JiterErrorType::JsonError(jiter::JsonErrorType::NumberOutOfRange),
                ..
            }) => {
                // The parser reads no more than 18 digits, and stands before them still.
                let digits = str::from_utf8(self.json.next_number_bytes()?).unwrap_or_default();
                match digits.parse() {
                    Ok(found) if (least..=greatest).contains(&found) => return Ok(found),
                    Ok(found) => found.to_string(),
                    // As long as a peer likes.
                    Err(_) => "the number".to_owned(),
                }
            }
            Err(error) => return Err(error.into()),
        };
        Err(DecodeError::new(format!(
            "{found} is out of range, expected an integer from {least} to {greatest}"
        )))
    }

    /// Reads an integer that is not negative.
    ///
    /// # Errors
    /// When something else comes next, or a number with a fraction, a sign, or beyond 2^64-1.
    pub fn unsigned(&mut self) -> Result<u64, DecodeError> {
        let text = str::from_utf8(self.json.next_number_bytes()?).unwrap_or_default();
        text.parse().map_err(|_| {
            DecodeError::new(format!(
                "expected an integer from 0 to {}, found {text}",
                u64::MAX
            ))
        })
    }

    /// Reads a number.
    ///
    /// # Errors
    /// When something else comes next.
    pub fn float(&mut self) -> Result<f64, DecodeError> {
        Ok(self.json.next_float()?)
    }

    /// Reads text.
    ///
    /// # Errors
    /// When something else comes next, or text with half a surrogate pair,
    /// which JavaScript can hold and Rust cannot.
    pub fn string(&mut self) -> Result<&str, DecodeError> {
        Ok(self.json.next_str()?)
    }

    /// Whether text comes next.
    pub(crate) fn at_string(&mut self) -> Result<bool, DecodeError> {
        Ok(self.json.peek()? == Peek::String)
    }

    /// Passes over the next value and returns its JSON.
    pub(crate) fn raw(&mut self) -> Result<&'a [u8], DecodeError> {
        self.json.peek()?;
        let start = self.json.current_index();
        self.json.next_skip()?;
        Ok(self.json.slice_to_current(start))
    }

    /// Reads one of the names of an enum and returns its index; a name that is
    /// not known is `None`, and still to be read.
    ///
    /// # Errors
    /// When something but text comes next.
    pub fn variant(&mut self, names: &[&str]) -> Result<Option<usize>, DecodeError> {
        let before = self.json.clone();
        let name = self.json.next_str()?;
        let found = names.iter().position(|known| *known == name);
        if found.is_none() {
            self.json = before;
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
        // Senders write the tag first, so that this rarely reads any further.
        let mut ahead = self.json.clone();
        let mut key = ahead.next_object()?;
        while let Some(found) = key {
            if found == tag {
                let name = ahead
                    .next_str()
                    .map_err(|error| DecodeError::from(error).within(tag))?;
                return Ok(names.iter().position(|known| *known == name));
            }
            ahead.next_skip()?;
            key = ahead.next_key()?;
        }
        Err(DecodeError::new("missing").within(tag))
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
        let error = self.deeper().err();
        Object {
            reader: self,
            names,
            at: 0,
            expected: 0,
            seen: 0,
            entered: false,
            ended: error.is_some(),
            error,
        }
    }

    /// Enters an array.
    ///
    /// # Errors
    /// When something else comes next, or it nests deeper than [`MAX_DEPTH`].
    pub fn array<'r>(&'r mut self) -> Result<Array<'r, 'a>, DecodeError> {
        self.deeper()?;
        Ok(Array {
            reader: self,
            entered: false,
        })
    }

    /// Reads an object as a map.
    ///
    /// # Errors
    /// When something else comes next, or a key or value is not of its type.
    pub fn map<K: MapKey, V: Wire>(
        &mut self,
        mut insert: impl FnMut(K, V),
    ) -> Result<(), DecodeError> {
        self.deeper()?;
        let mut next = self.json.next_object()?.map(str::to_owned);
        while let Some(text) = next {
            let key = K::read_key(&text).ok_or_else(|| {
                DecodeError::new("the key is not of the map's key type").within(&text)
            })?;
            insert(key, V::decode(self).map_err(|error| error.within(&text))?);
            next = self.json.next_key()?.map(str::to_owned);
        }
        self.depth -= 1;
        Ok(())
    }

    fn deeper(&mut self) -> Result<(), DecodeError> {
        if self.depth == MAX_DEPTH {
            return Err(DecodeError::new(format!(
                "nested deeper than {MAX_DEPTH} levels"
            )));
        }
        self.depth += 1;
        Ok(())
    }
}

/// An object that is being read, field by field, in whatever order they come.
///
/// An error ends the object and is kept until its end: generated code leaves
/// each decoding function in one place, which a compiler checks much faster
/// than one place a field.
#[derive(Debug)]
pub struct Object<'r, 'a> {
    reader: &'r mut Reader<'a>,
    names: &'static [&'static str],
    at: usize,
    // Fields mostly come in the order of the contract: the next one is tried first.
    expected: usize,
    // One bit for each of the first 128 fields.
    seen: u128,
    entered: bool,
    ended: bool,
    error: Option<DecodeError>,
}

impl Object<'_, '_> {
    /// The index of the next field that is known, or `None` at the end or
    /// after an error.
    pub fn next_field(&mut self) -> Option<usize> {
        if self.ended {
            return None;
        }
        match self.find_field() {
            Ok(Some(found)) => {
                self.at = found;
                self.expected = found + 1;
                self.seen |= 1_u128.checked_shl(found as u32).unwrap_or(0);
                Some(found)
            }
            Ok(None) => {
                self.reader.depth -= 1;
                self.ended = true;
                None
            }
            Err(error) => {
                self.error = Some(error);
                self.ended = true;
                None
            }
        }
    }

    fn find_field(&mut self) -> Result<Option<usize>, DecodeError> {
        loop {
            let json = &mut self.reader.json;
            // Keys are compared as they are written, which is rarely with an escape.
            let key = if self.entered {
                json.next_key_bytes()?
            } else {
                json.next_object_bytes()?
            };
            self.entered = true;
            let Some(key) = key else {
                return Ok(None);
            };
            let is_key = |name: &&str| name.as_bytes() == key;
            let found = if self.names.get(self.expected).is_some_and(is_key) {
                Some(self.expected)
            } else if key.contains(&b'\\') {
                unescaped(key).and_then(|key| self.names.iter().position(|name| *name == key))
            } else {
                self.names.iter().position(is_key)
            };
            if found.is_some() {
                return Ok(found);
            }
            json.next_skip()?;
        }
    }

    /// Reads the value of the field; of a field given twice, the last counts, as in JavaScript.
    pub fn read<T: Wire>(&mut self, slot: &mut Option<T>) {
        match T::decode(self.reader) {
            Ok(value) => *slot = Some(value),
            Err(error) => self.fail(error),
        }
    }

    /// Reads the value of an optional field, where `null` is the same as nothing.
    pub fn read_optional<T: Wire>(&mut self, slot: &mut Option<T>) {
        match Option::decode(self.reader) {
            Ok(value) => *slot = value,
            Err(error) => self.fail(error),
        }
    }

    /// Passes over the value of the field.
    pub fn skip(&mut self) {
        if let Err(error) = self.reader.json.next_skip() {
            self.fail(error.into());
        }
    }

    /// Whether nothing went wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.error.is_none()
    }

    /// What went wrong: the error, or else the first of these fields that is missing.
    #[cold]
    #[must_use]
    pub fn failure(self, required: &[usize]) -> DecodeError {
        if let Some(error) = self.error {
            return error;
        }
        let was_seen = |index: usize| index >= 128 || self.seen & (1 << index) != 0;
        match required.iter().find(|index| !was_seen(**index)) {
            Some(missing) => DecodeError::new("missing").within(self.names[*missing]),
            None => DecodeError::new("a field is missing"),
        }
    }

    /// Passes over everything that is left of the object.
    ///
    /// # Errors
    /// When something went wrong.
    pub fn finish(mut self) -> Result<(), DecodeError> {
        while self.next_field().is_some() {
            self.skip();
        }
        self.error.map_or(Ok(()), Err)
    }

    #[cold]
    fn fail(&mut self, error: DecodeError) {
        self.error = Some(match self.names.get(self.at) {
            Some(name) => error.within(name),
            None => error,
        });
        self.ended = true;
    }
}

/// The text of a key that is written with escapes.
#[cold]
fn unescaped(key: &[u8]) -> Option<String> {
    let quoted = [b"\"", key, b"\""].concat();
    Jiter::new(&quoted).next_str().map(str::to_owned).ok()
}

/// An array that is being read.
#[derive(Debug)]
pub struct Array<'r, 'a> {
    reader: &'r mut Reader<'a>,
    entered: bool,
}

impl Array<'_, '_> {
    /// Whether there is another item.
    ///
    /// # Errors
    /// When the text is not JSON, or not an array.
    pub fn next_item(&mut self) -> Result<bool, DecodeError> {
        let json = &mut self.reader.json;
        let item = if self.entered {
            json.array_step()?
        } else {
            json.next_array()?
        };
        self.entered = true;
        if item.is_none() {
            self.reader.depth -= 1;
        }
        Ok(item.is_some())
    }

    /// Reads the item; `index` only says where, should that fail.
    ///
    /// # Errors
    /// When it is not of the type.
    pub fn read<T: Wire>(&mut self, index: usize) -> Result<T, DecodeError> {
        T::decode(self.reader).map_err(|error| error.within(index))
    }
}
