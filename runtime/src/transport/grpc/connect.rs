//! How a client's connection is made.

use std::{fmt, future::IntoFuture, io, time::Duration};

use http::{
    Uri,
    uri::{Authority, Scheme},
};

use super::{
    Grpc, Limits,
    client::Client,
    connection::{PROTOCOL, Target, Tls},
};
use crate::{
    BoxFuture, TransportError,
    backoff::Backoff,
    transport::{
        stream::without_brackets,
        tls::{Pem, Trust},
    },
};

/// A connection to be made: await it, or make it [lazy](Self::lazy). It is made
/// again by itself when it breaks.
#[must_use = "nothing is connected until it is awaited"]
pub struct GrpcConnect {
    url: String,
    trust: Trust,
    domain: Option<String>,
    limits: Limits,
    connect_timeout: Duration,
    backoff: Backoff,
}

impl GrpcConnect {
    pub(super) fn new(url: String) -> Self {
        Self {
            url,
            trust: Trust {
                protocols: vec![PROTOCOL.to_vec()],
                ..Trust::default()
            },
            domain: None,
            limits: Limits::default(),
            connect_timeout: Duration::from_secs(5),
            backoff: Backoff::default(),
        }
    }

    /// Trusts the certificates of this authority, in PEM, and no others: those
    /// of the system unless set.
    pub fn authority(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.trust.authorities = vec![Pem::text(pem)];
        self.trust.without_system = true;
        self
    }

    /// Shows this certificate, with its key, both in PEM.
    pub fn identity(mut self, certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Self {
        self.trust.identity = Some((Pem::text(certificate), Pem::text(key)));
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

    /// The pause after a failed attempt, which doubles up to `longest`, less up
    /// to half at random: 50 ms and 1 s unless set. Calls fail at once meanwhile.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.backoff = Backoff { first, longest };
        self
    }

    /// Connects when the first call is made, for services that start in any
    /// order. Calls made before the connection stands wait for the first attempt.
    ///
    /// Must be called in a tokio runtime, as everything that connects.
    ///
    /// # Errors
    /// When the URL or a certificate is wrong.
    pub fn lazy(self) -> Result<Grpc, TransportError> {
        match self.client() {
            Ok(client) => Ok(Grpc(client)),
            Err(reason) => Err(TransportError::Unreachable {
                address: self.address(),
                reason: reason.to_string(),
            }),
        }
    }

    fn client(&self) -> io::Result<Client> {
        let (scheme, authority) = self.origin()?;
        let host = without_brackets(authority.host()).to_owned();
        let is_secure = scheme == Scheme::HTTPS;
        let port = if is_secure { 443 } else { 80 };
        let port = authority.port_u16().unwrap_or(port);
        let tls = if is_secure {
            let domain = self.domain.clone().unwrap_or_else(|| host.clone());
            self.trust.check(&domain)?;
            Some(Tls {
                trust: self.trust.clone(),
                domain,
            })
        } else {
            None
        };
        let target = Target {
            address: self.address().into(),
            host,
            port,
            tls,
            timeout: self.connect_timeout,
            limits: self.limits,
        };
        let origin = Uri::builder().scheme(scheme).authority(authority);
        let origin = origin.path_and_query("/").build();
        Ok(Client::new(
            origin.map_err(io::Error::other)?,
            target,
            self.backoff,
        ))
    }

    /// What goes before the paths of calls.
    fn origin(&self) -> io::Result<(Scheme, Authority)> {
        let url: Uri = self.url.parse().map_err(io::Error::other)?;
        let parts = url.into_parts();
        let known = [Scheme::HTTP, Scheme::HTTPS];
        let scheme = parts.scheme.filter(|scheme| known.contains(scheme));
        let path = parts.path_and_query.filter(|path| path != "/");
        let (Some(scheme), Some(authority), None) = (scheme, parts.authority, path) else {
            return Err(io::Error::other(
                "expected http://host:port or https://host:port, and nothing after it",
            ));
        };
        if authority.as_str().contains('@') {
            return Err(io::Error::other(
                "gRPC has no place for a user before the host: send credentials as headers",
            ));
        }
        let has_port = authority.as_str().len() > authority.host().len();
        if has_port && authority.port_u16().is_none() {
            return Err(io::Error::other("the port is no number up to 65535"));
        }
        Ok((scheme, authority))
    }

    /// Without what must not be shown.
    fn address(&self) -> String {
        let (scheme, rest) = self.url.split_once("://").unwrap_or(("", &self.url));
        match rest.rsplit_once('@') {
            Some((_, host)) => format!("{scheme}://{host}"),
            None => self.url.clone(),
        }
    }
}

/// Connects, and fails if the first attempt does.
impl IntoFuture for GrpcConnect {
    type Output = Result<Grpc, TransportError>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let grpc = self.lazy()?;
            grpc.0.connected().await?;
            Ok(grpc)
        })
    }
}

impl fmt::Debug for GrpcConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrpcConnect")
            .field("url", &self.address())
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
