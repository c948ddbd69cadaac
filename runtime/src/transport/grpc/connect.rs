//! How a channel is made.

use std::{fmt, future::IntoFuture, time::Duration};

use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity};

use super::{CONNECTION_WINDOW, Grpc, Limits, client::Client, connections::Connections};
use crate::{BoxFuture, TransportError};

/// A channel to be made: await it, or make it [lazy](Self::lazy). It connects
/// again by itself when its connection breaks.
#[must_use = "nothing is connected until it is awaited"]
pub struct GrpcConnect {
    url: String,
    authority: Option<Certificate>,
    identity: Option<Identity>,
    domain: Option<String>,
    limits: Limits,
    connect_timeout: Duration,
}

impl GrpcConnect {
    pub(super) fn new(url: String) -> Self {
        Self {
            url,
            authority: None,
            identity: None,
            domain: None,
            limits: Limits::default(),
            connect_timeout: Duration::from_secs(5),
        }
    }

    /// Trusts the certificates of this authority, in PEM, and no others: those
    /// of the system unless set.
    pub fn authority(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.authority = Some(Certificate::from_pem(pem));
        self
    }

    /// Shows this certificate, with its key, both in PEM.
    pub fn identity(mut self, certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Self {
        self.identity = Some(Identity::from_pem(certificate, key));
        self
    }

    /// The name that the server's certificate must have, where it is not the host in the URL.
    pub fn domain(mut self, name: impl Into<String>) -> Self {
        self.domain = Some(name.into());
        self
    }

    /// Changes the limits.
    pub fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    /// How long one attempt to connect may take, with the handshake of TLS: 5
    /// seconds unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Connects when the first call is made, for services that start in any order.
    ///
    /// # Errors
    /// When the URL or a certificate is wrong.
    pub fn lazy(self) -> Result<Grpc, TransportError> {
        let endpoint = self.endpoint()?;
        let connections = Connections::new(self.limits.keep_alive);
        let channel = endpoint.connect_with_connector_lazy(connections.clone());
        Ok(Grpc(Client::new(
            channel,
            connections,
            self.url,
            self.limits,
        )))
    }

    fn endpoint(&self) -> Result<Endpoint, TransportError> {
        let endpoint = Endpoint::from_shared(self.url.clone())
            .map_err(|error| self.unreachable(&error))?
            .connect_timeout(self.connect_timeout)
            .initial_connection_window_size(CONNECTION_WINDOW);
        let endpoint = match self.limits.ping {
            Some(every) => endpoint
                .http2_keep_alive_interval(every)
                .keep_alive_timeout(every),
            None => endpoint,
        };
        if endpoint.uri().scheme_str() != Some("https") {
            return Ok(endpoint);
        }
        let mut tls = ClientTlsConfig::new();
        tls = match &self.authority {
            Some(authority) => tls.ca_certificate(authority.clone()),
            None => tls.with_native_roots(),
        };
        if let Some(identity) = &self.identity {
            tls = tls.identity(identity.clone());
        }
        if let Some(domain) = &self.domain {
            tls = tls.domain_name(domain.clone());
        }
        endpoint
            .tls_config(tls)
            .map_err(|error| self.unreachable(&error))
    }

    fn unreachable(&self, error: &tonic::transport::Error) -> TransportError {
        TransportError::Unreachable {
            address: self.url.clone(),
            reason: with_causes(error),
        }
    }
}

/// What went wrong, down to the first cause: tonic alone says "transport error".
pub(super) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Connects, and fails if the first attempt does.
impl IntoFuture for GrpcConnect {
    type Output = Result<Grpc, TransportError>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let connections = Connections::new(self.limits.keep_alive);
            let channel = self
                .endpoint()?
                .connect_with_connector(connections.clone())
                .await
                .map_err(|error| self.unreachable(&error))?;
            Ok(Grpc(Client::new(
                channel,
                connections,
                self.url,
                self.limits,
            )))
        })
    }
}

impl fmt::Debug for GrpcConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrpcConnect")
            .field("url", &self.url)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
