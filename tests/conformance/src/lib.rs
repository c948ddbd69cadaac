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
//! [`requests`] and [`wildcards`] hold what every transport must do that answers;
//! one that answers nothing is held against [`events`] in place of [`requests`].
//! The others hold what some do besides: [`streams`] answer with streams,
//! [`uploads`] take them, [`stored_events`] are not lost, [`ordered_events`] keep
//! the order of their keys.
//!
//! With [`Fixture::KILLABLE`] they kill a broker, or a server, under load as well.
//!
//! Where the environment variable `ANYWIRE_CONFORMANCE` names a file, each check
//! is a line of JSON at its end: see [`Record`].

use anywire::{
    AtLeastOnce, BoxError, BoxFuture, CarriedBy, KeyOrder, Listen, Transport,
    transport::ConnectionState,
};
use std::{future::Future, net::SocketAddr, sync::Arc};

mod checks;
mod handlers;
mod outage;
mod place;
mod record;
mod report;
mod suite;

anywire::include_contracts!();

pub use handlers::{Gates, Handlers, Heard, Log, MoreHandlers, Streamers, Uploaders};
pub use outage::{Killable, Outage, free_address};
pub use record::{Outcome, Record};
pub use report::{Report, table};

pub use place::TakesStreams;

use conformance::{Announced, ChecksServer, MoreServer, NotesServer, Ordered, Stored};
use named::{AdminJoined, Joined, LevelLeft, LevelReached};
use place::{Erased, Setting};
use streaming::{StreamingServer, UploadingServer};
use suite::Suite;

/// A transport to be checked. Each check has one of its own.
pub trait Fixture: Sized + Send + Sync + 'static {
    /// What the table calls it.
    const NAME: &'static str;
    /// Whether a request that is on its way to a server that stops can get lost.
    /// Say why, where this is so.
    const MAY_LOSE_WHEN_STOPPED: bool = false;
    /// Whether each event can reach one member of a group. Where it cannot, a
    /// subscriber with a group must be refused when it is bound.
    const HAS_GROUPS: bool = true;
    /// Whether the names of events can hold values. Where they cannot, such an
    /// event must be refused when it is bound, and when it is published.
    const HAS_WILDCARDS: bool = true;
    /// Whether a request for a server that is not there waits for one, so that
    /// its caller's time runs out in place of a refusal. Say why, where this is so.
    const STORES_REQUESTS: bool = false;
    /// Makes one whose broker, or whose server where there is none, the checks of
    /// an outage kill, and says how. Nobody else may use that broker. Where there
    /// is no such function these checks are not run, and the table says so.
    const KILLABLE: Option<Killable<Self>> = None;
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

    /// Waits until the client's connection is in this state, where the transport
    /// tells: what the client's own `until` does. The checks of an outage ask it.
    fn until(_client: &Self::Client, _state: ConnectionState) -> Option<BoxFuture<()>> {
        None
    }
}

/// What the listener of a fixture promises.
type Profile<F> = <<F as Fixture>::Listener as Listen>::Profile;

const NOT_KILLABLE: &str = "nothing that can be killed is given";
const HAS_GROUPS: &str = "has groups";
const NO_GROUPS: &str = "has no groups";
const HAS_WILDCARDS: &str = "has wildcards";
const NO_WILDCARDS: &str = "has no wildcards";

/// Runs checks, each in a place of its own.
async fn run<F: Fixture, P>(suite: Suite<P>, place: fn(Arc<Erased<F>>) -> P) -> Report {
    suite::run(F::NAME, suite, || place(Erased::new())).await
}

/// Runs checks of an outage, if the fixture gives what is killed.
async fn run_outage<F: Fixture, P: 'static>(
    suite: Suite<Setting<P>>,
    place: fn(Arc<Erased<F>>) -> P,
) -> Report {
    let Some(killable) = F::KILLABLE else {
        suite::leave_out(F::NAME, suite, NOT_KILLABLE);
        return Report {
            transport: F::NAME.to_owned(),
            outcomes: Vec::new(),
        };
    };
    suite::run(F::NAME, suite, || place::setting(killable(), place)).await
}

