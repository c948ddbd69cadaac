//! What the contestants speak, and who speaks it.

use anywire_brokers::{Broker, Error, Kafka, Nats, RabbitMq, Redis};
use nix::{
    sched::{CpuSet, sched_setaffinity},
    unistd::Pid,
};

use crate::{
    BoxError,
    contestant::{Contestant, Placement},
    peer::Peer,
};

/// A transport: one group of contestants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Wire {
    Tcp,
    Grpc,
    Redis,
    Nats,
    Rabbitmq,
    Kafka,
}

impl Wire {
    pub(crate) const ALL: [Self; 6] = [
        Self::Tcp,
        Self::Grpc,
        Self::Redis,
        Self::Nats,
        Self::Rabbitmq,
        Self::Kafka,
    ];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Grpc => "gRPC",
            Self::Redis => "Redis",
            Self::Nats => "NATS",
            Self::Rabbitmq => "RabbitMQ",
            Self::Kafka => "Kafka",
        }
    }

    pub(crate) fn has_broker(self) -> bool {
        !matches!(self, Self::Tcp | Self::Grpc)
    }

    /// Who is measured.
    pub(crate) fn contestants(self) -> Vec<Contestant> {
        let peers: &[Peer] = match self {
            Self::Tcp => &[
                Peer::Echo,
                Peer::ByHand,
                Peer::Anywire,
                Peer::AnywireNative,
                Peer::TarpcBincode,
                Peer::TarpcJson,
                Peer::Nest,
            ],
            Self::Grpc => &[Peer::Tonic, Peer::Anywire],
            Self::Redis | Self::Nats | Self::Rabbitmq | Self::Kafka => {
                &[Peer::ByHand, Peer::Anywire, Peer::Nest]
            }
        };
        let of = |&peer| Contestant { peer, wire: self };
        peers.iter().map(of).collect()
    }

    /// What is measured: where the processes are, and how many calls are in flight.
    pub(crate) fn settings(self) -> Vec<(Placement, usize)> {
        if self.has_broker() {
            return vec![(Placement::OneCore, 64)];
        }
        let placements = [Placement::OneCore, Placement::TwoThreads];
        placements
            .into_iter()
            .flat_map(|placement| [1, 64, 256].map(|in_flight| (placement, in_flight)))
            .collect()
    }

    /// Starts its broker, if it has one, on the core that the contestants are not on.
    pub(crate) fn broker(self) -> Result<Option<Broker>, BoxError> {
        // What a thread is bound to, its children are.
        let starting = std::thread::spawn(move || {
            let mut cores = CpuSet::new();
            cores.set(1)?;
            sched_setaffinity(Pid::from_raw(0), &cores)?;
            let runtime = tokio::runtime::Builder::new_current_thread().build()?;
            Ok::<_, BoxError>(runtime.block_on(self.start())?)
        });
        starting
            .join()
            .map_err(|_| "starting the broker panicked")?
    }

    async fn start(self) -> Result<Option<Broker>, Error> {
        let broker = match self {
            Self::Tcp | Self::Grpc => return Ok(None),
            Self::Redis => Redis::new().start().await,
            Self::Nats => Nats::new().start().await,
            Self::Rabbitmq => RabbitMq::new().start().await,
            Self::Kafka => Kafka::new().start().await,
        };
        broker.map(Some)
    }
}
