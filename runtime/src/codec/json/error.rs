//! What is wrong with a JSON text, and where.

use std::fmt;

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

    /// The error of a value, where it stands in the value around it.
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
