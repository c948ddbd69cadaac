use anywire::{JetStream, RedisStreams};
use anywire_capabilities::carried::AskingClient;

fn ask(
    redis_streams: RedisStreams,
    jet_stream: JetStream,
) {
    let _ = AskingClient::new(redis_streams).ask(1);
    let _ = AskingClient::new(jet_stream).ask(1);
}

fn main() {}
