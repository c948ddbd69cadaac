//! How connections are asked for.

use std::{fmt, future::IntoFuture, sync::Arc};

use super::{Limits, Redis, client::Client, server};
use crate::{
    BoxError, BoxFuture, Listen, Routes, Serve, TransportError,
    service::BoxService,
    transport::redis_connection::{Server, server_options},
};

/// A connection to be made: await it for a client, or give it to `.on(..)`.
#[must_use = "nothing is connected until it is awaited or served on"]
#[derive(Clone)]
pub struct RedisConnect {
    pub(super) server: Server,
    pub(super) limits: Limits,
}

impl RedisConnect {
    pub(super) fn new(url: String) -> Self {
        Self {
            server: Server::new(url),
            limits: Limits::default(),
        }
    }

    server_options!();
}

/// Connects, and fails if the first attempt does.
impl IntoFuture for RedisConnect {
    type Output = Result<Redis, TransportError>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(Redis(Arc::new(Client::connect(self).await?))) })
    }
}

/// Serves over connections of its own.
impl Listen for RedisConnect {
    type Profile = Redis;

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        server::bind(&self, routes, service).await
    }
}

impl fmt::Debug for RedisConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisConnect")
            .field("address", &self.server)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
