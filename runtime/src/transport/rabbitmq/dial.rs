//! A connection that is given up when its peer says nothing.
//!
//! The library has a thread for each attempt to connect, which ends when the
//! socket does: a peer that accepts and never answers would keep it for ever.

use std::{
    io,
    net::{Shutdown, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use lapin::{
    AsyncTcpStream, Connection, ConnectionProperties,
    tcp::RustlsConnector,
    uri::{AMQPScheme, AMQPUri},
};

use crate::transport::tls::{self, Trust};

/// Connects. Dropping this cuts the socket off.
pub(super) async fn dial(
    uri: AMQPUri,
    properties: ConnectionProperties,
    trust: Trust,
    timeout: Duration,
) -> lapin::Result<Connection> {
    let attempt = Attempt::default();
    let socket = Arc::clone(&attempt.0);
    let runtime = lapin::runtime::default_runtime()?;
    let connection = Connection::connector(
        uri,
        runtime,
        async move |uri: AMQPUri, runtime| {
            let host = &uri.authority.host;
            let connect = async {
                let resolved = tokio::net::lookup_host((host.as_str(), uri.authority.port)).await?;
                let addresses: Vec<SocketAddr> = resolved.collect();
                let stream = AsyncTcpStream::connect(&runtime, addresses).await?;
                if let AsyncTcpStream::Plain(plain) = &stream {
                    socket.hold(twin(plain.get_ref())?)?;
                }
                match uri.scheme {
                    AMQPScheme::AMQP => Ok(stream),
                    AMQPScheme::AMQPS => {
                        let connector = RustlsConnector::from(trust.client().await?);
                        let secured = stream.into_rustls(&connector, host).await;
                        secured.map_err(tls::explained)
                    }
                }
            };
            let connected = tokio::time::timeout(timeout, connect).await;
            Ok(connected.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?)
        },
        properties,
    )
    .await?;
    attempt.succeed();
    Ok(connection)
}

/// An attempt that fails unless it has succeeded before it is dropped.
#[derive(Default)]
struct Attempt(Arc<Socket>);

impl Attempt {
    fn succeed(&self) {
        *self.0.lock() = State::Done;
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        match std::mem::replace(&mut *state, State::GivenUp) {
            // An error means that it is gone already.
            State::Open(socket) => drop(socket.shutdown(Shutdown::Both)),
            State::Done => *state = State::Done,
            State::Before | State::GivenUp => {}
        }
    }
}

/// The socket of an attempt.
#[derive(Default)]
struct Socket(Mutex<State>);

#[derive(Default)]
enum State {
    #[default]
    Before,
    Open(std::net::TcpStream),
    Done,
    GivenUp,
}

impl Socket {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hold(&self, socket: std::net::TcpStream) -> io::Result<()> {
        let mut state = self.lock();
        if matches!(*state, State::GivenUp) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        *state = State::Open(socket);
        Ok(())
    }
}

/// The same socket once more.
fn twin(stream: &tokio::net::TcpStream) -> io::Result<std::net::TcpStream> {
    #[cfg(unix)]
    let twin = std::os::fd::AsFd::as_fd(stream).try_clone_to_owned()?;
    #[cfg(windows)]
    let twin = std::os::windows::io::AsSocket::as_socket(stream).try_clone_to_owned()?;
    Ok(twin.into())
}
