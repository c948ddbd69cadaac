//! Commands that are sent together: those that wait while others are on their
//! way go in one piece, and are answered in one.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use redis::{Cmd, Pipeline, RedisError, ServerError, Value, aio::MultiplexedConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use crate::{BoxFuture, TransportError};

/// How many commands, and how many bytes but for the last one, are sent together.
const MAX_BATCH: usize = 256;
const MAX_BATCH_BYTES: usize = 1 << 20;

/// How many batches are on their way.
const MAX_BATCHES: usize = 4;

/// What a command costs besides its bytes, about.
const COMMAND_BYTES: usize = 128;

/// A command to be sent, and whom to tell what came of it.
pub(in crate::transport) struct Outgoing<T> {
    command: Cmd,
    size: usize,
    pub(in crate::transport) told: T,
    /// Its place, which it has until it is answered.
    room: OwnedSemaphorePermit,
}

/// Where commands are put. They wait for no more bytes than a limit.
pub(in crate::transport) struct Outbox<T> {
    sender: mpsc::UnboundedSender<Outgoing<T>>,
    room: Arc<Semaphore>,
    max: u32,
}

impl<T> Clone for Outbox<T> {
    fn clone(&self) -> Self {
        Self {
            sender: self.sender.clone(),
            room: Arc::clone(&self.room),
            max: self.max,
        }
    }
}

impl<T> Outbox<T> {
    /// A place for commands of `max` bytes, and where they come out.
    pub(in crate::transport) fn new(max: usize) -> (Self, Queue<T>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let max = u32::try_from(max).unwrap_or(u32::MAX).max(1);
        let outbox = Self {
            sender,
            room: Arc::new(Semaphore::new(max as usize)),
            max,
        };
        (outbox, Queue(receiver))
    }

    /// Puts a command in if there is room for it.
    pub(in crate::transport) fn try_send(
        &self,
        command: Cmd,
        size: usize,
        told: T,
    ) -> Result<(), TransportError> {
        let room = Arc::clone(&self.room)
            .try_acquire_many_owned(self.cost(size))
            .map_err(|_| TransportError::Overloaded("too many bytes wait to be sent to Redis"))?;
        self.push(command, size, told, room)
    }

    /// Puts a command in when there is room for it.
    pub(in crate::transport) async fn send(
        &self,
        command: Cmd,
        size: usize,
        told: T,
    ) -> Result<(), TransportError> {
        let room = Arc::clone(&self.room).acquire_many_owned(self.cost(size));
        let room = room.await.map_err(|_| TransportError::Closed)?;
        self.push(command, size, told, room)
    }

    fn push(
        &self,
        command: Cmd,
        size: usize,
        told: T,
        room: OwnedSemaphorePermit,
    ) -> Result<(), TransportError> {
        let outgoing = Outgoing {
            command,
            size,
            told,
            room,
        };
        self.sender
            .send(outgoing)
            .map_err(|_| TransportError::Closed)
    }

    fn cost(&self, size: usize) -> u32 {
        let cost = size.saturating_add(COMMAND_BYTES);
        u32::try_from(cost).unwrap_or(u32::MAX).min(self.max)
    }
}

/// Where the commands of an [`Outbox`] come out.
pub(in crate::transport) struct Queue<T>(mpsc::UnboundedReceiver<Outgoing<T>>);

impl<T> Queue<T> {
    /// The next one; `None` when no more can come. Can be dropped without losing one.
    pub(in crate::transport) async fn recv(&mut self) -> Option<Outgoing<T>> {
        self.0.recv().await
    }

    pub(in crate::transport) fn try_recv(&mut self) -> Option<Outgoing<T>> {
        self.0.try_recv().ok()
    }

    /// Takes nothing further in.
    pub(in crate::transport) fn close(&mut self) {
        self.0.close();
    }
}

/// Commands on their way over one connection.
pub(in crate::transport) struct Batches<T> {
    connection: MultiplexedConnection,
    /// What goes next.
    next: Vec<Outgoing<T>>,
    bytes: usize,
    under_way: FuturesUnordered<BoxFuture<Result<Answers<T>, RedisError>>>,
}

/// What became of each command of a batch.
pub(in crate::transport) type Answers<T> = Vec<(T, Result<Value, ServerError>)>;

impl<T: Send + 'static> Batches<T> {
    pub(in crate::transport) fn new(connection: MultiplexedConnection) -> Self {
        Self {
            connection,
            next: Vec::new(),
            bytes: 0,
            under_way: FuturesUnordered::new(),
        }
    }

    /// Whether a batch may be sent.
    pub(in crate::transport) fn has_room(&self) -> bool {
        self.under_way.len() < MAX_BATCHES
    }

    pub(in crate::transport) fn is_empty(&self) -> bool {
        self.under_way.is_empty()
    }

    /// Adds a command to the next batch; says whether that is full.
    pub(in crate::transport) fn add(&mut self, outgoing: Outgoing<T>) -> bool {
        self.bytes += outgoing.size;
        self.next.push(outgoing);
        self.next.len() >= MAX_BATCH || self.bytes >= MAX_BATCH_BYTES
    }

    /// Sends the next batch.
    pub(in crate::transport) fn send(&mut self) {
        if self.next.is_empty() {
            return;
        }
        let mut pipeline = Pipeline::with_capacity(self.next.len());
        let mut told = Vec::with_capacity(self.next.len());
        for outgoing in self.next.drain(..) {
            pipeline.add_command(outgoing.command);
            told.push((outgoing.told, outgoing.room));
        }
        self.bytes = 0;
        let mut connection = self.connection.clone();
        self.under_way.push(Box::pin(async move {
            let count = pipeline.len();
            let values = connection.send_packed_commands(&pipeline, 0, count).await?;
            let answers = told.into_iter().zip(values);
            Ok(answers
                .map(|((told, _), value)| match value {
                    Value::ServerError(error) => (told, Err(error)),
                    value => (told, Ok(value)),
                })
                .collect())
        }));
    }

    /// The answers to the next batch; an error when the connection is lost, and
    /// `None` when none is on its way. Can be dropped without losing any.
    pub(in crate::transport) async fn answers(&mut self) -> Option<Result<Answers<T>, RedisError>> {
        self.under_way.next().await
    }
}
