//! Frames: what each says, and how it is written.

use bytes::BytesMut;

use super::{MAGIC, MAX_ROUTES, Malformed, VERSION, number};
use crate::{Encoding, Headers, REMAINING_MS, Request, TransportError};

const HELLO: u8 = 0;
const ROUTE: u8 = 1;
const REQUEST: u8 = 2;
const SEND: u8 = 3;
const VALUE: u8 = 4;
const END: u8 = 5;
const REPLY: u8 = 6;
const ERROR: u8 = 7;
const REFUSED: u8 = 8;
const CANCEL: u8 = 9;
const CREDIT: u8 = 10;
const GOAWAY: u8 = 11;

/// The upper four bits of a type say which fields a request has.
const WITH_TIME: u8 = 0x10;
const WITH_HEADERS: u8 = 0x20;
const WITH_STREAM: u8 = 0x40;
const WITH_NAME: u8 = 0x80;

/// The setting of a hello that says how long a frame may be.
const MAX_FRAME: u64 = 1;

/// What one side tells the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame<'a> {
    Hello(Hello),
    /// The next number stands for this route.
    Route {
        route: Route<'a>,
        /// That of the operation in the contract of who calls it.
        fingerprint: Option<&'a str>,
    },
    Request {
        call: u64,
        message: Message<'a>,
    },
    /// A message that is not answered.
    Send(Message<'a>),
    /// One value of a stream, in either direction.
    Value {
        call: u64,
        payload: &'a [u8],
    },
    /// The end of a stream, in either direction.
    End {
        call: u64,
    },
    Reply {
        call: u64,
        payload: &'a [u8],
    },
    /// What failed, as Nest's wire would say it: of a handler, or of a caller's stream.
    Error {
        call: u64,
        exception: &'a [u8],
    },
    Refused {
        call: u64,
        reason: Refusal,
    },
    /// The caller gives the call up; the server takes no more values of it.
    Cancel {
        call: u64,
    },
    /// So many more bytes of the call's stream may be sent.
    Credit {
        call: u64,
        bytes: u64,
    },
    /// No call is begun on this connection any more, and why.
    Goaway {
        reason: &'a [u8],
    },
}

/// The first frame of each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hello {
    /// The longest frame that this side reads.
    pub(crate) max_frame: usize,
}

/// An operation, and how its values are encoded on this connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route<'a> {
    pub(crate) encoding: Encoding,
    /// The pattern as JSON, as in Nest's packets.
    pub(crate) pattern: &'a [u8],
}

/// A request, one-way message or event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message<'a> {
    pub(crate) to: To<'a>,
    /// The milliseconds that the caller still waits, if it says so.
    pub(crate) remaining: Option<u64>,
    pub(crate) headers: Headers,
    /// Whether values follow in place of the payload.
    pub(crate) streams: bool,
    pub(crate) payload: &'a [u8],
}

/// Whom a message is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum To<'a> {
    /// A route by its number.
    Number(usize),
    /// A route that has none.
    Named(Route<'a>),
}

/// Why a request was not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    NoHandler,
    Overloaded,
    Stopping,
    /// A reason that came later than this version.
    Unknown,
}

impl<'a> Frame<'a> {
    /// Reads a frame, without its length. What stands behind the last field was
    /// added by a later version, and is passed over.
    pub(crate) fn parse(frame: &'a [u8]) -> Result<Self, Malformed> {
        let mut fields = Fields(frame);
        let kind = fields.byte()?;
        Ok(match kind {
            HELLO => Self::Hello(fields.hello()?),
            ROUTE => Self::Route {
                route: fields.route()?,
                fingerprint: fields.text_if_any()?,
            },
            VALUE => Self::Value {
                call: fields.number()?,
                payload: fields.0,
            },
            END => Self::End {
                call: fields.number()?,
            },
            REPLY => Self::Reply {
                call: fields.number()?,
                payload: fields.0,
            },
            ERROR => Self::Error {
                call: fields.number()?,
                exception: fields.0,
            },
            REFUSED => Self::Refused {
                call: fields.number()?,
                reason: Refusal::of(fields.number()?),
            },
            CANCEL => Self::Cancel {
                call: fields.number()?,
            },
            CREDIT => Self::Credit {
                call: fields.number()?,
                bytes: fields.number()?,
            },
            GOAWAY => Self::Goaway { reason: fields.0 },
            _ => match kind & 0x0F {
                REQUEST => Self::Request {
                    call: fields.number()?,
                    message: fields.message(kind)?,
                },
                SEND if kind & WITH_STREAM == 0 => Self::Send(fields.message(kind)?),
                _ => return Err(Malformed::Type(kind)),
            },
        })
    }
}

impl Refusal {
    fn of(number: u64) -> Self {
        match number {
            0 => Self::NoHandler,
            1 => Self::Overloaded,
            2 => Self::Stopping,
            _ => Self::Unknown,
        }
    }

