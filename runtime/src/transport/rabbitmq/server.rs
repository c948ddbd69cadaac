//! The server's side: the queues that it takes from, and their connection.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use futures_util::{
    StreamExt as _,
    stream::{BoxStream, SelectAll, once},
};
use lapin::{
    Channel, Connection, Consumer,
    message::Delivery,
    options::{BasicCancelOptions, BasicConsumeOptions, BasicQosOptions, QueueDeleteOptions},
    types::{FieldTable, ShortString},
};
use tokio::sync::{Notify, watch};

use super::{
    RabbitMqConnect,
    answers::{Answers, Replies},
    declare::{self, Queue},
    intake::{Lead, Work},
    message::{failure, short},
};
use crate::{
    BoxError, BoxFuture, Delivery as Guarantee, Meta, OperationKind, Routes, Serve, Stop,
    TransportError,
    service::BoxService,
    transport::nest::table::{Entry, Table, Target},
};

/// What clones of one listener serve on each queue of requests together.
#[derive(Default)]
pub(super) struct Places(
    // Gone when nobody takes from the queue any more; then the next one to be
    // bound begins anew.
    tokio::sync::Mutex<HashMap<String, Weak<Mutex<Arc<Table>>>>>,
);

/// One queue, and who is served from it.
struct Intake {
    queue: Queue,
    lead: Lead,
    prefetch: u16,
}

impl Intake {
    /// Declares the queue, and binds it; returns its name.
    async fn declare(
        &self,
        channel: &Channel,
        options: &RabbitMqConnect,
    ) -> Result<ShortString, TransportError> {
        let queue = self.queue.declare(channel, options).await?;
        if let (Lead::ByPattern(table), true) = (&self.lead, options.exchanges_requests()) {
            // What clones serve too by now, where the connection is made again.
            let operations = table
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .operations();
            declare::bind_requests(channel, &queue, &operations, options).await?;
        }
        Ok(queue)
    }
}

/// Declares the queues of the operations and takes from them.
pub(super) async fn bind(
    options: RabbitMqConnect,
    routes: &Routes,
    service: &BoxService,
) -> Result<RabbitMqServe, BoxError> {
    let events_only = routes
        .operations
        .iter()
        .all(|meta| meta.kind == OperationKind::Event);
    if events_only && !options.takes_events_with_requests() {
        let intakes = events(&options, routes, service);
        return Ok(RabbitMqServe(Some(Server::bind(options, intakes).await?)));
    }
    let Some(first) = routes.operations.first() else {
        return Ok(RabbitMqServe(None));
    };
    let name = options.queue_of(first);
    let places = Arc::clone(&options.places);
    let mut places = places.0.lock().await;
    if let Some(table) = places.get(&name).and_then(Weak::upgrade) {
        // Another clone takes from the queue already; this one adds to what is served.
        {
            let mut table = table.lock().unwrap_or_else(PoisonError::into_inner);
            let mut larger = Table::clone(&table);
            larger.add(routes, service)?;
            *table = Arc::new(larger);
        }
        if options.requests_to_exchange {
            bind_more(&options, &name, routes.operations).await?;
        }
        return Ok(RabbitMqServe(None));
    }
    let mut table = Table::default();
    table.add(routes, service)?;
    let table = Arc::new(Mutex::new(Arc::new(table)));
    let intake = Intake {
        queue: Queue::Requests(name.clone()),
        lead: Lead::ByPattern(Arc::clone(&table)),
        prefetch: options.limits.max_in_flight,
    };
    let server = Server::bind(options, vec![intake]).await?;
    places.insert(name, Arc::downgrade(&table));
    Ok(RabbitMqServe(Some(server)))
}

