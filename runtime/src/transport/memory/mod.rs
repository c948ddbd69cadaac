//! Services in one process: the real bytes, no network.
//!
//! | | |
//! |---|---|
//! | request and reply | yes, in the caller's task |
//! | events | to every subscriber, to one member of each group |
//! | at least once | an event is accepted when every subscriber has queued it, and delivered again until its handler succeeds, [`MAX_ATTEMPTS`] times |
//! | order | by key |
//!
//! A test has it stand for the transport that the service will run on:
//! [`Memory::like`]. It then carries what that transport carries, and behaves
//! as badly as that transport may: [`Memory::faults`]. It reads tokio's clock
//! and no other, so that a test may pause that.

use std::{
    collections::BTreeMap,
    fmt,
    marker::PhantomData,
    mem,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Instant,
};

use crate::{
    BoxError, Bytes, Delivery, Encoding, Listen, Meta, OperationKind, Pending, Reply, Request,
    Routes, Serve, Stop, Transport, TransportError,
    capability::{
        AtLeastOnce, AtMostOnce, KeyOrder, RequestReply, StreamsBoth, StreamsReplies,
        StreamsRequests,
    },
    service::BoxService,
};

mod deliver;
mod faults;
mod hub;
mod profile;
mod queue;

use faults::Fate;
use hub::{Entries, Handler, Hub};
use queue::Queue;

pub use crate::delivery::{MAX_ATTEMPTS, MAX_CONCURRENT};
pub use faults::{Faults, MAX_REORDER};
pub use hub::MAX_QUEUED;
pub use profile::{Full, Profile, Protobuf};

/// An in-memory transport: the client's side and the server's side at once.
///
/// Clones share what is served, so that one is given to servers and another to
/// clients. The profile `P` says what it promises.
///
/// ```
/// use anywire::transport::memory::Memory;
///
/// let memory = Memory::new();
/// // App::new().serve(UsersServer::new(users).on(memory.clone()))
/// // UsersClient::new(memory)
/// # let _ = memory;
/// ```
pub struct Memory<P = Full> {
    hub: Arc<Hub>,
    profile: PhantomData<fn() -> P>,
}

impl Memory {
    /// A transport that nothing is served on yet, and that carries everything.
    #[must_use]
    pub fn new() -> Self {
        Self::like()
    }

    /// The same in the place of another transport: it carries what that one
    /// carries, encoded as there, and refuses what that one refuses.
    ///
    /// ```
    /// # #[cfg(feature = "tcp")] {
    /// use anywire::{Memory, Tcp};
    ///
    /// // An event with `delivery = at_least_once` does not compile on it.
    /// let memory = Memory::like::<Tcp>();
    /// # let _ = memory;
    /// # }
    /// ```
    #[must_use]
    pub fn like<P: Profile>() -> Memory<P> {
        Memory {
            hub: Arc::default(),
            profile: PhantomData,
        }
    }

    /// The transport of this name in this process. It lasts as long as somebody holds it.
    pub(in crate::transport) fn named(name: &str) -> Self {
        static NAMED: Mutex<BTreeMap<String, Weak<Hub>>> = Mutex::new(BTreeMap::new());
        let mut named = NAMED.lock().unwrap_or_else(PoisonError::into_inner);
        named.retain(|_, hub| hub.strong_count() > 0);
        let mut memory = Self::new();
        match named.get(name).and_then(Weak::upgrade) {
            Some(hub) => memory.hub = hub,
            None => _ = named.insert(name.to_owned(), Arc::downgrade(&memory.hub)),
        }
        memory
    }

    /// The same transport, whose clients encode their values as protobuf: for
    /// contracts with `encodings(json, proto)`, whose bytes are those of gRPC.
    #[must_use]
    pub fn protobuf(self) -> Memory<Protobuf> {
        Memory {
            hub: self.hub,
            profile: PhantomData,
        }
    }
}

impl<P> Memory<P> {
    /// From now on this goes wrong on purpose, in the place of what was set
    /// before, for all clones.
    ///
    /// ```
    /// use anywire::Memory;
    ///
    /// let memory = Memory::new();
    /// memory.faults(|faults| faults.duplicate(0.1).reorder(3).seed(7));
    /// memory.faults(|faults| faults.lose_next(1));
    /// // All is well again.
    /// memory.faults(|faults| faults);
    /// ```
    pub fn faults(&self, set: impl FnOnce(Faults) -> Faults) {
        self.hub.set_faults(set(Faults::default()));
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl<P> Clone for Memory<P> {
    fn clone(&self) -> Self {
        Self {
            hub: Arc::clone(&self.hub),
            profile: PhantomData,
        }
    }
}

impl<P> fmt::Debug for Memory<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory")
    }
}