    fn number(self) -> u64 {
        match self {
            Self::NoHandler => 0,
            Self::Overloaded => 1,
            Self::Stopping => 2,
            Self::Unknown => 3,
        }
    }
}

/// What is left of a frame.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn byte(&mut self) -> Result<u8, Malformed> {
        let (&byte, rest) = self.0.split_first().ok_or(Malformed::Truncated)?;
        self.0 = rest;
        Ok(byte)
    }

    fn number(&mut self) -> Result<u64, Malformed> {
        let (number, width) = number::read(self.0)?.ok_or(Malformed::Truncated)?;
        self.0 = &self.0[width..];
        Ok(number)
    }

    /// Bytes with their length before them.
    fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(self.number()?).map_err(|_| Malformed::Truncated)?;
        let (bytes, rest) = self
            .0
            .split_at_checked(length)
            .ok_or(Malformed::Truncated)?;
        self.0 = rest;
        Ok(bytes)
    }

    fn text(&mut self) -> Result<&'a str, Malformed> {
        str::from_utf8(self.bytes()?).map_err(|_| Malformed::Text)
    }

    /// A text that may be left out at the end of a frame.
    fn text_if_any(&mut self) -> Result<Option<&'a str>, Malformed> {
        if self.0.is_empty() {
            return Ok(None);
        }
        self.text().map(Some)
    }

    fn encoding(&mut self) -> Result<Encoding, Malformed> {
        match self.number()? {
            0 => Ok(Encoding::Json),
            1 => Ok(Encoding::Protobuf),
            other => Err(Malformed::Encoding(other)),
        }
    }

    fn route(&mut self) -> Result<Route<'a>, Malformed> {
        Ok(Route {
            encoding: self.encoding()?,
            pattern: self.bytes()?,
        })
    }

    fn hello(&mut self) -> Result<Hello, Malformed> {
        let version = self.number()?;
        if version != VERSION {
            return Err(Malformed::Version(version));
        }
        let mut hello = Hello {
            max_frame: usize::MAX,
        };
        while !self.0.is_empty() {
            let (setting, value) = (self.number()?, self.number()?);
            if setting == MAX_FRAME {
                hello.max_frame = usize::try_from(value).unwrap_or(usize::MAX);
            }
        }
        Ok(hello)
    }

    fn message(&mut self, kind: u8) -> Result<Message<'a>, Malformed> {
        let has = |flag: u8| kind & flag != 0;
        let to = if has(WITH_NAME) {
            To::Named(self.route()?)
        } else {
            let number = self.number()?;
            let known = usize::try_from(number)
                .ok()
                .filter(|known| *known < MAX_ROUTES);
            To::Number(known.ok_or(Malformed::Route(number))?)
        };
        let remaining = if has(WITH_TIME) {
            Some(self.number()?)
        } else {
            None
        };
        let headers = if has(WITH_HEADERS) {
            self.headers()?
        } else {
            Headers::new()
        };
        Ok(Message {
            to,
            remaining,
            headers,
            streams: has(WITH_STREAM),
            payload: self.0,
        })
    }

    fn headers(&mut self) -> Result<Headers, Malformed> {
        let mut headers = Headers::new();
        for _ in 0..self.number()? {
            let (name, value) = (self.text()?, self.text()?);
            if headers.len() < Headers::MAX {
                headers.set(name.to_owned(), value);
            }
        }
        Ok(headers)
    }
}

/// The fields of a frame that are before its last ones, and room for its length.
struct Head {
    bytes: [u8; Self::LENGTH + 1 + 3 * number::LONGEST],
    end: usize,
}

impl Head {
    /// Where the length ends and the body begins.
    const LENGTH: usize = number::LONGEST;

    fn new(kind: u8) -> Self {
        let mut bytes = [0; Self::LENGTH + 1 + 3 * number::LONGEST];
        bytes[Self::LENGTH] = kind;
        Self {
            bytes,
            end: Self::LENGTH + 1,
        }
    }

    /// A route, but for the bytes of its pattern.
    fn route(self, route: &Route<'_>) -> Self {
        let encoding = match route.encoding {
            Encoding::Json => 0,
            Encoding::Protobuf => 1,
        };
        self.number(encoding).number(route.pattern.len() as u64)
    }

    #[inline]
    fn number(mut self, number: u64) -> Self {
        self.end += number::write(&mut self.bytes[self.end..], number);
        self
    }

    #[inline]
    fn write(mut self, out: &mut BytesMut, rest: &[&[u8]]) {
        let behind: usize = rest.iter().map(|part| part.len()).sum();
        let length = (self.end - Self::LENGTH + behind) as u64;
        let start = Self::LENGTH - number::width(length);
        number::write(&mut self.bytes[start..], length);
        out.reserve(self.end - start + behind);
        out.extend_from_slice(&self.bytes[start..self.end]);
        for part in rest {
            out.extend_from_slice(part);
        }
    }
}

