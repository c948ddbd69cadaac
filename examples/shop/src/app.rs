//! Which parts run in which process. One process is one `App`.

use std::{net::SocketAddr, sync::Arc};

use anywire::{AnyTransport, App, Memory, Running, StartError, Tcp};

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

/// Everything in one process: users over TCP, orders and email in memory, and
/// the gateway in front of them.
pub async fn everything(http: SocketAddr, users: SocketAddr) -> Result<Running, StartError> {
    let memory = Memory::new();
    let links = [
        Link::tcp(users),
        Link::memory(&memory),
        Link::memory(&memory),
    ];
    let clients = clients(&links);
    let activity = Activity::default();
    let email = EmailService::default();
    let publisher = UsersPublisher::new(AnyTransport::new(memory.clone()));

    let app = App::new();
    let page = Page {
        clients: clients.clone(),
        links: Arc::new(links),
        activity: activity.clone(),
        stopping: app.stopping(),
    };
    app.layer(activity)
        .serve(UsersServer::new(UsersService::new(publisher)).on(Tcp::listen(users.to_string())))
        .serve(OrdersServer::new(OrdersService::new(clients.users.clone())).on(memory.clone()))
        .serve(EmailServer::new(email.clone()).on(memory.clone()))
        .subscribe(UserCreatedSubscriber::new(email).on(memory))
        .http(
            http.to_string(),
            gateway::router(clients).merge(page::router(page)),
        )
        .start()
        .await
}

/// The users service alone. It publishes to the email service.
pub async fn users(tcp: SocketAddr, email: SocketAddr) -> Result<Running, StartError> {
    let publisher = UsersPublisher::new(Link::tcp(email).transport);
    App::new()
        .serve(UsersServer::new(UsersService::new(publisher)).on(Tcp::listen(tcp.to_string())))
        .start()
        .await
}

/// The orders service alone.
pub async fn orders(tcp: SocketAddr, users: SocketAddr) -> Result<Running, StartError> {
    let users = UsersClient::new(Link::tcp(users).transport);
    App::new()
        .serve(OrdersServer::new(OrdersService::new(users)).on(Tcp::listen(tcp.to_string())))
        .start()
        .await
}

/// The email service alone: its messages and the events that it hears share a port.
pub async fn email(tcp: SocketAddr) -> Result<Running, StartError> {
    let email = EmailService::default();
    let listener = Tcp::listen(tcp.to_string());
    App::new()
        .serve(EmailServer::new(email.clone()).on(listener.clone()))
        .subscribe(UserCreatedSubscriber::new(email).on(listener))
        .start()
        .await
}

/// The gateway alone, in front of services elsewhere: users, orders and email.
pub async fn gateway(http: SocketAddr, services: [SocketAddr; 3]) -> Result<Running, StartError> {
    let links = services.map(Link::tcp);
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
    app.http(
        http.to_string(),
        gateway::router(clients).merge(page::router(page)),
    )
    .start()
    .await
}

fn clients([users, orders, email]: &[Link; 3]) -> Clients {
    Clients::new(
        users.transport.clone(),
        orders.transport.clone(),
        email.transport.clone(),
    )
}
