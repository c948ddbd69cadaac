//! The subscriber's side: one connection waits for events, the other settles them.

use std::{collections::HashSet, future::pending, io, time::Duration};

use redis::{Cmd, RedisError, Value, aio::MultiplexedConnection};
use tokio::time::MissedTickBehavior;

use super::{
    RedisStreamsConnect,
    entry::{self, Entry},
    reader::{BLOCK, From, Group, Reader},
};
use crate::{
    BoxError, BoxFuture, Delivery, OperationKind, Routes, Serve, Stop,
    delivery::{Deliveries, MAX_CONCURRENT},
    message::new_id,
    service::BoxService,
    transport::redis_connection::{Commands, Server, until_silent},
};

/// Connects, and begins to read: what is published from now on reaches the subscriber.
pub(super) async fn bind(
    options: RedisStreamsConnect,
    routes: Routes,
    service: BoxService,
) -> Result<RedisStreamsServe, BoxError> {
    let streams = routes.operations;
    for meta in streams {
        entry::stream(meta)?;
    }
    // Every subscriber without a group gets every event; of the replicas of a
    // service, one gets each message.
    let group = routes.group.or_else(|| {
        let meta = streams
            .iter()
            .find(|meta| meta.kind != OperationKind::Event)?;
        Some(format!("{}.{}", meta.package, meta.service))
    });
    let group = group.map(|name| Group {
        name,
        consumer: options.consumer.clone().unwrap_or_else(new_id),
        settles: streams
            .iter()
            .any(|meta| meta.delivery == Delivery::AtLeastOnce),
    });
    let mut subscription = Subscription {
        reader: Reader {
            streams,
            group,
            last: vec!["0-0".to_owned(); streams.len()],
        },
        claim_after: options.claim_after,
        deliveries: Deliveries::new(service),
        held: HashSet::new(),
        settled: Vec::new(),
        settling: Vec::new(),
    };
    let mut connections = Connections::open(&options.server).await?;
    let mut connection = connections.settling.connection.clone();
    let prepare = subscription
        .reader
        .prepare(&mut connection, options.reads_all);
    connections.settling.drive(prepare).await?;
    Ok(RedisStreamsServe {
        server: options.server,
        connections,
        subscription,
    })
}

struct Connections {
    reading: Commands,
    /// What Redis calls the reading connection, if it says so.
    number: Option<i64>,
    settling: Commands,
}

impl Connections {
    async fn open(server: &Server) -> Result<Self, crate::TransportError> {
        let (mut reading, settling) = tokio::try_join!(server.commands(), server.commands())?;
        let mut connection = reading.connection.clone();
        let command = redis::cmd("CLIENT").arg("ID").to_owned();
        let number = command.query_async(&mut connection);
        Ok(Self {
            number: reading.drive(number).await.ok(),
            reading,
            settling,
        })
    }
}

pub(super) struct RedisStreamsServe {
    server: Server,
    connections: Connections,
    subscription: Subscription,
}

impl Serve for RedisStreamsServe {
    async fn serve(mut self, mut stop: Stop) {
        let mut made = Some(self.connections);
        while let Some(connections) = made.take() {
            let every = self.server.keep_alive;
            match self.subscription.drive(connections, every, &mut stop).await {
                Ok(()) => return,
                Err(reason) => {
                    tracing::warn!(address = ?self.server, reason, "the connection is lost")
                }
            }
            made = tokio::select! {
                connections = connect_again(&self.server) => Some(connections),
                () = stop.requested() => None,
            };
        }
        // What cannot be settled any more will be delivered again.
        while self.subscription.deliveries.ended().await.is_some() {}
    }
}

async fn connect_again(server: &Server) -> Connections {
    let mut attempt = 0;
    loop {
        tokio::time::sleep(server.backoff.pause(attempt)).await;
        match Connections::open(server).await {
            Ok(connections) => return connections,
            Err(error) => tracing::debug!(%error, "not connected yet"),
        }
        attempt = attempt.saturating_add(1);
    }
}

/// An entry that is handled: its stream and its id.
type Token = (usize, String);

struct Subscription {
    reader: Reader,
    claim_after: Duration,
    deliveries: Deliveries<Token>,
    /// What is handled, or has been and is not settled yet.
    held: HashSet<Token>,
    /// What has been handled, and is still to be settled.
    settled: Vec<Token>,
    /// What Redis was asked to settle.
    settling: Vec<Token>,
}

