//! A connection, and what becomes of it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_nats::{Event, ServerError, client::traits::Publisher as _, message::OutboundMessage};
use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::sync::watch;

use super::{client::nuid, message};
use crate::{
    TransportError,
    backoff::Backoff,
    transport::{ConnectionState, state::reached},
};

/// How long a server may take to answer what we send to ourselves.
const ECHO_TIMEOUT: Duration = Duration::from_secs(5);

/// What we send to ourselves, to learn how far the server is: it takes one
/// thing after the other, so that it has seen all that was sent before.
struct Echoes {
    /// In front of the number of each, in sixteen digits.
    subject: String,
    sent: AtomicU64,
    /// The last that we were told we may not send, which says as much of it and
    /// of all before it.
    refused: watch::Sender<u64>,
}

impl Echoes {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            subject: format!("_INBOX.{}", nuid()),
            sent: AtomicU64::new(0),
            refused: watch::Sender::new(0),
        })
    }

    /// The number of the next, and its subject.
    fn next(&self) -> (u64, String) {
        let number = self.sent.fetch_add(1, Ordering::Relaxed) + 1;
        (number, format!("{}{number:016x}", self.subject))
    }

    /// Which one the server says that we may not send.
    fn refused_by(&self, event: &Event) -> Option<u64> {
        let Event::ServerError(ServerError::Other(text)) = event else {
            return None;
        };
        let (_, behind) = text.split_once(&self.subject)?;
        u64::from_str_radix(behind.get(..16)?, 16).ok()
    }
}

/// A connection. Clones share it.
#[derive(Clone)]
pub(in crate::transport) struct Connection {
    client: async_nats::Client,
    state: Arc<watch::Sender<ConnectionState>>,
    echoes: Arc<Echoes>,
}

impl Connection {
    pub(in crate::transport) fn client(&self) -> &async_nats::Client {
        &self.client
    }

    pub(in crate::transport) fn state(&self) -> ConnectionState {
        *self.state.borrow()
    }

    /// Whether something can be sent now, and why not.
    pub(in crate::transport) fn ready(&self) -> Result<(), TransportError> {
        match self.state() {
            ConnectionState::Connected => Ok(()),
            ConnectionState::Reconnecting => Err(TransportError::Unreachable {
                address: "NATS".to_owned(),
                reason: "the connection is lost".to_owned(),
            }),
            ConnectionState::Closed => Err(TransportError::Closed),
        }
    }

    /// Waits until the connection is in this state, or closed.
    pub(in crate::transport) async fn until(&self, wanted: ConnectionState) {
        reached(self.state.subscribe(), wanted).await;
    }

    /// Hands a message to the connection. It waits only while that has no room.
    pub(in crate::transport) async fn send(
        &self,
        message: OutboundMessage,
    ) -> Result<(), TransportError> {
        let size = message::size(&message);
        let published = self.client.publish_message(message).await;
        published.map_err(|error| message::refusal(&error, size, self.client.max_payload()))
    }

    /// Waits until the server has seen what was sent, such as subscriptions, but
    /// no longer than [`ECHO_TIMEOUT`].
    ///
    /// # Errors
    /// When the connection is closed.
    pub(in crate::transport) async fn reach(&self) -> Result<(), TransportError> {
        match tokio::time::timeout(ECHO_TIMEOUT, self.is_heard()).await {
            Ok(Some(())) => {}
            Ok(None) => return Err(TransportError::Closed),
            Err(_) => tracing::warn!("NATS does not say whether it has seen what was sent"),
        }
        Ok(())
    }

    /// Waits until the server has seen what was sent, or the connection is lost.
    ///
    /// The library's own flush is not enough. A server that cannot write to a
    /// connection any more, since it is closed, may not read what came last.
    pub(in crate::transport) async fn flush(&self) {
        tokio::select! {
            // Nothing means that it is closed.
            _ = self.is_heard() => {}
            () = self.until(ConnectionState::Reconnecting) => {}
        }
    }

