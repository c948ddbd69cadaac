//! The two connections of a client or a server: one for what it hears, one for
//! what it publishes. Both are made again when one is lost.

use std::{
    collections::HashMap,
    future::Future,
    pin::{Pin, pin},
    time::Instant,
};

use futures_util::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};
use redis::{
    Msg, RedisError, ServerError, Value,
    aio::{PubSub, PubSubSink},
};

use super::message::reply_channel;
use crate::{
    BoxFuture, TransportError,
    transport::{
        ConnectionState,
        redis_connection::{
            Batches, Commands, Outgoing, Queue, Server, is_answer, refusal, until_silent,
        },
    },
};

/// How many messages are heard before all else gets its turn.
const MAX_HEARD: usize = 64;

/// Whose connections they are.
pub(super) trait User: Send {
    /// Says to whom the outcome of something published belongs.
    type Told: Send + 'static;

    /// The pattern whose replies must be heard before a message is published.
    fn pattern(told: &Self::Told) -> Option<&'static str>;
    /// Takes what was heard.
    fn heard(&mut self, message: Msg);
    /// Takes the outcome of something published: by how many it was heard, at least.
    fn told(&mut self, told: Self::Told, outcome: Result<usize, TransportError>);
    /// Takes what has become of the connections.
    fn state(&mut self, state: ConnectionState);
    /// Nothing is heard any more. Who publishes nothing more either closes the queue.
    fn ended(&mut self, queue: &mut Queue<Self::Told>);
}

/// What is heard.
#[derive(Debug, Clone, Default)]
pub(super) struct Subscriptions {
    pub(super) channels: Vec<String>,
    pub(super) patterns: Vec<String>,
}

/// Connections that stand.
pub(super) struct Connections {
    commands: Commands,
    subscriber: PubSub,
    /// Whether the server counts all who hear a message.
    counts_all: bool,
}

impl Connections {
    /// Connects and subscribes. When this returns, messages reach us.
    pub(super) async fn open(
        server: &Server,
        subscriptions: &Subscriptions,
    ) -> Result<Self, TransportError> {
        let (mut commands, mut subscriber) =
            tokio::try_join!(server.commands(), server.subscriber())?;
        let subscribe = async {
            if !subscriptions.channels.is_empty() {
                subscriber.subscribe(&subscriptions.channels).await?;
            }
            if !subscriptions.patterns.is_empty() {
                subscriber.psubscribe(&subscriptions.patterns).await?;
            }
            Ok::<(), RedisError>(())
        };
        match tokio::time::timeout(server.connect_timeout, subscribe).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(server.unreachable(error)),
            Err(_) => return Err(server.unreachable("no answer in time")),
        }
        let mut connection = commands.connection.clone();
        let info = redis::cmd("INFO").arg("cluster").to_owned();
        let info = info.query_async::<String>(&mut connection);
        let counts_all = match commands.drive(info).await {
            Ok(info) => !info.contains("cluster_enabled:1"),
            // A user who may not ask.
            Err(error) if is_answer(&error) => true,
            Err(error) => return Err(server.unreachable(error)),
        };
        Ok(Self {
            commands,
            subscriber,
            counts_all,
        })
    }
}

/// What drives the connections of a user.
pub(super) struct Link<U: User> {
    pub(super) server: Server,
    pub(super) subscriptions: Subscriptions,
    pub(super) queue: Queue<U::Told>,
    pub(super) user: U,
}

/// How it ended with one pair of connections.
enum End {
    Lost,
    LostWhileStopping,
    Stopped,
}

#[derive(PartialEq, Eq)]
enum Phase {
    Hearing,
    /// Unsubscribes; what comes until that is confirmed is heard.
    Leaving,
    /// Publishes what is left.
    Left,
}

