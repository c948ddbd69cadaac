//! Every transport of this repository against the suite, as one table.

use std::{net::SocketAddr, process::ExitCode};

use anywire::{
    AnyTransport, BoxError, BoxFuture, Grpc, JetStream, Kafka, Memory, NativeTcp, Nats, RabbitMq,
    Redis, RedisStreams, Tcp,
    transport::{
        ConnectionState,
        any::AnyConnect,
        grpc::GrpcListen,
        memory::{Full, Profile, Protobuf},
        tcp::TcpListen,
    },
};
use anywire_brokers::{Certificates, Files};
use anywire_conformance::{
    Fixture, Killable, Outage, Report, events, free_address, ordered_events, requests,
    stored_events, streams, table, uploads, wildcards,
};

struct InMemory<P = Full>(Memory<P>);

impl<P: Profile> Fixture for InMemory<P> {
    const NAME: &'static str = P::NAME;
    const HAS_GROUPS: bool = P::HAS_GROUPS;
    const HAS_WILDCARDS: bool = P::HAS_WILDCARDS;
    const STORES_REQUESTS: bool = P::STORES_REQUESTS;
    type Listener = Memory<P>;
    type Client = Memory<P>;

    fn new() -> Self {
        Self(Memory::like())
    }

    fn listener(&self) -> Memory<P> {
        self.0.clone()
    }

    async fn connect(&self, _: Option<SocketAddr>) -> Result<Memory<P>, BoxError> {
        Ok(self.0.clone())
    }
}

struct OverTcp(TcpListen);

impl Fixture for OverTcp {
    const NAME: &'static str = "Tcp";
    const KILLABLE: Option<Killable<Self>> =
        Some(|| Box::pin(async { (Self(Tcp::listen(free_address())), Outage::of_server()) }));
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

    fn until(client: &Tcp, state: ConnectionState) -> Option<BoxFuture<()>> {
        let client = client.clone();
        Some(Box::pin(async move { client.until(state).await }))
    }
}

/// Both sides show certificates.
struct InTls {
    listener: TcpListen,
    files: Files,
}

impl InTls {
    fn at(address: &str) -> Self {
        let files = Certificates::new().files();
        let (certificate, key) = &files.server;
        let listener = Tcp::listen(address).identity(certificate, key);
        Self {
            listener: listener.authority(&files.authority),
            files,
        }
    }
}

impl Fixture for InTls {
    const NAME: &'static str = "Tcp, TLS";
    const KILLABLE: Option<Killable<Self>> =
        Some(|| Box::pin(async { (Self::at(&free_address()), Outage::of_server()) }));
    type Listener = TcpListen;
    type Client = Tcp;

    fn new() -> Self {
        Self::at("127.0.0.1:0")
    }

    fn listener(&self) -> TcpListen {
        self.listener.clone()
    }

    async fn connect(&self, address: Option<SocketAddr>) -> Result<Tcp, BoxError> {
        let address = address.ok_or("nothing listens")?;
        let (certificate, key) = &self.files.client;
        let connect = Tcp::connect(format!("tls://{address}")).authority(&self.files.authority);
        Ok(connect.identity(certificate, key).await?)
    }

    fn until(client: &Tcp, state: ConnectionState) -> Option<BoxFuture<()>> {
        let client = client.clone();
        Some(Box::pin(async move { client.until(state).await }))
    }
}

struct OverNativeTcp(TcpListen<NativeTcp>);

impl Fixture for OverNativeTcp {
    const NAME: &'static str = "NativeTcp";
    const KILLABLE: Option<Killable<Self>> =
        Some(|| Box::pin(async { (Self(NativeTcp::listen(free_address())), Outage::of_server()) }));
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

    fn until(client: &NativeTcp, state: ConnectionState) -> Option<BoxFuture<()>> {
        let client = client.clone();
        Some(Box::pin(async move { client.until(state).await }))
    }
}

struct OverGrpc(GrpcListen);

impl Fixture for OverGrpc {
    const NAME: &'static str = "Grpc";
    const KILLABLE: Option<Killable<Self>> =
        Some(|| Box::pin(async { (Self(Grpc::listen(free_address())), Outage::of_server()) }));
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

    fn until(client: &Grpc, state: ConnectionState) -> Option<BoxFuture<()>> {
        let client = client.clone();
        Some(Box::pin(async move { client.until(state).await }))
    }
}

struct OverAny(AnyConnect);

