//! The server's side: one member of a consumer group for each binding.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{FutureExt as _, StreamExt as _};
use rdkafka::{
    Message as _, Timestamp, TopicPartitionList,
    consumer::{CommitMode, Consumer as _},
    error::KafkaResult,
    message::BorrowedMessage,
};
use tokio::{sync::oneshot, task::JoinSet, time::Instant};

use super::{
    KafkaConnect,
    answers::answer,
    consumer::{self, Change, Consumer, News},
    health::{Health, blocking},
    message::{self, Envelope, Return},
    offsets::{Offsets, Position, Taken},
    producer::Producer,
    topics::Admin,
    value,
};
use crate::{
    BoxError, Delivery, Meta, OperationKind, Request, Routes, Serve, Stop, TransportError,
    delivery::Deliveries, service::BoxService, transport::nest::handling::Handling,
    wire::nest::pattern,
};

/// What has been handled is committed after this time.
const COMMIT_AFTER: Duration = Duration::from_millis(200);

/// How long what is under way may hold up the rest of the group when partitions
/// change hands.
const HANDING_OVER: Duration = Duration::from_secs(5);

/// A member that stops handles what its partitions hold by then, if it is no
/// more than this; all else is for the rest of the group, or for later.
const LAST_MESSAGES: i64 = 1024;

/// Offsets may have no messages: after such a pause nothing more comes.
const LAST_PAUSE: Duration = Duration::from_secs(3);

/// How long it may take to join a group: its other members have to hand over.
const JOINING: Duration = Duration::from_secs(30);

/// How many messages are taken before all else gets its turn.
const MAX_TAKEN: usize = 64;

/// The pause before something here is looked at again.
const A_MOMENT: Duration = Duration::from_millis(10);

/// Joins the group, and returns when partitions are assigned.
pub(super) async fn bind(
    options: KafkaConnect,
    routes: Routes,
    service: BoxService,
) -> Result<KafkaServe, BoxError> {
    let operations = Operations::new(&options, &routes)?;
    let (group, is_own) = group(&options, &routes);
    let producer = Producer::connect(&options, Arc::new(Health::default())).await?;
    let admin = Admin::new(&options)?;
    if options.creates_topics {
        let names = operations.to_create();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        if !names.is_empty() {
            admin.create(&names).await;
        }
    }
    let has_wildcards = !operations.wildcards.is_empty();
    let (consumer, news) = consumer::consumer(&options, &group, has_wildcards)?;
    let has_topics = {
        let (consumer, names) = (Arc::clone(&consumer), operations.names());
        let (from_start, timeout) = (options.from_start, options.connect_timeout);
        let begun = blocking(move || consumer::begin(&consumer, &names, from_start, timeout)).await;
        begun.map_err(|error| options.unreachable(error.to_string()))?
    };
    let subscriptions = operations.subscriptions(&options.prefix);
    let subscriptions: Vec<_> = subscriptions.iter().map(String::as_str).collect();
    consumer.subscribe(&subscriptions)?;

    let (ready, is_ready) = oneshot::channel();
    let (begin, begun) = oneshot::channel();
    let member = Member {
        consumer,
        news,
        ready: Some(ready),
        timeout: options.connect_timeout,
        producer,
        offsets: Arc::default(),
        operations,
        handling: Handling::new(options.limits.max_in_flight),
        reply_topic: Arc::default(),
        stream_window: options.limits.stream_window,
        deliveries: Deliveries::new(service.clone()),
        service,
        commit_at: None,
    };
    let mut task = JoinSet::new();
    task.spawn(async move {
        member.run(begun).await;
        if is_own {
            admin.forget_group(&group).await;
        }
    });
    if !has_topics {
        // Those that come later are read from their beginnings.
        return Ok(KafkaServe { begin, task });
    }
    let joined = tokio::time::timeout(options.connect_timeout.max(JOINING), is_ready).await;
    if !matches!(joined, Ok(Ok(()))) {
        let reason = "the group was not joined in time";
        return Err(options.unreachable(reason).into());
    }
    Ok(KafkaServe { begin, task })
}

