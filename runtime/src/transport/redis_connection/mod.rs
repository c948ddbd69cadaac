//! What the two transports of Redis share: how its server is reached, and how
//! commands are sent in batches.

use std::{fmt, future::Future, io, time::Duration};

use redis::{
    ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _, RedisError, ServerErrorKind,
    aio::{MultiplexedConnection, PubSub},
};
use tokio::net::TcpStream;

use crate::{
    BoxFuture, TransportError,
    backoff::Backoff,
    transport::{stream::Stream, tls::Trust},
};

mod batches;

#[cfg(feature = "redis")]
pub(super) use batches::Outgoing;
pub(super) use batches::{Batches, Outbox, Queue};

/// A Redis server, and how its connections are made.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) url: String,
    pub(super) login: Option<(String, String)>,
    pub(super) trust: Trust,
    pub(super) connect_timeout: Duration,
    pub(super) keep_alive: Duration,
    pub(super) backoff: Backoff,
}

/// The options of [`Server`], for the builder of each transport.
macro_rules! server_options {
    () => {
        /// Logs in with a name and a password, in place of those in the URL. The
        /// name of a server that has only a password (`requirepass`) is `default`.
        pub fn user(mut self, name: impl Into<String>, password: impl Into<String>) -> Self {
            self.server.login = Some((name.into(), password.into()));
            self
        }

        /// Trusts the certificates in this PEM file besides those of the system.
        /// TLS is asked for by the URL: `rediss://`.
        pub fn authority(mut self, file: impl Into<std::path::PathBuf>) -> Self {
            self.server.trust.add_authority(file);
            self
        }

        /// Shows the certificate in one PEM file, whose key is in the other.
        pub fn identity(
            mut self,
            certificate: impl Into<std::path::PathBuf>,
            key: impl Into<std::path::PathBuf>,
        ) -> Self {
            self.server.trust.show(certificate, key);
            self
        }

        /// How long one attempt to connect may take: 5 seconds unless set.
        pub fn connect_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.server.connect_timeout = timeout;
            self
        }

        /// How often a connection is asked for a sign of life: every 10 seconds
        /// unless set. One that gives none for as long is made again.
        pub fn keep_alive(mut self, every: std::time::Duration) -> Self {
            self.server.keep_alive = every;
            self
        }

        /// The pause after a failed attempt to connect again, which doubles up to
        /// `longest`, less up to half at random: 50 ms and 1 s unless set.
        pub fn backoff(mut self, first: std::time::Duration, longest: std::time::Duration) -> Self {
            self.server.backoff = crate::backoff::Backoff { first, longest };
            self
        }

        /// Changes the limits.
        pub fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
            change(&mut self.limits);
            self
        }
    };
}
pub(super) use server_options;

/// A connection for commands. `driver` is what moves its bytes: whoever polls
/// it learns at once that the connection is lost.
pub(super) struct Commands {
    pub(super) connection: MultiplexedConnection,
    pub(super) driver: BoxFuture<()>,
}

impl Server {
    pub(super) fn new(url: String) -> Self {
        Self {
            url,
            login: None,
            trust: Trust::default(),
            connect_timeout: Duration::from_secs(5),
            keep_alive: Duration::from_secs(10),
            backoff: Backoff::default(),
        }
    }

    /// Where it is, without what is secret in the URL.
    pub(super) fn address(&self) -> String {
        match self.info() {
            Ok((info, _)) => info.addr().to_string(),
            Err(_) => "Redis".to_owned(),
        }
    }

    /// A connection for commands, which are answered in their order.
    pub(super) async fn commands(&self) -> Result<Commands, TransportError> {
        let (info, uses_tls) = self.info()?;
        self.in_time(async {
            let stream = self.stream(info.addr(), uses_tls).await?;
            // Time is kept elsewhere: of calls, and by signs of life.
            let config = redis::AsyncConnectionConfig::new().set_response_timeout(None);
            let made =
                MultiplexedConnection::new_with_config(info.redis_settings(), stream, config);
            let (connection, driver) = made.await.map_err(refused)?;
            let mut commands = Commands {
                connection,
                driver: Box::pin(driver),
            };
            // A server that asks for a password and was given none says so only now.
            let mut connection = commands.connection.clone();
            let ping = redis::cmd("PING");
            let ping = ping.query_async::<redis::Value>(&mut connection);
            commands.drive(ping).await.map_err(refused)?;
            Ok(commands)
        })
        .await
    }

