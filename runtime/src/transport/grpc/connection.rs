//! A client's connection of HTTP/2, and the task that keeps it up.

use std::{
    future::{pending, poll_fn},
    io,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
    time::Duration,
};

use bytes::Bytes;
use h2::{
    Ping, PingPong,
    client::{self, SendRequest},
};
use tokio::{
    net::TcpStream,
    sync::Semaphore,
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{
    CONNECTION_WINDOW, Limits,
    refusal::{Refusable, Refusal},
};
use crate::{
    BoxFuture, Stop, TransportError,
    transport::{
        reconnect::{Connection, Connector, End, State},
        socket,
        stream::Stream,
        tls::{self, Trust},
    },
};

/// HTTP/2, as it is called in the handshake of TLS.
pub(super) const PROTOCOL: &[u8] = b"h2";

/// How many calls a server is trusted to take before it has said how many.
const ROOM_AT_FIRST: usize = 100;

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
    pub(super) url: Arc<str>,
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
    /// The calls that the server takes beside those under way. h2 would queue
    /// further ones, and open and reset those that were given up meanwhile. It
    /// is closed with the connection.
    pub(super) room: Arc<Semaphore>,
}

/// Makes connections, and carries calls over them.
pub(super) struct Driver {
    target: Target,
    connection: Arc<Connection<Sender>>,
    /// The room of the connection that stands.
    room: Option<Arc<Semaphore>>,
    /// Connections that take no more calls, and still answer some.
    leaving: JoinSet<Cut>,
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

impl Driver {
    pub(super) fn new(target: Target, connection: Arc<Connection<Sender>>) -> Self {
        Self {
            target,
            connection,
            room: None,
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
        made.map_err(|error| self.target.unreachable(tls::explained(error).to_string()))
    }

    async fn carry(&mut self, made: Made, stop: &mut Stop) -> End<Sender> {
        let Made {
            sender,
            refusal,
            mut work,
        } = made;
        let mut own = sender.http.clone();
        self.room = Some(Arc::clone(&sender.room));
        self.connection.set(State::Connected(sender));
        let mut worked = pin!(poll_fn(|cx| {
            if let Poll::Ready(cut) = work.as_mut().poll(cx) {
                return Poll::Ready(Some(cut));
            }
            // What the server says of it has just been read, if it is that.
            match own.poll_ready(cx) {
                Poll::Ready(Err(reason)) => {
                    let address = &self.target.url;
                    tracing::info!(%address, %reason, "the server takes no more calls");
                    Poll::Ready(None)
                }
                Poll::Ready(Ok(())) | Poll::Pending => Poll::Pending,
            }
        }));
        let cut = tokio::select! {
            cut = &mut worked => cut,
            () = stop.requested() => return End::Closed,
        };
        while self.leaving.try_join_next().is_some() {}
        let Some(cut) = cut else {
            self.leaving.spawn(work);
            return End::Left;
        };
        tracing::warn!(address = %self.target.url, %cut, "the connection is lost");
        End::Lost(match refusal.get() {
            Some(reason) => State::Failed(self.target.unreachable(reason.clone())),
            // Calls made from here on wait for the next attempt.
            None => State::Connecting,
        })
    }

    fn set(&mut self, state: State<Sender>) {
        self.connection.set(state);
        // Whoever waits there looks for the next one.
        if let Some(room) = self.room.take() {
            room.close();
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
            .initial_max_send_streams(ROOM_AT_FIRST)
            .initial_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_header_list_size(MAX_HEADERS)
            .max_send_buffer_size(MAX_UNSENT)
            .handshake(stream)
            .await
            .map_err(io::Error::other)?;
        let pings = self.limits.ping.zip(connection.ping_pong());
        let room = Room::default();
        let sender = Sender {
            http,
            room: Arc::clone(&room.left),
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
            address: self.url.to_string(),
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

/// How many calls a connection takes.
struct Room {
    left: Arc<Semaphore>,
    /// With those under way.
    most: AtomicUsize,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            left: Arc::new(Semaphore::new(ROOM_AT_FIRST)),
            most: AtomicUsize::new(ROOM_AT_FIRST),
        }
    }
}

impl Room {
    /// What the server says. What is taken of it may be above it for a while.
    fn set(&self, wanted: usize) {
        let most = self.most.load(Ordering::Relaxed);
        let wanted = wanted.min(Semaphore::MAX_PERMITS);
        if wanted > most {
            self.left.add_permits(wanted - most);
            self.most.store(wanted, Ordering::Relaxed);
        } else if wanted < most {
            let fewer = self.left.forget_permits(most - wanted);
            self.most.store(most - fewer, Ordering::Relaxed);
        }
    }

    fn is_used(&self) -> bool {
        self.left.available_permits() < self.most.load(Ordering::Relaxed)
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
