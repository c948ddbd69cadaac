//! Events from a queue into a subscriber.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use tokio::{sync::mpsc, task::JoinSet};

use super::{MAX_QUEUED, is_redelivered};
use crate::{Reply, Request, Stop, service::BoxService, transport::backoff::Backoff};

/// How often an event is given to a handler that fails, at most.
pub const MAX_ATTEMPTS: u32 = 5;

/// How many events one subscriber handles at a time, at most.
pub const MAX_CONCURRENT: usize = 64;

/// The pause before the second attempt is the first of these; each further one is longer.
const BACKOFF: Backoff = Backoff {
    first: Duration::from_millis(100),
    longest: Duration::from_secs(10),
};

/// Delivers until stop is requested; then calls `leave`, after which nothing
/// new is queued, and delivers what is left.
pub(super) async fn until_stopped(
    service: BoxService,
    mut queue: mpsc::Receiver<Request>,
    mut stop: Stop,
    leave: impl FnOnce(),
) {
    let mut leave = Some(leave);
    let mut lanes = Lanes {
        service,
        tasks: JoinSet::new(),
        waiting: HashMap::new(),
        parked: 0,
    };
    loop {
        let room = lanes.tasks.len() < MAX_CONCURRENT && lanes.parked < MAX_QUEUED;
        tokio::select! {
            Some(request) = queue.recv(), if room => lanes.deliver(request),
            Some(done) = lanes.tasks.join_next() => lanes.next(done.ok().flatten()),
            () = stop.requested(), if leave.is_some() => {
                if let Some(leave) = leave.take() {
                    leave();
                }
                queue.close();
            }
            else => break,
        }
    }
}

/// Events that are being handled. Those of one key go one after the other.
struct Lanes {
    service: BoxService,
    tasks: JoinSet<Option<String>>,
    // Per key that is being handled, the events that wait for their turn.
    waiting: HashMap<String, VecDeque<Request>>,
    // How many these are together: one slow key must not take all of the memory.
    parked: usize,
}

impl Lanes {
    fn deliver(&mut self, request: Request) {
        let key = request.key.clone();
        if let Some(key) = &key {
            if let Some(waiting) = self.waiting.get_mut(key) {
                waiting.push_back(request);
                self.parked += 1;
                return;
            }
            self.waiting.insert(key.clone(), VecDeque::new());
        }
        self.spawn(key, request);
    }

    fn next(&mut self, key: Option<String>) {
        let Some(key) = key else { return };
        match self.waiting.get_mut(&key).and_then(VecDeque::pop_front) {
            Some(request) => {
                self.parked -= 1;
                self.spawn(Some(key), request);
            }
            None => drop(self.waiting.remove(&key)),
        }
    }

    fn spawn(&mut self, key: Option<String>, request: Request) {
        let service = self.service.clone();
        self.tasks.spawn(async move {
            attempt(&service, request).await;
            key
        });
    }
}

/// Gives an event to its handler, again if that helps and the contract asks for it.
async fn attempt(service: &BoxService, request: Request) {
    let name = request.meta.name;
    let again = is_redelivered(&request);
    for attempt in 1.. {
        let Ok(reply) = service.handle(request.without_values()).await;
        let (reason, retryable) = match reply {
            Reply::Value(_) | Reply::Values(_) => return,
            Reply::Error {
                exception,
                retryable,
            } => (exception.message().to_owned(), retryable),
            Reply::Refused(error) => (error.to_string(), error.kind().is_retryable()),
        };
        if !again || !retryable || attempt == MAX_ATTEMPTS {
            tracing::error!(event = name, attempt, reason, "an event was given up");
            return;
        }
        tracing::warn!(
            event = name,
            attempt,
            reason,
            "an event will be delivered again"
        );
        tokio::time::sleep(BACKOFF.pause(attempt - 1)).await;
    }
}
