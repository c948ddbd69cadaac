//! The transports on which we face NestJS.

use std::{
    path::Path,
    sync::{Arc, LazyLock},
};

use anywire::{
    AnyTransport, App, BoxError, CarriedBy, Grpc, Kafka, Listen, Nats, RabbitMq, Redis, Running,
    Tcp, transport::rabbitmq::RabbitMqConnect,
};
use anywire_brokers::{self as brokers, Certificates, Files, unless_missing};

use crate::{
    WITHOUT_NEST,
    interop::{
        InteropServer, UserCreated, UserCreatedSubscriber, UserRenamed, UserRenamedSubscriber,
    },
    server::Ours,
    uploads::UploadsServer,
    wildcards::ScoredSubscriber,
};

/// A transport, and where its broker is.
#[derive(Debug, Clone)]
pub(crate) enum Wire {
    Tcp,
    /// Both sides show a certificate, and one authority has signed both.
    TcpTls(Arc<Files>),
    Redis(&'static str),
    Nats(&'static str),
    RabbitMq(&'static str, Mode),
    Grpc,
    Kafka(&'static str),
}

/// How RabbitMQ is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// One queue for everything, as Nest has it.
    Queue,
    /// An exchange brings requests and events: Nest's `wildcards`.
    Exchange,
    /// An exchange brings everything to every queue: Nest's `exchangeType: 'fanout'`.
    Fanout,
    /// Requests are acknowledged when they are handled: Nest's `noAck: false`.
    Acks,
}

/// Fewer than there are checks: who acknowledges nothing is soon given nothing.
const UNACKNOWLEDGED: u16 = 64;

/// A queue, an exchange and a group for each [`Mode`], that no other run uses.
static NAMES: LazyLock<[String; 4]> =
    LazyLock::new(|| std::array::from_fn(|_| brokers::names::unique("interop")));

impl Wire {
    /// The transports of these names, or all of them, their brokers started. What a
    /// machine lacks is left out, but not in CI.
    pub(crate) async fn all(names: &[String]) -> Vec<Self> {
        let is_asked = |name: &str| names.is_empty() || names.iter().any(|asked| asked == name);
        let mut all = Vec::new();
        // Those that take longest come first, and others meanwhile.
        for mode in [Mode::Queue, Mode::Exchange, Mode::Fanout, Mode::Acks] {
            if is_asked(mode.name()) {
                let url = unless_missing(brokers::RabbitMq::shared_url().await);
                all.extend(url.map(|url| Self::RabbitMq(url, mode)));
            }
        }
        if is_asked("kafka") {
            all.extend(unless_missing(brokers::Kafka::shared_url().await).map(Self::Kafka));
        }
        if is_asked("tcp") {
            all.push(Self::Tcp);
        }
        if is_asked("tcp-tls") {
            all.push(Self::TcpTls(Arc::new(Certificates::new().files())));
        }
        if is_asked("redis") {
            all.extend(unless_missing(brokers::Redis::shared_url().await).map(Self::Redis));
        }
        if is_asked("nats") {
            all.extend(unless_missing(brokers::Nats::shared_url().await).map(Self::Nats));
        }
        if is_asked("grpc") {
            all.push(Self::Grpc);
        }
        all
    }

    /// As `nest/` calls it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::TcpTls(_) => "tcp-tls",
            Self::Redis(_) => "redis",
            Self::Nats(_) => "nats",
            Self::RabbitMq(_, mode) => mode.name(),
            Self::Grpc => "grpc",
            Self::Kafka(_) => "kafka",
        }
    }

    /// Whether that peer speaks it: those without NestJS only gRPC.
    pub(crate) fn has(&self, peer: &str) -> bool {
        !WITHOUT_NEST.contains(&peer) || matches!(self, Self::Grpc)
    }

    /// What a program of `nest/` is told about it.
    pub(crate) fn arguments(&self) -> Vec<&str> {
        let mode = match self {
            Self::RabbitMq(_, mode) => *mode,
            _ => Mode::Queue,
        };
        let mut arguments = vec!["--transport", self.name(), "--name", mode.queue()];
        match self {
            Self::Tcp => {}
            Self::TcpTls(files) => arguments.extend(["--certificates", folder(files)]),
            Self::Grpc => arguments.extend(["--proto", concat!(env!("OUT_DIR"), "/proto")]),
            Self::Redis(url) | Self::Nats(url) | Self::RabbitMq(url, _) | Self::Kafka(url) => {
                arguments.extend(["--url", url]);
            }
        }
        arguments
    }

    /// A client's connection. `port` is where the server listens, on TCP and gRPC.
    pub(crate) async fn connect(&self, port: u64) -> Result<AnyTransport, BoxError> {
        let tcp = Tcp::connect(format!("127.0.0.1:{port}"));
        Ok(match self {
            Self::Tcp => AnyTransport::new(tcp.await?),
            Self::TcpTls(files) => {
                let (certificate, key) = &files.client;
                let tls = tcp.authority(&files.authority).identity(certificate, key);
                AnyTransport::new(tls.await?)
            }
            Self::Redis(url) => AnyTransport::new(Redis::connect(*url).await?),
            Self::Nats(url) => AnyTransport::new(Nats::connect(*url).await?),
            Self::RabbitMq(url, mode) => AnyTransport::new(mode.connect(url).await?),
            Self::Grpc => {
                AnyTransport::new(Grpc::connect(format!("http://127.0.0.1:{port}")).await?)
            }
            Self::Kafka(url) => AnyTransport::new(Kafka::connect(*url).await?),
        })
    }

    /// Our server.
    pub(crate) async fn serve(&self, ours: Ours) -> Result<Running, BoxError> {
        let app = match self {
            Self::Tcp => app(ours, Tcp::listen("127.0.0.1:0")),
            Self::TcpTls(files) => {
                let (certificate, key) = &files.server;
                let tcp = Tcp::listen("127.0.0.1:0").identity(certificate, key);
                app(ours, tcp.authority(&files.authority))
            }
            Self::Redis(url) => app(ours, Redis::connect(*url)),
            Self::Nats(url) => {
                let nats = Nats::connect(*url);
                let scored = ScoredSubscriber::new(ours.clone()).on(nats.clone());
                app(ours, nats).subscribe(scored)
            }
            Self::RabbitMq(url, mode) => {
                let rabbitmq = mode.connect(url);
                let scored = ScoredSubscriber::new(ours.clone()).on(rabbitmq.clone());
                app(ours, rabbitmq).subscribe(scored)
            }
            Self::Grpc => {
                let grpc = Grpc::listen("127.0.0.1:0");
                let uploads = UploadsServer::new(ours.clone()).on(grpc.clone());
                app(ours, grpc).serve(uploads)
            }
            Self::Kafka(url) => app(ours, Kafka::connect(*url).group(Mode::Queue.queue())),
        };
        Ok(app.start().await?)
    }
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Self::Queue => "rabbitmq",
            Self::Exchange => "rabbitmq-exchange",
            Self::Fanout => "rabbitmq-fanout",
            Self::Acks => "rabbitmq-acks",
        }
    }

    /// The name that it has for itself.
    fn queue(self) -> &'static str {
        &NAMES[self as usize]
    }

    fn connect(self, url: &str) -> RabbitMqConnect {
        let queue = self.queue();
        let connect = RabbitMq::connect(url).queue(queue).durable(false);
        match self {
            Self::Queue => connect.events_to_queue(),
            // Nest names it as the queue.
            Self::Exchange => connect.exchange(queue).requests_to_exchange(),
            Self::Fanout => connect.fanout(format!("{queue}-fanout")),
            Self::Acks => connect
                .events_to_queue()
                .ack_when_handled()
                .limits(|limits| limits.max_in_flight = UNACKNOWLEDGED),
        }
    }
}

/// Where the files lie.
fn folder(files: &Files) -> &str {
    let folder = files.authority.parent().and_then(Path::to_str);
    folder.unwrap_or_default()
}

fn app<L: Listen + Clone>(ours: Ours, listener: L) -> App
where
    InteropServer<Ours>: CarriedBy<L::Profile>,
    UserCreated: CarriedBy<L::Profile>,
    UserRenamed: CarriedBy<L::Profile>,
{
    App::new()
        .serve(InteropServer::new(ours.clone()).on(listener.clone()))
        .subscribe(UserCreatedSubscriber::new(ours.clone()).on(listener.clone()))
        .subscribe(UserRenamedSubscriber::new(ours).on(listener))
}
