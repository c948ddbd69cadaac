//! What `Memory` promises, and what it does as the transport that it stands for.

use crate::{
    Encoding,
    capability::{
        AtLeastOnce, AtMostOnce, HasProto, KeyOrder, RequestReply, StreamsBoth, StreamsReplies,
        StreamsRequests,
    },
};

/// A transport that [`Memory`](super::Memory) can stand for: `Tcp`, `Kafka`, one
/// of your own.
///
/// What it can carry is said by its capabilities, such as
/// [`AtLeastOnce`]. What stands here the compiler cannot know.
pub trait Profile: 'static {
    /// What refusals call it.
    const NAME: &'static str;
    /// How its clients encode what they send.
    const ENCODING: Encoding = Encoding::Json;
    /// Whether each event can reach one member of a group. Where it cannot, a
    /// subscriber with a group is refused when it is bound.
    const HAS_GROUPS: bool = true;
    /// Whether the patterns of events can have wildcards. Where they cannot, a
    /// subscriber of such an event is refused when it is bound, and its publisher too.
    const HAS_WILDCARDS: bool = true;
    /// Whether a request whose server has gone waits for another one, so that its
    /// caller's time runs out in place of a refusal.
    const STORES_REQUESTS: bool = false;
}

/// Everything that the in-memory transport can carry.
#[derive(Debug, Clone, Copy)]
pub enum Full {}

impl Profile for Full {
    const NAME: &'static str = "Memory";
}

impl<Op> RequestReply<Op> for Full {}
impl<Op> AtMostOnce<Op> for Full {}
impl<Op> StreamsReplies<Op> for Full {}
impl<Op> StreamsRequests<Op> for Full {}
impl<Op> StreamsBoth<Op> for Full {}
impl<Op> AtLeastOnce<Op> for Full {}
impl<Op> KeyOrder<Op> for Full {}

/// The same, of contracts that can be encoded as protobuf.
#[derive(Debug, Clone, Copy)]
pub enum Protobuf {}

impl Profile for Protobuf {
    const NAME: &'static str = "Memory, protobuf";
    const ENCODING: Encoding = Encoding::Protobuf;
}

impl<Op: HasProto> RequestReply<Op> for Protobuf {}
impl<Op: HasProto> AtMostOnce<Op> for Protobuf {}
impl<Op: HasProto> StreamsReplies<Op> for Protobuf {}
impl<Op: HasProto> StreamsRequests<Op> for Protobuf {}
impl<Op: HasProto> StreamsBoth<Op> for Protobuf {}
impl<Op: HasProto> AtLeastOnce<Op> for Protobuf {}
impl<Op: HasProto> KeyOrder<Op> for Protobuf {}

#[cfg(feature = "tcp")]
impl Profile for crate::Tcp {
    const NAME: &'static str = "Tcp, in memory";
}

#[cfg(feature = "tcp")]
impl Profile for crate::NativeTcp {
    const NAME: &'static str = "NativeTcp, in memory";
    const ENCODING: Encoding = Encoding::Protobuf;
}

#[cfg(feature = "redis")]
impl Profile for crate::Redis {
    const NAME: &'static str = "Redis, in memory";
    const HAS_GROUPS: bool = false;
}

#[cfg(feature = "redis-streams")]
impl Profile for crate::RedisStreams {
    const NAME: &'static str = "RedisStreams, in memory";
    const HAS_WILDCARDS: bool = false;
}

#[cfg(feature = "nats")]
impl Profile for crate::Nats {
    const NAME: &'static str = "Nats, in memory";
}

#[cfg(feature = "jetstream")]
impl Profile for crate::JetStream {
    const NAME: &'static str = "JetStream, in memory";
}

#[cfg(feature = "rabbitmq")]
impl Profile for crate::RabbitMq {
    const NAME: &'static str = "RabbitMq, in memory";
}

#[cfg(feature = "kafka")]
impl Profile for crate::Kafka {
    const NAME: &'static str = "Kafka, in memory";
    const STORES_REQUESTS: bool = true;
}

#[cfg(feature = "grpc")]
impl Profile for crate::Grpc {
    const NAME: &'static str = "Grpc, in memory";
    const ENCODING: Encoding = Encoding::Protobuf;
}
