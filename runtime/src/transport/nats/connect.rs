//! How a connection is made, and made again.

use std::{fmt, future::IntoFuture, path::PathBuf, sync::Arc, time::Duration};

use async_nats::{ConnectOptions, ServerAddr, rustls::crypto};

use super::{
    Limits, Nats,
    client::Client,
    connection::{Connection, Follow},
    message, server,
};
use crate::{
    BoxError, BoxFuture, Listen, Routes, Serve, TransportError, backoff::Backoff,
    service::BoxService,
};

/// A connection to be made: await it for a client, or give it to `.on(..)`.
#[must_use = "nothing is connected until it is awaited or served on"]
#[derive(Clone)]
pub struct NatsConnect {
    url: String,
    login: Option<Login>,
    authority: Option<PathBuf>,
    identity: Option<(PathBuf, PathBuf)>,
    requires_tls: bool,
    name: Option<String>,
    pub(in crate::transport) queue: Option<String>,
    pub(in crate::transport) limits: Limits,
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
            authority: None,
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

    /// Trusts the certificates in this PEM file, in place of those of the system, and asks for TLS.
    pub fn authority(mut self, file: impl Into<PathBuf>) -> Self {
        self.authority = Some(file.into());
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

    /// Connects. `lost` is called whenever the connection is lost.
    pub(in crate::transport) async fn open(
        &self,
        lost: impl Fn() + Send + Sync + 'static,
    ) -> Result<Connection, TransportError> {
        let (addresses, login) = self.addresses()?;
        let unreachable = |reason: String| TransportError::Unreachable {
            address: shown(&addresses),
            reason,
        };
        // The library panics where two of them are compiled in and none is chosen.
        if crypto::CryptoProvider::get_default().is_none() {
            // An error means that somebody else has just chosen.
            let _ = crypto::ring::default_provider().install_default();
        }
        let follow = Arc::new(Follow::new(self.backoff, lost));
        let (attempts, events) = (Arc::clone(&follow), Arc::clone(&follow));
        let mut options = ConnectOptions::new()
            .connection_timeout(self.connect_timeout)
            .subscription_capacity(self.limits.max_waiting)
            .require_tls(self.requires_tls)
            .reconnect_delay_callback(move |attempt| attempts.pause(attempt))
            .event_callback(move |event| {
                events.take(&event);
                std::future::ready(())
            });
        if let Some(file) = &self.authority {
            options = options.add_root_certificates(file.clone());
        }
        if let Some((certificate, key)) = &self.identity {
            options = options.add_client_certificate(certificate.clone(), key.clone());
        }
        if let Some(name) = &self.name {
            options = options.name(name);
        }
        options = match login {
            None => options,
            Some(Login::User(name, password)) => options.user_and_password(name, password),
            Some(Login::Token(token)) => options.token(token),
            Some(Login::NKey(seed)) => options.nkey(seed),
            Some(Login::Credentials(text)) => options
                .credentials(&text)
                .map_err(|error| unreachable(error.to_string()))?,
        };
        let connect = async {
            let client = options.connect(&addresses[..]).await?;
            Ok::<_, async_nats::ConnectError>(follow.connected(client).await)
        };
        match tokio::time::timeout(self.connect_timeout, connect).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(unreachable(error.to_string())),
            Err(_) => Err(unreachable("no answer in time".to_owned())),
        }
    }

    /// The addresses in the URL, and how to log in there.
    ///
    /// The library would ignore a login in a URL, and log the URL.
    fn addresses(&self) -> Result<(Vec<ServerAddr>, Option<Login>), TransportError> {
        let mut login = self.login.clone();
        let mut addresses = Vec::new();
        for url in self.url.split(',') {
            let (url, in_url) = without_login(url.trim());
            login = login.or(in_url);
            let address =
                url.parse()
                    .map_err(|error: std::io::Error| TransportError::Unreachable {
                        address: "NATS".to_owned(),
                        reason: format!("its URL is wrong: {error}"),
                    })?;
            addresses.push(address);
        }
        Ok((addresses, login))
    }
}

/// A URL without the login before its `@`, and the login.
fn without_login(url: &str) -> (String, Option<Login>) {
    let (scheme, rest) = url.split_once("://").unwrap_or(("nats", url));
    let Some((login, host)) = rest.rsplit_once('@') else {
        return (format!("{scheme}://{rest}"), None);
    };
    let login = match login.split_once(':') {
        Some((name, password)) => Login::User(unescaped(name), unescaped(password)),
        None => Login::Token(unescaped(login)),
    };
    (format!("{scheme}://{host}"), Some(login))
}

/// Text in which `%40` stands for `@`.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        let byte = part.get(..2).map(|hex| u8::from_str_radix(hex, 16));
        match byte {
            Some(Ok(byte)) => {
                bytes.push(byte);
                bytes.extend(part[2..].bytes());
            }
            _ => bytes.extend([b"%", part.as_bytes()].concat()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The addresses as errors show them.
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
        Box::pin(async move {
            let client = Client::connect(&self, message::read_reply).await?;
            Ok(Nats(Arc::new(client)))
        })
    }
}

/// Serves over a connection of its own.
impl Listen for NatsConnect {
    type Profile = Nats;

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        let connection = self.open(|| {}).await?;
        server::bind(connection, &self.queue, self.limits, routes, service).await
    }
}

impl fmt::Debug for NatsConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.addresses().map(|(addresses, _)| shown(&addresses));
        f.debug_struct("NatsConnect")
            .field("address", &address.unwrap_or_default())
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
