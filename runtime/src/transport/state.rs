//! Whether a client has its connection.

use tokio::sync::watch;

/// The state of a client's connection, as it tells those who ask or wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConnectionState {
    /// Calls are sent.
    Connected,
    /// The connection is lost or was never there, and made again; calls fail at
    /// once, or wait for an attempt that was not made yet.
    /// A lazy client makes its first connection for its first call, which waits for it.
    Reconnecting,
    /// It was closed, and stays so.
    Closed,
}

/// What a client knows of its connection, the state among it.
pub(super) trait Known {
    fn state(&self) -> ConnectionState;
}

impl Known for ConnectionState {
    fn state(&self) -> ConnectionState {
        *self
    }
}

/// Waits for a state, or until the connection is closed.
pub(super) async fn reached<S: Known>(mut known: watch::Receiver<S>, wanted: ConnectionState) {
    let is_there = |known: &S| [wanted, ConnectionState::Closed].contains(&known.state());
    // An error means that nobody changes it any more, and so that it is closed.
    let _ = known.wait_for(is_there).await;
}
