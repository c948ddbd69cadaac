//! The subscriber's side: a consumer for each event.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use async_nats::{
    Message, StatusCode, Subject, Subscriber,
    jetstream::{
        self, AckKind, Context,
        consumer::{AckPolicy, DeliverPolicy, PullConsumer, pull},
        stream::Info,
    },
    message::OutboundMessage,
};
use futures_util::{FutureExt as _, StreamExt as _, future::join_all};
use tokio::time::MissedTickBehavior;

use super::{
    connect::Options,
    message::{self, refused},
    stream::{self, named},
};
use crate::{
    BoxError, Meta, Routes, Serve, Stop, TransportError,
    backoff::Backoff,
    delivery::{Deliveries, MAX_CONCURRENT, Outcome},
    service::BoxService,
    transport::{
        ConnectionState,
        nats::{connection::Connection, message::subscription, server::group},
    },
};

/// For how long events are asked for at a time. A subscriber that stops waits
/// for the end of that, so that none is on its way to nobody.
const ASKS_FOR: Duration = Duration::from_secs(1);

/// By then NATS has said that the time is over, or will not.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long NATS keeps the place of a subscriber without a group that is not there.
const KEEPS_PLACE: Duration = Duration::from_secs(5 * 60);

/// How long one question about streams and consumers may take.
const API_TIMEOUT: Duration = Duration::from_secs(5);

/// Makes a consumer for every event, or finds it.
pub(super) async fn bind(
    connection: Connection,
    options: &Options,
    routes: Routes,
    service: BoxService,
) -> Result<JetStreamServe, BoxError> {
    let mut context = jetstream::new(connection.client().clone());
    context.set_timeout(API_TIMEOUT);
    let mut pulls = Vec::new();
    for (operation, meta) in routes.operations.iter().enumerate() {
        let inbox = connection.client().new_inbox();
        let mut pull = Pull {
            operation,
            meta,
            group: group(&routes, meta, &options.queue),
            options: options.clone(),
            context: context.clone(),
            messages: connection.client().subscribe(inbox.clone()).await?,
            inbox: inbox.into(),
            connection: connection.clone(),
            place: None,
            is_open: false,
            asked: 0,
            failures: 0,
            look_again: None,
            held: HashMap::new(),
        };
        pull.open().await?;
        pulls.push(pull);
    }
    Ok(JetStreamServe { pulls, service })
}

pub(super) struct JetStreamServe {
    pulls: Vec<Pull>,
    service: BoxService,
}

impl Serve for JetStreamServe {
    async fn serve(self, stop: Stop) {
        let pulls = self.pulls.into_iter();
        join_all(pulls.map(|pull| pull.run(self.service.clone(), stop.clone()))).await;
    }
}

/// One event of which we ask for as many as we have room for.
struct Pull {
    operation: usize,
    meta: &'static Meta,
    group: Option<String>,
    options: Options,
    connection: Connection,
    context: Context,
    /// Where events come, and NATS's word on what was asked for.
    inbox: Subject,
    messages: Subscriber,
    place: Option<Place>,
    /// Whether the consumer is there, as far as we know.
    is_open: bool,
    /// How many events NATS may send us.
    asked: usize,
    /// How often asking has failed in a row.
    failures: u32,
    /// When to ask again at the latest, whatever was asked for.
    look_again: Option<Instant>,
    /// By their numbers in the stream, the subjects to answer events that are being handled.
    held: HashMap<u64, Subject>,
}

/// Where in which stream we are.
struct Place {
    stream: Info,
    consumer: PullConsumer,
    /// The number of the last event that we have seen.
    last: u64,
}