/// Begins a connection.
pub(crate) fn write_hello(out: &mut BytesMut, hello: Hello) {
    out.extend_from_slice(&MAGIC);
    let head = Head::new(HELLO).number(VERSION).number(MAX_FRAME);
    head.number(hello.max_frame as u64).write(out, &[]);
}

/// Gives a route the next number, and says the fingerprint of its operation.
pub(crate) fn write_route(out: &mut BytesMut, route: &Route<'_>, fingerprint: &str) {
    let mut length = [0; number::LONGEST];
    let width = number::write(&mut length, fingerprint.len() as u64);
    let parts = [route.pattern, &length[..width], fingerprint.as_bytes()];
    Head::new(ROUTE).route(route).write(out, &parts);
}

/// What a frame may have besides a payload, but for the headers of a request.
const MAX_HEAD: usize = 64;

/// Whether a payload can be sent to a peer that reads frames of so many bytes.
pub(crate) fn fits(payload: usize, max_frame: usize) -> Result<(), TransportError> {
    let limit = max_frame.saturating_sub(MAX_HEAD);
    if payload <= limit {
        return Ok(());
    }
    Err(TransportError::TooLarge {
        size: payload,
        limit,
        unit: "bytes",
    })
}

/// Writes a request, or without a call a message that is not answered.
pub(crate) fn write_message(
    out: &mut BytesMut,
    request: &Request,
    call: Option<u64>,
    to: &To<'_>,
    streams: bool,
) {
    let mut headers = Vec::new();
    let remaining = if request.headers.is_empty() {
        None
    } else {
        write_headers(&mut headers, &request.headers)
    };
    let mut kind = if call.is_some() { REQUEST } else { SEND };
    let mut set = |flag: u8, is_set: bool| kind |= if is_set { flag } else { 0 };
    set(WITH_TIME, remaining.is_some());
    set(WITH_HEADERS, !headers.is_empty());
    set(WITH_STREAM, streams);
    set(WITH_NAME, matches!(to, To::Named(_)));
    let mut head = Head::new(kind);
    if let Some(call) = call {
        head = head.number(call);
    }
    let (head, pattern): (_, &[u8]) = match to {
        To::Number(number) => (head.number(*number as u64), b""),
        To::Named(route) => (head.route(route), route.pattern),
    };
    // As most are: nothing stands between the numbers and the payload.
    if kind & (WITH_TIME | WITH_HEADERS | WITH_NAME) == 0 {
        return head.write(out, &[&request.payload]);
    }
    let mut time = [0; number::LONGEST];
    let width = remaining.map_or(0, |remaining| number::write(&mut time, remaining));
    head.write(out, &[pattern, &time[..width], &headers, &request.payload]);
}

/// Writes headers, if there are any, and returns the remaining time among them,
/// which has a field of its own.
fn write_headers(out: &mut Vec<u8>, headers: &Headers) -> Option<u64> {
    let time = headers.get(REMAINING_MS).and_then(|time| time.parse().ok());
    let is_field = |name: &str| time.is_none() || name != REMAINING_MS;
    let count = headers.len() - usize::from(time.is_some());
    if count > 0 {
        let mut put = |number: usize, text: &str| {
            let mut bytes = [0; number::LONGEST];
            let width = number::write(&mut bytes, number as u64);
            out.extend_from_slice(&bytes[..width]);
            out.extend_from_slice(text.as_bytes());
        };
        put(count, "");
        for (name, value) in headers.iter().filter(|(name, _)| is_field(name)) {
            put(name.len(), name);
            put(value.len(), value);
        }
    }
    time
}

pub(crate) fn write_value(out: &mut BytesMut, call: u64, payload: &[u8]) {
    Head::new(VALUE).number(call).write(out, &[payload]);
}

pub(crate) fn write_end(out: &mut BytesMut, call: u64) {
    Head::new(END).number(call).write(out, &[]);
}

pub(crate) fn write_reply(out: &mut BytesMut, call: u64, payload: &[u8]) {
    Head::new(REPLY).number(call).write(out, &[payload]);
}

pub(crate) fn write_error(out: &mut BytesMut, call: u64, exception: &str) {
    let head = Head::new(ERROR).number(call);
    head.write(out, &[exception.as_bytes()]);
}

pub(crate) fn write_refused(out: &mut BytesMut, call: u64, reason: Refusal) {
    let head = Head::new(REFUSED).number(call);
    head.number(reason.number()).write(out, &[]);
}

pub(crate) fn write_cancel(out: &mut BytesMut, call: u64) {
    Head::new(CANCEL).number(call).write(out, &[]);
}

pub(crate) fn write_credit(out: &mut BytesMut, call: u64, bytes: usize) {
    let head = Head::new(CREDIT).number(call).number(bytes as u64);
    head.write(out, &[]);
}

pub(crate) fn write_goaway(out: &mut BytesMut, reason: &str) {
    Head::new(GOAWAY).write(out, &[reason.as_bytes()]);
}
