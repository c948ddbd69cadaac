//! Every transport of this repository against the suite, as one table.

use std::{net::SocketAddr, process::ExitCode};

use anywire::{
    AnyTransport, BoxError, Grpc, Memory, NativeTcp, Tcp,
    transport::{any::AnyConnect, grpc::GrpcListen, memory::Protobuf, tcp::TcpListen},
};
use anywire_conformance::{
    Fixture, Report, ordered_events, requests, stored_events, streams, table, uploads, wildcards,
};

struct InMemory(Memory);

impl Fixture for InMemory {
    const NAME: &'static str = "Memory";
    type Listener = Memory;
    type Client = Memory;

    fn new() -> Self {
        Self(Memory::new())
    }

    fn listener(&self) -> Memory {
        self.0.clone()
    }

    async fn connect(&self, _: Option<SocketAddr>) -> Result<Memory, BoxError> {
        Ok(self.0.clone())
    }
}

struct InProtobuf(Memory<Protobuf>);

impl Fixture for InProtobuf {
    const NAME: &'static str = "Memory, protobuf";
    type Listener = Memory<Protobuf>;
    type Client = Memory<Protobuf>;

    fn new() -> Self {
        Self(Memory::new().protobuf())
    }

    fn listener(&self) -> Memory<Protobuf> {
        self.0.clone()
    }

    async fn connect(&self, _: Option<SocketAddr>) -> Result<Memory<Protobuf>, BoxError> {
        Ok(self.0.clone())
    }
}

struct OverTcp(TcpListen);

impl Fixture for OverTcp {
    const NAME: &'static str = "Tcp";
    type Listener = TcpListen;
    type Client = Tcp;

    fn new() -> Self {
        Self(Tcp::listen("127.0.0.1:0"))
    }

    fn listener(&self) -> TcpListen {
        self.0.clone()
    }

    async fn connect(&self, address: Option<SocketAddr>) -> Result<Tcp, BoxError> {
        let address = address.ok_or("nothing listens")?;
        Ok(Tcp::connect(address.to_string()).await?)
    }
}

struct OverNativeTcp(TcpListen<NativeTcp>);

impl Fixture for OverNativeTcp {
    const NAME: &'static str = "NativeTcp";
    type Listener = TcpListen<NativeTcp>;
    type Client = NativeTcp;

    fn new() -> Self {
        Self(NativeTcp::listen("127.0.0.1:0"))
    }

    fn listener(&self) -> TcpListen<NativeTcp> {
        self.0.clone()
    }

    async fn connect(&self, address: Option<SocketAddr>) -> Result<NativeTcp, BoxError> {
        let address = address.ok_or("nothing listens")?;
        Ok(NativeTcp::connect(address.to_string()).await?)
    }
}

struct OverGrpc(GrpcListen);

impl Fixture for OverGrpc {
    const NAME: &'static str = "Grpc";
    type Listener = GrpcListen;
    type Client = Grpc;

    fn new() -> Self {
        Self(Grpc::listen("127.0.0.1:0"))
    }

    fn listener(&self) -> GrpcListen {
        self.0.clone()
    }

    async fn connect(&self, address: Option<SocketAddr>) -> Result<Grpc, BoxError> {
        let address = address.ok_or("nothing listens")?;
        Ok(Grpc::connect(format!("http://{address}")).await?)
    }
}

struct OverAny(AnyConnect);

impl Fixture for OverAny {
    const NAME: &'static str = "AnyTransport, tcp";
    type Listener = AnyConnect;
    type Client = AnyTransport;

    fn new() -> Self {
        Self(AnyTransport::connect("tcp://127.0.0.1:0"))
    }

    fn listener(&self) -> AnyConnect {
        self.0.clone()
    }

    async fn connect(&self, address: Option<SocketAddr>) -> Result<AnyTransport, BoxError> {
        let address = address.ok_or("nothing listens")?;
        Ok(AnyTransport::connect(format!("tcp://{address}")).await?)
    }
}

/// What one transport came to in several suites.
fn joined(reports: impl IntoIterator<Item = Report>) -> Report {
    let joined = reports.into_iter().reduce(|mut one, other| {
        one.outcomes.extend(other.outcomes);
        one
    });
    joined.expect("there is a suite")
}

#[tokio::main(worker_threads = 2)]
#[expect(clippy::print_stdout, reason = "the table is what this test is for")]
async fn main() -> ExitCode {
    let reports = [
        joined([
            requests::<InMemory>().await,
            wildcards::<InMemory>().await,
            streams::<InMemory>().await,
            uploads::<InMemory>().await,
            stored_events::<InMemory>().await,
            ordered_events::<InMemory>().await,
        ]),
        joined([
            requests::<InProtobuf>().await,
            wildcards::<InProtobuf>().await,
            streams::<InProtobuf>().await,
            uploads::<InProtobuf>().await,
            stored_events::<InProtobuf>().await,
        ]),
        joined([
            requests::<OverTcp>().await,
            wildcards::<OverTcp>().await,
            streams::<OverTcp>().await,
        ]),
        joined([
            requests::<OverNativeTcp>().await,
            wildcards::<OverNativeTcp>().await,
            streams::<OverNativeTcp>().await,
            uploads::<OverNativeTcp>().await,
        ]),
        joined([
            requests::<OverGrpc>().await,
            streams::<OverGrpc>().await,
            uploads::<OverGrpc>().await,
        ]),
        joined([
            requests::<OverAny>().await,
            wildcards::<OverAny>().await,
            streams::<OverAny>().await,
        ]),
    ];
    println!("\nconformance\n\n{}", table(&reports));
    let is_sound = reports.iter().all(|report| report.failed() == 0);
    if is_sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
