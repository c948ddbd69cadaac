//! The client's side: one producer, and one consumer of replies that is in no group.

use std::{
    collections::{HashMap, HashSet},
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    task::Poll,
    time::Duration,
};

use futures_util::StreamExt as _;
use rdkafka::{
    ClientContext, Message as _, Offset, TopicPartitionList,
    config::RDKafkaLogLevel,
    consumer::{Consumer as _, ConsumerContext, StreamConsumer},
    error::KafkaError,
    message::BorrowedMessage,
};
use tokio::{
    sync::{OnceCell, oneshot, watch},
    task::JoinSet,
};

use super::{
    KafkaConnect,
    health::{self, Health, OffThread, blocking},
    message::{self, Back, ReplyHeaders},
    producer::{Outgoing, Producer, Report, refused_options},
    topics::{self, Admin},
    value,
};
use crate::{
    Meta, OperationKind, Pending, Request, TransportError,
    transport::{
        ConnectionState,
        nest::{
            calls::{CallId, SharedCalls, hexadecimal},
            one_value,
        },
        state::reached,
    },
    wire::nest::packet::ReplyPacket,
};

/// How long a broker may take to answer before it counts as lost.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

/// The group that the consumer of replies is given, since it must have one. It
/// never joins it.
const NO_GROUP: &str = "anywire-replies";

type Replies = OffThread<StreamConsumer<OfReplies>>;

pub(super) struct Client {
    options: KafkaConnect,
    producer: Arc<Producer>,
    shared: Arc<Shared>,
    admin: OnceLock<Arc<Admin>>,
    /// The topics that are known to be there.
    topics: Mutex<HashSet<String>>,
    /// Where the replies of an operation come, by its topic.
    returns: Mutex<HashMap<&'static str, Arc<OnceCell<Place>>>>,
    /// Made with the first call: who only publishes needs none.
    replies: Mutex<Option<Arc<Replies>>>,
    /// Held by who adds a topic to what is read.
    adding: Arc<Mutex<()>>,
    tasks: Mutex<JoinSet<()>>,
    closing: watch::Sender<bool>,
}

/// What the tasks of a client know of it.
struct Shared {
    calls: Arc<SharedCalls>,
    state: watch::Sender<ConnectionState>,
    /// In front of the id of each call: others read the same replies.
    name: [u8; 16],
}

/// Where replies come.
#[derive(Debug)]
struct Place {
    topic: String,
    /// Its number, as text.
    partition: String,
}

impl Client {
    pub(super) async fn connect(options: KafkaConnect) -> Result<Self, TransportError> {
        let health = Arc::new(Health::default());
        let producer = Producer::connect(&options, Arc::clone(&health)).await?;
        let shared = Arc::new(Shared {
            calls: SharedCalls::new(options.limits.max_calls),
            state: watch::Sender::new(ConnectionState::Connected),
            name: hexadecimal(fastrand::u64(..)),
        });
        let (closing, _) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(keep(
            Arc::clone(&shared),
            Arc::clone(&producer),
            health,
            options.clone(),
            closing.subscribe(),
        ));
        Ok(Self {
            options,
            producer,
            shared,
            admin: OnceLock::new(),
            topics: Mutex::default(),
            returns: Mutex::default(),
            replies: Mutex::default(),
            adding: Arc::default(),
            tasks: Mutex::new(tasks),
            closing,
        })
    }

    pub(super) fn options(&self) -> &KafkaConnect {
        &self.options
    }

    pub(super) fn state(&self) -> ConnectionState {
        *self.shared.state.borrow()
    }

    pub(super) async fn until(&self, wanted: ConnectionState) {
        reached(self.shared.state.subscribe(), wanted).await;
    }

    pub(super) fn start(self: &Arc<Self>, request: Request) -> Pending {
        match self.state() {
            ConnectionState::Connected => {}
            ConnectionState::Reconnecting => {
                return Pending::Refused(self.options.unreachable("the connection is lost"));
            }
            ConnectionState::Closed => return Pending::Refused(TransportError::Closed),
        }
        if let Err(error) = one_value(&request) {
            return Pending::Refused(error);
        }
        if request.meta.kind == OperationKind::Message {
            self.call(request)
        } else {
            self.publish(request)
        }
    }

    fn call(self: &Arc<Self>, request: Request) -> Pending {
        let topic = match message::topic_of(request.meta) {
            Ok(topic) => topic,
            Err(error) => return Pending::Refused(error),
        };
        let cell = Arc::clone(lock(&self.returns).entry(topic).or_default());
        match cell.get() {
            Some(place) => self.call_with(&request, place),
            None => {
                let client = Arc::clone(self);
                Pending::boxed(async move {
                    let place = cell
                        .get_or_try_init(|| client.prepare(request.meta, topic))
                        .await?;
                    client.call_with(&request, place).await
                })
            }
        }
    }

