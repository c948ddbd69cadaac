//! What generated code says about each operation.

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;

use crate::{ContractError, DecodeError, Wire, check::Violations};

/// An operation of a contract: its types, and what the wire needs to know.
///
/// Generated code has one marker type an operation, which implements this.
pub trait Operation: Send + Sync + 'static {
    /// What the caller sends; if it streams, one of the values.
    type Request: Wire;
    /// What a handler answers; `()` if there is no answer. If it streams, one of the values.
    type Response: Wire;
    /// The declared errors; [`Infallible`] if there are none.
    type Error: ContractError;
    /// Name, route and options.
    const META: &'static Meta;
    /// How its values become protobuf; `None` in contracts that have no numbers for it.
    const PROTO: Option<&'static ProtoCodec<Self::Request, Self::Response, Self::Error>> = None;

    /// Notes every `#[check]` that the request does not satisfy.
    fn check(request: &Self::Request, violations: &mut Violations) {
        request.check(violations);
    }

    /// The text of what orders the message; `None` for all but keyed events.
    fn key(request: &Self::Request) -> Option<String> {
        let _ = request;
        None
    }

    /// The route with the values of its wildcards; `None` for all but events that have some.
    fn route(request: &Self::Request) -> Option<String> {
        let _ = request;
        None
    }
}

/// How the values of an operation become protobuf messages, and back.
///
/// A bare payload is wrapped in a message of its own, so that this is the
/// operation's business and not that of its types.
#[derive(Debug)]
pub struct ProtoCodec<Request, Response, Error> {
    /// Writes the request, or one of its values.
    pub encode_request: fn(&Request) -> Bytes,
    /// Reads it.
    pub decode_request: fn(&[u8]) -> Result<Request, DecodeError>,
    /// Writes the answer, or one of its values.
    pub encode_response: fn(&Response) -> Bytes,
    /// Reads it.
    pub decode_response: fn(&[u8]) -> Result<Response, DecodeError>,
    /// Writes the fields of a declared error as the message of its variant.
    pub encode_error: fn(&Error) -> ProtoDetails,
    /// Reads the error with this code from that message; `None` if there is no such error.
    pub decode_error: fn(&str, &[u8]) -> Result<Option<Error>, DecodeError>,
}

/// The fields of a declared error as a protobuf message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtoDetails {
    /// The message's full name: `acme.users.v1.UserError.NotFound`.
    pub name: String,
    /// The message.
    pub message: Bytes,
}

/// An event: a fact that a service publishes and others subscribe to.
///
/// An event's payload is its own marker.
pub trait Event: Operation<Request = Self, Response = (), Error = Infallible> + Wire {
    /// As [`Dispatch::DESCRIPTORS`](crate::Dispatch::DESCRIPTORS).
    const DESCRIPTORS: &'static [u8] = &[];
}

/// The constant facts of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// The package with its breaking version: `acme.users.v1`.
    pub package: &'static str,
    /// The service: `Users`.
    pub service: &'static str,
    /// The operation's name in the contract: `get_user`.
    pub name: &'static str,
    /// Who sends and who answers.
    pub kind: OperationKind,
    /// Which side sends any number of values in place of one.
    pub streams: Streams,
    /// The pattern as the contract writes it, as JSON: `{"cmd":"get_user"}`, `"math.sum"`.
    pub pattern: &'static str,
    /// The canonical route, which names channels, subjects, queues and topics:
    /// `{"cmd":"get_user"}`, `math.sum`. A wildcard stands in it as `{role}`.
    pub route: &'static str,
    /// The Kafka topic: the contract's `topic`, else the route where that is the
    /// name of a topic.
    pub topic: Option<&'static str>,
    /// The path of gRPC, `/acme.users.v1.Users/GetUser`, of messages in contracts
    /// that can be encoded as protobuf.
    pub grpc: Option<&'static str>,
    /// How long a caller waits unless it says otherwise; [`NO_TIMEOUT`] for streams.
    pub timeout: Duration,
    /// Whether it may be sent twice.
    pub idempotent: bool,
    /// Whether the JSON of what is sent is a text, if it is not `null`. Kafka
    /// has texts without quotes, so that nothing else tells them from the rest.
    pub request_is_text: bool,
    /// The same of what is answered.
    pub response_is_text: bool,
    /// How hard it is delivered.
    pub delivery: Delivery,
    /// A hash of what is on the wire, sixteen hexadecimal digits: the pattern,
    /// and names, numbers and types of all that is sent, answered and failed
    /// with. Peers whose fingerprints differ were compiled from contracts that do.
    pub fingerprint: &'static str,
}

impl Meta {
    /// Whether the route has wildcards: an event's text with `{role}` in it.
    #[must_use]
    pub fn has_wildcards(&self) -> bool {
        // The route of an object pattern has braces as well, but no text pattern has quotes.
        self.pattern.starts_with('"') && self.route.contains('{')
    }
}

#[cfg(all(test, any(feature = "_nest", feature = "_redis", feature = "grpc")))]
impl Meta {
    /// A message without options, for tests to fill in what they are about.
    pub(crate) const BLANK: Self = Self {
        package: "test.v1",
        service: "Test",
        name: "test",
        kind: OperationKind::Message,
        streams: Streams::Neither,
        pattern: "\"\"",
        route: "",
        topic: None,
        grpc: None,
        timeout: DEFAULT_TIMEOUT,
        idempotent: false,
        request_is_text: false,
        response_is_text: false,
        delivery: Delivery::AtMostOnce,
        fingerprint: "",
    };
}

/// How long a caller waits when neither contract nor call says otherwise: 10 seconds.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

/// The timeout of streams whose contract has none: they may last as long as they like.
pub const NO_TIMEOUT: Duration = Duration::MAX;

/// The timeout of a contract.
#[must_use]
pub const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Who sends and who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// The service receives and answers.
    Message,
    /// The service receives and never answers.
    Oneway,
    /// The service publishes.
    Event,
}

/// Which side of a message sends any number of values in place of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Streams {
    /// One value each.
    #[default]
    Neither,
    /// The handler answers with a stream.
    Replies,
    /// The caller sends a stream.
    Requests,
    /// Both stream, at the same time.
    Both,
}

impl Streams {
    /// Whether the handler answers with a stream.
    #[must_use]
    pub fn replies(self) -> bool {
        matches!(self, Self::Replies | Self::Both)
    }

    /// Whether the caller sends a stream.
    #[must_use]
    pub fn requests(self) -> bool {
        matches!(self, Self::Requests | Self::Both)
    }
}

/// How hard an operation is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Delivery {
    /// Sent, not stored.
    #[default]
    AtMostOnce,
    /// Confirmed by the transport, settled only after the handler returned.
    AtLeastOnce,
}
