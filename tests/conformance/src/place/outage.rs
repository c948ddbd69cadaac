//! Where checks of an outage take place.

use std::{net::SocketAddr, sync::Arc};

use anywire::{App, Bound, BoxFuture, Running, transport::ConnectionState};

use super::{Erased, address};
use crate::{
    Fixture, Outage,
    outage::{Kept, KillBroker},
};

/// A place whose broker or server can be killed, once.
pub(crate) struct Scene<P> {
    pub(crate) place: P,
    broker: Option<KillBroker>,
    kept: Option<Kept>,
    watched: Arc<dyn Watched>,
}

/// A scene that is yet to be set: a broker takes a while to start.
pub(crate) type Setting<P> = BoxFuture<Scene<P>>;

/// Whether a client has its connection.
#[derive(Clone)]
pub(crate) struct Watch(Arc<dyn Fn(ConnectionState) -> Option<BoxFuture<()>> + Send + Sync>);

impl Watch {
    /// Waits until it is so, where the transport tells.
    pub(crate) async fn until(&self, state: ConnectionState) {
        if let Some(reached) = (self.0)(state) {
            reached.await;
        }
    }
}

impl<P> Scene<P> {
    /// Watches the connection of one more client.
    pub(crate) fn watch(&self, running: &Running) -> BoxFuture<Watch> {
        self.watched.watch(address(running))
    }

    /// Kills the broker, or else the app, whose parts `parts` makes; brings it
    /// back when `meanwhile` is done.
    pub(crate) async fn kill<const N: usize>(
        &mut self,
        running: Running,
        parts: impl Fn(&P) -> [Bound; N],
        meanwhile: impl Future<Output = ()> + Send + 'static,
    ) -> Running {
        if let Some(kill) = self.broker.take() {
            self.kept = Some(kill(Box::pin(meanwhile)).await);
            return running;
        }
        // Dropped, it ends what it has in hand as well.
        drop(running);
        meanwhile.await;
        // What it had on its port is gone when its last connection is.
        loop {
            let parts = parts(&self.place).into_iter();
            let app = parts.fold(App::new(), App::serve);
            match app.start().await {
                Ok(running) => return running,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    }
}

trait Watched: Send + Sync {
    fn watch(&self, address: Option<SocketAddr>) -> BoxFuture<Watch>;
}

impl<F: Fixture> Watched for Erased<F> {
    fn watch(&self, address: Option<SocketAddr>) -> BoxFuture<Watch> {
        let fixture = Arc::clone(&self.0);
        Box::pin(async move {
            let client = fixture.connect(address).await;
            let client = client.expect("a client can connect");
            Watch(Arc::new(move |state| F::until(&client, state)))
        })
    }
}

/// A scene of the fixture in a place that `place` makes of it.
pub(crate) fn setting<F: Fixture, P: 'static>(
    killable: BoxFuture<(F, Outage)>,
    place: fn(Arc<Erased<F>>) -> P,
) -> Setting<P> {
    Box::pin(async move {
        let (fixture, Outage(broker)) = killable.await;
        let fixture = Arc::new(Erased(Arc::new(fixture)));
        Scene {
            watched: Arc::clone(&fixture) as Arc<dyn Watched>,
            place: place(fixture),
            broker,
            kept: None,
        }
    })
}
