//! The vocabulary of the contract language that Rust's own library lacks.
//!
//! Small types with one text form each, and conversions to the crates that
//! compute with them.

use std::{fmt, str::FromStr, time};

/// A text that is not of the type it was parsed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {0}")]
pub struct ParseError(&'static str);

/// A point in time, in nanoseconds since 1970: `2026-01-31T12:00:00Z` (RFC 3339) on the wire.
///
/// ```
/// use anywire::Timestamp;
///
/// let noon: Timestamp = "2026-01-31T13:00:00+01:00".parse()?;
/// assert_eq!(noon.to_string(), "2026-01-31T12:00:00Z");
/// # Ok::<(), anywire::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// The time now, by the clock of the system.
    #[must_use]
    pub fn now() -> Self {
        Self::from(time::SystemTime::now())
    }

    /// A time by its distance from 1970 in milliseconds, as JavaScript counts;
    /// beyond the years -9999 to 9999 it is the nearest that can be held.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self(
            jiff::Timestamp::from_millisecond(millis).unwrap_or(if millis < 0 {
                jiff::Timestamp::MIN
            } else {
                jiff::Timestamp::MAX
            }),
        )
    }

    /// The distance from 1970 in whole milliseconds, as JavaScript counts.
    #[must_use]
    pub fn as_millis(self) -> i64 {
        self.0.as_millisecond()
    }

    /// Whole seconds since 1970, and the nanoseconds after them.
    pub(crate) fn parts(self) -> (i64, i32) {
        let (seconds, nanos) = (self.0.as_second(), self.0.subsec_nanosecond());
        if nanos < 0 {
            (seconds - 1, nanos + 1_000_000_000)
        } else {
            (seconds, nanos)
        }
    }

    /// The time of these; `None` beyond the years -9999 to 9999.
    pub(crate) fn of_parts(seconds: i64, nanos: i32) -> Option<Self> {
        jiff::Timestamp::new(seconds, nanos).ok().map(Self)
    }
}

impl From<time::SystemTime> for Timestamp {
    fn from(time: time::SystemTime) -> Self {
        Self(jiff::Timestamp::try_from(time).unwrap_or(jiff::Timestamp::MAX))
    }
}

impl From<Timestamp> for time::SystemTime {
    fn from(timestamp: Timestamp) -> Self {
        let distance = timestamp.0.duration_since(jiff::Timestamp::UNIX_EPOCH);
        let length = distance.unsigned_abs();
        if distance.is_negative() {
            Self::UNIX_EPOCH - length
        } else {
            Self::UNIX_EPOCH + length
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Timestamp {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.parse()
            .map(Self)
            .map_err(|_| ParseError("an RFC 3339 timestamp"))
    }
}

/// A length of time, never negative: seconds with a fraction, `"1.5s"`, on the wire.
///
/// ```
/// use anywire::Duration;
///
/// let pause: Duration = "1.5s".parse()?;
/// assert_eq!(std::time::Duration::from(pause).as_millis(), 1500);
/// # Ok::<(), anywire::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration(time::Duration);

impl Duration {
    /// A duration in milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(time::Duration::from_millis(millis))
    }
}

impl From<time::Duration> for Duration {
    fn from(duration: time::Duration) -> Self {
        Self(duration)
    }
}

impl From<Duration> for time::Duration {
    fn from(duration: Duration) -> Self {
        duration.0
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.as_secs())?;
        if self.0.subsec_nanos() != 0 {
            let nanos = format!("{:09}", self.0.subsec_nanos());
            write!(f, ".{}", nanos.trim_end_matches('0'))?;
        }
        f.write_str("s")
    }
}

impl FromStr for Duration {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        const EXPECTED: ParseError = ParseError("seconds such as \"1.5s\"");
        let number = text.strip_suffix('s').ok_or(EXPECTED)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        if !is_digits(whole) || !is_digits(fraction) || fraction.len() > 9 {
            return Err(EXPECTED);
        }
        let seconds = whole.parse().map_err(|_| EXPECTED)?;
        let nanos = format!("{fraction:0<9}").parse().map_err(|_| EXPECTED)?;
        Ok(Self(time::Duration::new(seconds, nanos)))
    }
}