    /// Waits until the server has seen what was sent; `None` if the connection
    /// is closed.
    async fn is_heard(&self) -> Option<()> {
        let mut refused = self.echoes.refused.subscribe();
        let (number, subject) = self.echoes.next();
        let mut echo = self.client.subscribe(subject.clone()).await.ok()?;
        self.client.publish(subject, Bytes::new()).await.ok()?;
        tokio::select! {
            message = echo.next() => message.map(drop),
            refused = refused.wait_for(|&refused| refused >= number) => refused.ok().map(drop),
        }
    }

    /// Sends what is waiting and says goodbye. From here on it is closed.
    pub(in crate::transport) async fn close(&self) {
        let leave = async {
            // Errors mean that it is closed already.
            let _ = self.reach().await;
            let _ = self.client.drain().await;
        };
        tokio::select! {
            () = leave => {}
            () = self.until(ConnectionState::Reconnecting) => {}
        }
        self.state.send_replace(ConnectionState::Closed);
    }
}

/// Follows what becomes of a connection.
pub(super) struct Follow {
    state: Arc<watch::Sender<ConnectionState>>,
    was_connected: AtomicBool,
    backoff: Backoff,
    dropped: AtomicU64,
    echoes: Arc<Echoes>,
    lost: Box<dyn Fn() + Send + Sync>,
}

impl Follow {
    /// Of a connection that is still to be made. `lost` is called whenever it is lost.
    pub(super) fn new(backoff: Backoff, lost: impl Fn() + Send + Sync + 'static) -> Self {
        let (state, _) = watch::channel(ConnectionState::Reconnecting);
        Self {
            state: Arc::new(state),
            was_connected: AtomicBool::new(false),
            backoff,
            dropped: AtomicU64::new(0),
            echoes: Echoes::new(),
            lost: Box::new(lost),
        }
    }

    /// The connection, when it is made.
    pub(super) async fn connected(&self, client: async_nats::Client) -> Connection {
        let connection = Connection {
            client,
            state: Arc::clone(&self.state),
            echoes: Arc::clone(&self.echoes),
        };
        // The library tells of it in a task of its own, which may be late.
        connection.until(ConnectionState::Connected).await;
        connection
    }

    /// The pause before an attempt, of which the first has number 1.
    pub(super) fn pause(&self, attempt: usize) -> Duration {
        if attempt <= 1 && !self.was_connected.load(Ordering::Relaxed) {
            // Nobody has failed yet.
            return Duration::ZERO;
        }
        let failed = u32::try_from(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        self.backoff.pause(failed)
    }

    /// Takes what the library tells.
    pub(super) fn take(&self, event: &Event) {
        match event {
            Event::Connected => {
                self.was_connected.store(true, Ordering::Relaxed);
                self.turn(ConnectionState::Connected);
            }
            Event::Disconnected => self.turn(ConnectionState::Reconnecting),
            Event::Closed => self.turn(ConnectionState::Closed),
            Event::Draining => {}
            Event::SlowConsumer(_) => {
                let dropped = self.dropped.fetch_add(1, Ordering::Relaxed) + 1;
                // Not a line for each, which would slow down who is slow already.
                if dropped.is_power_of_two() {
                    tracing::warn!(
                        dropped,
                        "handlers are too slow: messages of NATS are dropped"
                    );
                }
            }
            other => match self.echoes.refused_by(other) {
                Some(number) => {
                    self.echoes
                        .refused
                        .send_modify(|last| *last = number.max(*last));
                }
                None => tracing::warn!(event = %other, "NATS"),
            },
        }
    }

    fn turn(&self, now: ConnectionState) {
        self.state.send_if_modified(|state| {
            // What is closed stays so.
            let changes = *state != now && *state != ConnectionState::Closed;
            if changes {
                *state = now;
            }
            changes
        });
        if now != ConnectionState::Connected {
            (self.lost)();
        }
    }
}
