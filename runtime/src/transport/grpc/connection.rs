//! A client's connection of HTTP/2, and the task that keeps it up.

use std::{
    future::{pending, poll_fn},
    io,
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use bytes::Bytes;
use h2::{
    Ping, PingPong, Reason,
    client::{self, SendRequest},
};
use tokio::{
    net::TcpStream,
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{
    CONNECTION_WINDOW, Limits,
    refusal::{Refusable, Refusal},
    room::{self, Room},
};
use crate::{
    BoxFuture, Stop, TransportError,
    transport::{
        reconnect::{Connection, Connector, End, State},
        socket,
        stream::Stream,
        tls::Trust,
    },
};

/// HTTP/2, as it is called in the handshake of TLS.
pub(super) const PROTOCOL: &[u8] = b"h2";

/// How many bytes of one reply, or of one stream of replies, may wait to be read: 2 MiB.
const STREAM_WINDOW: u32 = 2 << 20;

/// The largest headers that are read, in bytes: 16 KiB.
const MAX_HEADERS: u32 = 16 << 10;

/// How many bytes of one request, or of one stream of requests, wait at most for
/// the other side to have room: 1 MiB.
const MAX_UNSENT: usize = 1 << 20;

/// Where a connection leads.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) address: Arc<str>,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Option<Tls>,
    /// How long one attempt may take.
    pub(super) timeout: Duration,
    pub(super) limits: Limits,
}

/// How TLS is spoken on it.
#[derive(Debug)]
pub(super) struct Tls {
    pub(super) trust: Trust,
    /// The name that the server's certificate must have.
    pub(super) domain: String,
}

/// What calls are made with.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    pub(super) http: SendRequest<Bytes>,
    /// Closed with the connection.
    pub(super) room: Arc<Room>,
}

/// Makes connections, and carries calls over them.
pub(super) struct Driver {
    target: Target,
    connection: Arc<Connection<Sender>>,
    /// Connections that take no more calls, and still answer some.
    leaving: JoinSet<()>,
}

/// A connection that was made, and all of its work.
pub(super) struct Made {
    sender: Sender,
    refusal: Refusal,
    work: BoxFuture<Cut>,
}

/// What has ended a connection.
#[derive(Debug, thiserror::Error)]
enum Cut {
    #[error("the server has closed it")]
    Ended,
    #[error(transparent)]
    Http(#[from] h2::Error),
    #[error("the server does not answer pings")]
    Silent,
}

impl Cut {
    /// Whether it is that of a server that leaves, as those do that stop.
    fn is_sound(&self) -> bool {
        match self {
            Self::Ended => true,
            Self::Http(error) => error.is_go_away() && error.reason() == Some(Reason::NO_ERROR),
            Self::Silent => false,
        }
    }
}

impl Driver {
    pub(super) fn new(target: Target, connection: Arc<Connection<Sender>>) -> Self {
        Self {
            target,
            connection,
            leaving: JoinSet::new(),
        }
    }

    /// Fails what is still under way on connections of before.
    pub(super) async fn close(mut self) {
        self.leaving.shutdown().await;
    }
}

impl Connector for Driver {
    type Made = Made;
    type Handle = Sender;

    fn connection(&self) -> &Connection<Sender> {
        &self.connection
    }

    async fn connect(&mut self) -> Result<Made, TransportError> {
        let made = timeout(self.target.timeout, self.target.connect())
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        made.map_err(|error| self.target.unreachable(error.to_string()))
    }

