//! A client's connection of HTTP/2, and the task that keeps it up.

use std::{
    future::{pending, poll_fn},
    io,
    pin::pin,
    sync::{Arc, Weak},
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
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{CONNECTION_WINDOW, Limits};
use crate::{
    BoxFuture, Stop, TransportError,
    transport::{
        reconnect::{Connection, Connector, State},
        socket,
        stream::Stream,
        tls::{self, Trust},
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
    /// Held by each call while it is under way, where somebody counts them.
    pub(super) calls: Weak<()>,
}

/// Makes connections, and carries calls over them.
pub(super) struct Driver {
    target: Target,
    connection: Arc<Connection<Sender>>,
    /// What the server takes no more calls on, and still answers some.
    leaving: JoinSet<Result<(), h2::Error>>,
}

/// A connection that was made, and all of its work.
pub(super) struct Made {
    sender: Sender,
    work: BoxFuture<Result<(), h2::Error>>,
}

impl Driver {
    pub(super) fn new(target: Target, connection: Arc<Connection<Sender>>) -> Self {
        Self {
            target,
            connection,
            leaving: JoinSet::new(),
        }
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

    async fn carry(&mut self, made: Made, stop: &mut Stop) -> Option<State<Sender>> {
        let Made { sender, mut work } = made;
        let mut own = sender.http.clone();
        self.connection.set(State::Connected(sender));
        let mut stop = pin!(stop.requested());
        let end = poll_fn(|cx| {
            if stop.as_mut().poll(cx).is_ready() {
                return Poll::Ready(End::Closed);
            }
            if let Poll::Ready(end) = work.as_mut().poll(cx) {
                return Poll::Ready(End::Lost(end));
            }
            // What the server says of it has just been read, if it is that.
            match own.poll_ready(cx) {
                Poll::Ready(Err(_)) => Poll::Ready(End::Leaving),
                Poll::Ready(Ok(())) | Poll::Pending => Poll::Pending,
            }
        });
        let end = end.await;
        while self.leaving.try_join_next().is_some() {}
        match end {
            End::Closed => None,
            End::Leaving => {
                tracing::info!(address = %self.target.url, "the server takes no more calls");
                self.leaving.spawn(work);
                Some(State::Connecting)
            }
            End::Lost(end) => {
                let error = end.err();
                let cut = error.as_ref().map(tracing::field::display);
                tracing::warn!(address = %self.target.url, cut, "the connection is lost");
                let refused = error
                    .as_ref()
                    .and_then(h2::Error::get_io)
                    .and_then(tls::refused);
                Some(match refused {
                    Some(reason) => State::Failed(self.target.unreachable(reason)),
                    // Calls made from here on wait for the next attempt.
                    None => State::Connecting,
                })
            }
        }
    }
}

/// Why no more calls are made on a connection.
enum End {
    /// Nobody needs it any more.
    Closed,
    /// The server answers what it has, and leaves.
    Leaving,
    Lost(Result<(), h2::Error>),
}

impl Target {
    async fn connect(&self) -> io::Result<Made> {
        let stream = TcpStream::connect((&*self.host, self.port)).await?;
        socket::prepare(&stream, self.limits.keep_alive, Duration::ZERO);
        let stream: Stream = match &self.tls {
            Some(tls) => tls.connect(stream).await?,
            None => Box::new(stream),
        };
        let (http, mut connection) = client::Builder::new()
            .enable_push(false)
            .initial_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_header_list_size(MAX_HEADERS)
            .max_send_buffer_size(MAX_UNSENT)
            .handshake(stream)
            .await
            .map_err(io::Error::other)?;
        let pings = self.limits.ping.zip(connection.ping_pong());
        let calls = Arc::new(());
        let sender = Sender {
            http,
            calls: match pings {
                Some(_) => Arc::downgrade(&calls),
                None => Weak::new(),
            },
        };
        let work = async move {
            tokio::select! {
                end = connection => end,
                () = silence(pings, &calls) => Err(h2::Reason::CANCEL.into()),
            }
        };
        Ok(Made {
            sender,
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
    async fn connect(&self, stream: TcpStream) -> io::Result<Stream> {
        let stream = self.trust.connect(&self.domain, stream).await?;
        if stream.get_ref().1.alpn_protocol() != Some(PROTOCOL) {
            return Err(io::Error::other("the peer does not speak HTTP/2"));
        }
        Ok(Box::new(stream))
    }
}

/// Asks the peer for a sign of life while there are calls, and returns when there is none.
async fn silence(pings: Option<(Duration, PingPong)>, calls: &Arc<()>) {
    let Some((every, mut pings)) = pings else {
        return pending().await;
    };
    loop {
        sleep(every).await;
        // One is ours.
        if Arc::strong_count(calls) == 1 {
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
