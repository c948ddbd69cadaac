//! Services, their operations, and the patterns of these.

use proc_macro2::Span;

use super::{Deprecated, Docs, Field, Name, Spanned, Type};

/// `#[service] pub trait Users { .. }`
#[derive(Debug, Clone)]
pub struct Service {
    /// Its name.
    pub name: Name,
    /// Its doc comment.
    pub docs: Docs,
    /// Whether callers are warned.
    pub deprecated: Option<Deprecated>,
    /// `#[service(version = 1)]`.
    pub version: Option<u32>,
    /// Messages and events in the order of the file.
    pub operations: Vec<Operation>,
}

/// One operation of a service.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its name. `#[name]` sets `wire`.
    pub name: Name,
    /// Its doc comment.
    pub docs: Docs,
    /// Whether callers are warned.
    pub deprecated: Option<Deprecated>,
    /// Who sends and who answers.
    pub kind: OperationKind,
    /// What is matched on the wire.
    pub pattern: Spanned<Pattern>,
    /// The arguments in the pattern's wildcards, with their places.
    pub wildcards: Vec<Spanned<String>>,
    /// The arguments in order. With `#[payload]` or a stream there is exactly one.
    pub args: Vec<Field>,
    /// The type of a reply, or of an item of the replies; `()` if the contract
    /// writes no return.
    pub returns: Type,
    /// `-> Stream<User>`: any number of replies, and `returns` is the type of one.
    pub streams_reply: Option<Span>,
    /// The declared error enum.
    pub error: Option<Type>,
    /// `timeout = "2s"`, in milliseconds. It bounds a whole stream, which has
    /// no timeout unless it is written.
    pub timeout_ms: Option<Spanned<u64>>,
    /// `idempotent`.
    pub idempotent: Option<Span>,
    /// `delivery = at_least_once`, of events only.
    pub delivery: Delivery,
    /// `key = user_id`: the argument that orders an event.
    pub key: Option<Spanned<String>>,
    /// `topic = "users-get"`: what Kafka calls it, where the route is no topic
    /// or another is wanted.
    pub topic: Option<Spanned<String>>,
    /// `grpc = "Users/GetUser"`, of files that are encoded as protobuf.
    pub grpc: Option<Spanned<GrpcMethod>>,
}

/// A method of gRPC, without its package.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GrpcMethod {
    /// `Users`
    pub service: String,
    /// `GetUser`
    pub method: String,
}

impl Operation {
    /// The argument whose items are sent one at a time.
    pub fn upstream(&self) -> Option<&Field> {
        self.args.iter().find(|arg| arg.stream.is_some())
    }

    /// Whether anything about it is a stream.
    pub fn is_stream(&self) -> bool {
        self.streams_reply.is_some() || self.upstream().is_some()
    }

    /// The one argument that is the whole payload, or each item of it.
    pub fn bare(&self) -> Option<&Field> {
        match &*self.args {
            [only] if only.payload.is_some() || only.stream.is_some() => Some(only),
            _ => None,
        }
    }
}

/// Who sends and who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    /// `#[message(..)]`: the service receives and answers.
    Message,
    /// `#[message(.., oneway)]`: the service receives and never answers.
    Oneway,
    /// `#[event(..)]`: the service publishes.
    Event,
}

/// How hard an event is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delivery {
    /// Sent, not stored.
    #[default]
    AtMostOnce,
    /// Confirmed by the broker, settled after the handler.
    AtLeastOnce,
}

/// A pattern as the user wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pattern {
    /// `"users.created"`
    Text(String),
    /// `"users.{role}.created"`, of events only: what stands between the dots.
    Wildcards(Vec<PatternPart>),
    /// `{ cmd: "get_user" }`, keys in the user's order.
    Object(Vec<(String, PatternValue)>),
}

/// What stands between two dots of a pattern with wildcards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternPart {
    /// `users`
    Text(String),
    /// `{role}`: the text of the argument of this name, which is also in the payload.
    Argument(String),
}

/// A value inside an object pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternValue {
    /// `"get_user"`
    Text(String),
    /// `42`
    Int(i64),
    /// `true`
    Bool(bool),
    /// `{ .. }`
    Object(Vec<(String, PatternValue)>),
}
