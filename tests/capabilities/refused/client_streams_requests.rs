use anywire::{AnyTransport, JetStream, Kafka, Nats, RabbitMq, Redis, RedisStreams, Tcp};
use anywire_capabilities::{carried::UploadingClient, numbers};

fn upload(
    tcp: Tcp,
    redis: Redis,
    redis_streams: RedisStreams,
    nats: Nats,
    jet_stream: JetStream,
    rabbit_mq: RabbitMq,
    kafka: Kafka,
    any: AnyTransport,
) {
    let _ = UploadingClient::new(tcp).upload(numbers());
    let _ = UploadingClient::new(redis).upload(numbers());
    let _ = UploadingClient::new(redis_streams).upload(numbers());
    let _ = UploadingClient::new(nats).upload(numbers());
    let _ = UploadingClient::new(jet_stream).upload(numbers());
    let _ = UploadingClient::new(rabbit_mq).upload(numbers());
    let _ = UploadingClient::new(kafka).upload(numbers());
    let _ = UploadingClient::new(any).upload(numbers());
}

fn main() {}
