//! Whether a client has its connection.

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