    /// A connection for commands, after as many attempts as that takes.
    pub(super) async fn connect_again(&self) -> Commands {
        let mut attempt = 0;
        loop {
            tokio::time::sleep(self.backoff.pause(attempt)).await;
            match self.commands().await {
                Ok(commands) => return commands,
                Err(error) => tracing::debug!(%error, "not connected yet"),
            }
            attempt = attempt.saturating_add(1);
        }
    }

    /// A connection for subscriptions.
    pub(super) async fn subscriber(&self) -> Result<PubSub, TransportError> {
        let (info, uses_tls) = self.info()?;
        self.in_time(async {
            let stream = self.stream(info.addr(), uses_tls).await?;
            let subscriber = PubSub::new(info.redis_settings(), stream).await;
            subscriber.map_err(refused)
        })
        .await
    }

    async fn in_time<T>(
        &self,
        connect: impl Future<Output = Result<T, String>>,
    ) -> Result<T, TransportError> {
        let connected = tokio::time::timeout(self.connect_timeout, connect).await;
        connected
            .unwrap_or_else(|_| Err("no answer in time".to_owned()))
            .map_err(|reason| self.unreachable(reason))
    }

    pub(super) fn unreachable(&self, reason: impl ToString) -> TransportError {
        TransportError::Unreachable {
            address: self.address(),
            reason: reason.to_string(),
        }
    }

    async fn stream(&self, address: &ConnectionAddr, uses_tls: bool) -> Result<Stream, String> {
        let ConnectionAddr::Tcp(host, port) = address else {
            return Err("only redis:// and rediss:// are supported".to_owned());
        };
        let connect = async {
            let stream = TcpStream::connect((host.as_str(), *port)).await?;
            // Batches are written whole, so that there is nothing to wait for.
            stream.set_nodelay(true)?;
            Ok::<Stream, io::Error>(if uses_tls {
                Box::new(self.trust.connect(host, stream).await?)
            } else {
                Box::new(stream)
            })
        };
        connect.await.map_err(|error| error.to_string())
    }

    /// The URL as the client library has it, but for TLS, which is ours.
    fn info(&self) -> Result<(ConnectionInfo, bool), TransportError> {
        let wrong = |reason: String| TransportError::Unreachable {
            // Not the URL itself, which may hold a password.
            address: "Redis".to_owned(),
            reason: format!("its URL is wrong: {reason}"),
        };
        let mut url = redis::parse_redis_url(&self.url)
            .ok_or_else(|| wrong("it must begin with redis:// or rediss://".to_owned()))?;
        let uses_tls = matches!(url.scheme(), "rediss" | "valkeys");
        if uses_tls && url.set_scheme("redis").is_err() {
            return Err(wrong("it has no host".to_owned()));
        }
        let mut info = url
            .into_connection_info()
            .map_err(|error| wrong(error.to_string()))?;
        if let Some((name, password)) = &self.login {
            let settings = info.redis_settings().clone();
            info = info.set_redis_settings(settings.set_username(name).set_password(password));
        }
        Ok((info, uses_tls))
    }
}

impl Commands {
    /// Waits for something that is done over this connection.
    pub(super) async fn drive<T>(
        &mut self,
        done: impl Future<Output = Result<T, RedisError>>,
    ) -> Result<T, RedisError> {
        tokio::select! {
            done = done => done,
            () = &mut self.driver => Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
        }
    }
}

/// Why a connection was not made, which says nothing secret.
fn refused(error: RedisError) -> String {
    error.to_string()
}

/// Why the server did not do what it was asked.
pub(super) fn refusal(server: &Server, error: &redis::ServerError) -> TransportError {
    match error.kind() {
        Some(ServerErrorKind::NoPerm) => TransportError::NotCarried(error.to_string()),
        _ => server.unreachable(error),
    }
}

/// Whether an error is the server's answer, so that the connection still stands.
pub(super) fn is_answer(error: &RedisError) -> bool {
    !error.is_io_error() && !error.is_unrecoverable_error()
}

/// Asks for a sign of life now and then, and ends when none came.
pub(super) async fn until_silent(mut connection: MultiplexedConnection, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        let ping = redis::cmd("PING");
        let ping = ping.query_async::<redis::Value>(&mut connection);
        match tokio::time::timeout(every, ping).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) if is_answer(&error) => {}
            _ => return,
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address())
    }
}