/// The group of a binding, and whether nobody else can know it.
fn group(options: &KafkaConnect, routes: &Routes) -> (String, bool) {
    let metas = routes.operations;
    let is_event = metas.iter().any(|meta| meta.kind == OperationKind::Event);
    let (group, is_own) = match (&routes.group, &options.group, metas.first()) {
        (Some(group), ..) => (group.clone(), false),
        // Every subscriber without a group gets every event.
        (None, _, Some(meta)) if is_event => {
            let random = fastrand::u64(..);
            (
                format!("{}.{}.{random:016x}", meta.package, meta.name),
                true,
            )
        }
        (None, Some(group), _) => (group.clone(), false),
        (None, None, Some(meta)) => (format!("{}.{}", meta.package, meta.service), false),
        (None, None, None) => (format!("anywire.{:016x}", fastrand::u64(..)), true),
    };
    (options.named(&group).into_owned(), is_own)
}

/// The operations by their topics.
struct Operations {
    exact: HashMap<String, Operation>,
    /// Those that have many topics, by their names with wildcards.
    wildcards: Vec<(String, Operation)>,
    prefix: usize,
}

#[derive(Clone, Copy)]
struct Operation {
    index: usize,
    meta: &'static Meta,
}

impl Operations {
    fn new(options: &KafkaConnect, routes: &Routes) -> Result<Self, TransportError> {
        let (mut exact, mut wildcards) = (HashMap::new(), Vec::new());
        for (index, &meta) in routes.operations.iter().enumerate() {
            let topic = message::topic_of(meta)?;
            let name = options.named(topic).into_owned();
            let operation = Operation { index, meta };
            if message::has_wildcards(topic) {
                wildcards.push((name, operation));
            } else {
                exact.insert(name, operation);
            }
        }
        Ok(Self {
            exact,
            wildcards,
            prefix: options.prefix.len(),
        })
    }

    /// The names of all topics, with their wildcards.
    fn names(&self) -> Vec<String> {
        let wildcards = self.wildcards.iter().map(|(name, _)| name);
        self.exact.keys().chain(wildcards).cloned().collect()
    }

    /// The topics that have to be there, with those of the replies: the first
    /// call of each client is the quicker.
    fn to_create(&self) -> Vec<String> {
        let answered = self.exact.iter();
        let answered = answered.filter(|(_, op)| op.meta.kind == OperationKind::Message);
        let replies = answered.map(|(name, _)| message::replies(name));
        self.exact.keys().cloned().chain(replies).collect()
    }

    /// What to subscribe to.
    fn subscriptions(&self, prefix: &str) -> Vec<String> {
        let wildcards = self
            .wildcards
            .iter()
            .map(|(name, _)| message::expression(prefix, &name[self.prefix..]));
        self.exact.keys().cloned().chain(wildcards).collect()
    }

    /// The operation of a topic, and the route where that is not the operation's own.
    fn find(&self, topic: &str) -> Option<(Operation, Option<String>)> {
        if let Some(operation) = self.exact.get(topic) {
            return Some((*operation, None));
        }
        let mut wildcards = self.wildcards.iter();
        let (_, operation) = wildcards.find(|(name, _)| pattern::fits(name, topic))?;
        Some((*operation, Some(topic[self.prefix..].to_owned())))
    }
}

/// A member of a group, whose messages are handled when it is served.
pub(super) struct KafkaServe {
    begin: oneshot::Sender<Stop>,
    task: JoinSet<()>,
}

impl Serve for KafkaServe {
    async fn serve(mut self, stop: Stop) {
        // An error means that the member has ended, which the next line finds out.
        let _ = self.begin.send(stop);
        self.task.join_next().await;
    }
}

/// What reads the messages of a member, from when it joins until it has left. It
/// takes part in the group's changes before it is served, but handles nothing.
struct Member {
    consumer: Arc<Consumer>,
    news: News,
    ready: Option<oneshot::Sender<()>>,
    timeout: Duration,
    producer: Arc<Producer>,
    offsets: Arc<Mutex<Offsets>>,
    operations: Operations,
    handling: Handling,
    /// Where the last reply went: most go to the same topic.
    reply_topic: Arc<str>,
    stream_window: usize,
    deliveries: Deliveries<Taken>,
    service: BoxService,
    commit_at: Option<Instant>,
}

impl Member {
    async fn run(mut self, begun: oneshot::Receiver<Stop>) {
        let Some(mut stop) = self.until_begun(begun).await else {
            return;
        };
        self.begin_serving();
        self.take_until(stop.requested()).await;
        self.take_the_last().await;
        self.finish().await;
    }

