//! Over rdkafka: a group for the requests, a consumer that is in none for the
//! replies, and the options that anywire sets.

use std::{convert::Infallible, sync::Arc, time::Duration};

use futures::StreamExt as _;
use rdkafka::{
    ClientConfig, Message as _, Offset, TopicPartitionList,
    admin::{AdminClient, AdminOptions, NewTopic, TopicReplication},
    client::DefaultClientContext,
    consumer::{Consumer as _, StreamConsumer},
    message::{Header, Headers as _, OwnedHeaders},
    producer::{BaseRecord, DefaultProducerContext, ThreadedProducer},
};

use super::{
    Calls, Driving, LOST, User, measure,
    packet::{self, GetUser},
};
use crate::{BoxError, load::Load};

const REQUESTS: &str = "ask_user";
const REPLIES: &str = "ask_user.reply";

/// NestJS's headers.
const CORRELATION_ID: &str = "kafka_correlationId";
const REPLY_TOPIC: &str = "kafka_replyTopic";
const REPLY_PARTITION: &str = "kafka_replyPartition";
const IS_DISPOSED: &str = "kafka_nest-is-disposed";

const PATIENCE: Duration = Duration::from_secs(10);

type Producer = ThreadedProducer<DefaultProducerContext>;

pub(super) async fn serve(at: &str, ready: impl FnOnce()) -> Result<(), BoxError> {
    let admin: AdminClient<DefaultClientContext> = client(at).create()?;
    let topics = [REQUESTS, REPLIES].map(|name| NewTopic::new(name, 1, TopicReplication::Fixed(1)));
    for created in admin.create_topics(&topics, &AdminOptions::new()).await? {
        created.map_err(|(_, error)| error)?;
    }
    let requests: StreamConsumer = consumer(at, "bench.by_hand").create()?;
    requests.subscribe(&[REQUESTS])?;
    let producer = producer(at)?;
    ready();
    let mut requests = requests.stream();
    while let Some(request) = requests.next().await {
        let request = request?;
        let (mut id, mut topic, mut partition) = (None, None, None);
        for header in request.headers().ok_or("nobody wants an answer")?.iter() {
            match header.key {
                CORRELATION_ID => id = header.value,
                REPLY_TOPIC => topic = header.value,
                REPLY_PARTITION => partition = header.value,
                _ => {}
            }
        }
        let missing = "nobody wants an answer";
        let partition = str::from_utf8(partition.ok_or(missing)?)?.parse()?;
        let GetUser { id: of } = serde_json::from_slice(request.payload().unwrap_or_default())?;
        let headers = OwnedHeaders::new_with_capacity(2);
        let headers = with(headers, CORRELATION_ID, id.ok_or(missing)?);
        let headers = with(headers, IS_DISPOSED, &[0]);
        let reply = serde_json::to_vec(&User::find(of))?;
        let reply = BaseRecord::<(), [u8]>::to(str::from_utf8(topic.ok_or(missing)?)?)
            .partition(partition)
            .payload(&reply)
            .headers(headers);
        producer.send(reply).map_err(|(error, _)| error)?;
    }
    Err(LOST.into())
}

pub(super) async fn load(at: &str, load: Load) -> Result<Infallible, BoxError> {
    let replies: StreamConsumer = consumer(at, "bench.by_hand.replies").create()?;
    // The replies of earlier measurements are nobody's.
    let (_, end) = replies.fetch_watermarks(REPLIES, 0, PATIENCE)?;
    let mut from = TopicPartitionList::new();
    from.add_partition_offset(REPLIES, 0, Offset::Offset(end))?;
    replies.assign(&from)?;
    let calls = Arc::new(Calls::named(17));
    let mut driving = Driving::new();
    driving.spawn(receive(replies, Arc::clone(&calls)));
    let producer = producer(at)?;
    let making = load.run(move |id| {
        let (call, user) = calls.begin();
        let call = packet::text(&calls.client, call);
        let producer = producer.clone();
        async move {
            request(&producer, &call, id)?;
            user.await?.checked()
        }
    });
    measure(making, driving).await
}

/// Hands replies to their calls.
async fn receive(replies: StreamConsumer, calls: Arc<Calls>) -> Result<Infallible, BoxError> {
    let mut replies = replies.stream();
    while let Some(reply) = replies.next().await {
        let reply = reply?;
        let mut headers = reply.headers().ok_or("a reply to nobody")?.iter();
        let call = headers.find(|header| header.key == CORRELATION_ID);
        let call = call.and_then(|header| header.value);
        let call = str::from_utf8(call.ok_or("a reply to nobody")?)?;
        let user = serde_json::from_slice(reply.payload().unwrap_or_default())?;
        if let Some(call) = packet::number(&calls.client, call)? {
            calls.answer(call, user);
        }
    }
    Err(LOST.into())
}

fn request(producer: &Producer, call: &str, id: u32) -> Result<(), BoxError> {
    let headers = OwnedHeaders::new_with_capacity(3);
    let headers = with(headers, CORRELATION_ID, call.as_bytes());
    let headers = with(headers, REPLY_TOPIC, REPLIES.as_bytes());
    let headers = with(headers, REPLY_PARTITION, b"0");
    let data = serde_json::to_vec(&GetUser { id })?;
    let request = BaseRecord::<(), [u8]>::to(REQUESTS)
        .payload(&data)
        .headers(headers);
    producer.send(request).map_err(|(error, _)| error)?;
    Ok(())
}

fn with(headers: OwnedHeaders, key: &str, value: &[u8]) -> OwnedHeaders {
    headers.insert(Header {
        key,
        value: Some(value),
    })
}

fn client(at: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", at)
        .set("socket.nagle.disable", "true");
    config
}

fn producer(at: &str) -> Result<Producer, BoxError> {
    let mut config = client(at);
    config
        .set("acks", "all")
        .set("enable.idempotence", "true")
        .set("linger.ms", "0")
        .set("sticky.partitioning.linger.ms", "0")
        .set("partitioner", "murmur2_random");
    Ok(config.create()?)
}

fn consumer(at: &str, group: &str) -> ClientConfig {
    let mut config = client(at);
    config
        .set("group.id", group)
        .set("fetch.wait.max.ms", "100")
        .set("auto.commit.interval.ms", "200")
        .set("auto.offset.reset", "earliest");
    config
}