    /// Sends a request whose replies can come.
    fn call_with(&self, request: &Request, place: &Place) -> Pending {
        let (id, pending) = match self.shared.calls.begin(request) {
            Ok(begun) => begun,
            Err(error) => return Pending::Refused(error),
        };
        let back = Back {
            correlation_id: &self.shared.correlation_id(id, request.meta),
            topic: &place.topic,
            partition: &place.partition,
        };
        let report = Report::Call(Arc::clone(&self.shared.calls), id);
        match self.send(request, Some(back), report) {
            Ok(()) => pending,
            Err(error) => {
                self.shared.calls.remove(id);
                Pending::Refused(error)
            }
        }
    }

    fn publish(self: &Arc<Self>, request: Request) -> Pending {
        let topic = match message::topic(&request) {
            Ok(topic) => self.options.named(topic),
            Err(error) => return Pending::Refused(error),
        };
        if !self.options.creates_topics || lock(&self.topics).contains(&*topic) {
            return self.publish_now(&request);
        }
        let (client, topic) = (Arc::clone(self), topic.into_owned());
        Pending::boxed(async move {
            if client.admin()?.create(&[&topic]).await {
                lock(&client.topics).insert(topic);
            }
            client.publish_now(&request).await
        })
    }

    /// Sends to a topic that is there. The broker's confirmation is the reply.
    fn publish_now(&self, request: &Request) -> Pending {
        let (confirmed, confirmation) = oneshot::channel();
        match self.send(request, None, Report::Publisher(confirmed)) {
            Ok(()) => Pending::Slot(confirmation),
            Err(error) => Pending::Refused(error),
        }
    }

    fn send(
        &self,
        request: &Request,
        back: Option<Back<'_>>,
        report: Report,
    ) -> Result<(), TransportError> {
        let topic = self.options.named(message::topic(request)?);
        let outgoing = Outgoing {
            topic: &topic,
            partition: None,
            key: request.key.as_deref(),
            value: value::to_kafka(&request.payload),
            headers: message::request_headers(&request.headers, back)?,
        };
        self.producer
            .send(outgoing, report)
            .map_err(|(error, _)| error)
    }

    /// Prepares for the replies of an operation, so that the first one is not
    /// lost: its reply topic is there, and is read from where it ends now.
    async fn prepare(&self, meta: &'static Meta, topic: &str) -> Result<Place, TransportError> {
        let topic = self.options.named(topic).into_owned();
        let timeout = self.options.connect_timeout;
        let replies = self.replies()?;
        let (consumer, of) = (Arc::clone(&replies), topic.clone());
        let found = blocking(move || topics::partitions(&**consumer, &of, timeout)).await;
        if self.failed(found)?.is_none() {
            tracing::debug!(topic, operation = meta.name, "there is no such topic");
            return Err(TransportError::NoHandler);
        }
        let of_replies = message::replies(&topic);
        let (consumer, of) = (Arc::clone(&replies), of_replies.clone());
        let found = blocking(move || topics::partitions(&**consumer, &of, timeout)).await;
        if self.options.creates_topics && self.failed(found)?.is_none() {
            self.admin()?.create(&[&of_replies]).await;
        }
        let (of, adding) = (of_replies.clone(), Arc::clone(&self.adding));
        let partition = blocking(move || read_from_now(&replies, &of, timeout, &adding)).await;
        Ok(Place {
            partition: self.failed(partition)?.to_string(),
            topic: of_replies,
        })
    }

    fn failed<T>(&self, result: Result<T, KafkaError>) -> Result<T, TransportError> {
        result.map_err(|error| self.options.unreachable(error.to_string()))
    }

    fn admin(&self) -> Result<&Arc<Admin>, TransportError> {
        if let Some(admin) = self.admin.get() {
            return Ok(admin);
        }
        let admin = Admin::new(&self.options)?;
        Ok(self.admin.get_or_init(|| admin))
    }

    /// The consumer of replies, which is made when it is first needed.
    fn replies(&self) -> Result<Arc<Replies>, TransportError> {
        let mut replies = lock(&self.replies);
        if let Some(replies) = &*replies {
            return Ok(Arc::clone(replies));
        }
        if *self.closing.borrow() {
            return Err(TransportError::Closed);
        }
        let consumer = self
            .options
            .consumer(&self.options.named(NO_GROUP))
            .create_with_context(OfReplies)
            .map_err(|error| refused_options(&error))?;
        let consumer = Arc::new(OffThread::new(consumer));
        *replies = Some(Arc::clone(&consumer));
        lock(&self.tasks).spawn(receive(
            Arc::clone(&consumer),
            Arc::clone(&self.shared),
            self.closing.subscribe(),
        ));
        Ok(consumer)
    }

    pub(super) async fn close(&self) {
        self.producer.flush().await;
        self.closing.send_replace(true);
        let mut tasks = std::mem::take(&mut *lock(&self.tasks));
        // They do not panic, and nobody else cancels them.
        while tasks.join_next().await.is_some() {}
        let replies = lock(&self.replies).take();
        if let Some(replies) = replies.and_then(Arc::into_inner) {
            replies.close().await;
        }
    }
}

/// Its tasks end with it: who still waits for a reply is told that none will come.
impl Drop for Client {
    fn drop(&mut self) {
        self.shared.calls.clear();
    }
}