    /// Joins, and follows the group's changes, until it is served.
    async fn until_begun(&mut self, mut begun: oneshot::Receiver<Stop>) -> Option<Stop> {
        let consumer = Arc::clone(&self.consumer);
        loop {
            tokio::select! {
                biased;
                Some(change) = self.news.changes.recv() => self.change(change).await,
                stop = &mut begun => return stop.ok(),
                // All partitions are paused.
                message = consumer.recv() => if let Err(error) = message {
                    tracing::debug!(%error, "Kafka");
                },
            }
        }
    }

    fn begin_serving(&mut self) {
        self.consumer.context().begin_serving();
        let resumed = self
            .consumer
            .assignment()
            .and_then(|assigned| self.consumer.resume(&assigned));
        if let Err(error) = resumed {
            tracing::error!(%error, "Kafka does not go on with its partitions");
        }
    }

    /// Takes messages and has them handled, until something happens.
    async fn take_until(&mut self, end: impl Future<Output = ()>) {
        let consumer = Arc::clone(&self.consumer);
        let mut messages = consumer.stream();
        tokio::pin!(end);
        loop {
            let commit_at = self.commit_at();
            tokio::select! {
                biased;
                () = &mut end => return,
                Some(change) = self.news.changes.recv() => self.change(change).await,
                Some((taken, _)) = self.deliveries.ended() => lock(&self.offsets).settle(taken),
                Some(()) = self.handling.ended() => {}
                () = self.news.not_committed.notified() => lock(&self.offsets).commit_failed(),
                () = at(commit_at) => self.commit(),
                Some(message) = messages.next(), if self.has_room() => {
                    let now = Timestamp::now();
                    self.take(message, now).await;
                    // Those that came with it, without a look at all else for each.
                    for _ in 1..MAX_TAKEN {
                        if !self.has_room() {
                            break;
                        }
                        let Some(Some(message)) = messages.next().now_or_never() else {
                            break;
                        };
                        self.take(message, now).await;
                    }
                }
            }
        }
    }

    /// Takes what the library has handed out, and has it handled.
    async fn take(&mut self, message: KafkaResult<BorrowedMessage<'_>>, now: Timestamp) {
        // What the library told before that.
        while let Ok(change) = self.news.changes.try_recv() {
            self.change(change).await;
        }
        let work = match message {
            Ok(message) => self.read(&message, now),
            Err(error) => {
                tracing::debug!(%error, "Kafka");
                None
            }
        };
        if let Some(work) = work {
            self.handle(work).await;
        }
    }

    fn has_room(&self) -> bool {
        self.handling.has_room() && self.deliveries.has_room()
    }

    /// When to commit, if there is something to commit.
    fn commit_at(&mut self) -> Option<Instant> {
        if self.commit_at.is_none() && lock(&self.offsets).is_ahead() {
            self.commit_at = Some(Instant::now() + COMMIT_AFTER);
        }
        self.commit_at
    }

    fn commit(&mut self) {
        self.commit_at = None;
        let positions = self.committing();
        if !positions.is_empty() {
            consumer::commit(&self.consumer, &positions, CommitMode::Async);
        }
    }

    fn committing(&self) -> Vec<Position> {
        let mut offsets = lock(&self.offsets);
        let positions = offsets.to_commit();
        offsets.committing(&positions);
        positions
    }

    /// Commits all, and waits for it: a commit that is still on its way may fail.
    async fn commit_now(&mut self) {
        self.commit_at = None;
        let (consumer, positions) = (Arc::clone(&self.consumer), lock(&self.offsets).settled());
        if !positions.is_empty() {
            blocking(move || consumer::commit(&consumer, &positions, CommitMode::Sync)).await;
        }
    }

    async fn change(&mut self, change: Change) {
        match change {
            Change::Assigned(partitions) => self.assigned(partitions),
            Change::Revoked => self.revoked().await,
        }
    }

    fn assigned(&mut self, partitions: Vec<Position>) {
        lock(&self.offsets).assign(partitions);
        if let Some(ready) = self.ready.take() {
            // Nobody may be waiting any more.
            let _ = ready.send(());
        }
    }

    /// Gives up its partitions, with as little unfinished as can be: whoever has
    /// them next begins where this one has committed.
    async fn revoked(&mut self) {
        let end = Instant::now() + HANDING_OVER;
        let finish = async {
            while let Some((taken, _)) = self.deliveries.ended().await {
                lock(&self.offsets).settle(taken);
            }
            while self.handling.ended().await.is_some() {}
        };
        if tokio::time::timeout_at(end, finish).await.is_err() {
            // Requests go on, and their callers get their answers from here.
            lock(&self.offsets).settle_all_but_stored();
            // Events do not: the next owner begins with them.
            self.deliveries = Deliveries::new(self.service.clone());
        }
        self.commit_now().await;
        lock(&self.offsets).give_up();
        if let Err(error) = self.consumer.unassign() {
            tracing::warn!(%error, "Kafka does not let go of partitions");
        }
    }

