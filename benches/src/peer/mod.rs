//! The contestants: each serves, and each makes calls, in its own words.

use std::net::SocketAddr;

use crate::{
    BoxError,
    load::{Load, Measured},
};

mod anywire;
mod by_hand;
mod echo;
mod tarpc;
pub(crate) mod tonic;

/// Who can be measured. NestJS, which is not Rust, is in `nest.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Peer {
    /// Frames of the same sizes over tokio, and nothing else.
    Echo,
    /// The same message over tokio, written by hand.
    ByHand,
    /// anywire on Nest's wire.
    Anywire,
    /// anywire on its own wire.
    AnywireNative,
    /// tarpc with bincode.
    TarpcBincode,
    /// tarpc with JSON.
    TarpcJson,
    /// tonic with prost.
    Tonic,
}

/// Serves until the process ends. Calls `ready` once it listens.
pub(crate) async fn serve(peer: Peer, ready: impl FnOnce(SocketAddr)) -> Result<(), BoxError> {
    match peer {
        Peer::Echo => echo::serve(ready).await,
        Peer::ByHand => by_hand::serve(ready).await,
        // One port for both wires.
        Peer::Anywire | Peer::AnywireNative => anywire::serve(ready).await,
        Peer::TarpcBincode => tarpc::serve_bincode(ready).await,
        Peer::TarpcJson => tarpc::serve_json(ready).await,
        Peer::Tonic => tonic::serve(ready).await,
    }
}

/// Makes calls on one connection.
pub(crate) async fn load(peer: Peer, port: u16, load: Load) -> Result<Measured, BoxError> {
    match peer {
        Peer::Echo => echo::load(port, load).await,
        Peer::ByHand => by_hand::load(port, load).await,
        Peer::Anywire => anywire::load(port, load).await,
        Peer::AnywireNative => anywire::load_native(port, load).await,
        Peer::TarpcBincode => tarpc::load_bincode(port, load).await,
        Peer::TarpcJson => tarpc::load_json(port, load).await,
        Peer::Tonic => tonic::load(port, load).await,
    }
}

/// The user that every contestant answers with.
pub(crate) const EMAIL: &str = "ada@example.com";
pub(crate) const NAME: &str = "Ada Lovelace";
pub(crate) const AGE: u32 = 36;