type Answer<T> = Option<BoxFuture<Result<T, RedisError>>>;

/// What was read, and whether that was waited for.
type Read = (Value, bool);

impl Subscription {
    /// Reads and settles until stop is requested, then finishes what it has. An
    /// error says why the connections are of no use any more.
    async fn drive(
        &mut self,
        connections: Connections,
        every: Duration,
        stop: &mut Stop,
    ) -> Result<(), String> {
        let Connections {
            reading,
            number,
            settling,
        } = connections;
        let (reads, mut reading_driver) = (reading.connection, reading.driver);
        let (connection, mut driver) = (settling.connection, settling.driver);
        let mut silent = std::pin::pin!(until_silent(connection.clone(), every));
        let mut upkeep = tokio::time::interval(self.claim_after / 3);
        upkeep.set_missed_tick_behavior(MissedTickBehavior::Delay);

        // Whether it was settled, nobody knows. Doing so twice does no harm.
        self.settled.append(&mut self.settling);
        // What was read over a connection that is lost is with this member, unseen.
        let mut from = match &self.reader.group {
            Some(group) if group.settles => {
                From::Own(vec!["0-0".to_owned(); self.reader.last.len()])
            }
            _ => From::New,
        };
        let mut read: Answer<Read> = None;
        let mut settle: Answer<()> = None;
        let mut claim: Answer<Vec<Entry>> = None;
        let mut unblock: BoxFuture<()> = Box::pin(pending());
        // What may still be read once it is to stop.
        let mut rest: Option<usize> = None;
        loop {
            if read.is_none() && rest != Some(0) && self.deliveries.has_room() {
                read = Some(self.read(reads.clone(), &from, rest.is_none(), every));
            }
            if settle.is_none() && !self.settled.is_empty() {
                settle = Some(self.settle(connection.clone()));
            }
            let is_idle = read.is_none() && settle.is_none() && claim.is_none();
            if rest == Some(0) && is_idle && self.held.is_empty() {
                return Ok(());
            }
            tokio::select! {
                () = &mut driver => return Err("it was closed".to_owned()),
                () = &mut reading_driver => return Err("it was closed".to_owned()),
                () = &mut silent => return Err("it gives no sign of life".to_owned()),
                answer = answer_to(&mut read) => match answer {
                    Ok((answer, waited)) => {
                        let entries = self.reader.take(answer, &mut from);
                        if let (Some(rest), false) = (&mut rest, waited) {
                            let is_all = entries.is_empty() && from == From::New;
                            *rest = if is_all { 0 } else { rest.saturating_sub(entries.len()) };
                        }
                        if entries.is_empty() {
                            from = From::New;
                        }
                        self.deliver(entries);
                    }
                    Err(error) if is_without_group(&error) => {
                        read = Some(self.make_groups(connection.clone()));
                    }
                    Err(error) => return Err(error.to_string()),
                },
                done = answer_to(&mut settle) => {
                    done.map_err(|error| error.to_string())?;
                    for token in self.settling.drain(..) {
                        self.held.remove(&token);
                    }
                }
                entries = answer_to(&mut claim) => match entries {
                    Ok(entries) => self.deliver(entries),
                    // Whoever reads makes the group again.
                    Err(error) if is_without_group(&error) => {}
                    Err(error) => return Err(error.to_string()),
                },
                Some((token, _)) = self.deliveries.ended() => self.ended(token),
                _ = upkeep.tick(), if claim.is_none() => {
                    claim = self.claim(connection.clone(), rest.is_none());
                }
                () = stop.requested(), if rest.is_none() => {
                    // What is there already is taken once more; nothing is waited for.
                    rest = Some(MAX_CONCURRENT);
                    unblock = Box::pin(unblocked(connection.clone(), number));
                }
                () = &mut unblock => unblock = Box::pin(pending()),
            }
        }
    }

    fn read(
        &self,
        mut connection: MultiplexedConnection,
        from: &From,
        waits: bool,
        every: Duration,
    ) -> BoxFuture<Result<Read, RedisError>> {
        let room = MAX_CONCURRENT.saturating_sub(self.held.len());
        let count = (room / self.reader.streams.len().max(1)).max(1);
        let command = self.reader.read(from, waits, count);
        Box::pin(async move {
            let answer = command.query_async(&mut connection);
            match tokio::time::timeout(BLOCK + every, answer).await {
                Ok(answer) => Ok((answer?, waits)),
                Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
            }
        })
    }

