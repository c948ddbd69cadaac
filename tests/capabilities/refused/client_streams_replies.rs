use anywire::{JetStream, RedisStreams};
use anywire_capabilities::carried::WatchingClient;

fn watch(
    redis_streams: RedisStreams,
    jet_stream: JetStream,
) {
    let _ = WatchingClient::new(redis_streams).watch(1);
    let _ = WatchingClient::new(jet_stream).watch(1);
}

fn main() {}