impl Fixture for OverAny {
    const NAME: &'static str = "AnyTransport";
    const KILLABLE: Option<Killable<Self>> = Some(|| {
        let url = format!("tcp://{}", free_address());
        Box::pin(async { (Self(AnyTransport::connect(url)), Outage::of_server()) })
    });
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
    let joined = reports.into_iter().reduce(Report::and);
    joined.expect("there is a suite")
}

/// `Memory` in the place of each transport, in the suites that it claims.
async fn profiles() -> [Report; 9] {
    [
        joined([
            requests::<InMemory<Tcp>>().await,
            wildcards::<InMemory<Tcp>>().await,
            streams::<InMemory<Tcp>>().await,
        ]),
        joined([
            requests::<InMemory<NativeTcp>>().await,
            wildcards::<InMemory<NativeTcp>>().await,
            streams::<InMemory<NativeTcp>>().await,
            uploads::<InMemory<NativeTcp>>().await,
        ]),
        joined([
            requests::<InMemory<Redis>>().await,
            wildcards::<InMemory<Redis>>().await,
            streams::<InMemory<Redis>>().await,
        ]),
        joined([
            events::<InMemory<RedisStreams>>().await,
            wildcards::<InMemory<RedisStreams>>().await,
            stored_events::<InMemory<RedisStreams>>().await,
        ]),
        joined([
            requests::<InMemory<Nats>>().await,
            wildcards::<InMemory<Nats>>().await,
            streams::<InMemory<Nats>>().await,
        ]),
        joined([
            events::<InMemory<JetStream>>().await,
            wildcards::<InMemory<JetStream>>().await,
            stored_events::<InMemory<JetStream>>().await,
        ]),
        joined([
            requests::<InMemory<RabbitMq>>().await,
            wildcards::<InMemory<RabbitMq>>().await,
            streams::<InMemory<RabbitMq>>().await,
            stored_events::<InMemory<RabbitMq>>().await,
        ]),
        joined([
            requests::<InMemory<Kafka>>().await,
            wildcards::<InMemory<Kafka>>().await,
            streams::<InMemory<Kafka>>().await,
            stored_events::<InMemory<Kafka>>().await,
            ordered_events::<InMemory<Kafka>>().await,
        ]),
        joined([
            requests::<InMemory<Grpc>>().await,
            wildcards::<InMemory<Grpc>>().await,
            streams::<InMemory<Grpc>>().await,
            uploads::<InMemory<Grpc>>().await,
        ]),
    ]
}

/// The transports that need no broker, in the suites that they claim.
async fn transports() -> [Report; 7] {
    [
        joined([
            requests::<InMemory>().await,
            wildcards::<InMemory>().await,
            streams::<InMemory>().await,
            uploads::<InMemory>().await,
            stored_events::<InMemory>().await,
            ordered_events::<InMemory>().await,
        ]),
        joined([
            requests::<InMemory<Protobuf>>().await,
            wildcards::<InMemory<Protobuf>>().await,
            streams::<InMemory<Protobuf>>().await,
            uploads::<InMemory<Protobuf>>().await,
            stored_events::<InMemory<Protobuf>>().await,
            ordered_events::<InMemory<Protobuf>>().await,
        ]),
        joined([
            requests::<OverTcp>().await,
            wildcards::<OverTcp>().await,
            streams::<OverTcp>().await,
        ]),
        joined([
            requests::<InTls>().await,
            wildcards::<InTls>().await,
            streams::<InTls>().await,
        ]),
        joined([
            requests::<OverNativeTcp>().await,
            wildcards::<OverNativeTcp>().await,
            streams::<OverNativeTcp>().await,
            uploads::<OverNativeTcp>().await,
        ]),
        joined([
            requests::<OverGrpc>().await,
            wildcards::<OverGrpc>().await,
            streams::<OverGrpc>().await,
            uploads::<OverGrpc>().await,
        ]),
        joined([
            requests::<OverAny>().await,
            wildcards::<OverAny>().await,
            streams::<OverAny>().await,
        ]),
    ]
}

#[tokio::main(worker_threads = 2)]
#[expect(clippy::print_stdout, reason = "the table is what this test is for")]
async fn main() -> ExitCode {
    // Most of their time goes by while they wait.
    let (reports, profiles) = tokio::join!(transports(), profiles());
    println!("\nconformance\n\n{}", table(&reports));
    println!("\nin memory, in the place of\n\n{}", table(&profiles));
    let mut all = reports.iter().chain(&profiles);
    let is_sound = all.all(|report| report.failed() == 0);
    if is_sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