    /// What a message asks for; nothing if it is not for us.
    fn read(&mut self, message: &BorrowedMessage<'_>, now: Timestamp) -> Option<Work> {
        let topic = message.topic();
        let (operation, route) = self.operations.find(topic)?;
        let meta = operation.meta;
        let is_stored = meta.delivery == Delivery::AtLeastOnce;
        let taken =
            lock(&self.offsets).take(topic, message.partition(), message.offset(), is_stored)?;
        let Envelope { back, headers } = Envelope::read(message, &mut self.reply_topic);
        // Anything else that is sent to a handler of messages is an event.
        let back = back.filter(|_| meta.kind == OperationKind::Message);
        if back.is_some() && message::is_stale(meta, message.timestamp(), now) {
            tracing::warn!(topic, "a request is left out whose caller has given up");
            lock(&self.offsets).settle(taken);
            return None;
        }
        let payload = value::from_kafka(message.payload(), meta.request_is_text);
        let mut request = Request::new(meta, payload);
        request.operation = operation.index;
        request.route = route;
        request.arrived_with(headers);
        if is_stored {
            let key = message.key().map(String::from_utf8_lossy);
            request.key = key.map(std::borrow::Cow::into_owned);
        }
        Some(Work {
            request,
            back,
            taken,
            is_stored,
        })
    }

    async fn handle(&mut self, work: Work) {
        let Work {
            request,
            back,
            taken,
            is_stored,
        } = work;
        if is_stored && back.is_none() {
            self.deliveries.deliver(request, taken);
            return;
        }
        let window = self.stream_window;
        let reply = self.service.handle(request);
        let (offsets, producer) = (Arc::clone(&self.offsets), Arc::clone(&self.producer));
        let done = move |reply| async move {
            if let Some(back) = back {
                answer(&producer, &back, reply, window).await;
            }
            lock(&offsets).settle(taken);
        };
        self.handling.run(reply, done).await;
    }

    /// Takes what its partitions hold already, unless that is a lot.
    async fn take_the_last(&mut self) {
        let partitions = lock(&self.offsets).partitions();
        if partitions.is_empty() {
            return;
        }
        let (consumer, timeout) = (Arc::clone(&self.consumer), self.timeout);
        let asked = blocking(move || {
            let mut all = TopicPartitionList::new();
            for (topic, partition) in &partitions {
                all.add_partition(topic, *partition);
            }
            let committed = consumer::committed(&consumer, &all, timeout)?;
            let ends = consumer::ends(&consumer, all, timeout)?;
            KafkaResult::Ok((committed, ends))
        });
        let Ok((committed, ends)) = asked.await else {
            return;
        };
        lock(&self.offsets).begin_at(committed);
        let (mut fewest, mut end) = (i64::MAX, Instant::now());
        loop {
            let left = lock(&self.offsets).left_until(&ends);
            if left < fewest {
                (fewest, end) = (left, Instant::now() + LAST_PAUSE);
            }
            if !(1..=LAST_MESSAGES).contains(&left) || Instant::now() >= end {
                return;
            }
            self.take_until(tokio::time::sleep(A_MOMENT)).await;
        }
    }

    /// Finishes what it has taken, and leaves.
    async fn finish(mut self) {
        while let Some((taken, _)) = self.deliveries.ended().await {
            lock(&self.offsets).settle(taken);
        }
        while self.handling.ended().await.is_some() {}
        self.commit_now().await;
        self.producer.flush().await;
        // Nobody reads on: the library gives the partitions up itself.
        drop(self.news);
        if let Some(consumer) = Arc::into_inner(self.consumer) {
            consumer.close().await;
        }
    }
}

/// A message to be handled.
struct Work {
    request: Request,
    back: Option<Return>,
    taken: Taken,
    is_stored: bool,
}

/// Waits for a time; without one for ever.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}

fn lock(offsets: &Mutex<Offsets>) -> MutexGuard<'_, Offsets> {
    // No code that can panic leaves them half changed.
    offsets.lock().unwrap_or_else(PoisonError::into_inner)
}
