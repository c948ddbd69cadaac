//! The transports on which we face NestJS.

use std::sync::LazyLock;

use anywire::{
    AnyTransport, App, BoxError, CarriedBy, Grpc, Kafka, Listen, Nats, RabbitMq, Redis, Running,
    Tcp, transport::rabbitmq::RabbitMqConnect,
};
use anywire_brokers::{self as brokers, unless_missing};

use crate::{
    interop::{
        InteropServer, UserCreated, UserCreatedSubscriber, UserRenamed, UserRenamedSubscriber,
    },
    server::Ours,
    uploads::UploadsServer,
};

/// A transport, and where its broker is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wire {
    Tcp,
    Redis(&'static str),
    Nats(&'static str),
    RabbitMq(&'static str),
    Grpc,
    Kafka(&'static str),
}

/// A queue and a group that no other run uses.
static NAME: LazyLock<String> = LazyLock::new(|| brokers::names::unique("interop"));

impl Wire {
    /// The transports of these names, or all of them, their brokers started. What a
    /// machine lacks is left out, but not in CI.
    pub(crate) async fn all(names: &[String]) -> Vec<Self> {
        let is_asked = |name: &str| names.is_empty() || names.iter().any(|asked| asked == name);
        let mut all = Vec::new();
        if is_asked("tcp") {
            all.push(Self::Tcp);
        }
        if is_asked("redis") {
            all.extend(unless_missing(brokers::Redis::shared_url().await).map(Self::Redis));
        }
        if is_asked("nats") {
            all.extend(unless_missing(brokers::Nats::shared_url().await).map(Self::Nats));
        }
        if is_asked("rabbitmq") {
            all.extend(unless_missing(brokers::RabbitMq::shared_url().await).map(Self::RabbitMq));
        }
        if is_asked("grpc") {
            all.push(Self::Grpc);
        }
        if is_asked("kafka") {
            all.extend(unless_missing(brokers::Kafka::shared_url().await).map(Self::Kafka));
        }
        all
    }

    /// As `nest/` calls it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Redis(_) => "redis",
            Self::Nats(_) => "nats",
            Self::RabbitMq(_) => "rabbitmq",
            Self::Grpc => "grpc",
            Self::Kafka(_) => "kafka",
        }
    }

    /// Whether that peer speaks it: those without NestJS only gRPC.
    pub(crate) fn has(&self, peer: &str) -> bool {
        !matches!(peer, "grpc-js" | "tonic") || *self == Self::Grpc
    }

    /// What a program of `nest/` is told about it.
    pub(crate) fn arguments(&self) -> Vec<&str> {
        let mut arguments = vec!["--transport", self.name(), "--name", NAME.as_str()];
        match self {
            Self::Tcp => {}
            Self::Grpc => arguments.extend(["--proto", concat!(env!("OUT_DIR"), "/proto")]),
            Self::Redis(url) | Self::Nats(url) | Self::RabbitMq(url) | Self::Kafka(url) => {
                arguments.extend(["--url", url]);
            }
        }
        arguments
    }

    /// A client's connection. `port` is where the server listens, on TCP and gRPC.
    pub(crate) async fn connect(&self, port: u64) -> Result<AnyTransport, BoxError> {
        Ok(match self {
            Self::Tcp => AnyTransport::new(Tcp::connect(format!("127.0.0.1:{port}")).await?),
            Self::Redis(url) => AnyTransport::new(Redis::connect(*url).await?),
            Self::Nats(url) => AnyTransport::new(Nats::connect(*url).await?),
            Self::RabbitMq(url) => AnyTransport::new(rabbitmq(url).await?),
            Self::Grpc => {
                AnyTransport::new(Grpc::connect(format!("http://127.0.0.1:{port}")).await?)
            }
            Self::Kafka(url) => AnyTransport::new(Kafka::connect(*url).await?),
        })
    }

    /// Our server.
    pub(crate) async fn serve(&self, ours: Ours) -> Result<Running, BoxError> {
        match self {
            Self::Tcp => start(ours, Tcp::listen("127.0.0.1:0")).await,
            Self::Redis(url) => start(ours, Redis::connect(*url)).await,
            Self::Nats(url) => start(ours, Nats::connect(*url)).await,
            Self::RabbitMq(url) => start(ours, rabbitmq(url)).await,
            Self::Grpc => {
                let listener = Grpc::listen("127.0.0.1:0");
                let uploads = UploadsServer::new(ours.clone()).on(listener.clone());
                Ok(app(ours, listener).serve(uploads).start().await?)
            }
            Self::Kafka(url) => start(ours, Kafka::connect(*url).group(NAME.as_str())).await,
        }
    }
}

/// One queue for everything, as Nest has it.
fn rabbitmq(url: &str) -> RabbitMqConnect {
    let connect = RabbitMq::connect(url).queue(NAME.as_str());
    connect.durable(false).events_to_queue()
}

async fn start<L: Listen + Clone>(ours: Ours, listener: L) -> Result<Running, BoxError>
where
    InteropServer<Ours>: CarriedBy<L::Profile>,
    UserCreated: CarriedBy<L::Profile>,
    UserRenamed: CarriedBy<L::Profile>,
{
    Ok(app(ours, listener).start().await?)
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
