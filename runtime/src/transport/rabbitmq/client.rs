//! The client's side: what is published, and the replies that come back.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};
use lapin::{
    Confirmation, Connection, Consumer,
    message::Delivery,
    options::{BasicConsumeOptions, ConfirmSelectOptions},
    types::{FieldTable, ShortString},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch},
    time::{Instant, Sleep, sleep},
};

use super::{
    RabbitMqConnect, declare,
    message::{self, failure},
    publisher::{Address, Message, Published, Publisher},
};
use crate::{
    BoxFuture, Headers, OperationKind, Pending, Request, Stop, TransportError,
    transport::{
        ConnectionState,
        nest::{
            calls::{CallId, SharedCalls},
            one_value,
        },
        state::reached,
        task::ClientTask,
    },
    wire::nest::packet::{self, ReplyPacket},
};

/// How long a client that is closed waits until messages are sent, and confirmed
/// where they are to be.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// How soon after a message was sent the library is asked for requests that have
/// come back: it does not tell. The pause doubles up to the other one.
const LOOK_SOON: Duration = Duration::from_millis(10);
const LOOK_LATER: Duration = Duration::from_secs(1);

pub(super) struct Client {
    shared: Arc<Shared>,
    task: ClientTask,
}

struct Shared {
    options: RabbitMqConnect,
    calls: Arc<SharedCalls>,
    state: watch::Sender<ConnectionState>,
    /// Where messages are published while there is a connection.
    publisher: Mutex<Option<Arc<Publisher>>>,
    /// A permit for each message that is not confirmed, or not even sent.
    unconfirmed: Arc<Semaphore>,
}

impl Client {
    pub(super) async fn connect(options: RabbitMqConnect) -> Result<Self, TransportError> {
        let session = Session::open(&options).await?;
        let shared = Arc::new(Shared {
            calls: SharedCalls::new(options.limits.max_calls),
            state: watch::Sender::new(ConnectionState::Connected),
            publisher: Mutex::new(Some(Arc::clone(&session.publisher))),
            unconfirmed: Arc::new(Semaphore::new(options.limits.max_calls)),
            options,
        });
        let task = ClientTask::spawn(|stop| run(Arc::clone(&shared), session, stop));
        Ok(Self { shared, task })
    }

    pub(super) fn options(&self) -> &RabbitMqConnect {
        &self.shared.options
    }

    pub(super) fn state(&self) -> ConnectionState {
        *self.shared.state.borrow()
    }

    pub(super) async fn until(&self, wanted: ConnectionState) {
        reached(self.shared.state.subscribe(), wanted).await;
    }

    pub(super) fn start(&self, request: Request) -> Pending {
        self.shared.start(&request).unwrap_or_else(Pending::Refused)
    }

    pub(super) async fn close(&self) {
        self.task.close().await;
    }
}

impl Shared {
    fn start(&self, request: &Request) -> Result<Pending, TransportError> {
        let publisher = self.publisher()?;
        one_value(request)?;
        let address = Address::of(request, &self.options)?;
        let permit = Arc::clone(&self.unconfirmed)
            .try_acquire_owned()
            .map_err(|_| {
                TransportError::Overloaded("too many messages that are not sent or not confirmed")
            })?;
        let (id, pending) = self.calls.begin(request)?;
        match self.publish(&publisher, request, id, address, permit) {
            Ok(()) => Ok(pending),
            Err(error) => {
                self.calls.remove(id);
                Err(error)
            }
        }
    }

    fn publisher(&self) -> Result<Arc<Publisher>, TransportError> {
        let publisher = self
            .publisher
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let unreachable = |reason: &str| TransportError::Unreachable {
            address: "RabbitMQ".to_owned(),
            reason: reason.to_owned(),
        };
        match publisher {
            // What is sent now would wait, for as long as RabbitMQ likes.
            Some(publisher) if publisher.connection.status().blocked() => Err(unreachable(
                "it takes no messages now, since it is short of memory or of room on its disk",
            )),
            Some(publisher) => Ok(publisher),
            None if *self.state.borrow() == ConnectionState::Closed => Err(TransportError::Closed),
            None => Err(unreachable("the connection is lost")),
        }
    }

