//! The `#[check]` rules of contracts, run by servers on what they received.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Display,
    ops::{Bound, RangeBounds},
    str::FromStr,
    sync::OnceLock,
};

use crate::{MapKey, Wire};

/// The most violations that one reply names. The rest is counted only.
pub const MAX_VIOLATIONS: usize = 64;

/// One value that does not satisfy the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Where: a JSON pointer (RFC 6901) into the payload.
    pub pointer: String,
    /// What is asked of the value, such as "must have 3 to 254 characters".
    pub message: String,
}

/// Collects every violation in a payload, so that the caller hears of all at once.
#[derive(Debug, Default)]
pub struct Violations {
    path: String,
    found: Vec<Violation>,
    left_out: usize,
}

impl Violations {
    /// What follows is about a field of the value in hand, until [`leave`](Self::leave).
    ///
    /// No closure: generated code has one of these a field, and would be
    /// compiled once for each of them.
    pub fn enter(&mut self, name: &str) {
        self.path.push('/');
        for part in name.chars() {
            match part {
                '~' => self.path.push_str("~0"),
                '/' => self.path.push_str("~1"),
                plain => self.path.push(plain),
            }
        }
    }

    /// What follows is about the value around the field.
    pub fn leave(&mut self) {
        // A slash in a name is escaped, so that the last one starts the field.
        self.path.truncate(self.path.rfind('/').unwrap_or_default());
    }

    /// Checks a field, at its place.
    pub fn field(&mut self, name: &str, check: impl FnOnce(&mut Self)) {
        self.enter(name);
        check(self);
        self.leave();
    }

    /// Checks what is inside an item of a list.
    pub fn item<T: Wire>(&mut self, index: usize, item: &T) {
        self.field(&index.to_string(), |violations| item.check(violations));
    }

    /// Checks what is inside the values of a map.
    pub fn entries<'a, K: MapKey, V: Wire>(
        &mut self,
        entries: impl Iterator<Item = (&'a K, &'a V)>,
    ) {
        for (key, value) in entries {
            let mut name = String::new();
            key.write_key(&mut name);
            self.field(&name, |violations| value.check(violations));
        }
    }

    /// `#[check(len = ..)]`
    pub fn len<T: Length>(&mut self, value: &T, allowed: impl RangeBounds<usize>) {
        if !allowed.contains(&value.length()) {
            self.add(format!("must have {} {}", describe(&allowed), T::UNIT));
        }
    }

    /// `#[check(range = ..)]`
    pub fn range<T: PartialOrd + Display>(&mut self, value: &T, allowed: impl RangeBounds<T>) {
        if !allowed.contains(value) {
            self.add(format!("must be {}", describe(&allowed)));
        }
    }

    /// `#[check(range = "0.01"..="99.99")]`, of types whose bounds are written as text.
    ///
    /// The contract compiler has proved the bounds; one that does not parse is not held against anybody.
    pub fn text_range<T: PartialOrd + Display + FromStr>(
        &mut self,
        value: &T,
        least: Option<&str>,
        greatest: Option<&str>,
    ) {
        let bound = |text: Option<&str>| match text.map(str::parse::<T>) {
            Some(Ok(bound)) => Bound::Included(bound),
            _ => Bound::Unbounded,
        };
        self.range(value, (bound(least), bound(greatest)));
    }

    /// `#[check(pattern = "..")]`
    pub fn pattern(&mut self, value: &str, pattern: &Pattern) {
        if !pattern.is_match(value) {
            self.add(format!("must match `{}`", pattern.text));
        }
    }

    /// `#[check(unique)]`
    pub fn unique<T: PartialEq>(&mut self, items: &[T]) {
        // Items need neither an order nor a hash, and lists of a contract are short.
        if (1..items.len()).any(|at| items[..at].contains(&items[at])) {
            self.add("must not have equal items".to_owned());
        }
    }

    /// Whether nothing was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Everything that was found, and how many were left out beyond [`MAX_VIOLATIONS`].
    #[must_use]
    pub fn finish(self) -> (Vec<Violation>, usize) {
        (self.found, self.left_out)
    }

    fn add(&mut self, message: String) {
        if self.found.len() < MAX_VIOLATIONS {
            self.found.push(Violation {
                pointer: self.path.clone(),
                message,
            });
        } else {
            self.left_out += 1;
        }
    }
}

fn describe<T: Display>(allowed: &impl RangeBounds<T>) -> String {
    match (allowed.start_bound(), allowed.end_bound()) {
        (Bound::Included(least), Bound::Included(greatest)) => format!("{least} to {greatest}"),
        (Bound::Included(least), _) => format!("at least {least}"),
        (_, Bound::Included(greatest)) => format!("at most {greatest}"),
        _ => "anything".to_owned(),
    }
}

/// What `len` counts.
pub trait Length {
    /// The word for one unit, in the plural.
    const UNIT: &'static str;

    /// How many there are.
    fn length(&self) -> usize;
}

/// Unicode code points.
impl Length for String {
    const UNIT: &'static str = "characters";

    fn length(&self) -> usize {
        self.chars().count()
    }
}

impl Length for bytes::Bytes {
    const UNIT: &'static str = "bytes";

    fn length(&self) -> usize {
        self.len()
    }
}

impl<T> Length for Vec<T> {
    const UNIT: &'static str = "items";

    fn length(&self) -> usize {
        self.len()
    }
}

impl<K, V> Length for BTreeMap<K, V> {
    const UNIT: &'static str = "entries";

    fn length(&self) -> usize {
        self.len()
    }
}

impl<K, V, S> Length for HashMap<K, V, S> {
    const UNIT: &'static str = "entries";

    fn length(&self) -> usize {
        self.len()
    }
}

/// A regular expression of a contract, compiled when it is first used.
#[derive(Debug)]
pub struct Pattern {
    text: &'static str,
    regex: OnceLock<Option<regex_lite::Regex>>,
}

impl Pattern {
    /// A pattern, which the contract compiler has proved to be valid.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self {
            text,
            regex: OnceLock::new(),
        }
    }

    fn is_match(&self, value: &str) -> bool {
        let regex = self
            .regex
            .get_or_init(|| regex_lite::Regex::new(self.text).ok());
        regex.as_ref().is_none_or(|regex| regex.is_match(value))
    }
}