impl<U: User> Link<U> {
    /// Hears and publishes until `stop`; then leaves, publishes what its user
    /// still has to say, and closes.
    pub(super) async fn run(mut self, connections: Connections, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let mut made = Some(connections);
        let mut attempt = 0;
        while let Some(connections) = made.take() {
            self.user.state(ConnectionState::Connected);
            let since = Instant::now();
            match self.drive(connections, stop.as_mut()).await {
                End::Stopped => {
                    self.user.state(ConnectionState::Closed);
                    return;
                }
                End::LostWhileStopping => break,
                End::Lost => {}
            }
            tracing::warn!(address = ?self.server, "the connection is lost");
            self.user.state(ConnectionState::Reconnecting);
            self.fail_queued();
            // A server that accepts only to close must not be tried again and again without a pause.
            if since.elapsed() > self.server.backoff.longest {
                attempt = 0;
            }
            let again = connect_again(&self.server, &self.subscriptions, &mut attempt);
            made = tokio::select! {
                connections = again => Some(connections),
                () = &mut stop => None,
            };
            // What was put in while nobody looked is of calls that have failed since.
            self.fail_queued();
        }
        self.user.state(ConnectionState::Closed);
        self.user.ended(&mut self.queue);
        while let Some(outgoing) = self.queue.recv().await {
            self.user.told(outgoing.told, Err(TransportError::Closed));
        }
    }

    fn fail_queued(&mut self) {
        while let Some(outgoing) = self.queue.try_recv() {
            self.user.told(outgoing.told, Err(TransportError::Closed));
        }
    }

    async fn drive(
        &mut self,
        connections: Connections,
        mut stop: Pin<&mut impl Future<Output = ()>>,
    ) -> End {
        let Connections {
            commands,
            subscriber,
            counts_all,
        } = connections;
        let Commands {
            connection,
            mut driver,
        } = commands;
        let (sink, mut messages) = subscriber.split();
        let every = self.server.keep_alive;
        let mut silent = pin!(async {
            tokio::select! {
                () = until_silent(connection.clone(), every) => {}
                () = until_deaf(sink.clone(), every) => {}
            }
        });
        let mut batches = Batches::new(connection.clone());
        let mut replies = Replies::new(&self.subscriptions, sink.clone());
        let mut leaving: BoxFuture<()> = Box::pin(std::future::pending());
        let (mut phase, mut is_open) = (Phase::Hearing, true);
        loop {
            tokio::select! {
                () = &mut driver => break,
                () = &mut silent => break,
                message = messages.next(), if phase != Phase::Left => match message {
                    Some(message) => {
                        self.user.heard(message);
                        // Those that came with it, without a look at all else for each.
                        for _ in 1..MAX_HEARD {
                            let Some(Some(message)) = messages.next().now_or_never() else {
                                break;
                            };
                            self.user.heard(message);
                        }
                    }
                    None => break,
                },
                Some(answers) = batches.answers() => match answers {
                    Ok(answers) => for (told, answer) in answers {
                        let outcome = outcome(&self.server, answer, counts_all);
                        self.user.told(told, outcome);
                    },
                    Err(_) => break,
                },
                Some((pattern, subscribed, waiting)) = replies.subscribed() => match subscribed {
                    Ok(()) => {
                        self.subscriptions.channels.push(reply_channel(pattern));
                        for outgoing in waiting {
                            batches.add(outgoing);
                        }
                        batches.send();
                    }
                    Err(error) if !is_answer(&error) => break,
                    Err(error) => for outgoing in waiting {
                        let error = TransportError::NotCarried(error.to_string());
                        self.user.told(outgoing.told, Err(error));
                    },
                },
                outgoing = self.queue.recv(), if is_open && batches.has_room() => {
                    is_open = outgoing.is_some();
                    let mut next = outgoing;
                    while let Some(outgoing) = next {
                        let ready = replies.hear_first(U::pattern(&outgoing.told), outgoing);
                        if ready.is_some_and(|outgoing| batches.add(outgoing)) {
                            break;
                        }
                        next = self.queue.try_recv();
                    }
                    batches.send();
                }
                () = &mut stop, if phase == Phase::Hearing => {
                    phase = Phase::Leaving;
                    leaving = Box::pin(leave(sink.clone(), self.subscriptions.clone(), every));
                }
                () = &mut leaving, if phase == Phase::Leaving => {
                    phase = Phase::Left;
                    while let Some(Some(message)) = messages.next().now_or_never() {
                        self.user.heard(message);
                    }
                    self.user.ended(&mut self.queue);
                }
            }
            if !is_open && phase == Phase::Left && batches.is_empty() && replies.is_empty() {
                return End::Stopped;
            }
        }
        match phase {
            Phase::Hearing => End::Lost,
            Phase::Leaving | Phase::Left => End::LostWhileStopping,
        }
    }
}

