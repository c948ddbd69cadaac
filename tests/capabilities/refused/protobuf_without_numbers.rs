use anywire::{Grpc, Memory, transport::memory::Protobuf};
use anywire_capabilities::Nobody;
use anywire_capabilities::json::{
    CountedSubscriber, UnnumberedClient, UnnumberedPublisher, UnnumberedServer,
};

fn call(grpc: Grpc, memory: Memory<Protobuf>) {
    let _ = UnnumberedClient::new(grpc).count_all(1);
    let _ = UnnumberedClient::new(memory).count_all(1);
}

fn publish(grpc: Grpc, memory: Memory<Protobuf>) {
    let _ = UnnumberedPublisher::new(grpc).counted(1);
    let _ = UnnumberedPublisher::new(memory).counted(1);
}

fn main() {
    let _ = UnnumberedServer::new(Nobody).on(Grpc::listen("127.0.0.1:0"));
    let _ = CountedSubscriber::new(Nobody).on(Grpc::listen("127.0.0.1:0"));
    let _ = UnnumberedServer::new(Nobody).on(Memory::new().protobuf());
    let _ = CountedSubscriber::new(Nobody).on(Memory::new().protobuf());
}
