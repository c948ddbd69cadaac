//! One process: any number of transports, and HTTP beside them.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{sync::watch, task::JoinSet};
use tower::{Layer, Service};

use crate::{
    BoxError, Reply, Request, Stop,
    server::{Bound, ErasedServe},
    service::BoxService,
};

/// How long a stopping app waits for the work in hand, unless it is told otherwise: 10 seconds.
pub const DEFAULT_GRACE_PERIOD: Duration = Duration::from_secs(10);

/// Servers, subscribers and HTTP, started and stopped together.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use anywire::App;
///
/// let running = App::new().start().await?; // ready: every part listens
/// running.stop().await?; // drained: every part has finished its work
/// # Ok(()) }
/// ```
#[must_use = "an app does nothing until it is started or run"]
pub struct App {
    layers: Vec<ErasedLayer>,
    parts: Vec<Bound>,
    #[cfg(feature = "http")]
    http: Vec<(String, axum::Router)>,
    grace_period: Duration,
    stop: (watch::Sender<bool>, Stop),
}

/// A layer whose type is forgotten.
type ErasedLayer = Box<dyn Fn(BoxService) -> BoxService + Send>;

impl Default for App {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}

/// What an app can serve: a server or subscriber that is bound to a transport.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not bound to a transport",
    label = "nobody could reach this",
    note = "bind it before it is served: `.on(Tcp::listen(\"0.0.0.0:3001\"))`"
)]
pub trait IsBound: sealed::IntoBound {}

impl IsBound for Bound {}

mod sealed {
    pub trait IntoBound {
        fn into_bound(self) -> super::Bound;
    }

    impl IntoBound for super::Bound {
        fn into_bound(self) -> Self {
            self
        }
    }
}

impl App {
    /// An app without parts.
    pub fn new() -> Self {
        Self {
            layers: Vec::new(),
            parts: Vec::new(),
            #[cfg(feature = "http")]
            http: Vec::new(),
            grace_period: DEFAULT_GRACE_PERIOD,
            stop: Stop::new(),
        }
    }

    /// Wraps every server and subscriber of the app in a layer, on every
    /// transport, wherever in the chain this is called. The first layer is the outermost.
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<BoxService> + Send + Sync + 'static,
        L::Service: Service<Request, Response = Reply> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Error: Into<BoxError>,
        <L::Service as Service<Request>>::Future: Send,
    {
        self.layers
            .push(Box::new(move |service| service.layer(&layer)));
        self
    }

    /// Serves a generated server on the transport that it is bound to.
    pub fn serve(mut self, server: impl IsBound) -> Self {
        self.parts.push(sealed::IntoBound::into_bound(server));
        self
    }

    /// Delivers events to a subscriber over the transport that it is bound to.
    pub fn subscribe(self, subscriber: impl IsBound) -> Self {
        self.serve(subscriber)
    }

    /// Serves plain HTTP routes beside the transports. They keep axum's own
    /// layers; those of the app do not apply to them.
    #[cfg(feature = "http")]
    pub fn http(mut self, address: impl Into<String>, router: axum::Router) -> Self {
        self.http.push((address.into(), router));
        self
    }

    /// How long [`Running::stop`] waits for the work in hand; [`DEFAULT_GRACE_PERIOD`] otherwise.
    pub fn grace_period(mut self, grace_period: Duration) -> Self {
        self.grace_period = grace_period;
        self
    }

    /// Says when the app stops taking requests, for HTTP responses that would
    /// never end by themselves, such as server-sent events: an app that stops
    /// waits for them until the [grace period](Self::grace_period) is over.
    #[must_use]
    pub fn stopping(&self) -> Stop {
        self.stop.1.clone()
    }

    /// Binds every part, then serves. When this returns, peers can reach all of them.
    ///
    /// # Errors
    /// The first part that cannot be bound, by its name; nothing is served then.
    pub async fn start(self) -> Result<Running, StartError> {
        let Self {
            layers,
            parts,
            grace_period,
            stop: (stop_http, stop_of_http),
            ..
        } = self;
        let mut endpoints = Vec::new();
        let mut bound: Vec<Box<dyn ErasedServe>> = Vec::new();
        for part in parts {
            let (name, transport) = (part.name, part.transport);
            // The last layer goes on first, so that the first one is the outermost.
            let service = layers
                .iter()
                .rev()
                .fold(part.service, |service, layer| layer(service));
            let fail = |cause| StartError {
                name,
                transport,
                cause,
            };
            let serve = part
                .listener
                .bind(part.routes, service)
                .await
                .map_err(fail)?;
            endpoints.push(Endpoint {
                name,
                transport,
                address: serve.address(),
            });
            bound.push(serve);
        }
        #[cfg(feature = "http")]
        let mut routers = Vec::new();
        #[cfg(feature = "http")]
        for (address, router) in self.http {
            let fail = |error: io::Error| StartError {
                name: "HTTP",
                transport: "Http",
                cause: error.into(),
            };
            let listener = tokio::net::TcpListener::bind(&address)
                .await
                .map_err(fail)?;
            let address = Some(listener.local_addr().map_err(fail)?);
            endpoints.push(Endpoint {
                name: "HTTP",
                transport: "Http",
                address,
            });
            routers.push((listener, router));
        }

        let (stop_transports, stop) = Stop::new();
        let mut transports = JoinSet::new();
        for serve in bound {
            transports.spawn(serve.serve(stop.clone()));
        }
        let mut http = JoinSet::new();
        #[cfg(feature = "http")]
        for (listener, router) in routers {
            http.spawn(serve_http(listener, router, stop_of_http.clone()));
        }
        drop(stop_of_http);
        #[cfg(not(feature = "http"))]
        http.spawn(async {});
        let phases = [
            Phase {
                stop: stop_http,
                tasks: http,
            },
            Phase {
                stop: stop_transports,
                tasks: transports,
            },
        ];
        Ok(Running {
            endpoints,
            phases,
            grace_period,
        })
    }

