//! Where checks of streams take place.

use std::{net::SocketAddr, sync::Arc};

use anywire::{AnyTransport, Bound, BoxError, BoxFuture, CarriedBy, Running};

use super::{Erased, address, start};
use crate::{
    Fixture, Profile, Streamers,
    streaming::{NowhereClient, StreamingClient, StreamingServer},
};

/// Where services answer with streams.
pub(crate) struct Streams(Arc<dyn StreamsAnywhere>);

impl Streams {
    pub(crate) fn streaming(&self, streamers: &Streamers) -> Bound {
        self.0.streaming(streamers.clone())
    }

    /// Whether a request for a server that is not there waits for one.
    pub(crate) fn requests_are_stored(&self) -> bool {
        self.0.stores_requests()
    }

    /// An app that streams, and a client of it.
    pub(crate) async fn serve(&self, streamers: &Streamers) -> (Running, StreamingClient) {
        let running = start([self.streaming(streamers)]).await;
        let client = self.connect(&running).await;
        (running, client)
    }

    /// A client of an app that runs here.
    pub(crate) async fn connect(&self, running: &Running) -> StreamingClient {
        StreamingClient::new(self.transport(running).await)
    }

    /// A client of a service that nobody serves.
    pub(crate) async fn connect_nowhere(&self, running: &Running) -> NowhereClient {
        NowhereClient::new(self.transport(running).await)
    }

    async fn transport(&self, running: &Running) -> AnyTransport {
        let connected = self.0.connect(address(running)).await;
        connected.expect("a client can connect")
    }
}

trait StreamsAnywhere: Send + Sync {
    fn stores_requests(&self) -> bool;
    fn streaming(&self, streamers: Streamers) -> Bound;
    fn connect(&self, address: Option<SocketAddr>) -> BoxFuture<Result<AnyTransport, BoxError>>;
}

pub(crate) fn streaming<F: Fixture>(fixture: Arc<Erased<F>>) -> Streams
where
    StreamingServer<Streamers>: CarriedBy<Profile<F>>,
{
    Streams(fixture)
}

impl<F: Fixture> StreamsAnywhere for Erased<F>
where
    StreamingServer<Streamers>: CarriedBy<Profile<F>>,
{
    fn stores_requests(&self) -> bool {
        F::STORES_REQUESTS
    }

    fn streaming(&self, streamers: Streamers) -> Bound {
        StreamingServer::new(streamers).on(self.0.listener())
    }

    fn connect(&self, address: Option<SocketAddr>) -> BoxFuture<Result<AnyTransport, BoxError>> {
        self.any(address)
    }
}
