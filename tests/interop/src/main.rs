//! Runs every check against NestJS, and on gRPC against grpc-js alone and against
//! tonic, in both directions, and prints what passed.
//!
//! Without arguments it takes all peers on all transports, and hybrid
//! applications on both sides; `anywire-interop v12 nats` takes one of each.
//! `nest/install` comes first.

mod check;
mod client;
mod hybrid;
mod left_out;
mod node;
mod peer;
mod round;
mod server;
mod tonic_peer;
mod uploading;
mod wire;

use std::process::ExitCode;

use anywire::BoxError;
use futures_util::{StreamExt as _, stream};

use crate::{round::Round, wire::Wire};

anywire::include_contracts!();

/// Versions of NestJS, and on gRPC grpc-js without it, and tonic.
const PEERS: &[&str] = &["v10", "v11", "v12", "grpc-js", "tonic"];
/// Those that speak gRPC alone.
const WITHOUT_NEST: &[&str] = &["grpc-js", "tonic"];

/// Transports that are checked at a time: most of it goes by while peers start.
const AT_A_TIME: usize = 2;

#[tokio::main]
#[expect(clippy::print_stdout, reason = "the tables are what this is for")]
async fn main() -> Result<ExitCode, BoxError> {
    let arguments = std::env::args().skip(1);
    let (mut peers, names): (Vec<_>, Vec<_>) =
        arguments.partition(|argument| PEERS.contains(&argument.as_str()));
    if peers.is_empty() {
        peers = PEERS.iter().map(ToString::to_string).collect();
    }
    let wires = Wire::all(&names).await;
    let checked = wires.iter().enumerate();
    let checked = checked.map(async |(place, wire)| (place, rounds_of(wire, &peers).await));
    let checked = stream::iter(checked).buffer_unordered(AT_A_TIME);
    let mut checked: Vec<_> = checked.collect().await;
    checked.sort_by_key(|(place, _)| *place);
    let mut rounds: Vec<_> = checked.into_iter().flat_map(|(_, rounds)| rounds).collect();
    if names.is_empty() || names.iter().any(|name| name == hybrid::NAME) {
        let versions = peers
            .iter()
            .filter(|peer| !WITHOUT_NEST.contains(&peer.as_str()));
        rounds.extend(hybrid::rounds(versions).await);
    }
    println!("{}", round::tables(&rounds));
    // Of names that are unknown nothing is run.
    let all_sound = !rounds.is_empty() && rounds.iter().all(Round::is_sound);
    Ok(if all_sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// One transport, with all its peers.
async fn rounds_of(wire: &Wire, peers: &[String]) -> Vec<Round> {
    let peers = || peers.iter().filter(|peer| wire.has(peer));
    let mut rounds = Vec::new();
    for peer in peers() {
        let mut round = Round::new(wire.name(), "peer asks anywire", peer);
        let checked = match peer.as_str() {
            "tonic" => tonic_peer::client::checks_ours(wire, &mut round).await,
            _ => server::checked_by(wire, peer, &mut round).await,
        };
        rounds.push(round.ended(checked));
    }
    for peer in peers() {
        let mut round = Round::new(wire.name(), "anywire asks peer", peer);
        let checked = client::against(wire, peer, &mut round).await;
        rounds.push(round.ended(checked));
    }
    rounds
}