/// Binds a queue that somebody takes from already for more operations, over a
/// connection that is open for that long.
async fn bind_more(
    options: &RabbitMqConnect,
    queue: &str,
    operations: &[&'static Meta],
) -> Result<(), TransportError> {
    let queue = short("queue", queue)?;
    let connection = options.open().await?;
    let binding = async {
        let channel = connection.create_channel().await;
        let channel = channel.map_err(|error| failure(&error))?;
        declare::bind_requests(&channel, &queue, operations, options).await
    };
    let bound = tokio::time::timeout(options.connect_timeout, binding).await;
    bound.unwrap_or(Err(TransportError::TimedOut))?;
    // An error means that it is lost, and that is as good.
    let _ = connection.close(200, "OK".into()).await;
    Ok(())
}

/// The queues of events, which come by the exchange.
fn events(options: &RabbitMqConnect, routes: &Routes, service: &BoxService) -> Vec<Intake> {
    let of = |(operation, &meta)| {
        let target = Target {
            service: service.clone(),
            operation,
            meta,
            group: routes.group.clone(),
        };
        Intake {
            queue: Queue::of_event(meta, &options.exchange, routes.group.as_deref()),
            lead: Lead::Event(Entry::Events(vec![target])),
            prefetch: match meta.delivery {
                Guarantee::AtMostOnce => options.limits.max_in_flight,
                Guarantee::AtLeastOnce => options.limits.max_stored,
            },
        }
    };
    routes.operations.iter().enumerate().map(of).collect()
}

/// Serves, unless another clone of the listener does it for this one as well.
pub(super) struct RabbitMqServe(Option<Server>);

impl Serve for RabbitMqServe {
    async fn serve(self, mut stop: Stop) {
        match self.0 {
            Some(server) => server.serve(stop).await,
            None => stop.requested().await,
        }
    }
}

struct Server {
    options: RabbitMqConnect,
    intakes: Arc<Vec<Intake>>,
    session: Session,
}

impl Server {
    async fn bind(options: RabbitMqConnect, intakes: Vec<Intake>) -> Result<Self, BoxError> {
        let session = Session::open(&options, &intakes).await?;
        Ok(Self {
            options,
            intakes: Arc::new(intakes),
            session,
        })
    }

    async fn serve(self, mut stop: Stop) {
        let Self {
            options,
            intakes,
            session,
        } = self;
        let (channel, replies) = watch::channel(Arc::clone(&session.replies));
        let replies_lost = Arc::new(Notify::new());
        let lost = Arc::clone(&replies_lost);
        let answers = Answers::new(replies, lost, options.limits.max_message);
        let mut work = Work::new(&options, intakes.len(), answers);
        let mut link = Link {
            options,
            intakes: Arc::clone(&intakes),
            session: Some(session),
            reopening: None,
            channel: Some(channel),
            is_stopping: false,
        };
        loop {
            if link.session.is_none() {
                work.forget_messages();
            }
            tokio::select! {
                Some((at, message)) = next(&mut link.session), if work.has_room() => match message {
                    Some(message) => work.take(&intakes[at].lead, message).await,
                    // Cancelled, as far as anybody knows.
                    None if link.is_stopping => {}
                    None => link.lost(),
                },
                () = replies_lost.notified(), if work.is_answering() => link.renew_replies().await,
                Some(opened) = opened(&mut link.reopening) => link.opened(opened),
                Some(()) = work.ended() => {}
                () = stop.requested(), if !link.is_stopping => link.stop().await,
                else => break,
            }
        }
        if let Some(session) = link.session {
            session.close(&intakes).await;
        }
    }
}

/// The connection of a server, which is made again until the server stops.
struct Link {
    options: RabbitMqConnect,
    intakes: Arc<Vec<Intake>>,
    session: Option<Session>,
    reopening: Option<BoxFuture<Session>>,
    /// The channel of replies; `None` when no other one is to come.
    channel: Option<watch::Sender<Arc<Replies>>>,
    is_stopping: bool,
}

impl Link {
    fn lost(&mut self) {
        tracing::warn!("the connection to RabbitMQ is lost");
        self.session = None;
        if self.is_stopping {
            self.channel = None;
        } else {
            let intakes = Arc::clone(&self.intakes);
            self.reopening = Some(reopen(self.options.clone(), intakes));
        }
    }

    fn opened(&mut self, session: Session) {
        self.reopening = None;
        self.replies_by(Arc::clone(&session.replies));
        self.session = Some(session);
    }

    /// Opens another channel for replies, where the last one is closed.
    async fn renew_replies(&mut self) {
        let Some(session) = &mut self.session else {
            return;
        };
        if !session.replies.is_lost() {
            return;
        }
        match session.replies_again(&self.options).await {
            Some(replies) => self.replies_by(replies),
            None => self.lost(),
        }
    }

    fn replies_by(&self, channel: Arc<Replies>) {
        if let Some(current) = &self.channel {
            current.send_replace(channel);
        }
    }

    async fn stop(&mut self) {
        self.is_stopping = true;
        self.reopening = None;
        match &mut self.session {
            Some(session) => session.cancel().await,
            None => self.channel = None,
        }
    }
}

/// The next message, with the place of its queue, or the end of one; `None` if
/// there is no session, or if it takes from no queue any more.
async fn next(session: &mut Option<Session>) -> Option<(usize, Option<Delivery>)> {
    session.as_mut()?.messages.next().await
}

/// The connection that is made again; `None` if none is.
async fn opened(reopening: &mut Option<BoxFuture<Session>>) -> Option<Session> {
    Some(reopening.as_mut()?.await)
}

/// Connects again for as long as it takes.
fn reopen(options: RabbitMqConnect, intakes: Arc<Vec<Intake>>) -> BoxFuture<Session> {
    Box::pin(async move {
        let mut attempt = 0;
        loop {
            tokio::time::sleep(options.backoff.pause(attempt)).await;
            attempt = attempt.saturating_add(1);
            match Session::open(&options, &intakes).await {
                Ok(session) => return session,
                Err(error) => tracing::debug!(%error, "no connection yet"),
            }
        }
    })
}

/// One connection, as long as it lasts.
struct Session {
    connection: Connection,
    channel: Channel,
    consumers: Vec<ShortString>,
    /// By the place of their queue; `None` is the end of it.
    messages: SelectAll<BoxStream<'static, (usize, Option<Delivery>)>>,
    replies: Arc<Replies>,
}

impl Session {
    async fn open(options: &RabbitMqConnect, intakes: &[Intake]) -> Result<Self, TransportError> {
        let connection = options.open().await?;
        let opening = Self::over(connection, options, intakes);
        let opened = tokio::time::timeout(options.connect_timeout, opening).await;
        opened.unwrap_or(Err(TransportError::TimedOut))
    }

    async fn over(
        connection: Connection,
        options: &RabbitMqConnect,
        intakes: &[Intake],
    ) -> Result<Self, TransportError> {
        let channels = async {
            Ok((
                connection.create_channel().await?,
                connection.create_channel().await?,
            ))
        };
        let (channel, replies) = channels
            .await
            .map_err(|error: lapin::Error| failure(&error))?;
        let mut consumers = Vec::new();
        let mut messages = SelectAll::new();
        for (at, intake) in intakes.iter().enumerate() {
            let queue = intake.declare(&channel, options).await?;
            let consumer = consume(&channel, queue, intake.prefetch).await;
            let consumer = consumer.map_err(|error| failure(&error))?;
            consumers.push(consumer.tag());
            let of_queue = consumer
                .map(move |message| (at, message.ok()))
                .chain(once(std::future::ready((at, None))));
            messages.push(of_queue.boxed());
        }
        Ok(Self {
            connection,
            channel,
            consumers,
            messages,
            replies: Replies::new(replies),
        })
    }

    /// Another channel for replies: RabbitMQ closes one on a reply that it does
    /// not take. `None` if the connection is lost.
    async fn replies_again(&mut self, options: &RabbitMqConnect) -> Option<Arc<Replies>> {
        let opening = self.connection.create_channel();
        let opened = tokio::time::timeout(options.connect_timeout, opening).await;
        self.replies = Replies::new(opened.ok()?.ok()?);
        Some(Arc::clone(&self.replies))
    }

    /// Takes nothing new; what has arrived is still there.
    async fn cancel(&mut self) {
        for consumer in &self.consumers {
            // An error means that the connection is lost.
            let cancelled = self
                .channel
                .basic_cancel(consumer.clone(), BasicCancelOptions::default());
            let _ = cancelled.await;
        }
    }

    async fn close(self, intakes: &[Intake]) {
        // Errors mean that the connection is lost.
        for own in intakes.iter().filter_map(|intake| intake.queue.own()) {
            let deleted = self
                .channel
                .queue_delete(own.into(), QueueDeleteOptions::default());
            let _ = deleted.await;
        }
        let _ = self.connection.close(200, "OK".into()).await;
    }
}

/// Takes from a queue. The prefetch counts for the consumers that come after it.
async fn consume(
    channel: &Channel,
    queue: ShortString,
    prefetch: u16,
) -> Result<Consumer, lapin::Error> {
    channel
        .basic_qos(prefetch, BasicQosOptions::default())
        .await?;
    let options = BasicConsumeOptions::default();
    channel
        .basic_consume(
            queue,
            ShortString::default(),
            options,
            FieldTable::default(),
        )
        .await
}