    async fn carry(&mut self, made: Made, stop: &mut Stop) -> End {
        let Made {
            sender,
            refusal,
            mut work,
        } = made;
        let mut own = sender.http.clone();
        self.connection.set(State::Connected(sender));
        let mut worked = pin!(poll_fn(|cx| {
            if let Poll::Ready(cut) = work.as_mut().poll(cx) {
                return Poll::Ready((cut, true));
            }
            // What the server says of it has just been read, if it is that.
            match own.poll_ready(cx) {
                Poll::Ready(Err(reason)) => Poll::Ready((Cut::Http(reason), false)),
                Poll::Ready(Ok(())) | Poll::Pending => Poll::Pending,
            }
        }));
        let (cut, is_over) = tokio::select! {
            cut = &mut worked => cut,
            () = stop.requested() => return End::Closed,
        };
        while self.leaving.try_join_next().is_some() {}
        let address = Arc::clone(&self.target.address);
        let is_sound = cut.is_sound();
        if is_sound {
            tracing::info!(%address, "the server takes no more calls");
        } else {
            tracing::warn!(%address, %cut, "the connection is lost");
        }
        if !is_over {
            self.leaving.spawn(async move {
                let cut = work.await;
                if !cut.is_sound() {
                    tracing::warn!(%address, %cut, "a connection is lost that answered still");
                }
            });
        }
        if is_sound {
            return End::Left;
        }
        let refusal = refusal.get().cloned();
        End::Lost(refusal.map(|reason| self.target.unreachable(reason)))
    }

    fn set(&mut self, state: State<Sender>) {
        if let State::Connected(before) = self.connection.set(state) {
            // Whoever waits there looks for the next one.
            before.room.close();
        }
    }
}

impl Target {
    async fn connect(&self) -> io::Result<Made> {
        let stream = TcpStream::connect((&*self.host, self.port)).await?;
        socket::prepare(&stream, self.limits.keep_alive, Duration::ZERO);
        let refusal = Refusal::default();
        let stream: Stream = match &self.tls {
            Some(tls) => tls.connect(stream, refusal.clone()).await?,
            None => Box::new(stream),
        };
        let (http, mut connection) = client::Builder::new()
            .enable_push(false)
            .initial_max_send_streams(room::AT_FIRST)
            .initial_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_header_list_size(MAX_HEADERS)
            .max_send_buffer_size(MAX_UNSENT)
            .handshake(stream)
            .await
            .map_err(io::Error::other)?;
        let pings = self.limits.ping.zip(connection.ping_pong());
        let room = Arc::new(Room::default());
        let sender = Sender {
            http,
            room: Arc::clone(&room),
        };
        let work = async move {
            let worked = poll_fn(|cx| {
                let end = Pin::new(&mut connection).poll(cx);
                room.set(connection.max_concurrent_send_streams());
                end
            });
            tokio::select! {
                end = worked => end.map_or_else(Cut::Http, |()| Cut::Ended),
                () = silence(pings, &room) => Cut::Silent,
            }
        };
        Ok(Made {
            sender,
            refusal,
            work: Box::pin(work),
        })
    }

    fn unreachable(&self, reason: String) -> TransportError {
        TransportError::Unreachable {
            address: self.address.to_string(),
            reason,
        }
    }
}

impl Tls {
    async fn connect(&self, stream: TcpStream, refusal: Refusal) -> io::Result<Stream> {
        let stream = self.trust.connect(&self.domain, stream).await?;
        if stream.get_ref().1.alpn_protocol() != Some(PROTOCOL) {
            return Err(io::Error::other("the peer does not speak HTTP/2"));
        }
        Ok(Box::new(Refusable::new(stream, refusal)))
    }
}

/// Asks the peer for a sign of life while there are calls, and returns when there is none.
async fn silence(pings: Option<(Duration, PingPong)>, room: &Room) {
    let Some((every, mut pings)) = pings else {
        return pending().await;
    };
    loop {
        sleep(every).await;
        if !room.is_used() {
            continue;
        }
        let pong = timeout(every, pings.ping(Ping::opaque()));
        match pong.await {
            Ok(Ok(_)) => {}
            // What is wrong with the connection, it tells by itself.
            Ok(Err(_)) => return pending().await,
            Err(_) => return,
        }
    }
}