/// Notes that a transport is not checked, and why: there is no broker, for one.
/// It does nothing unless `ANYWIRE_CONFORMANCE` names a file.
pub fn leave_out<F: Fixture>(reason: &str) {
    suite::leave_out(F::NAME, suite::REQUESTS, reason);
    suite::leave_out(F::NAME, suite::OUTAGE, reason);
    suite::leave_out(F::NAME, suite::EVENTS, reason);
    suite::leave_out(F::NAME, suite::GROUPS, reason);
    suite::leave_out(F::NAME, suite::NO_GROUPS, reason);
    suite::leave_out(F::NAME, suite::WILDCARDS, reason);
    suite::leave_out(F::NAME, suite::WILDCARD_GROUPS, reason);
    suite::leave_out(F::NAME, suite::NO_WILDCARDS, reason);
    suite::leave_out(F::NAME, suite::STREAMS, reason);
    suite::leave_out(F::NAME, suite::STREAMS_OUTAGE, reason);
    suite::leave_out(F::NAME, suite::UPLOADS, reason);
    suite::leave_out(F::NAME, suite::BOTH_WAYS, reason);
    suite::leave_out(F::NAME, suite::STORED_EVENTS, reason);
    suite::leave_out(F::NAME, suite::STORED_OUTAGE, reason);
    suite::leave_out(F::NAME, suite::ORDERED_EVENTS, reason);
}

/// Runs the checks of requests, and those of [`events`].
pub async fn requests<F: Fixture>() -> Report
where
    ChecksServer<Handlers>: CarriedBy<Profile<F>>,
    MoreServer<MoreHandlers>: CarriedBy<Profile<F>>,
    NotesServer<Heard>: CarriedBy<Profile<F>>,
    Announced: CarriedBy<Profile<F>>,
{
    let requests = run(suite::REQUESTS, place::of::<F>).await;
    let outage = run_outage(suite::OUTAGE, place::of::<F>).await;
    requests.and(outage).and(events::<F>().await)
}

/// Runs the checks of messages without an answer, and of events that may be lost.
pub async fn events<F: Fixture>() -> Report
where
    NotesServer<Heard>: CarriedBy<Profile<F>>,
    Announced: CarriedBy<Profile<F>>,
{
    let (groups, others, reason) = if F::HAS_GROUPS {
        (suite::GROUPS, suite::NO_GROUPS, HAS_GROUPS)
    } else {
        (suite::NO_GROUPS, suite::GROUPS, NO_GROUPS)
    };
    suite::leave_out(F::NAME, others, reason);
    let events = run(suite::EVENTS, place::announcing::<F>).await;
    events.and(run(groups, place::announcing::<F>).await)
}

/// Runs the checks of events whose names hold values.
pub async fn wildcards<F: Fixture>() -> Report
where
    Joined: CarriedBy<Profile<F>>,
    LevelReached: CarriedBy<Profile<F>>,
    AdminJoined: CarriedBy<Profile<F>>,
    LevelLeft: CarriedBy<Profile<F>>,
{
    if !F::HAS_WILDCARDS {
        suite::leave_out(F::NAME, suite::WILDCARDS, NO_WILDCARDS);
        suite::leave_out(F::NAME, suite::WILDCARD_GROUPS, NO_WILDCARDS);
        return run(suite::NO_WILDCARDS, place::naming::<F>).await;
    }
    suite::leave_out(F::NAME, suite::NO_WILDCARDS, HAS_WILDCARDS);
    let wildcards = run(suite::WILDCARDS, place::naming::<F>).await;
    if !F::HAS_GROUPS {
        suite::leave_out(F::NAME, suite::WILDCARD_GROUPS, NO_GROUPS);
        return wildcards;
    }
    wildcards.and(run(suite::WILDCARD_GROUPS, place::naming::<F>).await)
}

/// Runs the checks of streams that services answer with.
pub async fn streams<F: Fixture>() -> Report
where
    StreamingServer<Streamers>: CarriedBy<Profile<F>>,
{
    let streams = run(suite::STREAMS, place::streaming::<F>).await;
    streams.and(run_outage(suite::STREAMS_OUTAGE, place::streaming::<F>).await)
}

/// Runs the checks of streams that services take, and of those that go both ways.
pub async fn uploads<F: Fixture>() -> Report
where
    UploadingServer<Uploaders>: CarriedBy<Profile<F>>,
    F::Client: TakesStreams,
{
    let uploads = run(suite::UPLOADS, place::uploading::<F>).await;
    uploads.and(run(suite::BOTH_WAYS, place::uploading::<F>).await)
}

/// Runs the checks of events that must not be lost.
pub async fn stored_events<F: Fixture>() -> Report
where
    Stored: CarriedBy<Profile<F>>,
    F::Client: AtLeastOnce<Stored>,
{
    let stored = run(suite::STORED_EVENTS, place::storing::<F>).await;
    stored.and(run_outage(suite::STORED_OUTAGE, place::storing::<F>).await)
}

/// Runs the checks of events that keep the order of their keys.
pub async fn ordered_events<F: Fixture>() -> Report
where
    Ordered: CarriedBy<Profile<F>>,
    F::Client: KeyOrder<Ordered>,
{
    run(suite::ORDERED_EVENTS, place::ordering::<F>).await
}