    /// Makes the groups again: Redis has lost its memory, or somebody has removed them.
    fn make_groups(
        &self,
        mut connection: MultiplexedConnection,
    ) -> BoxFuture<Result<Read, RedisError>> {
        let reader = self.reader.clone();
        Box::pin(async move {
            reader.make_groups(&mut connection).await?;
            Ok((Value::Nil, true))
        })
    }

    /// Has entries handled, but for those that are already.
    fn deliver(&mut self, entries: Vec<Entry>) {
        for mut entry in entries {
            let token = (entry.stream, entry.id.clone());
            if !self.held.insert(token.clone()) {
                continue;
            }
            let meta = self.reader.streams[entry.stream];
            match entry.request(meta) {
                Some(request) => self.deliveries.deliver(request, token),
                None => {
                    tracing::error!(
                        stream = meta.route,
                        id = entry.id,
                        "an entry was removed before it was handled, or is no event"
                    );
                    self.ended(token);
                }
            }
        }
    }

    /// Remembers what is to be settled.
    fn ended(&mut self, token: Token) {
        if self
            .reader
            .group
            .as_ref()
            .is_some_and(|group| group.settles)
        {
            self.settled.push(token);
        } else {
            self.held.remove(&token);
        }
    }

    /// Settles what has been handled. Doing so twice does no harm, so that it is
    /// forgotten only when Redis has answered.
    fn settle(
        &mut self,
        mut connection: MultiplexedConnection,
    ) -> BoxFuture<Result<(), RedisError>> {
        self.settling.append(&mut self.settled);
        let commands = self.for_each_stream(self.settling.iter(), Group::settle);
        Box::pin(async move {
            for command in commands {
                match command.query_async::<Value>(&mut connection).await {
                    Ok(_) => {}
                    Err(error) if is_without_group(&error) => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        })
    }

    /// The commands of a group, one for each stream that some tokens are of.
    fn for_each_stream<'a>(
        &self,
        tokens: impl Iterator<Item = &'a Token> + Clone,
        command: impl Fn(&Group, &str, &[&str]) -> Cmd,
    ) -> Vec<Cmd> {
        let Some(group) = &self.reader.group else {
            return Vec::new();
        };
        let streams = self.reader.streams.iter().enumerate();
        let commands = streams.filter_map(|(stream, meta)| {
            let of_stream = tokens.clone().filter(|token| token.0 == stream);
            let ids: Vec<&str> = of_stream.map(|(_, id)| id.as_str()).collect();
            (!ids.is_empty()).then(|| command(group, meta.route, &ids))
        });
        commands.collect()
    }

    /// Says what this member still has, and takes over what others have left.
    fn claim(&self, mut connection: MultiplexedConnection, takes_over: bool) -> Answer<Vec<Entry>> {
        let group = self.reader.group.clone().filter(|group| group.settles)?;
        let kept = self.for_each_stream(self.held.iter(), Group::keep);
        let streams = self.reader.streams;
        let room = MAX_CONCURRENT.saturating_sub(self.held.len()) / streams.len().max(1);
        let room = if takes_over { room } else { 0 };
        let silence = self.claim_after;
        Some(Box::pin(async move {
            for command in kept {
                command.query_async::<Value>(&mut connection).await?;
            }
            let mut entries = Vec::new();
            if room == 0 {
                return Ok(entries);
            }
            for (stream, meta) in streams.iter().enumerate() {
                let command = group.claim(meta.route, silence, room);
                let answer = command.query_async(&mut connection).await?;
                entries.extend(entry::claimed(answer, stream));
            }
            Ok(entries)
        }))
    }
}

/// Whether there is no such group, or there was one until now.
fn is_without_group(error: &RedisError) -> bool {
    matches!(error.code(), Some("NOGROUP" | "UNBLOCKED"))
}

/// The answer to what was asked, if something was. Can be dropped at any time.
async fn answer_to<T>(asked: &mut Answer<T>) -> Result<T, RedisError> {
    let Some(answer) = asked else {
        return pending().await;
    };
    let answer = answer.await;
    *asked = None;
    answer
}

/// Ends the wait of the reading connection.
async fn unblocked(mut connection: MultiplexedConnection, number: Option<i64>) {
    if let Some(number) = number {
        let command = redis::cmd("CLIENT").arg("UNBLOCK").arg(number).to_owned();
        // A user who may not ask for it waits until the time is over.
        let _ = command.query_async::<Value>(&mut connection).await;
    }
}
