use anywire::{Grpc, NativeTcp, Nats, Redis, Tcp};
use anywire_capabilities::{Nobody, carried::StoredSubscriber};

fn main() {
    let _ = StoredSubscriber::new(Nobody).on(Tcp::listen("127.0.0.1:0"));
    let _ = StoredSubscriber::new(Nobody).on(NativeTcp::listen("127.0.0.1:0"));
    let _ = StoredSubscriber::new(Nobody).on(Redis::connect("redis://localhost"));
    let _ = StoredSubscriber::new(Nobody).on(Nats::connect("nats://localhost"));
    let _ = StoredSubscriber::new(Nobody).on(Grpc::listen("127.0.0.1:0"));
}
