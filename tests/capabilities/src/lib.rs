//! What each transport carries, as its type says.
//!
//! The table is asked of the types themselves, so that it cannot say anything
//! else than rustc. Its cells are shown in the guide; those that are denied have
//! a fixture in `refused/`, and those that are claimed have a check in the
//! conformance suite.

use anywire::{
    AnyTransport, AtLeastOnce, AtMostOnce, Context, Failure, Grpc, Incoming, JetStream, Kafka,
    KeyOrder, Memory, NativeTcp, Nats, On, RabbitMq, Redis, RedisStreams, RequestReply,
    StreamsBoth, StreamsReplies, StreamsRequests, Tcp, Values,
};

anywire::include_contracts!();

use carried::op::{Ask, Chat, Nameless, Upload, Watch};
use carried::{Ordered, Stored, Told};
use json::op::CountAll;

/// What an operation can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capability {
    /// The trait of the runtime.
    pub name: &'static str,
    /// What the guide calls it.
    pub title: &'static str,
    /// What the text of rustc calls it.
    pub asked: &'static str,
    /// The operation in the contract that asks for it.
    pub operation: &'static str,
}

const fn capability(
    name: &'static str,
    title: &'static str,
    asked: &'static str,
    operation: &'static str,
) -> Capability {
    Capability {
        name,
        title,
        asked,
        operation,
    }
}

/// The columns of the table.
#[rustfmt::skip]
pub const CAPABILITIES: [Capability; 7] = [
    capability("RequestReply", "reply", "a reply", "Ask"),
    capability("StreamsReplies", "stream of replies", "a stream of replies", "Watch"),
    capability("StreamsRequests", "stream of requests", "a stream of requests", "Upload"),
    capability("StreamsBoth", "streams both ways", "streams both ways", "Chat"),
    capability("AtMostOnce", "one-way messages and events", "a transport that sends one way", "Told"),
    capability("AtLeastOnce", "`at_least_once`", "`delivery = at_least_once`", "Stored"),
    capability("KeyOrder", "`key`", "events in the order of their `key`", "Ordered"),
];

/// What one transport carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Its type.
    pub transport: &'static str,
    /// Its page in the guide.
    pub page: Option<&'static str>,
    /// Whether it carries an operation that asks for the capability of each column.
    pub carries: [bool; CAPABILITIES.len()],
    /// Whether operations need the name of a topic.
    pub needs_topic: bool,
    /// Whether operations need numbers for protobuf.
    pub needs_proto: bool,
}

impl Row {
    /// Whether it carries operations that ask for this.
    #[must_use]
    pub fn carries(&self, capability: &Capability) -> bool {
        let mut cells = CAPABILITIES.iter().zip(self.carries);
        cells.any(|(column, carries)| carries && column == capability)
    }
}

/// Whether a type implements a trait: a function of the type itself is found
/// before one of a trait, if its bounds hold.
macro_rules! is {
    ($ty:ty: $bound:path) => {{
        #[allow(dead_code, reason = "one of the two")]
        struct Asked<T>(T);
        #[allow(dead_code, reason = "one of the two")]
        impl<T: $bound> Asked<T> {
            const YES: bool = true;
        }
        #[allow(dead_code, reason = "one of the two")]
        trait Otherwise {
            const YES: bool = false;
        }
        impl<T> Otherwise for Asked<T> {}
        <Asked<$ty>>::YES
    }};
}

macro_rules! rows {
    ($($transport:ident $page:expr,)+) => {
        [$(Row {
            transport: stringify!($transport),
            page: $page,
            carries: [
                is!($transport: RequestReply<Ask>),
                is!($transport: StreamsReplies<Watch>),
                is!($transport: StreamsRequests<Upload>),
                is!($transport: StreamsBoth<Chat>),
                is!($transport: AtMostOnce<Told>),
                is!($transport: AtLeastOnce<Stored>),
                is!($transport: KeyOrder<Ordered>),
            ],
            // Every transport sends one way, if it carries the operation at all.
            needs_topic: !is!($transport: AtMostOnce<Nameless>),
            needs_proto: !is!($transport: AtMostOnce<CountAll>),
        }),+]
    };
}

/// The table.
pub const TABLE: [Row; 11] = rows! {
    Memory Some("memory.md"),
    Tcp Some("tcp.md"),
    NativeTcp Some("tcp.md#a-wire-of-our-own"),
    Redis Some("redis.md"),
    RedisStreams Some("redis-streams.md"),
    Nats Some("nats.md"),
    JetStream Some("jetstream.md"),
    RabbitMq Some("rabbitmq.md"),
    Kafka Some("kafka.md"),
    Grpc Some("grpc.md"),
    AnyTransport None,
};

/// A handler of everything, for the fixtures.
#[derive(Debug)]
pub struct Nobody;

impl carried::Asking for Nobody {
    async fn ask(&self, _: &Context, _: carried::AskRequest) -> Result<u32, Failure> {
        Ok(0)
    }
}

impl carried::Watching for Nobody {
    async fn watch(&self, _: &Context, _: carried::WatchRequest) -> Result<Values<u32>, Failure> {
        Ok(Values::of([]))
    }
}

impl carried::Uploading for Nobody {
    async fn upload(&self, _: &Context, _: Incoming<u32>) -> Result<u32, Failure> {
        Ok(0)
    }
}

impl carried::Chatting for Nobody {
    async fn chat(&self, _: &Context, _: Incoming<u32>) -> Result<Values<u32>, Failure> {
        Ok(Values::of([]))
    }
}

impl carried::Importing for Nobody {
    async fn import_users(&self, _: &Context, _: Incoming<u32>) -> Result<u32, Failure> {
        Ok(0)
    }

    async fn import_orders(&self, _: &Context, _: Incoming<u32>) -> Result<u32, Failure> {
        Ok(0)
    }
}

impl carried::Nameless for Nobody {
    async fn nameless(&self, _: &Context, _: carried::NamelessRequest) -> Result<u32, Failure> {
        Ok(0)
    }
}

impl json::Unnumbered for Nobody {
    async fn count_all(&self, _: &Context, _: json::CountAllRequest) -> Result<u32, Failure> {
        Ok(0)
    }
}

macro_rules! hears {
    ($($event:ty),+) => {
        $(impl On<$event> for Nobody {
            async fn on(&self, _: &Context, _: $event) -> Result<(), Failure> {
                Ok(())
            }
        })+
    };
}

hears!(Stored, Ordered, carried::Unnamed, json::Counted);

/// What is uploaded.
pub fn numbers() -> impl anywire::Stream<Item = u32> + Send + 'static {
    futures_util::stream::empty()
}
