use anywire::{AnyTransport, JetStream, Kafka, Nats, RabbitMq, Redis, RedisStreams, Tcp};
use anywire_capabilities::{carried::ChattingClient, numbers};

fn chat(
    tcp: Tcp,
    redis: Redis,
    redis_streams: RedisStreams,
    nats: Nats,
    jet_stream: JetStream,
    rabbit_mq: RabbitMq,
    kafka: Kafka,
    any: AnyTransport,
) {
    let _ = ChattingClient::new(tcp).chat(numbers());
    let _ = ChattingClient::new(redis).chat(numbers());
    let _ = ChattingClient::new(redis_streams).chat(numbers());
    let _ = ChattingClient::new(nats).chat(numbers());
    let _ = ChattingClient::new(jet_stream).chat(numbers());
    let _ = ChattingClient::new(rabbit_mq).chat(numbers());
    let _ = ChattingClient::new(kafka).chat(numbers());
    let _ = ChattingClient::new(any).chat(numbers());
}

fn main() {}
