//! What anywire has set itself to reach.

use crate::{
    contestant::{Contestant, Placement},
    peer::Peer,
    wire::Wire,
};

/// How many times the requests per second of another one of ours makes, at least.
pub(crate) struct Target {
    pub(crate) ours: Contestant,
    pub(crate) other: Contestant,
    pub(crate) at_least: f64,
}

/// Whether targets are for this way of measuring.
pub(crate) fn is_set_for(placement: Placement, in_flight: usize) -> bool {
    placement == Placement::OneCore && in_flight == 64
}

/// Whoever is measured on a transport, and the ratio that is aimed at.
const RATIOS: [(Wire, Peer, Peer, f64); 12] = [
    (Wire::Tcp, Peer::Anywire, Peer::Nest, 11.0),
    (Wire::Tcp, Peer::Anywire, Peer::TarpcBincode, 1.7),
    (Wire::Tcp, Peer::AnywireNative, Peer::TarpcBincode, 3.5),
    (Wire::Tcp, Peer::AnywireNative, Peer::ByHand, 0.85),
    (Wire::Grpc, Peer::Anywire, Peer::Tonic, 1.0),
    (Wire::Redis, Peer::Anywire, Peer::ByHand, 0.93),
    (Wire::Redis, Peer::Anywire, Peer::Nest, 4.5),
    (Wire::Nats, Peer::Anywire, Peer::ByHand, 0.93),
    (Wire::Nats, Peer::Anywire, Peer::Nest, 4.5),
    (Wire::Rabbitmq, Peer::Anywire, Peer::ByHand, 0.93),
    (Wire::Rabbitmq, Peer::Anywire, Peer::Nest, 1.3),
    (Wire::Kafka, Peer::Anywire, Peer::ByHand, 0.93),
];

pub(crate) fn all() -> impl Iterator<Item = Target> {
    RATIOS
        .into_iter()
        .map(|(wire, ours, other, at_least)| Target {
            ours: Contestant { peer: ours, wire },
            other: Contestant { peer: other, wire },
            at_least,
        })
}
