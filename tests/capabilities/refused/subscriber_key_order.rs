use anywire::{Grpc, JetStream, NativeTcp, Nats, RabbitMq, Redis, RedisStreams, Tcp};
use anywire_capabilities::{Nobody, carried::OrderedSubscriber};

fn main() {
    let _ = OrderedSubscriber::new(Nobody).on(Tcp::listen("127.0.0.1:0"));
    let _ = OrderedSubscriber::new(Nobody).on(NativeTcp::listen("127.0.0.1:0"));
    let _ = OrderedSubscriber::new(Nobody).on(Redis::connect("redis://localhost"));
    let _ = OrderedSubscriber::new(Nobody).on(RedisStreams::connect("redis://localhost"));
    let _ = OrderedSubscriber::new(Nobody).on(Nats::connect("nats://localhost"));
    let _ = OrderedSubscriber::new(Nobody).on(JetStream::connect("nats://localhost"));
    let _ = OrderedSubscriber::new(Nobody).on(RabbitMq::connect("amqp://localhost"));
    let _ = OrderedSubscriber::new(Nobody).on(Grpc::listen("127.0.0.1:0"));
}
