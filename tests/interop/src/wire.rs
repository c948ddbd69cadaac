//! The transports on which we face NestJS.

use std::sync::LazyLock;

use anywire::{AnyTransport, App, BoxError, CarriedBy, Listen, Nats, Running, Tcp};

use crate::{
    interop::{
        InteropServer, UserCreated, UserCreatedSubscriber, UserRenamed, UserRenamedSubscriber,
    },
    server::Ours,
};

/// A transport, and where its broker is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wire {
    Tcp,
    Nats(&'static str),
}

/// A queue and a group that no other run uses.
static NAME: LazyLock<String> = LazyLock::new(|| anywire_brokers::names::unique("interop"));

impl Wire {
    /// All transports, their brokers started. What a machine lacks is left out, but not in CI.
    pub(crate) async fn all() -> Vec<Self> {
        let mut all = vec![Self::Tcp];
        let nats = anywire_brokers::unless_missing(anywire_brokers::Nats::shared_url().await);
        all.extend(nats.map(Self::Nats));
        all
    }

    /// As `nest/` calls it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Nats(_) => "nats",
        }
    }

    /// What a program of `nest/` is told about it.
    pub(crate) fn arguments(&self) -> Vec<&str> {
        let mut arguments = vec!["--transport", self.name(), "--name", NAME.as_str()];
        match self {
            Self::Tcp => {}
            Self::Nats(url) => arguments.extend(["--url", url]),
        }
        arguments
    }

    /// A client's connection. `port` is where the server listens, on TCP.
    pub(crate) async fn connect(&self, port: u64) -> Result<AnyTransport, BoxError> {
        Ok(match self {
            Self::Tcp => AnyTransport::new(Tcp::connect(format!("127.0.0.1:{port}")).await?),
            Self::Nats(url) => AnyTransport::new(Nats::connect(*url).await?),
        })
    }

    /// Our server.
    pub(crate) async fn serve(&self, ours: Ours) -> Result<Running, BoxError> {
        match self {
            Self::Tcp => start(ours, Tcp::listen("127.0.0.1:0")).await,
            Self::Nats(url) => start(ours, Nats::connect(*url)).await,
        }
    }
}

async fn start<L: Listen + Clone>(ours: Ours, listener: L) -> Result<Running, BoxError>
where
    InteropServer<Ours>: CarriedBy<L::Profile>,
    UserCreated: CarriedBy<L::Profile>,
    UserRenamed: CarriedBy<L::Profile>,
{
    let app = App::new()
        .serve(InteropServer::new(ours.clone()).on(listener.clone()))
        .subscribe(UserCreatedSubscriber::new(ours.clone()).on(listener.clone()))
        .subscribe(UserRenamedSubscriber::new(ours).on(listener));
    Ok(app.start().await?)
}
