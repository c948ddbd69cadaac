use anywire::{AnyTransport, Grpc, JetStream, NativeTcp, Nats, RabbitMq, Redis, RedisStreams, Tcp};
use anywire_capabilities::carried::TellingPublisher;

fn ordered(
    tcp: Tcp,
    native_tcp: NativeTcp,
    redis: Redis,
    redis_streams: RedisStreams,
    nats: Nats,
    jet_stream: JetStream,
    rabbit_mq: RabbitMq,
    grpc: Grpc,
    any: AnyTransport,
) {
    let _ = TellingPublisher::new(tcp).ordered(1);
    let _ = TellingPublisher::new(native_tcp).ordered(1);
    let _ = TellingPublisher::new(redis).ordered(1);
    let _ = TellingPublisher::new(redis_streams).ordered(1);
    let _ = TellingPublisher::new(nats).ordered(1);
    let _ = TellingPublisher::new(jet_stream).ordered(1);
    let _ = TellingPublisher::new(rabbit_mq).ordered(1);
    let _ = TellingPublisher::new(grpc).ordered(1);
    let _ = TellingPublisher::new(any).ordered(1);
}

fn main() {}
