//! The gateway: HTTP routes over typed clients.
//!
//! `?` turns what a call failed with into `application/problem+json`.

use anywire::{
    AnyTransport,
    http::{Json, Path, Problem},
};
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};

use crate::contracts::{
    email::{EmailClient, Mail},
    orders::{Order, OrderId, OrdersClient, PlaceOrderRequest},
    users::{CreateUserRequest, User, UserId, UsersClient},
};

/// A client for each service behind the gateway.
#[derive(Debug, Clone)]
pub struct Clients {
    pub users: UsersClient,
    pub orders: OrdersClient,
    pub email: EmailClient,
}

impl Clients {
    /// Clients over the transports that reach the three services.
    pub fn new(users: AnyTransport, orders: AnyTransport, email: AnyTransport) -> Self {
        Self {
            users: UsersClient::new(users),
            orders: OrdersClient::new(orders),
            email: EmailClient::new(email),
        }
    }
}

/// The routes of the shop.
pub fn router(clients: Clients) -> Router {
    Router::new()
        .route("/users", post(create_user))
        .route("/users/{id}", get(get_user))
        .route("/orders", post(place_order))
        .route("/orders/{id}", get(get_order))
        .route("/emails", get(emails))
        .with_state(clients)
}

async fn create_user(
    State(clients): State<Clients>,
    Json(CreateUserRequest { email, name }): Json<CreateUserRequest>,
) -> Result<(StatusCode, Json<User>), Problem> {
    let user = clients.users.create_user(email, name).await?;
    Ok((StatusCode::CREATED, Json(user)))
}

async fn get_user(
    State(clients): State<Clients>,
    Path(id): Path<UserId>,
) -> Result<Json<User>, Problem> {
    Ok(Json(clients.users.get_user(id).await?))
}

async fn place_order(
    State(clients): State<Clients>,
    Json(order): Json<PlaceOrderRequest>,
) -> Result<(StatusCode, Json<Order>), Problem> {
    let call = clients.orders.place_order(order.user_id, order.item);
    // What has a default in the contract is set with `with`.
    let order = call
        .with(|request| request.quantity = order.quantity)
        .await?;
    Ok((StatusCode::CREATED, Json(order)))
}

async fn get_order(
    State(clients): State<Clients>,
    Path(id): Path<OrderId>,
) -> Result<Json<Order>, Problem> {
    Ok(Json(clients.orders.get_order(id).await?))
}

async fn emails(State(clients): State<Clients>) -> Result<Json<Vec<Mail>>, Problem> {
    Ok(Json(clients.email.sent().await?))
}
