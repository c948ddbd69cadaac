use anywire::{JetStream, RedisStreams};
use anywire_capabilities::{Nobody, carried::WatchingServer};

fn main() {
    let _ = WatchingServer::new(Nobody).on(RedisStreams::connect("redis://localhost"));
    let _ = WatchingServer::new(Nobody).on(JetStream::connect("nats://localhost"));
}
