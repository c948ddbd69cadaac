//! tarpc, with bincode and with JSON.

use std::{convert::Infallible, net::SocketAddr};

use futures::StreamExt as _;
use serde::{Deserialize, Serialize};
use tarpc::{
    ClientMessage, Response, Transport, context,
    serde_transport::tcp,
    server::{BaseChannel, Channel as _},
    tokio_serde::formats::{Bincode, Json},
};

use super::{AGE, EMAIL, NAME, checked};
use crate::{BoxError, load::Load};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct User {
    id: u32,
    email: String,
    name: String,
    age: u32,
    active: bool,
}

#[tarpc::service]
pub(crate) trait Users {
    async fn get_user(id: u32) -> User;
}

#[derive(Clone)]
struct Directory;

impl Users for Directory {
    async fn get_user(self, _: context::Context, id: u32) -> User {
        User {
            id,
            email: EMAIL.to_owned(),
            name: NAME.to_owned(),
            age: AGE,
            active: true,
        }
    }
}

async fn answer<T>(transport: T)
where
    T: Transport<Response<UsersResponse>, ClientMessage<UsersRequest>> + Send + 'static,
    T::Error: std::error::Error + Send + Sync,
{
    // As tarpc's own examples do it: a task for each request.
    BaseChannel::with_defaults(transport)
        .execute(Directory.serve())
        .for_each(|response| async {
            tokio::spawn(response);
        })
        .await;
}

pub(super) async fn serve_bincode(ready: impl FnOnce(SocketAddr)) -> Result<(), BoxError> {
    let mut incoming = tcp::listen("127.0.0.1:0", Bincode::default).await?;
    ready(incoming.local_addr());
    while let Some(transport) = incoming.next().await {
        tokio::spawn(answer(transport?));
    }
    Ok(())
}

pub(super) async fn serve_json(ready: impl FnOnce(SocketAddr)) -> Result<(), BoxError> {
    let mut incoming = tcp::listen("127.0.0.1:0", Json::default).await?;
    ready(incoming.local_addr());
    while let Some(transport) = incoming.next().await {
        tokio::spawn(answer(transport?));
    }
    Ok(())
}

async fn call(users: UsersClient, load: Load) -> Result<Infallible, BoxError> {
    load.run(move |id| {
        let users = users.clone();
        async move {
            let user = users.get_user(context::current(), id).await?;
            checked(user.id, &user.email, &user.name, user.age, user.active)
        }
    })
    .await
}

/// Room for all calls of the measurement at once.
fn config(load: Load) -> tarpc::client::Config {
    let mut config = tarpc::client::Config::default();
    config.pending_request_buffer = config.pending_request_buffer.max(load.in_flight);
    config.max_in_flight_requests = config.max_in_flight_requests.max(load.in_flight);
    config
}

pub(super) async fn load_bincode(at: &str, load: Load) -> Result<Infallible, BoxError> {
    let transport = tcp::connect(at, Bincode::default).await?;
    call(UsersClient::new(config(load), transport).spawn(), load).await
}

pub(super) async fn load_json(at: &str, load: Load) -> Result<Infallible, BoxError> {
    let transport = tcp::connect(at, Json::default).await?;
    call(UsersClient::new(config(load), transport).spawn(), load).await
}
