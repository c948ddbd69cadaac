//! What transports can carry, as types.
//!
//! Each capability is one trait with one text, so that a contract bound to a
//! transport that cannot carry it is one compile error, where it is bound. An
//! operation asks for one capability only: the highest rung that it needs.
//!
//! Each transport implements what it carries. The guide's table, and the tests
//! of every cell of it, are made from these implementations.

/// Answers a request.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot carry `{Op}`: the contract asks for a reply",
    label = "this transport has no request and reply",
    note = "bind it to a transport that answers: Memory, Tcp, NativeTcp, Redis, Nats, RabbitMq, Kafka or Grpc"
)]
pub trait RequestReply<Op> {}

/// Answers a request with a stream of values.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot carry `{Op}`: the contract asks for a stream of replies",
    label = "this transport does not answer with streams",
    note = "bind it to a transport that does: Memory, Tcp, NativeTcp, Redis, Nats, RabbitMq, Kafka or Grpc"
)]
pub trait StreamsReplies<Op> {}

/// Takes a stream of values for a request.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot carry `{Op}`: the contract asks for a stream of requests",
    label = "this transport takes one value for a request",
    note = "bind it to a transport that takes streams: Memory, NativeTcp or Grpc"
)]
pub trait StreamsRequests<Op> {}

/// Streams both ways at the same time.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot carry `{Op}`: the contract asks for streams both ways",
    label = "this transport takes one value for a request",
    note = "bind it to a transport that streams both ways: Memory, NativeTcp or Grpc"
)]
pub trait StreamsBoth<Op> {}

/// Sends a one-way message or an event without a promise that it arrives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot carry `{Op}`: the contract asks for a transport that sends one way",
    label = "this transport cannot send without a reply",
    note = "bind it to a transport that does: Memory, Tcp, NativeTcp, Redis, RedisStreams, Nats, JetStream, RabbitMq, Kafka or Grpc"
)]
pub trait AtMostOnce<Op> {}

/// Confirms an event when it is stored, and delivers it until its handler has returned.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot carry `{Op}`: the contract asks for `delivery = at_least_once`",
    label = "this transport may lose events",
    note = "bind it to a transport that stores events: Memory, RedisStreams, JetStream, RabbitMq or Kafka",
    note = "or accept that events get lost: write `delivery = at_most_once` in the contract"
)]
pub trait AtLeastOnce<Op> {}

/// Delivers the events of one key in the order in which they were published.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot carry `{Op}`: the contract asks for events in the order of their `key`",
    label = "this transport does not keep the order of a key",
    note = "bind it to a transport that keeps it: Memory or Kafka",
    note = "or accept any order: drop `key` from the contract"
)]
pub trait KeyOrder<Op>: AtLeastOnce<Op> {}

/// An operation whose pattern, or whose `topic`, is the name of a Kafka topic.
///
/// Generated code implements it wherever that is so.
#[diagnostic::on_unimplemented(
    message = "`Kafka` cannot carry `{Self}`: its pattern is not the name of a topic",
    label = "this operation has no topic",
    note = "write `topic = \"..\"` beside the pattern in the contract: 1 to 249 of the characters `A-Z a-z 0-9 . _ -`",
    note = "or bind it to another transport: only Kafka needs a topic"
)]
pub trait HasTopic {}

/// An operation that can be encoded as protobuf.
///
/// Generated code implements it for every operation of a contract with
/// `encodings(json, proto)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be encoded as protobuf",
    label = "its contract has no numbers for it",
    note = "write `encodings(json, proto)` in `#![contract(..)]`; `anywire check` then names every number that is missing",
    note = "or bind it to a transport that carries JSON: all but Grpc do"
)]
pub trait HasProto {}

/// Everything that a service or an event asks for, on one transport.
///
/// Generated code implements it wherever the capabilities above allow.
pub trait CarriedBy<Profile> {}
