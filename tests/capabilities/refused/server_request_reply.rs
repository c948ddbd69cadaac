use anywire::{JetStream, RedisStreams};
use anywire_capabilities::{Nobody, carried::AskingServer};

fn main() {
    let _ = AskingServer::new(Nobody).on(RedisStreams::connect("redis://localhost"));
    let _ = AskingServer::new(Nobody).on(JetStream::connect("nats://localhost"));
}
