//! Which parts run in which process. One process is one `App`.
//!
//! What carries a service is a URL, so that it is changed without a change
//! here. Where it is known from the start, `Tcp::listen(..)`, `Grpc::listen(..)`
//! or `Redis::connect(..)` stands in place of `AnyTransport::connect(..)`.

use std::{net::SocketAddr, sync::Arc};

use anywire::{AnyTransport, App, BoxError, Running};

use crate::{
    activity::Activity,
    contracts::{
        email::EmailServer,
        orders::OrdersServer,
        users::{UserCreatedSubscriber, UsersClient, UsersPublisher, UsersServer},
    },
    email::EmailService,
    gateway::{self, Clients},
    orders::OrdersService,
    page::{self, Link, Page},
    users::UsersService,
};

/// The URLs of the services: `tcp://127.0.0.1:3001`, `redis://127.0.0.1:6379`.
#[derive(Debug, Clone)]
pub struct Services {
    pub users: String,
    pub orders: String,
    pub email: String,
}

/// Everything in one process: three services, and the gateway in front of them.
pub async fn everything(http: SocketAddr, services: &Services) -> Result<Running, BoxError> {
    let links = links(services).await?;
    let clients = clients(&links);
    let activity = Activity::default();
    let [_, _, email] = &links;
    let publisher = UsersPublisher::new(email.transport.clone());
    let email = EmailService::default();
    // Clones share what they listen on.
    let email_transport = AnyTransport::connect(&services.email);

    let app = App::new();
    let page = Page {
        clients: clients.clone(),
        links: Arc::new(links),
        activity: activity.clone(),
        stopping: app.stopping(),
    };
    let app = app
        .layer(activity)
        .serve(
            UsersServer::new(UsersService::new(publisher))
                .on(AnyTransport::connect(&services.users)),
        )
        .serve(
            OrdersServer::new(OrdersService::new(clients.users.clone()))
                .on(AnyTransport::connect(&services.orders)),
        )
        .serve(EmailServer::new(email.clone()).on(email_transport.clone()))
        .subscribe(UserCreatedSubscriber::new(email).on(email_transport))
        .http(
            http.to_string(),
            gateway::router(clients).merge(page::router(page)),
        );
    Ok(app.start().await?)
}

/// The users service alone. It publishes to the email service.
pub async fn users(users: &str, email: &str) -> Result<Running, BoxError> {
    let publisher = UsersPublisher::new(Link::to(email).await?.transport);
    let app = App::new()
        .serve(UsersServer::new(UsersService::new(publisher)).on(AnyTransport::connect(users)));
    Ok(app.start().await?)
}

/// The orders service alone.
pub async fn orders(orders: &str, users: &str) -> Result<Running, BoxError> {
    let users = UsersClient::new(Link::to(users).await?.transport);
    let app = App::new()
        .serve(OrdersServer::new(OrdersService::new(users)).on(AnyTransport::connect(orders)));
    Ok(app.start().await?)
}

/// The email service alone: its messages and the events that it hears.
pub async fn email(email: &str) -> Result<Running, BoxError> {
    let transport = AnyTransport::connect(email);
    let email = EmailService::default();
    let app = App::new()
        .serve(EmailServer::new(email.clone()).on(transport.clone()))
        .subscribe(UserCreatedSubscriber::new(email).on(transport));
    Ok(app.start().await?)
}

/// The gateway alone, in front of services elsewhere.
pub async fn gateway(http: SocketAddr, services: &Services) -> Result<Running, BoxError> {
    let links = links(services).await?;
    // No service runs here whose requests a layer of the app could note, so
    // the same layer goes on the clients.
    let activity = Activity::default();
    let clients = clients(&links);
    let clients = Clients {
        users: clients.users.layer(&activity),
        orders: clients.orders.layer(&activity),
        email: clients.email.layer(&activity),
    };

    let app = App::new();
    let page = Page {
        clients: clients.clone(),
        links: Arc::new(links),
        activity,
        stopping: app.stopping(),
    };
    let app = app.http(
        http.to_string(),
        gateway::router(clients).merge(page::router(page)),
    );
    Ok(app.start().await?)
}

async fn links(services: &Services) -> Result<[Link; 3], BoxError> {
    Ok([
        Link::to(&services.users).await?,
        Link::to(&services.orders).await?,
        Link::to(&services.email).await?,
    ])
}

fn clients([users, orders, email]: &[Link; 3]) -> Clients {
    Clients::new(
        users.transport.clone(),
        orders.transport.clone(),
        email.transport.clone(),
    )
}
