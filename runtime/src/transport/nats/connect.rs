//! How a connection is made, and made again.

use std::{fmt, future::IntoFuture, path::PathBuf, sync::Arc, time::Duration};

use async_nats::{ConnectOptions, Event, ServerAddr};
use tokio::sync::watch;

use super::{Limits, Nats, client::Client, server};
use crate::{
    BoxError, BoxFuture, Listen, Routes, Serve, TransportError, backoff::Backoff,
    service::BoxService, transport::ConnectionState,
};

/// A connection to be made: await it for a client, or give it to `.on(..)`.
#[must_use = "nothing is connected until it is awaited or served on"]
#[derive(Clone)]
pub struct NatsConnect {
    url: String,
    login: Option<Login>,
    authorities: Vec<PathBuf>,
    identity: Option<(PathBuf, PathBuf)>,
    requires_tls: bool,
    name: Option<String>,
    pub(super) queue: Option<String>,
    pub(super) limits: Limits,
    connect_timeout: Duration,
    backoff: Backoff,
}

#[derive(Clone)]
enum Login {
    User(String, String),
    Token(String),
    NKey(String),
    Credentials(String),
}

impl NatsConnect {
    pub(super) fn new(url: String) -> Self {
        Self {
            url,
            login: None,
            authorities: Vec::new(),
            identity: None,
            requires_tls: false,
            name: None,
            queue: None,
            limits: Limits::default(),
            connect_timeout: Duration::from_secs(5),
            backoff: Backoff::default(),
        }
    }

    /// Logs in with a name and a password.
    pub fn user(mut self, name: impl Into<String>, password: impl Into<String>) -> Self {
        self.login = Some(Login::User(name.into(), password.into()));
        self
    }

    /// Logs in with a token.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.login = Some(Login::Token(token.into()));
        self
    }

    /// Logs in with an NKey, given by its seed (`SU..`).
    pub fn nkey(mut self, seed: impl Into<String>) -> Self {
        self.login = Some(Login::NKey(seed.into()));
        self
    }

    /// Logs in with the text of a `.creds` file: a JWT and its NKey.
    pub fn credentials(mut self, text: impl Into<String>) -> Self {
        self.login = Some(Login::Credentials(text.into()));
        self
    }

    /// Trusts the certificates in this PEM file besides those of the system, and asks for TLS.
    pub fn authority(mut self, file: impl Into<PathBuf>) -> Self {
        self.authorities.push(file.into());
        self.requires_tls = true;
        self
    }

    /// Shows the certificate in one PEM file, whose key is in the other, and asks for TLS.
    pub fn identity(mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.identity = Some((certificate.into(), key.into()));
        self.requires_tls = true;
        self
    }

    /// What the NATS server calls this connection in its lists.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The queue group of what is served here, of which one member gets each
    /// request: the service's name with its package unless set. NestJS has the
    /// same as its option `queue`.
    pub fn queue(mut self, queue: impl Into<String>) -> Self {
        self.queue = Some(queue.into());
        self
    }

    /// Changes the limits.
    pub fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }

    /// How long one attempt to connect may take: 5 seconds unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The pause after a failed attempt to connect again, which doubles up to
    /// `longest`, less up to half at random: 50 ms and 1 s unless set.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.backoff = Backoff { first, longest };
        self
    }

    /// Connects. `state` follows what becomes of the connection, and `lost` is
    /// called whenever it is lost.
    pub(super) async fn open(
        &self,
        state: Arc<watch::Sender<ConnectionState>>,
        lost: impl Fn() + Send + Sync + 'static,
    ) -> Result<async_nats::Client, TransportError> {
        let addresses = self.addresses()?;
        let unreachable = |reason: String| TransportError::Unreachable {
            address: shown(&addresses),
            reason,
        };
        let backoff = self.backoff;
        let mut options = ConnectOptions::new()
            .connection_timeout(self.connect_timeout)
            .subscription_capacity(self.limits.max_waiting)
            .require_tls(self.requires_tls)
            // The first attempt counts from 1.
            .reconnect_delay_callback(move |attempt| {
                backoff.pause(u32::try_from(attempt.saturating_sub(1)).unwrap_or(u32::MAX))
            })
            .event_callback(move |event| {
                let now = match event {
                    Event::Connected => Some(ConnectionState::Connected),
                    Event::Disconnected => Some(ConnectionState::Reconnecting),
                    Event::Closed => Some(ConnectionState::Closed),
                    other => {
                        tracing::warn!(event = %other, "NATS");
                        None
                    }
                };
                if let Some(now) = now {
                    state.send_replace(now);
                    if now != ConnectionState::Connected {
                        lost();
                    }
                }
                std::future::ready(())
            });
        for file in &self.authorities {
            options = options.add_root_certificates(file.clone());
        }
        if let Some((certificate, key)) = &self.identity {
            options = options.add_client_certificate(certificate.clone(), key.clone());
        }
        if let Some(name) = &self.name {
            options = options.name(name);
        }
        options = match &self.login {
            None => options,
            Some(Login::User(name, password)) => {
                options.user_and_password(name.clone(), password.clone())
            }
            Some(Login::Token(token)) => options.token(token.clone()),
            Some(Login::NKey(seed)) => options.nkey(seed.clone()),
            Some(Login::Credentials(text)) => options
                .credentials(text)
                .map_err(|error| unreachable(error.to_string()))?,
        };
        let connect = options.connect(&addresses[..]);
        match tokio::time::timeout(self.connect_timeout, connect).await {
            Ok(Ok(client)) => Ok(client),
            Ok(Err(error)) => Err(unreachable(error.to_string())),
            Err(_) => Err(unreachable("no answer in time".to_owned())),
        }
    }

    fn addresses(&self) -> Result<Vec<ServerAddr>, TransportError> {
        let addresses = self.url.split(',').map(|url| {
            url.trim()
                .parse()
                .map_err(|error: std::io::Error| TransportError::Unreachable {
                    // Not the URL itself, which may hold a password.
                    address: "NATS".to_owned(),
                    reason: format!("its URL is wrong: {error}"),
                })
        });
        addresses.collect()
    }
}

/// The addresses without what is secret in them.
fn shown(addresses: &[ServerAddr]) -> String {
    let addresses: Vec<String> = addresses
        .iter()
        .map(|address| format!("{}:{}", address.host(), address.port()))
        .collect();
    addresses.join(",")
}

/// Connects, and fails if the first attempt does.
impl IntoFuture for NatsConnect {
    type Output = Result<Nats, TransportError>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(Nats(Arc::new(Client::connect(&self).await?))) })
    }
}

/// Serves over a connection of its own.
impl Listen for NatsConnect {
    type Profile = Nats;

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        let (state, _) = watch::channel(ConnectionState::Connected);
        let connection = server::Connection {
            client: self.open(Arc::new(state), || {}).await?,
            queue: self.queue,
        };
        server::bind(connection, self.limits, routes, service).await
    }
}

impl fmt::Debug for NatsConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.addresses().map(|addresses| shown(&addresses));
        f.debug_struct("NatsConnect")
            .field("address", &address.unwrap_or_default())
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
