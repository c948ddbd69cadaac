//! One suite for every transport.
//!
//! A transport is held against it by a [`Fixture`], which says how to listen
//! and how to connect:
//!
//! ```
//! use std::net::SocketAddr;
//! use anywire::{BoxError, Memory};
//! use anywire_conformance::Fixture;
//!
//! struct InMemory(Memory);
//!
//! impl Fixture for InMemory {
//!     const NAME: &'static str = "Memory";
//!     type Listener = Memory;
//!     type Client = Memory;
//!
//!     fn new() -> Self {
//!         Self(Memory::new())
//!     }
//!
//!     fn listener(&self) -> Memory {
//!         self.0.clone()
//!     }
//!
//!     async fn connect(&self, _: Option<SocketAddr>) -> Result<Memory, BoxError> {
//!         Ok(self.0.clone())
//!     }
//! }
//!
//! # #[tokio::main] async fn main() {
//! anywire_conformance::requests::<InMemory>().await.expect_passed();
//! # }
//! ```
//!
//! [`requests`] and [`wildcards`] hold what every transport must do. The others
//! hold what some do besides: [`streams`] answer with streams, [`uploads`] take
//! them, [`stored_events`] are not lost, [`ordered_events`] keep the order of
//! their keys.

use anywire::{AtLeastOnce, BoxError, CarriedBy, KeyOrder, Listen, Transport};
use std::{future::Future, net::SocketAddr};

mod checks;
mod handlers;
mod place;
mod report;
mod suite;

anywire::include_contracts!();

pub use handlers::{Gates, Handlers, Heard, Log, MoreHandlers, Streamers, Uploaders};
pub use report::{Report, table};

pub use place::TakesStreams;

use conformance::{Announced, ChecksServer, MoreServer, Ordered, Stored};
use named::{AdminJoined, Joined, LevelLeft, LevelReached};
use streaming::{StreamingServer, UploadingServer};

/// A transport to be checked. Each check has one of its own.
pub trait Fixture: Send + Sync + 'static {
    /// What the table calls it.
    const NAME: &'static str;
    /// Whether a request that is on its way to a server that stops can get lost.
    /// Say why, where this is so.
    const MAY_LOSE_WHEN_STOPPED: bool = false;
    /// Whether each event can reach one member of a group. Where it cannot, a
    /// subscriber with a group must be refused when it is bound.
    const HAS_GROUPS: bool = true;
    /// The server's side.
    type Listener: Listen;
    /// The client's side.
    type Client: Transport;

    /// One that nobody else uses.
    fn new() -> Self;

    /// The listener for one more part of an app. All parts are reached by one client.
    fn listener(&self) -> Self::Listener;

    /// A client of what is served. `address` is where it listens, if it has an address.
    fn connect(
        &self,
        address: Option<SocketAddr>,
    ) -> impl Future<Output = Result<Self::Client, BoxError>> + Send;
}

/// What the listener of a fixture promises.
type Profile<F> = <<F as Fixture>::Listener as Listen>::Profile;

/// Runs the checks of requests, of messages without an answer, and of events
/// that may be lost.
pub async fn requests<F: Fixture>() -> Report
where
    ChecksServer<Handlers>: CarriedBy<Profile<F>>,
    MoreServer<MoreHandlers>: CarriedBy<Profile<F>>,
    Announced: CarriedBy<Profile<F>>,
{
    let groups = if F::HAS_GROUPS {
        suite::GROUPS
    } else {
        suite::NO_GROUPS
    };
    let mut report = suite::run(F::NAME, suite::REQUESTS, place::of::<F>).await;
    let of_groups = suite::run(F::NAME, groups, place::of::<F>).await;
    report.outcomes.extend(of_groups.outcomes);
    report
}

/// Runs the checks of events whose names hold values.
pub async fn wildcards<F: Fixture>() -> Report
where
    Joined: CarriedBy<Profile<F>>,
    LevelReached: CarriedBy<Profile<F>>,
    AdminJoined: CarriedBy<Profile<F>>,
    LevelLeft: CarriedBy<Profile<F>>,
{
    let mut report = suite::run(F::NAME, suite::WILDCARDS, place::naming::<F>).await;
    if F::HAS_GROUPS {
        let groups = suite::run(F::NAME, suite::WILDCARD_GROUPS, place::naming::<F>).await;
        report.outcomes.extend(groups.outcomes);
    }
    report
}

/// Runs the checks of streams that services answer with.
pub async fn streams<F: Fixture>() -> Report
where
    StreamingServer<Streamers>: CarriedBy<Profile<F>>,
{
    suite::run(F::NAME, suite::STREAMS, place::streaming::<F>).await
}

/// Runs the checks of streams that services take, and of those that go both ways.
pub async fn uploads<F: Fixture>() -> Report
where
    UploadingServer<Uploaders>: CarriedBy<Profile<F>>,
    F::Client: TakesStreams,
{
    suite::run(F::NAME, suite::UPLOADS, place::uploading::<F>).await
}

/// Runs the checks of events that must not be lost.
pub async fn stored_events<F: Fixture>() -> Report
where
    Stored: CarriedBy<Profile<F>>,
    F::Client: AtLeastOnce<Stored>,
{
    suite::run(F::NAME, suite::STORED_EVENTS, place::storing::<F>).await
}

/// Runs the checks of events that keep the order of their keys.
pub async fn ordered_events<F: Fixture>() -> Report
where
    Ordered: CarriedBy<Profile<F>>,
    F::Client: KeyOrder<Ordered>,
{
    suite::run(F::NAME, suite::ORDERED_EVENTS, place::ordering::<F>).await
}
