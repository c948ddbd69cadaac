//! The publisher's side.

use bytes::Bytes;
use tokio::sync::{oneshot, watch};

use super::{RedisStreamsConnect, entry};
use crate::{
    OperationKind, Pending, Reply, Request, Stop, TransportError,
    transport::{
        ConnectionState,
        redis_connection::{Batches, Commands, Outbox, Queue, Server, refusal, until_silent},
        state::reached,
        task::ClientTask,
    },
};

pub(super) struct Client {
    options: RedisStreamsConnect,
    outbox: Outbox<oneshot::Sender<Reply>>,
    state: watch::Receiver<ConnectionState>,
    task: ClientTask,
}

impl Client {
    pub(super) async fn connect(options: RedisStreamsConnect) -> Result<Self, TransportError> {
        let commands = options.server.commands().await?;
        let (outbox, queue) = Outbox::new(options.limits.max_unsent);
        let (state, states) = watch::channel(ConnectionState::Connected);
        let server = options.server.clone();
        let task = ClientTask::spawn(|stop| {
            let link = Link {
                server,
                queue,
                state,
                stop,
            };
            link.run(commands)
        });
        Ok(Self {
            options,
            outbox,
            state: states,
            task,
        })
    }

    pub(super) fn options(&self) -> &RedisStreamsConnect {
        &self.options
    }

    pub(super) fn state(&self) -> ConnectionState {
        *self.state.borrow()
    }

    pub(super) async fn until(&self, wanted: ConnectionState) {
        reached(self.state.clone(), wanted).await;
    }

    pub(super) fn start(&self, request: Request) -> Pending {
        match self.publish(&request) {
            Ok(stored) => Pending::Slot(stored),
            Err(error) => Pending::Refused(error),
        }
    }

    fn publish(&self, request: &Request) -> Result<oneshot::Receiver<Reply>, TransportError> {
        match self.state() {
            ConnectionState::Connected => {}
            ConnectionState::Reconnecting => {
                return Err(self.options.server.unreachable("the connection is lost"));
            }
            ConnectionState::Closed => return Err(TransportError::Closed),
        }
        if request.meta.kind == OperationKind::Message {
            return Err(TransportError::NotCarried(
                "Redis Streams store events and answer no requests".to_owned(),
            ));
        }
        let (command, size) = entry::add(request, self.options.max_len)?;
        let limit = self.options.limits.max_message;
        if size > limit {
            return Err(TransportError::TooLarge {
                size,
                limit,
                unit: "bytes",
            });
        }
        let (stored, slot) = oneshot::channel();
        self.outbox.try_send(command, size, stored)?;
        Ok(slot)
    }

    pub(super) async fn close(&self) {
        self.task.close().await;
    }
}

/// The task that owns the connection.
struct Link {
    server: Server,
    queue: Queue<oneshot::Sender<Reply>>,
    state: watch::Sender<ConnectionState>,
    stop: Stop,
}

impl Link {
    async fn run(mut self, commands: Commands) {
        let mut made = Some(commands);
        while let Some(commands) = made.take() {
            self.state.send_replace(ConnectionState::Connected);
            if self.drive(commands).await.is_ok() {
                break;
            }
            tracing::warn!(address = ?self.server, "the connection is lost");
            self.state.send_replace(ConnectionState::Reconnecting);
            self.fail_queued();
            made = tokio::select! {
                commands = self.server.connect_again() => Some(commands),
                () = self.stop.requested() => None,
            };
            // What was put in while nobody looked is not sent after all.
            self.fail_queued();
        }
        self.state.send_replace(ConnectionState::Closed);
        self.queue.close();
        self.fail_queued();
    }

    /// Whoever published it learns that the connection was closed.
    fn fail_queued(&mut self) {
        while self.queue.try_recv().is_some() {}
    }

    /// Stores until the connection is closed; an error says that it is lost.
    async fn drive(&mut self, commands: Commands) -> Result<(), ()> {
        let Commands {
            connection,
            mut driver,
        } = commands;
        let mut silent = std::pin::pin!(until_silent(connection.clone(), self.server.keep_alive));
        let mut batches = Batches::<oneshot::Sender<Reply>>::new(connection);
        let (mut is_closing, mut is_open) = (false, true);
        while is_open || !batches.is_empty() {
            tokio::select! {
                () = &mut driver => return Err(()),
                () = &mut silent => return Err(()),
                Some(answers) = batches.answers() => for (stored, answer) in answers.map_err(drop)? {
                    let reply = match answer {
                        Ok(_) => Reply::Value(Bytes::new()),
                        Err(error) => Reply::Refused(refusal(&self.server, &error)),
                    };
                    // Who has given it up need not be told.
                    let _ = stored.send(reply);
                },
                outgoing = self.queue.recv(), if is_open && batches.has_room() => {
                    is_open = outgoing.is_some();
                    let mut next = outgoing;
                    while let Some(outgoing) = next {
                        if batches.add(outgoing) {
                            break;
                        }
                        next = self.queue.try_recv();
                    }
                    batches.send();
                }
                () = self.stop.requested(), if !is_closing => {
                    is_closing = true;
                    self.queue.close();
                }
            }
        }
        Ok(())
    }
}
