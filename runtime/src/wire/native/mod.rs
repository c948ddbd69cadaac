//! anywire's own binary wire. `docs/native-tcp.md` says what stands where.

pub(crate) mod frame;
pub(crate) mod inbox;
mod number;

/// What both sides of a connection send first. A frame of Nest's wire begins
/// with digits or white space, never with a zero.
pub(crate) const MAGIC: [u8; 8] = *b"\0anywire";

/// The version of the wire that is spoken here.
pub(crate) const VERSION: u64 = 1;

/// The routes that a connection knows by number, at most.
pub(crate) const MAX_ROUTES: usize = 4096;

/// How many bytes of one stream may be sent before the other side says more.
pub(crate) const FIRST_CREDIT: usize = 64 * 1024;

/// What a value of a stream costs of that, besides its bytes.
pub(crate) const VALUE_COST: usize = 64;

/// Input that is not of this wire. The connection it came on cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Malformed {
    #[error("a connection begins with `\\0anywire`")]
    Magic,
    #[error("version {0} of the wire, which is not spoken here")]
    Version(u64),
    #[error("a frame of {size} bytes, more than the {max} that are allowed")]
    TooLarge { size: u64, max: usize },
    #[error("a frame ends before its last field")]
    Truncated,
    #[error("a number of more than 64 bits")]
    Number,
    #[error("a text that is not UTF-8")]
    Text,
    #[error("no frame has the type {0:#04x}")]
    Type(u8),
    #[error("no encoding has the number {0}")]
    Encoding(u64),
    #[error("a frame that this side does not send, or not now")]
    Unexpected,
    #[error("call {0} is under way already")]
    SameCall(u64),
    #[error("there is no route {0}")]
    Route(u64),
    #[error("more bytes of a stream than were allowed")]
    Credit,
}

#[cfg(test)]
mod tests;
