use anywire::{AnyTransport, Grpc, NativeTcp, Nats, Redis, Tcp};
use anywire_capabilities::carried::TellingPublisher;

fn stored(
    tcp: Tcp,
    native_tcp: NativeTcp,
    redis: Redis,
    nats: Nats,
    grpc: Grpc,
    any: AnyTransport,
) {
    let _ = TellingPublisher::new(tcp).stored(1);
    let _ = TellingPublisher::new(native_tcp).stored(1);
    let _ = TellingPublisher::new(redis).stored(1);
    let _ = TellingPublisher::new(nats).stored(1);
    let _ = TellingPublisher::new(grpc).stored(1);
    let _ = TellingPublisher::new(any).stored(1);
}

fn main() {}