/// Begins to read a partition of a topic of replies where it ends now, and says
/// which. Blocks.
fn read_from_now(
    replies: &Replies,
    topic: &str,
    timeout: Duration,
    adding: &Mutex<()>,
) -> Result<i32, KafkaError> {
    let count = topics::partitions_when_there(&**replies, topic, timeout)?;
    // Those who read the same partition read each other's replies.
    let partition = fastrand::i32(0..count);
    let (_, end) = topics::ask(timeout, || {
        replies.fetch_watermarks(topic, partition, timeout)
    })?;
    let mut list = TopicPartitionList::new();
    list.add_partition_offset(topic, partition, Offset::Offset(end))?;
    let _one_at_a_time = lock(adding);
    // A call that was given up meanwhile has gone on here until it was read.
    if let Some(read) = replies.assignment()?.elements_for_topic(topic).first() {
        return Ok(read.partition());
    }
    replies.incremental_assign(&list)?;
    Ok(partition)
}

/// Keeps the time of calls, and watches the connection, until the client is closed or dropped.
async fn keep(
    shared: Arc<Shared>,
    producer: Arc<Producer>,
    health: Arc<Health>,
    options: KafkaConnect,
    mut closing: watch::Receiver<bool>,
) {
    tokio::select! {
        () = shared.calls.keep_time() => {}
        () = watch_connection(&shared, producer, &health, &options) => {}
        // An error means that the last handle is gone.
        _ = closing.wait_for(|closing| *closing) => {}
    }
    shared.state.send_replace(ConnectionState::Closed);
    shared.calls.clear();
}

/// Says when the connection is lost, and when it is there again. Never returns.
async fn watch_connection(
    shared: &Shared,
    producer: Arc<Producer>,
    health: &Health,
    options: &KafkaConnect,
) {
    let is_answered = || {
        let producer = Arc::clone(&producer);
        blocking(move || producer.is_answered(SIGN_OF_LIFE))
    };
    loop {
        health.lost().await;
        // The broker may only have closed what was idle.
        for attempt in 0.. {
            if is_answered().await {
                break;
            }
            shared.state.send_replace(ConnectionState::Reconnecting);
            shared.calls.clear();
            tokio::time::sleep(options.retries().pause(attempt)).await;
        }
        shared.state.send_replace(ConnectionState::Connected);
    }
}

/// Hands replies to their calls until the client is closed or dropped.
async fn receive(replies: Arc<Replies>, shared: Arc<Shared>, mut closing: watch::Receiver<bool>) {
    let receive = async {
        let mut messages = replies.stream();
        while let Some(message) = messages.next().await {
            match message {
                Ok(message) => shared.take(&message),
                Err(error) => tracing::debug!(%error, "Kafka"),
            }
            // Its caller asks for the next thing now, which the broker then has
            // while other replies are still being read.
            give_way().await;
        }
    };
    tokio::select! {
        () = receive => {}
        // An error means that the last handle is gone.
        _ = closing.wait_for(|closing| *closing) => {}
    }
}

/// Lets those run who are ready to. Unlike tokio's own, it does not look for news
/// from outside as well.
async fn give_way() {
    let mut has_given_way = false;
    poll_fn(|cx| {
        if has_given_way {
            return Poll::Ready(());
        }
        has_given_way = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl Shared {
    /// The id that a reply comes back with: whose it is, whether it is text, and
    /// which call's.
    fn correlation_id(&self, id: CallId, meta: &Meta) -> [u8; 33] {
        let mut text = [0; 33];
        text[..16].copy_from_slice(&self.name);
        text[16] = if meta.response_is_text { b't' } else { b'j' };
        text[17..].copy_from_slice(&id.text());
        text
    }

    /// What a correlation id says, if it is ours: the call, and whether its reply is text.
    fn parse(&self, correlation_id: &[u8]) -> Option<(CallId, bool)> {
        let rest = correlation_id.strip_prefix(&self.name)?;
        match rest {
            [b't', id @ ..] => Some((CallId::parse(id)?, true)),
            [b'j', id @ ..] => Some((CallId::parse(id)?, false)),
            _ => None,
        }
    }

    fn take(&self, message: &BorrowedMessage<'_>) {
        let Some(headers) = ReplyHeaders::read(message) else {
            return;
        };
        let Some((id, is_text)) = self.parse(headers.correlation_id) else {
            return;
        };
        let value = message.payload();
        let response = value::from_kafka(value, is_text);
        // The end alone: what has no value and is the last.
        let is_value = headers.err.is_none() && !(value.is_none() && headers.is_disposed);
        let packet = ReplyPacket {
            id: None,
            response: is_value.then_some(&response[..]),
            err: headers.err.as_deref(),
            is_disposed: headers.is_disposed,
        };
        self.calls.answer_to(id, &packet, &response);
    }
}

/// The context of the consumer of replies.
struct OfReplies;

impl ClientContext for OfReplies {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        health::log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(%error, reason, "Kafka");
    }
}

impl ConsumerContext for OfReplies {}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // No code that can panic leaves it half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
