//! anywire: generated code over TCP, on Nest's wire and on its own.

use std::net::SocketAddr;

use anywire::{App, Context, Failure, NativeTcp, RequestReply, Tcp, Transport};

use super::{AGE, EMAIL, NAME};
use crate::{
    BoxError,
    load::{Load, Measured},
    users::{GetUserRequest, User, Users, UsersClient, UsersServer, op},
};

struct Directory;

impl Users for Directory {
    async fn get_user(
        &self,
        _: &Context,
        GetUserRequest { id }: GetUserRequest,
    ) -> Result<User, Failure> {
        Ok(User {
            id,
            email: EMAIL.to_owned(),
            name: NAME.to_owned(),
            age: AGE,
            active: true,
        })
    }
}

pub(super) async fn serve(ready: impl FnOnce(SocketAddr)) -> Result<(), BoxError> {
    let app = App::new().serve(UsersServer::new(Directory).on(Tcp::listen("127.0.0.1:0")));
    let running = app.start().await?;
    ready(
        running
            .address("Users")
            .ok_or("the server has no address")?,
    );
    std::future::pending().await
}

pub(super) async fn load(port: u16, load: Load) -> Result<Measured, BoxError> {
    call(Tcp::connect(format!("127.0.0.1:{port}")).await?, load).await
}

pub(super) async fn load_native(port: u16, load: Load) -> Result<Measured, BoxError> {
    call(NativeTcp::connect(format!("127.0.0.1:{port}")).await?, load).await
}

async fn call<T>(transport: T, load: Load) -> Result<Measured, BoxError>
where
    T: Transport + RequestReply<op::GetUser>,
{
    let users = UsersClient::new(transport);
    load.run(move |id| {
        let call = users.get_user(id);
        async move { Ok(call.await?.id) }
    })
    .await
}
