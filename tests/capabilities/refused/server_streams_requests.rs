use anywire::{JetStream, Kafka, Nats, RabbitMq, Redis, RedisStreams, Tcp};
use anywire_capabilities::{Nobody, carried::UploadingServer};

fn main() {
    let _ = UploadingServer::new(Nobody).on(Tcp::listen("127.0.0.1:0"));
    let _ = UploadingServer::new(Nobody).on(Redis::connect("redis://localhost"));
    let _ = UploadingServer::new(Nobody).on(RedisStreams::connect("redis://localhost"));
    let _ = UploadingServer::new(Nobody).on(Nats::connect("nats://localhost"));
    let _ = UploadingServer::new(Nobody).on(JetStream::connect("nats://localhost"));
    let _ = UploadingServer::new(Nobody).on(RabbitMq::connect("amqp://localhost"));
    let _ = UploadingServer::new(Nobody).on(Kafka::connect("localhost:9092"));
}
