//! Over async-nats: its own request and reply on the client's side.

use std::convert::Infallible;

use bytes::Bytes;
use futures::StreamExt as _;

use super::{
    LOST,
    packet::{self, ROUTE},
};
use crate::{BoxError, load::Load};

pub(super) async fn serve(at: &str, ready: impl FnOnce()) -> Result<(), BoxError> {
    let client = async_nats::connect(at).await?;
    let group = "bench.by_hand".to_owned();
    let mut requests = client.queue_subscribe(ROUTE, group).await?;
    client.flush().await?;
    ready();
    while let Some(request) = requests.next().await {
        let reply = packet::answer(&request.payload, true)?;
        let to = request.reply.ok_or("nobody wants an answer")?;
        client.publish(to, reply.into()).await?;
    }
    Err(LOST.into())
}

pub(super) async fn load(at: &str, load: Load) -> Result<Infallible, BoxError> {
    let client = async_nats::connect(at).await?;
    load.run(move |id| {
        let client = client.clone();
        async move {
            let request = packet::request(&packet::text("", id), id)?;
            let reply = client.request(ROUTE, Bytes::from(request)).await?;
            let (user, _) = packet::read(&reply.payload)?;
            user.checked()
        }
    })
    .await
}