/// By how many a message was heard, at least.
fn outcome(
    server: &Server,
    answer: Result<Value, ServerError>,
    counts_all: bool,
) -> Result<usize, TransportError> {
    match answer {
        Ok(Value::Int(count)) if counts_all => Ok(usize::try_from(count).unwrap_or(0)),
        Ok(_) => Ok(1),
        Err(error) => Err(refusal(server, &error)),
    }
}

/// Tries until the connections stand.
async fn connect_again(
    server: &Server,
    subscriptions: &Subscriptions,
    attempt: &mut u32,
) -> Connections {
    loop {
        tokio::time::sleep(server.backoff.pause(*attempt)).await;
        *attempt = attempt.saturating_add(1);
        match Connections::open(server, subscriptions).await {
            Ok(connections) => return connections,
            Err(error) => tracing::debug!(%error, "not connected yet"),
        }
    }
}

/// Unsubscribes, and waits until no message can come any more.
async fn leave(mut sink: PubSubSink, from: Subscriptions, patience: std::time::Duration) {
    let leave = async {
        if !from.channels.is_empty() {
            sink.unsubscribe(&from.channels).await?;
        }
        if !from.patterns.is_empty() {
            sink.punsubscribe(&from.patterns).await?;
        }
        Ok::<(), RedisError>(())
    };
    // Without an answer there is nothing left to wait for.
    let _ = tokio::time::timeout(patience, leave).await;
}

/// Asks the subscriber for a sign of life now and then, and ends when none came.
async fn until_deaf(mut sink: PubSubSink, every: std::time::Duration) {
    loop {
        tokio::time::sleep(every).await;
        match tokio::time::timeout(every, sink.ping::<Value>()).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) if is_answer(&error) => {}
            _ => return,
        }
    }
}

/// The patterns whose replies are heard. The first request of a pattern waits
/// until that is so, and the subscription is kept.
struct Replies<T> {
    sink: PubSubSink,
    /// The requests that wait, of patterns whose replies are not heard yet.
    patterns: HashMap<&'static str, Option<Vec<Outgoing<T>>>>,
    subscribing: FuturesUnordered<BoxFuture<(&'static str, Result<(), RedisError>)>>,
    known: Vec<String>,
}

type Subscribed<T> = (&'static str, Result<(), RedisError>, Vec<Outgoing<T>>);

impl<T: Send + 'static> Replies<T> {
    fn new(subscriptions: &Subscriptions, sink: PubSubSink) -> Self {
        Self {
            sink,
            patterns: HashMap::new(),
            subscribing: FuturesUnordered::new(),
            known: subscriptions.channels.clone(),
        }
    }

    fn is_empty(&self) -> bool {
        self.subscribing.is_empty()
    }

    /// Hands a message back if it can be published, and otherwise keeps it
    /// until the replies of its pattern are heard.
    fn hear_first(
        &mut self,
        pattern: Option<&'static str>,
        outgoing: Outgoing<T>,
    ) -> Option<Outgoing<T>> {
        let Some(pattern) = pattern else {
            return Some(outgoing);
        };
        match self.patterns.get_mut(pattern) {
            Some(None) => return Some(outgoing),
            Some(Some(waiting)) => {
                waiting.push(outgoing);
                return None;
            }
            None => {}
        }
        let channel = reply_channel(pattern);
        if self.known.contains(&channel) {
            self.patterns.insert(pattern, None);
            return Some(outgoing);
        }
        self.patterns.insert(pattern, Some(vec![outgoing]));
        let mut sink = self.sink.clone();
        self.subscribing.push(Box::pin(
            async move { (pattern, sink.subscribe(channel).await) },
        ));
        None
    }

    /// The next pattern whose replies are heard, with the requests that waited
    /// for it; `None` when nothing waits.
    async fn subscribed(&mut self) -> Option<Subscribed<T>> {
        let (pattern, subscribed) = self.subscribing.next().await?;
        let waiting = match subscribed {
            Ok(()) => self.patterns.insert(pattern, None),
            // The next request tries again.
            Err(_) => self.patterns.remove(pattern),
        };
        Some((pattern, subscribed, waiting.flatten().unwrap_or_default()))
    }
}