/// A day of the calendar: `"2026-01-31"` on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// A day by its year, month and day of the month; `None` if there is no such day.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().map(Self)
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, from 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, from 1 to 31.
    #[must_use]
    pub fn day(self) -> i8 {
        self.0.day()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Date {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        const EXPECTED: ParseError = ParseError("a date such as \"2026-01-31\"");
        // The parser would take a time behind the date as well.
        if text.len() != 10 {
            return Err(EXPECTED);
        }
        text.parse().map(Self).map_err(|_| EXPECTED)
    }
}

/// A decimal number, exact: its text, such as `"12.50"`, on the wire.
///
/// Kept as text, for whichever decimal library the service computes with.
/// Compared by value: `1.5` and `1.50` are equal.
#[derive(Debug, Clone)]
pub struct Decimal(Box<str>);

impl Decimal {
    /// The text: digits with an optional sign and fraction.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Sign, digits before the point without leading zeros, digits after it without trailing ones.
    fn parts(&self) -> (bool, &str, &str) {
        let digits = self.0.trim_start_matches('-');
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let (whole, fraction) = (
            whole.trim_start_matches('0'),
            fraction.trim_end_matches('0'),
        );
        let negative = self.0.starts_with('-') && !(whole.is_empty() && fraction.is_empty());
        (negative, whole, fraction)
    }
}

/// A decimal of a contract, whose compiler has proved the text.
#[must_use]
pub fn decimal(text: &'static str) -> Decimal {
    Decimal(text.into())
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let ((negative, whole, fraction), (other_negative, other_whole, other_fraction)) =
            (self.parts(), other.parts());
        let size =
            (whole.len(), whole, fraction).cmp(&(other_whole.len(), other_whole, other_fraction));
        match (negative, other_negative) {
            (false, false) => size,
            (true, true) => size.reverse(),
            (true, false) => std::cmp::Ordering::Less,
            (false, true) => std::cmp::Ordering::Greater,
        }
    }
}

impl std::hash::Hash for Decimal {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Decimal {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        if is_digits(whole) && is_digits(fraction) {
            Ok(Self(text.into()))
        } else {
            Err(ParseError("a decimal such as \"12.50\""))
        }
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Any JSON value, for what a contract cannot or does not want to type.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Json(pub serde_json::Value);

impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        Self(value)
    }
}

/// A variant that this version of the contract does not know, of an enum that may grow.
///
/// It is kept as it came and written back the same. What it is cannot be asked,
/// so that code does not break when the contract later names it. One that came
/// in another encoding than it is to leave in cannot be written: JSON refuses
/// it, and protobuf has nothing there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unrecognized(Kept);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Kept {
    Json(Box<str>),
    /// The number of a value.
    Value(i32),
    /// The number of a variant, and the message that holds it.
    Message(u32, Box<[u8]>),
}

impl Unrecognized {
    pub(crate) fn value(number: i32) -> Self {
        Self(Kept::Value(number))
    }

    pub(crate) fn message(variant: u32, message: &[u8]) -> Self {
        Self(Kept::Message(variant, message.into()))
    }

    pub(crate) fn as_value(&self) -> Option<i32> {
        match self.0 {
            Kept::Value(number) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn as_message(&self) -> Option<&[u8]> {
        match &self.0 {
            Kept::Message(_, message) => Some(message),
            _ => None,
        }
    }
}

impl fmt::Display for Unrecognized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kept::Json(json) => f.write_str(json),
            Kept::Value(number) => number.fmt(f),
            Kept::Message(variant, _) => variant.fmt(f),
        }
    }
}

impl crate::Wire for Unrecognized {
    fn encode(&self, to: &mut crate::json::Writer) {
        match &self.0 {
            Kept::Json(json) => to.raw(json.as_bytes()),
            Kept::Value(_) | Kept::Message(..) => {
                to.null();
                to.fail(|| format!("a variant known by its number {self} only has no JSON"));
            }
        }
    }

    fn decode(from: &mut crate::json::Reader<'_>) -> Result<Self, crate::DecodeError> {
        from.raw().map(|raw| Self(Kept::Json(raw.into())))
    }
}