    fn publish(
        &self,
        publisher: &Arc<Publisher>,
        request: &Request,
        id: CallId,
        address: Address,
        permit: OwnedSemaphorePermit,
    ) -> Result<(), TransportError> {
        let text = id.text();
        let text = str::from_utf8(&text).unwrap_or_default();
        let is_answered = request.meta.kind == OperationKind::Message;
        let mut properties = message::properties(request, is_answered.then_some(text))?;
        if !is_answered && address.is_mandatory() {
            properties = properties.with_message_id(publisher.message_id(text).into());
        }
        let body = if is_answered { text } else { "" };
        let body = packet::request_message(request, &Headers::new(), body);
        let limit = self.options.limits.max_message;
        if body.len() > limit {
            return Err(TransportError::TooLarge {
                size: body.len(),
                limit,
                unit: "bytes",
            });
        }
        let message = Message {
            id,
            is_answered,
            address,
            properties,
            body,
        };
        publisher.publish(message, &self.options, permit)
    }

    /// Notes what RabbitMQ has said of a message; says whether its channel is sound.
    fn published(&self, published: Published) -> bool {
        let Published {
            id,
            is_answered,
            outcome,
        } = published;
        match outcome {
            Ok(Confirmation::Nack(_)) => self.calls.refuse(
                id,
                TransportError::Overloaded("RabbitMQ has not stored the message"),
            ),
            // The answer is still to come.
            Ok(_) if is_answered => {}
            Ok(_) => {
                let sent = ReplyPacket {
                    is_disposed: true,
                    ..ReplyPacket::default()
                };
                self.calls.answer_to(id, &sent, &Bytes::new());
            }
            Err(error) => {
                self.calls.refuse(id, error);
                return false;
            }
        }
        true
    }

    fn take(&self, reply: Delivery) {
        let id = reply.properties.correlation_id();
        let id = id
            .as_ref()
            .and_then(|id| CallId::parse(id.as_str().as_bytes()));
        let Some(id) = id else { return };
        let body = Bytes::from(reply.data);
        match ReplyPacket::parse(&body) {
            Ok(packet) => self.calls.answer_to(id, &packet, &body),
            Err(error) => {
                let error = TransportError::Protocol(error.to_string());
                self.calls.refuse(id, error);
            }
        }
    }

    /// Why RabbitMQ has closed the channel of requests: something that it
    /// refuses. Which of several it was, it does not say.
    fn refused(&self, error: &lapin::Error) {
        tracing::warn!(%error, "RabbitMQ has closed the channel of requests");
        if self.calls.len() == 1 {
            self.calls.refuse_all(&failure(error));
        }
    }

    fn set(&self, publisher: Option<Arc<Publisher>>, state: ConnectionState) {
        *self
            .publisher
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = publisher;
        self.state.send_replace(state);
    }
}

/// Connects again for ever, until the client is closed or dropped.
async fn run(shared: Arc<Shared>, session: Session, mut stop: Stop) {
    let mut current = Some(session);
    let work = async {
        let mut attempt = 0;
        loop {
            if let Some(session) = &mut current {
                session.receive(&shared).await;
                shared.set(None, ConnectionState::Reconnecting);
                shared.calls.clear();
                // Gone at once, so that nothing is published on it any more.
                current = None;
                attempt = 0;
            }
            tokio::time::sleep(shared.options.backoff.pause(attempt)).await;
            attempt = attempt.saturating_add(1);
            match Session::open(&shared.options).await {
                Ok(session) => {
                    let publisher = Arc::clone(&session.publisher);
                    shared.set(Some(publisher), ConnectionState::Connected);
                    current = Some(session);
                }
                Err(error) => tracing::debug!(%error, "no connection yet"),
            }
        }
    };
    tokio::select! {
        () = work => {}
        () = shared.calls.keep_time() => {}
        () = stop.requested() => {}
    }
    shared.set(None, ConnectionState::Closed);
    if let Some(session) = current {
        // What takes longer is not waited for.
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, session.close(&shared)).await;
    }
    shared.calls.clear();
}

/// One connection, as long as it lasts.
struct Session {
    publisher: Arc<Publisher>,
    replies: Consumer,
    /// What is not sent, or not confirmed.
    under_way: FuturesUnordered<BoxFuture<Published>>,
    begun: mpsc::UnboundedReceiver<BoxFuture<Published>>,
    /// When to ask for requests that have come back.
    look: Pin<Box<Sleep>>,
    /// How long after the last time that is.
    pause: Duration,
}

