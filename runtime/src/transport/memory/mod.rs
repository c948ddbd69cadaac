//! Services in one process: the real bytes, no network.
//!
//! | | |
//! |---|---|
//! | request and reply | yes, in the caller's task |
//! | events | to every subscriber, to one member of each group |
//! | at least once | an event is accepted when every subscriber has queued it, and delivered again until its handler succeeds, [`MAX_ATTEMPTS`] times |
//! | order | by key |

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    marker::PhantomData,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use tokio::sync::{mpsc, watch};

use crate::{
    BoxError, Encoding, Listen, OperationKind, Pending, REMAINING_MS, Reply, Request, Routes,
    Serve, Stop, Transport, TransportError,
    capability::{
        AtLeastOnce, AtMostOnce, HasProto, KeyOrder, RequestReply, StreamsBoth, StreamsReplies,
        StreamsRequests,
    },
    service::BoxService,
    transport::group,
};

mod deliver;

pub use crate::delivery::{MAX_ATTEMPTS, MAX_CONCURRENT};

/// How many events wait for one subscriber, at most. A publisher is refused beyond that.
pub const MAX_QUEUED: usize = 1024;

/// Everything that the in-memory transport can carry.
#[derive(Debug, Clone, Copy)]
pub enum Full {}

/// The same, of contracts that can be encoded as protobuf.
#[derive(Debug, Clone, Copy)]
pub enum Protobuf {}

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
    encoding: Encoding,
    profile: PhantomData<fn() -> P>,
}

impl Memory {
    /// A transport that nothing is served on yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            hub: Arc::default(),
            encoding: Encoding::Json,
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
            encoding: Encoding::Protobuf,
            profile: PhantomData,
        }
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
            encoding: self.encoding,
            profile: PhantomData,
        }
    }
}

impl<P> fmt::Debug for Memory<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory")
    }
}

impl<Op> RequestReply<Op> for Memory {}
impl<Op> AtMostOnce<Op> for Memory {}
impl<Op> StreamsReplies<Op> for Memory {}
impl<Op> StreamsRequests<Op> for Memory {}
impl<Op> StreamsBoth<Op> for Memory {}
impl<Op> AtLeastOnce<Op> for Memory {}
impl<Op> KeyOrder<Op> for Memory {}

impl<Op: HasProto> RequestReply<Op> for Memory<Protobuf> {}
impl<Op: HasProto> AtMostOnce<Op> for Memory<Protobuf> {}
impl<Op: HasProto> StreamsReplies<Op> for Memory<Protobuf> {}
impl<Op: HasProto> StreamsRequests<Op> for Memory<Protobuf> {}
impl<Op: HasProto> StreamsBoth<Op> for Memory<Protobuf> {}
impl<Op: HasProto> AtLeastOnce<Op> for Memory<Protobuf> {}
impl<Op: HasProto> KeyOrder<Op> for Memory<Protobuf> {}

/// What is served, by route.
#[derive(Default)]
struct Hub {
    routes: Mutex<HashMap<&'static str, Route>>,
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
struct Handler {
    service: BoxService,
    operation: usize,
    meta: &'static crate::Meta,
    // Held while a call is under way, so that a stopping server can wait for the last one.
    alive: watch::Sender<()>,
}

struct Subscriber {
    group: Option<String>,
    operation: usize,
    meta: &'static crate::Meta,
    queue: mpsc::Sender<Request>,
}

impl Hub {
    fn routes(&self) -> MutexGuard<'_, HashMap<&'static str, Route>> {
        // No code that can panic runs while it is held.
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn handler(&self, route: &str) -> Option<Handler> {
        self.routes().get(route)?.handler.clone()
    }

    /// Queues an event for every subscriber without a group, and for one member of each group.
    fn publish(&self, request: &Request) -> Result<(), TransportError> {
        let mut routes = self.routes();
        let Some(route) = routes.get_mut(request.meta.route) else {
            return Ok(());
        };
        route.turn = route.turn.wrapping_add(1);
        let chosen = group::receivers(&route.subscribers, route.turn, |one| one.group.as_deref());
        // All have room or none gets it: a publisher that tries again must not repeat itself.
        let permits: Vec<_> = chosen
            .map(|subscriber| {
                subscriber
                    .queue
                    .try_reserve()
                    .map(|permit| (permit, subscriber))
            })
            .collect();
        for permit in permits {
            match permit {
                Ok((permit, subscriber)) => permit.send(Request {
                    meta: subscriber.meta,
                    operation: subscriber.operation,
                    ..request.without_values()
                }),
                Err(mpsc::error::TrySendError::Closed(())) => {}
                Err(mpsc::error::TrySendError::Full(())) => {
                    return Err(TransportError::Overloaded("a subscriber's queue is full"));
                }
            }
        }
        Ok(())
    }
}

impl<P: 'static> Transport for Memory<P> {
    fn start(&self, mut request: Request) -> Pending {
        if request.headers.get(REMAINING_MS).is_none() {
            // A handler knows what was sent, as on every other transport.
            request.deadline = None;
        }
        match request.meta.kind {
            OperationKind::Message => match self.hub.handler(request.meta.route) {
                Some(handler) => {
                    let request = Request {
                        meta: handler.meta,
                        operation: handler.operation,
                        ..request
                    };
                    let reply = handler.service.handle(request);
                    let alive = handler.alive.subscribe();
                    Pending::boxed(async move {
                        let Ok(reply) = reply.await;
                        Ok(match reply {
                            Reply::Values(values) => Reply::Values(values.holding(alive)),
                            reply => reply,
                        })
                    })
                }
                None => Pending::Refused(TransportError::NoHandler),
            },
            OperationKind::Oneway | OperationKind::Event => match self.hub.publish(&request) {
                Ok(()) => Pending::boxed(std::future::ready(Ok(Reply::Value(bytes::Bytes::new())))),
                Err(error) => Pending::Refused(error),
            },
        }
    }

    fn encoding(&self) -> Encoding {
        self.encoding
    }
}

impl<P: 'static> Listen for Memory<P> {
    type Profile = Self;

    async fn bind(self, routes: Routes, service: BoxService) -> Result<impl Serve, BoxError> {
        let (queue, queued) = mpsc::channel(MAX_QUEUED);
        let (alive, _) = watch::channel(());
        let entries = Entries {
            hub: Arc::clone(&self.hub),
            routes,
            queue,
            alive,
        };
        entries.add(&service)?;
        Ok(MemoryServe {
            entries,
            service,
            queued,
        })
    }
}

struct MemoryServe {
    entries: Entries,
    service: BoxService,
    queued: mpsc::Receiver<Request>,
}

impl Serve for MemoryServe {
    async fn serve(self, mut stop: Stop) {
        let alive = self.entries.alive.clone();
        if self.entries.has_events() {
            let leave = || drop(self.entries);
            deliver::until_stopped(self.service, self.queued, stop, leave).await;
        } else {
            stop.requested().await;
            drop(self.entries);
        }
        alive.closed().await;
    }
}

/// What one server has in the table. However the server ends, stopped, dropped
/// or never started, it is taken out again.
struct Entries {
    hub: Arc<Hub>,
    routes: Routes,
    queue: mpsc::Sender<Request>,
    alive: watch::Sender<()>,
}

impl Entries {
    fn add(&self, service: &BoxService) -> Result<(), BoxError> {
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

    fn has_events(&self) -> bool {
        let mut operations = self.routes.operations.iter();
        operations.any(|meta| meta.kind != OperationKind::Message)
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
