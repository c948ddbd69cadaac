//! A connection that is made when it is first wanted, and again when it is lost.

use std::time::Instant;

use tokio::sync::{Notify, watch};

use super::{
    ConnectionState,
    state::{Known, reached},
};
use crate::{Stop, TransportError, backoff::Backoff};

/// A connection as those see it who have calls for it. `H` is what they make them with.
pub(super) struct Connection<H = ()> {
    state: watch::Sender<State<H>>,
    /// Somebody wants it for the first time.
    wanted: Notify,
}

#[derive(Debug, Clone)]
pub(super) enum State<H = ()> {
    /// Nobody has used it yet.
    Idle,
    /// An attempt is under way, for which calls wait.
    Connecting,
    Connected(H),
    /// No call can be made for now, and why: most often the last attempt failed.
    Failed(TransportError),
    Closed,
}

impl<H> Known for State<H> {
    fn state(&self) -> ConnectionState {
        match self {
            Self::Idle | Self::Connecting | Self::Failed(_) => ConnectionState::Reconnecting,
            Self::Connected(_) => ConnectionState::Connected,
            Self::Closed => ConnectionState::Closed,
        }
    }
}

impl<H: Clone> Connection<H> {
    pub(super) fn new() -> Self {
        Self {
            state: watch::Sender::new(State::Idle),
            wanted: Notify::new(),
        }
    }

    pub(super) fn state(&self) -> ConnectionState {
        self.state.borrow().state()
    }

    pub(super) async fn until(&self, wanted: ConnectionState) {
        if wanted == ConnectionState::Connected {
            self.want();
        }
        reached(self.state.subscribe(), wanted).await;
    }

    /// What a call is made with; nothing while it has to wait, for a connection
    /// that is asked for herewith if nobody has.
    ///
    /// # Errors
    /// Why no call can be made for now.
    pub(super) fn handle(&self) -> Result<Option<H>, TransportError> {
        match &*self.state.borrow() {
            State::Idle => {}
            State::Connecting => return Ok(None),
            State::Connected(handle) => return Ok(Some(handle.clone())),
            State::Failed(error) => return Err(error.clone()),
            State::Closed => return Err(TransportError::Closed),
        }
        self.want();
        Ok(None)
    }

    /// The same, once there is an end of waiting.
    ///
    /// # Errors
    /// Why no call can be made for now.
    pub(super) async fn connected(&self) -> Result<H, TransportError> {
        loop {
            if let Some(handle) = self.handle()? {
                return Ok(handle);
            }
            let is_known = |state: &State<H>| !matches!(state, State::Idle | State::Connecting);
            // The sender is in `self`, so that this cannot fail.
            let _ = self.state.subscribe().wait_for(is_known).await;
        }
    }

    /// Returns how it was before.
    pub(super) fn set(&self, state: State<H>) -> State<H> {
        self.state.send_replace(state)
    }

    /// Has the first attempt made, unless that was asked for before.
    fn want(&self) {
        let is_first = self.state.send_if_modified(|state| {
            let is_idle = matches!(state, State::Idle);
            if is_idle {
                *state = State::Connecting;
            }
            is_idle
        });
        if is_first {
            self.wanted.notify_one();
        }
    }
}

/// Makes connections, one after the other, and carries calls over them.
pub(super) trait Connector {
    /// A connection that was made.
    type Made;
    /// What calls are made with.
    type Handle: Clone;

    /// What callers know.
    fn connection(&self) -> &Connection<Self::Handle>;

    /// Makes one attempt.
    fn connect(&mut self) -> impl Future<Output = Result<Self::Made, TransportError>> + Send;

    /// Carries calls until there are no more to be carried.
    fn carry(&mut self, made: Self::Made, stop: &mut Stop) -> impl Future<Output = End> + Send;

    /// How the connection is from now on, which carries no call.
    fn set(&mut self, state: State<Self::Handle>) {
        self.connection().set(state);
    }
}

/// Why a connection carries no more calls.
pub(super) enum End {
    /// Stop was requested.
    Closed,
    /// The peer takes no more, as one that stops; nothing is wrong.
    #[cfg_attr(
        not(feature = "grpc"),
        allow(dead_code, reason = "other wires have no word for it")
    )]
    Left,
    /// It is lost. Calls made from here on fail like this, or else wait for the
    /// next attempt.
    Lost(Option<TransportError>),
}

/// Waits until the connection is wanted, and keeps it up from then on, with
/// pauses between attempts, until stop is requested.
pub(super) async fn keep_up(connector: &mut impl Connector, backoff: Backoff, mut stop: Stop) {
    tokio::select! {
        () = connector.connection().wanted.notified() => {}
        () = stop.requested() => return connector.set(State::Closed),
    }
    let mut attempt = 0;
    loop {
        let made = tokio::select! {
            made = connector.connect() => made,
            () = stop.requested() => break,
        };
        match made {
            Ok(made) => {
                let since = Instant::now();
                let end = connector.carry(made, &mut stop).await;
                // A peer that accepts only to close must not be tried again and again without a pause.
                let has_lasted = since.elapsed() > backoff.longest;
                if has_lasted {
                    attempt = 0;
                }
                match end {
                    End::Closed => break,
                    End::Lost(None) => connector.set(State::Connecting),
                    End::Lost(Some(error)) => connector.set(State::Failed(error)),
                    End::Left => {
                        connector.set(State::Connecting);
                        if has_lasted {
                            continue;
                        }
                    }
                }
            }
            Err(error) => connector.set(State::Failed(error)),
        }
        tokio::select! {
            () = tokio::time::sleep(backoff.pause(attempt)) => {}
            () = stop.requested() => break,
        }
        attempt += 1;
    }
    connector.set(State::Closed);
}
