//! What can wrap the calls of a client.

use tower::{Layer, Service};

use crate::{BoxError, ClientService, Reply, Request};

/// A layer of tower that a client accepts: any that turns the service of a
/// client into another one.
///
/// It is only a name for these bounds, and implemented for all that satisfy them.
pub trait ClientLayer: Layer<ClientService, Service = Self::Wrapped> {
    /// The service behind the layer.
    type Wrapped: Service<Request, Response = Reply, Error: Into<BoxError>, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static;
}

impl<L> ClientLayer for L
where
    L: Layer<ClientService>,
    L::Service: Service<Request, Response = Reply, Error: Into<BoxError>, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static,
{
    type Wrapped = L::Service;
}
