//! The contestants: each serves, and each makes calls, in its own words.

use std::{convert::Infallible, net::SocketAddr};

use crate::{BoxError, contestant::Contestant, load::Load, wire::Wire};

mod anywire;
mod by_hand;
mod echo;
mod tarpc;
pub(crate) mod tonic;

/// Who can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Peer {
    /// Frames of the same sizes over tokio, and nothing else.
    Echo,
    /// The same message, written by hand over tokio or the broker's client library.
    ByHand,
    /// anywire; on TCP and brokers on Nest's wire.
    Anywire,
    /// anywire on its own wire.
    AnywireNative,
    /// tarpc with bincode.
    TarpcBincode,
    /// tarpc with JSON.
    TarpcJson,
    /// tonic with prost.
    Tonic,
    /// NestJS, whose programs are in `nest`.
    Nest,
}

/// Serves until the process ends. Calls `ready` with its address once it can be reached.
pub(crate) async fn serve(
    contestant: Contestant,
    at: &str,
    ready: impl FnOnce(String),
) -> Result<(), BoxError> {
    let Contestant { peer, wire } = contestant;
    if peer == Peer::Anywire || peer == Peer::AnywireNative {
        // One port for both wires of TCP.
        return anywire::serve(wire, at, ready).await;
    }
    if wire.has_broker() && peer == Peer::ByHand {
        return by_hand::serve(wire, at, || ready(at.to_owned())).await;
    }
    let ready = |address: SocketAddr| ready(address.to_string());
    match (peer, wire) {
        (Peer::Echo, Wire::Tcp) => echo::serve(ready).await,
        (Peer::ByHand, Wire::Tcp) => by_hand::tcp::serve(ready).await,
        (Peer::TarpcBincode, Wire::Tcp) => tarpc::serve_bincode(ready).await,
        (Peer::TarpcJson, Wire::Tcp) => tarpc::serve_json(ready).await,
        (Peer::Tonic, Wire::Grpc) => tonic::serve(ready).await,
        _ => Err(contestant.unknown()),
    }
}

/// Takes turns of calls to the server at an address, or behind the broker there.
pub(crate) async fn load(
    contestant: Contestant,
    at: &str,
    load: Load,
) -> Result<Infallible, BoxError> {
    match (contestant.peer, contestant.wire) {
        (Peer::Anywire, wire) => anywire::load(wire, at, load).await,
        (Peer::AnywireNative, Wire::Tcp) => anywire::load_native(at, load).await,
        (Peer::Echo, Wire::Tcp) => echo::load(at, load).await,
        (Peer::ByHand, wire) => by_hand::load(wire, at, load).await,
        (Peer::TarpcBincode, Wire::Tcp) => tarpc::load_bincode(at, load).await,
        (Peer::TarpcJson, Wire::Tcp) => tarpc::load_json(at, load).await,
        (Peer::Tonic, Wire::Grpc) => tonic::load(at, load).await,
        _ => Err(contestant.unknown()),
    }
}

/// The user that every contestant answers with.
pub(crate) const EMAIL: &str = "ada@example.com";
pub(crate) const NAME: &str = "Ada Lovelace";
pub(crate) const AGE: u32 = 36;

/// The id of a user that came back, if all else of it is right.
fn checked(id: u32, email: &str, name: &str, age: u32, active: bool) -> Result<u32, BoxError> {
    if (email, name, age, active) == (EMAIL, NAME, AGE, true) {
        Ok(id)
    } else {
        Err("the reply is not what was asked for".into())
    }
}
