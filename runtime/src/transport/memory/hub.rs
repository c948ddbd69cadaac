//! What is served in one process, by route.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{mpsc, watch};

use super::{
    Faults,
    faults::Fate,
    queue::{Queue, Queued},
};
use crate::{
    BoxError, Meta, OperationKind, Request, Routes, TransportError, service::BoxService,
    transport::group,
};

/// How many events wait for one subscriber, at most. A publisher is refused beyond that.
pub const MAX_QUEUED: usize = 1024;

/// What is served, and what goes wrong on the way there.
#[derive(Default)]
pub(super) struct Hub {
    routes: Mutex<HashMap<&'static str, Route>>,
    faults: Mutex<Faults>,
}

#[derive(Default)]
struct Route {
    handler: Option<Handler>,
    subscribers: Vec<Subscriber>,
    // Which member of a group is next.
    turn: usize,
}

/// Who answers a message.
#[derive(Clone)]
pub(super) struct Handler {
    pub(super) service: BoxService,
    pub(super) operation: usize,
    pub(super) meta: &'static Meta,
    // Held while a call is under way, so that a stopping server can wait for the last one.
    pub(super) alive: watch::Sender<()>,
}

struct Subscriber {
    group: Option<String>,
    operation: usize,
    meta: &'static Meta,
    queue: mpsc::Sender<Queued>,
}

impl Hub {
    fn routes(&self) -> MutexGuard<'_, HashMap<&'static str, Route>> {
        // No code that can panic runs while it is held.
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        // The same.
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_faults(&self, faults: Faults) {
        *self.faults() = faults;
    }

    /// What becomes of the next message.
    pub(super) fn fate(&self, meta: &Meta) -> Fate {
        self.faults().draw(meta)
    }

    pub(super) fn handler(&self, route: &str) -> Option<Handler> {
        self.routes().get(route)?.handler.clone()
    }

    /// Whether there is or was a handler.
    pub(super) fn was_served(&self, route: &str) -> bool {
        self.routes().contains_key(route)
    }

    /// Queues an event for every subscriber without a group, and for one member of each group.
    pub(super) fn publish(&self, request: &Request, fate: Fate) -> Result<(), TransportError> {
        let mut routes = self.routes();
        let Some(route) = routes.get_mut(request.meta.route) else {
            return Ok(());
        };
        let copies = if fate.is_twice { 2 } else { 1 };
        let turns = route.turn..route.turn.wrapping_add(copies);
        route.turn = turns.end;
        // One member gets all events of a key: two would not keep their order.
        let of_key = request.key.as_deref().map(turn_of_key);
        let subscribers = &route.subscribers;
        let chosen = turns.flat_map(|turn| {
            let turn = of_key.unwrap_or(turn);
            group::receivers(subscribers, turn, |one| one.group.as_deref())
        });
        // All have room or none gets it: a publisher that tries again must not repeat itself.
        let permits: Vec<_> = chosen
            .map(|subscriber| {
                subscriber
                    .queue
                    .try_reserve()
                    .map(|permit| (permit, subscriber))
            })
            .collect();
        let is_full =
            |permit: &Result<_, _>| matches!(permit, Err(mpsc::error::TrySendError::Full(())));
        if permits.iter().any(is_full) {
            return Err(TransportError::Overloaded("a subscriber's queue is full"));
        }
        // The others are closed.
        for (permit, subscriber) in permits.into_iter().flatten() {
            permit.send(Queued {
                request: Request {
                    meta: subscriber.meta,
                    operation: subscriber.operation,
                    ..request.without_values()
                },
                reorder: fate.reorder,
            });
        }
        Ok(())
    }
}

fn turn_of_key(key: &str) -> usize {
    // It has no keys of its own, so that it is the same every time.
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    usize::try_from(hasher.finish() >> 32).unwrap_or_default()
}

/// What one server has in the hub. However the server ends, stopped, dropped
/// or never started, it is taken out again.
pub(super) struct Entries {
    hub: Arc<Hub>,
    routes: Routes,
    queue: mpsc::Sender<Queued>,
    alive: watch::Sender<()>,
}

impl Entries {
    /// Adds what a server answers, and its queue of events.
    pub(super) fn add(
        hub: Arc<Hub>,
        routes: Routes,
        service: &BoxService,
    ) -> Result<(Self, Queue), BoxError> {
        let (queue, queued) = Queue::new(MAX_QUEUED);
        let (alive, _) = watch::channel(());
        let entries = Self {
            hub,
            routes,
            queue,
            alive,
        };
        entries.enter(service)?;
        Ok((entries, queued))
    }

    fn enter(&self, service: &BoxService) -> Result<(), BoxError> {
        let mut table = self.hub.routes();
        for (operation, meta) in self.routes.operations.iter().enumerate() {
            let route = table.entry(meta.route).or_default();
            if meta.kind == OperationKind::Message {
                if route.handler.is_some() {
                    return Err(
                        format!("{} is already served on this transport", meta.route).into(),
                    );
                }
                route.handler = Some(Handler {
                    service: service.clone(),
                    operation,
                    meta,
                    alive: self.alive.clone(),
                });
            } else {
                route.subscribers.push(Subscriber {
                    group: self.routes.group.clone(),
                    operation,
                    meta,
                    queue: self.queue.clone(),
                });
            }
        }
        Ok(())
    }

    pub(super) fn has_events(&self) -> bool {
        let mut operations = self.routes.operations.iter();
        operations.any(|meta| meta.kind != OperationKind::Message)
    }

    /// Closed when they are gone, and the last call is done.
    pub(super) fn alive(&self) -> watch::Sender<()> {
        self.alive.clone()
    }
}

impl Drop for Entries {
    fn drop(&mut self) {
        let mut table = self.hub.routes();
        for meta in self.routes.operations {
            let Some(route) = table.get_mut(meta.route) else {
                continue;
            };
            route
                .handler
                .take_if(|handler| handler.alive.same_channel(&self.alive));
            route
                .subscribers
                .retain(|subscriber| !subscriber.queue.same_channel(&self.queue));
        }
    }
}
