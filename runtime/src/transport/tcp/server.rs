//! The server's side: one port, any number of services.

use std::{fmt, io, marker::PhantomData, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpStream,
    task::JoinSet,
};

use super::{Cut, Limits, Tcp, native, nest, tls};
use crate::{
    BoxError, Listen, Routes, Serve, Stop,
    service::BoxService,
    transport::{
        nest::table::Table,
        port::{Accepting, Port},
        socket,
        stream::Stream,
    },
    wire::native::MAGIC,
};

/// How long nothing is accepted after the system refused to, as when it has no file left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A listener on one port. Clones share the port and what is served on it.
///
/// Peers on either wire are served. `T`, [`Tcp`] or [`NativeTcp`](super::NativeTcp),
/// is what a contract must be content with.
#[derive(Clone)]
pub struct TcpListen<T = Tcp> {
    address: String,
    limits: Limits,
    pub(super) tls: tls::ServerTls,
    pub(super) port: Port<Table>,
    profile: PhantomData<fn() -> T>,
}

impl<T> TcpListen<T> {
    pub(super) fn new(address: String) -> Self {
        Self {
            address,
            limits: Limits::default(),
            tls: tls::ServerTls::default(),
            port: Port::default(),
            profile: PhantomData,
        }
    }

    /// Changes the limits.
    ///
    /// ```
    /// use anywire::Tcp;
    ///
    /// let listener = Tcp::listen("127.0.0.1:3001").limits(|limits| limits.max_frame = 1 << 20);
    /// ```
    #[must_use]
    pub fn limits(mut self, change: impl FnOnce(&mut Limits)) -> Self {
        change(&mut self.limits);
        self
    }
}

impl<T> fmt::Debug for TcpListen<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TcpListen")
            .field("address", &self.address)
            .field("limits", &self.limits)
            .finish()
    }
}

impl<T: 'static> Listen for TcpListen<T> {
    type Profile = T;

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        let tls = self.tls.acceptor().await?;
        let add = |table: &mut Table| table.add(&routes, &service);
        let (address, accepting) = self.port.bind(&self.address, add).await?;
        Ok(TcpServe {
            address,
            acceptor: accepting.map(|on| Acceptor {
                on,
                tls,
                limits: self.limits,
            }),
        })
    }
}

struct TcpServe {
    address: SocketAddr,
    acceptor: Option<Acceptor>,
}

impl Serve for TcpServe {
    fn address(&self) -> Option<SocketAddr> {
        Some(self.address)
    }

    async fn serve(self, mut stop: Stop) {
        match self.acceptor {
            Some(acceptor) => acceptor.accept(stop).await,
            None => stop.requested().await,
        }
    }
}

struct Acceptor {
    on: Accepting<Table>,
    tls: Option<tls::Acceptor>,
    limits: Limits,
}

impl Acceptor {
    async fn accept(self, mut stop: Stop) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.on.listener.accept(), if connections.len() < self.limits.max_connections => match accepted {
                    Ok((stream, peer)) => {
                        connections.spawn(self.serve(stream, peer, stop.clone()));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "cannot accept a connection");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                },
                Some(_) = connections.join_next() => {}
                () = stop.requested() => break,
            }
        }
        // No one can connect any more, while the connections finish their work.
        drop(self.on.listener);
        while connections.join_next().await.is_some() {}
    }

    fn serve(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        stop: Stop,
    ) -> impl Future<Output = ()> + use<> {
        // Connections keep the table that they began with.
        let table = self.on.services.now();
        let (tls, limits) = (self.tls.clone(), self.limits);
        async move {
            socket::prepare(&stream, limits.keep_alive, limits.stall_timeout);
            if let Err(cut) = serve(stream, tls, table, limits, stop).await {
                tracing::warn!(%peer, %cut, "a connection is cut off");
            }
        }
    }
}

/// Serves one peer, on the wire that it speaks.
async fn serve(
    stream: TcpStream,
    tls: Option<tls::Acceptor>,
    table: Arc<Table>,
    limits: Limits,
    mut stop: Stop,
) -> Result<(), Cut> {
    let stream: Stream = match tls {
        None => Box::new(stream),
        Some(tls) => tokio::select! {
            accepted = tls.accept(stream, limits.handshake_timeout) => {
                Box::new(accepted.map_err(Cut::Handshake)?)
            }
            // Nothing was asked yet.
            () = stop.requested() => return Ok(()),
        },
    };
    // Only the first byte is ever in this buffer.
    let mut stream = BufReader::with_capacity(1, stream);
    if is_native(&mut stream, &mut stop).await? {
        native::server::serve(stream, table, limits, stop).await
    } else {
        nest::server::serve(stream, table, limits, stop).await
    }
}

/// Whether a peer speaks anywire's own wire, which its first byte tells. One
/// that says nothing until stop is requested does not.
async fn is_native(stream: &mut BufReader<Stream>, stop: &mut Stop) -> io::Result<bool> {
    tokio::select! {
        first = stream.fill_buf() => Ok(first?.first() == Some(&MAGIC[0])),
        () = stop.requested() => Ok(false),
    }
}
