//! Over lapin: a queue, direct reply-to, requests that are acknowledged one by one.

use std::{convert::Infallible, sync::Arc};

use futures::{StreamExt as _, TryStreamExt as _};
use lapin::{
    BasicProperties, Channel, Connection, ConnectionProperties, Consumer,
    message::Delivery,
    options::{
        BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions,
        QueueDeclareOptions,
    },
    types::{FieldTable, ShortString},
};

use super::{Calls, Driving, LOST, measure, packet};
use crate::{BoxError, load::Load};

const QUEUE: &str = "bench.v1.ByHand";

/// What stands for the way back to whoever publishes.
const REPLY_TO: &str = "amq.rabbitmq.reply-to";

/// As many messages as anywire's server has delivered to it.
const PREFETCH: u16 = 1024;

pub(super) async fn serve(at: &str, ready: impl FnOnce()) -> Result<(), BoxError> {
    let connection = Connection::connect(at, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    let replies = connection.create_channel().await?;
    let durable = QueueDeclareOptions {
        durable: true,
        ..QueueDeclareOptions::default()
    };
    channel
        .queue_declare(QUEUE.into(), durable, FieldTable::default())
        .await?;
    channel
        .basic_qos(PREFETCH, BasicQosOptions::default())
        .await?;
    let requests = consume(&channel, QUEUE, false).await?;
    ready();
    // What the library does for one request is not waited for before the next.
    requests
        .map_err(BoxError::from)
        .try_for_each_concurrent(None, |request| answer(&replies, request))
        .await?;
    Err(LOST.into())
}

async fn answer(replies: &Channel, request: Delivery) -> Result<(), BoxError> {
    request.ack(BasicAckOptions::default()).await?;
    let reply = packet::answer(&request.data, false)?;
    let mut properties = BasicProperties::default();
    if let Some(of) = request.properties.correlation_id() {
        properties = properties.with_correlation_id(of.clone());
    }
    let to = request.properties.reply_to().clone();
    replies
        .basic_publish(
            ShortString::default(),
            to.ok_or("nobody wants an answer")?,
            BasicPublishOptions::default(),
            &reply,
            properties,
        )
        .await?;
    Ok(())
}

pub(super) async fn load(at: &str, load: Load) -> Result<Infallible, BoxError> {
    let connection = Connection::connect(at, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    let replies = consume(&channel, REPLY_TO, true).await?;
    let calls = Arc::new(Calls::default());
    let mut driving = Driving::new();
    driving.spawn(receive(replies, Arc::clone(&calls)));
    let making = load.run(move |id| {
        let (call, user) = calls.begin();
        let channel = channel.clone();
        async move {
            let call = packet::text("", call);
            let request = packet::request(&call, id)?;
            publish(&channel, &call, &request).await?;
            user.await?.checked()
        }
    });
    measure(making, driving).await
}

/// Hands replies to their calls.
async fn receive(mut replies: Consumer, calls: Arc<Calls>) -> Result<Infallible, BoxError> {
    while let Some(reply) = replies.next().await {
        let reply = reply?;
        let call = reply.properties.correlation_id().as_ref();
        let call = packet::number("", call.ok_or("a reply to nobody")?.as_str())?;
        let (user, _) = packet::read(&reply.data)?;
        calls.answer(call.ok_or("a reply to nobody")?, user);
    }
    Err(LOST.into())
}

/// Publishes a request, which comes back if no queue takes it.
async fn publish(channel: &Channel, call: &str, request: &[u8]) -> Result<(), BoxError> {
    let options = BasicPublishOptions {
        mandatory: true,
        ..BasicPublishOptions::default()
    };
    let properties = BasicProperties::default()
        .with_delivery_mode(1)
        .with_reply_to(REPLY_TO.into())
        .with_correlation_id(call.into());
    channel
        .basic_publish(
            ShortString::default(),
            QUEUE.into(),
            options,
            request,
            properties,
        )
        .await?;
    Ok(())
}

async fn consume(channel: &Channel, queue: &str, no_ack: bool) -> Result<Consumer, BoxError> {
    let options = BasicConsumeOptions {
        no_ack,
        ..BasicConsumeOptions::default()
    };
    Ok(channel
        .basic_consume(
            queue.into(),
            ShortString::default(),
            options,
            FieldTable::default(),
        )
        .await?)
}