impl<Op, P: RequestReply<Op>> RequestReply<Op> for Memory<P> {}
impl<Op, P: AtMostOnce<Op>> AtMostOnce<Op> for Memory<P> {}
impl<Op, P: StreamsReplies<Op>> StreamsReplies<Op> for Memory<P> {}
impl<Op, P: StreamsRequests<Op>> StreamsRequests<Op> for Memory<P> {}
impl<Op, P: StreamsBoth<Op>> StreamsBoth<Op> for Memory<P> {}
impl<Op, P: AtLeastOnce<Op>> AtLeastOnce<Op> for Memory<P> {}
impl<Op, P: KeyOrder<Op>> KeyOrder<Op> for Memory<P> {}

impl<P: Profile> Transport for Memory<P> {
    fn start(&self, mut request: Request) -> Pending {
        if let Err(error) = check_wildcards::<P>(request.meta) {
            return Pending::Refused(error);
        }
        let end = request.deadline;
        // A handler knows what was sent, as on every other transport.
        let headers = mem::take(&mut request.headers);
        request.arrived_with(headers);
        let fate = self.hub.fate(request.meta);
        if request.meta.kind != OperationKind::Message {
            return publish(&self.hub, &request, fate, end);
        }
        match self.hub.handler(request.meta.route) {
            _ if fate.is_lost => Pending::boxed(lost(end)),
            Some(handler) => ask(handler, request, fate, end),
            None if P::STORES_REQUESTS && self.hub.was_served(request.meta.route) => {
                Pending::boxed(lost(end))
            }
            None => Pending::Refused(TransportError::NoHandler),
        }
    }

    fn encoding(&self) -> Encoding {
        P::ENCODING
    }
}

fn check_wildcards<P: Profile>(meta: &Meta) -> Result<(), TransportError> {
    if P::HAS_WILDCARDS || !meta.has_wildcards() {
        return Ok(());
    }
    Err(TransportError::NotCarried(format!(
        "{} carries no wildcards, such as those of `{}`",
        P::NAME,
        meta.name
    )))
}

fn ask(handler: Handler, request: Request, fate: Fate, end: Option<Instant>) -> Pending {
    let request = Request {
        meta: handler.meta,
        operation: handler.operation,
        ..request
    };
    let reply = handler.service.handle(request);
    let alive = handler.alive.subscribe();
    Pending::boxed(async move {
        let Ok(reply) = reply.await;
        if fate.reply_is_lost {
            // A server that stops does not wait for it.
            drop((reply, alive));
            return lost(end).await;
        }
        Ok(match reply {
            Reply::Values(values) => Reply::Values(values.holding(alive)),
            reply => reply,
        })
    })
}

fn publish(hub: &Hub, request: &Request, fate: Fate, end: Option<Instant>) -> Pending {
    if !fate.is_lost
        && let Err(error) = hub.publish(request, fate)
    {
        return Pending::Refused(error);
    }
    let is_stored = request.meta.delivery == Delivery::AtLeastOnce;
    if is_stored && (fate.is_lost || fate.reply_is_lost) {
        return Pending::boxed(lost(end));
    }
    Pending::ready(Ok(Reply::Value(Bytes::new())))
}

/// What was lost: the caller waits until its time is over. One that would wait
/// for ever hears that the connection is closed.
async fn lost(end: Option<Instant>) -> Result<Reply, TransportError> {
    match end {
        Some(_) => std::future::pending().await,
        None => Err(TransportError::Closed),
    }
}

impl<P: Profile> Listen for Memory<P> {
    type Profile = P;

    fn transport(&self) -> &'static str {
        P::NAME
    }

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        if let Some(group) = &routes.group
            && !P::HAS_GROUPS
        {
            return Err(format!("{} knows no groups, such as {group:?}", P::NAME).into());
        }
        for meta in routes.operations {
            check_wildcards::<P>(meta)?;
        }
        let (entries, queue) = Entries::add(self.hub, routes, &service)?;
        Ok(MemoryServe {
            entries,
            service,
            queue,
        })
    }
}

struct MemoryServe {
    entries: Entries,
    service: BoxService,
    queue: Queue,
}

impl Serve for MemoryServe {
    async fn serve(self, mut stop: Stop) {
        let alive = self.entries.alive();
        if self.entries.has_events() {
            let leave = || drop(self.entries);
            deliver::until_stopped(self.service, self.queue, stop, leave).await;
        } else {
            stop.requested().await;
            drop(self.entries);
        }
        alive.closed().await;
    }
}
