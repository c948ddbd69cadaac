//! Whether a client has its connection.

use tokio::sync::watch;

/// The state of a client's connection, as it tells those who ask or wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConnectionState {
    /// Calls are sent.
    Connected,
    /// The connection is lost or was never there, and made again; calls fail at once.
    Reconnecting,
    /// It was closed, and stays so.
    Closed,
}

/// Waits for a state, or until the connection is closed.
pub(super) async fn reached(mut states: watch::Receiver<ConnectionState>, wanted: ConnectionState) {
    let is_there = |state: &ConnectionState| *state == wanted || *state == ConnectionState::Closed;
    // An error means that nobody changes it any more, and so that it is closed.
    let _ = states.wait_for(is_there).await;
}
