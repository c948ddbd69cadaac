//! What becomes of a stored event: one meaning on every transport.
//!
//! A handler's success settles it. A failure that may pass has it handled
//! again, after a pause, up to [`MAX_ATTEMPTS`] times; any other failure, and
//! the last one, gives it up. Events of one key are handled one after the
//! other, retries included; a key that waits holds up no other.
//!
//! A transport hands in each event with a token of its own, and gets the token
//! back when the event is to be settled: acknowledged, committed, deleted. An
//! event whose process ends before that is the broker's to deliver again.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use tokio::task::JoinSet;

use crate::{Reply, Request, backoff::Backoff, service::BoxService};

/// How often an event is given to a handler that fails, at most.
pub const MAX_ATTEMPTS: u32 = 5;

/// How many events one subscriber handles at a time, at most.
pub const MAX_CONCURRENT: usize = 64;

/// How many events wait for others of their key, at most.
pub const MAX_PARKED: usize = 1024;

/// The pause before the second attempt is the first of these; each further one is longer.
const BACKOFF: Backoff = Backoff {
    first: Duration::from_millis(100),
    longest: Duration::from_secs(10),
};

type Pause = fn(u32) -> Duration;

/// How an event ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Handled,
    /// Its last failure is logged.
    GivenUp,
}

/// Events that are being handled. Those of one key go one after the other.
pub(crate) struct Deliveries<T> {
    service: BoxService,
    // How long to pause after a failed attempt; the first one has number 0.
    pause: Pause,
    tasks: JoinSet<(Option<String>, T, Outcome)>,
    // Per key that is being handled, the events that wait for their turn.
    waiting: HashMap<String, VecDeque<(Request, T)>>,
    // How many these are together: one slow key must not take all of the memory.
    parked: usize,
}

impl<T: Send + 'static> Deliveries<T> {
    pub(crate) fn new(service: BoxService) -> Self {
        Self {
            service,
            pause: |attempt| BACKOFF.pause(attempt),
            tasks: JoinSet::new(),
            waiting: HashMap::new(),
            parked: 0,
        }
    }

    /// The same with pauses of which nothing is taken at random, so that what
    /// happens once happens again.
    pub(crate) fn repeatable(self) -> Self {
        Self {
            pause: |attempt| BACKOFF.exact(attempt),
            ..self
        }
    }

    /// Whether another event may be taken.
    pub(crate) fn has_room(&self) -> bool {
        self.tasks.len() < MAX_CONCURRENT && self.parked < MAX_PARKED
    }

    /// Whether none is under way.
    pub(crate) fn is_empty(&self) -> bool {
        self.tasks.is_empty() && self.parked == 0
    }

    /// Has an event handled when it is its turn.
    pub(crate) fn deliver(&mut self, request: Request, token: T) {
        if let Some(key) = &request.key {
            if let Some(waiting) = self.waiting.get_mut(key) {
                waiting.push_back((request, token));
                self.parked += 1;
                return;
            }
            self.waiting.insert(key.clone(), VecDeque::new());
        }
        self.spawn(request, token);
    }

    /// The next event that has ended; `None` if none is under way. Can be
    /// dropped at any time without losing one.
    pub(crate) async fn ended(&mut self) -> Option<(T, Outcome)> {
        loop {
            // A handler that panics has failed: `ReplyFuture` sees to it, and
            // nothing else in the task can.
            if let Ok((key, token, outcome)) = self.tasks.join_next().await? {
                self.next(key);
                return Some((token, outcome));
            }
        }
    }

    fn next(&mut self, key: Option<String>) {
        let Some(key) = key else { return };
        match self.waiting.get_mut(&key).and_then(VecDeque::pop_front) {
            Some((request, token)) => {
                self.parked -= 1;
                self.spawn(request, token);
            }
            None => drop(self.waiting.remove(&key)),
        }
    }

    fn spawn(&mut self, request: Request, token: T) {
        let (service, pause) = (self.service.clone(), self.pause);
        self.tasks.spawn(async move {
            let outcome = attempt(&service, &request, pause).await;
            (request.key, token, outcome)
        });
    }
}

/// Gives an event to its handler, again if that helps and the contract asks for it.
async fn attempt(service: &BoxService, request: &Request, pause: Pause) -> Outcome {
    let name = request.meta.name;
    let again = request.meta.delivery == crate::Delivery::AtLeastOnce;
    for attempt in 1.. {
        let Ok(reply) = service.handle(request.without_values()).await;
        let (reason, retryable) = match reply {
            Reply::Value(_) | Reply::Values(_) => return Outcome::Handled,
            Reply::Error {
                exception,
                retryable,
            } => (exception.message().to_owned(), retryable),
            Reply::Refused(error) => (error.to_string(), error.kind().is_retryable()),
        };
        if !again || !retryable || attempt == MAX_ATTEMPTS {
            tracing::error!(event = name, attempt, reason, "an event was given up");
            break;
        }
        tracing::warn!(
            event = name,
            attempt,
            reason,
            "an event will be delivered again"
        );
        tokio::time::sleep(pause(attempt - 1)).await;
    }
    Outcome::GivenUp
}