    /// Starts, and runs until SIGTERM or Ctrl-C; then drains and returns.
    ///
    /// # Errors
    /// When a part cannot be bound, or work is left after the grace period.
    pub async fn run(self) -> Result<(), RunError> {
        let running = self.start().await?;
        for endpoint in running.endpoints() {
            tracing::info!(name = endpoint.name, transport = endpoint.transport, address = ?endpoint.address, "ready");
        }
        running.until_signal().await
    }
}

#[cfg(feature = "http")]
async fn serve_http(listener: tokio::net::TcpListener, router: axum::Router, mut stop: Stop) {
    let served = axum::serve(listener, router)
        .with_graceful_shutdown(async move { stop.requested().await })
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "HTTP ended");
    }
}

/// Waits for SIGTERM or Ctrl-C.
async fn terminated() -> io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            _ = terminate.recv() => Ok(()),
            interrupted = tokio::signal::ctrl_c() => interrupted,
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// A part of a running app, and where it is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Endpoint {
    /// The service, the event, or `HTTP`.
    pub name: &'static str,
    /// The transport.
    pub transport: &'static str,
    /// The address that it listens on, if it has one of its own.
    pub address: Option<SocketAddr>,
}

/// An app that is ready. Dropping it stops it without waiting.
#[derive(Debug)]
pub struct Running {
    endpoints: Vec<Endpoint>,
    phases: [Phase; 2],
    grace_period: Duration,
}

/// Parts that stop together. HTTP goes first: its requests in hand still need the transports.
#[derive(Debug)]
struct Phase {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Running {
    /// Every part, in the order in which they were added; HTTP last.
    #[must_use]
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// The address of the part of that name: a service, an event, or `HTTP`.
    #[must_use]
    pub fn address(&self, name: &str) -> Option<SocketAddr> {
        self.endpoints
            .iter()
            .find(|endpoint| endpoint.name == name)?
            .address
    }

    /// Serves until SIGTERM or Ctrl-C; then drains and returns. What
    /// [`App::run`] does after it has started.
    ///
    /// # Errors
    /// When work is left after the grace period, or signals cannot be listened for.
    pub async fn until_signal(self) -> Result<(), RunError> {
        terminated().await.map_err(RunError::Signal)?;
        Ok(self.stop().await?)
    }

    /// Takes nothing new, finishes what is in hand, closes.
    ///
    /// # Errors
    /// When that takes longer than the grace period; what was left is cut off.
    pub async fn stop(mut self) -> Result<(), StopError> {
        let phases = &mut self.phases;
        let drained = tokio::time::timeout(self.grace_period, async {
            for phase in phases.iter_mut() {
                // An error means that no part is left to be told.
                let _ = phase.stop.send(true);
                while phase.tasks.join_next().await.is_some() {}
            }
        });
        if drained.await.is_ok() {
            return Ok(());
        }
        let parts = self.phases.iter().map(|phase| phase.tasks.len()).sum();
        for phase in &mut self.phases {
            phase.tasks.shutdown().await;
        }
        Err(StopError {
            parts,
            grace_period: self.grace_period,
        })
    }
}

/// A part that could not be bound.
#[derive(Debug, thiserror::Error)]
#[error("cannot serve {name} on {transport}: {cause}")]
pub struct StartError {
    /// The service, the event, or `HTTP`.
    pub name: &'static str,
    /// The transport.
    pub transport: &'static str,
    /// Why not.
    #[source]
    pub cause: BoxError,
}

/// Parts that were still at work when the grace period was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{parts} parts were still at work after {grace_period:?} and were cut off")]
pub struct StopError {
    /// How many.
    pub parts: usize,
    /// How long they were given.
    pub grace_period: Duration,
}

/// Why [`App::run`] did not end well.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// A part could not be bound.
    #[error(transparent)]
    Start(#[from] StartError),
    /// Work was left after the grace period.
    #[error(transparent)]
    Stop(#[from] StopError),
    /// The system refuses to report signals.
    #[error("cannot listen for SIGTERM and Ctrl-C: {0}")]
    Signal(#[source] io::Error),
}