impl Pull {
    async fn run(mut self, service: BoxService, mut stop: Stop) {
        let mut deliveries = Deliveries::new(service);
        let mut is_stopping = false;
        let mut signs_of_life = tokio::time::interval(self.ack_wait() / 3);
        signs_of_life.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let state = self.connection.state();
            is_stopping |= state == ConnectionState::Closed;
            let is_connected = state == ConnectionState::Connected;
            if !is_connected {
                // What was asked for is gone with the connection.
                self.forget();
            } else if !is_stopping {
                self.ask().await;
            }
            if is_stopping && self.asked == 0 && self.held.is_empty() {
                break;
            }
            let look_again = self.look_again;
            tokio::select! {
                Some(message) = self.messages.next(), if deliveries.has_room() => {
                    self.take(message, &mut deliveries).await;
                }
                Some((number, outcome)) = deliveries.ended() => self.settle(number, outcome).await,
                _ = signs_of_life.tick(), if is_connected => self.show_life().await,
                () = until(look_again), if look_again.is_some() => self.forget(),
                () = self.connection.until(ConnectionState::Reconnecting), if is_connected => {}
                () = self.connection.until(ConnectionState::Connected), if !is_connected && !is_stopping => {}
                () = stop.requested(), if !is_stopping => is_stopping = true,
            }
        }
        self.leave().await;
    }

    fn ack_wait(&self) -> Duration {
        let consumer = self.place.as_ref().map(|place| &place.consumer);
        let wait = consumer.map(|consumer| consumer.cached_info().config.ack_wait);
        wait.filter(|wait| !wait.is_zero())
            .unwrap_or(self.options.ack_wait)
            .max(Duration::from_millis(30))
    }

    /// Makes the consumer, or finds it.
    async fn open(&mut self) -> Result<(), TransportError> {
        let stream = stream::of(&self.context, &self.options, self.meta).await?;
        let begin = match &self.place {
            // Ours is gone, and another would begin with what comes next.
            Some(before) if before.stream.created == stream.created => {
                DeliverPolicy::ByStartSequence {
                    start_sequence: before.last + 1,
                }
            }
            // All of a stream that is newer than we are is new to us.
            Some(_) => DeliverPolicy::All,
            None if self.options.from_start => DeliverPolicy::All,
            None => DeliverPolicy::New,
        };
        let consumer = self.consumer(&stream.config.name, begin).await?;
        let last = consumer.cached_info().delivered.stream_sequence;
        self.place = Some(Place {
            stream,
            consumer,
            last,
        });
        self.is_open = true;
        Ok(())
    }

    async fn consumer(
        &self,
        stream: &str,
        begin: DeliverPolicy,
    ) -> Result<PullConsumer, TransportError> {
        let subject = subscription(self.meta)?;
        let name = self
            .group
            .as_ref()
            .map(|group| named(&format!("{group}-{subject}")));
        let config = pull::Config {
            durable_name: name.clone(),
            deliver_policy: begin,
            ack_policy: AckPolicy::Explicit,
            ack_wait: self.options.ack_wait,
            max_ack_pending: self.options.max_ack_pending.into(),
            filter_subject: subject.clone(),
            inactive_threshold: match name {
                Some(_) => Duration::ZERO,
                None => KEEPS_PLACE,
            },
            ..pull::Config::default()
        };
        let stream = self.context.get_stream_no_info(stream).await;
        let stream = stream.map_err(refused)?;
        let consumer = match &name {
            Some(name) => stream.get_or_create_consumer(name, config).await,
            None => stream.create_consumer(config).await,
        };
        let consumer = consumer.map_err(refused)?;
        let found = &consumer.cached_info().config.filter_subject;
        if *found != subject {
            return Err(TransportError::NotCarried(format!(
                "the consumer {} takes {found:?}, not {subject:?}",
                consumer.cached_info().name
            )));
        }
        Ok(consumer)
    }

    /// Asks for as many events as there is room for, unless most of that is on its way.
    async fn ask(&mut self) {
        let wanted = MAX_CONCURRENT.saturating_sub(self.held.len() + self.asked);
        let rests = self.asked == 0 && self.failures > 0 && self.look_again.is_some();
        if wanted <= self.asked || rests {
            return;
        }
        if !self.is_open
            && let Err(error) = self.open().await
        {
            tracing::warn!(event = self.meta.name, %error, "there is no consumer");
            return self.rest();
        }
        let Some(place) = &self.place else { return };
        let batch = pull::BatchConfig {
            batch: wanted,
            expires: Some(ASKS_FOR),
            ..pull::BatchConfig::default()
        };
        match place
            .consumer
            .request_batch(batch, self.inbox.clone())
            .await
        {
            Ok(()) => {
                self.asked += wanted;
                self.look_again = Instant::now().checked_add(PATIENCE);
            }
            Err(error) => {
                tracing::warn!(event = self.meta.name, %error, "events cannot be asked for");
                self.rest();
            }
        }
    }

    /// Asks again, whatever was asked for.
    fn forget(&mut self) {
        self.asked = 0;
        self.look_again = None;
    }

    /// Asks again after a pause.
    fn rest(&mut self) {
        self.asked = 0;
        self.look_again = Instant::now().checked_add(Backoff::default().pause(self.failures));
        self.failures = self.failures.saturating_add(1);
    }

    async fn take(&mut self, message: Message, deliveries: &mut Deliveries<u64>) {
        match (message.status, message.reply.as_deref().and_then(number)) {
            (None | Some(StatusCode::OK), Some(number)) => {
                self.begin(number, message, deliveries).await;
            }
            (Some(status), None) => self.heed(status, &message),
            // Nothing of JetStream's.
            _ => {}
        }
    }

    /// Has an event handled.
    async fn begin(&mut self, number: u64, message: Message, deliveries: &mut Deliveries<u64>) {
        self.asked = self.asked.saturating_sub(1);
        self.failures = 0;
        if let Some(place) = &mut self.place {
            place.last = place.last.max(number);
        }
        let Some(reply) = message.reply.clone() else {
            return;
        };
        if self.held.contains_key(&number) {
            // It comes again because NATS has missed a sign of life.
            return self.answer(reply, AckKind::Progress).await;
        }
        let Some(mut request) = message::read_event(self.meta, &message) else {
            tracing::error!(subject = %message.subject, number, "an event is not JSON, and given up");
            return self.answer(reply, AckKind::Term).await;
        };
        request.operation = self.operation;
        self.held.insert(number, reply);
        deliveries.deliver(request, number);
    }

    /// Takes NATS's word on what was asked for.
    fn heed(&mut self, status: StatusCode, message: &Message) {
        let reason = message.description.as_deref().unwrap_or_default();
        if status == StatusCode::TIMEOUT {
            let headers = message.headers.as_ref();
            let left = headers.and_then(|headers| headers.get("Nats-Pending-Messages"));
            let left = left.and_then(|left| left.as_str().parse().ok());
            self.asked = self.asked.saturating_sub(left.unwrap_or(self.asked));
            self.failures = 0;
            return;
        }
        tracing::warn!(event = self.meta.name, %status, reason, "JetStream has no events for us");
        if status == StatusCode::NO_RESPONDERS || reason == "Consumer Deleted" {
            self.is_open = false;
        }
        self.rest();
    }

    async fn settle(&mut self, number: u64, outcome: Outcome) {
        let kind = match outcome {
            Outcome::Handled => AckKind::Ack,
            Outcome::GivenUp => AckKind::Term,
        };
        if let Some(reply) = self.held.remove(&number) {
            self.answer(reply, kind).await;
        }
    }

    /// Tells NATS that we are at it.
    async fn show_life(&self) {
        for reply in self.held.values() {
            self.answer(reply.clone(), AckKind::Progress).await;
        }
    }

    async fn answer(&self, to: Subject, kind: AckKind) {
        let answer = OutboundMessage {
            subject: to,
            reply: None,
            headers: None,
            payload: kind.into(),
        };
        // An error means that the connection is closed: the event comes again.
        let _ = self.connection.send(answer).await;
    }

    /// Gives back what was not begun, and the place that nobody can take over.
    async fn leave(mut self) {
        while let Some(Some(message)) = self.messages.next().now_or_never() {
            if let (None, Some(reply)) = (message.status, message.reply) {
                self.answer(reply, AckKind::Nak(None)).await;
            }
        }
        self.connection.flush().await;
        if self.group.is_none()
            && self.connection.state() == ConnectionState::Connected
            && let Some(place) = &self.place
        {
            let (stream, consumer) = (&place.stream.config.name, place.consumer.cached_info());
            let context = &self.context;
            // It goes by itself, if later.
            let _ = context
                .delete_consumer_from_stream(&consumer.name, stream)
                .await;
        }
    }
}

/// The number of an event in its stream, which is in the subject for answers:
/// `$JS.ACK.STREAM.CONSUMER.DELIVERIES.NUMBER.…`, or with a domain and an
/// account in front of the stream.
fn number(reply: &str) -> Option<u64> {
    let mut parts = reply.strip_prefix("$JS.ACK.")?.split('.');
    let at = if parts.clone().count() == 7 { 3 } else { 5 };
    parts.nth(at)?.parse().ok()
}

async fn until(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time.into()).await,
        None => std::future::pending().await,
    }
}
