//! A fixture whose type is forgotten, so that each check is compiled once and
//! not once for every transport.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anywire::{AnyTransport, App, Bound, BoxError, BoxFuture, CarriedBy, Running};

use crate::{
    Fixture, Handlers, Heard, MoreHandlers, Profile,
    conformance::{
        AbsentClient, Announced, ChecksClient, ChecksPublisher, ChecksServer, MoreClient,
        MoreServer, NotesServer,
    },
};

mod announced;
mod named;
mod outage;
mod stored;
mod streaming;
mod uploading;

use announced::Announces;
pub(crate) use announced::{Announcing, announcing};
pub(crate) use named::{Naming, naming};
pub(crate) use outage::{Setting, setting};
pub(crate) use stored::{Ordering, Storing, ordering, storing};
pub(crate) use streaming::{Streams, streaming};
pub use uploading::TakesStreams;
pub(crate) use uploading::{Items, Uploads, uploading};

/// Where a check takes place.
pub(crate) struct Place(Arc<dyn Anywhere>);

/// Clients over one connection.
#[derive(Debug, Clone)]
pub(crate) struct Clients {
    pub(crate) transport: AnyTransport,
    pub(crate) checks: ChecksClient,
    pub(crate) more: MoreClient,
    pub(crate) absent: AbsentClient,
    pub(crate) publisher: ChecksPublisher,
    /// Whether a request for a server that is not there waits for one.
    pub(crate) requests_are_stored: bool,
}

impl Clients {
    fn over(transport: AnyTransport, requests_are_stored: bool) -> Self {
        Self {
            requests_are_stored,
            checks: ChecksClient::new(transport.clone()),
            more: MoreClient::new(transport.clone()),
            absent: AbsentClient::new(transport.clone()),
            publisher: ChecksPublisher::new(transport.clone()),
            transport,
        }
    }
}

impl Place {
    pub(crate) fn checks(&self, handlers: &Handlers) -> Bound {
        self.0.checks(handlers.clone())
    }

    pub(crate) fn more(&self) -> Bound {
        self.0.more()
    }

    pub(crate) fn announced(&self, heard: &Heard, group: Option<&str>) -> Bound {
        self.0.announced(heard.clone(), group)
    }

    /// Whether a request that is on its way to a server that stops can get lost.
    pub(crate) fn may_lose_when_stopped(&self) -> bool {
        self.0.may_lose_when_stopped()
    }

    /// Clients of an app that runs here.
    pub(crate) async fn connect(&self, running: &Running) -> Clients {
        self.try_connect(address(running))
            .await
            .expect("a client can connect")
    }

    pub(crate) async fn try_connect(
        &self,
        address: Option<SocketAddr>,
    ) -> Result<Clients, BoxError> {
        let transport = self.0.connect(address).await?;
        Ok(Clients::over(transport, self.0.stores_requests()))
    }

    /// An app that serves the checks, and clients of it.
    pub(crate) async fn serve(&self, handlers: &Handlers) -> (Running, Clients) {
        let running = start([self.checks(handlers)]).await;
        let clients = self.connect(&running).await;
        (running, clients)
    }
}

/// The app of these parts, running.
pub(crate) async fn start(parts: impl IntoIterator<Item = Bound>) -> Running {
    let app = parts.into_iter().fold(App::new(), App::serve);
    let app = app.grace_period(Duration::from_secs(20));
    app.start().await.expect("the app starts")
}

/// Where an app listens, but for HTTP.
fn address(running: &Running) -> Option<SocketAddr> {
    let mut endpoints = running
        .endpoints()
        .iter()
        .filter(|endpoint| endpoint.name != "HTTP");
    endpoints.find_map(|endpoint| endpoint.address)
}

trait Anywhere: Announces {
    fn may_lose_when_stopped(&self) -> bool;
    fn stores_requests(&self) -> bool;
    fn checks(&self, handlers: Handlers) -> Bound;
    fn more(&self) -> Bound;
}

pub(crate) struct Erased<F>(Arc<F>);

impl<F: Fixture> Erased<F> {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Arc::new(F::new())))
    }

    /// A client's side whose type is forgotten.
    fn any(&self, address: Option<SocketAddr>) -> BoxFuture<Result<AnyTransport, BoxError>> {
        let fixture = Arc::clone(&self.0);
        Box::pin(async move { Ok(AnyTransport::new(fixture.connect(address).await?)) })
    }
}

pub(crate) fn of<F: Fixture>(fixture: Arc<Erased<F>>) -> Place
where
    ChecksServer<Handlers>: CarriedBy<Profile<F>>,
    MoreServer<MoreHandlers>: CarriedBy<Profile<F>>,
    NotesServer<Heard>: CarriedBy<Profile<F>>,
    Announced: CarriedBy<Profile<F>>,
{
    Place(fixture)
}

impl<F: Fixture> Anywhere for Erased<F>
where
    ChecksServer<Handlers>: CarriedBy<Profile<F>>,
    MoreServer<MoreHandlers>: CarriedBy<Profile<F>>,
    NotesServer<Heard>: CarriedBy<Profile<F>>,
    Announced: CarriedBy<Profile<F>>,
{
    fn may_lose_when_stopped(&self) -> bool {
        F::MAY_LOSE_WHEN_STOPPED
    }

    fn stores_requests(&self) -> bool {
        F::STORES_REQUESTS
    }

    fn checks(&self, handlers: Handlers) -> Bound {
        ChecksServer::new(handlers).on(self.0.listener())
    }

    fn more(&self) -> Bound {
        MoreServer::new(MoreHandlers).on(self.0.listener())
    }
}
