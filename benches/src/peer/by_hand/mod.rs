//! What one would write by hand for this one message: over tokio, or over the
//! client library that anywire uses, with the same connections and guarantees.
//! No routes, no limits, no timeouts, no errors, no connecting again.

use std::{
    convert::Infallible,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use tokio::{sync::oneshot, task::JoinSet};

use super::{AGE, EMAIL, NAME, checked};
use crate::{BoxError, load::Load, wire::Wire};

mod kafka;
mod nats;
mod packet;
mod rabbitmq;
mod redis;
pub(super) mod tcp;

/// Serves on a broker until the process ends. Calls `ready` once it can be reached.
pub(super) async fn serve(wire: Wire, at: &str, ready: impl FnOnce()) -> Result<(), BoxError> {
    match wire {
        Wire::Redis => redis::serve(at, ready).await,
        Wire::Nats => nats::serve(at, ready).await,
        Wire::Rabbitmq => rabbitmq::serve(at, ready).await,
        Wire::Kafka => kafka::serve(at, ready).await,
        Wire::Tcp | Wire::Grpc => Err("there is no broker".into()),
    }
}

/// Takes turns of calls to the server at an address, or behind the broker there.
pub(super) async fn load(wire: Wire, at: &str, load: Load) -> Result<Infallible, BoxError> {
    match wire {
        Wire::Tcp => tcp::load(at, load).await,
        Wire::Redis => redis::load(at, load).await,
        Wire::Nats => nats::load(at, load).await,
        Wire::Rabbitmq => rabbitmq::load(at, load).await,
        Wire::Kafka => kafka::load(at, load).await,
        Wire::Grpc => Err("tonic is what is written by hand for gRPC".into()),
    }
}

/// What drives a connection, for as long as there is one.
type Driving = JoinSet<Result<Infallible, BoxError>>;

/// Waits until a connection cannot be driven any more, and says why.
async fn failure(driving: &mut Driving) -> BoxError {
    match driving.join_next().await {
        Some(Ok(Ok(never))) => match never {},
        Some(Ok(Err(error))) => error,
        Some(Err(error)) => error.into(),
        None => LOST.into(),
    }
}

const LOST: &str = "the connection is lost";

/// Makes calls for as long as their connection can be driven.
async fn measure(
    making: impl Future<Output = Result<Infallible, BoxError>>,
    mut driving: Driving,
) -> Result<Infallible, BoxError> {
    tokio::select! {
        ended = making => ended,
        failure = failure(&mut driving) => Err(failure),
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct User {
    id: u32,
    email: String,
    name: String,
    age: u32,
    active: bool,
}

impl User {
    fn find(id: u32) -> Self {
        Self {
            id,
            email: EMAIL.to_owned(),
            name: NAME.to_owned(),
            age: AGE,
            active: true,
        }
    }

    fn checked(self) -> Result<u32, BoxError> {
        checked(self.id, &self.email, &self.name, self.age, self.active)
    }
}

/// The calls under way, each in a slot that is its number.
#[derive(Debug, Default)]
struct Slots {
    calls: Vec<Option<oneshot::Sender<User>>>,
    free: Vec<u32>,
}

impl Slots {
    fn insert(&mut self, call: oneshot::Sender<User>) -> u32 {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.calls.push(None);
            self.calls.len() as u32 - 1
        });
        self.calls[slot as usize] = Some(call);
        slot
    }

    /// Hands a user to its call, if there is one of that number.
    fn answer(&mut self, call: u32, user: User) -> Option<()> {
        let to = self.calls.get_mut(call as usize)?.take()?;
        self.free.push(call);
        // Who does not wait any more need not be told.
        let _ = to.send(user);
        Some(())
    }
}

/// The calls under way on a broker.
#[derive(Debug, Default)]
struct Calls {
    /// What their ids begin with, where all clients hear the replies to all.
    client: String,
    slots: Mutex<Slots>,
}

impl Calls {
    /// Those of a client whose name is as long as anywire's.
    fn named(length: usize) -> Self {
        Self {
            client: format!("{:0length$x}", std::process::id()),
            ..Self::default()
        }
    }

    fn lock(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self) -> (u32, oneshot::Receiver<User>) {
        let (sender, receiver) = oneshot::channel();
        (self.lock().insert(sender), receiver)
    }

    fn answer(&self, call: u32, user: User) {
        self.lock().answer(call, user);
    }
}
