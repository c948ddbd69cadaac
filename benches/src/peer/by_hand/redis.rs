//! Over the library redis: one connection to hear and one to publish on each
//! side, and what has gathered is published in one piece.

use std::{convert::Infallible, sync::Arc};

use futures::StreamExt as _;
use redis::{
    IntoConnectionInfo as _,
    aio::{MultiplexedConnection, PubSub},
    io::tcp::TcpSettings,
};
use tokio::sync::mpsc;

use super::{
    Calls, Driving, LOST, failure, measure,
    packet::{self, ROUTE},
};
use crate::{BoxError, load::Load};

/// NestJS's channel of the replies.
const REPLIES: &str = r#"{"cmd":"ask_user"}.reply"#;

/// How many messages are published in one piece, as by anywire.
const MAX_BATCH: usize = 256;

pub(super) async fn serve(at: &str, ready: impl FnOnce()) -> Result<(), BoxError> {
    let mut driving = Driving::new();
    let (requests, replies) = connect(at, ROUTE, REPLIES, &mut driving).await?;
    driving.spawn(answer(requests, replies));
    ready();
    Err(failure(&mut driving).await)
}

async fn answer(requests: PubSub, replies: mpsc::Sender<Vec<u8>>) -> Result<Infallible, BoxError> {
    let mut requests = requests.into_on_message();
    while let Some(request) = requests.next().await {
        let reply = packet::answer(request.get_payload_bytes(), true)?;
        replies.send(reply).await?;
    }
    Err(LOST.into())
}

pub(super) async fn load(at: &str, load: Load) -> Result<Infallible, BoxError> {
    let mut driving = Driving::new();
    let (replies, requests) = connect(at, REPLIES, ROUTE, &mut driving).await?;
    let calls = Arc::new(Calls::named(16));
    driving.spawn(receive(replies, Arc::clone(&calls)));
    let making = load.run(move |id| {
        let (call, user) = calls.begin();
        let call = packet::text(&calls.client, call);
        let requests = requests.clone();
        async move {
            let request = packet::request(&call, id)?;
            requests.send(request).await?;
            user.await?.checked()
        }
    });
    measure(making, driving).await
}

/// Hands replies to their calls.
async fn receive(replies: PubSub, calls: Arc<Calls>) -> Result<Infallible, BoxError> {
    let mut replies = replies.into_on_message();
    while let Some(reply) = replies.next().await {
        let (user, id) = packet::read(reply.get_payload_bytes())?;
        if let Some(call) = packet::number(&calls.client, id.ok_or("a reply to nobody")?)? {
            calls.answer(call, user);
        }
    }
    Err(LOST.into())
}

/// Hears one channel, and publishes on another what is put in the queue.
async fn connect(
    at: &str,
    heard: &str,
    published: &'static str,
    driving: &mut Driving,
) -> Result<(PubSub, mpsc::Sender<Vec<u8>>), BoxError> {
    let info = at.into_connection_info()?;
    let info = info.set_tcp_settings(TcpSettings::default().set_nodelay(true));
    let client = redis::Client::open(info)?;
    let mut subscriber = client.get_async_pubsub().await?;
    subscriber.subscribe(heard).await?;
    let connection = client.get_multiplexed_async_connection().await?;
    let (sender, packets) = mpsc::channel(1024);
    driving.spawn(publish(connection, published, packets));
    Ok((subscriber, sender))
}

async fn publish(
    mut connection: MultiplexedConnection,
    channel: &'static str,
    mut packets: mpsc::Receiver<Vec<u8>>,
) -> Result<Infallible, BoxError> {
    let mut batch = Vec::new();
    while packets.recv_many(&mut batch, MAX_BATCH).await > 0 {
        let mut pipeline = redis::Pipeline::with_capacity(batch.len());
        for packet in batch.drain(..) {
            pipeline.publish(channel, packet).ignore();
        }
        pipeline.query_async::<()>(&mut connection).await?;
    }
    Err("nobody publishes any more".into())
}