impl Session {
    async fn open(options: &RabbitMqConnect) -> Result<Self, TransportError> {
        let connection = options.open().await?;
        let opening = async {
            let session = Self::over(connection).await;
            let session = session.map_err(|error| failure(&error))?;
            // One that is not there would have RabbitMQ close the channel.
            if options.exchanges_requests() && options.declares {
                let exchange = message::short("exchange", &options.exchange)?;
                declare::exchange(&session.publisher.requests, exchange, options).await?;
            }
            Ok(session)
        };
        let opened = tokio::time::timeout(options.connect_timeout, opening).await;
        opened.unwrap_or(Err(TransportError::TimedOut))
    }

    async fn over(connection: Connection) -> Result<Self, lapin::Error> {
        let requests = connection.create_channel().await?;
        let confirmed = connection.create_channel().await?;
        confirmed
            .confirm_select(ConfirmSelectOptions::default())
            .await?;
        // RabbitMQ knows the way back only of a channel that listens already.
        let no_ack = BasicConsumeOptions {
            no_ack: true,
            ..BasicConsumeOptions::default()
        };
        let replies = requests
            .basic_consume(
                message::REPLY_TO.into(),
                ShortString::default(),
                no_ack,
                FieldTable::default(),
            )
            .await?;
        let (sender, begun) = mpsc::unbounded_channel();
        let publisher = Publisher {
            name: format!("{:032x}.", fastrand::u128(..)),
            connection,
            requests,
            confirmed,
            declared: Mutex::default(),
            begun: sender,
        };
        Ok(Self {
            publisher: Arc::new(publisher),
            replies,
            under_way: FuturesUnordered::new(),
            begun,
            look: Box::pin(sleep(LOOK_LATER)),
            pause: LOOK_LATER,
        })
    }

    /// Hands replies and confirmations to their calls, until the connection is lost.
    async fn receive(&mut self, shared: &Shared) {
        let mut is_sound = true;
        while is_sound {
            tokio::select! {
                reply = self.replies.next() => match reply {
                    Some(Ok(reply)) => shared.take(reply),
                    Some(Err(error)) => {
                        shared.refused(&error);
                        is_sound = false;
                    }
                    None => is_sound = false,
                },
                Some(begun) = self.begun.recv() => self.under_way.push(begun),
                Some(published) = self.under_way.next() => {
                    is_sound = self.published(published, shared);
                }
                () = &mut self.look => {
                    for id in self.publisher.returned().await {
                        shared.calls.refuse(id, TransportError::NoHandler);
                    }
                    self.pause = (self.pause * 2).min(LOOK_LATER);
                    self.look.as_mut().reset(Instant::now() + self.pause);
                }
            }
        }
        // Who is publishing now is told by this, all others when the calls are cleared.
        self.begun.close();
    }

    /// Notes what RabbitMQ has said of a message, and of all that it has said by now.
    ///
    /// What cannot be routed comes back in front of its confirmation, and the
    /// library hands it out with whichever confirmation is next: perhaps with
    /// that of another message, but never later than with its own.
    fn published(&mut self, first: Published, shared: &Shared) -> bool {
        if self.pause > LOOK_SOON {
            self.pause = LOOK_SOON;
            self.look.as_mut().reset(Instant::now() + LOOK_SOON);
        }
        let mut published = vec![first];
        self.publisher.take_begun(&mut self.begun, &self.under_way);
        while let Some(Some(next)) = self.under_way.next().now_or_never() {
            published.push(next);
        }
        for returned in published.iter().filter_map(Published::returned) {
            if let Some(id) = self.publisher.id_of(&returned.properties) {
                shared.calls.refuse(id, TransportError::NoHandler);
            }
        }
        let mut is_sound = true;
        for published in published {
            is_sound &= shared.published(published);
        }
        is_sound
    }

    /// Waits until all that was published is confirmed or sent, and ends the connection.
    async fn close(mut self, shared: &Shared) {
        self.begun.close();
        while let Some(begun) = self.begun.recv().await {
            self.under_way.push(begun);
        }
        while let Some(published) = self.under_way.next().await {
            self.published(published, shared);
        }
        // An error means that it is closed already.
        let _ = self.publisher.connection.close(200, "OK".into()).await;
    }
}
