//! anywire: the same generated code on every transport.

use std::convert::Infallible;

use anywire::{
    App, Context, Failure, Grpc, Kafka, NativeTcp, Nats, RabbitMq, Redis, RequestReply, Tcp,
    Transport,
};

use super::{AGE, EMAIL, NAME, checked};
use crate::{
    BoxError,
    load::Load,
    users::{GetUserRequest, User, Users, UsersClient, UsersServer, op},
    wire::Wire,
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

pub(super) async fn serve(
    wire: Wire,
    at: &str,
    ready: impl FnOnce(String),
) -> Result<(), BoxError> {
    let users = UsersServer::new(Directory);
    let users = match wire {
        Wire::Tcp => users.on(Tcp::listen("127.0.0.1:0")),
        Wire::Grpc => users.on(Grpc::listen("127.0.0.1:0")),
        Wire::Redis => users.on(Redis::connect(at)),
        Wire::Nats => users.on(Nats::connect(at)),
        Wire::Rabbitmq => users.on(RabbitMq::connect(at)),
        Wire::Kafka => users.on(Kafka::connect(at)),
    };
    let running = App::new().serve(users).start().await?;
    let address = running.address("Users");
    ready(address.map_or_else(|| at.to_owned(), |address| address.to_string()));
    std::future::pending().await
}

pub(super) async fn load(wire: Wire, at: &str, load: Load) -> Result<Infallible, BoxError> {
    match wire {
        Wire::Tcp => call(Tcp::connect(at).await?, load).await,
        Wire::Grpc => call(Grpc::connect(format!("http://{at}")).await?, load).await,
        Wire::Redis => call(Redis::connect(at).await?, load).await,
        Wire::Nats => call(Nats::connect(at).await?, load).await,
        Wire::Rabbitmq => call(RabbitMq::connect(at).await?, load).await,
        Wire::Kafka => call(Kafka::connect(at).await?, load).await,
    }
}

pub(super) async fn load_native(at: &str, load: Load) -> Result<Infallible, BoxError> {
    call(NativeTcp::connect(at).await?, load).await
}

async fn call<T>(transport: T, load: Load) -> Result<Infallible, BoxError>
where
    T: Transport + RequestReply<op::GetUser>,
{
    let users = UsersClient::new(transport);
    load.run(move |id| {
        let call = users.get_user(id);
        async move {
            let user = call.await?;
            checked(user.id, &user.email, &user.name, user.age, user.active)
        }
    })
    .await
}
